"""Blank lines and columns of generated text."""

from __future__ import annotations

from collections.abc import Sequence

_WIDTH = 96


def tidy(text: str) -> str:
    """At most two empty lines in a row, none at the end but the last line's end."""
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return text.strip("\n") + "\n"


def columns(names: Sequence[str], before: int = 0) -> str:
    """Names in lines of bearable length.

    Args:
        names: what to list.
        before: characters before the first line.
    """
    lines, room = [""], _WIDTH - before
    for name in names:
        if lines[-1] and len(lines[-1]) + len(name) > room:
            lines.append("")
            room = _WIDTH
        lines[-1] += f"{name} "
    return "\n".join(line.rstrip() for line in lines)
