"""The family that a file of the catalogue is about."""

from __future__ import annotations

import pytest

from connectgen.diff.homes import family_of


@pytest.mark.parametrize(
    ("file", "family"),
    [
        ("types/feeds/elements.yaml", "feeds"),
        ("enumerations/feeds.yaml", "feeds"),
        ("enumerations/feeds_polls_sorted.yaml", "feeds"),
        ("enumerations/data_graphs_nodes.yaml", "data_graphs"),
        ("enumerations/votes.yaml", ""),
    ],
)
def test_a_file_of_enumerations_may_be_about_a_part_of_a_family(file: str, family: str) -> None:
    assert family_of(file, {"feeds", "data", "data_graphs"}) == family
