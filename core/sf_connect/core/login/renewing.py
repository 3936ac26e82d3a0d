"""Tokens of a login: the one it gave, and further ones by the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import httpx2

from sf_connect.core.base import SECONDS, one_of
from sf_connect.core.exceptions import LoginError
from sf_connect.core.login.on_clients import AsyncLoginSettings, SyncLoginSettings
from sf_connect.core.login.session import Granted, Login
from sf_connect.core.sending import no_cookies

if TYPE_CHECKING:
    from sf_connect.core.client import AsyncClient, SyncClient

S = TypeVar("S", bound="SyncClient")
A = TypeVar("A", bound="AsyncClient")


class _LoginTokens:
    def __init__(self, login: Login, granted: Granted, timeout: float | httpx2.Timeout | None) -> None:
        self._login = login
        self._timeout = timeout
        self._address = granted.instance_url
        self._token = granted.access_token
        self._is_fresh = True

    def _has_token(self) -> bool:
        """Whether the token at hand is to be given: it is new, or there is no other."""
        is_fresh, self._is_fresh = self._is_fresh, False
        return is_fresh or not self._login.is_repeatable

    def _taken(self, granted: Granted) -> str:
        if granted.instance_url != self._address:  # the token of one address must not go to another
            raise LoginError(f"the login now belongs to {granted.instance_url}, not {self._address}: make a new client")
        self._token = granted.access_token
        return self._token


class SyncLoginTokens(_LoginTokens):
    """Gives tokens to a synchronous client."""

    def __init__(
        self, login: Login, granted: Granted, timeout: float | httpx2.Timeout | None, http: httpx2.Client
    ) -> None:
        super().__init__(login, granted, timeout)
        self._http = http

    def __call__(self) -> str:
        """The token, at first the one that was given already."""
        return self._token if self._has_token() else self._taken(self._login.get(self._http, self._timeout))


class AsyncLoginTokens(_LoginTokens):
    """Gives tokens to an asynchronous client."""

    def __init__(
        self, login: Login, granted: Granted, timeout: float | httpx2.Timeout | None, http: httpx2.AsyncClient
    ) -> None:
        super().__init__(login, granted, timeout)
        self._http = http

    async def __call__(self) -> str:
        """The token, at first the one that was given already."""
        if self._has_token():
            return self._token
        return self._taken(await self._login.get_async(self._http, self._timeout))


def logged_in(client: type[S], login: Login, settings: SyncLoginSettings) -> tuple[S, bool]:
    """Log in; the client, and whether its connection is to be closed with it."""
    rest: dict[str, Any] = dict(settings)
    mine: httpx2.Client | None = rest.pop("http_client", None)
    transport: httpx2.BaseTransport | None = rest.pop("transport", None)
    address, timeout = rest.pop("instance_url", None), rest.pop("timeout", SECONDS)
    one_of(mine, transport)
    http = mine or httpx2.Client(transport=transport, cookies=no_cookies())
    try:
        granted = login.get(http, timeout)
        tokens = SyncLoginTokens(login, granted, timeout, http)
        made = client(address or granted.instance_url, token=tokens, http_client=http, timeout=timeout, **rest)
    except BaseException:
        if mine is None:
            http.close()
        raise
    return made, mine is None


async def logged_in_async(client: type[A], login: Login, settings: AsyncLoginSettings) -> tuple[A, bool]:
    """Log in, as `logged_in`, without blocking the event loop."""
    rest: dict[str, Any] = dict(settings)
    mine: httpx2.AsyncClient | None = rest.pop("http_client", None)
    transport: httpx2.AsyncBaseTransport | None = rest.pop("transport", None)
    address, timeout = rest.pop("instance_url", None), rest.pop("timeout", SECONDS)
    one_of(mine, transport)
    http = mine or httpx2.AsyncClient(transport=transport, cookies=no_cookies())
    try:
        granted = await login.get_async(http, timeout)
        tokens = AsyncLoginTokens(login, granted, timeout, http)
        made = client(address or granted.instance_url, token=tokens, http_client=http, timeout=timeout, **rest)
    except BaseException:
        if mine is None:
            await http.aclose()
        raise
    return made, mine is None
