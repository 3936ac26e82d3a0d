"""What a type checker says decides: if it fails, so does the upgrade, and where it runs makes no difference."""

from __future__ import annotations

import subprocess
import sysconfig
import tempfile
from pathlib import Path

import pytest

from connectgen.diff.usage.checkers import CheckerError
from support.command import ROOT, connectgen, environment
from upgrade.conftest import Clients

NARROWED = """\
from sf_connect.v38.models import FeedItem


def shareable(items: list[FeedItem]) -> list[bool]:
    return [bool(item.can_share) for item in items if item.can_share is not None]
"""
FAILING = """\
# A type checker that fails once, and works otherwise.
import os, pathlib, signal, sys
done = pathlib.Path(__file__).with_name("runs")
done.write_text((done.read_text() if done.exists() else "") + "x")
if len(done.read_text()) == {number}:
    print('{{"errors": [')
    sys.stdout.flush()
    {how}
os.execv({pyrefly!r}, [{pyrefly!r}, *sys.argv[1:]])
"""
KILLED = "os.kill(os.getpid(), signal.SIGKILL)"
BROKEN = "print(']}'); sys.stdout.flush(); os._exit(3)"


def application(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "main.py").write_text(text, encoding="utf-8")
    return folder


def failing(folder: Path, number: int, how: str) -> Path:
    """A `pyrefly` whose run of a number fails."""
    (folder / "pyrefly").mkdir(parents=True)
    (folder / "pyrefly" / "__init__.py").touch()
    pyrefly = str(Path(sysconfig.get_path("scripts")) / "pyrefly")
    text = FAILING.format(number=number, how=how, pyrefly=pyrefly)
    (folder / "pyrefly" / "__main__.py").write_text(text, encoding="utf-8")
    return folder


def test_what_is_tested_and_read_in_one_statement_is_rewritten_in_both_places(clients: Clients, tmp_path: Path) -> None:
    """The checker reports the first of the two only: it has narrowed the second."""
    folder = application(tmp_path / "app", NARROWED)
    ((_, after, _),) = clients.upgrade(folder, 38, 67).contents.values()
    assert after == NARROWED.replace("v38", "v67").replace("can_share", "is_sharable")


def test_names_in_texts_follow_where_python_reads_them(clients: Clients, tmp_path: Path) -> None:
    text = (
        "from sf_connect.v38.models import FeedItem\n\n\n"
        "def shareable(item: FeedItem, name: str) -> bool:\n"
        '    print("can_share", hasattr(item, name), hasattr(name, "can_share"))\n'
        '    return hasattr(item, "can_share") and bool(getattr(item, "can_share", None))\n'
    )
    folder = application(tmp_path / "app", text)
    ((_, after, _),) = clients.upgrade(folder, 38, 67).contents.values()
    expected = text.replace("v38", "v67").replace('(item, "can_share"', '(item, "is_sharable"')
    assert after == expected


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize(
    ("how", "said"), [(KILLED, "ended by signal 9; is memory short?"), (BROKEN, "it ended with 3")]
)
def test_a_checker_that_fails_is_an_error_whenever(
    number: int, how: str, said: str, clients: Clients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = application(tmp_path / "app", NARROWED)
    monkeypatch.setenv("PYTHONPATH", str(failing(tmp_path / "fake", number, how)))
    with pytest.raises(CheckerError) as raised:
        clients.upgrade(folder, 38, 67)
    assert str(raised.value).startswith("pyrefly failed (")
    assert said in str(raised.value)


def test_a_checker_that_fails_is_one_line_for_users(clients: Clients, tmp_path: Path) -> None:
    del clients  # it skips where there is no type checker
    folder = application(tmp_path / "app", NARROWED)
    fake, env = failing(tmp_path / "fake", 1, KILLED), environment()
    env["PYTHONPATH"] = f"{fake}:{env['PYTHONPATH']}"
    arguments = ("upgrade", str(folder), "--from", "38.0", "--to", "67.0")
    done = connectgen(*arguments, cwd=ROOT, env=env, timeout=400)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "pyrefly failed (it was ended by signal 9; is memory short?)\n"
    assert (folder / "main.py").read_text(encoding="utf-8") == NARROWED


def test_a_folder_for_temporary_files_that_git_ignores_changes_nothing(
    clients: Clients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = application(tmp_path / "app", NARROWED)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("*.py\n", encoding="utf-8")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert clients.upgrade(folder, 38, 67).rewritten == 3


def test_a_module_that_is_not_installed_gets_no_comment(clients: Clients, tmp_path: Path) -> None:
    """The checker's message names a folder that has another name each time."""
    text = f"import not_installed_here\n{NARROWED}    print(not_installed_here)\n"
    folder = application(tmp_path / "app", text)
    result = clients.upgrade(folder, 38, 67)
    assert result.comments == []
    assert result.rewritten == 3


def test_an_error_without_a_rule_is_one_line_that_a_second_run_knows(clients: Clients, tmp_path: Path) -> None:
    text = (
        "from sf_connect.v38.models import FeedItem\n\n\n"
        "class Mine(FeedItem):\n    @property\n    def is_sharable(self) -> int:\n        return 1\n"
    )
    folder = application(tmp_path / "app", text)
    ((_, after, _),) = clients.upgrade(folder, 38, 67).contents.values()
    comments = [line.strip() for line in after.splitlines() if "# connectgen" in line]
    assert len(comments) == 1, after
    assert comments[0].startswith("# connectgen type-error: a type checker says: ")
    assert "/" not in comments[0]
    (folder / "main.py").write_text(after, encoding="utf-8")
    assert clients.upgrade(folder, 38, 67).contents == {}
