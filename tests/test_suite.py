"""What the suite does to itself: the order of its files, and the table of what takes most."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from support import temporary
from support.command import ROOT
from support.order import apart
from support.times import VARIABLE, table


def test_the_processor_time_of_each_test_is_written_and_added_up_by_file(tmp_path: Path) -> None:
    told = tmp_path / "times"
    test = "tests/test_naming.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, VARIABLE: str(told)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    count = len(told.read_text(encoding="utf-8").splitlines())
    assert f"{count} passed" in done.stdout
    assert f"{count:6}  tests/test_naming.py" in table(told.read_text(encoding="utf-8"))


def test_the_table_begins_with_what_takes_most() -> None:
    text = "0.10\t2.00\t3.00\ta.py::x[1\t2]\n0.20\t0.00\t1.00\tb.py::y\n0.30\t3.00\t1.00\tb.py::z\n"
    assert [line.split() for line in table(text).splitlines()] == [
        ["own", "children", "wall", "tests"],
        ["0.5", "3.0", "2.0", "2", "b.py"],
        ["0.1", "2.0", "3.0", "1", "a.py"],
        ["0.6", "5.0", "5.0", "3", "all", "2", "files"],
    ]


def test_files_of_a_folder_are_not_begun_one_after_another() -> None:
    files = [Path(name) for name in ("a/1", "a/2", "b/1", "b/2", "c")]
    assert apart(files) == [Path(name) for name in ("a/1", "b/2", "a/2", "c", "b/1")]


@pytest.mark.parametrize(
    ("named", "enough", "after"), [(None, 0, "memory"), ("/own", 0, "/own"), (None, 1 << 62, None)]
)
def test_temporary_files_are_in_memory_where_there_is_room_and_nothing_else_is_asked(
    named: str | None, enough: int, after: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(temporary, "_FOLDER", str(tmp_path / "memory"))
    monkeypatch.setattr(temporary, "_ENOUGH", enough)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())
    monkeypatch.delenv("TMPDIR", raising=False)
    if named:
        monkeypatch.setenv("TMPDIR", named)
    temporary.put_temporary_files_into_memory()
    assert os.environ.get("TMPDIR") == (str(tmp_path / after) if after == "memory" else after)
    assert (tempfile.gettempdir() == str(tmp_path / "memory")) is (after == "memory")
