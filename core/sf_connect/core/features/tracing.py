"""Hooks that record calls with OpenTelemetry, where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from sf_connect.core.transport.hooks import Hooks

if TYPE_CHECKING:
    from opentelemetry.propagators.textmap import TextMapPropagator
    from opentelemetry.trace import TracerProvider

Event = TypeVar("Event")


def tracing_hooks(
    hooks: Hooks | None = None,
    *,
    tracer_provider: TracerProvider | None = None,
    propagator: TextMapPropagator | None = None,
    propagate: bool = True,
    response_headers: Sequence[str] = (),
) -> Hooks:
    """Hooks that record each call with OpenTelemetry: `Connect(url, token=token, hooks=tracing_hooks())`.

    A call is a span named after its operation; it lasts until the response is decoded, with retries and delays, each
    of which is an event `retry`. Within it each attempt is a client span, with the attributes that
    OpenTelemetry's conventions for HTTP name, and its context goes to the org as the header `traceparent`. A batch's
    span links to those in which its calls were added. No span has a token, a query, a body, or the text of an error.

    Args:
        hooks: other hooks, which are called too, after these.
        tracer_provider: where the spans go; the global provider by default.
        propagator: what writes the headers of the context; the one of the W3C, without baggage, by default.
        propagate: whether the context is sent.
        response_headers: response headers to record with each attempt, such as `Sforce-Limit-Info`.

    Raises:
        ImportError: OpenTelemetry is missing: `pip install "sf-connect-core[opentelemetry]"`.
    """
    try:
        from sf_connect.core.features.spans import Tracing  # late: it imports opentelemetry
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("opentelemetry"):
            raise
        needed = 'pip install "sf-connect-core[opentelemetry]"'
        raise ImportError(f"tracing_hooks needs opentelemetry-api: {needed}") from error
    other = Hooks() if hooks is None else hooks
    shown = tuple(name.lower() for name in response_headers)
    tracing = Tracing(tracer_provider, propagator, propagate, shown, other.call)
    return Hooks(
        request=_both(tracing.request, other.request),
        response=_both(tracing.response, other.response),
        retry=_both(tracing.retry, other.retry),
        on_unknown=other.on_unknown,
        call=tracing.call,
    )


def _both(first: Callable[[Event], object], second: Callable[[Event], object] | None) -> Callable[[Event], object]:
    """A hook that calls two; the second one may be asynchronous."""

    def both(event: Event) -> object:
        first(event)
        return None if second is None else second(event)

    return both
