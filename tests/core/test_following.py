"""Following URLs that responses named: as they are, on the own instance only, for an operation or a method."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from core.conftest import QUICK, TOKEN, AsyncConnect, AsyncThings, Connect, Thing, Things, dispatcher, things
from core.server import Answer, Server
from sf_connect.core import AsyncGroup, CrossOriginError, Model, Operation, RequestOptions, SyncGroup, Upload, field

Send = Callable[..., Any]


class Page(Model):
    next_page_url: str | None = field(name="nextPageUrl", default=None)


LIST: Operation[Page] = Operation("f.g.list", "GET", "/chatter/pages", Page)


class TestFollowing:
    @pytest.mark.parametrize("absolute", [True, False])
    def test_a_url_is_followed_unchanged(self, server: Server, absolute: bool) -> None:
        address = "/services/data/v67.0/chatter/pages?b=%2F+x&a=1&a=2"
        server.answer(Answer(body=b'{"nextPageUrl": "x"}'))
        with Connect(server.url, token=TOKEN) as client:
            page = client.follow_url(LIST, (server.url if absolute else "") + address)
        assert page.next_page_url == "x"
        assert server.last.target == address
        assert server.last.headers["Authorization"] == f"Bearer {TOKEN}"

    def test_a_url_of_the_api_stays_within_the_path_of_a_site_host(self, server: Server) -> None:
        api = "/services/data/v67.0/chatter/pages?page=2"
        with Connect(f"{server.url}/shop", token=TOKEN) as client:
            for address in (api, f"/shop{api}", f"{server.url}/shop{api}"):
                client.follow_url(LIST, address)
                assert server.last.target == f"/shop{api}"
            client.follow_url(LIST, "/profilephoto/1")
            assert server.last.target == "/profilephoto/1"

    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example/x",
            "http://127.0.0.1:0/x",
            "//evil.example/x",
            "\\\\evil.example/x",
            "http://127.0.0.1:1/x",
            "http://127.0.0.1@evil.example/x",
            "http://[bad",
            "javascript:x",
            "/services/data/v67.0/x?a=\udc99",
        ],
    )
    def test_urls_outside_the_instance_are_refused(self, server: Server, address: str) -> None:
        with Connect(server.url, token=TOKEN) as client, pytest.raises(CrossOriginError):
            client.follow_url(LIST, address)

        async def main() -> None:
            async with AsyncConnect(server.url, token=TOKEN, retry_policy=QUICK) as client:
                await client.follow_url(LIST, address)

        with pytest.raises(CrossOriginError):
            asyncio.run(main())
        assert server.received == []

    @pytest.mark.parametrize(("address", "error"), [(None, TypeError), (5, TypeError), ("", ValueError)])
    def test_a_url_that_the_response_did_not_name(self, server: Server, address: Any, error: type[Exception]) -> None:
        """An empty one would ask for the root of the instance."""
        with Connect(server.url, token=TOKEN) as client:
            for call in (lambda: client.follow_url(LIST, address), lambda: client.download_from(address).read()):
                with pytest.raises(error, match="did the response name one"):
                    call()
        assert server.received == []


UPLOAD: Operation[Thing] = Operation("f.uploads.upload", "POST", "/connect/uploads", Thing, retry="unsafe")


class Uploads(SyncGroup):
    def upload(self, *, parts: Mapping[str, Upload]) -> Thing:
        return self._send(UPLOAD, (), parts={**parts})


class AsyncUploads(AsyncGroup):
    async def upload(self, *, parts: Mapping[str, Upload]) -> Thing:
        return await self._send(UPLOAD, (), parts={**parts})


class TestFollowingForAMethod:
    """As `raw` and `download`, following takes the method that users have."""

    ADDRESS = "/services/data/v67.0/chatter/things/2?x=%2F"

    def test_the_response_is_the_methods_own(self, use: Send, server: Server) -> None:
        server.answer(Answer(body=b'{"name": "rose"}'))
        thing = use(lambda client: client.follow_url(things(client).get, self.ADDRESS, RequestOptions(locale="de")))
        assert thing == Thing(name="rose")
        assert server.last.target == self.ADDRESS
        assert server.last.headers["Accept-Language"] == "de"

    def test_parts_that_the_caller_names_are_needed_too(self, use: Send, server: Server) -> None:
        """Such a method takes its parts apart before it passes them on."""
        server.answer(Answer(body=b'{"name": "rose"}'))
        thing = use(
            lambda client: client.follow_url(
                (Uploads if isinstance(client, Connect) else AsyncUploads)(dispatcher(client)).upload, self.ADDRESS
            )
        )
        assert thing == Thing(name="rose")

    def test_the_methods_own_client_sends_it(self, server: Server) -> None:
        with Connect(server.url, token=TOKEN) as client, Connect(server.url, token="other-token") as other:
            client.follow_url(things(other).get, self.ADDRESS)
        assert server.last.headers["Authorization"] == "Bearer other-token"

    def test_a_url_outside_the_methods_own_instance_is_refused(self, use: Send, server: Server) -> None:
        with pytest.raises(CrossOriginError, match=r"f\.things\.get"):
            use(lambda client: client.follow_url(things(client).get, "https://evil.example/x"))
        assert server.received == []

    @pytest.mark.parametrize(
        "wrong", [lambda client: things(client).nothing, lambda client: Thing, lambda client: len, lambda client: None]
    )
    def test_what_makes_no_call_is_refused(self, use: Send, server: Server, wrong: Send) -> None:
        with pytest.raises(TypeError, match="operation"):
            use(lambda client: client.follow_url(wrong(client), self.ADDRESS))
        assert server.received == []

    def test_a_method_of_the_other_type_of_client_is_refused(self, use: Send, server: Server) -> None:
        other = Things(Connect(server.url, token=TOKEN)), AsyncThings(AsyncConnect(server.url, token=TOKEN))
        with pytest.raises(TypeError, match="operation of a client"):
            use(lambda client: client.follow_url(other[isinstance(client, Connect)].get, self.ADDRESS))
        assert server.received == []
