"""In which order files of tests are begun."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path


def apart(paths: list[Path]) -> list[Path]:
    """Files of tests in such an order that neighbours of a folder are far from one another.

    They share what takes long to make, and processes that begin with them at once would wait for one another.
    """
    half = (len(paths) + 1) // 2
    pairs = zip_longest(paths[:half], paths[half:])
    return [path for pair in pairs for path in pair if path is not None]
