"""Blank lines and columns of generated text."""

from __future__ import annotations

from collections.abc import Sequence


def tidy(text: str) -> str:
    """At most two empty lines in a row, none at the end but the last line's end."""
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return text.strip("\n") + "\n"


def columns(names: Sequence[str]) -> str:
    """Names in lines of bearable length."""
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > 96:
            lines.append("")
        lines[-1] += f"{name} "
    return "\n".join(line.rstrip() for line in lines)
