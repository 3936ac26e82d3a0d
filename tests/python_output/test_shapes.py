"""Statements of one shape are laid out by black in one way, whatever their names and strings."""

from __future__ import annotations

import random

import pytest

from connectgen.python.formatting import FragmentFormatter, format_fragment
from connectgen.python.shapes import shape_of
from connectgen.python.statements import Unit

_FORMS = (
    "{0}: {1} | None = None\n",
    '{0}: {1} | {2} | UnsetType = field(default=UNSET, name="{3}")\n',
    '{0}: Operation[{1}] = Operation("{2}", "GET", "/{3}/{{{4}}}", {1}, site=True, status=(200,))\n',
    "    def {0}(self, {1}: {2}, *, {3}: {4} | None = None) -> {2}:\n        return await self.{0}({1})\n",
    "    async def {0}(\n        self,\n        {1}: {2},\n        *,\n        {3}: {4},\n    ) -> {2}: ...\n",
    '    def {0}(self):\n        return self._send(_{0}, ({1},), query={{"{2}": {3}}}, options={4})\n',
    '    def {0}(self):\n        return self._send(\n            _{0},\n            query={{"{2}": {3}}},\n        )\n',
    "from ...{0} import {1}, {2}\n",
    "from {0} import (\n    {1},\n    {2},\n)\n",
    '{0} = {{\n    "{1}": """{2}\n{3}""",\n    "{4}": "{3}",\n    "{4}": "{3}",\n    "{4}": "{3}",\n}}\n',
    "class {0}({1}.{0}, {2}.{0}):\n    pass\n",
    'class {0}(Model):\n    """{1} {2} {3} {4}"""\n',
    'class {0}(Model):\n    """{1}\n\n    {2} {3}\n    {4}"""\n',
    "if TYPE_CHECKING:\n    {0} = {1} | {2} | {3}\nelse:\n    {0} = untagged_union({1}, {2}, {3})\n",
    "{0} = {1} ** {2} if {3} else not {4}\n",
)


@pytest.mark.parametrize("form", _FORMS)
def test_names_and_strings_of_any_length_come_out_as_black_lays_them_out(form: str) -> None:
    choose = random.Random(form)
    formatter = FragmentFormatter(None)
    for _ in range(60):
        most = choose.choice((8, 25, 45))
        names = ["".join(choose.choices("abcdefgh_", k=choose.randint(1, most))) for _ in range(5)]
        code = form.format(*(f"{choose.choice('xyzXYZ')}{name}" for name in names))
        assert formatter.formatted(code) == format_fragment(code), code


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("value: int = 1", "other: str = 1"),
        ('name = "text"', 'value = "another text"'),
        ('"""One."""', '"""Two words, or three."""'),
        ('"""One.\n\n    Two.\n    Three.\n    """', '"""Another.\n\n    Four.\n    """'),
        ("call(\n    one,\n    two,\n)", "another(\n    three,\n    another_one,\n)"),
    ],
)
def test_what_differs_in_names_and_texts_alone_has_one_shape(code: str, other: str) -> None:
    syntax = "String" if code.startswith('"') else "Assign"
    shapes = {shape_of(Unit("", "statement", syntax, one)) for one in (code, other)}
    assert len(shapes) == 1
    assert shapes != {None}


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("value = 1", "value = 2"),
        ("value = None", "value = other"),
        ("value = a and b", "value = a or b"),
        ("from __future__ import x", "from another import x"),
        ("f(\n    one, two\n)", "f(\n    one, twos\n)"),
        ('"""One.\n\n    Two.\n    """', '"""One.\n\n        Two.\n    """'),
    ],
)
def test_what_black_may_treat_in_another_way_has_another_shape(code: str, other: str) -> None:
    syntax = "String" if code.startswith('"') else "Assign"
    assert len({shape_of(Unit("", "statement", syntax, one)) for one in (code, other)}) == 2


@pytest.mark.parametrize(
    ("syntax", "code"),
    [
        ("Assign", "value = 'text'"),
        ("Assign", 'value = "a\\n"'),
        ("Assign", "value = 1  # why"),
        ("Assign", 'value = f"text"'),
        ("Assign", "größe = 1"),
        ("String", '"""A "quoted" word."""'),
        ("String", '"""A backslash \\\\."""'),
        ("String", '"""A space at the end \n    """'),
        ("String", '"one line"'),
    ],
)
def test_what_has_no_shape_is_left_to_black(syntax: str, code: str) -> None:
    assert shape_of(Unit("", "statement", syntax, code)) is None
