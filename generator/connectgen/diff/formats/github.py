"""Annotations of GitHub Actions: an error, a warning or a notice an entry, in the catalogue or in the code."""

from __future__ import annotations

import re

from connectgen.diff.change import Change
from connectgen.diff.report import Report, describe_change, reach_words
from connectgen.diff.rules import Verdict

_COMMANDS: dict[Verdict, str] = {"breaking": "error", "warning": "warning", "info": "notice", "none": "notice"}


_IN_CELL = re.compile(r"(.*\.ipynb):(cell \d+:\d+)", re.DOTALL)


def github(report: Report) -> str:
    """A line an entry; where code was read, a line a place that uses it."""
    lines = [
        _line(change, place, possible=possible)
        for change in report.changes
        for place, possible in (
            [(use.place, not use.is_certain) for use in change.uses]
            or [(f"{report.catalogue}{change.location}", False)]
        )
    ]
    if report.looked_at:
        lines.append(f"::notice title=looked at::{_message(report.looked_at.sentence)}")
    return "".join(f"{line}\n" for line in lines)


def _line(change: Change, place: str, *, possible: bool) -> str:
    file, _, line = place.rpartition(":")
    said = " ".join(filter(None, [f"{change.subject}: {describe_change(change)}", reach_words(change)]))
    said = f"possible: {said}" if possible else said
    if (found := _IN_CELL.fullmatch(place)) is not None:  # a line of a cell is none of the file
        file, line, said = found[1], "1", f"{found[2]}: {said}"
    where = f"file={_property(file)},line={_property(line)},title={_property(change.rule.id)}"
    return f"::{_COMMANDS[change.severity]} {where}::{_message(said)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
