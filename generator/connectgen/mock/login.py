"""The login endpoints: client credentials, signed token (JWT), refresh token, and code with PKCE."""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from connectgen.mock.bounds import LONGEST_CONTROL
from connectgen.mock.content import pieces, read_content
from connectgen.mock.refusal import RefusalError
from connectgen.mock.settings import Settings
from connectgen.mock.tokens import Tokens

_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LONGEST_JWT = 330
_AUDIENCES = ("https://login.salesforce.com", "https://test.salesforce.com")
_MISSING = "missing required parameter: "


class LoginError(Exception):
    """A login that is refused, as OAuth writes it."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status


class Login:
    """The endpoints.

    Args:
        settings: the app's key and secret, and the key of signed tokens.
        tokens: where tokens come from.
        user_id: the context user's id.
    """

    def __init__(self, settings: Settings, tokens: Tokens, user_id: str) -> None:
        self._settings = settings
        self._tokens = tokens
        self._user_id = user_id
        self._org_id = "00DMK0000000001EAA"

    def routes(self, prefix: str = "") -> list[Route]:
        """The routes, below a site's path where one is set."""
        return [
            Route(f"{prefix}/services/oauth2/token", self.token, methods=["POST"]),
            Route(f"{prefix}/services/oauth2/authorize", self.authorize, methods=["GET"]),
            Route(f"{prefix}/services/oauth2/revoke", self.revoke, methods=["GET", "POST"]),
            Route(f"{prefix}/services/oauth2/userinfo", self.user_info, methods=["GET", "POST"]),
            Route(f"{prefix}/id/{{org}}/{{user}}", self.user_info, methods=["GET"]),
        ]

    async def token(self, request: Request) -> Response:
        """Give an access token."""
        form = await self._form(request)
        _with_basic_header(form, request.headers.get("authorization"))
        try:
            response = self._grant(form, _base(request))
        except LoginError as error:
            body = {"error": error.error, "error_description": error.description}
            return JSONResponse(body, error.status, {"Cache-Control": "no-store"})
        return JSONResponse(response, 200, {"Cache-Control": "no-store"})

    async def authorize(self, request: Request) -> Response:
        """Send the browser back with a code: here everyone agrees to everything."""
        query = request.query_params
        redirect = query.get("redirect_uri", "")
        if query.get("client_id") != self._settings.client_id:
            return _page("invalid_client_id: client identifier invalid")
        if urlsplit(redirect).scheme in ("", "javascript", "data"):
            return _page("redirect_uri_missing: send redirect_uri, the URL that takes the code")
        state = {"state": query["state"]} if "state" in query else {}
        method = query.get("code_challenge_method", "S256")
        if query.get("response_type") != "code":
            back = {"error": "unsupported_response_type", "error_description": "response type not supported", **state}
        elif method != "S256":
            back = {"error": "invalid_request", "error_description": "code_challenge_method must be S256", **state}
        else:
            code = self._tokens.keep_code(query["client_id"], redirect, query.get("code_challenge"), method)
            back = {"code": code, **state}
        return RedirectResponse(f"{redirect}{'&' if '?' in redirect else '?'}{urlencode(back)}", 302)

    async def revoke(self, request: Request) -> Response:
        """Revoke a token."""
        token: object = request.query_params.get("token")
        if request.method == "POST":
            token = (await self._form(request)).get("token") or token
        if not isinstance(token, str) or not self._tokens.revoke(token):
            body = {"error": "unsupported_token_type", "error_description": "this token is not supported"}
            return JSONResponse(body, 400)
        return Response(status_code=200)

    async def user_info(self, request: Request) -> Response:
        """Who the token stands for."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "oauth") or not self._tokens.is_valid(token.strip()):
            return Response("Bad_OAuth_Token", 403, media_type="text/plain")
        base = _base(request)
        return JSONResponse(
            {
                "sub": f"{base}/id/{self._org_id}/{self._user_id}",
                "user_id": self._user_id,
                "organization_id": self._org_id,
                "preferred_username": "me@example.com",
                "name": "Mock User",
                "urls": {"rest": f"{base}/services/data/v{{version}}/"},
            }
        )

    async def _form(self, request: Request) -> dict[str, str]:
        """The form of a request; what cannot be read as one has no fields."""
        limits = replace(self._settings.limits, body=LONGEST_CONTROL)
        chunks = pieces(request.receive, limits.idle_seconds)
        try:
            return dict((await read_content(request.headers.get("content-type"), chunks, limits)).fields)
        except RefusalError as refusal:
            raise HTTPException(refusal.status, refusal.problems[0].message) from None

    def _grant(self, form: Mapping[str, str], base: str) -> dict[str, Any]:
        match form.get("grant_type"):
            case "client_credentials":
                self._check_client(form, secret_needed=True)
                return self._token_response(base)
            case grant if grant == _JWT:
                self._check_signed(form, base)
                return self._token_response(base)
            case "refresh_token":
                self._check_client(form, secret_needed=False)
                if not self._tokens.is_refresh_token(_needed(form, "refresh_token")):
                    raise LoginError("invalid_grant", "expired access/refresh token")
                return self._token_response(base, refreshed=form["refresh_token"])
            case "authorization_code":
                self._check_client(form, secret_needed=False)
                self._check_code(form)
                return self._token_response(base, with_refresh_token=True)
            case None:
                raise LoginError("invalid_request", f"{_MISSING}grant_type")
            case _:
                raise LoginError("unsupported_grant_type", "grant type not supported")

    def _token_response(
        self, base: str, refreshed: str | None = None, *, with_refresh_token: bool = False
    ) -> dict[str, Any]:
        refresh_token = self._tokens.issue_refresh_token() if with_refresh_token else refreshed
        more = {"refresh_token": refresh_token} if with_refresh_token else {}
        return {
            "access_token": self._tokens.issue(refresh_token),
            **more,
            "scope": "api refresh_token",
            "instance_url": base,
            "id": f"{base}/id/{self._org_id}/{self._user_id}",
            "token_type": "Bearer",
            "issued_at": str(int(time.time() * 1000)),
            "signature": "bW9jaw==",
        }

    def _check_client(self, form: Mapping[str, str], *, secret_needed: bool) -> None:
        if _needed(form, "client_id") != self._settings.client_id:
            raise LoginError("invalid_client_id", "client identifier invalid", 401)
        secret = form.get("client_secret")
        if secret is None and not secret_needed:
            return
        given, right = (secret or "").encode(), self._settings.client_secret.encode()
        if not hmac.compare_digest(given, right):
            raise LoginError("invalid_client", "invalid client credentials", 401)

    def _check_code(self, form: Mapping[str, str]) -> None:
        kept = self._tokens.take_code(_needed(form, "code"))
        if kept is None:
            raise LoginError("invalid_grant", "expired authorization code")
        if form.get("redirect_uri") != kept.redirect_uri:
            raise LoginError("redirect_uri_mismatch", "redirect_uri must match that of the code")
        if kept.challenge is None:
            return
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != kept.challenge.rstrip("="):
            raise LoginError("invalid_grant", "invalid code verifier")

    def _check_signed(self, form: Mapping[str, str], base: str) -> None:
        import jwt  # late: with what it needs it takes longer to import than the mock takes to start

        assertion = _needed(form, "assertion")
        key = self._settings.jwt_key.read_text() if self._settings.jwt_key else ""
        try:
            if jwt.get_unverified_header(assertion).get("alg") != "RS256":
                raise LoginError("invalid_grant", "the assertion must be signed with RS256")
            claims: dict[str, Any] = jwt.decode(
                assertion,
                _public_key(key),
                algorithms=["RS256"],
                options={
                    "verify_signature": bool(key), "verify_aud": False, "verify_exp": True,
                    "require": ["iss", "sub", "aud", "exp"],
                },
            )  # fmt: skip
        except jwt.ExpiredSignatureError:
            raise LoginError("invalid_grant", "expired assertion") from None
        except jwt.PyJWTError as error:
            raise LoginError("invalid_grant", f"invalid assertion: {error}") from None
        self._check_claims(claims, base)

    def _check_claims(self, claims: Mapping[str, Any], base: str) -> None:
        if claims["iss"] != self._settings.client_id:
            raise LoginError("invalid_client_id", "client identifier invalid", 401)
        if claims["exp"] > time.time() + _LONGEST_JWT:
            raise LoginError("invalid_grant", "the assertion must expire within five minutes")
        named: Any = claims["aud"]
        audiences = [str(one) for one in cast("list[object]", named)] if isinstance(named, list) else [str(named)]
        if not any(one in _AUDIENCES or one.startswith(base) for one in audiences):
            raise LoginError("invalid_grant", "audience is invalid")


def _public_key(text: str) -> Any:
    """The key that signatures are checked with; a certificate holds one."""
    if "BEGIN CERTIFICATE" not in text:
        return text
    from cryptography.x509 import load_pem_x509_certificate

    return load_pem_x509_certificate(text.encode()).public_key()


def key_fault(text: str) -> str | None:
    """Why a text is no key that RS256 signatures can be checked with, None where it is one."""
    import jwt

    try:
        jwt.get_algorithm_by_name("RS256").prepare_key(_public_key(text))
    except (jwt.PyJWTError, ValueError, TypeError):
        return "holds no public RSA key or certificate in PEM"
    return None


def _needed(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise LoginError("invalid_request", _MISSING + name)
    return form[name]


def _with_basic_header(form: dict[str, str], header: str | None) -> None:
    """Take key and secret from `Authorization: Basic` where the form lacks them."""
    scheme, _, value = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return
    form.setdefault("client_id", name)
    form.setdefault("client_secret", secret)


def _base(request: Request) -> str:
    """The URL under which the mock was reached."""
    return f"{request.url.scheme}://{request.url.netloc}"


def _page(message: str) -> Response:
    return Response(f"error={message}", 400, media_type="text/plain")
