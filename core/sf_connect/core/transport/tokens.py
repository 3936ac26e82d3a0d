"""Access tokens: kept, and refreshed once for all threads and tasks when the server refuses one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, TypeVar

from sf_connect.core.exceptions import LoginError
from sf_connect.core.transport.deadlines import seconds_left
from sf_connect.core.transport.forks import renew_in_children
from sf_connect.core.transport.secrets import Token

if TYPE_CHECKING:
    from sf_connect.core.transport.cookies import Cookies

F = TypeVar("F", bound=Callable[[], object])

_FIXED = "a fixed token cannot be refreshed: pass a function that returns one, or log in with one of with_…"


def hold(token: Token | str | F) -> Token | F:
    """A token in an object that does not show it; a function as it is."""
    return token if isinstance(token, Token) or callable(token) else Token(token)


_ANONYMOUS = "this client is anonymous: log in with one of with_… for what guests must not do"


class Nobody(Token):
    """What an anonymous client has in place of a token: cookies."""

    __slots__ = ("cookies",)

    def __init__(self, cookies: Cookies) -> None:
        super().__init__("")
        self.cookies = cookies


class TokenTimeoutError(Exception):
    """Another thread was still asking for a token when the call's total timeout passed."""


class _Tokens:
    """The current token, and the last failure to get one.

    Threads or tasks that wait while another gets a token share its outcome, be it a token or a failure.
    """

    def __init__(self, token: Token | None) -> None:
        self._token: Token | None = token
        self._failures = 0
        self._failure: Exception | None = None
        self.hint = None if token is None else _FIXED
        """The hint for an error where the server refuses the token."""

    def _is_other(self, refused: Token | None) -> bool:
        return self._token != refused

    def _settled(self, refused: Token | None, failures: int) -> bool:
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

    def __init__(self, token: Token | str | Callable[[], str | Token]) -> None:
        held = hold(token)
        del token  # no frame keeps it when it is refused
        super().__init__(held.checked() if isinstance(held, Token) else None)
        self._get_token = None if isinstance(held, Token) else held
        self.renew_after_fork()
        renew_in_children(self)

    def renew_after_fork(self) -> None:
        """Replace the lock, which a thread of the parent may have held. The token stays."""
        self._lock = threading.Lock()

    def current(self) -> Token:
        """The token to send; the function is called where there is none yet."""
        if self._token is None:
            self._update(None)
        return self._token or Token("")

    def refresh(self, refused: Token) -> bool:
        """Replace a token that was refused; False where there is no other."""
        self._update(refused)
        return self._is_other(refused)

    def _update(self, refused: Token | None) -> None:
        if self._get_token is None:
            return
        failures = self._failures
        left, lock = seconds_left(), self._lock
        if not lock.acquire(timeout=-1 if left == inf else max(0.0, left)):
            raise TokenTimeoutError
        try:
            if self._settled(refused, failures):
                return
            self._failure = None
            try:
                self._token = Token.of(self._get_token()).checked()
            except Exception as failure:
                self._failure = failure
                self._failures += 1  # only now, so that those that waited find the count changed
                raise
        finally:
            lock.release()


class NoTokens(SyncTokens):
    """The tokens of an anonymous client: none, so that no header is sent."""

    def __init__(self) -> None:
        super().__init__(Token("none"))
        self._token, self.hint = Token(""), _ANONYMOUS

    def refresh(self, refused: Token) -> bool:
        """There is no other."""
        return False


class AsyncTokens(_Tokens):
    """A token, or the function, plain or async, that returns one."""

    def __init__(self, token: Token | str | Callable[[], object]) -> None:
        held = hold(token)
        del token  # no frame keeps it when it is refused
        super().__init__(held.checked() if isinstance(held, Token) else None)
        self._get_token = None if isinstance(held, Token) else held
        self.renew_after_fork()
        renew_in_children(self)

    def renew_after_fork(self) -> None:
        """Replace the lock, which a task of the parent may have held. The token stays."""
        import asyncio  # late: synchronous clients do without it, and it is slow to import

        self._lock = asyncio.Lock()

    async def current(self) -> Token:
        """The token to send; the function is called where there is none yet."""
        if self._token is None:
            await self._update(None)
        return self._token or Token("")

    async def refresh(self, refused: Token) -> bool:
        """Replace a token that was refused; False where there is no other."""
        await self._update(refused)
        return self._is_other(refused)

    async def _update(self, refused: Token | None) -> None:
        if self._get_token is None:
            return
        failures = self._failures
        async with self._lock:
            if self._settled(refused, failures):
                return
            self._failure = None
            try:
                result = Token.of(self._get_token())
                if (awaitable := result.awaitable()) is not None:
                    result = Token.of(await awaitable)
                self._token = result.checked()
            except Exception as failure:
                self._failure = failure
                self._failures += 1  # only now, as above
                raise


class NoAsyncTokens(AsyncTokens):
    """As `NoTokens`."""

    def __init__(self) -> None:
        super().__init__(Token("none"))
        self._token, self.hint = Token(""), _ANONYMOUS

    async def refresh(self, refused: Token) -> bool:
        """There is no other."""
        return False


def revealed_token(tokens: SyncTokens, refused: str | None) -> str:
    """The token as text, for another library.

    Args:
        tokens: the tokens of a session.
        refused: the token that the server refused there; another one is obtained.

    Raises:
        LoginError: there is no other one.
    """
    old = None if refused is None else Token(refused)
    del refused
    if old is not None and tokens.current() == old and not tokens.refresh(old):
        raise LoginError(_FIXED)
    return _revealed(tokens.current())


async def revealed_token_async(tokens: AsyncTokens, refused: str | None) -> str:
    """As `revealed_token`."""
    old = None if refused is None else Token(refused)
    del refused
    if old is not None and await tokens.current() == old and not await tokens.refresh(old):
        raise LoginError(_FIXED)
    return _revealed(await tokens.current())


def _revealed(token: Token) -> str:
    if not token:
        raise LoginError("an anonymous client has no token")
    return token.reveal()
