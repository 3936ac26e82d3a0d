"""The clients that generated ones derive from: they hold address, token and connection, and send.

httpx2 and msgspec are imported when a client is made, so that importing a package stays fast.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from sf_connect.core.addresses import instance, own
from sf_connect.core.operations import Operation, RequestOptions, Values

if TYPE_CHECKING:
    import httpx2

    from sf_connect.core.batch import AsyncBatch, Batch
    from sf_connect.core.calls import Call
    from sf_connect.core.requests import Request
    from sf_connect.core.retries import RetryPolicy

T = TypeVar("T")
_VERSION = "0.1.0"


class _Client:
    """What both clients have in common."""

    api_version: ClassVar[str]
    retired_in: ClassVar[str | None] = None

    def __init__(self, instance_url: str, timeout: float, options: RequestOptions | None, retry: RetryPolicy | None):
        from sf_connect.core.retries import RetryPolicy

        self._instance_url = instance(instance_url)
        self._options = (options or RequestOptions()).over(RequestOptions(timeout=timeout))
        self._policy = retry or RetryPolicy()
        self._site: str | None = None
        if self.retired_in is not None:
            from sf_connect.core.exceptions import RetiredVersionWarning

            message = f"API version {self.api_version} is retired since {self.retired_in}; servers answer it with 410"
            warnings.warn(message, RetiredVersionWarning, stacklevel=3)

    def __repr__(self) -> str:
        site = f", site {self._site!r}" if self._site is not None else ""
        return f"<{type(self).__name__} {self.api_version} of {self._instance_url}{site}>"

    @property
    def instance_url(self) -> str:
        """The address of the org."""
        return self._instance_url

    @property
    def options(self) -> RequestOptions:
        """The settings of all calls."""
        return self._options

    @property
    def site_id(self) -> str | None:
        """The id of the site that the client is inside of; None outside of sites."""
        return self._site

    def shares_session_with(self, other: object) -> bool:
        """Whether another client calls the same org with the same token."""
        return isinstance(other, _Client) and other.__dict__.get("_tokens") is self.__dict__.get("_tokens")

    def site(self, community_id: str) -> Self:
        """The same client inside an Experience Cloud site; it shares the connection.

        Args:
            community_id: the site's id, or `internal` for the default one.
        """
        if not community_id:
            raise ValueError("give a site's id, or 'internal' for the default one")
        scoped = object.__new__(type(self))
        shared = ("_instance_url", "_options", "_policy", "_tokens", "_http")
        scoped.__dict__.update({name: self.__dict__[name] for name in shared}, _owns_http=False, _site=community_id)
        return scoped

    def _call(
        self,
        operation: Operation[T],
        path: tuple[object, ...],
        query: Values | None,
        form: Values | None,
        headers: Values | None,
        body: object,
        parts: Values | None,
        options: RequestOptions | None,
    ) -> Call[T]:
        from sf_connect.core.requests import build

        merged = self._options if options is None else options.over(self._options)
        request = build(operation, path, query, form, headers, body, parts, merged, self.api_version, self._site)
        return self._make_call(operation, request, self._instance_url + request.target, merged)

    def _follow(self, operation: Operation[T], address: str, options: RequestOptions | None) -> Call[T]:
        from sf_connect.core.exceptions import ForeignAddressError
        from sf_connect.core.requests import build_for_address

        whole = own(self._instance_url, address)
        if whole is None:
            raise ForeignAddressError(f"{operation.name}: an address outside {self._instance_url} is not followed")
        merged = self._options if options is None else options.over(self._options)
        return self._make_call(operation, build_for_address(whole, merged), whole, merged)

    def _make_call(self, operation: Operation[T], request: Request, address: str, options: RequestOptions) -> Call[T]:
        from sf_connect.core.calls import Call

        request.headers.setdefault("User-Agent", f"sf-connect-core/{_VERSION} (API {self.api_version})")
        since = f" since {self.retired_in}" if self.retired_in else ""
        hint = f"API version {self.api_version} is retired{since}" if since else "the resource is gone for good"
        hint += f"; {self._instance_url}/services/data lists the versions that this server supports"
        return Call(operation, request, address, options, self._policy, hint)


class SyncClient(_Client):
    """A client whose calls wait for their answer.

    Args:
        instance_url: the org's address, `https://acme.my.salesforce.com`.
        token: an access token, or a function that gives one; it is asked again when the server says that the
            session has expired.
        http_client: an httpx2 client of your own; it is not closed with this one.
        timeout: seconds to wait for the server, unless a call says otherwise.
        options: settings for all calls.
        retry: how failed calls are repeated.

    Raises:
        ValueError: the address is no https address, or the token cannot be one.
    """

    def __init__(
        self,
        instance_url: str,
        *,
        token: str | Callable[[], str],
        http_client: httpx2.Client | None = None,
        timeout: float = 60.0,
        options: RequestOptions | None = None,
        retry: RetryPolicy | None = None,
    ) -> None:
        super().__init__(instance_url, timeout, options, retry)
        import httpx2

        from sf_connect.core.tokens import SyncTokens

        self._tokens = SyncTokens(token)

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
        return self._perform(self._call(operation, path, query, form, headers, body, parts, options))

    def follow(self, operation: Operation[T], address: str, options: RequestOptions | None = None) -> T:
        """Get an address that an earlier answer named, such as the next page, as it is.

        Args:
            operation: the operation whose answers the address gives.
            address: the address, relative to the instance or absolute.
            options: settings of this call.

        Raises:
            ForeignAddressError: the address lies outside the instance; the token is not sent there.
            ConnectError: the call failed.
        """
        return self._perform(self._follow(operation, address, options))

    def batch(self, *, halt_on_error: bool = False) -> Batch:
        """Collect calls that are sent together, up to 25 in a request.

        Args:
            halt_on_error: whether the calls after one that fails are not made.
        """
        from sf_connect.core.batch import Batch

        return Batch(self, halt_on_error=halt_on_error)

    def _perform(self, call: Call[T]) -> T:
        from sf_connect.core.calls import FAILURES

        while True:
            token = self._tokens.current()
            try:
                response = self._http.request(**call.arguments(token, asynchronous=False))
            except FAILURES as error:
                wait = call.wait_after_failure(error)
            else:
                if call.wants_new_token(response) and self._tokens.renew(token):
                    continue
                repeated_in = call.wait_after_answer(response)
                if repeated_in is None:
                    return call.result(response)
                wait = repeated_in
            time.sleep(wait)


class AsyncClient(_Client):
    """A client whose calls are awaited.

    Args:
        instance_url: the org's address, `https://acme.my.salesforce.com`.
        token: an access token, or a function, plain or async, that gives one; it is asked again when the server says
            that the session has expired.
        http_client: an httpx2 client of your own; it is not closed with this one.
        timeout: seconds to wait for the server, unless a call says otherwise.
        options: settings for all calls.
        retry: how failed calls are repeated.

    Raises:
        ValueError: the address is no https address, or the token cannot be one.
    """

    def __init__(
        self,
        instance_url: str,
        *,
        token: str | Callable[[], str] | Callable[[], Awaitable[str]],
        http_client: httpx2.AsyncClient | None = None,
        timeout: float = 60.0,
        options: RequestOptions | None = None,
        retry: RetryPolicy | None = None,
    ) -> None:
        super().__init__(instance_url, timeout, options, retry)
        import httpx2

        from sf_connect.core.tokens import AsyncTokens

        self._tokens = AsyncTokens(token)

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
        return await self._perform(self._call(operation, path, query, form, headers, body, parts, options))

    async def follow(self, operation: Operation[T], address: str, options: RequestOptions | None = None) -> T:
        """Get an address that an earlier answer named, such as the next page, as it is.

        Args:
            operation: the operation whose answers the address gives.
            address: the address, relative to the instance or absolute.
            options: settings of this call.

        Raises:
            ForeignAddressError: the address lies outside the instance; the token is not sent there.
            ConnectError: the call failed.
        """
        return await self._perform(self._follow(operation, address, options))

    def batch(self, *, halt_on_error: bool = False) -> AsyncBatch:
        """Collect calls that are sent together, up to 25 in a request.

        Args:
            halt_on_error: whether the calls after one that fails are not made.
        """
        from sf_connect.core.batch import AsyncBatch

        return AsyncBatch(self, halt_on_error=halt_on_error)

    async def _perform(self, call: Call[T]) -> T:
        import asyncio

        from sf_connect.core.calls import FAILURES

        while True:
            token = await self._tokens.current()
            try:
                response = await self._http.request(**call.arguments(token, asynchronous=True))
            except FAILURES as error:
                wait = call.wait_after_failure(error)
            else:
                if call.wants_new_token(response) and await self._tokens.renew(token):
                    continue
                repeated_in = call.wait_after_answer(response)
                if repeated_in is None:
                    return call.result(response)
                wait = repeated_in
            await asyncio.sleep(wait)
