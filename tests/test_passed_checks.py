"""What other programs said of files counts until a file, a name of one, or a tool is another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support import passed

Check = Callable[[], int]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Make a check of a folder of files; gives how often it was made so far."""
    monkeypatch.setattr(passed, "_MARKS", tmp_path / "marks")
    monkeypatch.setattr(passed, "_TOOLS", (tmp_path / "tools.txt",))
    monkeypatch.delenv(passed.AGAIN, raising=False)
    files = tmp_path / "files"
    (files / "deeper").mkdir(parents=True)
    (files / "deeper" / "one.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "tools.txt").write_text("tool==1.0\n", encoding="utf-8")
    made: list[None] = []

    def count() -> int:
        passed.check_unless_passed("a check", [files], lambda: made.append(None))
        return len(made)

    return count


def test_what_passed_is_not_checked_again(check: Check) -> None:
    assert (check(), check()) == (1, 1)


@pytest.mark.parametrize("file", ["files/deeper/one.py", "files/another.py", "tools.txt"])
def test_another_file_or_tool_is_checked(check: Check, tmp_path: Path, file: str) -> None:
    check()
    (tmp_path / file).write_text("x = 2\n", encoding="utf-8")
    assert (check(), check()) == (2, 2)


def test_a_file_by_another_name_is_checked(check: Check, tmp_path: Path) -> None:
    check()
    (tmp_path / "files" / "deeper" / "one.py").rename(tmp_path / "files" / "one.py")
    assert check() == 2


def test_all_is_checked_where_the_environment_says_so(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    check()
    monkeypatch.setenv(passed.AGAIN, "1")
    assert check() == 2


def test_what_failed_is_checked_again(check: Check, tmp_path: Path) -> None:
    def fail() -> None:
        raise AssertionError("it fails")

    assert check() == 1
    (tmp_path / "files" / "more.py").touch()
    for _ in range(2):
        with pytest.raises(AssertionError, match="it fails"):
            passed.check_unless_passed("a check", [tmp_path / "files"], fail)
    assert check() == 2
