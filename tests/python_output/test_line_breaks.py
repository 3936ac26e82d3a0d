"""Rendered code is laid out as black lays it out, and whatever the breaks do, black has the last word."""

from __future__ import annotations

import ast

import black
import pytest
from black.mode import TargetVersion

from connectgen.locations import default_catalogue
from connectgen.python import formatting
from connectgen.python.faults import GenerationError
from connectgen.python.formatting import format_fragment
from connectgen.python.line_breaks import break_lines
from support.command import SMALL_CATALOGUE

from .fragments import fragments_of

_MODE = black.Mode(target_versions={TargetVersion.PY311}, line_length=100)


def _by_black_alone(code: str) -> str:
    shell = "class _:\n" if code.startswith("    ") else ""
    return black.format_str(shell + code, mode=_MODE).removeprefix(shell).strip("\n")


@pytest.fixture(scope="module")
def broken() -> list[str]:
    """What is broken of the small catalogue's newest version, and every sixth of a real one's."""
    fragments = [*fragments_of(SMALL_CATALOGUE, 33), *fragments_of(default_catalogue(), 45)[::12]]
    return [fragment for fragment in fragments if break_lines(fragment) != fragment]


def test_breaks_are_those_of_black_and_change_nothing_in_what_it_makes_of_the_code(broken: list[str]) -> None:
    others = 0
    assert len(broken) > 150
    for fragment in broken:
        alone = _by_black_alone(fragment)
        assert format_fragment(fragment).strip("\n") == alone
        others += break_lines(fragment).strip("\n") != alone
    assert others / len(broken) < 0.02, "black formats twice what it changes"


@pytest.mark.parametrize(
    "line",
    [
        f'x = "{"(" * 120}"',
        f'x = f("{"a" * 60}", "\\"]{{", "{"b" * 60}")',
        f"x = [{', '.join(repr('a, (' + 'b' * 9) for _ in range(12))}]",
        f"x = {{'a': 1, 'b': [{', '.join('1' * 30)}], 'cccccccccccccccccccc': 'dddddddddddddddddddddddddddddddd'}}",
        f"from .{'a' * 90} import *  # noqa: F403, and more",
        f"from .{'a' * 90} import b",
        f"def {'f' * 60}(a, b) -> dict[{', '.join(['int', 'a' * 60])}]: ...",
        f"x: {' | '.join(['int'] * 40)} = None",
        f'"""{"a = b, (c) " * 12}d"""',
        f"{'x' * 101}",
        f"return {' and '.join('abcdefg' for _ in range(20))}",
        f"x = lambda a, b: {'a + b + ' * 20}(a, b)",
    ],
)
def test_any_line_comes_out_as_valid_code_of_the_same_meaning(line: str) -> None:
    code = f"{line}\n"
    formatted = format_fragment(code)
    assert ast.dump(ast.parse(formatted)) == ast.dump(ast.parse(code))
    assert format_fragment(formatted) == formatted


def test_what_is_no_python_is_reported_with_the_line_as_it_was_rendered() -> None:
    line = f"def f({'a' * 120}, b:\n"
    with pytest.raises(GenerationError, match=r"correct the template of 'def f\(aaa"):
        format_fragment(line)


def test_a_line_that_the_breaks_would_spoil_goes_to_black_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatting, "break_lines", lambda code: "(" + code)
    assert format_fragment("x = 1\n") == "x = 1\n"
