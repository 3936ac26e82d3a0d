"""Names follow from the catalogue alone, whatever Python runs the generator."""

from __future__ import annotations

import keyword
from pathlib import Path

from connectgen.naming import KEYWORDS

GENERATOR = Path(__file__).parents[1] / "generator"


def test_the_list_of_reserved_words_is_pythons() -> None:
    assert sorted(KEYWORDS) == sorted(keyword.kwlist)


def test_no_name_depends_on_the_running_python() -> None:
    asking = [path.name for path in GENERATOR.rglob("*.py") if "\nimport keyword" in path.read_text("utf-8")]
    asking += [path.name for path in GENERATOR.rglob("*.py") if "\nimport builtins" in path.read_text("utf-8")]
    assert asking == []
