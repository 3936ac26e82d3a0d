"""What is asynchronous goes on: how far something is when it is looked at, by calls or by seconds."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectgen.catalogue.model import Wait
from connectgen.mock.routing import Match
from connectgen.mock.state import concrete_path
from connectgen.mock.stubs.matching import operation_name
from connectgen.surface import SurfaceOperation

_MOST = 10_000
_EARLY = ("new", "created", "not", "un", "scheduled", "submit", "queued", "ready", "awaiting", "pending")
_RUNNING = ("in", "run", "proc", "publ", "sync", "exec")
"""How names of states begin, those of what has not begun and of what runs: the catalogue has states in no order."""
MOST_CALLS = 1_000
MOST_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Phase:
    """How far something is.

    Attributes:
        share: from 0 (just begun) to 1 (ended).
        fails: whether its end is a failure.
    """

    share: float = 1.0
    fails: bool = False

    @property
    def has_ended(self) -> bool:
        """Whether it has ended."""
        return self.share >= 1

    def state(self, wait: Wait) -> str | bool | None:
        """The value of the property that shows the state; None where the catalogue names none for this phase."""
        if not self.has_ended:
            states = sorted(wait.pending, key=_lateness)
            return states[min(int(self.share * len(states)), len(states) - 1)] if states else None
        named = wait.failed if self.fails and wait.failed else wait.done
        return named[0] if named else None


ENDED = Phase()


@dataclass(slots=True)
class _Begun:
    """Something that goes on: when it began, how often it was looked at, the values of its path."""

    time: float
    looks: int = 0
    values: frozenset[str] = frozenset()


class Progress:
    """What goes on in a run.

    Args:
        calls: how often something is looked at before its end is seen; 0 where it has ended at once.
        seconds: how long it takes, besides.
    """

    def __init__(self, calls: int = 0, seconds: float = 0.0) -> None:
        self._own = (calls, seconds)
        self._begun: OrderedDict[tuple[str, str], _Begun] = OrderedDict()
        self.clear()

    def clear(self) -> None:
        """Begin anew, as at the start."""
        self._calls, self._seconds = self._own
        self._operations: dict[str, tuple[int, float, bool]] = {}
        self._fails = False
        self._begun.clear()

    @property
    def is_on(self) -> bool:
        """Whether anything takes calls or seconds, or fails."""
        return bool(self._calls or self._seconds or self._fails or self._operations)

    def set(self, operation: str | None, calls: int, seconds: float, *, fails: bool) -> None:
        """Say how long things take from now on.

        Args:
            operation: the operation that shows the state; all where it is None.
            calls: looks before the end is seen.
            seconds: how long it takes, besides.
            fails: whether the end is a failure.
        """
        if operation is not None:
            self._operations[operation] = calls, seconds, fails
        else:
            self._calls, self._seconds, self._fails = calls, seconds, fails
            self._operations.clear()
        self._begun.clear()

    def look(self, match: Match) -> Phase:
        """How far that is which an operation shows; counts as a look at it."""
        operation = match.operation
        if not self.is_on or not own_waits(operation):
            return ENDED
        name = operation_name(operation)
        calls, seconds, fails = self._operations.get(name, (self._calls, self._seconds, self._fails))
        begun = self._of(name, concrete_path(match), match.values)
        begun.looks += 1
        return _phase(begun, begun.looks - 1, calls, seconds, fails)

    def glance(self, operation: SurfaceOperation, path: str) -> Phase:
        """How far that is which an operation shows at a path; does not count as a look at it."""
        if not self.is_on:
            return ENDED
        name = operation_name(operation)
        calls, seconds, fails = self._operations.get(name, (self._calls, self._seconds, self._fails))
        begun = self._begun.get((name, path))
        if begun is None:
            return Phase(0.0 if calls or seconds else 1.0, fails)
        return _phase(begun, max(begun.looks - 1, 0), calls, seconds, fails)

    def begin(self, match: Match) -> None:
        """Let what an operation begins go on from its beginning."""
        if not self.is_on:
            return
        given = frozenset(match.values.values())
        shown = {wait.operation for wait in match.operation.waits if wait.operation}
        for key in [key for key, begun in self._begun.items() if key[0] in shown and begun.values & given]:
            del self._begun[key]

    def _of(self, name: str, path: str, values: Mapping[str, str]) -> _Begun:
        key = (name, path)
        if key not in self._begun:
            self._begun[key] = _Begun(time.monotonic(), values=frozenset(values.values()))
            if len(self._begun) > _MOST:
                self._begun.popitem(last=False)
        return self._begun[key]


def _phase(begun: _Begun, looks: int, calls: int, seconds: float, fails: bool) -> Phase:
    by_calls = looks / calls if calls else 1.0
    by_seconds = (time.monotonic() - begun.time) / seconds if seconds else 1.0
    return Phase(min(by_calls, by_seconds, 1.0), fails)


def own_waits(operation: SurfaceOperation) -> tuple[Wait, ...]:
    """The waits whose state an operation shows itself."""
    return tuple(wait for wait in operation.waits if not wait.operation)


def pending_status(waits: Iterable[Wait], phase: Phase) -> int | None:
    """The status that says that something goes on, None where another says it."""
    if phase.has_ended:
        return None
    return next((wait.pending_status[0] for wait in waits if wait.pending_status), None)


def read_progress(given: Mapping[str, Any]) -> tuple[int, float, bool]:
    """Calls, seconds and whether it fails, as the control API receives them.

    Raises:
        ValueError: something is wrong with them.
    """
    calls, seconds, fails = given.get("calls", 0), given.get("seconds", 0), given.get("fails", False)
    if isinstance(calls, bool) or not isinstance(calls, int) or not 0 <= calls <= MOST_CALLS:
        raise ValueError(f"calls is a whole number from 0 to {MOST_CALLS}")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= MOST_SECONDS:
        raise ValueError(f"seconds is a number from 0 to {MOST_SECONDS:g}")
    if not isinstance(fails, bool):
        raise ValueError("fails is true or false")
    return calls, float(seconds), fails


def _lateness(state: str | bool) -> tuple[int, str]:
    """What states are put in order by."""
    text = str(state).lower()
    words = (*_EARLY, *_RUNNING)
    return next((place for place, word in enumerate(words) if text.startswith(word)), len(words)), text
