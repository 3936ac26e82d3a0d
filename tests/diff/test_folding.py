"""What is long is shown in less detail: what matters least first, of that the largest part."""

from __future__ import annotations

import pytest

from connectgen.diff.folding import Foldable, fit

PARTS = [Foldable(0, [10, 4, 1]), Foldable(1, [20, 6, 1]), Foldable(1, [30, 3, 1]), Foldable(1, [1, 1, 1])]


@pytest.mark.parametrize(
    ("most", "levels"),
    [
        (None, [0, 0, 0, 0]),
        (61, [0, 0, 0, 0]),
        (60, [0, 0, 1, 0]),
        (33, [0, 1, 1, 0]),
        (19, [0, 2, 1, 0]),
        (15, [0, 2, 1, 0]),
        (14, [0, 2, 2, 0]),
        (12, [1, 2, 2, 0]),
        (1, [2, 2, 2, 0]),
    ],
)
def test_parts_are_folded_until_they_fit(most: int | None, levels: list[int]) -> None:
    assert fit(PARTS, most) == levels


def test_what_would_grow_is_not_folded() -> None:
    assert fit([Foldable(0, [3, 8, 2])], 1) == [2]
    assert fit([Foldable(0, [3, 8])], 1) == [0]
    assert fit([], 1) == []
