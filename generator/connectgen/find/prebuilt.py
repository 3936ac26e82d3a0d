"""The index of a catalogue, kept between runs under the digest of what it is made of, so that a search starts fast."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

from connectgen.files import replace_file
from connectgen.find.search import Index

_PACKAGE = Path(__file__).resolve().parents[1]
_CODE = (
    "catalogue/**/*.py", "find/*.py", "iterators.py", "naming.py", "narrowing.py", "reserved.py", "resolver.py",
    "surface.py",
)  # fmt: skip
_KEPT = 4
"""How many indexes are kept: of a few branches, or of catalogues that tests made."""


def index_of(catalogue: Path, cache: Path | None, make: Callable[[], str]) -> Index:
    """The index of a catalogue.

    Args:
        catalogue: the catalogue's folder.
        cache: where indexes are kept, or None.
        make: makes the index's text, where it is not known.
    """
    if cache is None:
        return Index(make())
    path = cache / "find" / f"{_digest(catalogue)}.json"
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # a damaged index is none
        return Index(path.read_text(encoding="utf-8"))
    text = make()
    with contextlib.suppress(OSError):
        replace_file(path, text)
        _forget_old(path.parent)
    return Index(text)


def _digest(catalogue: Path) -> str:
    """What the index depends on: the catalogue's files, and the code that reads them."""
    digest = hashlib.sha256()
    code = [path for pattern in _CODE for path in sorted(_PACKAGE.glob(pattern))]
    for path in (*code, *sorted(catalogue.rglob("*.yaml"))):
        with contextlib.suppress(OSError):  # reading the catalogue says what is wrong with a file
            digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _forget_old(folder: Path) -> None:
    kept = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_KEPT:]:
        path.unlink(missing_ok=True)
