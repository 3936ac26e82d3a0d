"""What of a module counts when releases are compared: all but docstrings and comments."""

from __future__ import annotations

import pytest

from connectgen.wheels.code import code_hash, without_texts

MODULE = '''"""About the module."""

import os  # why


class Plant:
    """About the class.

    With a # that is no comment.
    """

    name: str = "a # b"
    """About the name."""
    long = (
        "one"
        "two"
    )

    def grow(self) -> str:
        r"""About \\d."""
        # why
        return """a

  b # c"""  # end
'''
LEFT = '''import os
class Plant:
    name: str = "a # b"
    long = (
        "one"
        "two"
    )
    def grow(self) -> str:
        return """a\0\0  b # c"""'''


def test_docstrings_and_comments_go_and_nothing_else() -> None:
    assert without_texts(MODULE) == LEFT


@pytest.mark.parametrize(
    "source",
    [
        'x = "# one"',
        'x = \'"""# one\'',
        'x = f"{y}# one"',
        'x = \\\n    "one"',
        'f(\n    "one"\n)',
        'b"one"',
        'x = """\none\n"""',
        'x = ["a",\n"one",\n]',
    ],
)
def test_what_is_no_text_counts(source: str) -> None:
    other = source.replace("one", "two")
    assert code_hash("m.py", source.encode()) != code_hash("m.py", other.encode())


@pytest.mark.parametrize("source", ['"""one"""', "'one'  # why", 'def f():\n    u"""one"""\n', "x = 1  # one", "#one"])
def test_what_is_text_does_not(source: str) -> None:
    other = source.replace("one", "two\\\ntwo" if '"""' in source else "two")
    assert code_hash("m.py", source.encode()) == code_hash("m.py", other.encode())


def test_of_other_files_everything_counts_but_words_of_the_index() -> None:
    assert code_hash("m.json", b"# one") != code_hash("m.json", b"# two")
    rows = [
        b'{"operations": [["a.b.c", "GET", "/p", "%s", false, 30, %s, ""]]}' % one
        for one in ((b"A", b"null"), (b"B", b"32"))
    ]
    assert code_hash("_index.json", rows[0]) == code_hash("_index.json", rows[1])
    assert code_hash("_index.json", rows[0]) != code_hash("_index.json", rows[0].replace(b"GET", b"PUT"))
    assert code_hash("m.py", b"\xff # one") != code_hash("m.py", b"\xff # two")
