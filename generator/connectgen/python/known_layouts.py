"""What black said of layouts, kept between runs: an edit needs black only for what is laid out in a new way."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import cast

from connectgen import cache


class KnownLayouts:
    """What black said, by what it was asked.

    Args:
        cache_file: a file that holds what earlier runs asked, or None.
        formatter: a hash of what that depends on beside the question.
    """

    def __init__(self, cache_file: Path | None, formatter: bytes) -> None:
        self._cache_file = cache_file
        self._formatter = formatter
        self._loaded: dict[bytes, int] | None = None
        self._added = False

    def said_to(self, question: tuple[object, ...]) -> int | None:
        """What black said to a question; None where it was not asked yet."""
        return self._known.get(self._key(question)) if self._cache_file else None

    def keep(self, question: tuple[object, ...], said: int | None) -> None:
        """Remember what it said, if anything."""
        if self._cache_file and said is not None:
            self._known[self._key(question)] = said
            self._added = True

    def store(self) -> None:
        """Keep all of it for the next run."""
        if self._cache_file is not None and self._added:
            cache.store(self._cache_file, {self._formatter: dict(sorted(self._known.items()))})

    @property
    def _known(self) -> dict[bytes, int]:
        if self._loaded is None:
            self._loaded = _load(self._cache_file, self._formatter)
        return self._loaded

    @staticmethod
    def _key(question: tuple[object, ...]) -> bytes:
        return hashlib.blake2b(repr(question).encode(), digest_size=16).digest()


def _load(cache_file: Path | None, formatter: bytes) -> dict[bytes, int]:
    """What a file holds of this formatter; nobody asks again for what others said, so that is not kept."""
    kept = cache.load(cache_file) if cache_file else None
    known = cast("dict[object, object]", kept).get(formatter) if isinstance(kept, dict) else None
    if not isinstance(known, dict):
        return {}
    pairs = cast("dict[object, object]", known).items()
    return {key: said for key, said in pairs if isinstance(key, bytes) and isinstance(said, int)}
