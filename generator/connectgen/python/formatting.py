"""black, as a library, over fragments of code: each distinct fragment once, in all cores, remembered by its content."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from os import cpu_count
from pathlib import Path
from typing import cast

import black
from black.mode import TargetVersion
from black.parsing import InvalidInput

from connectgen import cache
from connectgen.python import line_breaks
from connectgen.python.faults import GenerationError
from connectgen.python.line_breaks import LINE_LENGTH, break_lines
from connectgen.workers import workers

_MODE = black.Mode(target_versions={TargetVersion.PY311}, line_length=LINE_LENGTH)
_FORMATTER = hashlib.blake2b(version("black").encode() + Path(line_breaks.__file__).read_bytes()).digest()
"""What the formatted text depends on beside the fragment."""
_CHUNK = 40
_FEW = 200
"""How many fragments are too few for workers."""
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
    """Let black format what is broken into lines already; what the breaks spoilt, as it was rendered."""
    broken = break_lines(code)
    try:
        return _format_with_black(broken)
    except InvalidInput:
        return _format_with_black(code)


def _format_with_black(code: str) -> str:
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
        self._keys: dict[str, str] = {}
        self._used: set[str] = set()
        self._added = False
        self._ahead = _Ahead()

    @contextmanager
    def working(self) -> Generator[None]:
        """Let workers format what is announced meanwhile; they go at the end, whatever is still to be done."""
        gc.freeze()  # what exists is here to stay: workers share it, and no collection looks through it
        try:
            yield
        finally:
            self._ahead.end()
            gc.unfreeze()

    def announce(self, fragments: Iterable[str]) -> None:
        """Say what will be asked for: workers begin with it, if it is worth their while."""
        self._ahead.add(fragment for fragment in fragments if self._key(fragment) not in self._known)

    def formatted(self, fragment: str) -> str:
        """The formatted text of a fragment.

        Raises:
            GenerationError: it is no Python.
        """
        key = self._key(fragment)
        if key not in self._known:
            self._known.update((self._key(one), text) for one, text in self._ahead.take(fragment).items())
            self._added = True
        self._used.add(key)
        return self._known[key]

    def _key(self, fragment: str) -> str:
        if fragment not in self._keys:
            self._keys[fragment] = _key(fragment)
        return self._keys[fragment]

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

    def announce(self, fragments: Iterable[str]) -> None:
        """Nothing needs to be begun."""

    def formatted(self, fragment: str) -> str:
        """The fragment without the blank lines around it."""
        return fragment.strip("\n").rstrip() + "\n"


class _Ahead:
    """Formats fragments before they are asked for, in all cores, in the order in which they are announced."""

    def __init__(self) -> None:
        self._announced: dict[str, None] = {}
        self._begun: dict[str, tuple[Sequence[str], Future[list[str]]]] = {}
        self._pool: ProcessPoolExecutor | None = None
        self._alone = 0

    def add(self, fragments: Iterable[str]) -> None:
        """Announce fragments."""
        self._announced.update((fragment, None) for fragment in fragments if fragment not in self._begun)
        if len(self._announced) >= (_CHUNK if self._pool else _FEW) and (cpu_count() or 1) > 1:
            self._pool = self._pool or workers()
            waiting, self._announced = list(self._announced), {}
            for start in range(0, len(waiting), _CHUNK):
                chunk = waiting[start : start + _CHUNK]
                self._begun.update(dict.fromkeys(chunk, (chunk, self._pool.submit(_format_chunk, chunk))))

    def take(self, fragment: str) -> Mapping[str, str]:
        """The formatted text of a fragment, and of others that are formatted with it, by the fragment."""
        if fragment in self._begun:
            chunk, formatting = self._begun[fragment]
            return dict(zip(chunk, formatting.result(), strict=True))
        self._announced.pop(fragment, None)
        self._alone += 1
        if self._alone % _CHUNK == 0:
            gc.collect()  # see _format_chunk; a command may have turned the collector off
        return {fragment: format_fragment(fragment)}

    def end(self) -> None:
        """Send the workers home."""
        self._announced.clear()
        self._begun.clear()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _key(fragment: str) -> str:
    return hashlib.blake2b(fragment.encode(), digest_size=20, key=_FORMATTER).hexdigest()


def _load(cache_file: Path | None) -> dict[str, str]:
    known = cache.load(cache_file) if cache_file else None
    if not isinstance(known, dict):
        return {}
    pairs = cast("dict[object, object]", known).items()
    return {key: text for key, text in pairs if isinstance(key, str) and isinstance(text, str)}


def _format_chunk(fragments: list[str]) -> list[str]:
    """Format some fragments, and give back at once the trees that black made of them: they refer to each other."""
    formatted = [format_fragment(fragment) for fragment in fragments]
    gc.collect()
    return formatted
