"""The folder dist/: what is in it, what it was made from, and how new files come into it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from connectgen.files import replace_file
from connectgen.wheels.backend import Built, sha256_of

NOTES = ".connectgen"
"""The folder in dist/ that remembers what each distribution's files were made from."""


@dataclass(frozen=True, slots=True)
class Made:
    """What one distribution's files in dist/ were made from, and what they are.

    Attributes:
        source: everything that the files depend on, by name.
        files: each file's path in dist/, with size in bytes, time of change in nanoseconds and SHA-256.
    """

    source: Mapping[str, str]
    files: Mapping[str, tuple[int, int, str]]


class Dist:
    """One folder of built distributions.

    Args:
        folder: the folder; it arises when something is put into it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / NOTES / "work"

    def recover(self) -> None:
        """Clear what an interrupted run left."""
        if self.work.exists():
            shutil.rmtree(self.work)

    def made(self, name: str) -> Made | None:
        """What is known of a distribution's files, None where nothing is or where a file is missing or was changed."""
        try:
            data: Any = json.loads(self._note(name).read_text(encoding="utf-8"))
            made = Made(data["source"], {path: tuple(entry) for path, entry in data["files"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return made if all(self._same(path, entry) for path, entry in made.files.items()) else None

    def files(self, name: str) -> dict[str, str]:
        """The files of a distribution, by path in dist/, with their SHA-256; none where they are missing or changed."""
        made = self.made(name)
        return {path: entry[2] for path, entry in made.files.items()} if made else {}

    def put(self, built: Built, work: Path, source: Mapping[str, str]) -> None:
        """Move what was built into the folder, in place of older files of the same distribution.

        Args:
            built: what was built.
            work: the folder that holds its files.
            source: what they were made from.

        Raises:
            OSError: the disk refused; a second run recovers.
        """
        former = self._former(built.name)
        self._note(built.name).unlink(missing_ok=True)
        for path in built.files:
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (work / path).replace(target)
        entries: dict[str, tuple[int, int, str]] = {}
        for path, digest in built.files.items():
            stat = (self.folder / path).stat()
            entries[path] = (stat.st_size, stat.st_mtime_ns, digest)
        replace_file(self._note(built.name), json.dumps(asdict(Made(dict(source), entries))))
        for path in former - set(built.files):
            (self.folder / path).unlink(missing_ok=True)

    def _former(self, name: str) -> set[str]:
        """The files that an earlier run put there; whatever else a person put there stays."""
        try:
            return set(json.loads(self._note(name).read_text(encoding="utf-8"))["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return set()

    def _note(self, name: str) -> Path:
        return self.folder / NOTES / f"{name}.json"

    def _same(self, path: str, entry: tuple[int, int, str]) -> bool:
        file = self.folder / path
        try:
            stat = file.stat()
            if (stat.st_size, stat.st_mtime_ns) == entry[:2]:
                return True
            return stat.st_size == entry[0] and sha256_of(file) == entry[2]
        except OSError:
            return False
