"""The client that generated synchronous ones derive from.

httpx2 and msgspec are imported when a client is created, so that importing a package stays fast.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, TypeVar, Unpack, cast

from sf_connect.core.auth.client_mixins import hide_proxy, refuse_both
from sf_connect.core.auth.script_mixins import SyncScriptLogins
from sf_connect.core.client_requests import SyncRequests
from sf_connect.core.features.raw_responses import RawResponse
from sf_connect.core.request.operations import Operation
from sf_connect.core.request.options import TIMEOUT, TOTAL_TIMEOUT, RequestOptions

if TYPE_CHECKING:
    import os
    import ssl

    import httpx2

    from sf_connect.core.auth.login import Login
    from sf_connect.core.auth.settings import SimpleSalesforce, SyncLoginSettings, SyncSettings
    from sf_connect.core.features.batch import Batch
    from sf_connect.core.features.downloads import Download
    from sf_connect.core.request.retry_policy import RetryPolicy
    from sf_connect.core.transport.hooks import Hooks
    from sf_connect.core.transport.rate_limits import RateLimiter

T = TypeVar("T")
OwnSync = TypeVar("OwnSync", bound="SyncClient")
P = ParamSpec("P")


class SyncClient(SyncRequests, SyncScriptLogins):
    """A client whose calls wait for their response. Its class methods `with_…` and `from_…` log in."""

    def __init__(
        self,
        instance_url: str,
        *,
        token: str | Callable[[], str],
        http_client: httpx2.Client | None = None,
        transport: httpx2.BaseTransport | None = None,
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
            token: an access token, or a function that returns one; it is called again when the server says that the
                session has expired.
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
            hooks: functions that are called at every attempt.

        Raises:
            TypeError: a setting is of a wrong type.
            ValueError: the URL is not an https URL, the token is not valid, or another setting cannot be used.
        """
        # Late: they import httpx2.
        from sf_connect.core.transport.connections import Network
        from sf_connect.core.transport.dispatchers import SyncDispatcher
        from sf_connect.core.transport.opening import open_sync
        from sf_connect.core.transport.secrets import hidden_text
        from sf_connect.core.transport.tokens import hold

        held, hidden_proxy = hold(token), hidden_text(proxy)
        del token, proxy  # a tool that records locals would show them
        refuse_both(http_client, transport, limits, verify, hidden_proxy)
        network = Network.of(limits, verify, hidden_proxy)
        settings = self._settings(instance_url, timeout, total_timeout, options, retry_policy, rate_limiter, hooks)
        session, self._owns_http = open_sync(settings, http_client, transport, network, held)
        self._dispatcher = SyncDispatcher(session, self.api_version, self.retired_in)

    @classmethod
    def with_login(cls: type[OwnSync], login: Login, **settings: Unpack[SyncLoginSettings]) -> OwnSync:
        """Log in with any `Login`, such as one of your own; it is run again whenever the token has expired.

        Args:
            login: the login.
            settings: those of the constructor; `instance_url` overrides the URL that the login returns.

        Raises:
            LoginError: the login was refused.
            APIConnectionError: the server did not respond.
        """
        hide_proxy(settings)
        from sf_connect.core.auth.token_refresh import log_in  # late: it imports httpx2

        client, owns_http = log_in(cls, login, settings)
        client._owns_http = owns_http
        return client

    @classmethod
    def from_simple_salesforce(
        cls: type[OwnSync], session: SimpleSalesforce, **settings: Unpack[SyncSettings]
    ) -> OwnSync:
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
        cls: type[OwnSync],
        url: str,
        *,
        cookies: str | os.PathLike[str] | None = None,
        **settings: Unpack[SyncSettings],
    ) -> OwnSync:
        """A client for guests: it sends no Authorization, and keeps the cookies that the site sets, as a browser does.

        A guest's cart belongs to the cookies: `client.cookies.save(path)` keeps it for another run.

        Args:
            url: a storefront's API, `https://acme.my.site.com/webruntime/api`, or a site.
            cookies: a file from which the cookies are loaded, if it exists.
            settings: those of the constructor.

        Raises:
            ValueError: the URL is not an https URL, or the file holds no cookies.
            OSError: the file cannot be read.
        """
        hide_proxy(settings)
        # Late: they import httpx2 and pathlib.
        from sf_connect.core.transport.cookies import Cookies
        from sf_connect.core.transport.tokens import Nobody

        return cls(url, token=cast("str", Nobody(Cookies(url, cookies))), **settings)

    @classmethod
    def from_client(cls: type[OwnSync], client: SyncClient) -> OwnSync:
        """A client of this version that shares another client's token, connection, rate limiter and hooks.

        Args:
            client: the other client, of any version; closing it closes this one too.
        """
        from sf_connect.core.exceptions import warn_if_retired  # late: it imports json

        warn_if_retired(cls.api_version, cls.retired_in)
        return cls._sharing(client._dispatcher.for_version(cls.api_version, cls.retired_in))

    def __enter__(self: OwnSync) -> OwnSync:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, unless it is your own or another client's."""
        if self._owns_http and (http := self._dispatcher.session.connection.taken()) is not None:
            http.close()

    def follow_url(
        self, operation: Operation[T] | Callable[..., T], url: str, options: RequestOptions | None = None
    ) -> T:
        """Get a URL from a response, unchanged: `client.follow_url(client.chatter.users.get, user.url)`.

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
        return cast("T", call.result(dispatcher.receive(call)))

    def batch(self, *, halt_on_error: bool = False) -> Batch:
        """Collect calls that are sent together, up to 25 in a request.

        Args:
            halt_on_error: whether to skip the calls after one that fails.
        """
        from sf_connect.core.features.batch import Batch  # late: it imports msgspec

        return Batch(self._dispatcher, halt_on_error=halt_on_error)

    def raw(self, operation: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """Call an operation and get the raw response: `client.raw(client.chatter.users.get, "me")`.

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
        return RawResponse(call, dispatcher.receive(call))

    def download(self, operation: Callable[P, bytes], /, *args: P.args, **kwargs: P.kwargs) -> Download:
        """Stream a binary response: `client.download(client.files.files.download, file_id).to("a.pdf")`.

        Nothing is sent before you call `read`, `to` or `open` on the result.

        Args:
            operation: an operation that returns bytes; its own client sends it.
            args: its arguments.
            kwargs: its arguments by name.
        """
        # Late: they import httpx2.
        from sf_connect.core.features.call_recording import dispatcher_of, prepare_call
        from sf_connect.core.features.downloads import Download

        dispatcher = dispatcher_of(type(self._dispatcher), operation)
        return Download(dispatcher, lambda: prepare_call(type(self._dispatcher), operation, args, kwargs)[1])

    def download_from(self, url: str, options: RequestOptions | None = None) -> Download:
        """Get the content of a URL from a response, such as a photo or a version of a file.

        Args:
            url: the URL, relative to the instance or absolute.
            options: settings of this call.

        Raises:
            CrossOriginError: the URL lies outside the instance; the token is not sent there.
        """
        from sf_connect.core.features.downloads import BINARY, Download  # late: it imports httpx2

        dispatcher = self._dispatcher
        return Download(dispatcher, lambda: dispatcher.prepare_url(BINARY, url, options))
