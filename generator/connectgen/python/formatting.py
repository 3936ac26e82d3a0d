"""black, as a library, over fragments of code: each distinct fragment once, in all cores, remembered by its content."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from os import cpu_count
from pathlib import Path
from typing import cast

import black
from black.mode import TargetVersion
from black.parsing import InvalidInput

from connectgen import cache
from connectgen.python.faults import GenerationError
from connectgen.workers import workers

LINE_LENGTH = 100
_MODE = black.Mode(target_versions={TargetVersion.PY311}, line_length=LINE_LENGTH)
_VERSION = version("black")
_CHUNK = 40
_METHOD_SHELL = "class _:\n"


def format_fragment(code: str) -> str:
    """Format one fragment: statements of a module, or (indented) one method.

    Raises:
        GenerationError: it is no Python.
    """
    try:
        return _format(code)
    except InvalidInput as error:
        why = str(error).splitlines()[0]
        shown = next(line.strip() for line in code.splitlines() if line.strip())
        raise GenerationError(f"what was rendered is no Python; correct the template of {shown!r} ({why})") from None


def _format(code: str) -> str:
    if code.startswith("    "):
        formatted = black.format_str(_METHOD_SHELL + code, mode=_MODE)
        return formatted.removeprefix(_METHOD_SHELL).lstrip("\n").rstrip() + "\n"
    return black.format_str(code, mode=_MODE)


class FragmentFormatter:
    """Formats fragments and remembers them.

    Args:
        cache_file: a file that holds what earlier runs formatted, or None.
    """

    def __init__(self, cache_file: Path | None) -> None:
        self._cache_file = cache_file
        self._known: dict[str, str] = _load(cache_file)
        self._used: set[str] = set()
        self._added = False

    def format_all(self, fragments: Iterable[str]) -> Mapping[str, str]:
        """The formatted text of each fragment, by the fragment."""
        keys = {fragment: _key(fragment) for fragment in dict.fromkeys(fragments)}
        missing = {key: fragment for fragment, key in keys.items() if key not in self._known}
        for key, formatted in zip(missing, _format_many(list(missing.values())), strict=True):
            self._known[key] = formatted
            self._added = True
        self._used.update(keys.values())
        return {fragment: self._known[key] for fragment, key in keys.items()}

    def store(self, *, forget_others: bool) -> None:
        """Keep what is known for the next run.

        Args:
            forget_others: whether what this run had no use for is old; of a run over some versions it is not.
        """
        if self._cache_file is None or not (self._added or (forget_others and len(self._known) > 2 * len(self._used))):
            return
        kept = self._used if forget_others else self._known.keys()
        cache.store(self._cache_file, {key: self._known[key] for key in sorted(kept)})


class Unformatted(FragmentFormatter):
    """Leaves fragments as they are rendered, for code that only a program reads."""

    def __init__(self) -> None:
        super().__init__(None)

    def format_all(self, fragments: Iterable[str]) -> Mapping[str, str]:
        """Each fragment without the blank lines around it."""
        return {fragment: fragment.strip("\n").rstrip() + "\n" for fragment in fragments}


def _key(fragment: str) -> str:
    return hashlib.blake2b(f"{_VERSION} {LINE_LENGTH}\n{fragment}".encode(), digest_size=20).hexdigest()


def _load(cache_file: Path | None) -> dict[str, str]:
    known = cache.load(cache_file) if cache_file else None
    if not isinstance(known, dict):
        return {}
    pairs = cast("dict[object, object]", known).items()
    return {key: text for key, text in pairs if isinstance(key, str) and isinstance(text, str)}


def _format_many(fragments: list[str]) -> list[str]:
    if (cpu_count() or 1) == 1 or len(fragments) < 200:
        return [format_fragment(fragment) for fragment in fragments]
    chunks = [fragments[start : start + _CHUNK] for start in range(0, len(fragments), _CHUNK)]
    with workers() as pool:
        return [formatted for chunk in pool.map(_format_chunk, chunks) for formatted in chunk]


def _format_chunk(fragments: list[str]) -> list[str]:
    """Format some fragments, and give back at once the trees that black made of them: they refer to each other."""
    formatted = [format_fragment(fragment) for fragment in fragments]
    gc.collect()
    return formatted
