"""The settings of clients as their class methods take them, and an open session of another library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypedDict
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import os
    import ssl

    import httpx2

    from sf_connect.core.request.options import RequestOptions
    from sf_connect.core.request.retry_policy import RetryPolicy
    from sf_connect.core.transport.hooks import Hooks
    from sf_connect.core.transport.rate_limits import RateLimiter


class ClientSettings(TypedDict, total=False):
    """The settings that the constructors of both clients take."""

    limits: httpx2.Limits | None
    verify: bool | str | os.PathLike[str] | ssl.SSLContext
    proxy: str | None
    timeout: float | httpx2.Timeout
    total_timeout: float | None
    options: RequestOptions | None
    retry_policy: RetryPolicy | None
    rate_limiter: RateLimiter | None
    hooks: Hooks | None


class SyncSettings(ClientSettings, total=False):
    """The settings of a synchronous client."""

    http_client: httpx2.Client | None
    transport: httpx2.BaseTransport | None


class AsyncSettings(ClientSettings, total=False):
    """The settings of an asynchronous client."""

    http_client: httpx2.AsyncClient | None
    transport: httpx2.AsyncBaseTransport | None


class SyncLoginSettings(SyncSettings, total=False):
    """The settings of a synchronous client that logs in.

    Args:
        instance_url: the URL to call instead of the one that the login returns, such as a site's own host.
        token_cache: a file in which tokens are kept between the runs of a script; only its owner can read it.
    """

    instance_url: str
    token_cache: str | os.PathLike[str] | None


class AsyncLoginSettings(AsyncSettings, total=False):
    """The settings of an asynchronous client that logs in.

    Args:
        instance_url: the URL to call instead of the one that the login returns, such as a site's own host.
        token_cache: a file in which tokens are kept between the runs of a script; only its owner can read it.
    """

    instance_url: str
    token_cache: str | os.PathLike[str] | None


class SimpleSalesforce(Protocol):
    """The attributes of an open session of simple-salesforce that are used here."""

    session_id: str
    base_url: str


def instance_url_of(session: SimpleSalesforce) -> str:
    """The URL of the org of an open session."""
    parts = urlsplit(session.base_url)
    return f"{parts.scheme}://{parts.netloc}"
