"""The login of a user in the browser of this machine, which comes back to a server that listens for that alone."""

from __future__ import annotations

import asyncio
import html
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from sf_connect.core.auth.flows import RefreshToken
from sf_connect.core.auth.login import Login, TokenResponse
from sf_connect.core.auth.web_server import WebServerFlow
from sf_connect.core.exceptions import LoginError
from sf_connect.core.transport.secrets import Secret, hidden

if TYPE_CHECKING:
    import httpx2

REDIRECT_URI = "http://localhost:1717/OauthRedirect"
_LOOPBACK = ("localhost", "127.0.0.1")
_PAGE = "<!doctype html><meta charset=utf-8><title>{0}</title><p>{0} You can close this window."
_POLL = 0.5


class BrowserLogin(Login):
    """Opens the browser and waits on this machine until it comes back; later uses the refresh token, if there is one.

    Args:
        login_url: the org's own URL, or `https://login.salesforce.com`.
        client_id: the app's consumer key.
        client_secret: the app's consumer secret, if the app requires it.
        redirect_uri: the app's callback URL on this machine, with a port.
        scope: the scopes to request, separated by spaces.
        seconds: how long to wait for the user.
        open_url: opens a URL in the browser and returns whether it could; by default `webbrowser.open`.

    Raises:
        ValueError: the callback URL is not one of this machine.
    """

    def __init__(
        self,
        login_url: str,
        client_id: str,
        *,
        client_secret: str | None = None,
        redirect_uri: str = REDIRECT_URI,
        scope: str | None = None,
        seconds: float = 300.0,
        open_url: Callable[[str], object] | None = None,
    ) -> None:
        self._secret = Secret.of(client_secret)
        del client_secret
        parts = urlsplit(redirect_uri)
        if parts.scheme != "http" or parts.hostname not in _LOOPBACK or not parts.port:
            raise ValueError(f"redirect_uri must be one of this machine with a port, such as {REDIRECT_URI}")
        self._login_url, self._client_id, self._redirect_uri = login_url, client_id, redirect_uri
        self._scope, self._seconds, self._open_url = scope, seconds, open_url
        self._refresh: RefreshToken | None = None
        self._flow()  # which checks its arguments

    def __repr__(self) -> str:
        return f"<BrowserLogin at {self._login_url}>"

    @property
    def cache_key(self) -> tuple[str, ...]:
        """What distinguishes this login from others in a file of tokens."""
        return "browser", self._login_url, self._client_id, self._scope or ""

    @property
    def is_repeatable(self) -> bool:
        """Whether there is a refresh token: the browser does not open while a program runs."""
        return self._refresh is not None

    def use_refresh_token(self, refresh_token: str) -> None:
        """Use a refresh token from an earlier login before the browser is opened."""
        secret = hidden(self._secret.reveal_or_none())
        self._refresh = RefreshToken(self._login_url, self._client_id, refresh_token, client_secret=secret)

    def get(self, http: httpx2.Client, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Use the refresh token, or open the browser."""
        if self._refresh is not None:
            try:
                return self._refresh.get(http, timeout)
            except LoginError as error:
                self._forget(error)
        flow = self._flow()
        return self._accepted(flow.login(self._wait(flow)).get(http, timeout))

    async def get_async(self, http: httpx2.AsyncClient, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Use the refresh token, or open the browser and wait in a thread."""
        if self._refresh is not None:
            try:
                return await self._refresh.get_async(http, timeout)
            except LoginError as error:
                self._forget(error)
        flow = self._flow()
        code = await asyncio.to_thread(self._wait, flow)
        return self._accepted(await flow.login(code).get_async(http, timeout))

    def _forget(self, error: LoginError) -> None:
        """Forget a refresh token that is no longer valid, so that the browser opens."""
        if error.error_code != "invalid_grant":
            raise error
        self._refresh = None

    def _accepted(self, response: TokenResponse) -> TokenResponse:
        if response.refresh_token:
            self.use_refresh_token(response.refresh_token)
        return response

    def _flow(self) -> WebServerFlow:
        secret = hidden(self._secret.reveal_or_none())
        return WebServerFlow(
            self._login_url, self._client_id, self._redirect_uri, client_secret=secret, scope=self._scope
        )

    def _wait(self, flow: WebServerFlow) -> str:
        """The code that the browser brings back, in an object that does not show it.

        Raises:
            LoginError: nobody came back in time, the port is in use, or the user or the server refused.
        """
        port = urlsplit(self._redirect_uri).port or 0
        try:
            server = _Server(("127.0.0.1", port), flow, urlsplit(self._redirect_uri).path or "/")
        except OSError as error:
            raise LoginError(f"port {port} of this machine cannot be listened on: {error.strerror}") from None
        with server:
            self._open(flow.url)
            until = time.monotonic() + self._seconds
            while server.outcome is None:
                if time.monotonic() >= until:
                    raise LoginError(f"nobody came back from the browser to {self._redirect_uri} in time")
                server.handle_request()
        if isinstance(server.outcome, LoginError):
            raise server.outcome
        return hidden(server.outcome.reveal())

    def _open(self, url: str) -> None:
        import webbrowser  # late: few log in so

        if (self._open_url or webbrowser.open)(url) is False:
            print(f"Open this URL in a browser of this machine:\n{url}", flush=True)


class _Server(HTTPServer):
    """Serves requests until one brings a code, or says that there is none."""

    timeout = _POLL
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], flow: WebServerFlow, path: str) -> None:
        self.flow = flow
        self.path = path
        self.outcome: Secret | LoginError | None = None
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: a traceback would show what the browser brought."""


class _Handler(BaseHTTPRequestHandler):
    timeout = 5.0

    def do_GET(self) -> None:
        """Take the code; other requests of the browser, such as that of an icon, find nothing."""
        waiting = cast("_Server", self.server)
        if urlsplit(self.path).path != waiting.path or waiting.outcome is not None:
            self.send_error(404)
            return
        try:
            host, _, _ = self.headers.get("Host", "").partition(":")
            base = f"http://{host}" if host in _LOOPBACK else "http://localhost"
            outcome: Secret | LoginError = Secret.of(waiting.flow.code_of(hidden(f"{base}{self.path}")))
        except LoginError as error:
            if "another state" in str(error):  # not from the login that waits: it may still come
                self._answer(400, "This belongs to another login.")
                return
            outcome = error
        self._answer(200, "The login failed." if isinstance(outcome, LoginError) else "You are logged in.")
        waiting.outcome = outcome

    def _answer(self, status: int, text: str) -> None:
        body = _PAGE.format(html.escape(text)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base names it
        """Log nothing: the line would show the code."""
