"""Keeps a client's token fresh: uses the token of its login first, and logs in again for each further one."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import httpx2

from sf_connect.core.auth.client_mixins import refuse_both
from sf_connect.core.auth.login import Login, TokenResponse
from sf_connect.core.auth.settings import AsyncLoginSettings, SyncLoginSettings
from sf_connect.core.exceptions import LoginError
from sf_connect.core.request.options import TIMEOUT
from sf_connect.core.transport.connections import Connection, Network, connect_async, connect_sync
from sf_connect.core.transport.secrets import Token

C = TypeVar("C")


class _TokenSource:
    def __init__(self, login: Login, token_response: TokenResponse, timeout: float | httpx2.Timeout | None) -> None:
        self._login = login
        self._timeout = timeout
        self._instance_url = token_response.instance_url
        self._token = Token(token_response.access_token)
        self._is_fresh = True

    def _has_token(self) -> bool:
        """Whether the token at hand is to be used: it has not been used yet, or the login cannot be run again."""
        is_fresh, self._is_fresh = self._is_fresh, False
        return is_fresh or not self._login.is_repeatable

    def _accept(self, token_response: TokenResponse) -> Token:
        if token_response.instance_url != self._instance_url:  # the token of one URL must not go to another
            raise LoginError(
                f"the login now belongs to {token_response.instance_url}, not {self._instance_url}: create a new client"
            )
        self._token = Token(token_response.access_token)
        return self._token


class SyncTokenSource(_TokenSource):
    """Returns the tokens of a synchronous client."""

    def __init__(
        self,
        login: Login,
        token_response: TokenResponse,
        timeout: float | httpx2.Timeout | None,
        connection: Connection[httpx2.Client],
    ) -> None:
        super().__init__(login, token_response, timeout)
        self._connection = connection

    def __call__(self) -> Token:
        """A token: first the one of the login that opened the client, then those of further logins."""
        return self._token if self._has_token() else self._accept(self._login.get(self._connection.http, self._timeout))


class AsyncTokenSource(_TokenSource):
    """Returns the tokens of an asynchronous client."""

    def __init__(
        self,
        login: Login,
        token_response: TokenResponse,
        timeout: float | httpx2.Timeout | None,
        connection: Connection[httpx2.AsyncClient],
    ) -> None:
        super().__init__(login, token_response, timeout)
        self._connection = connection

    async def __call__(self) -> Token:
        """A token: first the one of the login that opened the client, then those of further logins."""
        if self._has_token():
            return self._token
        return self._accept(await self._login.get_async(self._connection.http, self._timeout))


def _kept(login: Login, token_cache: str | os.PathLike[str] | None) -> Login:
    """A login, or one that keeps its tokens in a file."""
    if token_cache is None:
        return login
    from sf_connect.core.auth.token_cache import CachedLogin  # late: few scripts need it

    return CachedLogin(login, token_cache)


def log_in(client: Callable[..., C], login: Login, settings: SyncLoginSettings) -> tuple[C, bool]:
    """Log in; the client, and whether closing it closes its connection."""
    rest: dict[str, Any] = dict(settings)
    login = _kept(login, rest.pop("token_cache", None))
    mine: httpx2.Client | None = rest.pop("http_client", None)
    transport: httpx2.BaseTransport | None = rest.pop("transport", None)
    url, timeout = rest.pop("instance_url", None), rest.pop("timeout", TIMEOUT)
    limits, verify, proxy = (rest.pop("limits", None), rest.pop("verify", True), rest.pop("proxy", None))
    refuse_both(mine, transport, limits, verify, proxy)
    connection = connect_sync(mine, transport, Network.of(limits, verify, proxy))
    try:
        token_response = login.get(connection.http, timeout)
        tokens = SyncTokenSource(login, token_response, timeout, connection)
        created = client(
            url or token_response.instance_url, token=tokens, http_client=connection, timeout=timeout, **rest
        )
    except BaseException:
        if mine is None:
            connection.http.close()
        raise
    return created, mine is None


async def log_in_async(client: Callable[..., C], login: Login, settings: AsyncLoginSettings) -> tuple[C, bool]:
    """Log in, as `log_in`, without blocking the event loop."""
    rest: dict[str, Any] = dict(settings)
    login = _kept(login, rest.pop("token_cache", None))
    mine: httpx2.AsyncClient | None = rest.pop("http_client", None)
    transport: httpx2.AsyncBaseTransport | None = rest.pop("transport", None)
    url, timeout = rest.pop("instance_url", None), rest.pop("timeout", TIMEOUT)
    limits, verify, proxy = (rest.pop("limits", None), rest.pop("verify", True), rest.pop("proxy", None))
    refuse_both(mine, transport, limits, verify, proxy)
    connection = connect_async(mine, transport, Network.of(limits, verify, proxy))
    try:
        token_response = await login.get_async(connection.http, timeout)
        tokens = AsyncTokenSource(login, token_response, timeout, connection)
        created = client(
            url or token_response.instance_url, token=tokens, http_client=connection, timeout=timeout, **rest
        )
    except BaseException:
        if mine is None:
            await connection.http.aclose()
        raise
    return created, mine is None
