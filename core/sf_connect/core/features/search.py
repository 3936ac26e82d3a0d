"""Texts for the parameter `q` of searches, in which `*` stands for any characters and `?` for exactly one."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r'[\\"*?]')


def literal(text: str) -> str:
    """A text that is searched for as it is: a phrase in quotation marks in which `*` and `?` mean themselves.

    Args:
        text: the text, for example `where are you?`.

    Raises:
        ValueError: the text is empty.
    """
    if not text.strip():
        raise ValueError("give a text to search for")
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return f'"{escaped}"'
