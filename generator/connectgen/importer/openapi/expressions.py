"""What type expressions are made of: the scalar of a format, texts that Python could not keep apart."""

from __future__ import annotations

from collections.abc import Sequence

_FORMATS = {
    "date": "Date",
    "date-time": "DateTime",
    "uri": "Url",
    "url": "Url",
    "uri-reference": "Url",
    "binary": "Binary",
    "id": "Id",
}
_TIMES = frozenset(["Date", "DateTime"])
_TEXTS = _TIMES | {"String", "Id", "Url"}


def text_of_format(written: str) -> str:
    """The scalar of a string with a format, or with none."""
    return _FORMATS.get(written.lower(), "String")


def told_apart(options: Sequence[str]) -> list[str]:
    """The alternatives of a response, where some are texts of which nobody could know which is which: then a String."""
    texts = [option for option in options if option in _TEXTS]
    if len({option if option in _TIMES else "String" for option in texts}) < 2:
        return list(options)
    return list(dict.fromkeys("String" if option in texts else option for option in options))
