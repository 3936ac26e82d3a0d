"""Texts of files, which are made when they are asked for, and their hashes, which earlier runs remember."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from connectgen import cache

_HASH = re.compile(r"[0-9a-f]{32}")


class FileText:
    """The text of a file that is to be written.

    Args:
        make: makes the text.
        key: a hash of all that it follows from; empty where nothing is remembered.
        known: its hash, where that is known already.
        begin: lets what is needed for it be formatted meanwhile.
        made: is called with the key and the hash once that is known.
    """

    def __init__(
        self,
        make: Callable[[], str],
        key: str = "",
        known: str | None = None,
        begin: Callable[[], None] | None = None,
        made: Callable[[str, str], None] | None = None,
    ) -> None:
        self._make = make
        self.key = key
        self._hash = known
        self._begin = begin
        self._made = made
        self._text: str | None = None

    @classmethod
    def of(cls, text: str) -> FileText:
        """A text that exists."""
        return cls(lambda: text)

    @property
    def is_known(self) -> bool:
        """Whether its hash is known without the text."""
        return self._hash is not None

    @property
    def text(self) -> str:
        """The text itself."""
        if self._text is None:
            self._text = self._make()
            found = digest(self._text.encode())
            if found != self._hash:  # or a memory from elsewhere would say what is written here
                self._hash = found
                if self._made:
                    self._made(self.key, found)
        return self._text

    @property
    def hash(self) -> str:
        """Its hash."""
        return self._hash or digest(self.text.encode())

    def begin(self) -> None:
        """Let workers format what is needed for it, if it will have to be made."""
        if self._begin and not self.is_known:
            self._begin()


FileTexts = Mapping[str, FileText]
"""The files of a package, by their path in it."""


def digest(data: bytes) -> str:
    """The hash of a file's content."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


class KnownTexts:
    """The hashes of texts, by the keys of these.

    Args:
        cache_file: a file that holds what earlier runs made, or None.
    """

    def __init__(self, cache_file: Path | None) -> None:
        self._cache_file = cache_file
        self._known = _load(cache_file)
        self._used: dict[str, str] = {}
        self._added = False

    @property
    def made_all(self) -> bool:
        """Whether this run knew none of its texts before."""
        return not self._known.keys() & self._used.keys()

    def text(
        self, key: Callable[[], str], make: Callable[[], str], begin: Callable[[], None] | None = None
    ) -> FileText:
        """A text that is known if its key is.

        Args:
            key: a hash of all that the text follows from, which nobody asks for where nothing is remembered.
            make: makes the text.
            begin: lets what is needed for it be formatted meanwhile.
        """
        if self._cache_file is None:
            return FileText(make, begin=begin)
        found = key()
        if (known := self._known.get(found)) is not None:
            self._used[found] = known
        return FileText(make, found, known, begin, self._add)

    def _add(self, key: str, found: str) -> None:
        self._used[key] = found
        self._added = True

    def store(self, *, forget_others: bool) -> None:
        """Keep what is known for the next run.

        Args:
            forget_others: whether what this run had no use for is old; of a run over some versions it is not.
        """
        if self._cache_file is not None and self._added:
            kept = self._used if forget_others else self._known | self._used
            cache.store(self._cache_file, dict(sorted(kept.items())))


def _load(cache_file: Path | None) -> dict[str, str]:
    known = cache.load(cache_file) if cache_file else None
    if not isinstance(known, dict):
        return {}
    pairs = cast("dict[object, object]", known).items()
    return {
        key: found for key, found in pairs if isinstance(key, str) and isinstance(found, str) and _HASH.fullmatch(found)
    }
