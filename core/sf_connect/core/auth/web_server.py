"""The web server flow with PKCE: a user logs in with the browser, which comes back with a code."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sf_connect.core.auth.flows import OAuthLogin, RefreshToken
from sf_connect.core.auth.login import TokenRequest, TokenResponse, check_login_url, login_error
from sf_connect.core.exceptions import LoginError, beginning
from sf_connect.core.transport.secrets import Secret, hidden

_AUTHORIZE = "/services/oauth2/authorize"


class WebServerFlow:
    """A login in progress. Send the user to `url`; the browser comes back to `redirect_uri` with a code.

    If another process receives the redirect, keep `state` and `code_verifier` in the user's browser session, and create
    the flow there with both of them.

    Args:
        login_url: the org's or site's own URL, or `https://login.salesforce.com`.
        client_id: the app's consumer key.
        redirect_uri: the URL that the browser comes back to, as in the app's settings.
        client_secret: the app's consumer secret, if the app requires it.
        scope: the scopes to request, separated by spaces (`api refresh_token`).
        state: the value that ties the redirect to this login; random by default.
        code_verifier: the secret of PKCE; random by default.
        parameters: further parameters of the URL, such as `prompt` or `login_hint`.
    """

    def __init__(
        self,
        login_url: str,
        client_id: str,
        redirect_uri: str,
        *,
        client_secret: str | None = None,
        scope: str | None = None,
        state: str | None = None,
        code_verifier: str | None = None,
        parameters: dict[str, str] | None = None,
    ) -> None:
        self._client_secret = Secret.of(client_secret)
        verifier = Secret.of(code_verifier)
        del client_secret, code_verifier
        if not client_id or not redirect_uri:
            raise ValueError("pass client_id and redirect_uri as in the app's settings")
        # Late: oauthlib takes long, and few log in so.
        from oauthlib.common import generate_token
        from oauthlib.oauth2 import WebApplicationClient

        self._oauth: Any = WebApplicationClient(client_id)
        self.state: str = state or generate_token()
        self._verifier = verifier or Secret(self._oauth.create_code_verifier(64))
        self.login_url = check_login_url(login_url)
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        self._scope = scope
        self._parameters = parameters or {}

    def __repr__(self) -> str:
        if not hasattr(self, "redirect_uri"):  # a tool shows the object of a constructor that failed
            return "<WebServerFlow, not made>"
        return f"<WebServerFlow at {self.login_url}, back to {self.redirect_uri}>"

    @property
    def code_verifier(self) -> str:
        """The secret of PKCE, to be kept in the user's browser session."""
        return self._verifier.reveal()

    @property
    def url(self) -> str:
        """The URL to open in the user's browser."""
        scheme, _, rest = self.login_url.partition("://")
        url: str = self._oauth.prepare_request_uri(
            f"https://{rest}{_AUTHORIZE}",  # oauthlib accepts https only, also for this machine
            redirect_uri=self.redirect_uri,
            scope=self._scope,
            state=self.state,
            code_challenge=self._oauth.create_code_challenge(self._verifier.reveal(), "S256"),
            code_challenge_method="S256",
            **self._parameters,
        )
        return f"{scheme}{url.removeprefix('https')}"

    def code_of(self, came_back_to: str) -> str:
        """The code that the browser brought back.

        Args:
            came_back_to: the whole URL that the browser came back to, with its query.

        Raises:
            LoginError: the user or the server refused, or the redirect belongs to another login.
        """
        url = Secret.of(came_back_to)
        del came_back_to
        found = self._code_in(url)
        if isinstance(found, LoginError):
            raise found
        return found.reveal()

    def _code_in(self, url: Secret) -> Secret | LoginError:
        """The code in a URL, or what is wrong with it: no exception leaves this frame, which holds the code."""
        values = {name: items[0] for name, items in parse_qs(urlsplit(url.reveal()).query).items()}
        if not hmac.compare_digest(values.get("state", "").encode(), self.state.encode()):
            return LoginError("the browser came back with another state: the redirect belongs to another login")
        if "error" in values:
            code, description = (beginning(values.get(name, "").encode()) for name in ("error", "error_description"))
            return login_error(self.login_url, code, description)
        if not values.get("code"):
            return LoginError("the browser came back without a code")
        return Secret(values["code"])

    def login(self, code: str, on_refresh_token: Callable[[str], object] | None = None) -> OAuthLogin:
        """The login with a code, and after that with the refresh token that it returns.

        Args:
            code: the code; it can be used once.
            on_refresh_token: called with each refresh token that the server issues.
        """
        held = Secret.of(code)
        del code
        return _Code(self, self._client_secret, self._verifier, held, on_refresh_token)


class _Code(OAuthLogin):
    """Exchanges a code for tokens once; after that, uses the refresh token, if there is one."""

    def __init__(
        self,
        flow: WebServerFlow,
        client_secret: Secret,
        verifier: Secret,
        code: Secret,
        on_refresh_token: Callable[[str], object] | None,
    ) -> None:
        super().__init__(flow.login_url, flow.client_id)
        self._redirect_uri = flow.redirect_uri
        self._verifier = verifier
        self._secret = client_secret
        self._code = code
        self._on_refresh_token = on_refresh_token
        self._refresh: RefreshToken | None = None

    @property
    def cache_key(self) -> None:
        """A code is used once, for a user whom nothing here names."""
        return None

    @property
    def is_repeatable(self) -> bool:
        """Whether the server issued a refresh token."""
        return self._refresh is not None

    def request(self) -> TokenRequest:
        """The request that exchanges the code, later the refresh token."""
        if self._refresh is not None:
            return self._refresh.request()
        from oauthlib.oauth2 import WebApplicationClient  # late: it takes long, and few log in so

        client: Any = WebApplicationClient(self.client_id)
        return self._request(
            hidden(
                client.prepare_request_body(
                    code=self._code.reveal(),
                    redirect_uri=self._redirect_uri,
                    code_verifier=self._verifier.reveal(),
                    client_secret=self._secret.reveal_or_none(),
                )
            ),
            is_repeatable=False,
        )

    def accept(self, token_response: TokenResponse) -> TokenResponse:
        """Keep the refresh token."""
        if self._refresh is not None:
            return self._refresh.accept(token_response)
        if token_response.refresh_token:
            self._refresh = RefreshToken(
                self.login_url,
                self.client_id,
                token_response.refresh_token,
                client_secret=hidden(self._secret.reveal_or_none()),
                on_refresh_token=self._on_refresh_token,
            )
            if self._on_refresh_token is not None:
                self._on_refresh_token(token_response.refresh_token)
        return token_response
