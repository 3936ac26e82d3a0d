"""Logging in with a secret or a refresh token, or in a way of one's own; refusals, and renewing, sync and async."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import suppress
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.conftest import QUICK, AsyncConnect, Connect, Thing
from core.logins import APP, BACK, LogIn, ada, pem
from core.org import Org
from core.server import Answer, Server, running
from sf_connect.core import (
    APIConnectionError,
    APITimeoutError,
    ClientCredentials,
    JWTBearer,
    Login,
    LoginError,
    RefreshToken,
    RequestOptions,
    RetryPolicy,
    SfCommandLine,
    TokenRequest,
    TokenResponse,
    WebServerFlow,
)
from sf_connect.core.auth import login_hints
from sf_connect.core.auth.login_hints import hint_for_login
from sf_connect.core.auth.token_exchange import read
from sf_connect.core.transport.secrets import Secret


class TestClientCredentials:
    def test_it_logs_in_and_uses_the_returned_url(self, login: LogIn, org: Org) -> None:
        with running() as elsewhere:
            there = Org(elsewhere)
            there.more = lambda form: {"instance_url": org.url, "access_token": "given"}
            org._current = "given"
            assert login("with_client_credentials", elsewhere.url, **APP, then=ada) == Thing(name="Ada")
            assert [received.target for received in there.received] == ["/services/oauth2/token"]
        assert there.logins == [{"grant_type": "client_credentials", "client_id": "app", "client_secret": "app-secret"}]
        assert there.received[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert "Authorization" not in there.received[0].headers
        assert [received.target for received in org.received] == ["/services/data/v67.0/chatter/things/1"]

    def test_scope(self, login: LogIn, org: Org) -> None:
        org.more = lambda form: {"scope": "api other", "expires_in": "7200"}
        login("with_client_credentials", org.url, **APP, scope="api chatter_api", then=ada)
        assert org.logins[0]["scope"] == "api chatter_api"

    def test_a_site_keeps_its_path_and_may_be_called_on_its_own_host(self, login: LogIn, org: Org) -> None:
        login("with_client_credentials", f"{org.url}/shop/", **APP, instance_url=f"{org.url}/shop", then=ada)
        assert [received.target for received in org.received] == [
            "/shop/services/oauth2/token",
            "/shop/services/data/v67.0/chatter/things/1",
        ]

    def test_an_expired_token_is_refreshed_by_the_same_login(self, login: LogIn, org: Org) -> None:
        def expire_and_get(client: Any) -> Any:
            org.expire()
            return ada(client)

        assert login("with_client_credentials", org.url, **APP, then=expire_and_get) == Thing(name="Ada")
        assert org.logins[0] == org.logins[1]
        assert len(org.logins) == 2

    @pytest.mark.parametrize("missing", [{"client_id": ""}, {"client_secret": ""}])
    def test_nothing_empty_is_sent(self, login: LogIn, org: Org, missing: Any) -> None:
        with pytest.raises(ValueError, match="is empty"):
            login("with_client_credentials", org.url, **{**APP, **missing})
        with pytest.raises(ValueError, match="login_url must look like https://"):
            login("with_client_credentials", "http://acme.my.salesforce.com", **APP)
        assert org.received == []


class TestRefusedLogins:
    @pytest.mark.parametrize(
        ("answer", "code", "message"),
        [
            (
                Answer(400, b'{"error": "invalid_grant", "error_description": "no client credentials user enabled"}'),
                "invalid_grant",
                "was refused: invalid_grant: no client credentials user enabled (name the user in the app's policies:",
            ),
            (
                Answer(400, b'{"error": "invalid_client"}'),
                "invalid_client",
                "was refused: invalid_client (check the consumer key and",
            ),
            (Answer(200, b'{"error": "odd"}'), "odd", "was refused: odd"),
            (Answer(500, b"<html>Down</html>"), None, "got 500: <html>Down</html>"),
            (Answer(404, b""), None, "got 404: no message"),
            (Answer(302, b"", {"Location": "https://evil.example/"}), None, "got 302"),
            (Answer(200, b"<html>secret-in-page</html>"), None, "is no JSON object"),
            (Answer(200, b"[]"), None, "is no JSON object"),
            (Answer(200, b"{}"), None, "was refused: Missing access token parameter."),
            (
                Answer(200, b'{"access_token": 5, "instance_url": "https://a.example"}'),
                None,
                "cannot be used: the token",
            ),
            (Answer(200, b'{"access_token": "a b", "instance_url": "https://a.example"}'), None, "cannot be used"),
            (Answer(200, b'{"access_token": "a"}'), None, "cannot be used: instance_url must look like"),
            (Answer(200, b'{"access_token": "a", "instance_url": "http://a.example"}'), None, "instance_url must"),
            (Answer(200, b'{"access_token": "a", "expires_in": "soon"}'), None, "cannot be read"),
            (Answer(200, b'{"access_token": "a", "scope": 5}'), None, "cannot be"),
            (Answer(403, b'{"access_token": "a", "instance_url": "https://a.example"}'), None, "got 403"),
        ],
    )
    def test_they_say_why(self, login: LogIn, org: Org, answer: Answer, code: str | None, message: str) -> None:
        org.refuse = lambda form: answer
        with pytest.raises(LoginError) as raised:
            login("with_client_credentials", org.url, **APP)
        assert message in str(raised.value)
        assert raised.value.error_code == code
        assert "app-secret" not in str(raised.value)
        assert "secret-in-page" not in str(raised.value)
        assert len(org.logins) == 1

    @pytest.mark.parametrize(
        ("code", "description", "hint"),
        [
            ("invalid_grant", "request not supported on this domain", "log in at the org's own URL, https://"),
            ("invalid_grant", "user hasn't approved this consumer", "let an administrator assign the app"),
            ("invalid_grant", "audience is invalid [audience=x login=y]", "pass audience=, https://login"),
            ("invalid_grant", "expired access/refresh token", "the user logs in again"),
            ("invalid_grant", "authentication failure", "Login History, in Setup, names the cause"),
            ("invalid_client_id", "client identifier invalid", "up to ten minutes"),
            ("unsupported_grant_type", "grant type not supported", "check that the URL is the org's own"),
            ("redirect_uri_mismatch", "redirect_uri must match configuration", "to the letter"),
            ("OAUTH_APP_BLOCKED", "this app is blocked by admin", "unblocks the app"),
        ],
    )
    def test_they_say_what_to_do(self, login: LogIn, org: Org, code: str, description: str, hint: str) -> None:
        org.refuse = lambda form: Answer(400, json.dumps({"error": code, "error_description": description}).encode())
        with pytest.raises(LoginError) as raised:
            login("with_refresh_token", org.url, client_id="app", refresh_token="5Aep-refresh")
        assert hint in str(raised.value.hint)
        assert str(raised.value).endswith(f"was refused: {code}: {description} ({raised.value.hint})")
        assert raised.value.description == description

    def test_hints_are_data_in_order(self) -> None:
        grants = [one for one in login_hints._HINTS if one[0] == "invalid_grant"]
        codes = [one[0] for one in login_hints._HINTS[len(grants) :]]
        assert codes == sorted(set(codes))
        assert hint_for_login("invalid_grant", "something new") is hint_for_login(None, "") is None

    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.sampled_from([200, 400, 500]),
        st.binary()
        | st.dictionaries(
            st.sampled_from(
                ["access_token", "instance_url", "error", "error_description", "scope", "expires_in", "id"]
            ),
            st.none() | st.integers() | st.text() | st.lists(st.text()) | st.just("https://a.example"),
        ).map(lambda value: json.dumps(value).encode()),
    )
    def test_any_response_gives_a_token_or_a_login_error(self, status: int, body: bytes) -> None:
        request = TokenRequest("https://a.example/services/oauth2/token", "client_secret=s")
        with suppress(LoginError):
            assert isinstance(read(request, status, Secret(body)), TokenResponse)

    def test_an_unavailable_endpoint_is_asked_again(self, login: LogIn, org: Org) -> None:
        org.refuse = lambda form: Answer(503, b"", {"Retry-After": "0"}) if len(org.logins) < 3 else None
        assert login("with_client_credentials", org.url, **APP, then=ada) == Thing(name="Ada")
        assert len(org.logins) == 3
        org.refuse = lambda form: Answer(503, b"Maintenance", {"Retry-After": "0"})
        with pytest.raises(LoginError, match="503: Maintenance"):
            login("with_client_credentials", org.url, **APP)

    def test_no_response(self, login: LogIn, org: Org) -> None:
        org.refuse = lambda form: Answer(drop=True)
        with pytest.raises(APIConnectionError, match=r"logging in got no response from 127\S+: the server closed"):
            login("with_client_credentials", org.url, **APP)
        org.refuse = lambda form: Answer(delay=1.0)
        with pytest.raises(APITimeoutError, match=r"logging in got no response from 127\S+: nothing came for 0\.05"):
            login("with_client_credentials", org.url, **APP, timeout=0.05)
        refused = r"from 127\.0\.0\.1:9: connection refused \(ConnectError\) \[after 3 attempts\]"
        with pytest.raises(APIConnectionError, match=refused):
            login("with_client_credentials", "http://127.0.0.1:9", **APP)

    def test_a_response_that_cannot_be_decompressed(self, login: LogIn, org: Org) -> None:
        org.refuse = lambda form: Answer(200, b"no gzip", {"Content-Encoding": "gzip"})
        with pytest.raises(LoginError, match="to the login is compressed in a way that cannot be read"):
            login("with_client_credentials", org.url, **APP)

    def test_a_refresh_that_is_refused(self, login: LogIn, org: Org) -> None:
        def expire_and_get(client: Any) -> Any:
            org.expire()
            org.refuse = lambda form: Answer(400, b'{"error": "invalid_grant"}')
            return ada(client)

        with pytest.raises(LoginError, match="invalid_grant"):
            login("with_client_credentials", org.url, **APP, then=expire_and_get)

    def test_a_refreshed_token_for_another_url_is_not_used(self, login: LogIn, org: Org) -> None:
        def move_and_get(client: Any) -> Any:
            org.expire()
            org.more = lambda form: {"instance_url": "https://moved.my.salesforce.com"}
            return ada(client)

        with pytest.raises(LoginError, match=r"now belongs to https://moved\.my\.salesforce\.com"):
            login("with_client_credentials", org.url, **APP, then=move_and_get)
        assert len([received for received in org.received if "chatter" in received.target]) == 1


class TestRefreshToken:
    def test_it_gets_a_token(self, login: LogIn, org: Org) -> None:
        arguments = {"client_id": "app", "refresh_token": "keep-me"}
        assert login("with_refresh_token", org.url, **arguments, then=ada) == Thing(name="Ada")
        assert org.logins == [{"grant_type": "refresh_token", "client_id": "app", "refresh_token": "keep-me"}]
        login("with_refresh_token", org.url, **arguments, client_secret="s")
        assert org.logins[1]["client_secret"] == "s"

    def test_a_new_refresh_token_replaces_the_old_one(self, login: LogIn, org: Org) -> None:
        org.more = lambda form: {"refresh_token": f"{form['refresh_token']}+"}
        kept: list[str] = []

        def expire_and_get(client: Any) -> Any:
            org.expire()
            return ada(client)

        arguments = {"client_id": "app", "refresh_token": "r", "on_refresh_token": kept.append}
        login("with_refresh_token", org.url, **arguments, then=expire_and_get)
        assert [form["refresh_token"] for form in org.logins] == ["r", "r+"]
        assert kept == ["r+", "r++"]

    def test_it_is_not_sent_twice(self, login: LogIn, org: Org) -> None:
        org.refuse = lambda form: Answer(503)
        with pytest.raises(LoginError):
            login("with_refresh_token", org.url, client_id="app", refresh_token="5Aep-refresh")
        assert len(org.logins) == 1
        with pytest.raises(ValueError, match="refresh_token is empty"):
            RefreshToken(org.url, "app", "")


class Counting(Login):
    """A way of one's own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked = 0

    def get(self, http: httpx2.Client, timeout: Any) -> TokenResponse:
        self.asked += 1
        return TokenResponse(f"00D-own-{self.asked}", self.url)

    async def get_async(self, http: httpx2.AsyncClient, timeout: Any) -> TokenResponse:
        return self.get(httpx2.Client(), timeout)


class TestAnyWay:
    def test_a_way_of_your_own(self, login: LogIn, server: Server) -> None:
        own = Counting(server.url)
        server.answer(Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]'), Answer())
        login("with_login", own, then=ada)
        assert server.last.headers["Authorization"] == "Bearer 00D-own-2"

    def test_settings_reach_the_client(self, login: LogIn, org: Org) -> None:
        options = RequestOptions(headers={"X-Mine": "1"})
        login(
            "with_client_credentials",
            org.url,
            **APP,
            options=options,
            retry_policy=RetryPolicy(),
            timeout=5.0,
            then=ada,
        )
        assert org.received[-1].headers["X-Mine"] == "1"
        with pytest.raises(TypeError):
            login("with_client_credentials", org.url, **APP, colour="red")

    def test_a_http_client_of_your_own_sends_the_login_too_and_stays_open(self, org: Org) -> None:
        with httpx2.Client(headers={"X-Mine": "1"}) as mine:
            with Connect.with_client_credentials(org.url, **APP, http_client=mine) as client:
                ada(client)
            assert not mine.is_closed
        assert [received.headers["X-Mine"] for received in org.received] == ["1", "1"]

    def test_a_login_that_fails_closes_its_connection(self, login: LogIn, org: Org) -> None:
        """Python warns of what is left open, and warnings are errors here."""
        org.refuse = lambda form: Answer(400, b'{"error": "invalid_grant"}')
        with pytest.raises(LoginError):
            login("with_client_credentials", org.url, **APP)

    def test_nothing_shows_a_secret(self, org: Org, key: Any) -> None:
        flow = WebServerFlow(org.url, "app", BACK, client_secret="hidden")
        shown: list[object] = [
            ClientCredentials(org.url, "app", "hidden"),
            ClientCredentials(org.url, "app", "hidden").request(),
            RefreshToken(org.url, "app", "hidden", client_secret="hidden"),
            RefreshToken(org.url, "app", "hidden").request(),
            JWTBearer(org.url, "app", "ada", pem(key)),
            flow,
            flow.login("hidden"),
            flow.login("hidden").request(),
            SfCommandLine("dev"),
            TokenResponse("hidden", org.url, "hidden"),
        ]
        for item in shown:
            assert "hidden" not in repr(item)
            assert "BEGIN" not in repr(item)
            assert flow.code_verifier not in repr(item)


class TestManyAtOnce:
    """64 threads or tasks with one expired token."""

    def test_a_task_that_is_cancelled_while_it_refreshes_leaves_it_to_others(self, org: Org) -> None:
        async def main() -> list[Any]:
            async with await AsyncConnect.with_client_credentials(org.url, **APP, retry_policy=QUICK) as client:
                await ada(client)
                org.expire()
                asked = asyncio.Event()
                loop = asyncio.get_running_loop()
                org.refuse = lambda form: loop.call_soon_threadsafe(asked.set) and Answer(503, b"", delay=0.2)
                first, *others = [asyncio.ensure_future(ada(client)) for _ in range(8)]
                await asked.wait()
                org.refuse = lambda form: None
                first.cancel()
                return await asyncio.gather(first, *others, return_exceptions=True)

        done = asyncio.run(main())
        assert sum(isinstance(one, asyncio.CancelledError) for one in done) == 1
        assert [one for one in done if not isinstance(one, asyncio.CancelledError)] == [Thing(name="Ada")] * 7

    def test_threads_renew_once(self, org: Org) -> None:
        with Connect.with_client_credentials(org.url, **APP, retry_policy=QUICK) as client:
            ada(client)
            org.expire()
            answers: list[Any] = []
            threads = [threading.Thread(target=lambda: answers.append(ada(client))) for _ in range(64)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert answers == [Thing(name="Ada")] * 64
        assert len(org.logins) == 2

    def test_tasks_renew_once(self, org: Org) -> None:
        async def main() -> list[Any]:
            async with await AsyncConnect.with_client_credentials(org.url, **APP, retry_policy=QUICK) as client:
                await ada(client)
                org.expire()
                return await asyncio.gather(*(ada(client) for _ in range(64)))

        assert asyncio.run(main()) == [Thing(name="Ada")] * 64
        assert len(org.logins) == 2

    def test_a_refresh_that_fails_is_shared_too(self, org: Org) -> None:
        refused = Answer(400, b'{"error": "invalid_grant"}', delay=0.5)

        async def main() -> list[Any]:
            async with await AsyncConnect.with_client_credentials(org.url, **APP, retry_policy=QUICK) as client:
                org.expire()
                org.refuse = lambda form: refused
                return await asyncio.gather(*(ada(client) for _ in range(64)), return_exceptions=True)

        failures = asyncio.run(main())
        assert [type(failure) for failure in failures] == [LoginError] * 64
        assert len(org.logins) < 32
