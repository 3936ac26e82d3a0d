"""The spans of calls and attempts, by OpenTelemetry's conventions for HTTP; opentelemetry-api must be installed."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

from opentelemetry.propagators.textmap import Setter, TextMapPropagator
from opentelemetry.trace import (
    Link,
    Span,
    SpanKind,
    StatusCode,
    TracerProvider,
    get_current_span,
    get_tracer,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from sf_connect.core.exceptions import APIStatusError
from sf_connect.core.transport.hooks import BatchedCall, CallEvent, RequestEvent, ResponseEvent, RetryEvent

_NAME = "sf_connect"
_PORTS = {"https": 443, "http": 80}
_CODE = re.compile("[A-Z0-9_]{1,80}")


class _State:
    """The spans of a call: its own, and that of the attempt that is in progress."""

    __slots__ = ("attempt", "span", "status")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.attempt: Span | None = None
        self.status: int | None = None


class Tracing:
    """The hooks, of which each finds the spans of its call by the context in which all of a call's hooks run."""

    def __init__(
        self,
        tracer_provider: TracerProvider | None,
        propagator: TextMapPropagator | None,
        propagate: bool,
        response_headers: tuple[str, ...],
        call: Callable[[CallEvent], AbstractContextManager[object]] | None,
    ) -> None:
        self._tracer = get_tracer(_NAME, tracer_provider=tracer_provider)
        self._propagator = (propagator or TraceContextTextMapPropagator()) if propagate else None
        self._response_headers = response_headers
        self._call = call
        self._state: ContextVar[_State | None] = ContextVar("sf_connect_spans", default=None)

    @contextmanager
    def call(self, event: CallEvent) -> Generator[None, None, None]:
        """The span of a call, which lasts as long as the call, and ends with the reason for which the call failed."""
        attributes = {"sf_connect.operation": event.operation, "sf_connect.api_version": event.api_version}
        with ExitStack() as stack:
            span = stack.enter_context(
                self._tracer.start_as_current_span(
                    event.operation,
                    attributes=attributes,
                    links=list(_links(event.calls)),
                    record_exception=False,
                    set_status_on_exception=False,
                )
            )
            state = _State(span)
            reset = self._state.set(state)
            stack.callback(self._state.reset, reset)
            if self._call is not None:
                stack.enter_context(self._call(event))
            try:
                yield
            except BaseException as error:
                _end(state, type(error).__name__)
                _fail(span, f"{type(error).__module__}.{type(error).__qualname__}")
                if isinstance(error, APIStatusError) and _CODE.fullmatch(error.error_code or ""):
                    span.set_attribute("sf_connect.error_code", error.error_code or "")
                raise
            if state.status is not None and state.status >= 400:  # of a raw response, which raises nothing
                _fail(span, str(state.status))

    def request(self, event: RequestEvent) -> None:
        """Begin the span of an attempt, and send its context."""
        state = self._state.get()
        if state is None:
            return
        template = event.url_template
        name = event.method if template is None else f"{event.method} {template}"
        span = self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=_request_attributes(event))
        state.attempt, state.status = span, None
        if self._propagator is not None:
            self._propagator.inject(event.extra_headers, set_span_in_context(span), _SETTER)

    def response(self, event: ResponseEvent) -> None:
        """End the span of an attempt; what breaks off later, while a download is read, is an event of the call."""
        state = self._state.get()
        if state is None:
            return
        span = state.attempt
        if span is None:
            state.span.add_event("interrupted", {"error.type": event.failure or "_OTHER"})
            return
        state.status = event.status
        if event.status is not None:
            span.set_attribute("http.response.status_code", event.status)
            for name in self._response_headers:
                if (value := event.headers.get(name)) is not None:
                    span.set_attribute(f"http.response.header.{name}", [value])
        failed = event.failure if event.status is None else str(event.status) if event.status >= 400 else None
        _end(state, failed)

    def retry(self, event: RetryEvent) -> None:
        """Add the retry to the span of the call."""
        if (state := self._state.get()) is not None:
            attributes: dict[str, str | float] = {
                "sf_connect.retry.reason": event.reason,
                "sf_connect.retry.delay": event.delay,
            }
            state.span.add_event("retry", {**attributes, "http.request.resend_count": event.request.attempt})


def _links(calls: Iterable[BatchedCall]) -> Iterator[Link]:
    """Links to the spans in which the calls of a batch were added to it, as a batch of messages has them."""
    for one in calls:
        added_in = one.context.run(get_current_span).get_span_context()
        if added_in.is_valid:
            yield Link(added_in, {"sf_connect.operation": one.operation})


def _request_attributes(event: RequestEvent) -> dict[str, str | int]:
    parts = urlsplit(event.url)
    attributes: dict[str, str | int] = {
        "http.request.method": event.method,
        "server.address": parts.hostname or "",
        "server.port": parts.port or _PORTS.get(parts.scheme, 443),
        "url.full": event.url,
        "sf_connect.operation": event.operation,
    }
    if event.url_template is not None:
        attributes["url.template"] = event.url_template
    if event.attempt > 1:
        attributes["http.request.resend_count"] = event.attempt - 1
    return attributes


def _end(state: _State, failure: str | None) -> None:
    """End the span of the attempt that is in progress, if there is one."""
    span, state.attempt = state.attempt, None
    if span is not None:
        if failure is not None:
            _fail(span, failure)
        span.end()


def _fail(span: Span, error_type: str) -> None:
    span.set_attribute("error.type", error_type)
    span.set_status(StatusCode.ERROR)


class _Setter(Setter[dict[str, str]]):
    """Writes the headers of the context."""

    def set(self, carrier: dict[str, str], key: str, value: str) -> None:
        carrier[key] = value


_SETTER = _Setter()
