"""Markdown: a section for each severity, so that errors and warnings cannot be taken for each other."""

from __future__ import annotations

from connectgen.diff.change import Change, UsePlace
from connectgen.diff.formats.terminal import printable
from connectgen.diff.report import Report, describe_change, reach_words
from connectgen.diff.rules import Verdict

_TITLES: dict[Verdict, str] = {
    "breaking": "❌ Breaking",
    "warning": "⚠️ Warnings",
    "info": "ℹ️ Others",
    "none": "Notes",
}


def markdown(report: Report) -> str:
    """The whole report."""
    lines = [f"# {escaped(report.title)}", "", f"{report.summary}."]
    for severity, title in _TITLES.items():
        entries = report.of(severity)
        if entries:
            lines += ["", f"## {title}: {len(entries)}", ""]
            lines += [f"- **{change.severity}** {entry(change)}" for change in entries]
    if report.looked_at:
        lines += ["", f"Looked at {escaped(report.looked_at.sentence)}."]
    return "\n".join(lines) + "\n"


def entry(change: Change) -> str:
    """One change: what, how, by which rule, what it reaches, where code uses it."""
    parts = [
        f"`{_code(change.subject)}`",
        escaped(describe_change(change)),
        f"({change.rule.id})",
        escaped(reach_words(change)),
    ]
    line = " ".join(part for part in parts if part)
    return line + "".join(f"\n  - {_use(use)}" for use in change.uses)


def _use(use: UsePlace) -> str:
    return f"used in `{_code(use.place)}`" if use.is_certain else f"possibly used in `{_code(use.place)}`"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    text = printable(text)
    for character in "\\`*_<>[]|#&":
        text = text.replace(character, f"\\{character}")
    return text


def _code(text: str) -> str:
    return printable(text).replace("`", "ˋ")
