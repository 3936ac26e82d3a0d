"""What of a module counts when releases are compared: all but docstrings and comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectgen.wheels.code import code_hash, without_texts
from connectgen.wheels.known_code import known_code_hash, remembered

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


def test_what_earlier_runs_made_is_known_and_a_damaged_memory_is_none(tmp_path: Path) -> None:
    file = tmp_path / "code_hashes.pickle"
    with remembered(tmp_path):
        made = known_code_hash("m.py", b"x = 1  # one")
    assert made == code_hash("m.py", b"x = 1")
    written = file.read_bytes()
    with remembered(tmp_path):
        assert known_code_hash("m.py", b"x = 1  # one") == made
        assert known_code_hash("m.py", b"x = 2  # one") != made
        assert known_code_hash("m.txt", b"x = 1  # one") != made
    assert len(file.read_bytes()) > len(written)
    file.write_bytes(b"damaged")
    with remembered(tmp_path):
        assert known_code_hash("m.py", b"x = 1  # one") == made
    assert file.read_bytes() == written
