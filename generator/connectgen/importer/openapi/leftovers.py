"""Collects what of a file is left out, by what it is and why: the report has each reason once, with its lines."""

from __future__ import annotations

from collections.abc import Iterator

_MOST_LINES = 100


class Leftovers:
    """What was left out."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], dict[int, None]] = {}

    def note(self, what: str, reason: str, line: int) -> None:
        """Note something that was left out; what is noted a second time counts once.

        Args:
            what: the object and its field, as the table of fields calls them: `schema default`.
            reason: why.
            line: where it is in the file.
        """
        self._found.setdefault((what, reason), {})[line] = None

    def remarks(self) -> Iterator[tuple[str, str]]:
        """A place and a text for each reason."""
        for (what, reason), found in self._found.items():
            lines = sorted(found)
            yield what, f"left out ({places(lines)}): {reason}"


def places(lines: list[int]) -> str:
    """Lines as a report names them: `line 7`, `3 times: lines 7, 12, 40`."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    shown = ", ".join(map(str, lines[:_MOST_LINES]))
    more = len(lines) - _MOST_LINES
    return f"{len(lines)} times: lines {shown}" + (f" and {more} more" if more > 0 else "")
