"""The project's prose keeps to docs/vocabulary.md, and the check finds what it must and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from prose.check import ROOT, above, all_findings, baseline, findings_in, shrunk
from prose.texts import texts_of


def words(tmp_path: Path, name: str, text: str) -> list[tuple[int, str]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [(finding.line, finding.word.lower()) for finding in findings_in(name, texts_of(path))]


def test_no_file_has_more_than_its_baseline() -> None:
    new = above(all_findings(), baseline())
    assert new == [], "\n".join(map(str, new))


def test_baseline_names_only_files_that_exist() -> None:
    assert [file for file in baseline() if not (ROOT / file).exists()] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The server's answer is empty.", ["answer"]),
        ("A page at that\naddress.", ["address"]),
        ("It goes through\nall pages.", ["goes through all pages"]),
        ("The token is renewed by itself.", ["by itself", "renewed"]),
        ("None where it is not given.", ["is not given"]),
        ("The name stands in the file.", ["stands"]),
        ("A client is made of it: connectgen makes packages.", ["client is made", "makes packages"]),
        ("A rate limiter, and a limiter.", ["limiter"]),
        ("A delivery address, and the best answer.", []),
        ("Each kind of change.", []),
        ("`address` is a name, and a given name is fine; * stands for any characters.", []),
    ],
)
def test_words_are_found_in_context(text: str, found: list[str], tmp_path: Path) -> None:
    assert sorted(word for _, word in words(tmp_path, "page.md", text)) == sorted(found)


def test_code_in_markdown_is_not_prose(tmp_path: Path) -> None:
    page = "Text.\n\n    an answer\n\n```python\nanswer = 1\n```\n\n[link](answer.md)\n\nThe answer.\n"
    assert words(tmp_path, "page.md", page) == [(11, "answer")]


def test_docstrings_messages_and_comments_are_prose_and_names_are_not(tmp_path: Path) -> None:
    code = '"""The answer."""\nanswer = 1  # an answer\nraise ValueError(f"no answer from {answer}")\nkey = "answer"\n'
    assert words(tmp_path, "module.py", code) == [(1, "answer"), (3, "answer"), (2, "answer")]


def test_baseline_never_grows(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("An answer. An address.", encoding="utf-8")
    found = list(findings_in("a.md", texts_of(path)))
    assert above(found, {"a.md": 2}) == []
    assert len(above(found, {"a.md": 1})) == 2
    assert shrunk(found, {"a.md": 5, "gone.md": 3}) == {"a.md": 2}
    assert shrunk(found, {"a.md": 1}) == {"a.md": 1}
