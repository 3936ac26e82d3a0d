"""All files of an upgrade are written, or none: whatever the disk refuses, and whenever."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectgen.files import FileError, replace_files

NOBODY = 65534


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def files(folder: Path, *names: str) -> dict[Path, bytes]:
    """Files with their new content; on the disk they have an old one."""
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"old")
        path.chmod(0o640)
    return {folder / name: b"new" for name in names}


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        for path in folder.iterdir():
            path.chmod(0o755)


def test_all_are_replaced_and_keep_their_permissions(tmp_path: Path) -> None:
    replace_files(files(tmp_path, "a/1.py", "b/2.py"))
    assert contents(tmp_path) == {"a/1.py": (b"new", 0o640), "b/2.py": (b"new", 0o640)}


def test_a_folder_that_must_not_be_written_changes_nothing(open_to_all: Path) -> None:
    wanted = files(open_to_all, "a/1.py", "b/2.py", "c/3.py")
    for path in wanted:
        path.chmod(0o644)
    before = contents(open_to_all)
    (open_to_all / "a").chmod(0o777)
    (open_to_all / "b").chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)  # root may write everywhere
    try:
        with pytest.raises(FileError, match=r"b/2\.py: cannot be written: Permission denied; nothing was changed$"):
            replace_files(wanted)
    finally:
        if is_root:
            os.seteuid(0)
    assert contents(open_to_all) == before


def test_what_was_replaced_before_the_disk_refused_is_put_back(tmp_path: Path) -> None:
    wanted = files(tmp_path, "a/1.py", "b/2.py") | {tmp_path / "c": b"new"} | files(tmp_path, "d/4.py")
    (tmp_path / "c").mkdir()  # no file can take its place, which shows only in the last step
    before = contents(tmp_path)
    with pytest.raises(FileError, match=r"/c: cannot be written: .*; nothing was changed$"):
        replace_files(wanted)
    assert contents(tmp_path) == before


def test_what_was_replaced_before_an_interrupt_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = files(tmp_path, "a/1.py", "b/2.py")
    before, replace = contents(tmp_path), os.replace

    def interrupted(source: Path, target: Path) -> None:
        monkeypatch.undo()
        replace(source, target)
        monkeypatch.setattr(os, "replace", stopped)

    def stopped(source: Path, target: Path) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_files(wanted)
    assert contents(tmp_path) == before


def test_a_file_that_cannot_be_put_back_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, replace = files(tmp_path, "a/1.py", "b/2.py"), os.replace

    def once(source: Path, target: Path) -> None:
        if target.name != "1.py" or target.read_bytes() == b"new":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", once)
    with pytest.raises(FileError, match=r"2\.py: cannot be written: No space .*; \S+/1\.py changed and could not be"):
        replace_files(wanted)
    assert contents(tmp_path) == {"a/1.py": (b"new", 0o640), "b/2.py": (b"old", 0o640)}
