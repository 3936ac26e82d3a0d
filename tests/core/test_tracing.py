"""Spans of OpenTelemetry: what its SDK exports of calls over HTTP, sync and async."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from opentelemetry import baggage, context
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind, StatusCode

import sf_connect.core as e
from core.conftest import TOKEN, AsyncConnect, Connect, dispatcher, things
from core.server import Answer, Received, Server, breaking_off
from sf_connect.core import (
    CallEvent,
    Hooks,
    Model,
    Operation,
    Pagination,
    RequestOptions,
    ResponseEvent,
    SyncGroup,
    field,
    tracing_hooks,
)
from support.command import ROOT

GET: Operation[dict[str, Any]] = Operation("f.g.get", "GET", "/chatter/things/{thingId}", dict, site=True)
TEMPLATE = "/services/data/v67.0/chatter/things/{thingId}"
PATH = TEMPLATE.replace("{thingId}", "1")
LOGIN = Answer(401, b'[{"errorCode": "INVALID_SESSION_ID", "message": "expired"}]')


class Page(Model):
    items: list[int] | None = None
    next_page_url: str | None = field(name="nextPageUrl", default=None)


class Spans:
    """What the SDK has exported."""

    def __init__(self) -> None:
        self.provider = TracerProvider()
        self.exporter = InMemorySpanExporter()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))

    def all(self) -> list[ReadableSpan]:
        """All spans, by their beginnings."""
        return sorted(self.exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    def calls(self) -> list[ReadableSpan]:
        return [span for span in self.all() if span.kind is SpanKind.INTERNAL]

    def attempts(self) -> list[ReadableSpan]:
        return [span for span in self.all() if span.kind is SpanKind.CLIENT]


@pytest.fixture
def spans() -> Iterator[Spans]:
    made = Spans()
    yield made
    assert all(span.end_time for span in made.all())
    made.provider.shutdown()


def traceparent(span: ReadableSpan) -> str:
    """The header of the W3C that names a span."""
    return f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-{span.context.trace_flags:02x}"


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def with_spans(spans: Spans, hooks: Hooks | None = None, **settings: Any) -> dict[str, Any]:
    """The settings of a client that is traced."""
    return {"hooks": tracing_hooks(hooks, tracer_provider=spans.provider, **settings)}


def test_a_call_is_a_span_with_one_for_its_attempt(send: Any, server: Server, spans: Spans) -> None:
    send(GET, ("1",), query={"q": "hidden"}, client=with_spans(spans))
    call, attempt = spans.all()
    assert (call.name, call.kind, call.parent) == ("f.g.get", SpanKind.INTERNAL, None)
    assert attributes(call) == {"sf_connect.operation": "f.g.get", "sf_connect.api_version": "67.0"}
    assert (attempt.name, attempt.kind) == (f"GET {TEMPLATE}", SpanKind.CLIENT)
    assert attempt.parent == call.context
    assert attributes(attempt) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "server.address": "127.0.0.1",
        "server.port": server.port,
        "url.full": server.url + PATH,
        "url.template": TEMPLATE,
        "sf_connect.operation": "f.g.get",
    }
    assert [span.status.status_code for span in (call, attempt)] == [StatusCode.UNSET, StatusCode.UNSET]
    assert server.last.headers["traceparent"] == traceparent(attempt)


def test_each_retry_is_an_attempt_and_an_event(send: Any, server: Server, spans: Spans) -> None:
    server.answer(Answer(503), Answer(drop=True), Answer())
    send(GET, ("1",), client=with_spans(spans))
    (call,) = spans.calls()
    first, second, third = spans.attempts()
    shown = ("http.response.status_code", "http.request.resend_count", "error.type")
    found = [tuple(attributes(span).get(name) for name in shown) for span in (first, second, third)]
    assert found[0] == (503, None, "503")
    assert found[1][:2] == (None, 1)
    assert found[1][2] in ("RemoteProtocolError", "ReadError")
    assert found[2] == (200, 2, None)
    assert [span.status.status_code for span in (first, second, third)] == [
        StatusCode.ERROR, StatusCode.ERROR, StatusCode.UNSET,
    ]  # fmt: skip
    assert [event.name for event in call.events] == ["retry", "retry"]
    told = [dict(event.attributes or {}) for event in call.events]
    assert [event["sf_connect.retry.reason"] for event in told] == ["503", found[1][2]]
    assert [event["http.request.resend_count"] for event in told] == [1, 2]
    assert call.status.status_code is StatusCode.UNSET
    assert [one.headers["traceparent"] for one in server.received] == list(map(traceparent, spans.attempts()))


def test_an_error_is_of_the_call_and_of_its_attempt(send: Any, server: Server, spans: Spans) -> None:
    server.answer(Answer(404, b'[{"errorCode": "NOT_FOUND", "message": "no secretary"}]'))
    with pytest.raises(e.NotFoundError):
        send(GET, ("1",), client=with_spans(spans))
    call, attempt = spans.all()
    assert attributes(attempt)["error.type"] == "404"
    assert attributes(call)["error.type"] == "sf_connect.core.exceptions.NotFoundError"
    assert attributes(call)["sf_connect.error_code"] == "NOT_FOUND"
    assert [span.status.status_code for span in (call, attempt)] == [StatusCode.ERROR, StatusCode.ERROR]
    assert not call.events
    assert "secretary" not in call.to_json() + attempt.to_json()


def test_an_error_code_that_is_a_sentence_is_left_out(send: Any, server: Server, spans: Spans) -> None:
    server.answer(Answer(400, b'[{"errorCode": "no such mary@acme.example", "message": "m"}]'))
    with pytest.raises(e.BadRequestError):
        send(GET, ("1",), client=with_spans(spans))
    assert "sf_connect.error_code" not in attributes(spans.calls()[0])


def test_a_response_that_is_not_decoded_is_an_error_of_the_call(send: Any, server: Server, spans: Spans) -> None:
    server.answer(Answer(body=b"<html>"))
    with pytest.raises(e.ResponseDecodeError):
        send(GET, ("1",), client=with_spans(spans))
    call, attempt = spans.all()
    assert attributes(call)["error.type"] == "sf_connect.core.exceptions.ResponseDecodeError"
    assert "error.type" not in attributes(attempt)


def test_a_refused_connection_is_an_error_of_both(send: Any, server: Server, spans: Spans) -> None:
    with pytest.raises(e.APIConnectionError):
        send(GET, ("1",), client={**with_spans(spans), "instance_url": "http://127.0.0.1:9", "retry_policy": None})
    assert {attributes(span).get("error.type") for span in spans.attempts()} == {httpx2.ConnectError.__name__}
    assert attributes(spans.calls()[0])["error.type"] == "sf_connect.core.exceptions.APIConnectionError"


def test_a_new_token_is_a_retry(send: Any, server: Server, spans: Spans) -> None:
    server.answer(LOGIN, Answer())
    tokens = iter(["first-secret-token", "second-secret-token"])
    send(GET, ("1",), client={**with_spans(spans), "token": lambda: next(tokens)})
    (call,) = spans.calls()
    assert [dict(event.attributes or {})["sf_connect.retry.reason"] for event in call.events] == ["a new token"]
    assert [attributes(span)["http.response.status_code"] for span in spans.attempts()] == [401, 200]


def test_sites_have_a_template_too(send: Any, server: Server, spans: Spans) -> None:
    send(GET, ("1",), site="0DB1", client=with_spans(spans))
    (attempt,) = spans.attempts()
    template = "/services/data/v67.0/connect/communities/{communityId}/chatter/things/{thingId}"
    assert attributes(attempt)["url.template"] == template
    assert attributes(attempt)["url.full"].endswith("/connect/communities/0DB1/chatter/things/1")


def test_the_path_of_a_site_is_part_of_url_and_template(send: Any, server: Server, spans: Spans) -> None:
    send(GET, ("1",), client={**with_spans(spans), "instance_url": f"{server.url}/shop"})
    (attempt,) = spans.attempts()
    assert attributes(attempt)["url.template"] == f"/shop{TEMPLATE}"
    assert attributes(attempt)["url.full"] == f"{server.url}/shop{PATH}"


def test_a_request_of_ones_own_has_no_template(use: Any, server: Server, spans: Spans) -> None:
    use(lambda client: client.request("GET", "/things/17?q=hidden"), **with_spans(spans))
    call, attempt = spans.all()
    assert (call.name, attempt.name) == ("request", "GET")
    assert "url.template" not in attributes(attempt)
    assert attributes(attempt)["url.full"] == f"{server.url}/services/data/v67.0/things/17"


def test_a_raw_error_response_is_an_error_of_the_call(use: Any, server: Server, spans: Spans) -> None:
    server.answer(Answer(404))
    use(lambda client: client.raw(things(client).get, "1"), **with_spans(spans))
    (call,) = spans.calls()
    assert attributes(call)["error.type"] == "404"
    assert call.status.status_code is StatusCode.ERROR


def test_a_batch_is_one_call(use: Any, server: Server, spans: Spans) -> None:
    server.answer(Answer(body=b'{"hasErrors": false, "results": [{"statusCode": 200, "result": {"name": "a"}}]}'))

    def run(client: Any) -> Any:
        batch = client.batch()
        batch.add(things(client).get, "1")
        return batch.send()

    use(run, **with_spans(spans))
    call, attempt = spans.all()
    assert (call.name, attempt.name) == ("batch", "POST /services/data/v67.0/connect/batch")
    assert not call.links


def test_a_batch_links_to_the_spans_in_which_its_calls_were_added(use: Any, server: Server, spans: Spans) -> None:
    result = '{"statusCode": 200, "result": {"name": "a"}}'
    server.respond = lambda received: Answer(body=f'{{"hasErrors": false, "results": [{result}, {result}]}}'.encode())
    tracer = spans.provider.get_tracer("program")

    def run(client: Any) -> Any:
        batch = client.batch()
        for name in ("first", "second"):
            with tracer.start_as_current_span(name, kind=SpanKind.CONSUMER):
                batch.add(things(client).get, name)
        return batch.send()

    use(run, **with_spans(spans))
    added = [span for span in spans.all() if span.kind is SpanKind.CONSUMER]
    (call,) = spans.calls()
    assert call.parent is None
    assert [link.context for link in call.links] == [span.context for span in added]
    assert [dict(link.attributes or {}) for link in call.links] == [{"sf_connect.operation": "f.things.get"}] * 2


def test_a_download_that_breaks_off_is_one_call(use: Any, server: Server, spans: Spans, tmp_path: Path) -> None:
    content = bytes(range(256)) * 400
    server.respond = breaking_off(content)
    path = use(lambda client: client.download(things(client).content, "1").to(tmp_path / "a"), **with_spans(spans))
    assert path.read_bytes() == content
    (call,) = spans.calls()
    assert call.name == "f.things.content"
    assert [event.name for event in call.events] == ["interrupted", "retry"]
    assert [attributes(span)["http.response.status_code"] for span in spans.attempts()] == [200, 206]
    assert attributes(spans.attempts()[1])["http.request.resend_count"] == 1
    assert call.end_time is not None
    assert call.end_time >= (spans.attempts()[1].end_time or 0)


def test_a_download_in_pieces_is_a_call_until_it_begins(server: Server, spans: Spans) -> None:
    server.answer(Answer(body=b"abc", headers={"Content-Type": "application/pdf"}))
    with (
        Connect(server.url, token=TOKEN, **with_spans(spans)) as client,
        client.download(things(client).content, "1").open() as pieces,
    ):
        (call,) = spans.calls()
        assert call.end_time
        assert b"".join(pieces) == b"abc"


def test_a_span_of_the_program_is_the_parent(use: Any, server: Server, spans: Spans) -> None:
    tracer = spans.provider.get_tracer("program")
    with tracer.start_as_current_span("order", kind=SpanKind.SERVER) as order:
        use(lambda client: things(client).get("1"), **with_spans(spans))
    assert spans.calls()[0].parent == order.get_span_context()


def test_tasks_and_threads_keep_their_spans_apart(server: Server, spans: Spans) -> None:
    server.respond = lambda received: Answer(delay=0.02)

    async def main() -> None:
        async with AsyncConnect(server.url, token=TOKEN, **with_spans(spans)) as client:
            await asyncio.gather(*(dispatcher(client).send(GET, (str(number),)) for number in range(10)))

    asyncio.run(main())
    with Connect(server.url, token=TOKEN, **with_spans(spans)) as client, ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda number: dispatcher(client).send(GET, (str(number),)), range(10)))
    parents = [span.parent.span_id for span in spans.attempts() if span.parent]
    assert sorted(parents) == sorted(span.context.span_id for span in spans.calls())
    sent = {one.headers["traceparent"]: one.target for one in server.received}
    assert sent == {traceparent(span): attributes(span)["url.full"][len(server.url) :] for span in spans.attempts()}


def test_a_cancelled_call_ends_its_spans(server: Server, spans: Spans) -> None:
    server.answer(Answer(delay=5))

    async def main() -> None:
        async with AsyncConnect(server.url, token=TOKEN, **with_spans(spans)) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await dispatcher(client).send(GET, ("1",))

    asyncio.run(main())
    call, attempt = spans.all()
    assert attributes(attempt)["error.type"] == "CancelledError"
    assert attributes(call)["error.type"] == "asyncio.exceptions.CancelledError"


def test_the_total_timeout_ends_its_spans(send: Any, server: Server, spans: Spans) -> None:
    server.answer(Answer(delay=5))
    with pytest.raises(e.APITimeoutError):
        send(GET, ("1",), options=RequestOptions(total_timeout=0.3), client=with_spans(spans))
    call, attempt = spans.all()
    assert attributes(call)["error.type"] == "sf_connect.core.exceptions.APITimeoutError"
    assert attempt.end_time


def test_no_context_goes_to_another_origin(use: Any, server: Server, spans: Spans) -> None:
    """Neither where the server redirects, nor where a response names a URL."""
    with_other = Answer(307, headers={"Location": "http://127.0.0.2:9/elsewhere"})
    server.answer(with_other)
    with pytest.raises(e.RedirectError):
        use(lambda client: things(client).get("1"), **with_spans(spans))
    assert len(server.received) == len(spans.attempts()) == 1
    with pytest.raises(e.CrossOriginError):
        use(lambda client: client.follow_url(things(client).get, "https://evil.example/x"), **with_spans(spans))
    assert len(spans.all()) == 2


def test_no_baggage_is_sent_unless_asked_for(send: Any, server: Server, spans: Spans) -> None:
    attached = context.attach(baggage.set_baggage("customer", "mary"))
    try:
        send(GET, ("1",), client=with_spans(spans))
        assert "baggage" not in server.last.headers
        send(GET, ("1",), client=with_spans(spans, propagator=W3CBaggagePropagator()))
        assert server.last.headers["baggage"] == "customer=mary"
        assert "traceparent" not in server.last.headers
        send(GET, ("1",), client=with_spans(spans, propagate=False))
        assert not {"baggage", "traceparent"} & server.last.headers.keys()
    finally:
        context.detach(attached)


def test_a_trace_that_is_not_sampled_is_sent_on_as_such(send: Any, server: Server) -> None:
    send(GET, ("1",), client={"hooks": tracing_hooks(tracer_provider=TracerProvider(sampler=ALWAYS_OFF))})
    assert int(server.last.headers["traceparent"].rpartition("-")[2], 16) & 1 == 0


def test_response_headers_are_recorded_where_asked_for(send: Any, server: Server, spans: Spans) -> None:
    server.answer(Answer(headers={"Sforce-Limit-Info": "api-usage=1/5", "Set-Cookie": "sid=hidden"}))
    send(GET, ("1",), client=with_spans(spans, response_headers=["Sforce-Limit-Info", "Set-Cookie"]))
    assert attributes(spans.attempts()[0])["http.response.header.sforce-limit-info"] == ("api-usage=1/5",)
    assert "hidden" not in spans.attempts()[0].to_json()


def test_no_span_has_a_secret(use: Any, server: Server, spans: Spans) -> None:
    def respond(received: Received) -> Answer:
        echo = f'[{{"errorCode": "{TOKEN}", "message": "{TOKEN} hidden-query"}}]'.encode()
        return Answer(400, echo, {"Sforce-Limit-Info": TOKEN, "Location": "/x?sid=hidden-session"})

    server.respond = respond
    options = RequestOptions(query={"q": "hidden-query"}, headers={"X-Own": "hidden-header"})
    shown = {"response_headers": ["Sforce-Limit-Info", "Location"]}
    with pytest.raises(e.BadRequestError):
        use(lambda client: things(client).get("1", options=options), **with_spans(spans, **shown))
    exported = "".join(span.to_json() for span in spans.all())
    assert "[token]" in exported
    assert TOKEN not in exported
    assert "hidden" not in exported


def test_other_hooks_are_called_too(send: Any, server: Server, spans: Spans) -> None:
    events: list[Any] = []

    @contextmanager
    def around(event: CallEvent) -> Iterator[None]:
        events.append(event)
        yield
        events.append("ended")

    take: Callable[[Any], None] = events.append
    server.answer(Answer(503), Answer())
    send(GET, ("1",), client=with_spans(spans, Hooks(request=take, response=take, retry=take, call=around)))
    names = [one if isinstance(one, str) else type(one).__name__ for one in events]
    attempt = ["RequestEvent", "ResponseEvent"]
    assert names == ["CallEvent", *attempt, "RetryEvent", *attempt, "ended"]
    assert len(spans.attempts()) == 2


def test_other_hooks_may_be_asynchronous(server: Server, spans: Spans) -> None:
    events: list[ResponseEvent] = []

    async def later(event: ResponseEvent) -> None:
        await asyncio.sleep(0)
        events.append(event)

    async def main() -> None:
        async with AsyncConnect(server.url, token=TOKEN, **with_spans(spans, Hooks(response=later))) as client:
            await dispatcher(client).send(GET, ("1",))

    asyncio.run(main())
    assert [event.status for event in events] == [200]


def test_pages_are_calls_that_their_program_is_the_parent_of(server: Server, spans: Spans) -> None:
    """A page that is read ahead too, by a thread or a task of its own."""
    paging = Pagination("next-url", items="items", next="nextPageUrl")
    paged: Operation[Page] = Operation("f.g.list", "GET", "/chatter/things", Page, pagination=paging)
    second = "/services/data/v67.0/chatter/things?page=2"

    def respond(received: Received) -> Answer:
        first = f'{{"items": [1], "nextPageUrl": "{second}"}}'
        return Answer(body=b'{"items": [2]}' if "page=2" in received.target else first.encode())

    class Group(SyncGroup):
        def iter(self) -> Any:
            return self._pages(paged, (), read_ahead=True)

    server.respond = respond
    tracer = spans.provider.get_tracer("program")
    with (
        Connect(server.url, token=TOKEN, **with_spans(spans)) as client,
        tracer.start_as_current_span("order", kind=SpanKind.SERVER) as order,
    ):
        assert list(Group(dispatcher(client)).iter()) == [1, 2]
    assert [span.parent for span in spans.calls()] == [order.get_span_context()] * 2


def test_without_opentelemetry_the_error_names_the_extra() -> None:
    program = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from sf_connect.core import *\n"
        "try:\n    tracing_hooks()\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT / "core", capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == 'tracing_hooks needs opentelemetry-api: pip install "sf-connect-core[opentelemetry]"\n'


def test_nothing_of_opentelemetry_is_imported_without_it(server: Server) -> None:
    program = (
        "import sys\nfrom sf_connect.core import Hooks, SyncClient\n"
        "class Connect(SyncClient):\n    api_version = '67.0'\n"
        f"Connect({server.url!r}, token='{TOKEN}', hooks=Hooks()).request('GET', '/x')\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT / "core", capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
