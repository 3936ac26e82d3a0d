"""Checks prose against docs/vocabulary.md: prints file, line, word, and what to write instead.

`python tests/prose/check.py` lists what is above the baseline, `--all` everything.
`--shrink` lowers `baseline.yaml` to what is left; no count there ever grows. Exit code 0: no file has more than its
baseline; 1: some do.
"""

from __future__ import annotations

import argparse
import fnmatch
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from prose.texts import Text, texts_of

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BASELINE = HERE / "baseline.yaml"
# Generated pages, and the page that lists the words; every other page is checked.
LEFT_OUT = {"docs/catalogue.md", "docs/import-report.md", "docs/vocabulary.md"}
CHECKED = (
    "*.md", "docs/*.md", "core/README.md", "generated/README.md", "Makefile", ".github/**/*.yml", ".github/*.md",
    "core/sf_connect/**/*.py", "generator/connectgen/**/*.py", "generator/connectgen/**/*.yaml", "templates/**/*.jinja",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Finding:
    """A word that is not to be written."""

    file: str
    line: int
    word: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.word}; write: {self.instead}"


@dataclass(frozen=True)
class Pattern:
    """What not to write."""

    word: str
    expression: re.Pattern[str]
    instead: str


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern in which a space matches any white space; not in a look-behind, which has a fixed width."""
    parts = re.split(r"(\(\?<!.*?\))", pattern)
    return re.compile(
        "".join(part if part.startswith("(?<!") else part.replace(" ", r"\s+") for part in parts), re.IGNORECASE
    )


@cache
def patterns() -> tuple[Pattern, ...]:
    """The patterns of patterns.yaml."""
    listed = yaml.safe_load((HERE / "patterns.yaml").read_text(encoding="utf-8"))["patterns"]
    return tuple(Pattern(item["word"], _compiled(item["pattern"]), item["instead"]) for item in listed)


@cache
def exceptions() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The exceptions of exceptions.yaml, each with the files for which it holds."""
    listed = yaml.safe_load((HERE / "exceptions.yaml").read_text(encoding="utf-8"))["exceptions"]
    return tuple((_compiled(item["text"]), item.get("files", "*")) for item in listed)


def findings_in(file: str, texts: Iterable[Text]) -> Iterator[Finding]:
    """What is found in the texts of a file."""
    for text in texts:
        prose = text.prose
        for exception, files in exceptions():
            if fnmatch.fnmatch(file, files):
                prose = exception.sub(lambda match: re.sub(r"\S", "·", match[0]), prose)
        for pattern in patterns():
            for match in pattern.expression.finditer(prose):
                line = text.line + prose.count("\n", 0, match.start())
                yield Finding(file, line, " ".join(match[0].split()), pattern.instead)


def checked_files(root: Path = ROOT) -> list[Path]:
    """The files that are checked, in order."""
    found = {path for pattern in CHECKED for path in root.glob(pattern) if path.is_file()}
    return sorted(path for path in found if path.relative_to(root).as_posix() not in LEFT_OUT)


def all_findings(root: Path = ROOT) -> list[Finding]:
    """What is found in all files."""
    return sorted(
        finding
        for path in checked_files(root)
        for finding in findings_in(path.relative_to(root).as_posix(), texts_of(path))
    )


def baseline() -> dict[str, int]:
    """How many findings a file may still have."""
    return yaml.safe_load(BASELINE.read_text(encoding="utf-8")) or {}


def above(findings: Iterable[Finding], allowed: Mapping[str, int]) -> list[Finding]:
    """The findings of the files that have more than they may."""
    listed = list(findings)
    counts = Counter(finding.file for finding in listed)
    return [finding for finding in listed if counts[finding.file] > allowed.get(finding.file, 0)]


def shrunk(findings: Iterable[Finding], allowed: Mapping[str, int]) -> dict[str, int]:
    """The baseline with what is left; what is new does not enter it."""
    counts = Counter(finding.file for finding in findings)
    return {file: left for file, count in sorted(allowed.items()) if (left := min(count, counts[file]))}


def main() -> int:
    """Print what is found."""
    parser = argparse.ArgumentParser(description="Check prose against docs/vocabulary.md.")
    parser.add_argument("--all", action="store_true", help="print what the baseline allows, too")
    parser.add_argument("--shrink", action="store_true", help="lower the baseline to what is left")
    options = parser.parse_args()
    findings = all_findings()
    if options.shrink:
        header = "# Findings that a file may still have; `check.py --shrink` lowers them. The goal is an empty list.\n"
        BASELINE.write_text(header + yaml.safe_dump(shrunk(findings, baseline())), encoding="utf-8")
    new = above(findings, baseline())
    for finding in findings if options.all else new:
        print(finding)
    print(f"{len(findings)} findings, {len(new)} in files above their baseline", file=sys.stderr)
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
