"""Access tokens: kept, and renewed once for all threads and tasks when the server refuses one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable


def checked(token: object) -> str:
    """A token that can stand in a header; no message shows it.

    Raises:
        ValueError: it is no text, empty, or has spaces or control characters.
    """
    if not isinstance(token, str) or not token:
        raise ValueError("the token is no text or empty; give an access token or a function that returns one")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("the token has characters that no access token has (a space or line end, perhaps)")
    return token


class SyncTokens:
    """A token, or the function that gives one."""

    def __init__(self, token: str | Callable[[], str]) -> None:
        self._give = token if callable(token) else None
        self._token = None if callable(token) else checked(token)
        self._lock = threading.Lock()

    def current(self) -> str:
        """The token to send; the function is asked where there is none yet."""
        with self._lock:
            if self._token is None and self._give is not None:
                self._token = checked(self._give())
            return self._token or ""

    def renew(self, refused: str) -> bool:
        """Ask for another token in place of a refused one; False where there is no other."""
        with self._lock:
            if self._token == refused and self._give is not None:
                self._token = checked(self._give())
            return self._token != refused


class AsyncTokens:
    """A token, or the function, plain or async, that gives one."""

    def __init__(self, token: str | Callable[[], str] | Callable[[], Awaitable[str]]) -> None:
        self._give = token if callable(token) else None
        self._token = None if callable(token) else checked(token)
        self._lock = asyncio.Lock()

    async def current(self) -> str:
        """The token to send; the function is asked where there is none yet."""
        if self._token is None:
            async with self._lock:
                if self._token is None:
                    await self._ask()
        return self._token or ""

    async def renew(self, refused: str) -> bool:
        """Ask for another token in place of a refused one; False where there is no other."""
        async with self._lock:
            if self._token == refused:
                await self._ask()
            return self._token != refused

    async def _ask(self) -> None:
        if self._give is not None:
            given: object = self._give()
            self._token = checked(await given if isinstance(given, Awaitable) else given)
