"""Opens the session of a client: its token and its connections."""

from __future__ import annotations

from collections.abc import Callable

import httpx2

from sf_connect.core.transport.connections import Network, connect_async, connect_sync
from sf_connect.core.transport.secrets import Token
from sf_connect.core.transport.sessions import AsyncSession, Settings, SyncSession
from sf_connect.core.transport.tokens import AsyncTokens, NoAsyncTokens, Nobody, NoTokens, SyncTokens


def open_sync(
    settings: Settings,
    http_client: httpx2.Client | None,
    transport: httpx2.BaseTransport | None,
    network: Network,
    token: Token | Callable[[], str],
) -> tuple[SyncSession, bool]:
    """A session, and whether who closes the client closes its connections.

    Raises:
        ValueError: the token is not valid.
    """
    cookies = token.cookies if isinstance(token, Nobody) else None
    tokens = SyncTokens(token) if cookies is None else NoTokens()
    connection = connect_sync(http_client, transport, network.to(settings.instance_url))
    return SyncSession(settings, connection, tokens, cookies), connection.is_own


def open_async(
    settings: Settings,
    http_client: httpx2.AsyncClient | None,
    transport: httpx2.AsyncBaseTransport | None,
    network: Network,
    token: Token | Callable[[], object],
) -> tuple[AsyncSession, bool]:
    """As `open_sync`, for calls that are awaited."""
    cookies = token.cookies if isinstance(token, Nobody) else None
    tokens = AsyncTokens(token) if cookies is None else NoAsyncTokens()
    connection = connect_async(http_client, transport, network.to(settings.instance_url))
    return AsyncSession(settings, connection, tokens, cookies), connection.is_own
