"""The clients that generated ones derive from: they hold a session and a site, and send.

httpx2 and msgspec are imported when a client is made, so that importing a package stays fast.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, Unpack, cast

from sf_connect.core.base import SECONDS, TOTAL_SECONDS, Client, one_of
from sf_connect.core.login.on_clients import (
    AsyncLogins,
    AsyncLoginSettings,
    AsyncSettings,
    SimpleSalesforce,
    SyncLogins,
    SyncLoginSettings,
    SyncSettings,
    address_of,
)
from sf_connect.core.operations import AsyncGroup, Operation, RequestOptions, SyncGroup, Values

if TYPE_CHECKING:
    import httpx2

    from sf_connect.core.batch import AsyncBatch, Batch
    from sf_connect.core.calls import Call
    from sf_connect.core.downloads import AsyncDownload, Download
    from sf_connect.core.hooks import Hooks
    from sf_connect.core.limits import RateLimiter
    from sf_connect.core.login.session import Login
    from sf_connect.core.raw import RawResponse
    from sf_connect.core.retries import RetryPolicy
    from sf_connect.core.sessions import AsyncSession, SyncSession  # noqa: F401 - the bases name them

T = TypeVar("T")
OwnSync = TypeVar("OwnSync", bound="SyncClient")
OwnAsync = TypeVar("OwnAsync", bound="AsyncClient")
P = ParamSpec("P")


class SyncClient(Client["SyncSession"], SyncLogins):
    """A client whose calls wait for their answer. Its class methods `with_…` and `from_…` log in."""

    def __init__(
        self,
        instance_url: str,
        *,
        token: str | Callable[[], str],
        http_client: httpx2.Client | None = None,
        transport: httpx2.BaseTransport | None = None,
        timeout: float | httpx2.Timeout = SECONDS,
        total_timeout: float | None = TOTAL_SECONDS,
        options: RequestOptions | None = None,
        retry_policy: RetryPolicy | None = None,
        rate_limiter: RateLimiter | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        """A client with a token, or a function that gives one.

        Args:
            instance_url: the org's address, `https://acme.my.salesforce.com`, or a site's,
                `https://acme.my.site.com/shop`.
            token: an access token, or a function that gives one; it is asked again when the server says that the
                session has expired.
            http_client: an httpx2 client of your own; it is not closed with this one.
            transport: an httpx2 transport of your own, for a client that is made and closed here.
            timeout: seconds to wait for the server, or an `httpx2.Timeout`, unless a call says otherwise.
            total_timeout: seconds from a call's first attempt within which it may be retried, unless a call says
                otherwise; None for no limit.
            options: settings for all calls.
            retry_policy: how failed calls are repeated.
            rate_limiter: keeps calls within the hourly allocation.
            hooks: functions that are told of every attempt.

        Raises:
            ValueError: the address is no https address, or the token cannot be one.
        """
        import httpx2

        from sf_connect.core.sending import no_cookies
        from sf_connect.core.sessions import SyncSession
        from sf_connect.core.tokens import SyncTokens

        one_of(http_client, transport)
        settings, tokens = self._settings(
            instance_url, timeout, total_timeout, options, retry_policy, rate_limiter, hooks
        ), SyncTokens(token)
        self._owns_http = http_client is None
        http = http_client or httpx2.Client(transport=transport, cookies=no_cookies())
        self._session = SyncSession(settings, http, tokens)

    @classmethod
    def with_login(cls: type[OwnSync], login: Login, **settings: Unpack[SyncLoginSettings]) -> OwnSync:
        """Log in, in a way of your choice or making; the token is renewed in the same way.

        Args:
            login: the way.
            settings: those of the constructor; `instance_url` calls another address than the login returns.

        Raises:
            LoginError: the login was refused.
            APIConnectionError: the server did not answer.
        """
        from sf_connect.core.login.renewing import logged_in

        made, owns_http = logged_in(cls, login, settings)
        made._owns_http = owns_http
        return made

    @classmethod
    def from_simple_salesforce(
        cls: type[OwnSync], session: SimpleSalesforce, **settings: Unpack[SyncSettings]
    ) -> OwnSync:
        """Use the open session of simple-salesforce, and whatever session id it has later.

        Args:
            session: the session, `simple_salesforce.Salesforce(…)`.
            settings: those of the constructor.
        """
        return cls(address_of(session), token=lambda: session.session_id, **settings)

    @classmethod
    def from_client(cls: type[OwnSync], client: SyncClient) -> OwnSync:
        """A client of this version in the session of another: same token, connection, limiter and hooks.

        Args:
            client: the other client, of any version; closing it ends this one too.
        """
        from sf_connect.core.exceptions import warn_if_retired

        warn_if_retired(cls.api_version, cls.retired_in)
        return cls._sharing(client._session, client._site)

    def __enter__(self: OwnSync) -> OwnSync:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, unless it is your own or another client's."""
        if self._owns_http:
            self._session.http.close()

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
            SFConnectError: the call failed.
            ValueError: an argument cannot be sent.
        """
        return self._session.perform(self.prepare(operation, path, query, form, headers, body, parts, options))

    def follow_url(
        self, operation: Operation[T] | Callable[..., T], address: str, options: RequestOptions | None = None
    ) -> T:
        """Get an address that an answer named, as it is: `client.follow_url(client.chatter.users.get, user.url)`.

        Args:
            operation: the operation whose answers the address gives, as a method of a client, which then sends it.
            address: the address, relative to the instance or absolute.
            options: settings of this call.

        Raises:
            CrossOriginError: the address lies outside the instance; the token is not sent there.
            SFConnectError: the call failed.
            TypeError: it is no operation that makes a single call.
        """
        from sf_connect.core.capturing import described

        client, description = described(self, SyncGroup, operation)
        return cast("T", client._session.perform(client.prepare_address(description, address, options)))

    def batch(self, *, halt_on_error: bool = False) -> Batch:
        """Collect calls that are sent together, up to 25 in a request.

        Args:
            halt_on_error: whether the calls after one that fails are not made.
        """
        from sf_connect.core.batch import Batch

        return Batch(self, halt_on_error=halt_on_error)

    def raw(self, operation: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """Call an operation and get the answer as it came: `client.raw(client.chatter.users.get, "me")`.

        An answer that is an error raises nothing until it is parsed.

        Args:
            operation: the operation; its own client sends it.
            args: its arguments.
            kwargs: its arguments by name.

        Raises:
            APIConnectionError: no answer came.
            TypeError: it is no operation that makes a single call.
        """
        from sf_connect.core.capturing import captured, client_of
        from sf_connect.core.raw import RawResponse

        call = captured(operation, args, kwargs)
        return RawResponse(call, cast("SyncClient", client_of(operation))._session.answered(call))

    def download(self, operation: Callable[P, bytes], /, *args: P.args, **kwargs: P.kwargs) -> Download:
        """Get a binary answer in pieces: `client.download(client.files.files.download, file_id).to("a.pdf")`.

        Nothing is sent until you say where it shall go.

        Args:
            operation: an operation that returns bytes; its own client sends it.
            args: its arguments.
            kwargs: its arguments by name.
        """
        from sf_connect.core.capturing import captured, client_of
        from sf_connect.core.downloads import Download

        session = cast("SyncClient", client_of(operation))._session
        return Download(session, lambda: captured(operation, args, kwargs))

    def download_from(self, address: str, options: RequestOptions | None = None) -> Download:
        """Get the content of an address that an answer named, such as a photo or a version of a file, as it is.

        Args:
            address: the address, relative to the instance or absolute.
            options: settings of this call.

        Raises:
            CrossOriginError: the address lies outside the instance; the token is not sent there.
        """
        from sf_connect.core.downloads import BINARY, Download

        return Download(self._session, lambda: self.prepare_address(BINARY, address, options))


class AsyncClient(Client["AsyncSession"], AsyncLogins):
    """A client whose calls are awaited. Its class methods `with_…` and `from_…` log in."""

    def __init__(
        self,
        instance_url: str,
        *,
        token: str | Callable[[], str] | Callable[[], Awaitable[str]],
        http_client: httpx2.AsyncClient | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        timeout: float | httpx2.Timeout = SECONDS,
        total_timeout: float | None = TOTAL_SECONDS,
        options: RequestOptions | None = None,
        retry_policy: RetryPolicy | None = None,
        rate_limiter: RateLimiter | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        """A client with a token, or a function that gives one.

        Args:
            instance_url: the org's address, `https://acme.my.salesforce.com`, or a site's,
                `https://acme.my.site.com/shop`.
            token: an access token, or a function, plain or async, that gives one; it is asked again when the server
                says that the session has expired.
            http_client: an httpx2 client of your own; it is not closed with this one.
            transport: an httpx2 transport of your own, for a client that is made and closed here.
            timeout: seconds to wait for the server, or an `httpx2.Timeout`, unless a call says otherwise.
            total_timeout: seconds from a call's first attempt within which it may be retried, unless a call says
                otherwise; None for no limit.
            options: settings for all calls.
            retry_policy: how failed calls are repeated.
            rate_limiter: keeps calls within the hourly allocation.
            hooks: functions, plain or async, that are told of every attempt.

        Raises:
            ValueError: the address is no https address, or the token cannot be one.
        """
        import httpx2

        from sf_connect.core.sending import no_cookies
        from sf_connect.core.sessions import AsyncSession
        from sf_connect.core.tokens import AsyncTokens

        one_of(http_client, transport)
        settings, tokens = self._settings(
            instance_url, timeout, total_timeout, options, retry_policy, rate_limiter, hooks
        ), AsyncTokens(token)
        self._owns_http = http_client is None
        http = http_client or httpx2.AsyncClient(transport=transport, cookies=no_cookies())
        self._session = AsyncSession(settings, http, tokens)

    @classmethod
    async def with_login(cls: type[OwnAsync], login: Login, **settings: Unpack[AsyncLoginSettings]) -> OwnAsync:
        """Log in, in a way of your choice or making; the token is renewed in the same way.

        Args:
            login: the way.
            settings: those of the constructor; `instance_url` calls another address than the login returns.

        Raises:
            LoginError: the login was refused.
            APIConnectionError: the server did not answer.
        """
        from sf_connect.core.login.renewing import logged_in_async

        made, owns_http = await logged_in_async(cls, login, settings)
        made._owns_http = owns_http
        return made

    @classmethod
    def from_simple_salesforce(
        cls: type[OwnAsync], session: SimpleSalesforce, **settings: Unpack[AsyncSettings]
    ) -> OwnAsync:
        """Use the open session of simple-salesforce, and whatever session id it has later.

        Args:
            session: the session, `simple_salesforce.Salesforce(…)`.
            settings: those of the constructor.
        """
        return cls(address_of(session), token=lambda: session.session_id, **settings)

    @classmethod
    def from_client(cls: type[OwnAsync], client: AsyncClient) -> OwnAsync:
        """A client of this version in the session of another: same token, connection, limiter and hooks.

        Args:
            client: the other client, of any version; closing it ends this one too.
        """
        from sf_connect.core.exceptions import warn_if_retired

        warn_if_retired(cls.api_version, cls.retired_in)
        return cls._sharing(client._session, client._site)

    async def __aenter__(self: OwnAsync) -> OwnAsync:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection, unless it is your own or another client's."""
        if self._owns_http:
            await self._session.http.aclose()

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
            SFConnectError: the call failed.
            ValueError: an argument cannot be sent.
        """
        return await self._session.perform(self.prepare(operation, path, query, form, headers, body, parts, options))

    async def follow_url(
        self, operation: Operation[T] | Callable[..., Awaitable[T]], address: str, options: RequestOptions | None = None
    ) -> T:
        """Get an address that an answer named, as it is: `await client.follow_url(client.chatter.users.get, user.url)`.

        Args:
            operation: the operation whose answers the address gives, as a method of a client, which then sends it.
            address: the address, relative to the instance or absolute.
            options: settings of this call.

        Raises:
            CrossOriginError: the address lies outside the instance; the token is not sent there.
            SFConnectError: the call failed.
            TypeError: it is no operation that makes a single call.
        """
        from sf_connect.core.capturing import described

        client, description = described(self, AsyncGroup, operation)
        return await client._session.perform(client.prepare_address(description, address, options))

    def batch(self, *, halt_on_error: bool = False) -> AsyncBatch:
        """Collect calls that are sent together, up to 25 in a request.

        Args:
            halt_on_error: whether the calls after one that fails are not made.
        """
        from sf_connect.core.batch import AsyncBatch

        return AsyncBatch(self, halt_on_error=halt_on_error)

    async def raw(self, operation: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """Call an operation and get the answer as it came: `await client.raw(client.chatter.users.get, "me")`.

        An answer that is an error raises nothing until it is parsed.

        Args:
            operation: the operation; its own client sends it.
            args: its arguments.
            kwargs: its arguments by name.

        Raises:
            APIConnectionError: no answer came.
            TypeError: it is no operation that makes a single call.
        """
        from sf_connect.core.capturing import captured_async, client_of
        from sf_connect.core.raw import RawResponse

        call = await captured_async(operation, args, kwargs)
        return RawResponse(call, await cast("AsyncClient", client_of(operation))._session.answered(call))

    def download(self, operation: Callable[P, Awaitable[bytes]], /, *args: P.args, **kwargs: P.kwargs) -> AsyncDownload:
        """Get a binary answer in pieces: `await client.download(client.files.files.download, id).to("a.pdf")`.

        Nothing is sent until you say where it shall go.

        Args:
            operation: an operation that returns bytes; its own client sends it.
            args: its arguments.
            kwargs: its arguments by name.
        """
        from sf_connect.core.capturing import captured_async, client_of
        from sf_connect.core.downloads import AsyncDownload

        session = cast("AsyncClient", client_of(operation))._session
        return AsyncDownload(session, lambda: captured_async(operation, args, kwargs))

    def download_from(self, address: str, options: RequestOptions | None = None) -> AsyncDownload:
        """Get the content of an address that an answer named, such as a photo or a version of a file, as it is.

        Args:
            address: the address, relative to the instance or absolute.
            options: settings of this call.

        Raises:
            CrossOriginError: the address lies outside the instance; the token is not sent there.
        """
        from sf_connect.core.downloads import BINARY, AsyncDownload

        async def prepare() -> Call[Any]:
            return self.prepare_address(BINARY, address, options)

        return AsyncDownload(self._session, prepare)
