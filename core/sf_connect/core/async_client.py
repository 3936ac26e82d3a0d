"""The client that generated asynchronous ones derive from; what it has in common with the other is in `base`.

httpx2 and msgspec are imported when a client is created, so that importing a package stays fast.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, TypeVar, Unpack, cast

from sf_connect.core.auth.client_mixins import hide_proxy, refuse_both
from sf_connect.core.auth.script_mixins import AsyncScriptLogins
from sf_connect.core.client_requests import AsyncRequests
from sf_connect.core.features.raw_responses import RawResponse
from sf_connect.core.request.operations import Operation
from sf_connect.core.request.options import TIMEOUT, TOTAL_TIMEOUT, RequestOptions

if TYPE_CHECKING:
    import os
    import ssl

    import httpx2

    from sf_connect.core.auth.login import Login
    from sf_connect.core.auth.settings import AsyncLoginSettings, AsyncSettings, SimpleSalesforce
    from sf_connect.core.features.batch import AsyncBatch
    from sf_connect.core.features.downloads import AsyncDownload
    from sf_connect.core.request.retry_policy import RetryPolicy
    from sf_connect.core.transport.hooks import Hooks
    from sf_connect.core.transport.rate_limits import RateLimiter

T = TypeVar("T")
OwnAsync = TypeVar("OwnAsync", bound="AsyncClient")
P = ParamSpec("P")


class AsyncClient(AsyncRequests, AsyncScriptLogins):
    """A client whose calls are awaited. Its class methods `with_…` and `from_…` log in."""

    def __init__(
        self,
        instance_url: str,
        *,
        token: str | Callable[[], str] | Callable[[], Awaitable[str]],
        http_client: httpx2.AsyncClient | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        limits: httpx2.Limits | None = None,
        verify: bool | str | os.PathLike[str] | ssl.SSLContext = True,
        proxy: str | None = None,
        timeout: float | httpx2.Timeout = TIMEOUT,
        total_timeout: float | None = TOTAL_TIMEOUT,
        options: RequestOptions | None = None,
        retry_policy: RetryPolicy | None = None,
        rate_limiter: RateLimiter | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        """A client with a token, or with a function that returns one.

        Args:
            instance_url: the org's URL, `https://acme.my.salesforce.com`, or a site's,
                `https://acme.my.site.com/shop`.
            token: an access token, or a function, plain or async, that returns one; it is called again when the server
                says that the session has expired.
            http_client: an httpx2 client of your own; closing this client does not close it.
            transport: an httpx2 transport of your own, for the httpx2 client that this client opens and closes.
            limits: how many connections there may be, and how long idle ones are kept open.
            verify: whom TLS trusts: a file or folder of certificate authorities in place of the usual ones, an
                `ssl.SSLContext`, or False for everybody, which is for tests alone.
            proxy: the URL of a proxy, `http://user:password@proxy.example:3128`, for all calls and logins; by default
                what the environment says (`HTTPS_PROXY`, `NO_PROXY`).
            timeout: seconds to wait for the server, or an `httpx2.Timeout`, unless a call sets another one.
            total_timeout: seconds from a call's first attempt within which it must end, unless a call sets another;
                None for no limit.
            options: default settings for all calls.
            retry_policy: how failed calls are retried.
            rate_limiter: keeps calls within the hourly rate limit of the API.
            hooks: functions, plain or async, that are called at every attempt.

        Raises:
            TypeError: a setting is of a wrong type.
            ValueError: the URL is not an https URL, the token is not valid, or another setting cannot be used.
        """
        # Late: they import httpx2.
        from sf_connect.core.transport.connections import Network
        from sf_connect.core.transport.dispatchers import AsyncDispatcher
        from sf_connect.core.transport.opening import open_async
        from sf_connect.core.transport.secrets import hidden_text
        from sf_connect.core.transport.tokens import hold

        held, hidden_proxy = hold(token), hidden_text(proxy)
        del token, proxy  # a tool that records locals would show them
        refuse_both(http_client, transport, limits, verify, hidden_proxy)
        network = Network.of(limits, verify, hidden_proxy)
        settings = self._settings(instance_url, timeout, total_timeout, options, retry_policy, rate_limiter, hooks)
        session, self._owns_http = open_async(settings, http_client, transport, network, held)
        self._dispatcher = AsyncDispatcher(session, self.api_version, self.retired_in)

    @classmethod
    async def with_login(cls: type[OwnAsync], login: Login, **settings: Unpack[AsyncLoginSettings]) -> OwnAsync:
        """Log in with any `Login`, such as one of your own; it is run again whenever the token has expired.

        Args:
            login: the login.
            settings: those of the constructor; `instance_url` overrides the URL that the login returns.

        Raises:
            LoginError: the login was refused.
            APIConnectionError: the server did not respond.
        """
        hide_proxy(settings)
        from sf_connect.core.auth.token_refresh import log_in_async  # late: it imports httpx2

        client, owns_http = await log_in_async(cls, login, settings)
        client._owns_http = owns_http
        return client

    @classmethod
    def from_simple_salesforce(
        cls: type[OwnAsync], session: SimpleSalesforce, **settings: Unpack[AsyncSettings]
    ) -> OwnAsync:
        """Use an open session of simple-salesforce, and its current session id at every call.

        Args:
            session: the session, `simple_salesforce.Salesforce(…)`.
            settings: those of the constructor.
        """
        hide_proxy(settings)
        from sf_connect.core.auth.settings import instance_url_of  # late: it imports urllib.parse

        return cls(instance_url_of(session), token=lambda: session.session_id, **settings)

    @classmethod
    def anonymous(
        cls: type[OwnAsync],
        url: str,
        *,
        cookies: str | os.PathLike[str] | None = None,
        **settings: Unpack[AsyncSettings],
    ) -> OwnAsync:
        """A client for guests, as `SyncClient.anonymous`; nothing is awaited.

        Args:
            url: a storefront's API, `https://acme.my.site.com/webruntime/api`, or a site.
            cookies: a file from which the cookies are loaded, if it exists.
            settings: those of the constructor.
        """
        hide_proxy(settings)
        # Late: they import httpx2 and pathlib.
        from sf_connect.core.transport.cookies import Cookies
        from sf_connect.core.transport.tokens import Nobody

        return cls(url, token=cast("str", Nobody(Cookies(url, cookies))), **settings)

    @classmethod
    def from_client(cls: type[OwnAsync], client: AsyncClient) -> OwnAsync:
        """A client of this version that shares another client's token, connection, rate limiter and hooks.

        Args:
            client: the other client, of any version; closing it closes this one too.
        """
        from sf_connect.core.exceptions import warn_if_retired  # late: it imports json

        warn_if_retired(cls.api_version, cls.retired_in)
        return cls._sharing(client._dispatcher.for_version(cls.api_version, cls.retired_in))

    async def __aenter__(self: OwnAsync) -> OwnAsync:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection, unless it is your own or another client's."""
        if self._owns_http and (http := self._dispatcher.session.connection.taken()) is not None:
            await http.aclose()

    async def follow_url(
        self, operation: Operation[T] | Callable[..., Awaitable[T]], url: str, options: RequestOptions | None = None
    ) -> T:
        """Get a URL from a response, unchanged: `await client.follow_url(client.chatter.users.get, user.url)`.

        Args:
            operation: the operation whose response type the URL returns, as a method of a client, which sends the call.
            url: the URL, relative to the instance or absolute.
            options: settings of this call.

        Raises:
            CrossOriginError: the URL lies outside the instance; the token is not sent there.
            SFConnectError: the call failed.
            TypeError: it is not an operation, or one that iterates over pages.
        """
        from sf_connect.core.features.call_recording import operation_of  # late: it imports httpx2

        dispatcher, described = operation_of(self._dispatcher, operation)
        call = dispatcher.prepare_url(described, url, options)
        return cast("T", call.result(await dispatcher.receive(call)))

    def batch(self, *, halt_on_error: bool = False) -> AsyncBatch:
        """Collect calls that are sent together, up to 25 in a request.

        Args:
            halt_on_error: whether to skip the calls after one that fails.
        """
        from sf_connect.core.features.batch import AsyncBatch  # late: it imports msgspec

        return AsyncBatch(self._dispatcher, halt_on_error=halt_on_error)

    async def raw(self, operation: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """Call an operation and get the raw response: `await client.raw(client.chatter.users.get, "me")`.

        An error response raises nothing until it is parsed.

        Args:
            operation: the operation; its own client sends it.
            args: its arguments.
            kwargs: its arguments by name.

        Raises:
            APIConnectionError: there was no response.
            TypeError: it is not an operation, or one that iterates over pages.
        """
        from sf_connect.core.features.call_recording import prepare_call  # late: it imports httpx2

        dispatcher, call = prepare_call(type(self._dispatcher), operation, args, kwargs)
        return RawResponse(call, await dispatcher.receive(call))

    def download(self, operation: Callable[P, Awaitable[bytes]], /, *args: P.args, **kwargs: P.kwargs) -> AsyncDownload:
        """Stream a binary response: `await client.download(client.files.files.download, file_id).to("a.pdf")`.

        Nothing is sent before you call `read`, `to` or `open` on the result.

        Args:
            operation: an operation that returns bytes; its own client sends it.
            args: its arguments.
            kwargs: its arguments by name.
        """
        # Late: they import httpx2.
        from sf_connect.core.features.call_recording import dispatcher_of, prepare_call
        from sf_connect.core.features.downloads import AsyncDownload

        dispatcher = dispatcher_of(type(self._dispatcher), operation)
        return AsyncDownload(dispatcher, lambda: prepare_call(type(self._dispatcher), operation, args, kwargs)[1])

    def download_from(self, url: str, options: RequestOptions | None = None) -> AsyncDownload:
        """Get the content of a URL from a response, such as a photo or a version of a file.

        Args:
            url: the URL, relative to the instance or absolute.
            options: settings of this call.

        Raises:
            CrossOriginError: the URL lies outside the instance; the token is not sent there.
        """
        from sf_connect.core.features.downloads import BINARY, AsyncDownload  # late: it imports httpx2

        dispatcher = self._dispatcher
        return AsyncDownload(dispatcher, lambda: dispatcher.prepare_url(BINARY, url, options))
