"""Examples that are no JSON as they stand are mended by rule; what no rule mends is told."""

from __future__ import annotations

from typing import Any

import pytest

from examples.reading import mended


@pytest.mark.parametrize(
    ("block", "values"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ("{“a”: “b”}", [{"a": "b"}]),
        ("{\"a\": 'b'}", [{"a": "b"}]),
        ('{"a": "http://x", // where\n"b": 1}', [{"a": "http://x", "b": 1}]),
        ('{\n  ...\n"a": 1}', [{"a": 1}]),
        ('{"a": ["b", ....]}', [{"a": ["b"]}]),
        ('{"a": "b";\n"c": 1}', [{"a": "b", "c": 1}]),
        ('{\na: String : "b"\n}', [{"a": "b"}]),
        ('{"a:"b", "c": 1}', [{"a": "b", "c": 1}]),
        ('{\n"a" ["b"]}', [{"a": ["b"]}]),
        ('{\na: "b"\n}', [{"a": "b"}]),
        ('{\n{"a": 1}\n}', [{"a": 1}]),
        ('{"a": 1\n"b": [true]\n"c": 2}', [{"a": 1, "b": [True], "c": 2}]),
        ('{"a": [1, 2,],}', [{"a": [1, 2]}]),
        ('{"a": 1}\n}', [{"a": 1}]),
        ('{"a": {"b": 1}', [{"a": {"b": 1}}]),
        ('{"a": 1},\n{"a": 2},', [{"a": 1}, {"a": 2}]),
        ('{"a": "two\nlines"}', [{"a": "two\nlines"}]),
    ],
)
def test_a_rule_mends_it(block: str, values: list[Any]) -> None:
    """Each rule, and JSON that needs none."""
    assert mended(block) == values


@pytest.mark.parametrize("block", ['{"a": "{"b": 1}"}', "[Text(“a”)]", '{"a": 1} and more'])
def test_what_no_rule_mends_is_refused(block: str) -> None:
    """Rather than read as something else."""
    with pytest.raises(ValueError, match=r"\S"):
        mended(block)
