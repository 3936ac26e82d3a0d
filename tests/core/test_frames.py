"""What tools that record local variables show when an exception leaves a client: no token, password, key or code."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx2
import pytest
import rich.console
import rich.traceback

from core.conftest import AsyncConnect, Connect, Thing, dispatcher, things
from core.logins import pem
from core.org import EXPIRED, Org
from core.raw_server import raw_server
from core.recorders import RECORDERS, RICH_OPTIONS, without_callers
from core.server import Answer, Server
from sf_connect.core import (
    Hooks,
    Operation,
    Pagination,
    RateLimiter,
    SFConnectError,
    Upload,
    WebServerFlow,
)
from sf_connect.core.features.pagination import AsyncPager, Pager
from sf_connect.core.request.options import RequestOptions

SECRET = "5Aep861-hidden"
TOKEN = f"00D!{SECRET}.token"
GET: Operation[Thing] = Operation("f.g.get", "GET", "/chatter/things", Thing)
POST: Operation[Thing] = Operation("f.g.post", "POST", "/chatter/things", Thing, retry="unsafe")
ECHO = json.dumps([{"errorCode": "BAD", "message": f"you sent {TOKEN}"}]).encode()
Check = Callable[..., None]


@pytest.fixture
def check_frames() -> Check:
    """Look at an exception with each of the tools."""

    def look(error: BaseException, *more: str) -> None:
        without_callers(error)
        for name, record in RECORDERS.items():
            text = record(error)
            assert "self" in text, f"{name} recorded no local variable: the test looks at nothing"
            for secret in (SECRET, *more):
                assert secret not in text, f"{name}: {text[max(0, text.index(secret) - 600) : text.index(secret) + 60]}"

    return look


ANSWERS = {
    "expired": EXPIRED, "unavailable": Answer(503), "dropped": Answer(drop=True), "no json": Answer(200, b"<html>"),
    "token in an error": Answer(400, ECHO), "token in no json": Answer(200, b"<p>" + TOKEN.encode()),
    "token in a page": Answer(401, ECHO, {"Content-Type": "text/html"}),
    "token in a wrong type": Answer(200, b'{"name": ["%s"]}' % TOKEN.encode()),
    "token in a part": Answer(200, b'{"name": "%s' % TOKEN.encode(), cut=True),
    "token in a header": Answer(400, b"", {"Server": TOKEN}), "a 206": Answer(206, ECHO),
    "token in a redirect": Answer(302, b"", {"Location": f"https://evil.example/{TOKEN}"}),
    "no gzip": Answer(200, TOKEN.encode(), {"Content-Encoding": "gzip"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_responses(use: Any, server: Server, check_frames: Check, name: str) -> None:
    server.answer(ANSWERS[name])
    for action in (
        lambda client: dispatcher(client).send(GET),
        lambda client: client.download(things(client).content, "1").read(),
    ):
        try:
            use(action, token=lambda: TOKEN)
        except SFConnectError as error:
            check_frames(error)


def test_pages_batches_and_addresses(use: Any, server: Server, check_frames: Check) -> None:
    paged: Operation[dict[str, Any]] = Operation(
        "f.g.list", "GET", "/chatter/things", dict, pagination=Pagination("next-url", "items", "next")
    )

    def page(client: Any) -> Any:
        pager: Any = Pager if isinstance(client, Connect) else AsyncPager
        made = pager(dispatcher(client), paged, (), None, None, None, None, None)
        return next(made) if isinstance(client, Connect) else anext(made)

    def send_batch(client: Any) -> Any:
        batch = client.batch()
        things(batch).get("1") if hasattr(batch, "_send") else batch.add(things(client).get, "1")
        return batch.send()

    for action, answer in (
        (page, Answer(200, b'{"items": "a"}')),
        (page, Answer(404, ECHO)),
        (send_batch, Answer(500, ECHO)),
        (lambda client: client.follow_url(things(client).get, f"https://evil.example/{TOKEN}"[:21]), Answer(200)),
        (lambda client: client.follow_url(things(client).get, "/services/data/v67.0/\x7f"), Answer(200)),
    ):
        server.answer(answer)
        with pytest.raises(Exception) as caught:  # noqa: PT011  whatever it is
            use(action, token=lambda: TOKEN)
        check_frames(caught.value)


def test_functions_of_the_caller(use: Any, server: Server, check_frames: Check) -> None:
    def fail(*_: object) -> Any:
        raise KeyError("the caller's own")

    def pieces() -> Iterator[bytes]:
        yield b"x"
        fail()

    upload: Operation[Thing] = Operation("f.g.upload", "POST", "/chatter/files", Thing, retry="unsafe")
    for action, settings in (
        (lambda client: dispatcher(client).send(upload, parts={"file": Upload(pieces(), filename="a")}), {}),
        (lambda client: dispatcher(client).send(GET), {"hooks": Hooks(request=fail)}),
        (lambda client: dispatcher(client).send(GET), {"hooks": Hooks(response=fail)}),
        (lambda client: client.download(things(client).content, "1").read(progress=fail), {}),
    ):
        server.answer(Answer(200, b"x"))
        with pytest.raises(KeyError, match="own") as caught:
            use(action, token=lambda: TOKEN, **settings)
        trace, names = caught.value.__traceback__, []
        while trace is not None:
            names.append(trace.tb_frame.f_code.co_name)
            trace = trace.tb_next
        assert names[-1] == "fail"  # the caller still sees where it is
        check_frames(caught.value)


def test_tokens_that_are_refused(use: Any, server: Server, check_frames: Check) -> None:
    for bad in (f"{TOKEN}\n", f"{TOKEN} x", f"{TOKEN}\u00e9", SECRET.encode()):
        for token in (bad, lambda bad=bad: bad):
            with pytest.raises((TypeError, ValueError)) as caught:
                use(lambda client: dispatcher(client).send(GET), token=token)
            check_frames(caught.value)
    with pytest.raises(ValueError, match="https") as caught:
        use(lambda client: dispatcher(client).send(GET), token=TOKEN, instance_url="ftp://x")
    check_frames(caught.value)
    session = SimpleNamespace(session_id=f"{TOKEN} ", base_url=f"{server.url}/services")
    with pytest.raises(ValueError, match="characters") as caught:
        dispatcher(Connect.from_simple_salesforce(session)).send(GET)  # type: ignore[arg-type]
    check_frames(caught.value)


def test_limits_and_timeouts(use: Any, check_frames: Check) -> None:
    limiter = RateLimiter(1, wait=False)
    counted: Operation[Thing] = Operation("f.g.get", "GET", "/chatter/things", Thing, requires_chatter=True)
    limiter.reserve()
    with raw_server(lambda connection, _: connection.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")) as server:
        for settings in ({"total_timeout": 0.3}, {"timeout": 0.2}, {"rate_limiter": limiter}):
            with pytest.raises(SFConnectError) as caught:
                use(
                    lambda client: dispatcher(client).send(counted, options=RequestOptions(max_retries=0)),
                    token=lambda: TOKEN, instance_url=server.url, **settings,
                )  # fmt: skip
            check_frames(caught.value)


def test_a_timeout_while_the_headers_are_sent(server: Server, check_frames: Check) -> None:
    """The frame that sends them has them as they go over the network."""
    waits = iter([0.0, 0.6])
    hooks = Hooks(request=lambda _: time.sleep(next(waits)))
    with Connect(server.url, token=TOKEN, hooks=hooks, total_timeout=0.5) as client:
        dispatcher(client).send(GET)
        with pytest.raises(SFConnectError, match="total timeout") as caught:
            dispatcher(client).send(GET)
    check_frames(caught.value)


def test_what_is_looked_at_of_rich_is_what_it_prints(server: Server) -> None:
    server.answer(Answer(400, ECHO))
    with Connect(server.url, token=TOKEN) as client, pytest.raises(SFConnectError) as caught:
        dispatcher(client).send(GET)
    error = without_callers(caught.value)
    printed = rich.traceback.Traceback.from_exception(type(error), error, error.__traceback__, **RICH_OPTIONS)
    console = rich.console.Console(file=io.StringIO(), width=4000)
    console.print(printed)
    shown = "".join(cast("io.StringIO", console.file).getvalue().split())
    for line in RECORDERS["rich"](error).splitlines():
        name, equals, value = line.partition(" = ")
        assert f"{name}{equals}".replace(" ", "") in shown
        assert "".join(value[:40].split()) in shown


class SoftTimeLimitError(Exception):
    """What a job queue raises in the middle of whatever runs."""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer signals")
def test_an_exception_of_a_signal_in_the_middle_of_a_call(check_frames: Check) -> None:
    def interrupt(*_: object) -> None:
        raise SoftTimeLimitError

    before = signal.signal(signal.SIGALRM, interrupt)
    begun = threading.Event()
    try:
        with raw_server(lambda *_: begun.wait(20)) as server, Connect(server.url, token=TOKEN) as client:
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(SoftTimeLimitError) as caught:
                dispatcher(client).send(POST, body={"a": 1})
            begun.set()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert caught.traceback[-1].name == "interrupt"
    check_frames(caught.value)


def test_a_task_that_is_cancelled_in_the_middle_of_a_call(check_frames: Check) -> None:
    begun = threading.Event()

    async def main(url: str) -> BaseException:
        async with AsyncConnect(url, token=TOKEN) as client:
            task = asyncio.create_task(dispatcher(client).send(POST, body={"a": 1}))
            await asyncio.sleep(0.3)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            return caught.value

    with raw_server(lambda *_: begun.wait(20)) as server:
        error = asyncio.run(main(server.url))
        begun.set()
    check_frames(error)


LOGIN_ANSWERS = {
    "refused": Answer(400, b'{"error": "SENT", "error_description": "you sent SENT"}'),
    "unavailable": Answer(503, b"SENT", {"Retry-After": "0"}), "dropped": Answer(drop=True),
    "an error in text": Answer(500, b"<p>SENT"),
    "no JSON": Answer(200, b'{"access_token": "%s' % TOKEN.encode()),
    "a part": Answer(200, b'{"access_token": "%s"' % TOKEN.encode(), cut=True),
    "no URL": Answer(200, b'{"access_token": "%s", "refresh_token": "%s"}' % (TOKEN.encode(), SECRET.encode())),
    "an odd token": Answer(200, json.dumps({"access_token": TOKEN + " ", "instance_url": "https://x.example"}).encode()),
    "an odd URL": Answer(200, json.dumps({"access_token": TOKEN, "instance_url": f"ftp://{SECRET}"}).encode()),
    "a list": Answer(200, json.dumps([TOKEN]).encode()),
    "odd types": Answer(200, b'{"access_token": ["%s"]}' % TOKEN.encode()),
    "too much": Answer(200, TOKEN.encode() * 60_000),
    "compressed": Answer(200, TOKEN.encode(), {"Content-Encoding": "gzip"}),
}  # fmt: skip


def sent(form: dict[str, str]) -> list[str]:
    """The secrets of a form, by the name of each."""
    return [value for name, value in form.items() if name not in ("grant_type", "client_id", "redirect_uri", "scope")]


def answer_with(answer: Answer, form: dict[str, str]) -> Answer:
    """An answer that repeats the secrets that came."""
    body = answer.body.replace(b"SENT", " ".join(sent(form)).encode())
    return Answer(answer.status, body, answer.headers, drop=answer.drop, cut=answer.cut)


def ways(org: Org, key: Any) -> dict[str, tuple[tuple[Any, ...], dict[str, Any]]]:
    """Each way to log in, with secrets that all show the same text."""
    flow = WebServerFlow(org.url, "app", "https://a.example/", client_secret=SECRET, code_verifier=SECRET * 4)
    return {
        "with_client_credentials": ((org.url,), {"client_id": "app", "client_secret": SECRET}),
        "with_refresh_token": (
            (org.url,), {"client_id": "app", "refresh_token": f"{SECRET}1", "client_secret": f"{SECRET}2"},
        ),
        "with_web_server_flow": ((flow, f"https://a.example/?state={flow.state}&code={SECRET}"), {}),
        "with_jwt_bearer": (
            (org.url,),
            {"client_id": "app", "username": "ada", "private_key": _pem(key), "password": SECRET},
        ),
    }  # fmt: skip


@cache
def _pem(key: Any) -> bytes:
    return pem(key, SECRET.encode())


WAYS = ("with_client_credentials", "with_refresh_token", "with_web_server_flow", "with_jwt_bearer")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", LOGIN_ANSWERS)
def test_logins(login: Any, org: Org, key: Any, check_frames: Check, way: str, name: str) -> None:
    org.refuse = lambda form: answer_with(LOGIN_ANSWERS[name], form)
    arguments, named = ways(org, key)[way]
    with pytest.raises(SFConnectError) as caught:
        login(way, *arguments, **named)
    assert org.logins
    check_frames(caught.value, *(secret for form in org.logins for secret in sent(form)))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["refused", "dropped", "a part", "no URL", "an odd token", "another org"])
def test_renewals(login: Any, org: Org, key: Any, check_frames: Check, way: str, name: str) -> None:
    """The first login succeeds; the next, for a token that has expired, does not."""
    arguments, named = ways(org, key)[way]
    org.more = lambda form: {"refresh_token": f"{SECRET}3"}
    other = {"access_token": TOKEN, "instance_url": "https://other.example", "token_type": "Bearer"}
    answer = LOGIN_ANSWERS.get(name, Answer(body=json.dumps(other).encode()))
    org.refuse = lambda form: answer_with(answer, form) if len(org.logins) > 1 else None

    def then(client: Any) -> Any:
        org.expire()
        return things(client).get("1")

    with pytest.raises(SFConnectError) as caught:
        login(way, *arguments, then=then, **named)
    assert len(org.logins) > 1
    check_frames(caught.value, *(secret for form in org.logins for secret in sent(form)))


def test_arguments_of_logins_that_are_refused(login: Any, org: Org, key: Any, check_frames: Check) -> None:
    flow = WebServerFlow(org.url, "app", "https://a.example/", client_secret=SECRET, code_verifier=SECRET * 4)
    state = flow.state
    faults: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
        ("with_client_credentials", ("ftp://x",), {"client_id": "a", "client_secret": SECRET}),
        ("with_client_credentials", (org.url,), {"client_id": "", "client_secret": SECRET}),
        ("with_refresh_token", ("ftp://x",), {"client_id": "a", "refresh_token": SECRET, "client_secret": SECRET}),
        ("with_jwt_bearer", (org.url,), {"client_id": "a", "username": "b", "private_key": f"{SECRET}\nx"}),
        ("with_jwt_bearer", (org.url,), {"client_id": "a", "username": "b", "private_key": f"-----BEGIN {SECRET}"}),
        (
            "with_jwt_bearer",
            (org.url,),
            {"client_id": "a", "username": "b", "private_key": pem(key, b"other"), "password": SECRET},
        ),
        ("with_web_server_flow", (flow, f"https://a.example/?state=other&code={SECRET}"), {}),
        ("with_web_server_flow", (flow, f"https://a.example/?state={state}&error=x&code={SECRET}"), {}),
    ]
    for way, arguments, named in faults:
        with pytest.raises((ValueError, SFConnectError)) as caught:
            login(way, *arguments, **named)
        check_frames(caught.value)
    with pytest.raises(ValueError, match="client_id") as caught:
        WebServerFlow(org.url, "", "https://a.example/", client_secret=SECRET, code_verifier=SECRET)
    check_frames(caught.value)


@pytest.mark.parametrize("printed", ["bad", "late", "failed"])
def test_the_command_line(login: Any, tmp_path: Path, check_frames: Check, printed: str) -> None:
    result = {"instanceUrl": "https://x.example", "accessToken": f"{TOKEN} "}
    code = 0
    if printed == "late":
        result = {"instanceUrl": "https://x.example", "token": TOKEN}
    if printed == "failed":
        code = 1
    command = tmp_path / "sf"
    command.write_text(f"#!{sys.executable}\nimport sys\nprint({json.dumps({'result': result})!r})\nsys.exit({code})\n")
    command.chmod(0o755)
    with pytest.raises(SFConnectError) as caught:
        login("from_sf_cli", executable=str(command))
    check_frames(caught.value)


def test_a_transport_of_the_callers_own_stays_in_the_traceback(check_frames: Check) -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        raise ZeroDivisionError

    client = Connect("https://x.example", token=TOKEN, transport=httpx2.MockTransport(handle))
    with client, pytest.raises(ZeroDivisionError) as caught:
        dispatcher(client).send(GET)
    assert caught.traceback[-1].name == "handle"
    check_frames(caught.value)
