"""Fits a report into what a reader or a service takes: what matters least and is largest is shown in less detail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Foldable:
    """A part of a report that can be shown in less detail.

    Attributes:
        rank: how much it matters; parts of the highest rank are folded first.
        sizes: how much it takes, level by level: whole, folded, folded more.
    """

    rank: int
    sizes: Sequence[int]


def fit(parts: Sequence[Foldable], most: int | None) -> list[int]:
    """The level that each part is shown at, so that all together take at most so much.

    Args:
        parts: the parts in the report's order.
        most: how much they may take together; None for all that they take.

    Returns:
        A level for each part. Where nothing more can be folded, they take more than that.
    """
    levels = [0] * len(parts)
    total = sum(part.sizes[0] for part in parts)
    if most is None or total <= most:
        return levels
    for rank in sorted({part.rank for part in parts}, reverse=True):
        of_rank = [index for index, part in enumerate(parts) if part.rank == rank]
        for level in range(1, max(len(parts[index].sizes) for index in of_rank)):
            for index in sorted(of_rank, key=lambda one: (-parts[one].sizes[levels[one]], one)):
                sizes = parts[index].sizes
                if level < len(sizes) and sizes[level] < sizes[levels[index]]:
                    total += sizes[level] - sizes[levels[index]]
                    levels[index] = level
                    if total <= most:
                        return levels
    return levels
