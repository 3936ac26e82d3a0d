"""Functions of a test that make responses: a request waits for the test, which asks for such requests."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

_SECONDS = 10.0
_LONGEST = 30.0
_MOST_WAITING = 1_000
_END = ""


class NoFunctionError(Exception):
    """Nobody made the response in time."""


class Functions:
    """Requests that wait for a function of a test. A function is named `owner/name`: an owner asks for its own."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, asyncio.Queue[dict[str, Any]]] = defaultdict(asyncio.Queue)
        self._results: dict[str, asyncio.Future[object]] = {}
        self._count = 0

    async def call(self, name: str, request: dict[str, Any]) -> object:
        """What a function makes of a request.

        Args:
            name: the function.
            request: the request, as the list of calls shows it.

        Raises:
            NoFunctionError: it does not come in time.
        """
        if len(self._results) >= _MOST_WAITING:
            raise NoFunctionError(f"{_MOST_WAITING} requests wait for functions already")
        self._count += 1
        number = str(self._count)
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._results[number] = future
        self._waiting[name.partition("/")[0]].put_nowait({"id": number, "function": name, "request": request})
        try:
            async with asyncio.timeout(_SECONDS):
                return await future
        except TimeoutError:
            raise NoFunctionError(f"the function {name[:80]!r} gave no response within {_SECONDS:g} seconds") from None
        finally:
            self._results.pop(number, None)

    async def next(self, owner: str, seconds: float) -> dict[str, Any] | None:
        """The next request for a function of an owner, None where none comes in time."""
        try:
            async with asyncio.timeout(min(seconds, _LONGEST)):
                while True:
                    found = await self._waiting[owner].get()
                    if found["id"] == _END:
                        return None
                    if found["id"] in self._results:  # others have given up
                        return found
        except TimeoutError:
            return None

    def end(self, owner: str) -> None:
        """Let an owner that waits for a request wait no longer."""
        self._waiting[owner].put_nowait({"id": _END})

    def finish(self, number: str, result: object) -> bool:
        """Give what a function has made; whether somebody waited for it."""
        future = self._results.get(number)
        if future is None or future.done():
            return False
        future.set_result(result)
        return True
