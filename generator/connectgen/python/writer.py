"""Writes packages: whole or not at all, only where they changed, never over what a person changed."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

from connectgen.python.file_texts import FileText, FileTexts, digest

if sys.platform != "win32":
    import fcntl

MANIFESTS = ".connectgen"
"""The folder, in the output folder, that remembers what was written."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of one package: by path its size, time of change and content's hash."""

    inputs: str
    files: Mapping[str, tuple[int, int, str]] = field(default_factory=dict[str, tuple[int, int, str]])


class PackageFolder:
    """One package's folder in the output folder."""

    def __init__(self, out: Path, name: str) -> None:
        self._manifest = out / MANIFESTS / f"{name}.json"
        self._next_manifest = out / MANIFESTS / f"{name}.part"
        self.path = out / name
        self._fresh = out / MANIFESTS / f"{name}.new"
        self._former = out / MANIFESTS / f"{name}.old"
        self._written: Written | None = None
        self._changed: list[Path] | None = None
        self._is_noted = True
        """Whether all files were last changed when the note says so."""
        self._linked: dict[str, tuple[int, int, str]] = {}
        """The notes of files that are in the new package as they were in the old one."""

    def recover(self) -> None:
        """Put back what an interrupted run moved away, finish what it had put in place, clear what it left.

        A run makes the new package, notes what it holds, moves the old one away and the new one to its place, takes
        the note over, and removes the old one: what exists shows how far it came.
        """
        if _stands(self._fresh):
            self._next_manifest.unlink(missing_ok=True)
            if _stands(self._former) and not _stands(self.path):
                self._former.rename(self.path)
            _remove(self._fresh)
        elif _read_note(self._next_manifest):
            self._next_manifest.replace(self._manifest)
            self._written = self._changed = None
        self._next_manifest.unlink(missing_ok=True)
        if _stands(self._former):
            _remove(self._former)

    def last_write(self) -> Written | None:
        """What the last run wrote, None where nothing is known."""
        if self._written is None:
            self._written = _read_note(self._manifest)
        return self._written

    def is_unmanaged(self) -> bool:
        """Whether the folder exists though nothing is known of it."""
        return self.path.is_symlink() or (_stands(self.path) and self.last_write() is None)

    def changed_by_hand(self) -> list[Path]:
        """Files that are not as they were written: changed, removed or added since."""
        if self._changed is None:
            self._changed = self._find_changed()
        return self._changed

    def _find_changed(self) -> list[Path]:
        written = self.last_write()
        if written is None or not self.path.exists():
            return []
        found: set[str] = set()
        changed: list[Path] = []
        start = len(str(self.path)) + 1
        for folder, _, names in os.walk(self.path):
            if folder.endswith("__pycache__"):
                continue
            for name in names:
                path = f"{folder}/{name}"
                relative = path[start:].replace(os.sep, "/")
                found.add(relative)
                entry = written.files.get(relative)
                if entry and _is_noted(path, entry):
                    continue
                self._is_noted = False
                if entry is None or not _same(path, entry):
                    changed.append(Path(path))
        changed += [self.path / relative for relative in written.files if relative not in found]
        return sorted(changed)

    def is_current(self, inputs: str) -> bool:
        """Whether the last run was over these very inputs."""
        written = self.last_write()
        return written is not None and written.inputs == inputs and self.path.exists()

    def differences(self, files: FileTexts) -> list[str]:
        """The paths at which these files differ from those in the folder."""
        written = self.last_write()
        if self.is_unmanaged():
            return self._unlike(files)
        known = dict(written.files) if written and self.path.exists() else {}
        differing = [path for path, file in files.items() if path not in known or known[path][2] != file.hash]
        return differing + [path for path in known if path not in files]

    def _unlike(self, files: FileTexts) -> list[str]:
        """The paths at which a folder of which nothing is known differs from these files."""
        if self.path.is_symlink() or not self.path.is_dir():
            return sorted(files)
        there = {path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if not path.is_dir()}
        there = {path for path in there if "__pycache__/" not in path}
        return [path for path, file in files.items() if not _holds(self.path / path, file)] + sorted(there - {*files})

    def write(self, files: FileTexts, inputs: str) -> int:
        """Write the package; unchanged files are linked, not written again.

        Returns:
            How many files were written anew.

        Raises:
            OSError: the disk refused; the package is as it was before.
        """
        try:
            count = self._make(files)
            self._note(self._fresh, files, inputs)
            self._swap()
        except BaseException:
            self.recover()
            raise
        return count

    def _make(self, files: FileTexts) -> int:
        """Make the new package beside the old one."""
        written = self.last_write()
        known = dict(written.files) if written and self.path.exists() else {}
        count = 0
        for folder in {relative.rpartition("/")[0] for relative in files}:
            (self._fresh / folder).mkdir(parents=True, exist_ok=True)
        self._linked = {}
        for relative, file in files.items():
            source, target = f"{self.path}/{relative}", f"{self._fresh}/{relative}"
            entry = known.get(relative)
            is_noted = entry is not None and _is_noted(source, entry)
            if entry is not None and entry[2] == file.hash and (is_noted or _same(source, entry)):
                if _link(source, target) and is_noted:
                    self._linked[relative] = entry
            else:
                Path(target).write_text(file.text, encoding="utf-8", newline="\n")
                count += 1
        return count

    def _swap(self) -> None:
        if _stands(self.path):
            self.path.rename(self._former)
        self._fresh.rename(self.path)
        self._take_over()
        if _stands(self._former):
            _remove(self._former)

    def touch(self, files: FileTexts, inputs: str) -> None:
        """Note that these inputs give what exists already."""
        self._next_manifest.parent.mkdir(parents=True, exist_ok=True)
        written = self.last_write()
        if written and self._changed == [] and self._is_noted:
            self._write_note(inputs, written.files)
        else:
            self._note(self.path, files, inputs)
        self._take_over()

    def _note(self, folder: Path, files: FileTexts, inputs: str) -> None:
        """Note what a folder holds: these files."""
        entries: dict[str, tuple[int, int, str]] = {}
        for relative, file in sorted(files.items(), key=itemgetter(0)):
            if (linked := self._linked.get(relative)) is not None:
                entries[relative] = linked
                continue
            stat = os.stat(f"{folder}/{relative}")  # noqa: PTH116
            entries[relative] = (stat.st_size, stat.st_mtime_ns, file.hash)
        self._write_note(inputs, entries)

    def _write_note(self, inputs: str, entries: Mapping[str, tuple[int, int, str]]) -> None:
        self._next_manifest.write_text(json.dumps({"inputs": inputs, "files": entries}), encoding="utf-8")

    def _take_over(self) -> None:
        self._next_manifest.replace(self._manifest)
        self._written = self._changed = None

    def remove(self) -> None:
        """Remove the package and what is remembered of it.

        Raises:
            OSError: the disk refused.
        """
        if _stands(self.path):
            self.path.rename(self._former)
        self._manifest.unlink(missing_ok=True)
        self.recover()


def known_packages(out: Path) -> list[str]:
    """The packages that earlier runs wrote."""
    return sorted(path.stem for path in (out / MANIFESTS).glob("*.json"))


def unfinished_packages(out: Path) -> list[str]:
    """The packages of which an interrupted run left something."""
    left = [path for suffix in (".new", ".old", ".part") for path in (out / MANIFESTS).glob(f"*{suffix}")]
    return sorted({path.stem for path in left})


@contextmanager
def lock(out: Path, waiting: Callable[[], None]) -> Generator[None, None, None]:
    """Write to an output folder while no other run does.

    Args:
        out: the output folder.
        waiting: called where another run writes there now, before waiting for its end.
    """
    folder = out / MANIFESTS
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        if sys.platform != "win32":  # elsewhere the user takes care
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _stands(path: Path) -> bool:
    """Whether anything exists, be it a link that leads nowhere."""
    return path.exists() or path.is_symlink()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _link(source: str, target: str) -> bool:
    """Have a file at another place, too; whether it is the same one."""
    try:
        os.link(source, target)
    except OSError:  # not every disk has hard links
        shutil.copyfile(source, target)
        return False
    return True


def _read_note(path: Path) -> Written | None:
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        entries = data["files"].items()
        files = {str(name): (int(size), int(time), str(content)) for name, (size, time, content) in entries}
        return Written(str(data["inputs"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # a damaged note is none


def _is_noted(path: str, entry: tuple[int, int, str]) -> bool:
    """Whether a file has the size and the time of change that were noted."""
    try:
        stat = os.stat(path)  # noqa: PTH116
    except OSError:
        return False
    return stat.st_mtime_ns == entry[1] and stat.st_size == entry[0]


def _same(path: str, entry: tuple[int, int, str]) -> bool:
    try:
        stat = os.stat(path)  # noqa: PTH116
        if (stat.st_size, stat.st_mtime_ns) == entry[:2]:
            return True
        return stat.st_size == entry[0] and digest(Path(path).read_bytes()) == entry[2]
    except OSError:
        return False


def _holds(path: Path, file: FileText) -> bool:
    try:
        return path.read_bytes() == file.text.encode()
    except OSError:
        return False
