"""Units of code formatted: each distinct one once, in all cores where many are announced before they are asked for."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from os import cpu_count

from connectgen.python.black_formatting import format_units
from connectgen.python.known_layouts import KnownLayouts
from connectgen.python.shapes import shape_of
from connectgen.python.statements import Unit
from connectgen.workers import workers

_CHUNK = 20_000
"""How many characters are formatted at a time: more take longer each, for black, and memory."""
_AS_IT_IS = 0
"""What is remembered of a unit that black leaves alone."""
_FEW = 100_000
"""How many characters are too few for workers."""


class Units:
    """Formats units and keeps them.

    Most of them have a shape that black leaves as it is, which it is asked for once; the others are formatted each.

    Args:
        layouts: what black said before.
    """

    def __init__(self, layouts: KnownLayouts) -> None:
        self._layouts = layouts
        self._texts: dict[Unit, str] = {}
        self._shapes: dict[Unit, Unit] = {}
        """What is formatted for a unit first: its shape, or itself."""
        self._waiting: dict[Unit, None] = {}
        self._characters = 0
        """How many the waiting ones have."""
        self._begun: dict[Unit, Future[Mapping[Unit, str]]] = {}
        self._pool: ProcessPoolExecutor | None = None

    def announce(self, units: Iterable[Unit]) -> None:
        """Say what will be asked for: workers begin with it, if it is worth their while."""
        self._await([self._shape(unit) for unit in units])
        if self._characters >= (_CHUNK if self._pool else _FEW) and (cpu_count() or 1) > 1:
            self._pool = self._pool or workers()
            for chunk in _chunks(self._take_waiting()):
                self._begun.update(dict.fromkeys(chunk, self._pool.submit(_format, chunk)))

    def texts(self, units: Sequence[Unit]) -> Mapping[Unit, str]:
        """The lines of these units, and of others, as they are formatted.

        Those are left out that cannot be formatted without the code around them.
        """
        shapes = [self._shape(unit) for unit in units]
        self._format(shapes)
        for unit, shape in zip(units, shapes, strict=True):
            if unit not in self._texts and self._texts.get(shape) == shape.code:
                self._texts[unit] = unit.code
        self._format([unit for unit in units if unit not in self._texts])
        return self._texts

    def _shape(self, unit: Unit) -> Unit:
        if unit not in self._shapes:
            shape = self._shapes[unit] = shape_of(unit) or unit
            is_new = shape not in self._texts and shape not in self._waiting and shape not in self._begun
            if is_new and self._layouts.said_to(shape) is not None:
                self._texts[shape] = shape.code
        return self._shapes[unit]

    def _format(self, units: Sequence[Unit]) -> None:
        """See to it that these are formatted, with all that waits."""
        for unit in units:
            if unit in self._begun and unit not in self._texts:
                self._take(self._begun[unit].result())
        self._await(units)
        if any(unit in self._waiting for unit in units):
            for chunk in _chunks(self._take_waiting()):
                self._take(_format(chunk))

    def _take(self, texts: Mapping[Unit, str]) -> None:
        self._texts.update(texts)
        for unit, text in texts.items():
            if text == unit.code:
                self._layouts.keep(unit, _AS_IT_IS)

    def end(self) -> None:
        """Send the workers home."""
        self._take_waiting()
        self._begun.clear()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        gc.unfreeze()

    def _await(self, units: Iterable[Unit]) -> None:
        """Note that units are to be formatted, unless workers have them."""
        for unit in units:
            if unit not in self._texts and unit not in self._waiting and unit not in self._begun:
                self._waiting[unit] = None
                self._characters += len(unit.code)

    def _take_waiting(self) -> Sequence[Unit]:
        waiting, self._waiting, self._characters = list(self._waiting), {}, 0
        return waiting


def _chunks(units: Iterable[Unit]) -> Iterable[Sequence[Unit]]:
    chunk: list[Unit] = []
    characters = 0
    for unit in units:
        chunk.append(unit)
        characters += len(unit.code)
        if characters >= _CHUNK:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _format(units: Sequence[Unit]) -> Mapping[Unit, str]:
    """Format units, and give back at once the trees that black makes of them: they refer to each other."""
    gc.freeze()  # no collection looks through what exists
    texts = format_units(units)
    gc.collect()
    return texts
