"""Logging in: every way, sync and async; what is sent, what is made of the answer, and how tokens are renewed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import stat
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simple_salesforce import Salesforce

from core.conftest import QUICK, AsyncConnect, Connect, Thing, things
from core.org import Org
from core.server import Answer, Server, running
from sf_connect.core.exceptions import ConnectionFailedError, LoginError, TimedOutError, UnauthorizedError
from sf_connect.core.login.command_line import SfCommandLine
from sf_connect.core.login.exchange import read
from sf_connect.core.login.grants import ClientCredentials, JwtBearer, RefreshToken
from sf_connect.core.login.session import Granted, Login, TokenRequest
from sf_connect.core.login.web_server import WebServerFlow
from sf_connect.core.operations import RequestOptions
from sf_connect.core.retries import RetryPolicy

LogIn = Callable[..., Any]
APP: dict[str, Any] = {"client_id": "app", "client_secret": "app-secret"}
BACK = "http://localhost:1717/callback"


def ada(client: Any) -> Any:
    return things(client).get("1")


@pytest.fixture
def org(server: Server) -> Org:
    return Org(server)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any, password: bytes | None = None) -> bytes:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    made: bytes = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    return made


class TestClientCredentials:
    def test_it_logs_in_and_uses_the_returned_address(self, login: LogIn, org: Org) -> None:
        with running() as elsewhere:
            there = Org(elsewhere)
            there.more = lambda form: {"instance_url": org.url, "access_token": "given"}
            org._current = "given"
            assert login("with_client_credentials", elsewhere.url, **APP, then=ada) == Thing(name="Ada")
            assert [received.target for received in there.received] == ["/services/oauth2/token"]
        assert there.logins == [{"grant_type": "client_credentials", "client_id": "app", "client_secret": "app-secret"}]
        assert there.received[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert "Authorization" not in there.received[0].headers
        assert [received.target for received in org.received] == ["/services/data/v67.0/chatter/things/1"]

    def test_scope(self, login: LogIn, org: Org) -> None:
        org.more = lambda form: {"scope": "api other", "expires_in": "7200"}
        login("with_client_credentials", org.url, **APP, scope="api chatter_api", then=ada)
        assert org.logins[0]["scope"] == "api chatter_api"

    def test_a_site_keeps_its_path_and_may_be_called_on_its_own_host(self, login: LogIn, org: Org) -> None:
        login("with_client_credentials", f"{org.url}/shop/", **APP, instance_url=f"{org.url}/shop", then=ada)
        assert [received.target for received in org.received] == [
            "/shop/services/oauth2/token",
            "/shop/services/data/v67.0/chatter/things/1",
        ]

    def test_an_expired_token_is_renewed_in_the_same_way(self, login: LogIn, org: Org) -> None:
        def expire_and_get(client: Any) -> Any:
            org.expire()
            return ada(client)

        assert login("with_client_credentials", org.url, **APP, then=expire_and_get) == Thing(name="Ada")
        assert org.logins[0] == org.logins[1]
        assert len(org.logins) == 2

    @pytest.mark.parametrize("missing", [{"client_id": ""}, {"client_secret": ""}])
    def test_nothing_empty_is_sent(self, login: LogIn, org: Org, missing: Any) -> None:
        with pytest.raises(ValueError, match="is empty"):
            login("with_client_credentials", org.url, **{**APP, **missing})
        with pytest.raises(ValueError, match="login_url must look like https://"):
            login("with_client_credentials", "http://acme.my.salesforce.com", **APP)
        assert org.received == []


class TestRefusedLogins:
    @pytest.mark.parametrize(
        ("answer", "code", "message"),
        [
            (
                Answer(400, b'{"error": "invalid_grant", "error_description": "no client credentials user enabled"}'),
                "invalid_grant",
                "was refused: invalid_grant: no client credentials user enabled",
            ),
            (Answer(400, b'{"error": "invalid_client"}'), "invalid_client", "was refused: invalid_client"),
            (Answer(200, b'{"error": "odd"}'), "odd", "was refused: odd"),
            (Answer(500, b"<html>Down</html>"), None, "was answered with 500: <html>Down</html>"),
            (Answer(404, b""), None, "was answered with 404: no message"),
            (Answer(302, b"", {"Location": "https://evil.example/"}), None, "was answered with 302"),
            (Answer(200, b"<html>secret-in-page</html>"), None, "is no JSON object"),
            (Answer(200, b"[]"), None, "is no JSON object"),
            (Answer(200, b"{}"), None, "was refused: Missing access token parameter."),
            (
                Answer(200, b'{"access_token": 5, "instance_url": "https://a.example"}'),
                None,
                "cannot be used: the token",
            ),
            (Answer(200, b'{"access_token": "a b", "instance_url": "https://a.example"}'), None, "cannot be used"),
            (Answer(200, b'{"access_token": "a"}'), None, "cannot be used: instance_url must look like"),
            (Answer(200, b'{"access_token": "a", "instance_url": "http://a.example"}'), None, "instance_url must"),
            (Answer(200, b'{"access_token": "a", "expires_in": "soon"}'), None, "cannot be read"),
            (Answer(200, b'{"access_token": "a", "scope": 5}'), None, "cannot be"),
            (Answer(403, b'{"access_token": "a", "instance_url": "https://a.example"}'), None, "answered with 403"),
        ],
    )
    def test_they_say_why(self, login: LogIn, org: Org, answer: Answer, code: str | None, message: str) -> None:
        org.refuse = lambda form: answer
        with pytest.raises(LoginError) as raised:
            login("with_client_credentials", org.url, **APP)
        assert message in str(raised.value)
        assert raised.value.error_code == code
        assert "app-secret" not in str(raised.value)
        assert "secret-in-page" not in str(raised.value)
        assert len(org.logins) == 1

    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.sampled_from([200, 400, 500]),
        st.binary()
        | st.dictionaries(
            st.sampled_from(
                ["access_token", "instance_url", "error", "error_description", "scope", "expires_in", "id"]
            ),
            st.none() | st.integers() | st.text() | st.lists(st.text()) | st.just("https://a.example"),
        ).map(lambda value: json.dumps(value).encode()),
    )
    def test_any_answer_gives_a_token_or_a_login_error(self, status: int, body: bytes) -> None:
        request = TokenRequest("https://a.example/services/oauth2/token", "client_secret=s")
        with suppress(LoginError):
            assert isinstance(read(request, status, body), Granted)

    def test_an_unavailable_endpoint_is_asked_again(self, login: LogIn, org: Org) -> None:
        org.refuse = lambda form: Answer(503, b"", {"Retry-After": "0"}) if len(org.logins) < 3 else None
        assert login("with_client_credentials", org.url, **APP, then=ada) == Thing(name="Ada")
        assert len(org.logins) == 3
        org.refuse = lambda form: Answer(503, b"Maintenance", {"Retry-After": "0"})
        with pytest.raises(LoginError, match="503: Maintenance"):
            login("with_client_credentials", org.url, **APP)

    def test_no_answer(self, login: LogIn, org: Org) -> None:
        org.refuse = lambda form: Answer(drop=True)
        with pytest.raises(ConnectionFailedError, match=r"logging in got no answer from 127\S+: the server closed"):
            login("with_client_credentials", org.url, **APP)
        org.refuse = lambda form: Answer(delay=1.0)
        with pytest.raises(TimedOutError, match=r"logging in got no answer from 127\S+: nothing came for 0\.05"):
            login("with_client_credentials", org.url, **APP, timeout=0.05)
        refused = r"from 127\.0\.0\.1:9: connection refused \(ConnectError\) \[after 3 attempts\]"
        with pytest.raises(ConnectionFailedError, match=refused):
            login("with_client_credentials", "http://127.0.0.1:9", **APP)

    def test_a_renewal_that_is_refused(self, login: LogIn, org: Org) -> None:
        def expire_and_get(client: Any) -> Any:
            org.expire()
            org.refuse = lambda form: Answer(400, b'{"error": "invalid_grant"}')
            return ada(client)

        with pytest.raises(LoginError, match="invalid_grant"):
            login("with_client_credentials", org.url, **APP, then=expire_and_get)

    def test_a_renewal_for_another_address_is_not_used(self, login: LogIn, org: Org) -> None:
        def move_and_get(client: Any) -> Any:
            org.expire()
            org.more = lambda form: {"instance_url": "https://moved.my.salesforce.com"}
            return ada(client)

        with pytest.raises(LoginError, match=r"now belongs to https://moved\.my\.salesforce\.com"):
            login("with_client_credentials", org.url, **APP, then=move_and_get)
        assert len([received for received in org.received if "chatter" in received.target]) == 1


class TestJwtBearer:
    @pytest.mark.parametrize("given_as", ["bytes", "text", "path", "name"])
    def test_it_signs(self, login: LogIn, org: Org, key: Any, tmp_path: Path, given_as: str) -> None:
        file = tmp_path / "server.key"
        file.write_bytes(pem(key))
        given = {"bytes": pem(key), "text": pem(key).decode(), "path": file, "name": str(file)}[given_as]
        login("with_jwt_bearer", org.url, client_id="app", username="ada@acme.com", private_key=given, then=ada)
        (form,) = org.logins
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        claims = jwt.decode(form["assertion"], key.public_key(), algorithms=["RS256"], audience=org.url)
        assert (claims["iss"], claims["sub"]) == ("app", "ada@acme.com")
        assert 0 < claims["exp"] - time.time() <= 180

    def test_every_renewal_signs_anew(self, login: LogIn, org: Org, key: Any) -> None:
        def expire_and_get(client: Any) -> Any:
            org.expire()
            return ada(client)

        arguments: dict[str, Any] = {"client_id": "app", "username": "ada@acme.com", "private_key": pem(key)}
        assert login("with_jwt_bearer", org.url, **arguments, then=expire_and_get) == Thing(name="Ada")
        assert len(org.logins) == 2

    @pytest.mark.parametrize(
        ("login_url", "audience"),
        [
            ("https://acme.my.salesforce.com", "https://login.salesforce.com"),
            ("https://acme--dev.sandbox.my.salesforce.com", "https://test.salesforce.com"),
            ("https://login.salesforce.com", "https://login.salesforce.com"),
            ("https://test.salesforce.com/", "https://test.salesforce.com"),
            ("https://acme.my.site.com/shop", "https://acme.my.site.com/shop"),
        ],
    )
    def test_whom_the_token_is_for(self, key: Any, login_url: str, audience: str) -> None:
        assert JwtBearer(login_url, "app", "ada@acme.com", pem(key)).audience == audience
        assert JwtBearer(login_url, "app", "ada@acme.com", pem(key), audience="https://x").audience == "https://x"

    def test_a_key_with_a_password(self, key: Any) -> None:
        JwtBearer("https://a.example", "app", "ada", pem(key, b"opens"), password="opens").request()
        for password in ("wrong", None):
            with pytest.raises(ValueError, match="private key cannot be read") as refused:
                JwtBearer("https://a.example", "app", "ada", pem(key, b"opens"), password=password)
            assert "BEGIN" not in str(refused.value)

    def test_keys_that_are_none(self, tmp_path: Path) -> None:
        elliptic = pem(ec.generate_private_key(ec.SECP256R1()))
        with pytest.raises(ValueError, match="no RSA key"):
            JwtBearer("https://a.example", "app", "ada", elliptic)
        with pytest.raises(ValueError, match="cannot be read"):
            JwtBearer("https://a.example", "app", "ada", b"-----BEGIN PRIVATE KEY-----\nhidden\n")
        with pytest.raises(FileNotFoundError):
            JwtBearer("https://a.example", "app", "ada", tmp_path / "none.key")

    @pytest.mark.parametrize("missing", ["jwt", "cryptography"])
    def test_without_its_extra_it_says_what_to_install(self, missing: str) -> None:
        program = (
            f"import sys; sys.modules[{missing!r}] = None\n"
            "from sf_connect.core.login.grants import ClientCredentials, JwtBearer\n"
            "ClientCredentials('https://a.example', 'app', 'secret').request()\n"
            "JwtBearer('https://a.example', 'app', 'ada', b'-----BEGIN')"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert done.stderr.endswith('the JWT bearer flow needs more: pip install "sf-connect-core[jwt]"\n')
        assert "ImportError" in done.stderr

    @pytest.mark.parametrize("joined", ["", "\n"])
    def test_a_key_without_its_first_line_is_not_shown_as_a_path(self, key: Any, joined: str) -> None:
        inner = joined.join(pem(key).decode().split("\n")[1:-2])
        for written in (inner, inner.encode()):
            with pytest.raises(ValueError, match="no line '-----BEGIN") as refused:
                JwtBearer("https://a.example", "app", "ada", written)
            assert inner[:40] not in "".join(traceback.format_exception(refused.value))


class TestRefreshToken:
    def test_it_gets_a_token(self, login: LogIn, org: Org) -> None:
        arguments = {"client_id": "app", "refresh_token": "keep-me"}
        assert login("with_refresh_token", org.url, **arguments, then=ada) == Thing(name="Ada")
        assert org.logins == [{"grant_type": "refresh_token", "client_id": "app", "refresh_token": "keep-me"}]
        login("with_refresh_token", org.url, **arguments, client_secret="s")
        assert org.logins[1]["client_secret"] == "s"

    def test_a_new_refresh_token_replaces_the_old_one(self, login: LogIn, org: Org) -> None:
        org.more = lambda form: {"refresh_token": f"{form['refresh_token']}+"}
        kept: list[str] = []

        def expire_and_get(client: Any) -> Any:
            org.expire()
            return ada(client)

        arguments = {"client_id": "app", "refresh_token": "r", "on_refresh_token": kept.append}
        login("with_refresh_token", org.url, **arguments, then=expire_and_get)
        assert [form["refresh_token"] for form in org.logins] == ["r", "r+"]
        assert kept == ["r+", "r++"]

    def test_it_is_not_sent_twice(self, login: LogIn, org: Org) -> None:
        org.refuse = lambda form: Answer(503)
        with pytest.raises(LoginError):
            login("with_refresh_token", org.url, client_id="app", refresh_token="r")
        assert len(org.logins) == 1
        with pytest.raises(ValueError, match="refresh_token is empty"):
            RefreshToken(org.url, "app", "")


class TestWebServerFlow:
    def flow(self, org: Org, **more: Any) -> WebServerFlow:
        return WebServerFlow(org.url, "app", BACK, scope="api refresh_token", **more)

    def test_the_address_to_open(self, org: Org) -> None:
        flow = self.flow(org, parameters={"prompt": "login"})
        parts = urlsplit(flow.url)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{org.url}/services/oauth2/authorize"
        values = {name: items[0] for name, items in parse_qs(parts.query).items()}
        digest = hashlib.sha256(flow.code_verifier.encode()).digest()
        assert values == {
            "response_type": "code",
            "client_id": "app",
            "redirect_uri": BACK,
            "scope": "api refresh_token",
            "state": flow.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "prompt": "login",
        }
        assert flow.url == flow.url

    def test_state_and_verifier_are_made_at_random(self, org: Org) -> None:
        flows = [self.flow(org) for _ in range(20)]
        assert len({flow.state for flow in flows}) == len({flow.code_verifier for flow in flows}) == 20
        assert all(len(flow.state) >= 30 for flow in flows)
        assert all(43 <= len(flow.code_verifier) <= 128 for flow in flows)

    @pytest.mark.parametrize("secret", [None, "app-secret"])
    def test_the_code_is_exchanged(self, login: LogIn, org: Org, secret: str | None) -> None:
        flow, kept = self.flow(org, client_secret=secret), list[str]()
        org.more = lambda form: {"refresh_token": "r"} if form["grant_type"] == "authorization_code" else {}

        def expire_and_get(client: Any) -> Any:
            org.expire()
            return ada(client)

        back = f"{BACK}?code=aPrx%3D%3D&state={flow.state}"
        answer = login("with_web_server_flow", flow, back, on_refresh_token=kept.append, then=expire_and_get)
        assert answer == Thing(name="Ada")
        named = {"client_secret": secret} if secret else {}
        assert org.logins == [
            {
                "grant_type": "authorization_code",
                "client_id": "app",
                "code": "aPrx==",
                "redirect_uri": BACK,
                "code_verifier": flow.code_verifier,
                **named,
            },
            {"grant_type": "refresh_token", "client_id": "app", "refresh_token": "r", **named},
        ]
        assert kept == ["r"]

    def test_another_process_may_take_the_answer(self, login: LogIn, org: Org) -> None:
        begun = self.flow(org)
        taken_up = self.flow(org, state=begun.state, code_verifier=begun.code_verifier)
        assert taken_up.url == begun.url
        login("with_web_server_flow", taken_up, f"{BACK}?code=c&state={begun.state}")
        assert org.logins[0]["code_verifier"] == begun.code_verifier

    def test_without_a_refresh_token_the_session_ends(self, login: LogIn, org: Org) -> None:
        def expire_and_get(client: Any) -> Any:
            org.expire()
            return ada(client)

        flow = self.flow(org)
        with pytest.raises(UnauthorizedError):
            login("with_web_server_flow", flow, f"{BACK}?code=c&state={flow.state}", then=expire_and_get)
        assert len(org.logins) == 1

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("code=c&state=other", "another state"),
            ("code=c", "another state"),
            ("code=c&state=ü", "another state"),
            ("state={state}", "without a code"),
            ("error=access_denied&error_description=end-user%0Adenied&state={state}", "access_denied: end-user denied"),
        ],
    )
    def test_answers_that_are_refused(self, login: LogIn, org: Org, query: str, message: str) -> None:
        flow = self.flow(org)
        with pytest.raises(LoginError, match=message):
            login("with_web_server_flow", flow, f"{BACK}?{query.format(state=flow.state)}")
        assert org.received == []

    def test_what_it_needs(self) -> None:
        for client_id, back in (("", BACK), ("app", "")):
            with pytest.raises(ValueError, match="give client_id and redirect_uri"):
                WebServerFlow("https://a.example", client_id, back)


STAND_IN = """#!{python}
import json, sys
with open({log!r}, "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
calls = len(open({log!r}).readlines())
if sys.argv[1:3] == ["org", "display"]:
    result = {{"instanceUrl": {url!r}, "accessToken": "[REDACTED] Use 'sf org auth show-access-token' to view"}}
else:
    result = {{"accessToken": f"00D-cli-{{calls}}"}}
print(json.dumps({{"status": 0, "result": result, "warnings": ["This command will expose sensitive information"]}}))
"""


OUTDATED = """#!/bin/sh
if [ $2 = display ]
then echo '{{"result": {{"instanceUrl": "https://a.example"}}}}'
else echo '{{"message": "org auth show-access-token is not a sf command."}}'; exit 127
fi"""
REDACTING = """#!/bin/sh
echo '{{"result": {{"instanceUrl": "https://a.example", "accessToken": "[REDACTED] Use"}}}}'
"""


class TestSfCommandLine:
    @pytest.fixture
    def stand_in(self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
        """Put an executable `sf` on the path; returns the file in which it notes its arguments."""

        def put(program: str) -> Path:
            folder, log = tmp_path / "bin", tmp_path / "calls"
            folder.mkdir()
            command = folder / "sf"
            command.write_text(program.format(python=sys.executable, log=str(log), url=server.url), encoding="utf-8")
            command.chmod(command.stat().st_mode | stat.S_IXUSR)
            monkeypatch.setenv("PATH", str(folder))
            return log

        return put

    @pytest.mark.parametrize(("org", "flag"), [("dev", ["--target-org=dev"]), ("-x", ["--target-org=-x"]), (None, [])])
    def test_two_commands_give_address_and_token(
        self, login: LogIn, server: Server, stand_in: Any, org: str | None, flag: list[str]
    ) -> None:
        log = stand_in(STAND_IN)
        login("from_sf_cli", *([] if org is None else [org]), then=ada)
        assert server.last.headers["Authorization"] == "Bearer 00D-cli-2"
        assert [json.loads(line) for line in log.read_text().splitlines()] == [
            ["org", "display", *flag, "--json"],
            ["org", "auth", "show-access-token", *flag, "--json"],
        ]

    def test_an_expired_token_is_asked_for_again(self, login: LogIn, server: Server, stand_in: Any) -> None:
        stand_in(STAND_IN)
        server.answer(Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]'), Answer())
        login("from_sf_cli", "dev", then=ada)
        assert [item.headers["Authorization"] for item in server.received] == ["Bearer 00D-cli-2", "Bearer 00D-cli-4"]

    @pytest.mark.parametrize(
        ("program", "message"),
        [
            ('#!/bin/sh\necho \'{{"message": "No authorization found for dev"}}\'; exit 1', "failed with 1: No auth"),
            ('#!/bin/sh\necho "Error" >&2; exit 2', "failed with 2: no message"),
            ("#!/bin/sh\necho not-json-secret", "printed no instanceUrl"),
            ("#!/bin/sh\necho '{{\"result\": []}}'", "printed no instanceUrl"),
            ('#!/bin/sh\necho \'{{"result": {{"instanceUrl": "x", "accessToken": "a"}}}}\'', "cannot be used"),
            (OUTDATED, "update the Salesforce CLI"),
            (OUTDATED.replace("exit 127", "exit 0").replace("message", "result"), "printed no accessToken"),
            (REDACTING, "cannot be used"),
        ],
    )
    def test_what_goes_wrong(self, login: LogIn, stand_in: Any, program: str, message: str) -> None:
        stand_in(program)
        with pytest.raises(LoginError, match=message) as raised:
            login("from_sf_cli", "dev")
        assert "secret" not in str(raised.value)

    def test_a_command_that_is_not_there(self, login: LogIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(LoginError, match="'sf' is not installed"):
            login("from_sf_cli", "dev")
        broken = tmp_path / "broken"
        broken.write_text("no program", encoding="utf-8")
        broken.chmod(0o700)
        with pytest.raises(LoginError, match="cannot be started"):
            login("from_sf_cli", "dev", executable=str(broken))


class TestSimpleSalesforce:
    def session(self, server: Server) -> Salesforce:
        session = Salesforce(instance="127.0.0.1", session_id="00D-simple")
        session.base_url = f"{server.url}/services/data/v59.0/"  # it knows https only; the server of this test does not
        return session

    def test_an_open_session_is_used(self, login: LogIn, server: Server) -> None:
        login("from_simple_salesforce", self.session(server), then=ada)
        assert server.last.headers["Authorization"] == "Bearer 00D-simple"
        real = Salesforce(instance="acme.my.salesforce.com", session_id="00D-simple")
        assert login("from_simple_salesforce", real).instance_url == "https://acme.my.salesforce.com"

    def test_a_later_session_id_is_used_when_the_first_expired(self, login: LogIn, server: Server) -> None:
        session = self.session(server)
        server.answer(Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]'))
        with pytest.raises(UnauthorizedError):
            login("from_simple_salesforce", session, then=ada)

        def expired(received: Any) -> Answer:
            session.session_id = "00D-later"
            later = received.headers["Authorization"] == "Bearer 00D-later"
            return Answer() if later else Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]')

        server.respond = expired
        assert login("from_simple_salesforce", session, then=ada) == Thing()


class Counting(Login):
    """A way of one's own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked = 0

    def get(self, http: httpx2.Client, timeout: Any) -> Granted:
        self.asked += 1
        return Granted(f"00D-own-{self.asked}", self.url)

    async def get_async(self, http: httpx2.AsyncClient, timeout: Any) -> Granted:
        return self.get(httpx2.Client(), timeout)


class TestAnyWay:
    def test_a_way_of_your_own(self, login: LogIn, server: Server) -> None:
        own = Counting(server.url)
        server.answer(Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]'), Answer())
        login("with_login", own, then=ada)
        assert server.last.headers["Authorization"] == "Bearer 00D-own-2"

    def test_settings_reach_the_client(self, login: LogIn, org: Org) -> None:
        options = RequestOptions(headers={"X-Mine": "1"})
        login("with_client_credentials", org.url, **APP, options=options, retry=RetryPolicy(), timeout=5.0, then=ada)
        assert org.received[-1].headers["X-Mine"] == "1"
        with pytest.raises(TypeError):
            login("with_client_credentials", org.url, **APP, colour="red")

    def test_a_http_client_of_your_own_sends_the_login_too_and_stays_open(self, org: Org) -> None:
        with httpx2.Client(headers={"X-Mine": "1"}) as mine:
            with Connect.with_client_credentials(org.url, **APP, http_client=mine) as client:
                ada(client)
            assert not mine.is_closed
        assert [received.headers["X-Mine"] for received in org.received] == ["1", "1"]

    def test_a_login_that_fails_closes_its_connection(self, login: LogIn, org: Org) -> None:
        """Python warns of what is left open, and warnings are errors here."""
        org.refuse = lambda form: Answer(400, b'{"error": "invalid_grant"}')
        with pytest.raises(LoginError):
            login("with_client_credentials", org.url, **APP)

    def test_nothing_shows_a_secret(self, org: Org, key: Any) -> None:
        flow = WebServerFlow(org.url, "app", BACK, client_secret="hidden")
        shown: list[object] = [
            ClientCredentials(org.url, "app", "hidden"),
            ClientCredentials(org.url, "app", "hidden").request(),
            RefreshToken(org.url, "app", "hidden", client_secret="hidden"),
            RefreshToken(org.url, "app", "hidden").request(),
            JwtBearer(org.url, "app", "ada", pem(key)),
            flow,
            flow.login("hidden"),
            flow.login("hidden").request(),
            SfCommandLine("dev"),
            Granted("hidden", org.url, "hidden"),
        ]
        for item in shown:
            assert "hidden" not in repr(item)
            assert "BEGIN" not in repr(item)
            assert flow.code_verifier not in repr(item)


class TestManyAtOnce:
    """64 threads or tasks with one expired token."""

    def test_threads_renew_once(self, org: Org) -> None:
        with Connect.with_client_credentials(org.url, **APP, retry=QUICK) as client:
            ada(client)
            org.expire()
            answers: list[Any] = []
            threads = [threading.Thread(target=lambda: answers.append(ada(client))) for _ in range(64)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert answers == [Thing(name="Ada")] * 64
        assert len(org.logins) == 2

    def test_tasks_renew_once(self, org: Org) -> None:
        async def main() -> list[Any]:
            async with await AsyncConnect.with_client_credentials(org.url, **APP, retry=QUICK) as client:
                await ada(client)
                org.expire()
                return await asyncio.gather(*(ada(client) for _ in range(64)))

        assert asyncio.run(main()) == [Thing(name="Ada")] * 64
        assert len(org.logins) == 2

    def test_a_renewal_that_fails_is_shared_too(self, org: Org) -> None:
        refused = Answer(400, b'{"error": "invalid_grant"}', delay=0.5)

        async def main() -> list[Any]:
            async with await AsyncConnect.with_client_credentials(org.url, **APP, retry=QUICK) as client:
                org.expire()
                org.refuse = lambda form: refused
                return await asyncio.gather(*(ada(client) for _ in range(64)), return_exceptions=True)

        failures = asyncio.run(main())
        assert [type(failure) for failure in failures] == [LoginError] * 64
        assert len(org.logins) < 32
