"""Numbers that look like chance and follow from a seed and words: the same words always give the same number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TypeVar

from connectgen.identifiers import record_id

T = TypeVar("T")


class Chance:
    """A source of numbers.

    Args:
        seed: another seed, other numbers.
    """

    def __init__(self, seed: int) -> None:
        self._begun = blake2b(digest_size=8, key=str(seed).encode()[:64])
        self.record = lru_cache(maxsize=8192)(self._record)
        """The id of a record: by its prefix, and its number among the records of that type."""

    def number(self, *words: str) -> int:
        """A number from 0 below 2^64."""
        digest = self._begun.copy()  # half the time of a new one with the key
        digest.update("\0".join(words).encode("utf-8", "surrogatepass"))
        return int.from_bytes(digest.digest(), "big")

    def key(self, *words: str) -> str:
        """A short text that stands for the words."""
        return f"{self.number(*words):016x}"

    def pick(self, choices: Sequence[T], *words: str) -> T:
        """One of several."""
        return choices[self.number(*words) % len(choices)]

    def between(self, lowest: int, highest: int, *words: str) -> int:
        """A number of a range, both ends included."""
        return lowest + self.number(*words) % (highest - lowest + 1)

    def _record(self, prefix: str, number: int) -> str:
        return record_id(prefix, self.number(prefix, str(number)))

    def happens(self, percent: int, *words: str) -> bool:
        """True in so many cases of a hundred."""
        return self.number(*words) % 100 < percent
