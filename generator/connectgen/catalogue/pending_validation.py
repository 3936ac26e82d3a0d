"""Validation by the rules that is not over yet: another process does it, while the catalogue is used already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing import get_all_start_methods, get_context
from os import cpu_count
from types import TracebackType
from typing import TYPE_CHECKING

from connectgen.catalogue.faults import CatalogueError, Fault, in_reading_order

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Check = Callable[[], Sequence[Fault]]
_FEW = 300
"""How many types are too few for a process of their own."""


class PendingValidation:
    """A context in which a catalogue is used that may prove to have faults.

    Its end raises them, whatever else was raised: what is wrong with the catalogue explains that, too.
    """

    def __init__(self) -> None:
        self._wait: Check | None = None
        self._when_valid: Callable[[], None] = lambda: None

    def begin(self, check: Check, types: int, when_valid: Callable[[], None]) -> None:
        """Begin to find the faults, in another process where that is worth it.

        Args:
            check: finds them.
            types: how many types there are to check.
            when_valid: called at the end where there are none.
        """
        self._when_valid = when_valid
        can_share = types >= _FEW and (cpu_count() or 1) > 1 and "fork" in get_all_start_methods()
        self._wait = _in_other_process(check) if can_share else check

    def __enter__(self) -> None:
        """Begin to use the catalogue."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait for the end of the validation.

        Raises:
            CatalogueError: the catalogue has faults, all of them listed.
        """
        if self._wait is None or (kind is not None and not issubclass(kind, Exception)):
            return
        if faults := self._wait():
            raise CatalogueError(in_reading_order(faults)) from None
        self._when_valid()


def _in_other_process(check: Check) -> Check:
    """The same check, begun in a process that knows what this one does; what waits for it does it if that failed."""
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(check, there), daemon=True)
    process.start()
    there.close()

    def wait() -> Sequence[Fault]:
        try:
            faults: Sequence[Fault] = here.recv()
        except EOFError:
            faults = check()
        process.join()
        here.close()
        return faults

    return wait


def _send(check: Check, there: Connection) -> None:
    there.send(check())
