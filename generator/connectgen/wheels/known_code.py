"""Hashes of code without its texts, remembered by what the file holds: to take the texts out takes longest of all."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache as once
from pathlib import Path
from typing import cast

from connectgen import cache
from connectgen.wheels import code

_HASH_BYTES = 32
_known: dict[bytes, bytes] = {}
_used: set[bytes] = set()


def known_code_hash(name: str, data: bytes) -> bytes:
    """The hash of what of a file is not words, made once for each content.

    Args:
        name: the file's name.
        data: what it holds.
    """
    key = hashlib.blake2b(f"{name}\n".encode() + data, digest_size=_HASH_BYTES, key=_maker()).digest()
    _used.add(key)
    if key not in _known:
        _known[key] = code.code_hash(name, data)
    return _known[key]


@contextmanager
def remembered(folder: Path | None) -> Generator[None]:
    """Know what earlier runs made, and let the next ones know what is used meanwhile.

    Args:
        folder: where work is remembered, or None.
    """
    file = folder / "code_hashes.pickle" if folder else None
    loaded = _load(file) if file else {}
    _known.update(loaded)
    _used.clear()
    yield
    if file and not _used <= loaded.keys():
        cache.store(file, {key: _known[key] for key in sorted(_used)})


@once
def _maker() -> bytes:
    """What hashes follow from beside the file."""
    return hashlib.blake2b(Path(code.__file__).read_bytes(), digest_size=_HASH_BYTES).digest()


def _load(file: Path) -> dict[bytes, bytes]:
    kept = cache.load(file)
    pairs = cast("dict[object, object]", kept).items() if isinstance(kept, dict) else ()
    return {
        key: found
        for key, found in pairs
        if isinstance(key, bytes) and isinstance(found, bytes) and len(key) == len(found) == _HASH_BYTES
    }
