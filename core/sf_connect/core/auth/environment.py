"""The login that environment variables describe, for scripts and containers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sf_connect.core.auth.login import Login, TokenResponse
from sf_connect.core.exceptions import LoginError
from sf_connect.core.request.urls import check_instance_url
from sf_connect.core.transport.secrets import Token, hidden

if TYPE_CHECKING:
    import httpx2

URL = "SF_CONNECT_URL"
TOKEN = "SF_CONNECT_TOKEN"  # noqa: S105 - a name
_CLIENT_ID = "SF_CONNECT_CLIENT_ID"
_CLIENT_SECRET = "SF_CONNECT_CLIENT_SECRET"  # noqa: S105 - a name
_USERNAME = "SF_CONNECT_USERNAME"
_PRIVATE_KEY = "SF_CONNECT_PRIVATE_KEY"
_REFRESH_TOKEN = "SF_CONNECT_REFRESH_TOKEN"  # noqa: S105 - a name
_ORG = "SF_CONNECT_ORG"
_WAYS: tuple[tuple[str, ...], ...] = (
    (TOKEN, URL),
    (_REFRESH_TOKEN, URL, _CLIENT_ID),
    (_PRIVATE_KEY, URL, _CLIENT_ID, _USERNAME),
    (_CLIENT_SECRET, URL, _CLIENT_ID),
    (_ORG,),
)
"""The variables of each way to log in, of which the first decides."""


def login_from_environment(environment: Mapping[str, str] = os.environ) -> Login:
    """The login that the variables describe.

    Args:
        environment: the variables.

    Raises:
        LoginError: they describe none, or one of them is missing.
        ValueError: one of them cannot be used.
    """
    way = next((names for names in _WAYS if environment.get(names[0])), None)
    if way is None:
        ways = "; ".join(" and ".join(names) for names in _WAYS)
        raise LoginError(f"no environment variable says how to log in: set {ways}")
    if missing := [name for name in way if not environment.get(name)]:
        raise LoginError(f"{way[0]} is set, but not {' and '.join(missing)}")
    return _login(way[0], environment)


def _login(decisive: str, environment: Mapping[str, str]) -> Login:
    # Late: each login imports what the others need not.
    from sf_connect.core.auth.command_line import SfCommandLine
    from sf_connect.core.auth.flows import ClientCredentials, JWTBearer, RefreshToken

    if decisive == _ORG:
        return SfCommandLine(environment[_ORG])
    url = environment[URL]
    if decisive == TOKEN:
        return TokenFromEnvironment(url)
    secret, client_id = hidden(environment.get(_CLIENT_SECRET)), environment[_CLIENT_ID]
    if decisive == _REFRESH_TOKEN:
        return RefreshToken(url, client_id, hidden(environment[_REFRESH_TOKEN]), client_secret=secret)
    if decisive == _PRIVATE_KEY:
        return JWTBearer(url, client_id, environment[_USERNAME], hidden(environment[_PRIVATE_KEY]))
    return ClientCredentials(url, client_id, hidden(environment[_CLIENT_SECRET]))


class TokenFromEnvironment(Login):
    """The token of SF_CONNECT_TOKEN, read anew when the server refuses it.

    Args:
        url: the URL of the org.
    """

    def __init__(self, url: str) -> None:
        try:
            self._url = check_instance_url(url)
        except ValueError as error:
            raise ValueError(str(error).replace("instance_url", URL)) from None

    def get(self, http: httpx2.Client, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Read the variable."""
        return self._read()

    async def get_async(self, http: httpx2.AsyncClient, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Read the variable."""
        return self._read()

    def _read(self) -> TokenResponse:
        try:
            return TokenResponse(Token(os.environ.get(TOKEN)).checked().reveal(), self._url)
        except ValueError as error:
            raise LoginError(f"{TOKEN} cannot be used: {error}") from None
