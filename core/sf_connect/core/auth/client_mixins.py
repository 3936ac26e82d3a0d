"""The class methods that log in and return a client. Each imports its login only when it is called."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, TypeVar, Unpack

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from sf_connect.core.auth.login import Login
    from sf_connect.core.auth.settings import AsyncLoginSettings, ClientSettings, SyncLoginSettings
    from sf_connect.core.auth.web_server import WebServerFlow

# The class that a class method returns. Self would be shorter, but jedi, and so IPython, does not look through it.
OwnSync = TypeVar("OwnSync", bound="SyncLogins")
OwnAsync = TypeVar("OwnAsync", bound="AsyncLogins")


def refuse_both(http_client: object, transport: object, limits: object, verify: object, proxy: object) -> None:
    """Refuse two ways to connect at once.

    Raises:
        ValueError: both are provided.
    """
    if http_client is None and transport is None:
        return
    if http_client is not None and transport is not None:
        raise ValueError("give http_client or transport, not both")
    name = "transport" if http_client is None else "http_client"
    own = {"limits": limits is not None, "verify": verify is not True, "proxy": proxy is not None}
    if given := [setting for setting, is_given in own.items() if is_given]:
        verb = "is" if given == ["verify"] or given == ["proxy"] else "are"
        raise ValueError(f"{' and '.join(given)} {verb} for our own connections: give your {name} such settings itself")


def hide_proxy(settings: ClientSettings) -> None:
    """Replace the URL of a proxy, which may have a password, by an object that does not show it."""
    if "proxy" in settings:
        from sf_connect.core.transport.secrets import hidden_text  # late: it imports pathlib

        settings["proxy"] = hidden_text(settings["proxy"])


class SyncLogins:
    """Class methods that log in and return a client.

    Each raises `LoginError` where the login is refused, and `APIConnectionError` where the server does not respond.
    """

    @classmethod
    @abstractmethod
    def with_login(cls: type[OwnSync], login: Login, **settings: Unpack[SyncLoginSettings]) -> OwnSync:
        """Log in; the token is refreshed in the same way."""

    @classmethod
    def with_client_credentials(
        cls: type[OwnSync],
        login_url: str,
        *,
        client_id: str,
        client_secret: str,
        scope: str | None = None,
        **settings: Unpack[SyncLoginSettings],
    ) -> OwnSync:
        """Log in as the app itself.

        Args:
            login_url: the org's own URL, `https://acme.my.salesforce.com`.
            client_id: the app's consumer key.
            client_secret: the app's consumer secret.
            scope: the scopes to request, separated by spaces; by default, all that the app may have.
            settings: those of the constructor; `instance_url` calls another URL than the login returns.

        Raises:
            LoginError: the login was refused.
            APIConnectionError: the server did not respond.
        """
        hide_proxy(settings)
        # Late: they import json and pathlib.
        from sf_connect.core.auth.flows import ClientCredentials
        from sf_connect.core.transport.secrets import hidden

        secret = hidden(client_secret)
        del client_secret
        return cls.with_login(ClientCredentials(login_url, client_id, secret, scope=scope), **settings)

    @classmethod
    def with_jwt_bearer(
        cls: type[OwnSync],
        login_url: str,
        *,
        client_id: str,
        username: str,
        private_key: str | bytes | os.PathLike[str],
        audience: str | None = None,
        password: str | None = None,
        scope: str | None = None,
        **settings: Unpack[SyncLoginSettings],
    ) -> OwnSync:
        """Log in as a user with the app's private key. Needs `pip install "sf-connect-core[jwt]"`.

        Args:
            login_url: the org's or site's own URL.
            client_id: the app's consumer key.
            username: the user's name in the org.
            private_key: the RSA key in PEM, or the path of a file that holds it.
            audience: the server that the signed token is meant for, if not the usual one for the URL.
            password: the key's password, if it has one.
            scope: the scopes to request, separated by spaces.
            settings: those of the constructor; `instance_url` calls another URL than the login returns.

        Raises:
            LoginError: the login was refused.
            APIConnectionError: the server did not respond.
            ValueError: the key cannot be used.
        """
        hide_proxy(settings)
        # Late: they import json and pathlib.
        from sf_connect.core.auth.flows import JWTBearer
        from sf_connect.core.transport.secrets import hidden

        key, secret = hidden(private_key), hidden(password)
        del private_key, password
        login = JWTBearer(login_url, client_id, username, key, audience=audience, password=secret, scope=scope)
        return cls.with_login(login, **settings)

    @classmethod
    def with_refresh_token(
        cls: type[OwnSync],
        login_url: str,
        *,
        client_id: str,
        refresh_token: str,
        client_secret: str | None = None,
        on_refresh_token: Callable[[str], object] | None = None,
        **settings: Unpack[SyncLoginSettings],
    ) -> OwnSync:
        """Log in with a refresh token that you stored.

        Args:
            login_url: the URL at which the refresh token was issued.
            client_id: the app's consumer key.
            refresh_token: the token.
            client_secret: the app's consumer secret, if the app requires it.
            on_refresh_token: called with each refresh token that replaces the old one, so that you can store it.
            settings: those of the constructor; `instance_url` calls another URL than the login returns.

        Raises:
            LoginError: the login was refused.
            APIConnectionError: the server did not respond.
        """
        hide_proxy(settings)
        # Late: they import json and pathlib.
        from sf_connect.core.auth.flows import RefreshToken
        from sf_connect.core.transport.secrets import hidden

        token, secret = hidden(refresh_token), hidden(client_secret)
        del refresh_token, client_secret
        login = RefreshToken(login_url, client_id, token, client_secret=secret, on_refresh_token=on_refresh_token)
        return cls.with_login(login, **settings)

    @classmethod
    def with_web_server_flow(
        cls: type[OwnSync],
        flow: WebServerFlow,
        came_back_to: str,
        *,
        on_refresh_token: Callable[[str], object] | None = None,
        **settings: Unpack[SyncLoginSettings],
    ) -> OwnSync:
        """Log in with the code that a user's browser brought back.

        Args:
            flow: the flow whose `url` the browser opened.
            came_back_to: the whole URL that the browser came back to, with its query.
            on_refresh_token: called with each refresh token that the server issues, so that you can store it.
            settings: those of the constructor; `instance_url` calls another URL than the login returns.

        Raises:
            LoginError: the user or the server refused, or the redirect belongs to another login.
            APIConnectionError: the server did not respond.
        """
        hide_proxy(settings)
        from sf_connect.core.transport.secrets import hidden  # late: it imports pathlib

        url = hidden(came_back_to)
        del came_back_to
        return cls.with_login(flow.login(flow.code_of(url), on_refresh_token), **settings)

    @classmethod
    def from_sf_cli(
        cls: type[OwnSync],
        target_org: str | None = None,
        *,
        executable: str = "sf",
        **settings: Unpack[SyncLoginSettings],
    ) -> OwnSync:
        """Use the login of the `sf` command line.

        Args:
            target_org: the alias or user name of the org; by default, the command line's default org.
            executable: the command's name or path.
            settings: those of the constructor; `instance_url` calls another URL than the login returns.

        Raises:
            LoginError: the command failed or is not installed.
        """
        hide_proxy(settings)
        from sf_connect.core.auth.command_line import SfCommandLine  # late: it imports subprocess

        return cls.with_login(SfCommandLine(target_org, executable=executable), **settings)


class AsyncLogins:
    """The class methods of `SyncLogins`, to be awaited: `client = await AsyncConnect.with_client_credentials(…)`."""

    @classmethod
    @abstractmethod
    async def with_login(cls: type[OwnAsync], login: Login, **settings: Unpack[AsyncLoginSettings]) -> OwnAsync:
        """Log in; the token is refreshed in the same way."""

    @classmethod
    async def with_client_credentials(
        cls: type[OwnAsync],
        login_url: str,
        *,
        client_id: str,
        client_secret: str,
        scope: str | None = None,
        **settings: Unpack[AsyncLoginSettings],
    ) -> OwnAsync:
        """Log in as the app itself, as `SyncLogins.with_client_credentials`."""
        hide_proxy(settings)
        # Late: they import json and pathlib.
        from sf_connect.core.auth.flows import ClientCredentials
        from sf_connect.core.transport.secrets import hidden

        secret = hidden(client_secret)
        del client_secret
        return await cls.with_login(ClientCredentials(login_url, client_id, secret, scope=scope), **settings)

    @classmethod
    async def with_jwt_bearer(
        cls: type[OwnAsync],
        login_url: str,
        *,
        client_id: str,
        username: str,
        private_key: str | bytes | os.PathLike[str],
        audience: str | None = None,
        password: str | None = None,
        scope: str | None = None,
        **settings: Unpack[AsyncLoginSettings],
    ) -> OwnAsync:
        """Log in as a user with the app's private key, as `SyncLogins.with_jwt_bearer`."""
        hide_proxy(settings)
        # Late: they import json and pathlib.
        from sf_connect.core.auth.flows import JWTBearer
        from sf_connect.core.transport.secrets import hidden

        key, secret = hidden(private_key), hidden(password)
        del private_key, password
        login = JWTBearer(login_url, client_id, username, key, audience=audience, password=secret, scope=scope)
        return await cls.with_login(login, **settings)

    @classmethod
    async def with_refresh_token(
        cls: type[OwnAsync],
        login_url: str,
        *,
        client_id: str,
        refresh_token: str,
        client_secret: str | None = None,
        on_refresh_token: Callable[[str], object] | None = None,
        **settings: Unpack[AsyncLoginSettings],
    ) -> OwnAsync:
        """Log in with a refresh token that you stored, as `SyncLogins.with_refresh_token`."""
        hide_proxy(settings)
        # Late: they import json and pathlib.
        from sf_connect.core.auth.flows import RefreshToken
        from sf_connect.core.transport.secrets import hidden

        token, secret = hidden(refresh_token), hidden(client_secret)
        del refresh_token, client_secret
        login = RefreshToken(login_url, client_id, token, client_secret=secret, on_refresh_token=on_refresh_token)
        return await cls.with_login(login, **settings)

    @classmethod
    async def with_web_server_flow(
        cls: type[OwnAsync],
        flow: WebServerFlow,
        came_back_to: str,
        *,
        on_refresh_token: Callable[[str], object] | None = None,
        **settings: Unpack[AsyncLoginSettings],
    ) -> OwnAsync:
        """Log in with the code that a user's browser brought back, as `SyncLogins.with_web_server_flow`."""
        hide_proxy(settings)
        from sf_connect.core.transport.secrets import hidden  # late: it imports pathlib

        url = hidden(came_back_to)
        del came_back_to
        return await cls.with_login(flow.login(flow.code_of(url), on_refresh_token), **settings)

    @classmethod
    async def from_sf_cli(
        cls: type[OwnAsync],
        target_org: str | None = None,
        *,
        executable: str = "sf",
        **settings: Unpack[AsyncLoginSettings],
    ) -> OwnAsync:
        """Use the login of the `sf` command line, as `SyncLogins.from_sf_cli`."""
        hide_proxy(settings)
        from sf_connect.core.auth.command_line import SfCommandLine  # late: it imports subprocess

        return await cls.with_login(SfCommandLine(target_org, executable=executable), **settings)
