"""Batches: calls that are collected and sent up to 25 in a request; each has its own result or error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from itertools import zip_longest
from typing import Any, Generic, ParamSpec, TypeVar, cast

import msgspec

from sf_connect.core.exceptions import (
    APIConnectionError,
    RequestSummary,
    ResponseDecodeError,
    SFConnectError,
    api_error,
    beginning,
)
from sf_connect.core.features.call_recording import RecordedCall, record_call
from sf_connect.core.request.building import Request, build
from sf_connect.core.request.finalizing import check_file_sizes
from sf_connect.core.request.operations import Operation
from sf_connect.core.request.options import RequestOptions, completed_options
from sf_connect.core.transport.calls import Call
from sf_connect.core.transport.hooks import BatchedCall
from sf_connect.core.transport.senders import AsyncSender, SyncSender
from sf_connect.core.wire.argument_names import format_name
from sf_connect.core.wire.decoding import decode
from sf_connect.core.wire.reported_failures import ReportedFailureError, check
from sf_connect.core.wire.uploads import Multipart, Upload, limit_of

P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D", SyncSender, AsyncSender)
MAX_CALLS = 25
"""How many calls one request takes."""
_NULL = msgspec.Raw(b"null")
_HALTED = b'[{"errorCode":"BATCH_PROCESSING_HALTED","message":"not sent: an earlier call of the batch failed"}]'
_FOR_WHOLE_BATCH = (
    "timeout", "total_timeout",
    "headers", "locale", "theme", "entity_encoding", "max_retries", "retry_policy", "method_override", "bearer_urls",
)  # fmt: skip


class _Subrequest(msgspec.Struct, rename="camel", omit_defaults=True):
    method: str
    url: str
    rich_input: msgspec.Raw | None = None
    binary_part_name: str | None = None
    binary_part_name_alias: str | None = None


class _Subrequests(msgspec.Struct, rename="camel"):
    batch_requests: list[_Subrequest]
    halt_on_error: bool


class _Result(msgspec.Struct, rename="camel"):
    status_code: int | None = None
    result: msgspec.Raw = _NULL


class _Results(msgspec.Struct):
    results: list[_Result | None] | None = None


class _Entry:
    """One call of a batch, and its result or error once the batch is sent."""

    def __init__(
        self, operation: Operation[Any], request: Request, upload: tuple[str, Upload] | None, options: RequestOptions
    ) -> None:
        self.operation = operation
        self.added = BatchedCall(operation.name, copy_context())
        self.is_settled = False
        self.result: Any = None
        self.error: SFConnectError | None = None
        self.status: int | None = None
        self._raises = options.raise_on_failure is True
        self._keep_raw = options.keep_raw is True
        self._request = request
        self._upload = upload

    @property
    def limit(self) -> int | None:
        """The most bytes that its binary part may have; None where there is none, or no limit."""
        return None if self._upload is None else limit_of(self.operation.part_limits, self._upload[0])

    def subrequest(self, number: int) -> tuple[_Subrequest, dict[str, Upload]]:
        """The call as one of a batch request, and its binary part by the name that it has there."""
        content = self._request.content
        if isinstance(content, Multipart):
            content = next((text for _, text, _ in content.texts), None)
        sent = _Subrequest(self._request.method.capitalize(), self._request.target)
        if content is not None:
            sent.rich_input = msgspec.Raw(content)
        if self._upload is None:
            return sent, {}
        sent.binary_part_name = f"bin{number}"
        sent.binary_part_name_alias = self._upload[0]
        return sent, {sent.binary_part_name: self._upload[1]}

    def settle(self, status: int, body: bytes, without_token: Callable[[bytes], bytes]) -> None:
        """Set the server's response to it.

        Args:
            status: the HTTP status.
            body: the body of the response.
            without_token: takes the token out of what an exception shows.
        """
        self.status, what = status, (self._request.method, self._request.path)
        if not 200 <= status < 300:
            self.fail(api_error(status, without_token(body), *what, {}))
            return
        self.is_settled = True
        if self.operation.returns is None or body.strip() == b"null":
            return
        try:
            self.result = decode(body, self.operation.returns, " ".join(what), keep_raw=self._keep_raw)
            if self._raises:
                check(self.result, " ".join(what))
        except ReportedFailureError as error:
            self.fail(error.with_traceback(None))  # its frames hold what the server sent
        except ResponseDecodeError as error:
            clean = without_token(body)
            began = f"the response to {' '.join(what)} cannot be read; it begins: {beginning(clean)}"
            self.fail(error if clean is body else ResponseDecodeError(began))

    def fail(self, error: SFConnectError) -> None:
        """Set the error to raise instead of a result."""
        if error.request is None:
            error.request = RequestSummary(self.operation.name, self._request.method, self._request.path)
            error.attempts = 1
        self.is_settled, self.error = True, error


class BatchItem(Generic[R]):
    """One call of a batch: a promise of its result. `batch.add(…)` returns it."""

    def __init__(self, entry: _Entry) -> None:
        self._entry = entry

    @property
    def operation(self) -> Operation[Any]:
        """What is called."""
        return self._entry.operation

    @property
    def result(self) -> R:
        """What the call returned.

        Raises:
            SFConnectError: the call failed, or was skipped because an earlier one failed.
            RuntimeError: the batch has not been sent.
        """
        if (error := self.error) is not None:
            raise error
        return cast("R", self._entry.result)

    @property
    def error(self) -> SFConnectError | None:
        """Why the call failed; None where it succeeded.

        Raises:
            RuntimeError: the batch has not been sent.
        """
        if not self._entry.is_settled:
            raise RuntimeError(f"{self.operation.name}: send the batch first")
        return self._entry.error

    @property
    def status(self) -> int | None:
        """The HTTP status of the call; None before the batch is sent, and where the whole request failed."""
        return self._entry.status

    def __repr__(self) -> str:
        state = "not sent" if not self._entry.is_settled else "succeeded" if self._entry.error is None else "failed"
        return f"<BatchItem {self.operation.name}: {state}>"


class _Collection(Generic[D]):
    """The base of both batches: the calls, in order."""

    def __init__(self, dispatcher: D, *, halt_on_error: bool) -> None:
        self._dispatcher: D = dispatcher
        self._halt_on_error = halt_on_error
        self._entries: list[_Entry] = []
        self._items: list[BatchItem[Any]] = []
        self._sent = 0

    @property
    def items(self) -> Sequence[BatchItem[Any]]:
        """The calls, in the order in which they were added."""
        return tuple(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def _add(self, operation: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> BatchItem[Any]:
        recorded = record_call(type(self._dispatcher), operation, args, kwargs)
        if not recorded.dispatcher.shares_session_with(self._dispatcher):
            raise ValueError(f"{recorded.operation.name} is of a client with another session: a batch has one user")
        if float(recorded.dispatcher.api_version) > float(self._dispatcher.api_version):
            raise ValueError(
                f"{recorded.operation.name} is of version {recorded.dispatcher.api_version}: "
                f"a batch of {self._dispatcher.api_version} takes that version and older ones"
            )
        entry = _entry(recorded)
        item: BatchItem[Any] = BatchItem(entry)
        self._entries.append(entry)
        self._items.append(item)
        return item

    def _chunks(self, options: RequestOptions | None) -> Iterator[tuple[_Chunk, Call[_Results]]]:
        """The calls not sent yet, in requests of up to 25; a failed request or call ends them with `halt_on_error`.

        Raises:
            ValueError: a request cannot be sent; its calls remain unsent.
        """
        while self._sent < len(self._entries):
            chunk = _Chunk(self._entries[self._sent : self._sent + MAX_CALLS], halt_on_error=self._halt_on_error)
            call = self._dispatcher.prepare(chunk.operation, (), body=chunk.body, parts=chunk.parts, options=options)
            self._dispatcher.check_rate_limit(call)
            call.batched = tuple(entry.added for entry in chunk.entries)
            self._sent += len(chunk.entries)
            yield chunk, call
            if self._halt_on_error and chunk.has_failed():
                self._halt()

    def _halt(self) -> None:
        for entry in self._entries[self._sent :]:
            entry.settle(412, _HALTED, bytes)
        self._sent = len(self._entries)


class _Chunk:
    """The calls of one request."""

    def __init__(self, entries: Sequence[_Entry], *, halt_on_error: bool) -> None:
        self.entries = entries
        subrequests = [entry.subrequest(number) for number, entry in enumerate(entries, 1)]
        self.body = _Subrequests([request for request, _ in subrequests], halt_on_error)
        self.parts = {name: upload for _, parts in subrequests for name, upload in parts.items()}
        limits = {
            name: limit
            for (_, parts), entry in zip(subrequests, entries, strict=True)
            for name in parts
            if (limit := entry.limit)
        }
        self.operation: Operation[_Results] = Operation(
            "batch",
            "POST",
            "/connect/batch",
            _Results,
            retry="safe" if all(entry.operation.retry == "safe" for entry in entries) else "unsafe",
            requires_chatter=any(entry.operation.requires_chatter for entry in entries),
            counts=max(1, sum(entry.operation.requires_chatter for entry in entries)),
            part_limits=limits,
            shaped=False,
        )

    def settle(self, response: _Results, without_token: Callable[[bytes], bytes]) -> None:
        """Give each call its result."""
        for entry, result in zip_longest(self.entries, (response.results or ())[: len(self.entries)]):
            if result is None or result.status_code is None:
                entry.fail(ResponseDecodeError(f"the response to the batch has no result for {entry.operation.name}"))
            else:
                entry.settle(result.status_code, bytes(result.result), without_token)

    @contextmanager
    def fail_together(self) -> Generator[None, None, None]:
        """Set the error of the whole request on each call, also where the request is cancelled or a hook raises."""
        try:
            yield
        except SFConnectError as error:
            self._fail(error)
            raise
        except BaseException as error:
            name = type(error).__name__
            self._fail(
                APIConnectionError(f"the batch was interrupted ({name}): it is not known whether the call was made")
            )
            raise

    def _fail(self, error: SFConnectError) -> None:
        for entry in self.entries:
            if not entry.is_settled:
                entry.fail(error)

    def has_failed(self) -> bool:
        """Whether a call failed, or has no result: then the server made none of the calls after it."""
        return any(entry.status is None or entry.status >= 400 for entry in self.entries)


def _entry(recorded: RecordedCall[D]) -> _Entry:
    operation, options = recorded.operation, completed_options(recorded.options, RequestOptions())
    _check(recorded, options)
    merged = options.over(recorded.dispatcher.options)._replace(format=None)
    request = build(
        operation,
        recorded.path,
        recorded.query,
        recorded.form,
        None,
        recorded.body,
        recorded.parts,
        merged,
        recorded.dispatcher.api_version,
        recorded.dispatcher.site_id,
        form_in_query=True,  # a call of a batch has no form, but a URL may hold its arguments
    )
    uploads = request.content.files if isinstance(request.content, Multipart) else ()
    if len(uploads) > 1:
        names = " and ".join(format_name(name) for name, _ in uploads)
        raise ValueError(f"{operation.name}: a call of a batch takes one binary part, not {names}")
    check_file_sizes(operation, uploads)
    return _Entry(operation, request, uploads[0] if uploads else None, merged)


def _check(recorded: RecordedCall[D], options: RequestOptions) -> None:
    operation = recorded.operation
    if not operation.batch or operation.returns is bytes:
        raise ValueError(f"{operation.name} cannot be part of a batch; call it directly")
    if headers := [name for name, value in (recorded.headers or {}).items() if value is not None]:
        raise ValueError(
            f"{operation.name}: a call of a batch has no headers of its own; leave out {format_name(headers[0])}"
        )
    if options.format == "xml":
        raise ValueError(f"{operation.name}: batches are JSON only; leave out format='xml'")
    default = RequestOptions()
    for name in _FOR_WHOLE_BATCH:
        if getattr(options, name) != getattr(default, name):
            raise ValueError(f"{operation.name}: pass {name} to send(options=…), it applies to the whole batch")


class Batch(_Collection[SyncSender]):
    """Calls that are sent together; `client.batch()` returns one.

    The calls run in the order in which they were added, as one user; where one fails, nothing is rolled back.
    """

    def __init__(self, dispatcher: SyncSender, *, halt_on_error: bool) -> None:
        super().__init__(dispatcher, halt_on_error=halt_on_error)

    def add(self, operation: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> BatchItem[R]:
        """Add a call; nothing is sent yet.

        Args:
            operation: the operation, such as `client.feeds.capabilities.like`, of this client or one of its sites.
            args: its arguments.
            kwargs: its arguments by name; of `options`, only filters and query apply to a single call.

        Returns:
            The item that has the result once the batch is sent.

        Raises:
            TypeError: it is not an operation, or one that iterates over pages.
            ValueError: it cannot be part of this batch, or an argument cannot be sent.
        """
        return self._add(operation, args, kwargs)

    def send(self, options: RequestOptions | None = None) -> Sequence[BatchItem[Any]]:
        """Send the calls that were added since the last `send`.

        Where a whole request fails, its calls have its error; those of earlier requests keep their results, those
        of later ones are not sent and can be sent by another `send`.

        Args:
            options: settings of the requests, such as a timeout.

        Returns:
            All calls, in order, each with its result or error.

        Raises:
            SFConnectError: a request failed as a whole.
            ValueError: a request cannot be sent because of its options or a file; its calls remain unsent.
        """
        for chunk, call in self._chunks(options):
            with chunk.fail_together():
                chunk.settle(call.result(self._dispatcher.receive(call)), call.without_token)
        return self.items


class AsyncBatch(_Collection[AsyncSender]):
    """Calls that are sent together; `client.batch()` returns one.

    The calls run in the order in which they were added, as one user; where one fails, nothing is rolled back.
    """

    def __init__(self, dispatcher: AsyncSender, *, halt_on_error: bool) -> None:
        super().__init__(dispatcher, halt_on_error=halt_on_error)

    def add(self, operation: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> BatchItem[R]:
        """Add a call; nothing is sent yet, so there is nothing to await.

        Args:
            operation: the operation, such as `client.feeds.capabilities.like`, of this client or one of its sites.
            args: its arguments.
            kwargs: its arguments by name; of `options`, only filters and query apply to a single call.

        Returns:
            The item that has the result once the batch is sent.

        Raises:
            TypeError: it is not an operation, or one that iterates over pages.
            ValueError: it cannot be part of this batch, or an argument cannot be sent.
        """
        return self._add(operation, args, kwargs)

    async def send(self, options: RequestOptions | None = None) -> Sequence[BatchItem[Any]]:
        """Send the calls that were added since the last `send`.

        Where a whole request fails, its calls have its error; those of earlier requests keep their results, those
        of later ones are not sent and can be sent by another `send`.

        Args:
            options: settings of the requests, such as a timeout.

        Returns:
            All calls, in order, each with its result or error.

        Raises:
            SFConnectError: a request failed as a whole.
            ValueError: a request cannot be sent because of its options or a file; its calls remain unsent.
        """
        for chunk, call in self._chunks(options):
            with chunk.fail_together():
                chunk.settle(call.result(await self._dispatcher.receive(call)), call.without_token)
        return self.items
