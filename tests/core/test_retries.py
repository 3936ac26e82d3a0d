"""When calls are retried: after which failures, how long after, how often, and what hooks and logs are told."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sf_connect.core as e
from core.conftest import QUICK, TOKEN, AsyncConnect, Connect, dispatcher
from core.server import Answer, Server
from sf_connect.core import (
    Hooks,
    Operation,
    RequestEvent,
    RequestOptions,
    ResponseEvent,
    RetryEvent,
    RetryPolicy,
    Upload,
)
from sf_connect.core.transport.retries import RetryBudget, backoff, delay_before_retry, parse_retry_after

Send = Callable[..., Any]
GET: Operation[dict[str, Any]] = Operation("f.g.get", "GET", "/chatter/thing", dict)
POST: Operation[dict[str, Any]] = Operation("f.g.post", "POST", "/chatter/thing", dict, retry="unsafe")
BY_HEADER: Operation[dict[str, Any]] = Operation(
    "f.g.pay", "POST", "/payments/thing", dict, retry="key", idempotency=("header", "sfdc-Payments-Idempotency-Key")
)
BY_PROPERTY: Operation[dict[str, Any]] = Operation(
    "f.g.sell", "POST", "/payments/thing", dict, retry="key", idempotency=("property", "idempotencyKey")
)
CHECKOUT: Operation[dict[str, Any]] = Operation(
    "f.g.checkout", "PATCH", "/commerce/checkouts/active", dict, retry="unsafe", retry_statuses=(409,)
)
ONCE = RequestOptions(max_retries=0)
KEYS = RetryPolicy(max_retries=2, initial_backoff=0.0, generate_idempotency_keys=True)


class TestAfterWhat:
    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize("retry_after", [None, "0", "Fri, 25 Feb 2011 18:24:31 GMT"])
    def test_a_safe_call_is_retried(self, send: Send, server: Server, status: int, retry_after: str | None) -> None:
        headers = {"Retry-After": retry_after} if retry_after else {}
        server.answer(Answer(status, b"", headers), Answer(status, b"", headers), Answer(body=b'{"a": 1}'))
        assert send(GET) == {"a": 1}
        assert len(server.received) == 3

    @pytest.mark.parametrize("status", [400, 404, 409, 500, 502])
    def test_other_statuses_stand(self, send: Send, server: Server, status: int) -> None:
        server.answer(Answer(status), Answer())
        with pytest.raises(e.APIStatusError):
            send(GET)

    def test_a_policy_may_name_other_statuses(self, send: Send, server: Server) -> None:
        server.answer(Answer(502), Answer(503))
        with pytest.raises(e.ServiceUnavailableError):
            send(GET, client={"retry_policy": RetryPolicy(initial_backoff=0.0, statuses=(502,))})
        assert len(server.received) == 2

    @pytest.mark.parametrize("broken", [Answer(drop=True), Answer(cut=True), Answer(reset=True)])
    def test_broken_connections(self, send: Send, server: Server, broken: Answer) -> None:
        server.answer(broken, broken, Answer(body=b'{"a": 1}'))
        assert send(GET) == {"a": 1}
        assert len(server.received) == 3

    def test_a_response_that_takes_too_long(self, send: Send, server: Server) -> None:
        server.answer(Answer(delay=5.0), Answer(body=b'{"a": 1}'))
        assert send(GET, options=RequestOptions(timeout=1.0)) == {"a": 1}
        assert len(server.received) == 2

    @pytest.mark.parametrize("broken", [Answer(503), Answer(429), Answer(drop=True), Answer(reset=True)])
    def test_unsafe_calls_are_sent_once(self, send: Send, server: Server, broken: Answer) -> None:
        server.answer(broken)
        with pytest.raises(e.SFConnectError) as raised:
            send(POST)
        assert len(server.received) == raised.value.attempts == 1

    def test_calls_that_never_reached_the_server_are_retried_even_if_unsafe(self, send: Send) -> None:
        with pytest.raises(e.APIConnectionError) as raised:
            send(POST, client={"instance_url": "http://127.0.0.1:9"})
        assert raised.value.attempts == 3

    def test_an_upload_that_cannot_be_read_again_is_sent_once(self, send: Send, server: Server) -> None:
        put: Operation[dict[str, Any]] = Operation("f.g.put", "PUT", "/connect/files/1", dict)
        server.answer(Answer(503))
        with pytest.raises(e.ServiceUnavailableError):
            send(put, parts={"fileData": Upload(iter([b"a"]))})
        assert len(server.received) == 1
        send_again = Answer(503), Answer()
        server.answer(*send_again)
        send(put, parts={"fileData": Upload(b"a")})
        assert server.received[-1].body.count(b"\r\n\r\na\r\n") == server.received[-2].body.count(b"\r\n\r\na\r\n") == 1


class TestStatusesThatAnOperationNames:
    def test_a_409_is_retried_until_there_is_a_response(self, send: Send, server: Server) -> None:
        server.answer(*[Answer(409)] * 7, Answer(202, b'{"a": 1}'))
        assert send(CHECKOUT, body={"deliveryAddress": {}}) == {"a": 1}
        assert len(server.received) == 8
        assert len({received.body for received in server.received}) == 1

    def test_it_ends(self, send: Send, server: Server) -> None:
        server.answer(Answer(409))
        with pytest.raises(e.ConflictError) as raised:
            send(CHECKOUT, client={"retry_policy": RetryPolicy(initial_backoff=0.0, not_ready_retries=4)})
        assert raised.value.attempts == len(server.received) == 5

    def test_a_call_may_say_never(self, send: Send, server: Server) -> None:
        server.answer(Answer(409))
        with pytest.raises(e.ConflictError):
            send(CHECKOUT, options=ONCE)
        assert len(server.received) == 1

    def test_other_failures_of_an_unsafe_operation_stand(self, send: Send, server: Server) -> None:
        server.answer(Answer(503))
        with pytest.raises(e.ServiceUnavailableError):
            send(CHECKOUT)
        assert len(server.received) == 1


class TestHowOften:
    def test_it_ends(self, send: Send, server: Server) -> None:
        server.answer(Answer(503))
        with pytest.raises(e.ServiceUnavailableError, match=r"\[after 3 attempts\]") as raised:
            send(GET)
        assert raised.value.attempts == len(server.received) == 3

    @pytest.mark.parametrize(
        ("options", "attempts"),
        [
            (ONCE, 1),
            (RequestOptions(max_retries=4), 5),
            (RequestOptions(retry_policy=RetryPolicy(max_retries=1, initial_backoff=0.0)), 2),
            (RequestOptions(retry_policy=RetryPolicy(max_retries=1, initial_backoff=0.0), max_retries=3), 4),
        ],
    )
    @pytest.mark.parametrize("place", ["call", "client"])
    def test_settings_of_client_and_call(
        self, send: Send, server: Server, options: RequestOptions, attempts: int, place: str
    ) -> None:
        server.answer(Answer(503))
        arguments: Any = {"options": options} if place == "call" else {"client": {"options": options}}
        with pytest.raises(e.ServiceUnavailableError):
            send(GET, **arguments)
        assert len(server.received) == attempts

    @pytest.mark.parametrize(
        ("of_client", "of_call", "attempts"),
        [
            (
                RequestOptions(max_retries=0),
                RequestOptions(retry_policy=RetryPolicy(max_retries=1, initial_backoff=0.0)),
                2,
            ),
            (
                RequestOptions(retry_policy=RetryPolicy(max_retries=4, initial_backoff=0.0)),
                RequestOptions(max_retries=1),
                2,
            ),
            (RequestOptions(max_retries=1), RequestOptions(locale="de"), 2),
        ],
    )
    def test_what_a_call_says_goes_before_what_the_client_says(
        self, send: Send, server: Server, of_client: RequestOptions, of_call: RequestOptions, attempts: int
    ) -> None:
        server.answer(Answer(503))
        with pytest.raises(e.ServiceUnavailableError):
            send(GET, client={"options": of_client}, options=of_call)
        assert len(server.received) == attempts

    def test_no_wait_goes_beyond_the_total_timeout(self, send: Send, server: Server) -> None:
        server.answer(Answer(503, b"", {"Retry-After": "2"}), Answer())
        with pytest.raises(e.ServiceUnavailableError):
            send(GET, client={"total_timeout": 1.0})
        assert len(server.received) == 1

    def test_a_budget_for_all_calls_of_a_client(self, use: Any, server: Server) -> None:
        server.answer(Answer(503))
        policy = RetryPolicy(max_retries=2, initial_backoff=0.0, budget=3)

        def in_turn(client: Connect) -> None:
            for _ in range(4):
                with pytest.raises(e.ServiceUnavailableError):
                    dispatcher(client).send(GET)

        async def in_turn_async(client: AsyncConnect) -> None:
            for _ in range(4):
                with pytest.raises(e.ServiceUnavailableError):
                    await dispatcher(client).send(GET)

        use(lambda client: (in_turn if isinstance(client, Connect) else in_turn_async)(client), retry_policy=policy)
        assert len(server.received) == 4 + 3

    def test_success_refills_the_budget(self) -> None:
        budget = RetryBudget(1)
        assert budget.take()
        assert not budget.take()
        for _ in range(9):
            budget.give_back()
        assert not budget.take()
        for _ in range(50):
            budget.give_back()
        assert [budget.take(), budget.take()] == [True, False]


class TestHowLong:
    def test_waits_double_up_to_the_longest(self) -> None:
        policy = RetryPolicy(initial_backoff=1.0, max_backoff=5.0)
        for repetition, longest in enumerate((1.0, 2.0, 4.0, 5.0, 5.0)):
            assert longest / 2 <= backoff(policy, repetition) <= longest
        assert backoff(policy, 10_000) <= 5.0

    def test_a_part_is_chance(self) -> None:
        assert len({backoff(RetryPolicy(initial_backoff=1.0), 0) for _ in range(20)}) > 1

    @pytest.mark.parametrize("header", ["soon", "", "-1", "Fri, 99 Foo", "9" * 400 + "x"])
    def test_unreadable_times_are_as_none(self, header: str) -> None:
        wait = delay_before_retry(RetryPolicy(initial_backoff=1.0), header, 0)
        assert wait is not None
        assert wait <= 1.0

    @settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.text(st.characters(max_codepoint=255))
        | st.builds(
            "Fri, {} Feb {} {}:{}:{} {}".format, *[st.sampled_from(["25", "-1", "9" * 9, "2011", "GMT", ""])] * 6
        )
    )
    def test_any_header_gives_seconds_or_none(self, header: str) -> None:
        assert (parse_retry_after(header) or 0.0) >= 0.0

    @pytest.mark.parametrize(("header", "wait"), [("7", 7.0), ("Fri, 25 Feb 2011 18:24:31 GMT", 0.0), ("31", None)])
    def test_retry_after_is_honoured_up_to_the_longest(self, header: str, wait: float | None) -> None:
        assert delay_before_retry(RetryPolicy(), header, 0) == wait

    def test_a_long_time_is_not_waited_for(self, send: Send, server: Server) -> None:
        server.answer(Answer(503, b"", {"Retry-After": "31"}), Answer())
        with pytest.raises(e.ServiceUnavailableError) as raised:
            send(GET)
        assert raised.value.headers["retry-after"] == "31"


class TestIdempotencyKeys:
    @pytest.mark.parametrize(
        ("operation", "arguments"),
        [
            (BY_HEADER, {"headers": {"sfdc-Payments-Idempotency-Key": "k"}}),
            (BY_HEADER, {"options": RequestOptions(headers={"SFDC-payments-idempotency-key": "k"})}),
            (BY_HEADER, {"body": {"idempotencyKey": "k"}}),
            (BY_PROPERTY, {"body": {"amount": 1, "idempotencyKey": "k"}}),
        ],
    )
    def test_a_key_makes_a_call_safe(self, send: Send, server: Server, operation: Any, arguments: Any) -> None:
        server.answer(Answer(503), Answer(body=b'{"a": 1}'))
        assert send(operation, **arguments) == {"a": 1}

    @pytest.mark.parametrize(
        "body", [None, {}, {"idempotencyKey": ""}, {"a": {"idempotencyKey": "k"}}, {"a": '"idempotencyKey":"k"'}]
    )
    @pytest.mark.parametrize("operation", [BY_HEADER, BY_PROPERTY])
    def test_without_one_it_is_sent_once(self, send: Send, server: Server, operation: Any, body: Any) -> None:
        server.answer(Answer(503))
        with pytest.raises(e.ServiceUnavailableError):
            send(operation, body=body)
        assert len(server.received) == 1

    def test_the_client_generates_one_where_the_policy_says_so(self, send: Send, server: Server) -> None:
        server.answer(Answer(503), Answer())
        send(BY_HEADER, body={"amount": 1}, client={"retry_policy": KEYS})
        keys = {received.headers["sfdc-Payments-Idempotency-Key"] for received in server.received}
        assert len(server.received) == 2
        assert len(keys) == 1
        uuid.UUID(keys.pop())

        server.answer(Answer(503), Answer())
        send(BY_PROPERTY, body={"amount": 2.50, "b": {"c": None}}, options=RequestOptions(retry_policy=KEYS))
        assert server.received[-1].body == server.received[-2].body
        sent = json.loads(server.last.body)
        uuid.UUID(sent.pop("idempotencyKey"))
        assert sent == {"amount": 2.5, "b": {"c": None}}

    def test_every_call_gets_its_own(self, send: Send, server: Server) -> None:
        for _ in range(2):
            send(BY_HEADER, client={"retry_policy": KEYS})
        assert len({received.headers["sfdc-Payments-Idempotency-Key"] for received in server.received}) == 2

    def test_a_key_of_the_caller_is_kept(self, send: Send, server: Server) -> None:
        send(BY_PROPERTY, body={"idempotencyKey": "mine"}, client={"retry_policy": KEYS})
        assert json.loads(server.last.body) == {"idempotencyKey": "mine"}

    @pytest.mark.parametrize("operation", [GET, POST])
    def test_operations_that_take_none_get_none(self, send: Send, server: Server, operation: Any) -> None:
        send(operation, client={"retry_policy": KEYS})
        assert not any("idempotency" in name.lower() for name in server.last.headers)
        assert server.last.body == b""

    @pytest.mark.parametrize("arguments", [{"headers": {"sfdc-Payments-Idempotency-Key": "k" * 256}}])
    def test_a_key_has_at_most_255_characters(self, send: Send, server: Server, arguments: Any) -> None:
        with pytest.raises(ValueError, match="255"):
            send(BY_HEADER, **arguments)
        with pytest.raises(ValueError, match="255"):
            send(BY_PROPERTY, body={"idempotencyKey": "k" * 256})
        assert server.received == []
        send(BY_PROPERTY, body={"idempotencyKey": "k" * 255})


class TestObserving:
    def test_hooks_are_called_for_every_attempt(self, send: Send, server: Server) -> None:
        events: list[Any] = []
        hooks = Hooks(request=events.append, response=events.append, retry=events.append)
        server.answer(Answer(503), Answer(drop=True), Answer())
        send(GET, query={"q": "hidden"}, client={"hooks": hooks})
        path = "/services/data/v67.0/chatter/thing"
        where = (f"{server.url}{path}", path, dict[str, str]())
        attempts = [RequestEvent("f.g.get", "GET", path, "67.0", number, *where) for number in (1, 2, 3)]
        discriminated_union = [type(event) for event in events]
        assert discriminated_union == [RequestEvent, ResponseEvent, RetryEvent] * 2 + [RequestEvent, ResponseEvent]
        assert [event for event in events if isinstance(event, RequestEvent)] == attempts
        ended = [event for event in events if isinstance(event, ResponseEvent)]
        assert [event.request for event in ended] == attempts
        assert [event.status for event in ended] == [503, None, 200]
        assert [bool(event.failure) for event in ended] == [False, True, False]
        assert all(event.seconds > 0 for event in ended)
        retried = [event for event in events if isinstance(event, RetryEvent)]
        assert [event.request.attempt for event in retried] == [1, 2]
        assert [event.delay for event in retried] == [0.0, 0.0]
        assert retried[0].reason == "503"
        assert "hidden" not in repr(events)
        assert TOKEN not in repr(events)

    def test_hooks_are_called_for_a_new_token_too(self, send: Send, server: Server) -> None:
        tokens, events = iter(["one", "two"]), []
        server.answer(Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]'), Answer())
        send(GET, client={"token": lambda: next(tokens), "hooks": Hooks(retry=events.append)})
        assert [(event.reason, event.delay) for event in events] == [("a new token", 0.0)]

    def test_asynchronous_hooks_are_awaited(self, server: Server) -> None:
        events: list[RequestEvent | ResponseEvent | RetryEvent] = []

        async def hook(event: RequestEvent | ResponseEvent | RetryEvent) -> None:
            await asyncio.sleep(0)
            events.append(event)

        async def main() -> None:
            hooks = Hooks(request=hook, response=hook, retry=hook)
            async with AsyncConnect(server.url, token=TOKEN, retry_policy=QUICK, hooks=hooks) as client:
                await dispatcher(client).send(GET)

        server.answer(Answer(503), Answer())
        asyncio.run(main())
        assert len(events) == 5

    @pytest.mark.parametrize("name", ["request", "response", "retry"])
    def test_a_synchronous_client_takes_no_asynchronous_hook(self, server: Server, name: str) -> None:
        async def hook(event: object) -> None:
            raise AssertionError(event)

        server.answer(Answer(503), Answer())
        hooks = Hooks(**{name: hook})
        with (
            Connect(server.url, token=TOKEN, retry_policy=QUICK, hooks=hooks) as client,
            pytest.raises(TypeError, match="needs an asynchronous client"),
        ):
            dispatcher(client).send(GET)

    def test_a_hook_that_raises_ends_the_call(self, send: Send, server: Server) -> None:
        def refuse(event: RequestEvent) -> None:
            raise LookupError(event.operation)

        with pytest.raises(LookupError, match=r"f\.g\.get"):
            send(GET, client={"hooks": Hooks(request=refuse)})
        assert server.received == []

    def test_the_log_has_every_attempt(self, send: Send, server: Server, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG, "sf_connect")
        server.answer(Answer(503), Answer(drop=True), Answer())
        send(GET, query={"q": "hidden"})
        told = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "sf_connect"]
        assert [level for level, _ in told] == ["DEBUG", "INFO", "DEBUG", "INFO", "DEBUG"]
        assert all(message.startswith("GET /services/data/v67.0/chatter/thing") for _, message in told)
        assert "503" in told[0][1]
        assert told[1][1].endswith("is retried in 0.00 s after 503")
        assert told[4][1].endswith(": 200")


@pytest.mark.parametrize("zone", ["GMT", "-0000", ""])
def test_dates_are_of_greenwich_wherever_the_machine_is(zone: str) -> None:
    program = (
        "import time; from email.utils import formatdate; "
        "from sf_connect.core.transport.retries import parse_retry_after; "
        f"print(parse_retry_after(formatdate(time.time() + 1000)[:-5] + {zone!r}))"
    )
    for place in ("Asia/Tokyo", "America/New_York"):
        done = subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "TZ": place}, capture_output=True, text=True, check=True
        )
        assert 900 < float(done.stdout) <= 1000


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"max_retries": -1}, (ValueError, "max_retries of a retry policy must be at least 0, not -1")),
        ({"initial_backoff": -0.5}, (ValueError, "initial_backoff of a retry policy must be at least 0")),
        ({"budget": -1}, (ValueError, "budget")),
        ({"max_retries": "3"}, (TypeError, "max_retries of a retry policy must be a number, not str")),
        ({"max_backoff": None}, (TypeError, "max_backoff of a retry policy must be a number, not NoneType")),
        ({"statuses": 503}, (TypeError, r"write statuses=\(503,\)")),
    ],
)
def test_policies_that_are_none(given: dict[str, Any], error: tuple[type[Exception], str]) -> None:
    with pytest.raises(error[0], match=error[1]):
        RetryPolicy(**given)
