"""Logins of scripts: by environment variables, by the browser, with tokens in a file; tokens for other libraries."""

from __future__ import annotations

import json
import socket
import stat
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.conftest import Connect, Thing, things
from core.logins import APP, LogIn, ada, pem
from core.org import Org
from core.server import Answer, Server
from sf_connect.core import BrowserLogin, CachedLogin, LoginError, RefreshToken, WebServerFlow

NAMES = ("URL", "TOKEN", "CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PRIVATE_KEY", "REFRESH_TOKEN", "ORG")


def set_environment(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"SF_CONNECT_{name}", raising=False)
    for name, value in values.items():
        monkeypatch.setenv(f"SF_CONNECT_{name}", value)


class TestEnvironment:
    def test_a_token(self, login: LogIn, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        set_environment(monkeypatch, URL=server.url, TOKEN="00D-env")
        login("from_env", then=ada)
        assert server.last.headers["Authorization"] == "Bearer 00D-env"

    def test_a_token_that_changed_is_read_again(self, login: LogIn, org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
        set_environment(monkeypatch, URL=org.url, TOKEN="00D-old")
        org._current = "00D-new"

        def then(client: Any) -> Any:
            monkeypatch.setenv("SF_CONNECT_TOKEN", "00D-new")
            return ada(client)

        assert login("from_env", then=then) == Thing(name="Ada")

    @pytest.mark.parametrize(
        ("values", "grant"),
        [
            ({"CLIENT_SECRET": "s"}, "client_credentials"),
            ({"REFRESH_TOKEN": "r", "CLIENT_SECRET": "s"}, "refresh_token"),
            ({"PRIVATE_KEY": "", "USERNAME": "ada@acme.example"}, "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ],
    )
    def test_other_ways(
        self, login: LogIn, org: Org, key: Any, monkeypatch: pytest.MonkeyPatch, values: dict[str, str], grant: str
    ) -> None:
        if "PRIVATE_KEY" in values:
            values = {**values, "PRIVATE_KEY": pem(key).decode()}
        set_environment(monkeypatch, URL=org.url, CLIENT_ID="app", **values)
        assert login("from_env", then=ada) == Thing(name="Ada")
        assert org.logins[0]["grant_type"] == grant
        assert org.logins[0].get("client_secret") == values.get("CLIENT_SECRET")

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({}, "no environment variable says how to log in: set SF_CONNECT_TOKEN and SF_CONNECT_URL; "),
            ({"TOKEN": "secret"}, "SF_CONNECT_TOKEN is set, but not SF_CONNECT_URL"),
            ({"CLIENT_SECRET": "secret"}, "SF_CONNECT_CLIENT_SECRET is set, but not SF_CONNECT_URL and SF_CONNECT_CLI"),
            ({"TOKEN": "sec ret", "URL": "https://a.example"}, "SF_CONNECT_TOKEN cannot be used: the token has"),
        ],
    )
    def test_what_is_missing_is_named(
        self, login: LogIn, monkeypatch: pytest.MonkeyPatch, values: dict[str, str], message: str
    ) -> None:
        set_environment(monkeypatch, **values)
        with pytest.raises(LoginError, match=message) as caught:
            login("from_env")
        assert "secret" not in str(caught.value)
        assert "sec ret" not in str(caught.value)

    def test_a_wrong_url_is_named_as_the_variable(self, login: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
        set_environment(monkeypatch, TOKEN="t", URL="acme.my.salesforce.com")
        with pytest.raises(ValueError, match=r"SF_CONNECT_URL must look like .* https:// is missing"):
            login("from_env")


class TestTokenCache:
    def log_in(self, login: LogIn, org: Org, path: Path, **more: Any) -> Any:
        settings = {**APP, **more}
        return login("with_client_credentials", org.url, **settings, token_cache=path, then=ada)

    def test_the_next_run_does_not_log_in(self, login: LogIn, org: Org, tmp_path: Path) -> None:
        path = tmp_path / "new" / "tokens.json"
        for _ in range(3):
            assert self.log_in(login, org, path) == Thing(name="Ada")
        assert len(org.logins) == 1
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [one.name for one in path.parent.iterdir()] == ["tokens.json"]

    def test_an_expired_token_is_replaced_in_the_file(self, login: LogIn, org: Org, tmp_path: Path) -> None:
        path = tmp_path / "tokens.json"
        self.log_in(login, org, path)
        org.expire()
        assert self.log_in(login, org, path) == Thing(name="Ada")
        assert self.log_in(login, org, path) == Thing(name="Ada")
        assert len(org.logins) == 2
        assert org.token in path.read_text()

    def test_each_login_has_its_own_token(self, login: LogIn, org: Org, tmp_path: Path) -> None:
        path = tmp_path / "tokens.json"
        self.log_in(login, org, path)
        self.log_in(login, org, path, client_id="other")
        assert [one["client_id"] for one in org.logins] == ["app", "other"]
        assert len(json.loads(path.read_text())) == 2
        assert "app" not in path.read_text().replace("app-secret", "app")
        first, second = RefreshToken(org.url, "app", "a"), RefreshToken(org.url, "app", "b")
        assert first.cache_key != second.cache_key
        assert "a" not in first.cache_key

    def test_a_replaced_refresh_token_is_used_in_the_next_run(self, login: LogIn, org: Org, tmp_path: Path) -> None:
        org.more = lambda form: {"refresh_token": f"r{len(org.logins)}"}
        for _ in range(2):
            login(
                "with_refresh_token", org.url, client_id="app", refresh_token="r0", token_cache=tmp_path / "t", then=ada
            )
            org.expire()
        login("with_refresh_token", org.url, client_id="app", refresh_token="r0", token_cache=tmp_path / "t", then=ada)
        assert [one["refresh_token"] for one in org.logins] == ["r0", "r1", "r2"]

    def test_clients_that_share_a_file_share_its_tokens(self, org: Org, tmp_path: Path) -> None:
        """As where the server replaces the refresh token and the session at each login, and refuses the former ones."""
        org.more = lambda form: {"refresh_token": f"r{len(org.logins)}"}
        settings = {"client_id": "app", "refresh_token": "r0", "token_cache": tmp_path / "t"}
        first, second = (Connect.with_refresh_token(org.url, **settings) for _ in range(2))
        with first, second:
            for client in (first, second, first):
                assert things(client).get("1") == Thing(name="Ada")
            org.expire()
            for client in (second, first, second):
                assert things(client).get("1") == Thing(name="Ada")
        assert [one["refresh_token"] for one in org.logins] == ["r0", "r1"]

    @pytest.mark.parametrize(
        "content", ["", "{", "[]", '{"a": 1}', "\0" * 10, '{"%s": {"access_token": 5}}', "[" * 9999]
    )
    def test_a_damaged_file_is_replaced(self, login: LogIn, org: Org, tmp_path: Path, content: str) -> None:
        path = tmp_path / "tokens.json"
        self.log_in(login, org, path)
        (key,) = json.loads(path.read_text())
        path.write_text(content.replace("%s", key))
        assert self.log_in(login, org, path) == Thing(name="Ada")
        assert org.token in path.read_text()

    def test_a_file_that_others_can_read_is_refused(self, login: LogIn, org: Org, tmp_path: Path) -> None:
        path = tmp_path / "tokens.json"
        self.log_in(login, org, path)
        path.chmod(0o640)
        with pytest.raises(LoginError, match=r"tokens\.json holds tokens and can be read by others: run chmod 600"):
            self.log_in(login, org, path)

    def test_a_file_that_cannot_be_written_is_named(self, login: LogIn, org: Org, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        for path in (tmp_path, tmp_path / "file" / "tokens.json"):
            with pytest.raises(LoginError, match=r"cannot be (read|written): "):
                self.log_in(login, org, path)

    def test_logins_that_cannot_be_cached_say_so(self, org: Org, tmp_path: Path) -> None:
        flow = WebServerFlow(org.url, "app", "https://a.example/")
        with pytest.raises(ValueError, match="has no cache_key"):
            CachedLogin(flow.login("code"), tmp_path / "t")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Browser:
    """Comes back to this machine as a browser does, after a stray request and one of another login."""

    def __init__(self, **came_back: str) -> None:
        self.came_back = came_back
        self.opened: list[dict[str, str]] = []
        self.pages: list[tuple[int, str]] = []
        self.threads: list[threading.Thread] = []

    def __call__(self, url: str) -> bool:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.opened.append(query)
        self.threads.append(threading.Thread(target=self._come_back, args=(query,)))
        self.threads[-1].start()
        return True

    def _come_back(self, query: dict[str, str]) -> None:
        base = query["redirect_uri"]
        self.pages.append(get(base.rpartition("/")[0] + "/favicon.ico"))
        self.pages.append(get(f"{base}?code=x&state=another"))
        values = "&".join(f"{name}={value}" for name, value in self.came_back.items())
        self.pages.append(get(f"{base}?{values}&state={query['state']}"))

    def join(self) -> None:
        for thread in self.threads:
            thread.join(10)


class TestBrowser:
    def test_one_call_logs_in(self, login: LogIn, org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
        browser = Browser(code="the-code")
        monkeypatch.setattr("webbrowser.open", browser)
        uri = f"http://localhost:{free_port()}/back"
        made = login("with_browser", org.url, client_id="app", redirect_uri=uri, scope="api", then=ada)
        browser.join()
        assert made == Thing(name="Ada")
        assert [status for status, _ in browser.pages] == [404, 400, 200]
        assert "You are logged in." in browser.pages[-1][1]
        assert browser.opened[0]["scope"] == "api"
        assert org.logins[0]["code"] == "the-code"
        assert len(org.logins[0]["code_verifier"]) >= 43

    def test_with_a_token_cache_the_browser_opens_once(
        self, login: LogIn, org: Org, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        org.more = lambda form: {"refresh_token": "r1"} if "code" in form else {}
        browser = Browser(code="c")
        monkeypatch.setattr("webbrowser.open", browser)
        for _ in range(3):
            uri = f"http://localhost:{free_port()}/back"
            path = tmp_path / "tokens"
            login("with_browser", org.url, client_id="app", redirect_uri=uri, token_cache=path, then=ada)
            org.expire()
        browser.join()
        assert [one["grant_type"] for one in org.logins] == ["authorization_code", "refresh_token", "refresh_token"]
        assert len(browser.opened) == 1

    def test_a_refresh_token_that_is_no_longer_valid_opens_it_again(
        self, login: LogIn, org: Org, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refused = Answer(400, b'{"error": "invalid_grant", "error_description": "expired access/refresh token"}')
        org.refuse = lambda form: refused if form["grant_type"] == "refresh_token" else None
        browser = Browser(code="c")
        made = BrowserLogin(org.url, "app", redirect_uri=f"http://127.0.0.1:{free_port()}/", open_url=browser)
        made.use_refresh_token("old")
        assert login("with_login", made, then=ada) == Thing(name="Ada")
        browser.join()
        assert len(browser.opened) == 1

    def test_a_refusal_is_reported_there_and_here(self, login: LogIn, org: Org) -> None:
        browser = Browser(error="access_denied", error_description="end-user%20denied")
        made = BrowserLogin(org.url, "app", redirect_uri=f"http://localhost:{free_port()}/", open_url=browser)
        with pytest.raises(LoginError, match="access_denied: end-user denied"):
            login("with_login", made)
        browser.join()
        assert "The login failed." in browser.pages[-1][1]

    def test_nobody_comes_back_and_the_port_is_in_use(
        self, login: LogIn, org: Org, capsys: pytest.CaptureFixture[str]
    ) -> None:
        uri = f"http://localhost:{free_port()}/"
        made = BrowserLogin(org.url, "app", redirect_uri=uri, seconds=0.0, open_url=lambda url: False)
        with pytest.raises(LoginError, match="nobody came back from the browser to http://localhost"):
            login("with_login", made)
        assert "Open this URL in a browser of this machine:\nhttp://127.0.0.1" in capsys.readouterr().out
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            uri = f"http://localhost:{taken.getsockname()[1]}/"
            with pytest.raises(LoginError, match=r"port \d+ of this machine cannot be listened on: "):
                login("with_login", BrowserLogin(org.url, "app", redirect_uri=uri, open_url=lambda url: True))

    @pytest.mark.parametrize("uri", ["https://localhost:1717/", "http://a.example:1717/", "http://localhost/", "x"])
    def test_a_callback_elsewhere_is_refused(self, uri: str) -> None:
        with pytest.raises(ValueError, match="redirect_uri must be one of this machine with a port"):
            BrowserLogin("https://a.example", "app", redirect_uri=uri)


class TestAccessToken:
    def test_other_libraries_get_the_current_token_and_another_one(self, login: LogIn, org: Org) -> None:
        def sync(client: Any) -> Any:
            first = client.access_token()
            assert first == client.access_token(refused="00D-older")
            second = client.access_token(refused=first)
            return first, second, client.access_token()

        async def asynchronous(client: Any) -> Any:
            first = await client.access_token()
            assert first == await client.access_token(refused="00D-older")
            second = await client.access_token(refused=first)
            return first, second, await client.access_token()

        def then(client: Any) -> Any:
            return sync(client) if isinstance(client, Connect) else asynchronous(client)

        found = login("with_client_credentials", org.url, **APP, then=then)
        assert found == ("00D-token-1", "00D-token-2", "00D-token-2")

    def test_a_fixed_token_has_no_other(self, use: Callable[..., Any]) -> None:
        with pytest.raises(LoginError, match="a fixed token cannot be refreshed"):
            use(lambda client: client.access_token(refused="00D-secret-token"))
        assert use(lambda client: client.access_token()) == "00D-secret-token"
