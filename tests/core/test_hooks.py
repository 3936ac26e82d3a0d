"""What hooks learn of responses, what they add to requests, and the hook that a whole call runs within."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import sf_connect.core as e
from core.conftest import TOKEN, AsyncConnect, dispatcher, things
from core.org import Org
from core.server import Answer, Server, breaking_off
from sf_connect.core import CallEvent, Hooks, Operation, RequestEvent, RequestOptions, ResponseEvent

GET: Operation[dict[str, Any]] = Operation("f.g.get", "GET", "/chatter/things/{thingId}", dict)
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def setting(name: str, value: str) -> Callable[[RequestEvent], None]:
    """A hook that adds a header."""

    def hook(event: RequestEvent) -> None:
        event.extra_headers[name] = value

    return hook


class TestResponseHeaders:
    def test_a_hook_gets_them_whatever_their_case(self, send: Any, server: Server) -> None:
        events: list[ResponseEvent] = []
        limits = {"Sforce-Limit-Info": "api-usage=18/5000", "X-SFDC-Request-Id": "f00"}
        server.answer(Answer(503, headers={"Retry-After": "0"}), Answer(headers=limits))
        send(GET, ("1",), client={"hooks": Hooks(response=events.append)})
        assert events[0].headers["retry-after"] == "0"
        assert events[1].headers["sforce-limit-info"] == events[1].headers["SFORCE-LIMIT-INFO"] == "api-usage=18/5000"
        assert events[1].headers["X-SFDC-Request-Id"] == "f00"

    def test_an_attempt_without_a_response_has_none(self, send: Any, server: Server) -> None:
        events: list[ResponseEvent] = []
        server.answer(Answer(drop=True), Answer())
        send(GET, ("1",), client={"hooks": Hooks(response=events.append)})
        assert not events[0].headers

    def test_a_download_has_them_too(self, use: Any, server: Server) -> None:
        events: list[ResponseEvent] = []
        server.answer(Answer(body=b"abc", headers={"ETag": '"7"'}))
        hooks = Hooks(response=events.append)
        assert use(lambda client: client.download(things(client).content, "1").read(), hooks=hooks) == b"abc"
        assert events[0].headers["etag"] == '"7"'

    @pytest.mark.parametrize(
        "name",
        [
            "Set-Cookie", "Authorization", "Proxy-Authenticate", "WWW-Authenticate", "Authentication-Info",
            "X-Auth-Token", "X-CSRF-Token", "X-Session-Id", "X-Api-Key", "Client-Secret", "X-SID",
            "X-Amz-Security-Token", "X-Password", "X-Amz-Signature",
        ],
    )  # fmt: skip
    def test_those_that_hold_secrets_are_left_out(self, send: Any, server: Server, name: str) -> None:
        events: list[ResponseEvent] = []
        server.answer(Answer(headers={name: "hidden", "X-Side": "seen"}))
        send(GET, ("1",), client={"hooks": Hooks(response=events.append)})
        assert name not in events[0].headers
        assert events[0].headers["x-side"] == "seen"
        assert "hidden" not in repr(events)

    def test_queries_of_urls_are_left_out(self, send: Any, server: Server) -> None:
        events: list[ResponseEvent] = []
        links = {"Location": "/frontdoor.jsp?sid=hidden", "Link": '<https://acme.example/x?sid=hidden>; rel="next"'}
        server.answer(Answer(headers={**links, "X-Question": "why?"}))
        send(GET, ("1",), client={"hooks": Hooks(response=events.append)})
        assert events[0].headers["location"] == "/frontdoor.jsp"
        assert events[0].headers["link"] == '<https://acme.example/x>; rel="next"'
        assert events[0].headers["x-question"] == "why?"

    def test_a_token_that_comes_back_is_masked(self, send: Any, server: Server) -> None:
        events: list[ResponseEvent] = []
        server.answer(Answer(headers={"X-One": f"a {TOKEN} b", "X-Two": "c", "X-Three": TOKEN}))
        send(GET, ("1",), client={"hooks": Hooks(response=events.append)})
        assert [events[0].headers[f"x-{name}"] for name in ("one", "two", "three")] == ["a [token] b", "c", "[token]"]
        assert TOKEN not in repr(events)


class TestExtraHeaders:
    def test_they_are_sent_with_the_attempt(self, send: Any, server: Server) -> None:
        def hook(event: RequestEvent) -> None:
            assert event.extra_headers == {}
            event.extra_headers["X-Attempt"] = str(event.attempt)

        server.answer(Answer(503), Answer())
        send(GET, ("1",), client={"hooks": Hooks(request=hook)})
        assert [received.headers["X-Attempt"] for received in server.received] == ["1", "2"]

    def test_they_come_before_those_of_the_call(self, send: Any, server: Server) -> None:
        options = RequestOptions(headers={"traceparent": "other", "X-Own": "1"})
        send(GET, ("1",), options=options, client={"hooks": Hooks(request=setting("Traceparent", TRACEPARENT))})
        sent = [value for name, value in server.last.headers.items() if name.lower() == "traceparent"]
        assert sent == [TRACEPARENT]
        assert server.last.headers["X-Own"] == "1"

    def test_a_call_can_set_them_without_a_hook(self, send: Any, server: Server) -> None:
        send(GET, ("1",), options=RequestOptions(headers={"traceparent": TRACEPARENT}))
        assert server.last.headers["traceparent"] == TRACEPARENT

    def test_an_asynchronous_hook_can_add_them(self, server: Server) -> None:
        async def hook(event: RequestEvent) -> None:
            await asyncio.sleep(0)
            event.extra_headers["traceparent"] = TRACEPARENT

        async def main() -> None:
            async with AsyncConnect(server.url, token=TOKEN, hooks=Hooks(request=hook)) as client:
                await dispatcher(client).send(GET, ("1",))

        asyncio.run(main())
        assert server.last.headers["traceparent"] == TRACEPARENT

    @pytest.mark.parametrize("name", ["Authorization", "HOST", "content-length", "Transfer-Encoding"])
    def test_some_are_the_clients_own(self, send: Any, server: Server, name: str) -> None:
        with pytest.raises(ValueError, match=f"the client sets the header {name}: a hook cannot"):
            send(GET, ("1",), client={"hooks": Hooks(request=setting(name, "x"))})
        assert server.received == []

    @pytest.mark.parametrize(
        ("value", "error"),
        [("a\r\nX-Evil: 1", ValueError), ("é", ValueError), (1, TypeError), (None, TypeError), (b"x", TypeError)],
    )
    def test_what_no_header_can_hold_is_refused(self, send: Any, server: Server, value: Any, error: Any) -> None:
        with pytest.raises(error, match="the header 'X-Trace' "):
            send(GET, ("1",), client={"hooks": Hooks(request=setting("X-Trace", value))})
        assert server.received == []

    def test_a_login_gets_none(self, login: Any, org: Org, server: Server) -> None:
        org.expire_after = 1
        login(
            "with_client_credentials", server.url, client_id="i", client_secret="s",
            hooks=Hooks(request=setting("traceparent", TRACEPARENT)),
            then=lambda client: dispatcher(client).send(GET, ("1",)),
        )  # fmt: skip
        sent = {received.target: "traceparent" in received.headers for received in server.received}
        assert sent == {"/services/oauth2/token": False, "/services/data/v67.0/chatter/things/1": True}


class TestCalls:
    """Hooks(call=…)."""

    def test_a_call_runs_within_it_with_all_attempts(self, send: Any, server: Server) -> None:
        seen: list[str] = []

        @contextmanager
        def around(event: CallEvent) -> Iterator[None]:
            assert event.url == f"{server.url}{event.path}"
            assert event.url_template == "/services/data/v67.0/chatter/things/{thingId}"
            seen.append(f"{event.operation} {event.method} {event.path} {event.api_version}")
            yield
            seen.append("ended")

        server.answer(Answer(503), Answer())
        hooks = Hooks(call=around, request=lambda event: seen.append(f"attempt {event.attempt}"))
        send(GET, ("1",), query={"q": "hidden"}, client={"hooks": hooks})
        path = "/services/data/v67.0/chatter/things/1"
        assert seen == [f"f.g.get GET {path} 67.0", "attempt 1", "attempt 2", "ended"]

    def test_it_sees_the_error_and_cannot_swallow_it(self, send: Any, server: Server) -> None:
        server.answer(Answer(404))
        with pytest.raises(e.NotFoundError):
            send(GET, ("1",), client={"hooks": Hooks(call=lambda event: suppress(Exception))})

    def test_a_download_is_one_call(self, use: Any, server: Server, tmp_path: Path) -> None:
        counts: list[str] = []
        content = bytes(1000) * 100

        @contextmanager
        def around(event: CallEvent) -> Iterator[None]:
            yield
            counts.append(event.operation)

        server.respond = breaking_off(content)
        use(lambda client: client.download(things(client).content, "1").to(tmp_path / "a"), hooks=Hooks(call=around))
        assert (tmp_path / "a").read_bytes() == content
        assert counts == ["f.things.content"]

    @pytest.mark.parametrize("returned", [None, 1, "x"])
    def test_what_is_no_context_manager_is_refused(self, send: Any, server: Server, returned: Any) -> None:
        kind = type(returned).__name__
        with pytest.raises(TypeError, match=rf"Hooks\.call returns a context manager, not {kind}"):
            send(GET, ("1",), client={"hooks": Hooks(call=lambda event: returned)})
        assert server.received == []

    def test_an_asynchronous_function_is_refused(self, server: Server) -> None:
        async def hook(event: CallEvent) -> AbstractContextManager[None]:
            raise AssertionError(event)

        async def main() -> None:
            wrong: Any = hook
            async with AsyncConnect(server.url, token=TOKEN, hooks=Hooks(call=wrong)) as client:
                with pytest.raises(TypeError, match=r"Hooks\.call returns a context manager, not coroutine"):
                    await dispatcher(client).send(GET, ("1",))

        asyncio.run(main())
