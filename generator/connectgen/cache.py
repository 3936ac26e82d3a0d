"""What runs remember between them in `.cache/`: files that may be missing, damaged or not writable at any time."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import io
import pickle
from functools import cache
from pathlib import Path
from typing import Any

from connectgen.files import replace_file

_OURS = "connectgen.catalogue."
_CHECKSUM_BYTES = 16


class _ValuesOfOurs(pickle.Unpickler):
    """Makes plain values and those of the catalogue's classes, so that a cache from elsewhere cannot run anything."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        return _class_of_ours(module_name, global_name)


@cache
def _class_of_ours(module_name: str, name: str) -> type:
    found = getattr(importlib.import_module(module_name), name) if module_name.startswith(_OURS) else None
    if not isinstance(found, type) or found.__module__ != module_name:
        raise pickle.UnpicklingError(f"{module_name}.{name} is nothing that is remembered")
    return found


def load(path: Path) -> Any:
    """What was remembered in a file; None where there is nothing of use."""
    try:
        data = path.read_bytes()
        content = data[_CHECKSUM_BYTES:]
        return unpacked(content) if data[:_CHECKSUM_BYTES] == _checksum(path, content) else None
    except Exception:  # a damaged memory is no memory, whatever the damage
        return None


def store(path: Path, value: object) -> None:
    """Keep a value in a file, in one step; where that cannot be, the next run does the work again."""
    store_packed(path, packed(value))


def packed(value: object) -> bytes:
    """A value as it is kept, but for its checksum."""
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> Any:
    """A value that was packed here; one of others' classes is refused.

    Raises:
        Exception: it is damaged, whatever the damage.
    """
    return _ValuesOfOurs(io.BytesIO(data)).load()


def store_packed(path: Path, data: bytes) -> None:
    """Keep a value that was packed already, in one step; where that cannot be, the next run does the work again."""
    with contextlib.suppress(OSError):
        _make_folder(path.parent)
        replace_file(path, _checksum(path, data) + data)


def _make_folder(folder: Path) -> None:
    """Make a folder of the cache, and keep what is new of it out of git: it may be in somebody else's repository."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(missing[-1] / ".gitignore", "# The cache of connectgen; may be deleted at any time.\n*\n")


def _checksum(path: Path, content: bytes) -> bytes:
    """A checksum of a content and its file's name, for what is copied to another name is not what that stands for."""
    return hashlib.blake2b(path.name.encode() + b"\n" + content, digest_size=_CHECKSUM_BYTES).digest()
