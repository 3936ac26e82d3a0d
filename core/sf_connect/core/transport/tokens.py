"""Access tokens: kept, and refreshed once for all threads and tasks when the server refuses one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine

_FIXED = "a fixed token cannot be refreshed: pass a function that returns one, or log in with one of with_…"


def check_token(token: object) -> str:
    """A token, if it can be sent in a header; no message shows it.

    Raises:
        TypeError: it is the coroutine of an asynchronous function.
        ValueError: it is not a str, is empty, or has spaces or control characters.
    """
    if isinstance(token, Coroutine):
        token.close()
        raise TypeError("the function for the token is asynchronous; it needs an asynchronous client")
    if not isinstance(token, str) or not token:
        raise ValueError("the token is not a str, or empty; pass an access token or a function that returns one")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("the token has characters that no access token has, such as a space or a line break")
    return token


class _Tokens:
    """The current token, and the last failure to get one.

    Threads or tasks that wait while another gets a token share its outcome, be it a token or a failure.
    """

    def __init__(self, token: str | None) -> None:
        self._token: str | None = token
        self._failures = 0
        self._failure: Exception | None = None
        self.hint = None if token is None else _FIXED
        """The hint for an error where the server refuses the token."""

    def _is_other(self, refused: str | None) -> bool:
        return self._token != refused

    def _settled(self, refused: str | None, failures: int) -> bool:
        """Whether another thread or task has got a token meanwhile.

        Raises:
            Exception: it tried, and failed.
        """
        if self._is_other(refused):
            return True
        if self._failures != failures and self._failure is not None:
            raise self._failure
        return False


class SyncTokens(_Tokens):
    """A token, or the function that returns one."""

    def __init__(self, token: str | Callable[[], str]) -> None:
        super().__init__(None if callable(token) else check_token(token))
        self._get_token = token if callable(token) else None
        self._lock = threading.Lock()

    def current(self) -> str:
        """The token to send; the function is called where there is none yet."""
        if self._token is None:
            self._update(None)
        return self._token or ""

    def refresh(self, refused: str) -> bool:
        """Replace a token that was refused; False where there is no other."""
        self._update(refused)
        return self._is_other(refused)

    def _update(self, refused: str | None) -> None:
        if self._get_token is None:
            return
        failures = self._failures
        with self._lock:
            if self._settled(refused, failures):
                return
            self._failure = None
            try:
                self._token = check_token(self._get_token())
            except Exception as failure:
                self._failure = failure
                self._failures += 1  # only now, so that those that waited find the count changed
                raise


class AsyncTokens(_Tokens):
    """A token, or the function, plain or async, that returns one."""

    def __init__(self, token: str | Callable[[], str] | Callable[[], Awaitable[str]]) -> None:
        super().__init__(None if callable(token) else check_token(token))
        self._get_token = token if callable(token) else None
        self._lock = asyncio.Lock()

    async def current(self) -> str:
        """The token to send; the function is called where there is none yet."""
        if self._token is None:
            await self._update(None)
        return self._token or ""

    async def refresh(self, refused: str) -> bool:
        """Replace a token that was refused; False where there is no other."""
        await self._update(refused)
        return self._is_other(refused)

    async def _update(self, refused: str | None) -> None:
        if self._get_token is None:
            return
        failures = self._failures
        async with self._lock:
            if self._settled(refused, failures):
                return
            self._failure = None
            try:
                result: object = self._get_token()
                self._token = check_token(await result if isinstance(result, Awaitable) else result)
            except Exception as failure:
                self._failure = failure
                self._failures += 1  # only now, as above
                raise
