"""The login endpoints, and tokens that are right, wrong, expired or revoked."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mock.conftest import Mock, running
from support.versions import NEWEST

CLIENT = {"client_id": "mock-client", "client_secret": "mock-secret"}
ME = f"/services/data/v{NEWEST}.0/chatter/users/me"
JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def log_in(mock: Mock, **form: str) -> Any:
    return mock.anyone.post(f"{mock.url}/services/oauth2/token", data=form)


def status(mock: Mock, token: str) -> tuple[int, str | None]:
    answer = mock.anyone.get(mock.url + ME, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, None if answer.is_success else answer.json()[0]["errorCode"]


def test_client_credentials(real: Mock) -> None:
    answer = log_in(real, grant_type="client_credentials", **CLIENT)
    assert answer.status_code == 200
    granted = answer.json()
    assert (granted["instance_url"], granted["token_type"]) == (real.url, "Bearer")
    assert "refresh_token" not in granted
    assert status(real, granted["access_token"]) == (200, None)
    basic = real.anyone.post(
        f"{real.url}/services/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=("mock-client", "mock-secret"),
    )
    assert basic.status_code == 200


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"grant_type": "client_credentials", "client_id": "mock-client"}, (401, "invalid_client")),
        ({"grant_type": "client_credentials", **CLIENT, "client_secret": "wrong"}, (401, "invalid_client")),
        ({"grant_type": "client_credentials", **CLIENT, "client_id": "wrong"}, (401, "invalid_client_id")),
        ({"grant_type": "password", **CLIENT}, (400, "unsupported_grant_type")),
        (CLIENT, (400, "invalid_request")),
        ({"grant_type": "refresh_token", **CLIENT, "refresh_token": "wrong"}, (400, "invalid_grant")),
        ({"grant_type": "authorization_code", **CLIENT, "code": "wrong"}, (400, "invalid_grant")),
        ({"grant_type": JWT, "assertion": "wrong"}, (400, "invalid_grant")),
        ({"grant_type": JWT}, (400, "invalid_request")),
    ],
)
def test_logins_that_are_wrong(real: Mock, form: dict[str, str], expected: tuple[int, str]) -> None:
    answer = log_in(real, **form)
    assert (answer.status_code, answer.json()["error"]) == expected
    assert answer.json()["error_description"]


def code(mock: Mock, verifier: str | None, **more: str) -> tuple[str, str]:
    """A code from the login page, and the state that came back."""
    query = {
        "response_type": "code",
        "client_id": "mock-client",
        "redirect_uri": "http://localhost:1717/back",
        "state": "s1",
    }
    if verifier:
        digest = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query |= {"code_challenge": digest, "code_challenge_method": "S256"}
    answer = mock.anyone.get(f"{mock.url}/services/oauth2/authorize", params=query | more)
    assert answer.status_code == 302
    back = urlsplit(answer.headers["location"])
    assert back.netloc == "localhost:1717"
    found = parse_qs(back.query)
    return found.get("code", [""])[0], found["state"][0]


def test_a_code_with_its_verifier(real: Mock) -> None:
    exchange = {
        "grant_type": "authorization_code",
        "client_id": "mock-client",
        "redirect_uri": "http://localhost:1717/back",
    }
    given, state = code(real, "v" * 64)
    assert state == "s1"
    granted = log_in(real, **exchange, code=given, code_verifier="v" * 64).json()
    assert status(real, granted["access_token"]) == (200, None)
    assert log_in(real, **exchange, code=given, code_verifier="v" * 64).json()["error"] == "invalid_grant"
    given, _ = code(real, "v" * 64)
    assert (
        log_in(real, **exchange, code=given, code_verifier="w" * 64).json()["error_description"]
        == "invalid code verifier"
    )
    given, _ = code(real, None)
    other = exchange | {"redirect_uri": "http://localhost:1717/elsewhere"}
    assert log_in(real, **other, code=given).json()["error"] == "redirect_uri_mismatch"

    renewed = log_in(real, grant_type="refresh_token", client_id="mock-client", refresh_token=granted["refresh_token"])
    token = renewed.json()["access_token"]
    assert token != granted["access_token"]
    assert status(real, token) == (200, None)
    revoked = real.anyone.post(f"{real.url}/services/oauth2/revoke", data={"token": granted["refresh_token"]})
    assert revoked.status_code == 200
    assert status(real, token) == (401, "INVALID_SESSION_ID")
    again = log_in(real, grant_type="refresh_token", client_id="mock-client", refresh_token=granted["refresh_token"])
    assert again.json()["error"] == "invalid_grant"


def test_the_login_page_refuses_what_it_does_not_know(real: Mock) -> None:
    page = f"{real.url}/services/oauth2/authorize"
    assert real.anyone.get(page, params={"client_id": "wrong", "redirect_uri": "http://localhost/"}).status_code == 400
    assert real.anyone.get(page, params={"client_id": "mock-client"}).status_code == 400
    assert code(real, "v" * 64, response_type="token")[0] == ""
    assert code(real, "v" * 64, code_challenge_method="plain")[0] == ""


def test_tokens_that_are_wrong(real: Mock) -> None:
    assert status(real, "mock-token") == (200, None)
    assert status(real, "wrong") == (401, "INVALID_SESSION_ID")
    for headers in ({}, {"Authorization": "mock-token"}, {"Authorization": "Basic bW9jay10b2tlbg=="}):
        answer = real.anyone.get(real.url + ME, headers=headers)
        assert (answer.status_code, answer.json()[0]["errorCode"]) == (401, "INVALID_AUTH_HEADER")
        assert answer.headers["x-mock-reason"].startswith("token: ")


def test_tokens_that_expire_and_are_revoked(real: Mock) -> None:
    first, second = real.server.new_token(), real.server.new_token()
    assert real.ask("/__mock__/tokens/expire", "POST", json={"token": first}).json() == {"expired": 1}
    answer = real.anyone.get(real.url + ME, headers={"Authorization": f"Bearer {first}"})
    assert "it has expired" in answer.json()[0]["message"]
    assert status(real, second) == (200, None)
    assert real.ask("/__mock__/tokens/revoke", "POST", json={"token": second}).json() == {"revoked": 1}
    answer = real.anyone.get(real.url + ME, headers={"Authorization": f"Bearer {second}"})
    assert "it was revoked" in answer.json()[0]["message"]
    real.server.expire_tokens()
    assert status(real, "mock-token") == (401, "INVALID_SESSION_ID")
    real.server.reset()
    assert status(real, "mock-token") == (200, None)


def test_who_the_token_stands_for(real: Mock) -> None:
    granted = log_in(real, grant_type="client_credentials", **CLIENT).json()
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    who = real.anyone.get(granted["id"], headers=headers).json()
    me: Any = real.json(ME)
    assert who["user_id"] == me["id"]
    assert real.anyone.get(f"{real.url}/services/oauth2/userinfo").status_code == 403


# Signed logins


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def checking(key: rsa.RSAPrivateKey, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    """A mock that knows the app's key, and whose tokens last no time at all."""
    path: Path = tmp_path_factory.mktemp("key") / "public.pem"
    path.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    options = (
        "--jwt-key",
        str(path),
        "--token-seconds",
        "0",
        "--client-id",
        "app",
        "--token",
        "mine",
        "--version",
        f"{NEWEST}.0",
    )
    yield from running(f"{NEWEST}.0", *options)


def signed(key: rsa.RSAPrivateKey, **claims: object) -> str:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    usual = {
        "iss": "app",
        "sub": "me@example.com",
        "aud": "https://login.salesforce.com",
        "exp": int(time.time()) + 180,
    }
    return jwt.encode(
        {name: value for name, value in (usual | claims).items() if value is not None}, pem, algorithm="RS256"
    )


def test_a_signed_login(checking: Mock, key: rsa.RSAPrivateKey) -> None:
    answer = log_in(checking, grant_type=JWT, assertion=signed(key))
    assert answer.status_code == 200, answer.text
    assert status(checking, answer.json()["access_token"]) == (401, "INVALID_SESSION_ID")
    assert status(checking, "mine") == (200, None)
    assert status(checking, "mock-token") == (401, "INVALID_SESSION_ID")


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"exp": 1}, "expired assertion"),
        ({"exp": 9_999_999_999}, "within five minutes"),
        ({"aud": "https://evil.example"}, "audience is invalid"),
        ({"iss": "other"}, "client identifier invalid"),
        ({"sub": None}, "sub"),
    ],
)
def test_signed_logins_that_are_wrong(
    checking: Mock, key: rsa.RSAPrivateKey, claims: dict[str, object], says: str
) -> None:
    answer = log_in(checking, grant_type=JWT, assertion=signed(key, **claims))
    assert answer.status_code in (400, 401)
    assert says in answer.json()["error_description"]


def test_a_login_that_another_key_signed(checking: Mock) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert log_in(checking, grant_type=JWT, assertion=signed(other)).json()["error"] == "invalid_grant"
    unsigned = jwt.encode({"iss": "app", "sub": "x", "aud": checking.url, "exp": int(time.time()) + 60}, "x" * 32)
    assert "RS256" in log_in(checking, grant_type=JWT, assertion=unsigned).json()["error_description"]
