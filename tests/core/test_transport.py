"""How a call travels: raw responses, timeouts, method override, headers, own connections, sites, shared sessions."""

from __future__ import annotations

import asyncio
import re
from typing import Any, ClassVar

import httpx2
import pytest

import sf_connect.core as e
from core.conftest import TOKEN, AsyncConnect, Connect, Thing, dispatcher, things
from core.org import EXPIRED, Org
from core.server import Answer, Server, running
from sf_connect.core import AsyncGroup, Operation, RateLimiter, RequestOptions, RetryPolicy, SyncGroup

PATCH: Operation[dict[str, Any]] = Operation("f.g.update", "PATCH", "/chatter/things/{thingId}", dict, retry="unsafe")
DELETE: Operation[None] = Operation("f.g.delete", "DELETE", "/chatter/things/{thingId}", None, status=(204,))
HEAD: Operation[None] = Operation("f.g.check", "HEAD", "/chatter/things/{thingId}", None)
PUT: Operation[dict[str, Any]] = Operation("f.g.replace", "PUT", "/chatter/things/{thingId}", dict)
GET: Operation[dict[str, Any]] = Operation("f.g.get", "GET", "/chatter/things/{thingId}", dict)
OVERRIDE = RequestOptions(method_override=True)


class Connect38(Connect):
    api_version: ClassVar[str] = "38.0"


class AsyncConnect38(AsyncConnect):
    api_version: ClassVar[str] = "38.0"


class OldConnect(Connect):
    api_version: ClassVar[str] = "30.0"
    retired_in: ClassVar[str | None] = "Summer '25"


class OldAsyncConnect(AsyncConnect):
    api_version: ClassVar[str] = "30.0"
    retired_in: ClassVar[str | None] = "Summer '25"


def raw(client: Any, *args: Any, **named: Any) -> Any:
    return client.raw(things(client).get, *(args or ("1",)), **named)


class TestRawResponses:
    def test_they_have_status_headers_and_content(self, use: Any, server: Server) -> None:
        server.answer(Answer(503), Answer(203, b'{"name": "Ada"}', {"X-Limits": "5"}))
        answer = use(lambda client: raw(client, "a/b", options=RequestOptions(query={"x": 1})))
        assert (answer.status, answer.content, answer.attempts) == (203, b'{"name": "Ada"}', 2)
        assert answer.headers["x-limits"] == answer.headers["X-LIMITS"] == "5"
        assert answer.is_success
        assert answer.parse() == Thing(name="Ada")
        assert repr(answer) == "<RawResponse 203 of f.things.get, 15 bytes>"
        assert server.last.target == "/services/data/v67.0/chatter/things/a%2Fb?x=1"

    def test_an_error_raises_when_it_is_parsed(self, use: Any, server: Server) -> None:
        server.answer(Answer(404, b'[{"errorCode": "NOT_FOUND", "message": "Gone"}]'))
        answer = use(raw)
        assert (answer.status, answer.is_success) == (404, False)
        with pytest.raises(e.NotFoundError, match="Gone"):
            answer.parse()

    def test_a_token_is_refreshed(self, use: Any, server: Server) -> None:
        tokens = iter(["one", "two"])
        server.answer(EXPIRED, Answer())
        assert use(raw, token=lambda: next(tokens)).status == 200

    def test_the_operation_s_own_client_sends_it(self, use: Any, server: Server) -> None:
        in_site: Operation[dict[str, Any]] = Operation("f.g.get", "GET", "/chatter/things", dict, site=True)

        class Sync(SyncGroup):
            def get(self) -> dict[str, Any]:
                return self._send(in_site)

        class Async(AsyncGroup):
            async def get(self) -> dict[str, Any]:
                return await self._send(in_site)

        def ask(client: Any) -> Any:
            group = (Sync if isinstance(client, Connect) else Async)(dispatcher(client.site("0DB")))
            return client.raw(group.get)

        use(ask)
        assert server.last.target == "/services/data/v67.0/connect/communities/0DB/chatter/things"

    def test_wrong_arguments_are_refused(self, server: Server) -> None:
        with Connect(server.url, token=TOKEN) as client:
            with pytest.raises(TypeError, match="missing 1 required"):
                client.raw(things(client).get)
            with pytest.raises(ValueError, match="cannot be part of a path"):
                client.raw(things(client).get, "")
            for wrong in (len, things):
                with pytest.raises(TypeError, match="pass an operation of a client"):
                    client.raw(wrong, "1")  # type: ignore[arg-type]
            with pytest.raises(TypeError, match="exactly one call"):
                client.raw(things(client).nothing)
        assert server.received == []

    def test_no_response_raises(self, use: Any, server: Server) -> None:
        server.answer(Answer(drop=True))
        with pytest.raises(e.APIConnectionError):
            use(raw)


class TestMethodOverride:
    @pytest.mark.parametrize("operation", [PATCH, DELETE, HEAD, PUT])
    @pytest.mark.parametrize("place", ["call", "client"])
    def test_other_methods_travel_as_post(self, send: Any, server: Server, operation: Any, place: str) -> None:
        settings: Any = {"options": OVERRIDE} if place == "call" else {"client": {"options": OVERRIDE}}
        send(operation, ("1",), query={"a": "b c"}, body={"x": 1} if operation in (PATCH, PUT) else None, **settings)
        assert server.last.method == "POST"
        assert server.last.target == f"/services/data/v67.0/chatter/things/1?a=b+c&_HttpMethod={operation.method}"
        assert server.last.body == (b'{"x":1}' if operation in (PATCH, PUT) else b"")

    def test_get_stays(self, send: Any, server: Server) -> None:
        send(GET, ("1",), options=OVERRIDE)
        assert (server.last.method, server.last.target) == ("GET", "/services/data/v67.0/chatter/things/1")

    def test_a_call_may_say_no(self, send: Any, server: Server) -> None:
        send(DELETE, ("1",), client={"options": OVERRIDE}, options=RequestOptions(method_override=False))
        assert (server.last.method, server.last.target) == ("DELETE", "/services/data/v67.0/chatter/things/1")

    def test_errors_name_the_method_that_is_meant(self, send: Any, server: Server) -> None:
        server.answer(Answer(404))
        with pytest.raises(e.NotFoundError, match="404 from DELETE") as raised:
            send(DELETE, ("1",), options=OVERRIDE)
        assert raised.value.request is not None
        assert raised.value.request.method == raised.value.method == "DELETE"


class TestHeaders:
    def test_the_user_agent_names_client_and_version(self, send: Any, server: Server) -> None:
        send(GET, ("1",))
        assert re.fullmatch(r"sf-connect-core/\d+\.\d+\.\d+ \(API 67\.0\)", server.last.headers["User-Agent"])
        send(GET, ("1",), options=RequestOptions(headers={"user-agent": "mine/1"}))
        assert {name: value for name, value in server.last.headers.items() if name.lower() == "user-agent"} == {
            "user-agent": "mine/1"
        }

    def test_a_call_s_header_replaces_the_usual_one_in_any_case(self, send: Any, server: Server) -> None:
        options = RequestOptions(locale="de", headers={"accept-language": "fr", "ACCEPT": "application/xml"})
        send(GET, ("1",), options=options)
        found = [(name, value) for name, value in server.last.headers.items() if name.lower().startswith("accept")]
        assert ("accept-language", "fr") in found
        assert ("ACCEPT", "application/xml") in found
        assert len(found) == 3  # with Accept-Encoding

    @pytest.mark.parametrize("name", ["Authorization", "authorization"])
    def test_the_token_is_the_client_s_own(self, send: Any, server: Server, name: str) -> None:
        with pytest.raises(ValueError, match="client sets the header Authorization") as refused:
            send(GET, ("1",), options=RequestOptions(headers={name: "Bearer hidden"}))
        assert "hidden" not in str(refused.value)
        assert server.received == []


class TestTimeouts:
    @pytest.mark.parametrize("place", ["call", "client", "options"])
    def test_of_call_and_client(self, send: Any, server: Server, place: str) -> None:
        server.answer(Answer(delay=1.0))
        short = RequestOptions(timeout=0.05)
        settings: dict[str, Any] = {
            "call": {"options": short},
            "client": {"client": {"timeout": 0.05}},
            "options": {"client": {"options": short}},
        }[place]
        with pytest.raises(e.APITimeoutError, match=r"0\.05 seconds"):
            send(PATCH, ("1",), **settings)

    def test_of_httpx2(self, send: Any, server: Server) -> None:
        server.answer(Answer(delay=1.0))
        with pytest.raises(e.APITimeoutError, match=r"nothing came for 0\.05 seconds \(ReadTimeout\)"):
            send(PATCH, ("1",), options=RequestOptions(timeout=httpx2.Timeout(10.0, read=0.05)))

    def test_a_server_that_drips_is_waited_for_while_it_drips(self, send: Any, server: Server) -> None:
        server.answer(Answer(body=b'{"a": 1}', drip=0.02))
        assert send(GET, ("1",), options=RequestOptions(timeout=5.0)) == {"a": 1}


class TestConnectionsOfYourOwn:
    def test_a_transport(self, server: Server) -> None:
        class Counting(httpx2.HTTPTransport):
            sent = 0

            def handle_request(self, request: httpx2.Request) -> httpx2.Response:
                self.sent += 1
                return super().handle_request(request)

        class AsyncCounting(httpx2.AsyncHTTPTransport):
            sent = 0

            async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
                self.sent += 1
                return await super().handle_async_request(request)

        transport, other = Counting(), AsyncCounting()
        with Connect(server.url, token=TOKEN, transport=transport) as client:
            dispatcher(client).send(GET, ("1",))

        async def main() -> None:
            async with AsyncConnect(server.url, token=TOKEN, transport=other) as client:
                await dispatcher(client).send(GET, ("1",))

        asyncio.run(main())
        assert (transport.sent, other.sent) == (1, 1)

    def test_one_or_the_other(self, server: Server) -> None:
        with httpx2.Client() as mine, httpx2.HTTPTransport() as transport:
            with pytest.raises(ValueError, match="not both"):
                Connect(server.url, token=TOKEN, http_client=mine, transport=transport)
            with pytest.raises(ValueError, match="not both"):
                Connect.from_sf_cli("dev", http_client=mine, transport=transport)

    def test_its_own_login_and_redirects_do_not_touch_the_token(self, server: Server) -> None:
        with running() as elsewhere:
            server.answer(Answer(302, b"", {"Location": f"{elsewhere.url}/steal"}))
            with (
                httpx2.Client(auth=("user", "password"), follow_redirects=True) as mine,
                Connect(server.url, token=TOKEN, http_client=mine) as client,
                pytest.raises(e.RedirectError),
            ):
                dispatcher(client).send(GET, ("1",))
            assert server.last.headers["Authorization"] == f"Bearer {TOKEN}"
            assert elsewhere.received == []


class TestSites:
    def test_a_site_on_its_own_host(self, server: Server) -> None:
        with Connect(f"{server.url}/shop/", token=TOKEN) as client:
            dispatcher(client).send(GET, ("1",))
        assert server.last.target == "/shop/services/data/v67.0/chatter/things/1"


class TestSharedSessions:
    """Clients of two versions in one process."""

    def test_one_token_for_two_versions(self, server: Server) -> None:
        org, limiter = Org(server), RateLimiter(3, wait=False)
        app: dict[str, Any] = {"client_id": "app", "client_secret": "s"}
        with Connect.with_client_credentials(server.url, **app, rate_limiter=limiter) as new:
            old = Connect38.from_client(new)
            assert type(old) is Connect38
            things(new).get("1")
            org.expire()
            things(old).get("1")
            with pytest.raises(e.LocalRateLimitError):
                things(new).get("1")
            old.close()
            dispatcher(new).send(GET, ("1",))
        paths = [received.target.split("/")[3] for received in org.received if "data" in received.target]
        assert paths == ["v67.0", "v38.0", "v38.0", "v67.0"]
        assert len(org.logins) == 2

    def test_the_same_asynchronously(self, server: Server) -> None:
        org = Org(server)

        async def main() -> None:
            app: dict[str, Any] = {"client_id": "app", "client_secret": "s"}
            async with await AsyncConnect.with_client_credentials(server.url, **app) as new:
                old = AsyncConnect38.from_client(new.site("0DB"))
                await things(old).get("1")
                org.expire()
                await things(new).get("1")
                await old.aclose()
                await things(new).get("1")
                assert repr(old) == f"<AsyncConnect38 38.0 of {server.url}, site '0DB'>"

        asyncio.run(main())
        assert len(org.logins) == 2

    def test_clients_know_whether_they_share(self, server: Server) -> None:
        with Connect(server.url, token=TOKEN) as one, Connect(server.url, token=TOKEN) as other:
            assert one.shares_session_with(one.site("0DB"))
            assert one.shares_session_with(Connect38.from_client(one))
            assert not one.shares_session_with(other)
            assert not one.shares_session_with(None)
            assert (one.site_id, one.site("0DB").site_id) == (None, "0DB")
            assert one.site("0DB").options is one.options

    def test_the_end_of_the_session_ends_all(self, server: Server) -> None:
        with Connect(server.url, token=TOKEN) as new:
            old = Connect38.from_client(new)
        with pytest.raises(RuntimeError, match="closed"):
            dispatcher(old).send(GET, ("1",))

    def test_a_retired_version_warns_where_it_is_made(self, server: Server) -> None:
        with Connect(server.url, token=TOKEN) as new, pytest.warns(e.RetiredVersionWarning) as caught:
            OldConnect.from_client(new)
        assert caught[0].filename == __file__
        Org(server)
        with pytest.warns(e.RetiredVersionWarning) as caught:
            OldConnect.with_client_credentials(server.url, client_id="a", client_secret="b").close()
        assert caught[0].filename == __file__


VERSIONS = Answer(
    body=b'[{"version": "67.0"}, {"version": "31.0", "label": "x"}, {"version": "odd"}, 5, {"version": "4.0"}]'
)


class TestRetiredVersions:
    def test_410_says_which_versions_are_supported(self, server: Server) -> None:
        server.respond = lambda received: VERSIONS if received.target == "/services/data" else Answer(410)
        told = r"API version 30\.0 is retired since Summer '25; this server supports 4\.0 to 67\.0"
        with pytest.warns(e.RetiredVersionWarning):
            old = OldConnect(server.url, token=TOKEN)
        with old as client:
            for _ in range(2):
                with pytest.raises(e.GoneError, match=told):
                    dispatcher(client).send(GET, ("1",))

        async def main() -> None:
            async with OldAsyncConnect(server.url, token=TOKEN) as client:
                with pytest.raises(e.GoneError, match=told):
                    await dispatcher(client).send(GET, ("1",))

        with pytest.warns(e.RetiredVersionWarning):
            asyncio.run(main())
        asked = [received for received in server.received if received.target == "/services/data"]
        assert len(asked) == 2  # once by each client
        assert all("Authorization" not in received.headers for received in asked)

    def test_a_version_that_was_not_known_to_be_retired(self, use: Any, server: Server) -> None:
        listed = Answer(body=b'[{"version": "70.0"}]')
        server.respond = lambda received: listed if received.target == "/services/data" else Answer(410)
        with pytest.raises(e.GoneError, match=r"API version 67\.0 is retired; this server supports 70\.0"):
            use(lambda client: dispatcher(client).send(GET, ("1",)))

    def test_a_resource_that_is_gone(self, use: Any, server: Server) -> None:
        server.respond = lambda received: VERSIONS if received.target == "/services/data" else Answer(410)
        with pytest.raises(
            e.GoneError, match=r"gone for good: this server supports API versions 4\.0 to 67\.0, 67\.0 am"
        ):
            use(lambda client: dispatcher(client).send(GET, ("1",)))

    @pytest.mark.parametrize(
        "answer",
        [
            Answer(410),
            Answer(body=b"<html>"),
            Answer(body=b"{}"),
            Answer(drop=True),
            Answer(302, b"", {"Location": "x"}),
        ],
    )
    def test_a_server_that_does_not_list_them(self, use: Any, server: Server, answer: Answer) -> None:
        server.respond = lambda received: answer if received.target == "/services/data" else Answer(410)
        with pytest.raises(e.GoneError, match=r"gone for good; http://127.*/services/data lists the versions"):
            use(lambda client: dispatcher(client).send(GET, ("1",)), retry_policy=RetryPolicy())
