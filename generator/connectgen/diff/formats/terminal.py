"""Plain text, with colours where the terminal shows them."""

from __future__ import annotations

import click

from connectgen.diff.change import Change
from connectgen.diff.report import Report, describe_change, reach_words
from connectgen.diff.rules import Verdict

_LABELS: dict[Verdict, tuple[str, str]] = {
    "breaking": ("BREAKING", "red"),
    "warning": ("WARNING", "yellow"),
    "info": ("info", "cyan"),
    "none": ("note", "white"),
}


def terminal(report: Report, *, colour: bool) -> str:
    """An entry a block of one to three lines, and the figures at the end."""
    lines = [_styled(report.title, colour, bold=True)]
    for change in report.changes:
        lines += _entry(change, colour)
    if not report.changes:
        lines.append("nothing differs that the code is seen to use" if report.looked_at else "nothing differs")
    lines.append(_styled(report.summary, colour, bold=True))
    if report.looked_at:
        lines.append(f"looked at {printable(report.looked_at.sentence)}")
    return "\n".join(lines) + "\n"


def _entry(change: Change, colour: bool) -> list[str]:
    label, foreground = _LABELS[change.severity]
    said = describe_change(change)
    head = f"{_styled(f'{label:<8}', colour, fg=foreground)} {printable(change.subject)}"
    head += f": {printable(said)}" if said else ""
    head += _styled(f" [{change.rule.id}]", colour, dim=True)
    more = [reach_words(change), f"used in {', '.join(map(str, change.uses))}" if change.uses else ""]
    return [head, *(f"         {printable(line)}" for line in more if line)]


def printable(text: str) -> str:
    """Text whose control characters are spelled out, so that a terminal shows and obeys nothing."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def _styled(text: str, colour: bool, *, fg: str | None = None, bold: bool = False, dim: bool = False) -> str:
    return click.style(text, fg=fg, bold=bold or None, dim=dim or None) if colour else text
