"""Sessions, each of one user at one org: they hold connection, token, rate limiter and hooks, and run the attempts.

Several clients may share one: those of sites, and those of other API versions.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import AbstractContextManager, suppress
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import httpx2

from sf_connect.core.exceptions import LocalRateLimitError
from sf_connect.core.request.options import RequestOptions
from sf_connect.core.request.retry_policy import RetryPolicy
from sf_connect.core.transport import error_hints, server_versions
from sf_connect.core.transport.calls import FAILURES, Call, Response
from sf_connect.core.transport.connections import Connection
from sf_connect.core.transport.deadlines import current
from sf_connect.core.transport.frames import drop_frames
from sf_connect.core.transport.hooks import Hooks
from sf_connect.core.transport.httpx_requests import add_headers
from sf_connect.core.transport.observing import UNOBSERVED, await_hook, observed, refuse_awaitable
from sf_connect.core.transport.rate_limits import RateLimiter
from sf_connect.core.transport.reading import ERROR_BYTES, TooLargeError, read_pieces, read_pieces_async
from sf_connect.core.transport.retries import RetryBudget
from sf_connect.core.transport.secrets import Token
from sf_connect.core.transport.tokens import AsyncTokens, SyncTokens, TokenTimeoutError

if TYPE_CHECKING:
    from sf_connect.core.transport.cookies import Cookies

T = TypeVar("T")
_UNAUTHORIZED = 401
_PROXY_UNAUTHORIZED = 407
_log = logging.getLogger("sf_connect")


class Settings(NamedTuple):
    """The settings of a session.

    Args:
        instance_url: the URL of the org.
        options: settings for all calls.
        policy: how failed calls are retried.
        rate_limiter: the rate limiter, or None.
        hooks: the hooks; none by default.
    """

    instance_url: str
    options: RequestOptions
    policy: RetryPolicy
    rate_limiter: RateLimiter | None = None
    hooks: Hooks = Hooks()


class Session:
    """The base of both sessions."""

    def __init__(self, settings: Settings, cookies: Cookies | None = None) -> None:
        self.settings = settings
        self.cookies = cookies
        self.hooks = settings.hooks
        self.budget = RetryBudget(settings.policy.budget)

    def observe(self, call: Call[Any]) -> AbstractContextManager[None]:
        """What a call runs within: what the hook for calls returns, once a call."""
        hook = self.hooks.call
        return UNOBSERVED if hook is None or call.is_observed else observed(call, hook)

    def check_rate_limit(self, call: Call[Any]) -> None:
        """Refuse a call that counts as more than the rate limiter ever allows at once.

        Raises:
            ValueError: it does.
        """
        if (limiter := self._rate_limiter_of(call)) is not None:
            limiter.check(call.operation.counts)

    def _rate_limiter_of(self, call: Call[Any]) -> RateLimiter | None:
        """The rate limiter for a call, None for a call that does not count."""
        return self.settings.rate_limiter if call.operation.requires_chatter else None

    @staticmethod
    def _hint(call: Call[Any], status: int, of_tokens: str | None) -> str | None:
        """What a session knows about the cause of an error response; None for what its status says alone."""
        if status == _UNAUTHORIZED:
            return of_tokens
        if status == _PROXY_UNAUTHORIZED:
            return error_hints.for_proxy(call.proxy_of(call.url))
        return None


class SyncSession(Session):
    """A session whose calls wait for their response."""

    def __init__(
        self,
        settings: Settings,
        connection: Connection[httpx2.Client],
        tokens: SyncTokens,
        cookies: Cookies | None = None,
    ) -> None:
        super().__init__(settings, cookies)
        self.connection = connection
        self.tokens = tokens
        self.versions = server_versions.SyncVersions(settings.instance_url, connection)

    def perform(self, call: Call[T]) -> T:
        """Send a call, with retries; its result.

        Raises:
            SFConnectError: the call failed.
        """
        with self.observe(call):
            return call.result(self.receive(call))

    def receive(self, call: Call[Any], *, stream: bool = False) -> Response:
        """The final response to a call, an error response too; with `stream`, a successful one is still open.

        Raises:
            SFConnectError: there is no response.
        """
        before = current.deadline
        try:
            with self.observe(call):
                return self._receive(call, stream=stream)
        finally:
            current.deadline = before

    def _receive(self, call: Call[Any], *, stream: bool) -> Response:
        outer = current.deadline
        while True:
            self._wait_for_rate_limiter(call)
            call.begin()
            call.check_time()
            current.deadline = min(outer, call.deadline)
            token = self._token(call)
            try:
                response = self._attempt(call, token, stream=stream)
            except FAILURES as error:
                if call.is_from_caller(error):
                    raise
                self.after_failure(call, error)
                continue
            if call.wants_token_refresh(response) and self._refresh(call, token) and call.can_be_resent:
                self._pause(call, 0.0, "a new token")
                continue
            delay = call.delay_after_response(response)
            if delay is None:
                if response.status in server_versions.STATUSES:
                    self.versions.explain(call, response.status)
                else:
                    call.hint = self._hint(call, response.status, self.tokens.hint)
                self._report_unknown(call, response)
                return response
            self._pause(call, delay, str(response.status))

    def _token(self, call: Call[Any]) -> Token:
        try:
            return self.tokens.current()
        except TokenTimeoutError:
            raise call.overdue() from None

    def _refresh(self, call: Call[Any], token: Token) -> bool:
        try:
            return self.tokens.refresh(token)
        except TokenTimeoutError:
            raise call.overdue() from None

    def _wait_for_rate_limiter(self, call: Call[Any]) -> None:
        """Wait until the rate limiter allows the next attempt, maybe an hour; only then is the token read.

        Raises:
            LocalRateLimitError: it would take longer than the rate limiter allows.
        """
        if (limiter := self._rate_limiter_of(call)) is not None:
            try:
                limiter.acquire(call.operation.counts)
            except LocalRateLimitError as error:
                raise call.with_context(error) from None

    def after_failure(self, call: Call[Any], error: Exception) -> None:
        """Wait before the retry of a call that got no response, or not a whole one.

        Raises:
            SFConnectError: it may not be retried.
        """
        failure = type(error).__name__
        if self.hooks.response is not None:
            refuse_awaitable(self.hooks.response(call.failure_event(failure)))
        self._pause(call, call.delay_after_failure(error), failure)

    def _attempt(self, call: Call[Any], token: Token, *, stream: bool) -> Response:
        http = self.connection.http
        request, content = _build(self.connection, call, token, self.cookies, asynchronous=False)
        if self.hooks.request is not None:
            with call.in_caller_code():
                refuse_awaitable(self.hooks.request(event := call.request_event()))
                add_headers(request, event.extra_headers)
        try:
            response = http.send(request, stream=True, auth=None, follow_redirects=False)
        except BaseException as error:
            drop_frames(error)
            raise
        finally:
            if isinstance(content, Generator):
                content.close()  # where it was not read to its end, closes the file or rewinds it
        call.is_responding = True
        if self.cookies is not None:
            self.cookies.take_from(response)
        try:
            is_whole = not (stream and response.is_success)
            if is_whole:
                self._read_whole(call, response)
            if self.hooks.response is not None:
                with call.in_caller_code():
                    refuse_awaitable(self.hooks.response(call.response_event(response)))
        except BaseException as error:
            response.close()
            drop_frames(error)
            raise
        return Response(response.status_code, response.headers, call.whole(), None if is_whole else response)

    @staticmethod
    def _read_whole(call: Call[Any], response: httpx2.Response) -> None:
        """Collect a body; of an error, what can be read of it, for its status says most."""
        if response.is_success:
            if not read_pieces(response, call.pieces, call.most_bytes, call.deadline):
                raise TooLargeError("too many bytes")
            return
        with suppress(*FAILURES):
            read_pieces(response, call.pieces, ERROR_BYTES, call.deadline)
        response.close()

    def _report_unknown(self, call: Call[Any], response: Response) -> None:
        if self.hooks.on_unknown is not None and response.stream is None:
            event = call.unknown_event(response)
            if event is not None:
                refuse_awaitable(self.hooks.on_unknown(event))

    def _pause(self, call: Call[Any], wait: float, reason: str) -> None:
        event = call.retry_event(wait, reason)
        if self.hooks.retry is not None:
            refuse_awaitable(self.hooks.retry(event))
        if wait > 0:
            time.sleep(wait)


class AsyncSession(Session):
    """A session whose calls are awaited."""

    def __init__(
        self,
        settings: Settings,
        connection: Connection[httpx2.AsyncClient],
        tokens: AsyncTokens,
        cookies: Cookies | None = None,
    ) -> None:
        super().__init__(settings, cookies)
        self.connection = connection
        self.tokens = tokens
        self.versions = server_versions.AsyncVersions(settings.instance_url, connection)

    async def perform(self, call: Call[T]) -> T:
        """Send a call, with retries; its result.

        Raises:
            SFConnectError: the call failed.
        """
        with self.observe(call):
            return call.result(await self.receive(call))

    async def receive(self, call: Call[Any], *, stream: bool = False) -> Response:
        """The final response to a call, an error response too; with `stream`, a successful one is still open.

        Raises:
            SFConnectError: there is no response.
        """
        with self.observe(call):
            return await self._receive_in_time(call, stream=stream)

    async def _receive_in_time(self, call: Call[Any], *, stream: bool) -> Response:
        await self._wait_for_rate_limiter(call)
        call.begin()
        if call.deadline == inf:
            return await self._receive(call, stream=stream)
        import asyncio  # late: synchronous clients do without it, and it is slow to import

        scope = asyncio.timeout(call.deadline - time.monotonic())
        try:
            async with scope:
                return await self._receive(call, stream=stream)
        except TimeoutError:
            if not scope.expired():
                raise
        raise call.overdue()

    async def _receive(self, call: Call[Any], *, stream: bool) -> Response:
        is_first = True
        while True:
            if not is_first:
                await self._wait_for_rate_limiter(call)
            is_first = False
            token = await self.tokens.current()
            try:
                response = await self._attempt(call, token, stream=stream)
            except FAILURES as error:
                if call.is_from_caller(error):
                    raise
                await self.after_failure(call, error)
                continue
            if call.wants_token_refresh(response) and await self.tokens.refresh(token) and call.can_be_resent:
                await self._pause(call, 0.0, "a new token")
                continue
            delay = call.delay_after_response(response)
            if delay is None:
                if response.status in server_versions.STATUSES:
                    await self.versions.explain(call, response.status)
                else:
                    call.hint = self._hint(call, response.status, self.tokens.hint)
                await self._report_unknown(call, response)
                return response
            await self._pause(call, delay, str(response.status))

    async def _wait_for_rate_limiter(self, call: Call[Any]) -> None:
        """Wait until the rate limiter allows the next attempt, maybe an hour; only then is the token read.

        Raises:
            LocalRateLimitError: it would take longer than the rate limiter allows.
        """
        if (limiter := self._rate_limiter_of(call)) is not None:
            try:
                await limiter.acquire_async(call.operation.counts)
            except LocalRateLimitError as error:
                raise call.with_context(error) from None

    async def after_failure(self, call: Call[Any], error: Exception) -> None:
        """Wait before the retry of a call that got no response, or not a whole one.

        Raises:
            SFConnectError: it may not be retried.
        """
        failure = type(error).__name__
        if self.hooks.response is not None:
            await await_hook(self.hooks.response(call.failure_event(failure)))
        await self._pause(call, call.delay_after_failure(error), failure)

    async def _attempt(self, call: Call[Any], token: Token, *, stream: bool) -> Response:
        http = self.connection.http
        self.connection.check_loop()
        request, content = _build(self.connection, call, token, self.cookies, asynchronous=True)
        if self.hooks.request is not None:
            with call.in_caller_code():
                await await_hook(self.hooks.request(event := call.request_event()))
                add_headers(request, event.extra_headers)
        try:
            response = await http.send(request, stream=True, auth=None, follow_redirects=False)
        except BaseException as error:
            drop_frames(error)
            raise
        finally:
            if isinstance(content, AsyncGenerator):
                await content.aclose()  # closes the file, or rewinds it, now rather than at some later time
        call.is_responding = True
        if self.cookies is not None:
            self.cookies.take_from(response)
        try:
            is_whole = not (stream and response.is_success)
            if is_whole:
                await self._read_whole(call, response)
            if self.hooks.response is not None:
                with call.in_caller_code():
                    await await_hook(self.hooks.response(call.response_event(response)))
        except BaseException as error:
            await response.aclose()
            drop_frames(error)
            raise
        return Response(response.status_code, response.headers, call.whole(), None if is_whole else response)

    @staticmethod
    async def _read_whole(call: Call[Any], response: httpx2.Response) -> None:
        """Collect a body; of an error, what can be read of it, for its status says most."""
        if response.is_success:
            if not await read_pieces_async(response, call.pieces, call.most_bytes):
                raise TooLargeError("too many bytes")
            return
        with suppress(*FAILURES):
            await read_pieces_async(response, call.pieces, ERROR_BYTES)
        await response.aclose()

    async def _report_unknown(self, call: Call[Any], response: Response) -> None:
        if self.hooks.on_unknown is not None and response.stream is None:
            event = call.unknown_event(response)
            if event is not None:
                await await_hook(self.hooks.on_unknown(event))

    async def _pause(self, call: Call[Any], wait: float, reason: str) -> None:
        event = call.retry_event(wait, reason)
        if self.hooks.retry is not None:
            await await_hook(self.hooks.retry(event))
        if wait > 0:
            import asyncio  # late: synchronous clients do without it, and it is slow to import

            await asyncio.sleep(wait)


def _build(
    connection: Connection[Any], call: Call[Any], token: Token, cookies: Cookies | None, *, asynchronous: bool
) -> tuple[httpx2.Request, object]:
    """The request and its content."""
    arguments = call.arguments(token, asynchronous=asynchronous)
    call.proxy_of = connection.proxy_of
    request = connection.build(arguments, call.base, call.request.path, call.request.query)
    if cookies is not None:
        cookies.add_to(request)
    else:
        request.headers["Authorization"] = f"Bearer {token.reveal()}"  # last, so that no failure before shows it
    return request, arguments["content"]
