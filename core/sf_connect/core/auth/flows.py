"""OAuth logins: client credentials, JWT bearer and refresh token. oauthlib writes the request bodies."""

from __future__ import annotations

import hashlib
import os
import re
import time
from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sf_connect.core.auth.login import Login, TokenRequest, TokenResponse, check_login_url
from sf_connect.core.request.urls import is_login_host
from sf_connect.core.transport.secrets import Secret, hidden

if TYPE_CHECKING:
    import httpx2

_TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path, no secret
_JWT_SECONDS = 180
_LONGEST_PATH = 500
"""In bytes; an RSA key without its first and last line is longer."""
_SANDBOX = re.compile(
    r"(^|\.)cs\d+\.(my\.)?salesforce\.com$|--[^.]+\.my\.salesforce\.com$|^[a-z]{2,4}\d+s\.(sfdc-[^.]+\.)?salesforce\.com$"
)
"""Hosts of sandboxes without enhanced domains, and of the instances of sandboxes."""
_INSTANCE = re.compile(r"^[a-z]{2,4}\d+\.(sfdc-[^.]+\.)?salesforce\.com$")
"""Hosts of the other instances."""
_PRODUCTION, _TEST = "https://login.salesforce.com", "https://test.salesforce.com"
_AUDIENCES = {
    "sandbox.my.salesforce.com": _TEST,
    "scratch.my.salesforce.com": _TEST,
    "my.salesforce.com": _PRODUCTION,
    "sandbox.my.salesforce.mil": _TEST,
    "my.salesforce.mil": _PRODUCTION,
    "sandbox.my.sfcrmproducts.cn": "https://test.sfcrmproducts.cn",
    "my.sfcrmproducts.cn": "https://login.sfcrmproducts.cn",
}
"""For whom a signed token is meant, by the ending of the host; the first one that fits. Government orgs name the same
servers as others, though nobody logs in there."""


class OAuthLogin(Login):
    """Base of the logins that get their token from a token endpoint.

    Args:
        login_url: the org's or site's own URL, `https://acme.my.salesforce.com` or `https://acme.my.site.com/shop`;
            or `https://login.salesforce.com` and `https://test.salesforce.com` where the flow allows them.
        client_id: the app's consumer key.
    """

    def __init__(self, login_url: str, client_id: str) -> None:
        if not client_id:
            raise ValueError("client_id is empty: give the app's consumer key")
        self.login_url = check_login_url(login_url)
        self.client_id = client_id

    def __repr__(self) -> str:
        url = getattr(self, "login_url", "no URL")  # a tool shows the object of a constructor that failed
        return f"<{type(self).__name__} at {url}>"

    @property
    def cache_key(self) -> tuple[str, ...] | None:
        """What distinguishes the login from others in a file of tokens."""
        parts = (getattr(self, name, None) or "" for name in ("username", "audience", "_scope"))
        return (type(self).__name__, self.login_url, self.client_id, *parts)

    @abstractmethod
    def request(self) -> TokenRequest:
        """The request to the token endpoint."""

    def accept(self, token_response: TokenResponse) -> TokenResponse:
        """Called with each token response; returns it. A flow whose refresh token changes keeps the new one here."""
        return token_response

    def get(self, http: httpx2.Client, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Log in."""
        from sf_connect.core.auth.token_exchange import exchange  # late: it imports httpx2

        return self.accept(exchange(http, self.request(), timeout))

    async def get_async(self, http: httpx2.AsyncClient, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Log in without blocking the event loop."""
        from sf_connect.core.auth.token_exchange import exchange_async  # late: it imports httpx2

        return self.accept(await exchange_async(http, self.request(), timeout))

    def _request(self, body: str, *, is_repeatable: bool = True) -> TokenRequest:
        return TokenRequest(self.login_url + _TOKEN_PATH, body, is_repeatable)


class ClientCredentials(OAuthLogin):
    """Logs in as the app itself: as the user that the app's settings in the org name.

    Args:
        login_url: the org's own URL, or a site's; not `https://login.salesforce.com`, where users log in.
        client_id: the app's consumer key.
        client_secret: the app's consumer secret.
        scope: the scopes to request, separated by spaces; by default, all that the app may have.

    Raises:
        ValueError: the URL is not an https URL or one at which users log in, or an argument is empty.
    """

    def __init__(self, login_url: str, client_id: str, client_secret: str, *, scope: str | None = None) -> None:
        self._secret = Secret.of(client_secret)
        del client_secret
        super().__init__(login_url, client_id)
        if not self._secret:
            raise ValueError("client_secret is empty: give the app's consumer secret")
        if is_login_host(host := urlsplit(self.login_url).hostname):
            raise ValueError(
                f"apps do not log in at {host}: login_url must be the org's own, such as https://acme.my.salesforce.com"
            )
        self._scope = scope

    def request(self) -> TokenRequest:
        """The request to the token endpoint."""
        from oauthlib.oauth2 import BackendApplicationClient  # late: it takes long, and few log in so

        client: Any = BackendApplicationClient(self.client_id)
        return self._request(
            hidden(
                client.prepare_request_body(
                    include_client_id=True, client_secret=self._secret.reveal(), scope=self._scope
                )
            )
        )


class JWTBearer(OAuthLogin):
    """Logs in a user who has approved the app, with a token that the app signs with its private key (RS256).

    Args:
        login_url: the org's or site's own URL.
        client_id: the app's consumer key.
        username: the user's name in the org.
        private_key: the key in PEM, as text or bytes, or the path of a file that holds it.
        audience: the server that the signed token is meant for; by default `https://login.salesforce.com`,
            `https://test.salesforce.com` for a sandbox or scratch org, and the URL itself for a site.
        password: the key's password, if it has one.
        scope: the scopes to request, separated by spaces.

    Raises:
        ValueError: the key cannot be used.
        OSError: the key's file cannot be read.
        ImportError: pyjwt and cryptography are missing: `pip install "sf-connect-core[jwt]"`.
    """

    def __init__(
        self,
        login_url: str,
        client_id: str,
        username: str,
        private_key: str | bytes | os.PathLike[str],
        *,
        audience: str | None = None,
        password: str | None = None,
        scope: str | None = None,
    ) -> None:
        key, password_of_key = Secret.of(private_key), Secret.of(password)
        del private_key, password
        super().__init__(login_url, client_id)
        self.username = username
        self.audience = audience or _audience(self.login_url)
        self._key = _load_key(key, password_of_key)
        self._scope = scope

    def request(self) -> TokenRequest:
        """The request to the token endpoint, with a newly signed token that is valid for three minutes."""
        from oauthlib.oauth2 import ServiceApplicationClient  # late: it takes long, and few log in so

        client: Any = ServiceApplicationClient(self.client_id)
        return self._request(
            hidden(
                client.prepare_request_body(
                    private_key=self._key,
                    issuer=self.client_id,
                    subject=self.username,
                    audience=self.audience,
                    expires_at=time.time() + _JWT_SECONDS,
                    scope=self._scope,
                )
            )
        )


class RefreshToken(OAuthLogin):
    """Gets access tokens with a refresh token from an earlier login by the web server flow.

    Args:
        login_url: the URL at which the refresh token was issued.
        client_id: the app's consumer key.
        refresh_token: the token.
        client_secret: the app's consumer secret, if the app requires it.
        on_refresh_token: called with each refresh token that replaces the old one, so that you can store it.
    """

    def __init__(
        self,
        login_url: str,
        client_id: str,
        refresh_token: str,
        *,
        client_secret: str | None = None,
        on_refresh_token: Callable[[str], object] | None = None,
    ) -> None:
        self._token, self._secret = Secret.of(refresh_token), Secret.of(client_secret)
        del refresh_token, client_secret
        super().__init__(login_url, client_id)
        if not self._token:
            raise ValueError("refresh_token is empty")
        self._on_refresh_token = on_refresh_token
        self._first = hashlib.sha256(self._token.reveal_bytes()).hexdigest()

    @property
    def cache_key(self) -> tuple[str, ...]:
        """What distinguishes the login from others in a file of tokens: the first refresh token's hash, too."""
        return (*(super().cache_key or ()), self._first)

    def use_refresh_token(self, refresh_token: str) -> None:
        """Use the token that replaced the first one in an earlier run."""
        self._token = Secret.of(refresh_token)

    def request(self) -> TokenRequest:
        """The request to the token endpoint. It is not retried: a lost response may have replaced the token."""
        from oauthlib.oauth2 import WebApplicationClient  # late: it takes long, and few log in so

        client: Any = WebApplicationClient(self.client_id)
        return self._request(
            hidden(
                client.prepare_refresh_body(
                    refresh_token=self._token.reveal(),
                    client_id=self.client_id,
                    client_secret=self._secret.reveal_or_none(),
                )
            ),
            is_repeatable=False,
        )

    def accept(self, token_response: TokenResponse) -> TokenResponse:
        """Keep the refresh token that replaces the old one, and report it."""
        if token_response.refresh_token and Secret(token_response.refresh_token) != self._token:
            self._token = Secret(token_response.refresh_token)
            if self._on_refresh_token is not None:
                self._on_refresh_token(token_response.refresh_token)
        return token_response


def _audience(login_url: str) -> str:
    host = urlsplit(login_url).hostname or ""
    if _SANDBOX.search(host):
        return _TEST
    if _INSTANCE.search(host):
        return _PRODUCTION
    return next((server for ending, server in _AUDIENCES.items() if host.endswith(f".{ending}")), login_url)


def _load_key(private_key: Secret, password: Secret) -> Any:
    """The key, ready to sign; no message shows it.

    Raises:
        ValueError: it is no RSA key in PEM, or the password is not its.
    """
    try:  # late: they are an extra, which may be missing
        import jwt  # noqa: F401  # pyright: ignore[reportUnusedImport]
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    except ImportError as error:
        raise ImportError('the JWT bearer flow needs further packages: pip install "sf-connect-core[jwt]"') from error
    pem = _pem(private_key)
    if pem is None:
        raise ValueError("the private key has no line '-----BEGIN …': give an RSA key in PEM, or the path of its file")
    key = _read_key(pem, password)
    if key is None:
        raise ValueError("the private key cannot be read: give an RSA key in PEM, and its password if it has one")
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the private key is no RSA key; the server takes RS256 only")
    return key


def _pem(private_key: Secret) -> Secret | None:
    """The text of a key, which may be in a file; None where it is neither a key nor a path."""
    path = private_key.path()
    if path is None:
        data = private_key.reveal_bytes()
        if b"-----BEGIN" in data:
            return private_key
        if len(data) > _LONGEST_PATH or b"\n" in data:  # the error of a path would show it
            return None
        path = Path(os.fsdecode(data))
        del data
    return Secret(path.read_bytes())


def _read_key(pem: Secret, password: Secret) -> Any:
    """The key; None where it cannot be read."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # late: an extra

    try:
        return load_pem_private_key(pem.reveal_bytes(), password.reveal_bytes() if password else None)
    except (ValueError, TypeError):
        return None
