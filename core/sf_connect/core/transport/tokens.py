"""Access tokens: kept, and refreshed once for all threads and tasks when the server refuses one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine

_FIXED = "a token that is a text cannot be refreshed: give a function that returns one, or log in by one of with_…"


def check_token(token: object) -> str:
    """A token that can stand in a header; no message shows it.

    Raises:
        TypeError: it comes from an asynchronous function, and nobody waits for it.
        ValueError: it is no text, empty, or has spaces or control characters.
    """
    if isinstance(token, Coroutine):
        token.close()
        raise TypeError("the function for the token is asynchronous; it needs an asynchronous client")
    if not isinstance(token, str) or not token:
        raise ValueError("the token is no text or empty; give an access token or a function that returns one")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("the token has characters that no access token has (a space or line end, perhaps)")
    return token


class _Tokens:
    """The token, and how asking for it ended last.

    A failure is shared like a token: who waited while another asked gets the same response, and does not ask once more.
    """

    def __init__(self, token: str | None) -> None:
        self._token: str | None = token
        self._failures = 0
        self._failure: Exception | None = None
        self.hint = None if token is None else _FIXED
        """What may help where the server refuses the token for good."""

    def _is_other(self, refused: str | None) -> bool:
        return self._token != refused

    def _settled(self, refused: str | None, failures: int) -> bool:
        """Whether another has asked meanwhile.

        Raises:
            Exception: it has, and that failed.
        """
        if self._is_other(refused):
            return True
        if self._failures != failures and self._failure is not None:
            raise self._failure
        return False


class SyncTokens(_Tokens):
    """A token, or the function that gives one."""

    def __init__(self, token: str | Callable[[], str]) -> None:
        super().__init__(None if callable(token) else check_token(token))
        self._give = token if callable(token) else None
        self._lock = threading.Lock()

    def current(self) -> str:
        """The token to send; the function is asked where there is none yet."""
        if self._token is None:
            self._ask(None)
        return self._token or ""

    def refresh(self, refused: str) -> bool:
        """Ask for another token in place of a refused one; False where there is no other."""
        self._ask(refused)
        return self._is_other(refused)

    def _ask(self, refused: str | None) -> None:
        if self._give is None:
            return
        failures = self._failures
        with self._lock:
            if self._settled(refused, failures):
                return
            self._failure = None
            try:
                self._token = check_token(self._give())
            except Exception as failure:
                self._failure = failure
                self._failures += 1  # only now, so that who came meanwhile finds that it has been asked
                raise


class AsyncTokens(_Tokens):
    """A token, or the function, plain or async, that gives one."""

    def __init__(self, token: str | Callable[[], str] | Callable[[], Awaitable[str]]) -> None:
        super().__init__(None if callable(token) else check_token(token))
        self._give = token if callable(token) else None
        self._lock = asyncio.Lock()

    async def current(self) -> str:
        """The token to send; the function is asked where there is none yet."""
        if self._token is None:
            await self._ask(None)
        return self._token or ""

    async def refresh(self, refused: str) -> bool:
        """Ask for another token in place of a refused one; False where there is no other."""
        await self._ask(refused)
        return self._is_other(refused)

    async def _ask(self, refused: str | None) -> None:
        if self._give is None:
            return
        failures = self._failures
        async with self._lock:
            if self._settled(refused, failures):
                return
            self._failure = None
            try:
                given: object = self._give()
                self._token = check_token(await given if isinstance(given, Awaitable) else given)
            except Exception as failure:
                self._failure = failure
                self._failures += 1  # only now, as above
                raise
