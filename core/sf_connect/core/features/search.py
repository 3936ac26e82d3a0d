"""Escapes texts for the parameter `q` of searches, where `*` stands for any characters and `?` for exactly one."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r'[\\"*?]')


def literal(text: str) -> str:
    """A text to search for literally: a phrase in quotation marks, with `*` and `?` escaped.

    Args:
        text: the text, for example `where are you?`.

    Raises:
        ValueError: the text is empty.
    """
    if not text.strip():
        raise ValueError("the text to search for is empty")
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return f'"{escaped}"'
