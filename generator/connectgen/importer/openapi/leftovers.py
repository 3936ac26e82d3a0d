"""Collects what of a file is left out, by what it is and why: the report has each reason once, with its lines."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.importer.possible import is_sent_as_text

_MOST_LINES = 100
_SENT_AS_TEXT = "a parameter or a field is sent as a text, which says no more"


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

    def note_object(self, type_text: str, line: int) -> None:
        """Note the schema of a parameter or form field that is an object: what is taken is no more than a text.

        Args:
            type_text: its type; one that can be sent as text is noted nowhere.
            line: where it is in the file.
        """
        if not is_sent_as_text(type_text):
            self.note("parameter schema", _SENT_AS_TEXT, line)

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
