"""Dispatchers send the calls of one client, by its session, API version and site: the senders of `senders.py`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Generic, Self, TypeVar, cast

from sf_connect.core.exceptions import CrossOriginError
from sf_connect.core.request.building import Request, build, build_for_url
from sf_connect.core.request.finalizing import finalize
from sf_connect.core.request.operations import Operation, Values
from sf_connect.core.request.options import RequestOptions, completed_options
from sf_connect.core.request.urls import own_url
from sf_connect.core.transport.calls import Call, Response
from sf_connect.core.transport.senders import Sender
from sf_connect.core.transport.sessions import AsyncSession, Session, SyncSession

T = TypeVar("T")
S = TypeVar("S", bound=Session)
_VERSION = "0.1.0"


class Dispatcher(Generic[S]):
    """Base of both dispatchers.

    Args:
        session: the session, which several dispatchers may share.
        api_version: the API version to call.
        retired_in: the release since which that version is retired, or None.
        site_id: the Experience Cloud site to call; None outside of sites.
    """

    def __init__(self, session: S, api_version: str, retired_in: str | None, site_id: str | None = None) -> None:
        self.session = session
        self.api_version = api_version
        self.retired_in = retired_in
        self.site_id = site_id

    @property
    def options(self) -> RequestOptions:
        """The default settings of all calls."""
        return self.session.settings.options

    @property
    def instance_url(self) -> str:
        """The URL of the org."""
        return self.session.settings.instance_url

    def with_site(self, site_id: str) -> Self:
        """A dispatcher of the same session for an Experience Cloud site."""
        return type(self)(self.session, self.api_version, self.retired_in, site_id)

    def for_version(self, api_version: str, retired_in: str | None) -> Self:
        """A dispatcher of the same session and site for another API version."""
        return type(self)(self.session, api_version, retired_in, self.site_id)

    def prepare(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        parts: Values | None = None,
        options: RequestOptions | None = None,
    ) -> Call[T]:
        """The call of an operation with its arguments, ready to be sent.

        Raises:
            ValueError: an argument cannot be sent.
        """
        merged = completed_options(options, self.options)
        request = build(operation, path, query, form, headers, body, parts, merged, self.api_version, self.site_id)
        return self._make_call(operation, request, None, merged)

    def prepare_url(self, operation: Operation[T], url: str, options: RequestOptions | None = None) -> Call[T]:
        """The call that gets a URL from a response, unchanged.

        Raises:
            CrossOriginError: the URL lies outside the instance.
            TypeError: it is not a str, such as None where a response names no URL.
            ValueError: it is empty.
        """
        value = cast("object", url)  # callers may be untyped
        if not isinstance(value, str):
            raise TypeError(
                f"{operation.name}: the URL is {type(value).__name__}, not a str: did the response name one?"
            )
        if not value:
            raise ValueError(f"{operation.name}: the URL is empty: did the response name one?")
        whole = own_url(self.instance_url, url)
        if whole is None:
            raise CrossOriginError(f"{operation.name}: a URL outside {self.instance_url} is not followed")
        merged = completed_options(options, self.options)
        return self._make_call(operation, build_for_url(whole, merged), whole, merged)

    def shares_session_with(self, other: Sender) -> bool:
        """Whether both call the same org with the same token, whatever their versions and sites."""
        theirs: object = getattr(other, "session", None)
        return theirs is self.session

    def check_rate_limit(self, call: Call[Any]) -> None:
        """Refuse a call that counts as more than the rate limiter ever allows at once.

        Raises:
            ValueError: it does.
        """
        self.session.check_rate_limit(call)

    def observe(self, call: Call[Any]) -> AbstractContextManager[None]:
        """What a call runs within: what the hook for calls returns."""
        return self.session.observe(call)

    def _make_call(
        self, operation: Operation[T], request: Request, url: str | None, options: RequestOptions
    ) -> Call[T]:
        session = self.session
        policy = options.retry_policy or session.settings.policy
        agent = f"sf-connect-core/{_VERSION} (API {self.api_version})"
        sent = finalize(operation, request, options, policy, agent)
        base = session.settings.instance_url
        whole = url or base + sent.target
        return Call(
            operation,
            sent,
            request.method,
            whole,
            base if url is None else None,
            options,
            policy,
            session.budget,
            self.api_version,
            self.retired_in,
            self.site_id,
        )


class SyncDispatcher(Dispatcher[SyncSession]):
    """Sends calls and waits for their responses."""

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
        """Send one call.

        Raises:
            SFConnectError: the call failed.
            ValueError: an argument cannot be sent.
        """
        return self.session.perform(self.prepare(operation, path, query, form, headers, body, parts, options))

    def receive(self, call: Call[Any], *, stream: bool = False) -> Response:
        """The final response to a call, an error response too; with `stream`, a successful one is still open.

        Raises:
            SFConnectError: there was no response.
        """
        return self.session.receive(call, stream=stream)

    def after_failure(self, call: Call[Any], error: Exception) -> None:
        """Wait before the retry of a call that got no whole response.

        Raises:
            SFConnectError: it may not be retried.
        """
        self.session.after_failure(call, error)


class AsyncDispatcher(Dispatcher[AsyncSession]):
    """Sends calls whose responses are awaited."""

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
        """Send one call.

        Raises:
            SFConnectError: the call failed.
            ValueError: an argument cannot be sent.
        """
        return await self.session.perform(self.prepare(operation, path, query, form, headers, body, parts, options))

    async def receive(self, call: Call[Any], *, stream: bool = False) -> Response:
        """The final response to a call, an error response too; with `stream`, a successful one is still open.

        Raises:
            SFConnectError: there was no response.
        """
        return await self.session.receive(call, stream=stream)

    async def after_failure(self, call: Call[Any], error: Exception) -> None:
        """Wait before the retry of a call that got no whole response.

        Raises:
            SFConnectError: it may not be retried.
        """
        await self.session.after_failure(call, error)
