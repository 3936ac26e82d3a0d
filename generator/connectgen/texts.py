"""Texts as several outputs write them: sentences, and what XML cannot hold."""

from __future__ import annotations

import re

_ID = re.compile(r"^Id(?=s?\b)|\bId(?=s? of\b)")

FORBIDDEN_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML document may hold, not even escaped."""


def sentence(text: str) -> str:
    """Text with a capital and a full stop; an ID is called so."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    text = _ID.sub("ID", text)
    return text if not text or text[-1] in ".!?" else f"{text}."
