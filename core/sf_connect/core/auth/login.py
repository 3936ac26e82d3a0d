"""The base of all logins, the request that they send to a token endpoint, and its response."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from sf_connect.core.auth.login_hints import hint_for_login
from sf_connect.core.exceptions import LoginError
from sf_connect.core.request.urls import check_instance_url
from sf_connect.core.transport.scrubbing import scrub
from sf_connect.core.transport.secrets import Secret

if TYPE_CHECKING:
    import httpx2


_PUBLIC = ("grant_type", "client_id", "redirect_uri", "scope")


@dataclass(frozen=True, slots=True, repr=False)
class TokenResponse:
    """The tokens and URLs that a login returned. Its repr shows no token, and it is no tuple, which tools look into.

    Args:
        access_token: the token for calls.
        instance_url: the URL of the org that the token belongs to.
        refresh_token: the token that gets further access tokens; None where the server issued none.
        site_url: the URL of the Experience Cloud site, for a login to one.
        identity_url: the URL of the user's identity.
        scope: what the token allows, separated by spaces.
    """

    access_token: str
    instance_url: str
    refresh_token: str | None = None
    site_url: str | None = None
    identity_url: str | None = None
    scope: str | None = None

    def __repr__(self) -> str:
        return f"<TokenResponse for {self.instance_url}>"


class Login(ABC):
    """A way to get a token: once when the client is created, and again whenever the server says that it has expired."""

    @abstractmethod
    def get(self, http: httpx2.Client, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Log in.

        Args:
            http: the httpx2 client that sends the requests.
            timeout: seconds to wait for the server.

        Raises:
            LoginError: the login was refused, or its response cannot be used.
            APIConnectionError: the server did not respond.
        """

    @abstractmethod
    async def get_async(self, http: httpx2.AsyncClient, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Log in, as `get`, without blocking the event loop."""

    @property
    def is_repeatable(self) -> bool:
        """Whether the login can be run again for another token."""
        return True

    @property
    def cache_key(self) -> tuple[str, ...] | None:
        """What distinguishes the login from others in a file of tokens (`token_cache`); None where it cannot be in one.

        It holds no secret.
        """
        return None

    def use_refresh_token(self, refresh_token: str) -> None:  # noqa: B027 - most need none
        """Called with the refresh token of an earlier run, from a file of tokens; most logins need none."""


@dataclass(frozen=True, slots=True, repr=False)
class TokenRequest:
    """A request to the token endpoint. Its repr shows nothing of the form.

    Args:
        url: the endpoint.
        body: the form, URL-encoded.
        is_repeatable: whether it may be sent again after a 503.
    """

    url: str
    body: str
    is_repeatable: bool = True

    def hiding_secrets(self, text: str) -> str:
        """A text from the server, with every secret of the form that it repeats replaced."""
        content = text.encode()
        for name, value in parse_qsl(Secret.of(self.body).reveal()):
            if name not in _PUBLIC:
                content = scrub(content, value, f"[{name}]".encode(), shortest=1)
        return content.decode("utf-8", "replace")

    def __repr__(self) -> str:
        return f"<TokenRequest to {self.url}>"


def check_login_url(login_url: str) -> str:
    """The URL of a login without its last slash.

    Raises:
        ValueError: it is not an https URL.
    """
    try:
        return check_instance_url(login_url)
    except ValueError as error:
        raise ValueError(str(error).replace("instance_url", "login_url")) from None


def login_error(url: str, code: str | None, description: str) -> LoginError:
    """The exception for a login that was refused."""
    host = urlsplit(url).netloc
    reason = ": ".join(part for part in (code, description) if part) or "no reason given"
    hint = hint_for_login(code, description)
    shown = f" ({hint})" if hint else ""
    return LoginError(f"logging in at {host} was refused: {reason}{shown}", code, description, hint)
