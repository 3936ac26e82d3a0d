"""Formats fragments of code: each distinct statement once, in all cores; fragments are remembered by their content."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import cast

from connectgen import cache
from connectgen.python.black_formatting import BlankLines, InvalidCodeError, format_code
from connectgen.python.faults import GenerationError
from connectgen.python.known_layouts import KnownLayouts
from connectgen.python.line_breaks import break_lines
from connectgen.python.statements import Piece, Unit, divide, join
from connectgen.python.units import Units

_METHOD_SHELL = "class _:\n"
_MOST_RECENT = 500
"""How many fragments are kept beside the others."""
_MOST_KEPT = 50_000
"""How many fragments are kept at most, also after years of edits; all packages together have far fewer."""


def _formatter() -> bytes:
    """What formatted text depends on beside the fragment: black, and the modules that prepare its work."""
    digest = hashlib.blake2b(version("black").encode())
    for name in ("formatting", "black_formatting", "line_breaks", "statements", "units", "shapes"):
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.digest()


_FORMATTER = _formatter()


def format_fragment(code: str) -> str:
    """Format one fragment as a whole: statements of a module, or (indented) one method.

    Raises:
        GenerationError: it is no Python.
    """
    try:
        try:
            return _format(break_lines(code))
        except InvalidCodeError:  # what the breaks spoilt goes to black as it was rendered
            return _format(code)
    except InvalidCodeError as error:
        shown = next(line.strip() for line in code.splitlines() if line.strip())
        raise GenerationError(f"what was rendered is no Python; correct the template of {shown!r} ({error})") from None


def _format(code: str) -> str:
    shell = _shell(code)
    return format_code(shell + code).removeprefix(shell).lstrip("\n").rstrip() + "\n" if shell else format_code(code)


def _shell(code: str) -> str:
    """The class that a method is in."""
    return _METHOD_SHELL if code.startswith(" ") else ""


class FragmentFormatter:
    """Formats fragments and remembers them.

    Args:
        cache_file: a file that holds what earlier runs formatted, or None.
    """

    def __init__(self, cache_file: Path | None) -> None:
        self._cache_file = cache_file
        self._loaded: dict[str, str] | None = None
        self._keys: dict[str, str] = {}
        self._used: set[str] = set()
        self._added: list[str] = []
        self._divided: dict[str, Sequence[Piece]] = {}
        """What is announced and not formatted yet."""
        self._layouts = KnownLayouts(cache_file.with_name("layouts.pickle") if cache_file else None, _FORMATTER)
        self._units = Units(self._layouts)
        self._blank_lines = BlankLines(self._layouts)

    @property
    def _known(self) -> dict[str, str]:
        """What is formatted, by its key; read when it is first needed."""
        if self._loaded is None:
            file = self._cache_file
            self._loaded = _load(file) | _load(_recent(file)) if file else {}
        return self._loaded

    @contextmanager
    def working(self) -> Generator[None]:
        """Let workers format what is announced meanwhile; they go at the end, whatever is still to be done."""
        gc.freeze()  # what exists is here to stay: workers share it, and no collection looks through it
        try:
            yield
        finally:
            self._units.end()
            gc.unfreeze()

    def announce(self, fragments: Iterable[str]) -> None:
        """Say what will be asked for: workers begin with it, if it is worth their while."""
        for fragment in fragments:
            if self._key(fragment) not in self._known and fragment not in self._divided:
                self._divided[fragment] = _divide(fragment)
                self._units.announce(piece.unit for piece in self._divided[fragment])

    def formatted(self, fragment: str) -> str:
        """The formatted text of a fragment.

        Raises:
            GenerationError: it is no Python.
        """
        key = self._key(fragment)
        if key not in self._known:
            self._known[key] = self._put_together(fragment) or format_fragment(fragment)
            self._added.append(key)
        self._used.add(key)
        return self._known[key]

    def _put_together(self, fragment: str) -> str | None:
        """The text of a fragment from those of its units; None where it must be formatted as a whole."""
        pieces = self._divided.pop(fragment, None) or _divide(fragment)
        texts = self._units.texts([unit for unit, _ in pieces])
        lines: list[tuple[str, int]] = []
        before: Unit | None = None
        for unit, given in pieces:
            blank_lines = self._blank_lines.between(before, unit, given) if before else 0
            text = texts.get(unit)
            if text is None or blank_lines is None:
                return None
            lines.append((text, blank_lines))
            before = unit
        return join(lines) if lines else None

    def _key(self, fragment: str) -> str:
        if fragment not in self._keys:
            self._keys[fragment] = _key(fragment)
        return self._keys[fragment]

    def store(self, *, forget_others: bool) -> None:
        """Keep what is known for the next run.

        Args:
            forget_others: whether what this run had no use for is old; of a run over some versions it is not.
        """
        if self._cache_file is None:
            return
        self._layouts.store()
        if forget_others and (self._added or len(self._known) > 2 * len(self._used)):
            cache.store(self._cache_file, {key: self._known[key] for key in sorted(self._used)})
            cache.store(_recent(self._cache_file), {})
        elif self._added:
            self._store_added(self._cache_file)

    def _store_added(self, cache_file: Path) -> None:
        """Keep a few new fragments beside the others, which are many to write for an edit."""
        recent = _load(_recent(cache_file)) | {key: self._known[key] for key in self._added}
        if len(recent) <= _MOST_RECENT:
            cache.store(_recent(cache_file), dict(sorted(recent.items())))
            return
        kept = self._known if len(self._known) <= _MOST_KEPT else {key: self._known[key] for key in self._used}
        cache.store(cache_file, dict(sorted(kept.items())))
        cache.store(_recent(cache_file), {})


class Unformatted(FragmentFormatter):
    """Leaves fragments as they are rendered, for code that only a program reads."""

    def __init__(self) -> None:
        super().__init__(None)

    def announce(self, fragments: Iterable[str]) -> None:
        """Nothing needs to be begun."""

    def formatted(self, fragment: str) -> str:
        """The fragment without the blank lines around it."""
        return fragment.strip("\n").rstrip() + "\n"


def _key(fragment: str) -> str:
    return hashlib.blake2b(fragment.encode(), digest_size=20, key=_FORMATTER).hexdigest()


def _recent(cache_file: Path) -> Path:
    """The file of what was formatted since that one was written."""
    return cache_file.with_stem(f"{cache_file.stem}_recent")


def _load(cache_file: Path) -> dict[str, str]:
    known = cache.load(cache_file)
    if not isinstance(known, dict):
        return {}
    pairs = cast("dict[object, object]", known).items()
    return {key: text for key, text in pairs if isinstance(key, str) and isinstance(text, str)}


def _divide(fragment: str) -> Sequence[Piece]:
    """The units of a fragment whose long lines are broken, without the class that a method is in; empty for others."""
    shell = _shell(fragment)
    pieces = divide(shell + break_lines(fragment)) or divide(shell + fragment) or ()
    return pieces[1:] if shell else pieces
