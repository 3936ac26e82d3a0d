"""The stubs of a run: the newest that fits a request responds to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from connectgen.mock.stubs.matching import Seen, is_near
from connectgen.mock.stubs.model import Stub, StubError, StubResponse

_MOST = 10_000


class StubBook:
    """All stubs.

    Args:
        only: whether requests that no stub is for are refused.
    """

    def __init__(self, *, only: bool = False) -> None:
        self._only = only
        self._base: tuple[Stub, ...] = ()
        self._count = 0
        self.clear()

    def __bool__(self) -> bool:
        return bool(self._stubs)

    def begin_with(self, stubs: Iterable[Stub]) -> None:
        """Use stubs from the start, and again after each reset."""
        self._base += tuple(stubs)
        self.clear()

    def clear(self) -> None:
        """Forget all stubs but those of the start, which begin anew."""
        self.only = self._only
        self._stubs: list[Stub] = []
        self._by_operation: Counter[str] = Counter()
        self.has_paths = False
        for stub in self._base:
            self.add(replace(stub, uses=0))

    def add(self, stub: Stub) -> Stub:
        """Use a stub from now on; it gets a number.

        Raises:
            StubError: there are too many.
        """
        if len(self._stubs) >= _MOST:
            raise StubError(f"there are {_MOST} stubs already; remove some with DELETE /__mock__/stubs")
        self._count += 1
        stub.number = self._count
        self._stubs.append(stub)
        self._register()
        return stub

    def remove(self, number: int) -> bool:
        """Forget one stub; whether there was one."""
        kept = [stub for stub in self._stubs if stub.number != number]
        found = len(kept) < len(self._stubs)
        self._stubs = kept
        self._register()
        return found

    def stubs(self) -> tuple[Stub, ...]:
        """All stubs, the oldest first."""
        return tuple(self._stubs)

    def concerns(self, operation: str | None) -> bool:
        """Whether there is a stub that may be for requests of an operation."""
        return self.has_paths or (operation is not None and operation in self._by_operation)

    def find(self, seen: Seen) -> tuple[Stub, StubResponse] | None:
        """The newest stub for a request, and its next response; it counts as used."""
        for stub in reversed(self._stubs):
            if not stub.is_used_up and next(stub.criteria.differences(seen), None) is None:
                return stub, stub.use()
        return None

    def nearest(self, seen: Seen) -> str:
        """Which stub comes nearest to a request, and how it differs; empty where none is for its operation."""
        if not self._stubs:
            return ""
        stub = min(reversed(self._stubs), key=lambda one: (one.criteria.distance(seen), one.is_used_up))
        if not is_near(stub.criteria.distance(seen)):
            return ""
        found = "; ".join(stub.criteria.differences(seen)) or f"it has been used {stub.uses} times, as often as it may"
        return f"stub {stub.number} ({stub.criteria}): {found}"

    def _register(self) -> None:
        self._by_operation = Counter(stub.criteria.operation for stub in self._stubs if stub.criteria.operation)
        self.has_paths = any(stub.criteria.operation is None for stub in self._stubs)
