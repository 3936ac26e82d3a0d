"""Replace the figures and output of commands that docs/ shows by those of today: `python tests/show_output.py`.

Run it after a change of the catalogue or of a command, and read the difference. `tests/test_shown_output.py` compares.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support.command import ROOT, environment, in_this_process
from support.node import run_redocly

SHOWN = re.compile(
    r"^    \$ connectgen ((?:diff|find|show|rules|lint|validate)\b.*)\n((?:    (?!\$ ).*\n|\n(?=\n*    (?!\$ )))*)",
    re.MULTILINE,
)
"""A command that prints the same in every checkout, and what it prints."""
ROW = re.compile(r"^\| (\d\d\.0), (\d\d\.0) \| .* \| .* \|$", re.MULTILINE)
"""A row of the table in docs/diff.md."""
_ELSEWHERE = ("--catalogue", "--used-by", "upgrade ", "--ignore", "--output", "@", "--format", "--help")
"""What a command has that needs files of its own, or is shown with parts left out."""


def pages() -> list[Path]:
    """The pages that show output."""
    return [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").glob("*.md") if path.name != "new-release.md")]


def shown_commands(text: str) -> Iterator[re.Match[str]]:
    """The commands of a page that can be run anywhere."""
    for match in SHOWN.finditer(text):
        left_out = any(line.strip() == "…" for line in match[2].splitlines())
        if match[2].strip() and not left_out and not any(mark in match[0] for mark in _ELSEWHERE):
            yield match


@cache
def output_of(command: str) -> str:
    """What a command prints on a terminal of 80 columns."""
    done = in_this_process(shlex.split(command, comments=True), ROOT, environment(COLUMNS="80"))
    printed = done.stdout + done.stderr
    return printed.replace("python -m connectgen", "connectgen").strip("\n")


def as_shown(output: str) -> str:
    """An output as a page has it."""
    return "".join(f"    {line}".rstrip() + "\n" for line in output.splitlines())


def with_current_output(text: str) -> str:
    """The text of a page with the output of today."""
    for match in list(shown_commands(text)):
        text = text.replace(match[0], match[0].removesuffix(match[2]) + as_shown(output_of(match[1])))
    return text


def own_cell(before: str, after: str) -> str:
    """What the row of two versions says of `connectgen diff`: how many entries it has."""
    said = output_of(f"diff {before} {after}").splitlines()[-1]
    counts = [int(number.replace(",", "")) for number in re.findall(r"([\d,]+) (?:breaking|warnings?|others?)", said)]
    return f"{sum(counts)} entries, {counts[0] or 'none'} breaking"


def write_documents(folder: Path, versions: Sequence[str]) -> list[Path]:
    """Write the OpenAPI documents of some versions into a folder."""
    files = [folder / f"{version}.json" for version in versions]
    for version, file in zip(versions, files, strict=True):
        done = in_this_process(("openapi", version, "--output", str(file)), ROOT, environment())
        assert done.returncode == 0, done.stderr
    return files


def other_cell(documents: Sequence[Path]) -> str:
    """What the row of two versions says of `redocly diff` over their documents."""
    told = run_redocly("diff", *map(str, documents))
    major, minor, patch = (int(number) for number in re.findall(r"(\d+) (?:major|minor|patch)\b", told)[-3:])
    return f"{major + minor + patch}, {major or 'none'} major"


def row_of(before: str, after: str) -> str:
    """The row of two versions: the entries of `connectgen diff`, and those of `redocly diff`."""
    with tempfile.TemporaryDirectory() as folder:
        other = other_cell(write_documents(Path(folder), (before, after)))
    return f"| {before}, {after} | {own_cell(before, after)} | {other} |"


def main() -> None:
    """Rewrite the pages that show old output."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        current = with_current_output(text)
        current = ROW.sub(lambda match: row_of(match[1], match[2]), current) if page.name == "diff.md" else current
        if current != text:
            page.write_text(current, encoding="utf-8")
            print(f"{page.relative_to(ROOT)}: shows the output of today")


if __name__ == "__main__":
    main()
