"""Secrets are looked for wherever something is shown: logs of all libraries, exceptions, tracebacks, reprs, pickles."""

from __future__ import annotations

import ast
import base64
import html
import json
import logging
import os
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import httpx2
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import sf_connect.core
from core.conftest import Connect, dispatcher, things
from core.org import EXPIRED, Org
from core.server import Answer, Received, Server
from sf_connect.core import Hooks, LoginError, Operation, RequestOptions, SFConnectError, Upload, WebServerFlow

SECRET = "5Aep861-hidden"
TOKEN = f"00D!{SECRET}.token"
POST: Operation[dict[str, Any]] = Operation("f.g.post", "POST", "/chatter/things", dict, retry="unsafe")
GET: Operation[dict[str, Any]] = Operation("f.g.get", "GET", "/chatter/things", dict)


@pytest.fixture
def check_secrets(caplog: pytest.LogCaptureFixture) -> Callable[[BaseException | None], None]:
    """Look at everything that was shown, and at an exception in every form."""
    caplog.set_level(logging.DEBUG)
    for name in ("sf_connect", "httpx2", "httpcore2", "asyncio", "oauthlib"):
        caplog.set_level(logging.DEBUG, name)

    def look(error: BaseException | None) -> None:
        texts = [caplog.text, *(repr(record.args) for record in caplog.records)]
        while error is not None:
            texts += [str(error), repr(error), repr(error.args), repr(vars(error))]
            texts += traceback.format_exception(error)
            texts.append(repr(pickle.loads(pickle.dumps(error))) if isinstance(error, SFConnectError) else "")
            texts.append(pickle.dumps(error).decode("latin-1") if isinstance(error, SFConnectError) else "")
            if isinstance(error, httpx2.HTTPError):
                texts += [repr(error.request.headers.raw), repr(vars(error.request))]
                texts.append(repr(vars(error.request.stream)))
            error = error.__cause__ or error.__context__
        assert caplog.records, "nothing was logged: the test looks at nothing"
        for text in texts:
            assert SECRET not in text

    return look


def echo(received: Received) -> Answer:
    """A server that repeats what it was sent, as some do in their error pages."""
    told = json.dumps([{"errorCode": "BAD", "message": f"you sent {dict(received.headers)}"}])
    return Answer(400, told.encode())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"{}"),
        EXPIRED,
        Answer(503),
        Answer(drop=True),
        Answer(cut=True),
        Answer(reset=True),
        Answer(302, b"", {"Location": "https://evil.example/"}),
        Answer(200, b"<html>"),
        Answer(200, b"no gzip", {"Content-Encoding": "gzip"}),
    ],
)
def test_calls(use: Any, server: Server, answer: Answer, check_secrets: Callable[..., None]) -> None:
    server.answer(answer)
    options = RequestOptions(headers={"X-Key": SECRET}, query={"key": SECRET})
    try:
        use(lambda client: dispatcher(client).send(GET, query={"q": SECRET}, options=options), token=TOKEN)
    except SFConnectError as error:
        check_secrets(error)
    else:
        check_secrets(None)


@pytest.mark.parametrize(
    ("status", "begin", "end"),
    [
        (400, b'[{"message": "', b'"}]'),
        (500, b"<html>", b"</html>"),
        (200, b'{"name": "', b""),
        (200, b"<html>" + b"x" * 180, b""),
        (200, b'{"name": "' + b"x" * 180, b""),
        (401, b'[{"errorCode": "INVALID_SESSION_ID", "message": "', b'"}]'),
    ],
)
def test_servers_that_echo_the_token(
    use: Any, server: Server, status: int, begin: bytes, end: bytes, check_secrets: Callable[..., None]
) -> None:
    for kind, cut in (("application/json", False), ("text/html", False), ("application/json", True)):
        server.answer(Answer(status, begin + TOKEN.encode() + end, {"Content-Type": kind}, cut=cut))
        with pytest.raises(SFConnectError) as raised:
            use(lambda client: dispatcher(client).send(GET), token=TOKEN)
        check_secrets(raised.value)


@pytest.mark.parametrize("cut", [True, False])
@pytest.mark.parametrize("status", [200, 400])
def test_responses_that_end_within_the_token(
    use: Any, server: Server, status: int, cut: bool, check_secrets: Callable[..., None]
) -> None:
    part = TOKEN.encode()[: TOKEN.index(".")]
    server.answer(Answer(status, b'{"message": "you sent ' + part, cut=cut))
    with pytest.raises(SFConnectError, match=r"\[token\]") as raised:
        use(lambda client: dispatcher(client).send(POST), token=TOKEN)
    check_secrets(raised.value)


def test_servers_that_echo_the_headers(use: Any, server: Server, check_secrets: Callable[..., None]) -> None:
    server.respond = echo
    with pytest.raises(SFConnectError, match=r"Bearer \[token\]") as raised:
        use(lambda client: dispatcher(client).send(GET), token=TOKEN)
    check_secrets(raised.value)


def test_hooks_reprs_and_options(use: Any, server: Server, check_secrets: Callable[..., None]) -> None:
    told: list[str] = []
    hooks = Hooks(request=lambda event: told.append(repr(event)), response=lambda event: told.append(repr(event)))
    options = RequestOptions(headers={"X-Key": SECRET}, query={"key": SECRET})

    def look(client: Any) -> Any:
        call = dispatcher(client).prepare(GET, query={"q": SECRET}, body={"secret": SECRET}, options=options)
        told.extend(map(repr, (client, vars(client), client.site("1"), options, call, call.request)))
        told.extend(
            map(
                repr,
                (
                    client._dispatcher.session,
                    client._dispatcher.session.tokens,
                    client.raw,
                    client.download(things(client).content, SECRET),
                ),
            )
        )
        told.append(repr(Upload(SECRET.encode())))
        return client.raw(things(client).get, "1")

    told.append(repr(use(look, token=TOKEN, hooks=hooks)))
    assert len(told) > 10
    assert not [text for text in told if SECRET in text]
    check_secrets(None)


class TestLogins:
    def refused(self, org: Org) -> None:
        org.refuse = lambda form: Answer(
            400, json.dumps({"error": "invalid_grant", "error_description": f"you sent {form}"}).encode()
        )

    def test_client_credentials(self, login: Any, server: Server, check_secrets: Callable[..., None]) -> None:
        org = Org(server)
        login("with_client_credentials", org.url, client_id="app", client_secret=SECRET)
        self.refused(org)
        with pytest.raises(SFConnectError) as raised:
            login("with_client_credentials", org.url, client_id="app", client_secret=SECRET)
        check_secrets(raised.value)

    @pytest.mark.parametrize(
        "answer", [Answer(drop=True), Answer(body=b"no gzip", headers={"Content-Encoding": "gzip"})]
    )
    def test_no_response(self, login: Any, server: Server, answer: Answer, check_secrets: Callable[..., None]) -> None:
        org = Org(server)
        server.respond = lambda received: answer
        with pytest.raises(SFConnectError) as raised:
            login("with_client_credentials", org.url, client_id="app", client_secret=SECRET)
        assert isinstance(raised.value.__context__, httpx2.HTTPError)
        check_secrets(raised.value)

    def test_forms_that_a_proxy_echoes_as_sent(
        self, login: Any, server: Server, check_secrets: Callable[..., None]
    ) -> None:
        org, bodies = Org(server), []  # type: ignore[var-annotated]

        def respond(received: Received) -> Answer:
            bodies.append(received.body)
            return Answer(502, b"<html>you sent " + received.body)

        server.respond = respond
        with pytest.raises(SFConnectError, match="client_secret") as raised:
            login("with_client_credentials", org.url, client_id="app", client_secret=f"/+= {SECRET}")
        assert SECRET.encode() in bodies[0]
        check_secrets(raised.value)

    def test_tokens_in_odd_responses(self, login: Any, server: Server, check_secrets: Callable[..., None]) -> None:
        org = Org(server)
        for body in (
            b"<html>%s",
            b'{"access_token": "a b %s", "instance_url": "https://a.example"}',
            b'{"access_token": "%s"}',
        ):
            answer = Answer(200, body.replace(b"%s", SECRET.encode()))
            org.refuse = lambda form, answer=answer: answer  # type: ignore[misc]
            with pytest.raises(SFConnectError) as raised:
                login("with_client_credentials", org.url, client_id="app", client_secret="s")
            check_secrets(raised.value)

    def test_refresh_token_and_code(self, login: Any, server: Server, check_secrets: Callable[..., None]) -> None:
        org = Org(server)
        self.refused(org)
        with pytest.raises(SFConnectError) as raised:
            login("with_refresh_token", org.url, client_id="app", refresh_token=SECRET, client_secret=SECRET + "2")
        check_secrets(raised.value)
        flow = WebServerFlow(org.url, "app", "https://a.example/", client_secret=SECRET, code_verifier=SECRET * 4)
        with pytest.raises(SFConnectError) as raised:
            login("with_web_server_flow", flow, f"https://a.example/?state={flow.state}&code={SECRET}")
        check_secrets(raised.value)

    def test_signed_tokens(self, login: Any, server: Server, check_secrets: Callable[..., None]) -> None:
        """The signed token is a secret too: who has it can log in for three minutes."""
        org = Org(server)
        self.refused(org)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with pytest.raises(SFConnectError) as raised:
            login("with_jwt_bearer", org.url, client_id="app", username="ada", private_key=pem)
        assert org.logins[0]["assertion"] not in str(raised.value)
        assert org.logins[0]["assertion"][:60] not in str(raised.value)
        check_secrets(raised.value)


def test_an_upload_is_not_shown(use: Any, server: Server, check_secrets: Callable[..., None]) -> None:
    server.answer(Answer(drop=True))
    with pytest.raises(SFConnectError) as raised:
        use(
            lambda client: dispatcher(client).send(POST, body={"s": SECRET}, parts={"f": Upload(SECRET.encode())}),
            token=TOKEN,
        )
    check_secrets(raised.value)


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "json": lambda text: "".join(f"\\u{ord(c):04X}" for c in text).encode(),
    "partly json": lambda text: text.replace("!", "\\u0021").replace(".", "\\u002e").encode(),
    "json in json": lambda text: text.replace("!", "\\\\u0021").encode(),
    "backslashes": lambda text: text.replace("!", "\\!").encode(),
    "url": lambda text: quote(text, safe="").encode(),
    "url, all": lambda text: "".join(f"%{ord(c):02x}" for c in text).encode(),
    "url in url": lambda text: quote(quote(text, safe=""), safe="").encode(),
    "html": lambda text: "".join(f"&#{ord(c)};" for c in text).encode(),
    "html, hexadecimal": lambda text: "".join(f"&#x{ord(c):X};" for c in text).encode(),
    "html, named": lambda text: text.replace("!", "&excl;").replace(".", "&period;").encode(),
    "html in html": lambda text: text.replace("!", "&amp;#33;").encode(),
    "utf-16": lambda text: text.encode("utf-16-le"),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64, after one": lambda text: base64.b64encode(b"x" + text.encode() + b"yz"),
    "base64, after two": lambda text: base64.urlsafe_b64encode(b"Bearer x" + text.encode()),
    "upper case": lambda text: text.upper().encode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("status", [200, 400, 401, 503])
def test_a_token_that_is_sent_back_in_another_encoding(use: Any, server: Server, encoding: str, status: int) -> None:
    """Neither it, nor what decodes to it, is in any text of the exception, nor in what was decoded."""
    written = ENCODINGS[encoding](TOKEN)
    body = b'[{"errorCode": "BAD ' + written + b'", "message": "you sent ' + written + b'"}]'
    if status == 200:
        body = b"<p>" + written + b"</p>"
    server.answer(Answer(status, body, {"X-Request-Id": TOKEN, "Content-Type": "text/html" if status == 200 else ""}))
    with pytest.raises(SFConnectError) as caught:
        use(lambda client: dispatcher(client).send(GET), token=TOKEN, options=RequestOptions(max_retries=0))
    texts = [str(caught.value), repr(vars(caught.value))]
    for text in texts:
        folded = text.lower()
        assert SECRET.lower() not in folded
        assert written.decode("latin-1").lower() not in folded
        assert SECRET.lower() not in html.unescape(html.unescape(unquote(unquote(folded))))
        assert SECRET.lower() not in folded.replace("\\x00", "").replace("\\u0021", "!").replace("\\\\", "")


def own_frames(error: BaseException) -> str:
    """What a tool that records locals shows of the frames of the runtime, also of the exceptions before."""
    check_secrets: list[str] = []
    found: BaseException | None = error
    while found is not None:
        recorded = traceback.TracebackException.from_exception(found, capture_locals=True)
        own = (frame for frame in recorded.stack if "sf_connect/core" in frame.filename.replace(os.sep, "/"))
        check_secrets += [f"{frame.filename}:{frame.lineno} {frame.name} {frame.locals}" for frame in own]
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return "\n".join(check_secrets)


@pytest.mark.parametrize(
    "answer", [EXPIRED, Answer(503), Answer(drop=True), Answer(cut=True), Answer(200, b"<html>"), Answer(404)]
)
def test_no_frame_keeps_a_token(use: Any, server: Server, answer: Answer) -> None:
    server.answer(answer)
    with pytest.raises(SFConnectError) as caught:
        use(lambda client: dispatcher(client).send(GET), token=lambda: TOKEN)
    text = own_frames(caught.value)
    assert "sessions.py" in text
    assert SECRET not in text


@pytest.mark.parametrize("bad", [f"{TOKEN}\n", f"{TOKEN} x", f"{TOKEN}\u00e9"])
def test_no_frame_keeps_a_token_that_is_refused(use: Any, server: Server, bad: str) -> None:
    for token in (bad, lambda: bad):
        with pytest.raises(ValueError, match="characters that no access token has") as caught:
            use(lambda client: dispatcher(client).send(GET), token=token)
        assert SECRET not in own_frames(caught.value)
    with pytest.raises(ValueError, match="https") as caught:
        Connect("ftp://x", token=TOKEN)
    assert SECRET not in own_frames(caught.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, '{"access_token": "TOKEN"}'),
        (200, '{"access_token": "TOKEN", "instance_url": "ftp://x"}'),
        (200, '{"access_token": "TOKEN ', ),
        (200, '{"access_token": "TOKEN x", "instance_url": "https://x.example"}'),
        (400, '{"error": "TOKEN", "error_description": "SECRET"}'),
        (500, "TOKEN SECRET"),
    ],
)  # fmt: skip
def test_no_frame_keeps_the_token_of_a_login(server: Server, status: int, body: str) -> None:
    server.answer(Answer(status, body.replace("TOKEN", TOKEN).replace("SECRET", SECRET).encode()))
    with pytest.raises(LoginError) as caught:
        Connect.with_client_credentials(server.url, client_id="a", client_secret=SECRET)
    frames = [line for line in own_frames(caught.value).splitlines() if "with_client_credentials" not in line]
    assert SECRET not in "\n".join(frames)


def test_every_method_that_takes_settings_hides_the_proxy_first() -> None:
    """No decorator can do it for all of them: its own frame would keep the secrets that a method is called with."""
    first: dict[str, str] = {}
    for path in sorted(Path(sf_connect.core.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and getattr(node.args.kwarg, "arg", "") == "settings"
            ):
                statements = node.body[1:] if ast.get_docstring(node) else node.body
                first |= {f"{path.name}:{node.lineno} {node.name}": ast.unparse(one) for one in statements[:1]}
    not_hiding = {name: text for name, text in first.items() if text != "hide_proxy(settings)"}
    assert [name.split()[1] for name in not_hiding] == ["__init_subclass__"]
    assert len(first) > 20
