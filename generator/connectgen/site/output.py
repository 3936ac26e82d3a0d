"""The site's folder: which files a build wrote there, and what may be written and removed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from connectgen.files import FileError, describe_failure, replace_file

_RECORD = ".connectgen-site"
_TITLE = "connectgen site"


class UnmanagedFolderError(Exception):
    """The folder holds files that no build of a site wrote; the message is a line with the remedy."""


@dataclass(frozen=True, slots=True)
class FileNote:
    """A file of the site: a digest of its content, and its size in bytes."""

    digest: str
    size: int


@dataclass(slots=True)
class Output:
    """The site's folder as the last build left it.

    Attributes:
        folder: the folder.
        inputs: the digest of what the last build was made from; empty where there was none.
        files: the files that it wrote, by their path in the folder.
        written_at: when the last build ended; a file that is younger was changed by somebody else.
    """

    folder: Path
    inputs: str = ""
    files: Mapping[str, FileNote] = field(default_factory=dict[str, FileNote])
    written_at: int = 0

    def is_as_written(self, path: str) -> bool:
        """Whether a file is, as far as size and time show, what the last build wrote."""
        note = self.files.get(path)
        if note is None:
            return False
        try:
            status = (self.folder / path).stat()
        except OSError:
            return False
        return status.st_size == note.size and status.st_mtime_ns <= self.written_at

    def is_current(self, inputs: str) -> bool:
        """Whether all files exist, made from the same."""
        return bool(self.files) and self.inputs == inputs and all(map(self.is_as_written, self.files))

    def write(self, path: str, text: str) -> tuple[FileNote, bool]:
        """Write a file, unless it holds that text already; says what it holds, and whether it was written."""
        data = text.encode()
        note = FileNote(hashlib.blake2b(data, digest_size=16).hexdigest(), len(data))
        if self.files.get(path) == note and self.is_as_written(path):
            return note, False
        replace_file(self.folder / path, data)
        return note, True

    def finish(self, inputs: str, files: Mapping[str, FileNote]) -> int:
        """Remove what earlier builds wrote and this one did not, then note what there is now; says how many."""
        gone = [path for path in self.files if path not in files]
        try:
            for path in gone:
                (self.folder / path).unlink(missing_ok=True)
        except OSError as error:
            raise FileError(describe_failure(error, self.folder)) from error
        lines = [f"{_TITLE} {inputs}", *(f"{note.digest} {note.size} {path}" for path, note in sorted(files.items()))]
        replace_file(self.folder / _RECORD, "\n".join(lines) + "\n")
        return len(gone)


def open_output(folder: Path) -> Output:
    """The site's folder.

    Raises:
        UnmanagedFolderError: it holds files, and no record of a build.
        FileError: it cannot be read.
    """
    record = folder / _RECORD
    try:
        if not folder.is_dir() or not any(folder.iterdir()):
            return Output(folder)
        if not record.is_file():
            raise UnmanagedFolderError(
                f"{folder}: holds files that connectgen site did not write; name an empty or a new folder by --output"
            )
        lines = record.read_text(encoding="utf-8").splitlines()
        return Output(folder, lines[0].removeprefix(f"{_TITLE} "), dict(_notes(lines[1:])), record.stat().st_mtime_ns)
    except (UnicodeDecodeError, IndexError, ValueError):
        return Output(folder)  # a damaged record is none: every file is written anew
    except OSError as error:
        raise FileError(describe_failure(error, folder)) from error


def _notes(lines: Iterable[str]) -> Iterable[tuple[str, FileNote]]:
    for line in lines:
        digest, size, path = line.split(" ", 2)
        if ".." in path.split("/") or path.startswith("/"):
            raise ValueError(f"{path} is no file of the site")
        yield path, FileNote(digest, int(size))
