"""`client.request`: URLs that no operation describes, with login, retries, limits and errors as for all calls."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from core.conftest import TOKEN, AsyncConnect, Connect, Thing
from core.server import Answer, Server
from sf_connect.core import (
    CrossOriginError,
    Input,
    NotFoundError,
    RateLimiter,
    RequestOptions,
    ResponseDecodeError,
    ServiceUnavailableError,
    Upload,
    field,
)

BASE = "/services/data/v67.0"


class ThingInput(Input):
    first_name: str = field(name="firstName")


@pytest.fixture
def request_of(use: Any) -> Any:
    """`client.request` of either client, waited for."""
    return lambda *args, **named: use(lambda client: client.request(*args, **named))


class TestWhatIsSent:
    def test_a_path_is_below_the_version(self, server: Server, request_of: Any) -> None:
        server.answer(Answer(body=b'{"models": [1]}'))
        assert request_of("get", "/ssot/semantic/models", params={"limit": 5, "ids": ["a", "b"], "none": None}) == {
            "models": [1]
        }
        assert server.last.target == f"{BASE}/ssot/semantic/models?limit=5&ids=a%2Cb"
        assert server.last.headers["Authorization"] == f"Bearer {TOKEN}"

    @pytest.mark.parametrize("prefix", ["", "{url}"])
    def test_a_path_from_services_is_taken_from_the_host(self, server: Server, request_of: Any, prefix: str) -> None:
        request_of("GET", prefix.format(url=server.url) + "/services/apexrest/things/%7Bx%7D?a=1&b=", params={"c": 2})
        assert server.last.target == "/services/apexrest/things/%7Bx%7D?a=1&b=&c=2"

    def test_braces_are_no_placeholders(self, server: Server, request_of: Any) -> None:
        request_of("GET", "/things/{x}")
        assert server.last.target == f"{BASE}/things/%7Bx%7D"

    @pytest.mark.parametrize("body", [{"firstName": "Ann"}, ThingInput(first_name="Ann")])
    def test_a_body_is_json(self, server: Server, request_of: Any, body: object) -> None:
        request_of("PATCH", "/things/1", json=body)
        assert (server.last.method, json.loads(server.last.body)) == ("PATCH", {"firstName": "Ann"})

    def test_a_form_and_files(self, server: Server, request_of: Any) -> None:
        request_of("POST", "/things", form={"name": "x y"})
        assert server.last.body == b"name=x+y"
        request_of("POST", "/things", form={"name": "x"}, files={"fileData": Upload(b"123", filename="a.txt")})
        assert b'filename="a.txt"' in server.last.body

    def test_on_a_site_host_its_path_stays(self, server: Server) -> None:
        with Connect(f"{server.url}/shop", token=TOKEN) as client:
            client.request("GET", "/connect/x")
            assert server.last.target == f"/shop{BASE}/connect/x"
            client.request("GET", f"{server.url}/shop/services/apexrest/x")
            assert server.last.target == "/shop/services/apexrest/x"


class TestWhatIsReturned:
    def test_into_a_type(self, server: Server, request_of: Any) -> None:
        server.answer(Answer(body=b'{"name": "x"}'))
        assert request_of("GET", "/things/1", into=Thing) == Thing(name="x")
        server.answer(Answer(body=b'[{"name": "x"}]'))
        assert request_of("GET", "/things", into=list[Thing]) == [Thing(name="x")]
        server.answer(Answer(body=b"%PDF"))
        assert request_of("GET", "/things/1/content", into=bytes) == b"%PDF"

    @pytest.mark.parametrize("status", [200, 202, 204])
    def test_an_empty_response_is_none(self, server: Server, request_of: Any, status: int) -> None:
        server.answer(Answer(status=status, body=b""))
        assert request_of("DELETE", "/things/1") is None

    def test_head_returns_none(self, server: Server, request_of: Any) -> None:
        server.answer(Answer(body=b""))
        assert request_of("HEAD", "/things/1") is None

    def test_what_is_no_json_is_an_error(self, server: Server, request_of: Any) -> None:
        server.answer(Answer(body=b"<html>", headers={"Content-Type": "text/html"}))
        with pytest.raises(ResponseDecodeError, match="is text/html, not JSON"):
            request_of("GET", "/things/1")

    def test_an_error_response_raises(self, server: Server, request_of: Any) -> None:
        server.answer(Answer(status=404, body=b'[{"errorCode": "NOT_FOUND", "message": "no thing"}]'))
        with pytest.raises(NotFoundError, match="no thing"):
            request_of("GET", "/things/1")


class TestRetries:
    def test_get_is_retried_and_post_only_where_told(self, server: Server, request_of: Any) -> None:
        for method, attempts in (("GET", 3), ("DELETE", 3), ("POST", 1), ("PATCH", 1)):
            server.received.clear()
            server.answer(*[Answer(status=503)] * attempts)
            with pytest.raises(ServiceUnavailableError):
                request_of(method, "/x")
            assert len(server.received) == attempts
        server.answer(Answer(status=503), Answer(body=b"{}"))
        assert request_of("POST", "/x", retry="safe") == {}

    def test_paths_of_connect_and_chatter_count_towards_the_limit(self, server: Server) -> None:
        limiter = RateLimiter(100)
        with Connect(server.url, token=TOKEN, rate_limiter=limiter) as client:
            for path in ("/connect/x", "/services/data/v60.0/chatter/x", "/ssot/x"):
                client.request("GET", path)
        assert limiter.left == 98


class TestRawAndBatch:
    def test_raw(self, server: Server) -> None:
        server.answer(Answer(status=404, body=b"[]"))
        with Connect(server.url, token=TOKEN) as client:
            response = client.raw(client.request, "GET", "/things/1", into=Thing)
        assert (response.status, server.received[0].target) == (404, f"{BASE}/things/1")

    def test_raw_async(self, server: Server) -> None:
        async def main() -> int:
            async with AsyncConnect(server.url, token=TOKEN) as client:
                return (await client.raw(client.request, "GET", "/things/1")).status

        assert asyncio.run(main()) == 200

    def test_batch(self, server: Server) -> None:
        body = {"hasErrors": False, "results": [{"statusCode": 200, "result": {"name": "x"}}]}
        server.answer(Answer(body=json.dumps(body).encode()))
        with Connect(server.url, token=TOKEN) as client:
            batch = client.batch()
            item = batch.add(client.request, "GET", "/connect/things/1", into=Thing)
            batch.send()
            assert item.result == Thing(name="x")
        assert json.loads(server.last.body)["batchRequests"] == [{"method": "Get", "url": f"{BASE}/connect/things/1"}]

    def test_no_other_method_of_a_client_is_an_operation(self, server: Server) -> None:
        with (
            Connect(server.url, token=TOKEN) as client,
            pytest.raises(TypeError, match="pass an operation of a client"),
        ):
            client.raw(client.close)


@pytest.mark.parametrize(
    ("method", "path", "error", "message"),
    [
        ("FETCH", "/x", ValueError, "the method is 'FETCH': use one of GET"),
        ("GET", "x", ValueError, "begin it with one slash"),
        ("GET", "", ValueError, "begin it with one slash"),
        ("GET", "//evil.example/x", ValueError, "begin it with one slash"),
        ("GET", "/a b", ValueError, "the path has ' ': percent-encode it"),
        ("GET", "/ä", ValueError, "the path has 'ä'"),
        ("GET", "/a\r\nX: y", ValueError, "percent-encode it"),
        ("GET", "/a#b", ValueError, "the path has '#'"),
        ("GET", "/../../oauth", ValueError, "leave out its . and .. parts"),
        ("GET", "/a/%2e%2E/b", ValueError, "leave out its . and .. parts"),
        ("GET", "/x?a=1&a=2", ValueError, "the query has a several times"),
        ("GET", None, TypeError, "the path is NoneType, not a str"),
        ("GET", "https://evil.example/x", CrossOriginError, "is not called"),
    ],
)
def test_what_cannot_be_sent(
    server: Server, request_of: Any, method: str, path: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        request_of(method, path)
    assert server.received == []


def test_options_apply(server: Server, request_of: Any) -> None:
    request_of("GET", "/x", options=RequestOptions(headers={"X-A": "b"}, query={"c": "d"}))
    assert (server.last.headers["X-A"], server.last.target) == ("b", f"{BASE}/x?c=d")
