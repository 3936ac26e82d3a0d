"""A 404 of a version that the org lacks: the client asks for its versions once, without a token, and says them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from core.conftest import TOKEN, AsyncConnect, Connect, Things, dispatcher, things
from core.server import Answer, Received, Server
from sf_connect.core import APIStatusError, NotFoundError, RequestOptions
from sf_connect.core.transport.server_versions import lacking, parse_versions

NOTHING = Answer(404, b'[{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]')
LIST = "/services/data"
Use = Callable[..., Any]


def listing(*versions: str) -> Answer:
    rows = [{"label": "a release", "url": f"{LIST}/v{one}", "version": one} for one in versions]
    return Answer(200, json.dumps(rows).encode())


def org(server: Server, answer: Answer, path: str = LIST) -> None:
    """Let a server have nothing but the list of its versions."""
    server.respond = lambda received: answer if received.target == path else NOTHING


def asked(server: Server) -> list[Received]:
    return [one for one in server.received if one.target.endswith(LIST)]


def missing(use: Use, action: Callable[[Any], Any] = lambda client: things(client).get("1"), **settings: Any) -> str:
    """The hint of a call that finds nothing."""
    with pytest.raises(NotFoundError) as caught:
        use(action, **settings)
    assert caught.value.hint is not None
    assert str(caught.value).endswith(f"({caught.value.hint})")
    return caught.value.hint


@pytest.mark.parametrize(
    ("versions", "hint"),
    [
        (
            ("31.0", "65.0", "66.0"),
            "has API versions 31.0 to 66.0, not 67.0, which comes with a later release: import sf_connect.v66 instead",
        ),
        (
            ("66.0",),
            "this org has API versions 66.0, not 67.0, which comes with a later release: import sf_connect.v66",
        ),
        (("68.0", "69.0"), "has API versions 68.0 to 69.0, not 67.0, which is retired: import sf_connect.v68 instead"),
        (("66.0", "67.0"), "nothing has this URL in this version and site, or the user must not see it"),
    ],
)
def test_the_hint_names_the_versions_of_the_org(use: Use, server: Server, versions: tuple[str, ...], hint: str) -> None:
    org(server, listing(*versions))
    assert hint in missing(use)
    (question,) = asked(server)
    assert not {"authorization", "cookie"} & {name.lower() for name in question.headers}


def test_it_asks_once_for_all_calls_versions_and_sites(server: Server) -> None:
    class Older(Connect):
        api_version = "66.0"

    org(server, listing("31.0", "66.0"))
    with Connect(server.url, token=TOKEN) as client:
        for made in (client, client, client.site("internal"), Older.from_client(client)):
            with pytest.raises(NotFoundError):
                things(made).get("1")
        with pytest.raises(NotFoundError, match="nothing has this URL"):
            things(Older.from_client(client)).get("1")
    assert len(asked(server)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404), Answer(500), Answer(401), Answer(302, b"", {"Location": "https://evil.example"}),
        Answer(drop=True), Answer(200, b"<html>"), Answer(200, b"{}"), Answer(200, b'[{"version": null}, 5]'),
        Answer(200, b"[{", cut=True), Answer(200, b"x", {"Content-Encoding": "gzip"}),
    ],
)  # fmt: skip
def test_a_question_that_fails_is_silent_and_not_asked_again(server: Server, answer: Answer) -> None:
    org(server, answer)

    async def twice() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            for _ in range(2):
                with pytest.raises(NotFoundError, match="nothing has this URL"):
                    await things(client).get("1")

    with Connect(server.url, token=TOKEN) as client:
        for _ in range(2):
            with pytest.raises(NotFoundError, match="nothing has this URL"):
                things(client).get("1")
    asyncio.run(twice())
    assert len(asked(server)) == 2


@pytest.mark.parametrize("path", ["/services/apexrest/orders", "/services/oauth2/userinfo", "/services/data"])
def test_other_paths_ask_nothing(use: Use, server: Server, path: str) -> None:
    server.answer(NOTHING)
    missing(use, lambda client: client.request("GET", path))
    assert len(server.received) == 1


def test_other_statuses_ask_nothing(use: Use, server: Server) -> None:
    server.answer(Answer(403))
    with pytest.raises(APIStatusError):
        use(lambda client: things(client).get("1"))
    assert len(server.received) == 1


def test_a_version_in_a_path_of_ones_own(use: Use, server: Server) -> None:
    org(server, listing("31.0", "67.0"))
    hint = missing(use, lambda client: client.request("GET", "/services/data/v99.0/limits"))
    assert hint.endswith("not 99.0, which comes with a later release: begin the path with /services/data/v67.0 instead")


def test_raw_responses_downloads_and_pages_of_sites_say_it_too(use: Use, server: Server) -> None:
    org(server, listing("31.0", "66.0"), "/shop" + LIST)
    site = server.url + "/shop"
    assert "31.0 to 66.0" in missing(
        use, lambda client: client.download(things(client).content, "1").read(), instance_url=site
    )
    with Connect(site, token=TOKEN) as client, pytest.raises(NotFoundError, match=r"31\.0 to 66\.0"):
        client.raw(Things(dispatcher(client)).get, "1").parse()


def test_a_slow_question_does_not_take_the_place_of_the_404(use: Use, server: Server) -> None:
    release = threading.Event()

    def slow(received: Received) -> Answer:
        if received.target == LIST:
            release.wait(20)
        return NOTHING

    server.respond = slow
    try:
        missing(use, options=RequestOptions(total_timeout=1.0))
    finally:
        release.set()


def test_many_at_once_ask_once(server: Server) -> None:
    org(server, Answer(200, listing("31.0", "66.0").body, delay=0.2))

    def hint(made: Callable[[], Any]) -> None:
        try:
            made()
        except NotFoundError as error:
            hints.append(str(error.hint))

    async def tasks() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            found = await asyncio.gather(*(things(client).get("1") for _ in range(16)), return_exceptions=True)
            hints.extend(str(one.hint) for one in found if isinstance(one, NotFoundError))

    hints: list[str] = []
    with Connect(server.url, token=TOKEN) as client:
        threads = [threading.Thread(target=hint, args=(lambda: things(client).get("1"),)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    asyncio.run(tasks())
    assert len(hints) == 32
    assert all("31.0 to 66.0" in one for one in hints)
    assert len(asked(server)) == 2


def test_a_transport_of_ones_own_may_fail_in_any_way() -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == LIST:
            raise ZeroDivisionError
        return httpx2.Response(404)

    with (
        Connect("https://a.example", token=TOKEN, transport=httpx2.MockTransport(handle)) as client,
        pytest.raises(NotFoundError, match="nothing has this URL"),
    ):
        things(client).get("1")


def test_versions_are_ordered_as_numbers() -> None:
    assert parse_versions(listing("100.0", "9.0", "inf", "1e3", " 5.0").body) == ("9.0", "100.0")
    assert "9.0 to 100.0, not 101.0" in lacking("101.0", "101.0", ("9.0", "100.0"))
