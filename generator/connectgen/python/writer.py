"""Writes packages: whole or not at all, only where they changed, never over what a person changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

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
        self.path = out / name
        self._fresh = out / MANIFESTS / f"{name}.new"
        self._former = out / MANIFESTS / f"{name}.old"
        self._written: Written | None = None

    def mend(self) -> None:
        """Put back what an interrupted run moved away, and clear what it left."""
        if self._former.exists():
            if self.path.exists():
                shutil.rmtree(self._former)
            else:
                self._former.rename(self.path)
        if self._fresh.exists():
            shutil.rmtree(self._fresh)

    def written(self) -> Written | None:
        """What the last run wrote, None where nothing is known."""
        if self._written is None:
            try:
                data: Any = json.loads(self._manifest.read_text(encoding="utf-8"))
                self._written = Written(data["inputs"], {path: tuple(entry) for path, entry in data["files"].items()})
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                return None
        return self._written

    def changed_by_hand(self) -> list[Path]:
        """Files that are not as they were written: changed, removed or added since."""
        written = self.written()
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
                if relative not in written.files or not _same(path, written.files[relative]):
                    changed.append(Path(path))
        changed += [self.path / relative for relative in written.files if relative not in found]
        return sorted(changed)

    def is_current(self, inputs: str) -> bool:
        """Whether the last run was over these very inputs."""
        written = self.written()
        return written is not None and written.inputs == inputs and self.path.exists()

    def differences(self, files: Mapping[str, str]) -> list[str]:
        """The paths at which these files differ from those in the folder."""
        written = self.written()
        known = dict(written.files) if written and self.path.exists() else {}
        if not known and self.path.exists():
            return [path for path, text in files.items() if not _holds(self.path / path, text)]
        differing = [path for path, text in files.items() if path not in known or known[path][2] != _hash(text)]
        return differing + [path for path in known if path not in files]

    def write(self, files: Mapping[str, str], inputs: str) -> int:
        """Write the package; unchanged files are linked, not written again.

        Returns:
            How many files were written anew.
        """
        written = self.written()
        known = dict(written.files) if written and self.path.exists() else {}
        count = 0
        for folder in {relative.rpartition("/")[0] for relative in files}:
            (self._fresh / folder).mkdir(parents=True, exist_ok=True)
        for relative, text in files.items():
            source, target = f"{self.path}/{relative}", f"{self._fresh}/{relative}"
            if relative in known and known[relative][2] == _hash(text) and _same(source, known[relative]):
                os.link(source, target)
            else:
                Path(target).write_text(text, encoding="utf-8", newline="\n")
                count += 1
        self._swap()
        self._remember(files, inputs)
        return count

    def _swap(self) -> None:
        if self.path.exists():
            self.path.rename(self._former)
        self._fresh.rename(self.path)
        if self._former.exists():
            shutil.rmtree(self._former)

    def touch(self, files: Mapping[str, str], inputs: str) -> None:
        """Remember that these inputs give what is there already."""
        self._remember(files, inputs)

    def _remember(self, files: Mapping[str, str], inputs: str) -> None:
        entries: dict[str, tuple[int, int, str]] = {}
        for relative, text in sorted(files.items()):
            stat = os.stat(f"{self.path}/{relative}")  # noqa: PTH116
            entries[relative] = (stat.st_size, stat.st_mtime_ns, _hash(text))
        self._manifest.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._manifest.with_suffix(".part")
        temporary.write_text(json.dumps({"inputs": inputs, "files": entries}), encoding="utf-8")
        temporary.replace(self._manifest)
        self._written = Written(inputs, entries)

    def remove(self) -> None:
        """Remove the package and what is remembered of it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._manifest.unlink(missing_ok=True)


def known_packages(out: Path) -> list[str]:
    """The packages that earlier runs wrote."""
    return sorted(path.stem for path in (out / MANIFESTS).glob("*.json"))


def _same(path: str, entry: tuple[int, int, str]) -> bool:
    try:
        stat = os.stat(path)  # noqa: PTH116
        if (stat.st_size, stat.st_mtime_ns) == entry[:2]:
            return True
        return stat.st_size == entry[0] and _digest(Path(path).read_bytes()) == entry[2]
    except OSError:
        return False


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False


@cache
def _hash(text: str) -> str:
    """The hash of a file's text; versions share most texts, so each is hashed once."""
    return _digest(text.encode())


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
