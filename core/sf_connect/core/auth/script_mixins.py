"""Class methods that log in for scripts: by environment variables, and by the browser of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, Unpack

from sf_connect.core.auth.client_mixins import AsyncLogins, SyncLogins, hide_proxy

if TYPE_CHECKING:
    from sf_connect.core.auth.settings import AsyncLoginSettings, SyncLoginSettings

OwnSync = TypeVar("OwnSync", bound="SyncScriptLogins")
OwnAsync = TypeVar("OwnAsync", bound="AsyncScriptLogins")
_REDIRECT_URI = "http://localhost:1717/OauthRedirect"


class SyncScriptLogins(SyncLogins):
    """Class methods that log in for scripts and return a client."""

    @classmethod
    def from_env(cls: type[OwnSync], **settings: Unpack[SyncLoginSettings]) -> OwnSync:
        """Log in as environment variables say; the first way whose first variable is set is taken.

        - `SF_CONNECT_TOKEN` and `SF_CONNECT_URL`
        - `SF_CONNECT_REFRESH_TOKEN`, `SF_CONNECT_URL`, `SF_CONNECT_CLIENT_ID`, perhaps `SF_CONNECT_CLIENT_SECRET`
        - `SF_CONNECT_PRIVATE_KEY` (a file, or PEM), `SF_CONNECT_URL`, `SF_CONNECT_CLIENT_ID`, `SF_CONNECT_USERNAME`
        - `SF_CONNECT_CLIENT_SECRET`, `SF_CONNECT_URL`, `SF_CONNECT_CLIENT_ID`
        - `SF_CONNECT_ORG`: an org that the `sf` command line knows

        Args:
            settings: those of the constructor, `instance_url` and `token_cache`.

        Raises:
            LoginError: they describe no login, or it was refused.
            APIConnectionError: the server did not respond.
            ValueError: one of them cannot be used.
        """
        hide_proxy(settings)
        from sf_connect.core.auth.environment import login_from_environment  # late: it imports dataclasses

        return cls.with_login(login_from_environment(), **settings)

    @classmethod
    def with_browser(
        cls: type[OwnSync],
        login_url: str,
        *,
        client_id: str,
        client_secret: str | None = None,
        redirect_uri: str = _REDIRECT_URI,
        scope: str | None = None,
        **settings: Unpack[SyncLoginSettings],
    ) -> OwnSync:
        """Log a user in with the browser of this machine, and wait until it comes back, at most five minutes.

        With `token_cache` and the scope `refresh_token`, the browser opens once, and not at the next run.

        Args:
            login_url: the org's own URL, or `https://login.salesforce.com`.
            client_id: the app's consumer key.
            client_secret: the app's consumer secret, if the app requires it.
            redirect_uri: the app's callback URL, on this machine and with a port.
            scope: the scopes to request, separated by spaces (`api refresh_token`).
            settings: those of the constructor, `instance_url` and `token_cache`.

        Raises:
            LoginError: nobody came back in time, the port is in use, or the user or the server refused.
            APIConnectionError: the server did not respond.
            ValueError: the callback URL is not one of this machine.
        """
        hide_proxy(settings)
        # Late: they import http.server and pathlib.
        from sf_connect.core.auth.browser import BrowserLogin
        from sf_connect.core.transport.secrets import hidden

        secret = hidden(client_secret)
        del client_secret
        login = BrowserLogin(login_url, client_id, client_secret=secret, redirect_uri=redirect_uri, scope=scope)
        return cls.with_login(login, **settings)


class AsyncScriptLogins(AsyncLogins):
    """The class methods of `SyncScriptLogins`, to be awaited."""

    @classmethod
    async def from_env(cls: type[OwnAsync], **settings: Unpack[AsyncLoginSettings]) -> OwnAsync:
        """Log in as environment variables say, as `SyncScriptLogins.from_env`."""
        hide_proxy(settings)
        from sf_connect.core.auth.environment import login_from_environment  # late: it imports dataclasses

        return await cls.with_login(login_from_environment(), **settings)

    @classmethod
    async def with_browser(
        cls: type[OwnAsync],
        login_url: str,
        *,
        client_id: str,
        client_secret: str | None = None,
        redirect_uri: str = _REDIRECT_URI,
        scope: str | None = None,
        **settings: Unpack[AsyncLoginSettings],
    ) -> OwnAsync:
        """Log a user in with the browser of this machine, as `SyncScriptLogins.with_browser`."""
        hide_proxy(settings)
        # Late: they import http.server and pathlib.
        from sf_connect.core.auth.browser import BrowserLogin
        from sf_connect.core.transport.secrets import hidden

        secret = hidden(client_secret)
        del client_secret
        login = BrowserLogin(login_url, client_id, client_secret=secret, redirect_uri=redirect_uri, scope=scope)
        return await cls.with_login(login, **settings)
