"""Logging in with a certificate (JWT bearer) and by a browser (web server flow), sync and async."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from core.conftest import Thing
from core.logins import BACK, LogIn, ada, pem
from core.org import Org
from sf_connect.core import AuthenticationError, JWTBearer, LoginError, WebServerFlow


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

    def test_every_refresh_signs_anew(self, login: LogIn, org: Org, key: Any) -> None:
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
        assert JWTBearer(login_url, "app", "ada@acme.com", pem(key)).audience == audience
        assert JWTBearer(login_url, "app", "ada@acme.com", pem(key), audience="https://x").audience == "https://x"

    def test_a_key_with_a_password(self, key: Any) -> None:
        JWTBearer("https://a.example", "app", "ada", pem(key, b"opens"), password="opens").request()
        for password in ("wrong", None):
            with pytest.raises(ValueError, match="private key cannot be read") as refused:
                JWTBearer("https://a.example", "app", "ada", pem(key, b"opens"), password=password)
            assert "BEGIN" not in str(refused.value)

    def test_keys_that_are_none(self, tmp_path: Path) -> None:
        elliptic = pem(ec.generate_private_key(ec.SECP256R1()))
        with pytest.raises(ValueError, match="no RSA key"):
            JWTBearer("https://a.example", "app", "ada", elliptic)
        with pytest.raises(ValueError, match="cannot be read"):
            JWTBearer("https://a.example", "app", "ada", b"-----BEGIN PRIVATE KEY-----\nhidden\n")
        with pytest.raises(FileNotFoundError):
            JWTBearer("https://a.example", "app", "ada", tmp_path / "none.key")

    @pytest.mark.parametrize("missing", ["jwt", "cryptography"])
    def test_without_its_extra_it_says_what_to_install(self, missing: str) -> None:
        program = (
            f"import sys; sys.modules[{missing!r}] = None\n"
            "from sf_connect.core.auth.flows import ClientCredentials, JWTBearer\n"
            "ClientCredentials('https://a.example', 'app', 'secret').request()\n"
            "JWTBearer('https://a.example', 'app', 'ada', b'-----BEGIN')"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert done.stderr.endswith('the JWT bearer flow needs further packages: pip install "sf-connect-core[jwt]"\n')
        assert "ImportError" in done.stderr

    @pytest.mark.parametrize("joined", ["", "\n"])
    def test_a_key_without_its_first_line_is_not_shown_as_a_path(self, key: Any, joined: str) -> None:
        inner = joined.join(pem(key).decode().split("\n")[1:-2])
        for written in (inner, inner.encode()):
            with pytest.raises(ValueError, match="no line '-----BEGIN") as refused:
                JWTBearer("https://a.example", "app", "ada", written)
            assert inner[:40] not in "".join(traceback.format_exception(refused.value))


class TestWebServerFlow:
    def flow(self, org: Org, **more: Any) -> WebServerFlow:
        return WebServerFlow(org.url, "app", BACK, scope="api refresh_token", **more)

    def test_the_url_to_open(self, org: Org) -> None:
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

    def test_another_process_may_receive_the_redirect(self, login: LogIn, org: Org) -> None:
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
        with pytest.raises(AuthenticationError):
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
    def test_responses_that_are_refused(self, login: LogIn, org: Org, query: str, message: str) -> None:
        flow = self.flow(org)
        with pytest.raises(LoginError, match=message):
            login("with_web_server_flow", flow, f"{BACK}?{query.format(state=flow.state)}")
        assert org.received == []

    def test_what_it_needs(self) -> None:
        for client_id, back in (("", BACK), ("app", "")):
            with pytest.raises(ValueError, match="pass client_id and redirect_uri"):
                WebServerFlow("https://a.example", client_id, back)
