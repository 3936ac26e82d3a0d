"""Downloads: to memory, to a file, in pieces; sync and async; and what happens when they break."""

from __future__ import annotations

import asyncio
import gzip
import os
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sf_connect.core as e
from core.conftest import QUICK, TOKEN, AsyncConnect, Connect, things
from core.server import Answer, Received, Server
from sf_connect.core import Hooks, RequestOptions, ResponseEvent
from sf_connect.core.features.filenames import filename_of

CONTENT = os.urandom(900_000)
PDF = Answer(body=CONTENT, headers={"Content-Type": "application/pdf"})
TARGET = "/services/data/v67.0/connect/things/1/content"


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def content(client: Any, **named: Any) -> Any:
    return client.download(things(client).content, "1", **named)


def test_bytes(use: Any, server: Server) -> None:
    server.answer(PDF)
    assert use(lambda client: things(client).content("1")) == CONTENT
    assert use(lambda client: content(client).read()) == CONTENT
    assert [received.target for received in server.received] == [TARGET, TARGET]
    assert server.last.headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_file_appears_when_it_is_whole(use: Any, server: Server, tmp_path: Path) -> None:
    """Until then it is beside, under another name, and the old one is as it was."""
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")
    seen: list[bytes] = []
    server.answer(PDF)
    made = use(lambda client: content(client).to(path, progress=lambda *now: seen.append(path.read_bytes())))
    assert made == path
    assert path.read_bytes() == CONTENT
    assert set(seen) == {b"old"}
    assert names(tmp_path) == ["report.pdf"]


def test_a_name_will_do_for_a_path(use: Any, server: Server, tmp_path: Path) -> None:
    server.answer(PDF)
    made = use(lambda client: content(client).to(str(tmp_path / "a")))
    assert made == tmp_path / "a"
    reference = tmp_path / "b"
    reference.write_bytes(b"")
    assert made.stat().st_mode == reference.stat().st_mode


def test_a_name_may_be_as_long_as_names_may_be(use: Any, server: Server, tmp_path: Path) -> None:
    server.answer(Answer(body=b"content"))
    path = tmp_path / ("ü" * 125 + ".txt")
    use(lambda client: client.download(things(client).content, "1").to(path))
    assert path.read_bytes() == b"content"


def test_pieces_that_were_read_already(server: Server) -> None:
    server.answer(Answer(body=b"content"))
    with Connect(server.url, token=TOKEN) as client, client.download(things(client).content, "1").open() as opened:
        assert b"".join(opened) == b"content"
        with pytest.raises(e.APIConnectionError, match="it has been read or closed already"):
            next(iter(opened))


def test_pieces(server: Server) -> None:
    server.answer(
        Answer(body=CONTENT, headers={**PDF.headers, "Content-Disposition": 'attachment; filename="a b.pdf"'})
    )
    with Connect(server.url, token=TOKEN) as client, content(client).open() as opened:
        assert (opened.status, opened.size, opened.filename) == (200, len(CONTENT), "a b.pdf")
        assert (opened.content_type, opened.headers["content-TYPE"]) == ("application/pdf",) * 2
        pieces = list(opened)
    assert b"".join(pieces) == CONTENT
    assert len(pieces) > 1

    async def main() -> list[bytes]:
        async with AsyncConnect(server.url, token=TOKEN) as client, content(client).open() as opened:
            assert (opened.status, opened.size, opened.filename) == (200, len(CONTENT), "a b.pdf")
            return [piece async for piece in opened]

    assert b"".join(asyncio.run(main())) == CONTENT


def test_pieces_need_not_be_read_to_the_end(server: Server) -> None:
    server.answer(PDF)
    with Connect(server.url, token=TOKEN) as client:
        for _ in range(3):
            with content(client).open() as opened:
                next(iter(opened))
        assert content(client).read() == CONTENT


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="../../etc/passwd"', "_.._etc_passwd"),
        ('attachment; filename="C:\\\\x.exe"', "C__x.exe"),
        ("attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        ("attachment; filename=..", None),
        ("inline", None),
        ("", None),
        ("a" * 500, None),
    ],
)
def test_file_names_of_the_server_are_names_only(server: Server, header: str, name: str | None) -> None:
    server.answer(Answer(body=b"a", headers={"Content-Disposition": header}))
    with Connect(server.url, token=TOKEN) as client, content(client).open() as opened:
        assert opened.filename == name


HEADER = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"))
DISPOSITION = st.builds(
    "attachment; filename{}={}{}".format,
    st.sampled_from(["", "*", "*0", "*0*"]),
    st.sampled_from(["", "utf-8''", "x-none''", '"', "UTF-16'en'"]),
    HEADER,
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HEADER | DISPOSITION)
def test_any_header_gives_a_plain_name_or_none(header: str) -> None:
    name = filename_of(header)
    assert name is None or not re.search(r"^\.*$|[/\\\x00-\x1f]", name)


def test_progress(use: Any, server: Server, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    server.answer(PDF)
    use(lambda client: content(client).read(progress=lambda *now: told.append(now)))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert len(told) > 1
    told.clear()
    server.answer(Answer(body=gzip.compress(CONTENT), headers={"Content-Encoding": "gzip"}))
    use(lambda client: content(client).to(tmp_path / "a", progress=lambda *now: told.append(now)))
    assert told[-1] == (len(CONTENT), None)
    assert (tmp_path / "a").read_bytes() == CONTENT


@pytest.mark.parametrize("broken", [{"cut": True}, {"reset": True}])
class TestBrokenInTheMiddle:
    def test_a_file_is_fetched_anew(self, use: Any, server: Server, tmp_path: Path, broken: Any) -> None:
        server.answer(Answer(body=b"x" * 300_000, **broken), PDF)
        path = use(lambda client: content(client).to(tmp_path / "a.pdf"))
        assert path.read_bytes() == CONTENT
        assert len(server.received) == 2

    def test_nothing_is_left_when_it_fails(self, use: Any, server: Server, tmp_path: Path, broken: Any) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(b"old")
        server.answer(Answer(body=b"x" * 300_000, **broken))
        with pytest.raises(e.APIConnectionError) as raised:
            use(lambda client: content(client).to(path))
        assert raised.value.attempts == len(server.received) == 3
        assert path.read_bytes() == b"old"
        assert names(tmp_path) == ["a.pdf"]

    def test_bytes_are_fetched_anew(self, use: Any, server: Server, broken: Any) -> None:
        server.answer(Answer(body=b"x" * 300_000, **broken), PDF)
        assert use(lambda client: content(client).read()) == CONTENT

    def test_pieces_are_not(self, server: Server, broken: Any) -> None:
        server.answer(Answer(body=CONTENT, **broken))

        def read(client: Connect) -> None:
            with content(client).open() as opened:
                list(opened)

        async def read_async(client: AsyncConnect) -> None:
            async with content(client).open() as opened:
                [piece async for piece in opened]

        async def main() -> None:
            async with AsyncConnect(server.url, token=TOKEN, retry_policy=QUICK) as client:
                await read_async(client)

        with Connect(server.url, token=TOKEN, retry_policy=QUICK) as client, pytest.raises(e.APIConnectionError):
            read(client)
        with pytest.raises(e.APIConnectionError):
            asyncio.run(main())
        assert len(server.received) == 2


def test_503_and_an_expired_token_come_before_the_content(use: Any, server: Server) -> None:
    tokens = iter(["one", "two"])
    server.answer(Answer(503), Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]'), PDF)
    assert use(lambda client: content(client).read(), token=lambda: next(tokens)) == CONTENT
    assert len(server.received) == 3


def test_errors_and_responses_without_content(use: Any, server: Server, tmp_path: Path) -> None:
    server.answer(Answer(404, b'[{"errorCode": "NOT_FOUND", "message": "No such file"}]'))
    with pytest.raises(e.NotFoundError, match="No such file"):
        use(lambda client: content(client).to(tmp_path / "a"))
    for status in (202, 204):
        server.answer(Answer(status, b""))
        with pytest.raises(e.ResponseDecodeError, match=f"is {status} without content"):
            use(lambda client: content(client).to(tmp_path / "a"))
        with pytest.raises(e.ResponseDecodeError, match=f"is {status} without content"):
            use(lambda client: things(client).content("1"))
    assert names(tmp_path) == []


def test_broken_compression(use: Any, server: Server) -> None:
    server.answer(Answer(body=b"no gzip", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(e.ResponseDecodeError, match="compressed"):
        use(lambda client: content(client).read())


def test_places_that_cannot_be_written(use: Any, server: Server, tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="is a folder"):
        use(lambda client: content(client).to(tmp_path))
    with pytest.raises(FileNotFoundError):
        use(lambda client: content(client).to(tmp_path / "none" / "a"))
    assert server.received == []


def test_an_exception_of_the_progress_function_leaves_nothing(use: Any, server: Server, tmp_path: Path) -> None:
    def stop(now: int, total: int | None) -> None:
        raise LookupError("enough")

    server.answer(PDF)
    with pytest.raises(LookupError, match="enough"):
        use(lambda client: content(client).to(tmp_path / "a", progress=stop))
    assert names(tmp_path) == []


def test_a_hook_that_raises_leaves_no_connection_open(use: Any, server: Server) -> None:
    """Python warns of what is left open, and warnings are errors here."""

    def refuse(event: ResponseEvent) -> None:
        raise LookupError(event.request.operation)

    server.answer(PDF)
    with pytest.raises(LookupError, match="things"):
        use(lambda client: content(client).read(), hooks=Hooks(response=refuse))


def test_a_cancelled_download_leaves_nothing(server: Server, tmp_path: Path) -> None:
    arrived, release = threading.Event(), threading.Event()

    def slow(received: Received) -> Answer:
        arrived.set()
        release.wait(20)
        return PDF

    server.respond = slow

    async def main() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            task = asyncio.ensure_future(content(client).to(tmp_path / "a"))
            await asyncio.to_thread(arrived.wait, 20)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    try:
        asyncio.run(main())
    finally:
        release.set()
    assert names(tmp_path) == []


class TestURLsOfResponses:
    @pytest.mark.parametrize("absolute", [True, False])
    def test_they_are_fetched_as_they_are(self, use: Any, server: Server, absolute: bool) -> None:
        address = "/profilephoto/005/F?b=%2F+x&a=1&a=2&oauth_token=Z.Y~!"
        server.answer(PDF)
        whole = server.url + address if absolute else address
        assert use(lambda client: client.download_from(whole).read()) == CONTENT
        assert server.last.target == address

    def test_another_host_gets_no_token(self, use: Any, server: Server) -> None:
        with pytest.raises(e.CrossOriginError):
            use(lambda client: client.download_from("https://evil.example/a").read())
        assert server.received == []

    def test_bearer_urls_are_asked_for(self, use: Any, server: Server) -> None:
        use(lambda client: things(client).get("1", options=RequestOptions(bearer_urls=True)))
        assert server.last.headers["X-Connect-Bearer-Urls"] == "true"
        use(lambda client: things(client).get("1"), options=RequestOptions(bearer_urls=True))
        assert server.last.headers["X-Connect-Bearer-Urls"] == "true"
        use(lambda client: things(client).get("1"))
        assert "X-Connect-Bearer-Urls" not in server.last.headers


def test_what_is_no_operation_is_refused(server: Server) -> None:
    with Connect(server.url, token=TOKEN) as client:
        for wrong in (len, lambda: b"", client.close):
            with pytest.raises(TypeError, match="pass an operation of a client"):
                client.download(wrong)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="exactly one call"):
            client.download(things(client).nothing).read()
