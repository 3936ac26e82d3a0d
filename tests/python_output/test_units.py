"""Code that is put together from statements that black formatted one by one is what black makes of the whole."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from connectgen.cache import load
from connectgen.locations import default_catalogue
from connectgen.python import black_formatting, formatting, units
from connectgen.python.formatting import FragmentFormatter, format_fragment
from connectgen.python.known_layouts import KnownLayouts
from connectgen.python.statements import Unit, divide
from support.command import SMALL_CATALOGUE

from .fragments import fragments_of

_STATEMENTS = (
    'text: str = field(default=None, name="text", and_more="a text that is too long for one line", last=True)',
    "number: int|None=None",
    '"""A string."""',
    '"another string"',
    "'''Quotes\n        that are others.   '''",
    "import datetime",
    "from typing import Any, Final",
    "@deprecated('x')\ndef f(self, a:int, *, long_name_of_an_argument: int, another_long_one: str) -> X:\n{body}",
    "async def f(self, a): ...",
    "@overload\ndef f(self, a): ...",
    "def f(\n    a,\n) -> dict[str, str]:\n{body}",
    "class X(Y, kw_only=True):\n{body}",
    "class X(Y): ...",
    "if TYPE_CHECKING:\n{body}",
    "if x: y = 1",
    "if TYPE_CHECKING:\n    A = B\nelse:\n    A = union('B', 'C')",
    "if a:\n    def f(): ...\nelse:\n    pass",
    "for x in y:\n{body}",
    "return await f( a,b )",
    "raise ValueError",
    "pass",
    "x = 1; y = 2",
    "x = 1  # why",
    "# a comment",
    "x = [1, 2,]",
    "del (a), (b)",
    "while True: break",
    "with a as b, c as d:\n{body}",
    "__all__ = ['a', \"b\"]",
)


def _block(choose: random.Random, depth: int = 0) -> str:
    """Statements in random order, with random blank lines between them."""
    lines: list[str] = []
    for _ in range(choose.randint(1, 5)):
        statement = choose.choice(_STATEMENTS if depth < 2 else [each for each in _STATEMENTS if "{" not in each])
        if "{body}" in statement:
            body = _block(choose, depth + 1)
            statement = statement.replace("{body}", body if body.strip("\n") else "    pass")
        lines += ["", "", ""][: choose.randint(0, 3)] + statement.split("\n")
    if all(not line or line.lstrip().startswith("#") for line in lines):
        lines.append("pass")
    indent = "    " if depth else ""
    return "\n".join(f"{indent}{line}" if line else "" for line in lines)


@pytest.mark.parametrize("seed", range(8))
def test_random_code_comes_out_as_black_formats_it_as_a_whole(seed: int) -> None:
    choose = random.Random(seed)
    formatter = FragmentFormatter(None)
    divided = 0
    for _ in range(50):
        code = _block(choose) + "\n"
        formatter.announce([code])
        assert formatter.formatted(code) == format_fragment(code), code
        divided += bool(divide(code))
    assert divided > 10


def test_all_that_templates_emit_is_divided_and_comes_out_as_black_formats_it_as_a_whole() -> None:
    fragments = [*fragments_of(SMALL_CATALOGUE, 33), *fragments_of(default_catalogue(), 45)[::25]]
    formatter = FragmentFormatter(None)
    with formatter.working():
        formatter.announce(fragments)
        formatted = [formatter.formatted(fragment) for fragment in fragments]
    assert len(fragments) > 250
    assert formatted == [format_fragment(fragment) for fragment in fragments]
    assert sum(not divide(text) for text in formatted if not text.startswith(" ")) <= 2


def test_a_statement_is_formatted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def format_code(code: str) -> str:
        asked.append(code)
        return plain(code)

    plain = black_formatting.format_code
    monkeypatch.setattr(black_formatting, "format_code", format_code)
    formatter = FragmentFormatter(None)
    one, two = (f"class {name}:\n    value: int = {'1' * 30}\n\n    other: int = 2\n" for name in "AB")
    formatted = formatter.formatted(one)
    assert any("1" * 30 in code for code in asked)
    asked.clear()
    assert formatter.formatted(two) == formatted.replace("A", "B")
    assert [code for code in asked if "1" * 30 in code] == []


def test_on_one_core_units_are_formatted_here_and_not_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def format_code(code: str) -> str:
        lengths.append(len(code))
        return plain(code)

    plain = black_formatting.format_code
    monkeypatch.setattr(black_formatting, "format_code", format_code)
    monkeypatch.setattr(units, "cpu_count", lambda: 1)
    monkeypatch.setattr(units, "workers", None)
    formatter = FragmentFormatter(None)
    fragments = [f"value_{number} = '{'x' * 60}'\n" for number in range(2_000)]
    with formatter.working():
        formatter.announce(fragments)
        assert [formatter.formatted(one) for one in fragments] == [one.replace("'", '"') for one in fragments]
    assert max(lengths) < 25_000


def test_what_black_makes_other_statements_of_is_formatted_as_a_whole() -> None:
    unit = Unit("", "statement", "Import", "import a, b")
    assert black_formatting.format_units([unit]) == {unit: "import a, b"}
    expanded = Unit("", "statement", "If", "if a: b")
    assert black_formatting.format_units([expanded]) == {}
    assert FragmentFormatter(None).formatted("if a: b\n") == "if a:\n    b\n"


def test_what_another_formatter_said_is_neither_used_nor_kept(tmp_path: Path) -> None:
    file = tmp_path / "layouts.pickle"
    for formatter, said in ((b"one", 1), (b"other", 2)):
        layouts = KnownLayouts(file, formatter)
        assert layouts.said_to(("blank lines", said)) is None
        layouts.keep(("blank lines", said), said)
        layouts.store()
    assert KnownLayouts(file, b"other").said_to(("blank lines", 2)) == 2
    assert KnownLayouts(file, b"one").said_to(("blank lines", 1)) is None


def test_fragments_of_long_ago_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatting, "_MOST_RECENT", 2)
    monkeypatch.setattr(formatting, "_MOST_KEPT", 5)
    file = tmp_path / "fragments.pickle"
    for number in range(12):
        formatter = FragmentFormatter(file)
        with formatter.working():
            for name in (f"a{number}", f"b{number}"):
                assert formatter.formatted(f"{name}=1\n") == f"{name} = 1\n"
        formatter.store(forget_others=False)
        assert len(load(file) or {}) <= 5
    last = FragmentFormatter(file)
    assert last.formatted("b11=1\n") == "b11 = 1\n"
    last.store(forget_others=False)
