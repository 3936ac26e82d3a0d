"""The CHANGELOG of each client: what changed between two of its releases, written when the later one is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from connectgen.diff.change import Change
from connectgen.diff.formats.markdown import entry, escaped
from connectgen.wheels.changes import Changes
from connectgen.wheels.distributions import CORE
from connectgen.wheels.versions import Planned

FOLDER = "changelogs"
_HEAD = """\
# Changes of {name}

What changed between its releases, by the rules of `connectgen diff`. `make release` writes this file.
"""
_SECTIONS = ("Breaks code", "Changes what code does", "Others", "Of what is undocumented, and may change")
_NEXT = r"(?=^## |\Z)"


def with_release(text: str, planned: Planned, changes: Changes, date: str, because: str | None) -> str:
    """A CHANGELOG with the section of a release at the top; a section of the same version is replaced.

    Args:
        text: the CHANGELOG as it is; empty where there is none yet.
        planned: the client and its new version.
        changes: what changed since its last release that was not withdrawn.
        date: the day of the commit that it is made from, `2026-11-30`.
        because: why the version may break its users' code, where it does.
    """
    head, sections = _parted(text or _HEAD.format(name=planned.name))
    kept = _section(planned.version).sub("", sections)
    lines = [f"## {planned.version} ({date})", "", *_body(planned, changes, because)]
    return f"{head.rstrip()}\n\n" + "\n".join(lines).rstrip() + "\n" + (f"\n{kept.strip()}\n" if kept.strip() else "")


def with_yanked(text: str, version: str, because: str) -> str:
    """A CHANGELOG that says of a version that it was withdrawn, and why."""
    found = _section(version).search(text)
    if found is None:
        return text
    heading, _, rest = found[0].partition("\n")
    rest = re.sub(r"\A\n\*\*Yanked:\*\* .*\n", "", rest)  # of a run that was killed
    return f"{text[: found.start()]}{heading}\n\n**Yanked:** {escaped(because)}\n{rest}{text[found.end() :]}"


def path_of(root: Path, name: str) -> Path:
    """Where the CHANGELOG of a client is."""
    return root / FOLDER / f"{name}.md"


def _parted(text: str) -> tuple[str, str]:
    """What is above the first section, and all sections."""
    start = re.search(r"^## ", text, re.MULTILINE)
    return (text[: start.start()], text[start.start() :]) if start else (text, "")


def _section(version: str) -> re.Pattern[str]:
    return re.compile(rf"^## {re.escape(version)} \(.*?{_NEXT}", re.MULTILINE | re.DOTALL)


def _body(planned: Planned, changes: Changes, because: str | None) -> Iterator[str]:
    needs = f"It needs {CORE} {planned.core} or later."
    if planned.released is None:
        yield f"First release. {needs}"
        return
    yield f"Since {planned.released.version}. {needs}"
    if because is not None and changes.remedy:
        yield from ("", f"**Breaks code, because:** {escaped(because)}")
    sections = [[one for one in changes.found if _place(one) == place] for place in range(len(_SECTIONS))]
    for title, found in zip(_SECTIONS, sections, strict=True):
        if found:
            yield from ("", f"### {title}", "", *(f"- {entry(one)}" for one in found))
    in_python = [*changes.gone, *changes.new]
    if in_python:
        yield from ("", "### Its Python interface", "", *(f"- {_code_first(line)}" for line in in_python))
    if not changes.found and not in_python:
        yield from ("", "No operation, argument or type changed; the code behind them did.")


def _place(change: Change) -> int:
    if change.is_undocumented:
        return 3
    if change.rule.source == "breaking":
        return 0
    return 1 if change.rule.behaviour in ("breaking", "warning") else 2


def _code_first(line: str) -> str:
    name, _, said = line.partition(": ")
    return f"`{name}`: {said}"
