"""The clients that generated ones derive from: they hold address, token and connection, and send.

httpx2 and msgspec are imported when a client is made, so that importing a package stays fast.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast
from urllib.parse import urlsplit

from sf_connect.core.operations import Operation, RequestOptions, Values

if TYPE_CHECKING:
    import httpx2

    from sf_connect.core.requests import Request

T = TypeVar("T")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class _Client:
    """What both clients have in common."""

    api_version: ClassVar[str]
    retired_in: ClassVar[str | None] = None

    def __init__(self, instance_url: str, token: Any, timeout: float, options: RequestOptions | None) -> None:
        self._origin = _origin(instance_url)
        self._token = token
        self._timeout = timeout
        self._options = options or RequestOptions()
        self._site: str | None = None
        if self.retired_in is not None:
            from sf_connect.core.exceptions import RetiredVersionWarning

            message = f"API version {self.api_version} is retired since {self.retired_in}; servers answer it with 410"
            warnings.warn(message, RetiredVersionWarning, stacklevel=3)

    def __repr__(self) -> str:
        site = f", site {self._site!r}" if self._site is not None else ""
        return f"<{type(self).__name__} {self.api_version} of {self._origin}{site}>"

    @property
    def instance_url(self) -> str:
        """The address of the org."""
        return self._origin

    def site(self, community_id: str) -> Self:
        """The same client inside an Experience Cloud site; it shares the connection.

        Args:
            community_id: the site's id, or `internal` for the default one.
        """
        scoped = object.__new__(type(self))
        kept = ("_origin", "_token", "_timeout", "_options", "_http", "_owns_http")
        scoped.__dict__.update({name: self.__dict__[name] for name in kept})
        scoped._site = community_id
        scoped.__dict__["_owns_http"] = False
        return scoped

    def _build(
        self,
        operation: Operation[Any],
        path: tuple[object, ...],
        query: Values | None,
        form: Values | None,
        headers: Values | None,
        body: object,
        parts: Values | None,
        options: RequestOptions | None,
    ) -> Request:
        from sf_connect.core.requests import build

        merged = options or self._options
        return build(operation, path, query, form, headers, body, parts, merged, self.api_version, self._site)

    def _arguments(self, request: Request, token: str, options: RequestOptions | None) -> dict[str, Any]:
        timeout = (options.timeout if options else None) or self._options.timeout or self._timeout
        arguments: dict[str, Any] = {
            "method": request.method,
            "url": self._origin + request.target,
            "headers": {**request.headers, "Authorization": f"Bearer {token}"},
            "timeout": timeout,
            "follow_redirects": False,
        }
        if request.files:
            arguments["files"] = dict(request.files)
        elif request.content is not None:
            arguments["content"] = request.content
        return arguments


def _origin(instance_url: str) -> str:
    parts = urlsplit(instance_url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not parts.hostname or not secure or parts.username is not None or parts.query or parts.fragment:
        raise ValueError(
            "instance_url must look like https://acme.my.salesforce.com, without query or user (http: loopback only)"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _finish(operation: Operation[T], request: Request, response: httpx2.Response) -> T:
    """The result of an answer."""
    from sf_connect.core.decoding import decode
    from sf_connect.core.exceptions import DecodeError, api_error

    content = response.content
    if not response.is_success:
        if 300 <= response.status_code < 400:
            raise DecodeError(f"{request.method} {request.path} was redirected, which is not followed with a token")
        raise api_error(response.status_code, content, request.method, request.path, response.headers)
    if operation.returns is None or operation.returns is bytes:
        return cast("T", None if operation.returns is None else content)
    if not content.strip() and response.status_code in (202, 204, 205):
        return cast("T", None)
    return cast("T", decode(content, operation.returns, f"{request.method} {request.path}"))


def _transport_error(request: Request, error: Exception) -> Exception:
    from sf_connect.core.exceptions import TransportError

    return TransportError(f"{request.method} {request.path} got no answer: {type(error).__name__}")


class SyncClient(_Client):
    """A client whose calls wait for their answer.

    Args:
        instance_url: the org's address, `https://acme.my.salesforce.com`.
        token: an access token, or a function that gives one for each call.
        http_client: an httpx2 client of your own; it is not closed with this one.
        timeout: seconds to wait for the server, unless a call says otherwise.
        options: settings for all calls.

    Raises:
        ValueError: the address is no https address.
    """

    def __init__(
        self,
        instance_url: str,
        *,
        token: str | Callable[[], str],
        http_client: httpx2.Client | None = None,
        timeout: float = 60.0,
        options: RequestOptions | None = None,
    ) -> None:
        super().__init__(instance_url, token, timeout, options)
        import httpx2

        self._owns_http = http_client is None
        self._http = http_client or httpx2.Client()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, unless it is your own."""
        if self._owns_http:
            self._http.close()

    def send(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        parts: Values | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        """Send one call; generated operations do it for you.

        Raises:
            ConnectError: the call failed.
            ValueError: an argument cannot be sent.
        """
        import httpx2

        request = self._build(operation, path, query, form, headers, body, parts, options)
        token = self._token() if callable(self._token) else self._token
        try:
            response = self._http.request(**self._arguments(request, cast("str", token), options))
        except httpx2.HTTPError as error:
            raise _transport_error(request, error) from None
        return _finish(operation, request, response)


class AsyncClient(_Client):
    """A client whose calls are awaited.

    Args:
        instance_url: the org's address, `https://acme.my.salesforce.com`.
        token: an access token, or a function, plain or async, that gives one for each call.
        http_client: an httpx2 client of your own; it is not closed with this one.
        timeout: seconds to wait for the server, unless a call says otherwise.
        options: settings for all calls.

    Raises:
        ValueError: the address is no https address.
    """

    def __init__(
        self,
        instance_url: str,
        *,
        token: str | Callable[[], str] | Callable[[], Awaitable[str]],
        http_client: httpx2.AsyncClient | None = None,
        timeout: float = 60.0,
        options: RequestOptions | None = None,
    ) -> None:
        super().__init__(instance_url, token, timeout, options)
        import httpx2

        self._owns_http = http_client is None
        self._http = http_client or httpx2.AsyncClient()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection, unless it is your own."""
        if self._owns_http:
            await self._http.aclose()

    async def send(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        parts: Values | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        """Send one call; generated operations do it for you.

        Raises:
            ConnectError: the call failed.
            ValueError: an argument cannot be sent.
        """
        import httpx2

        request = self._build(operation, path, query, form, headers, body, parts, options)
        token: Any = self._token() if callable(self._token) else self._token
        if inspect.isawaitable(token):
            token = await token
        try:
            response = await self._http.request(**self._arguments(request, cast("str", token), options))
        except httpx2.HTTPError as error:
            raise _transport_error(request, error) from None
        return _finish(operation, request, response)
