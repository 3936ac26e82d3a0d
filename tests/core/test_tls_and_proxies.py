"""`verify=` and `proxy=`: real TLS with an authority of our own, real proxies, and what is said where they refuse."""

from __future__ import annotations

import json
import logging
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.certificates import NAME, Authority
from core.conftest import GET_THING, AsyncConnect, Connect, Thing, dispatcher, things
from core.logins import ada, pem
from core.proxy import proxy
from core.raw_server import RawServer, raw_server, response
from core.recorders import RECORDERS, without_callers
from core.server import running
from sf_connect.core import APIConnectionError, APIStatusError, RequestOptions, SFConnectError
from sf_connect.core.transport import tls

HIDDEN = "tH3-hidden"
USER = f"ada:{HIDDEN}"
ORG = f"https://{NAME}"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
ONCE = RequestOptions(max_retries=0)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, *map(str.upper, VARIABLES), "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@contextmanager
def secure_org(authority: Authority, name: str = NAME, *, days: int = 1) -> Iterator[RawServer]:
    """An org over TLS: its first token has expired, the next is good."""
    logins: list[bytes] = []

    def handle(connection: socket.socket, request: bytes) -> None:
        if b"/services/oauth2/token" in request:
            logins.append(request)
            token = {"access_token": f"t{len(logins)}", "instance_url": url(request), "token_type": "Bearer"}
            connection.sendall(response(json.dumps(token).encode()))
        elif b"Bearer t1" in request:
            connection.sendall(response(b'[{"errorCode": "INVALID_SESSION_ID"}]', status="401 Unauthorized"))
        else:
            connection.sendall(response(b'{"name": "Ada"}'))

    def url(request: bytes) -> str:
        host = next(line for line in request.split(b"\r\n") if line.lower().startswith(b"host: "))
        return f"https://{host[6:].decode()}"

    with raw_server(handle, context=authority.server(name, days=days)) as server:
        yield server


class TestVerify:
    @pytest.mark.parametrize("given", ["text", "path", "folder", "context", "home"])
    def test_an_authority_of_ones_own(
        self, use: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch, given: str
    ) -> None:
        monkeypatch.setenv("HOME", str(authority.file.parent))
        verify: dict[str, Callable[[], Any]] = {
            "text": lambda: str(authority.file),
            "path": lambda: authority.file,
            "folder": authority.hashed_folder,
            "context": lambda: ssl.create_default_context(cafile=authority.file),
            "home": lambda: f"~/{authority.file.name}",
        }
        with secure_org(authority) as server:
            assert use(ada, instance_url=server.url, verify=verify[given]()) == Thing(name="Ada")

    def test_nobody_is_checked(self, use: Any, authority: Authority) -> None:
        with secure_org(authority) as server:
            assert use(ada, instance_url=server.url, verify=False) == Thing(name="Ada")

    @pytest.mark.parametrize("verify", [True, "another authority"])
    def test_servers_that_nobody_vouches_for(self, use: Any, authority: Authority, tmp_path: Path, verify: Any) -> None:
        if verify is not True:
            verify = Authority(tmp_path, verify).file
        with secure_org(authority) as server, pytest.raises(APIConnectionError) as caught:
            use(ada, instance_url=server.url, verify=verify, options=ONCE)
        assert "is not accepted: unable to get local issuer certificate; if the company" in str(caught.value)
        assert "let verify= or SSL_CERT_FILE name the authority's file" in str(caught.value)

    @pytest.mark.parametrize(
        ("certificate", "message"),
        [
            ({"name": "elsewhere.example"}, "IP address mismatch.*; check the host in the URL"),
            ({"days": -1}, "certificate has expired; check the clock of this machine"),
            ({"days": 31}, "certificate is not yet valid; check the clock"),
        ],
    )
    def test_what_else_is_wrong_with_a_certificate(
        self, use: Any, authority: Authority, certificate: dict[str, Any], message: str
    ) -> None:
        with secure_org(authority, **certificate) as org, pytest.raises(APIConnectionError, match=message):
            use(ada, instance_url=org.url, verify=authority.file, options=ONCE)

    @pytest.mark.parametrize("way", ["with_client_credentials", "with_refresh_token", "with_jwt_bearer"])
    def test_logins_and_further_tokens_go_the_same_way(
        self, login: Any, authority: Authority, key: Any, way: str
    ) -> None:
        ways: dict[str, dict[str, Any]] = {
            "with_client_credentials": {"client_secret": "s"},
            "with_refresh_token": {"refresh_token": "r"},
            "with_jwt_bearer": {"username": "ada", "private_key": pem(key)},
        }
        with secure_org(authority) as server:
            asked = login(way, server.url, client_id="a", **ways[way], verify=authority.file, then=ada)
            assert sum(b"oauth2/token" in request for request in server.requests) == 2
            with pytest.raises(APIConnectionError, match=r"logging in got no response .* not accepted"):
                login(way, server.url, client_id="a", **ways[way])
        assert asked == Thing(name="Ada")

    def test_other_ways_to_make_a_client_take_it(self, login: Any, authority: Authority, monkeypatch: Any) -> None:
        with secure_org(authority) as server:
            monkeypatch.setenv("SF_CONNECT_URL", server.url)
            monkeypatch.setenv("SF_CONNECT_TOKEN", "t5")
            assert login("from_env", verify=authority.file, then=ada) == Thing(name="Ada")
            assert login("anonymous", server.url, verify=authority.file, then=ada) == Thing(name="Ada")

    def test_there_is_one_context_for_each_setting(self, authority: Authority, tmp_path: Path) -> None:
        first = tls.ssl_context(authority.file)
        assert tls.ssl_context(str(authority.file)) is first
        assert tls.ssl_context(False) is tls.ssl_context(False)
        assert tls.ssl_context(False) is not tls.ssl_context()
        assert tls.ssl_context(Authority(tmp_path, "second").file) is not first
        count = len(tls._contexts)
        authority.file.write_bytes(Authority(tmp_path, "a newer one").file.read_bytes())
        os.utime(authority.file, ns=(1, 1))
        assert tls.ssl_context(authority.file) is not first
        assert len(tls._contexts) == count

    def test_authorities_are_read_where_a_connection_may_be_encrypted_alone(
        self, monkeypatch: pytest.MonkeyPatch, authority: Authority
    ) -> None:
        read: list[object] = []
        monkeypatch.setattr(tls, "_contexts", {})
        monkeypatch.setattr(httpx2, "create_ssl_context", lambda **_: read.append(1) or ssl.create_default_context())

        def opened(url: str) -> int:
            with Connect(url, token="t") as client:
                assert dispatcher(client).session.connection.http
            tls._contexts.clear()
            return len(read)

        assert opened("http://127.0.0.1:1") == 0
        assert opened("https://acme.my.salesforce.com") == 1
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert opened("http://127.0.0.1:1") == 1
        monkeypatch.setenv("HTTP_PROXY", "https://proxy.example:3128")
        assert opened("http://127.0.0.1:1") == 2
        monkeypatch.delenv("HTTP_PROXY")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        assert opened("http://127.0.0.1:1") == 3
        mine = ssl.create_default_context()
        assert tls.ssl_context(mine) is mine


def wrong_values(folder: Path) -> dict[str, tuple[dict[str, Any], type[Exception], str]]:
    """Settings that cannot be used, and what is said."""
    (folder / "empty.pem").write_bytes(b"")
    (folder / "text.pem").write_bytes(b"no certificate")
    (folder / "folder").mkdir()
    url = f"http://{USER}@proxy.example"
    return {
        "no file": ({"verify": folder / "none.pem"}, ValueError, r"^verify=.*none\.pem cannot be read: no such file"),
        "empty file": ({"verify": folder / "empty.pem"}, ValueError, r"empty\.pem has no certificates in PEM$"),
        "other file": ({"verify": str(folder / "text.pem")}, ValueError, r"text\.pem has no certificates in PEM$"),
        "empty folder": ({"verify": folder / "folder"}, ValueError, "folder without hashed names, .* `openssl rehash`"),
        "empty text": ({"verify": ""}, ValueError, "^verify is empty$"),
        "None": ({"verify": None}, TypeError, r"^verify takes True, False, a file .* ssl\.SSLContext, not NoneType$"),
        "bytes": ({"verify": b"ca.pem"}, TypeError, "not bytes$"),
        "number": ({"verify": 1}, TypeError, "not int$"),
        "server's": ({"verify": ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)}, ValueError, "SSLContext for servers"),
        "proxy's type": ({"proxy": 3128}, TypeError, "^proxy takes a URL such as http://proxy.example:3128, not int$"),
        "proxy's object": ({"proxy": httpx2.Proxy(url)}, TypeError, "not Proxy$"),
        "empty proxy": ({"proxy": ""}, ValueError, "it is empty$"),
        "no scheme": ({"proxy": f"{USER}@proxy.example:3128"}, ValueError, "it has no scheme, such as http://$"),
        "scheme": ({"proxy": url.replace("http", "ftp")}, ValueError, "it begins with ftp://, not with http://, http"),
        "no host": ({"proxy": f"http://{USER}@:80"}, ValueError, "it has no host"),
        "port": ({"proxy": f"{url}:0"}, ValueError, "no port after the colon"),
        "odd port": ({"proxy": f"{url}:x"}, ValueError, "cannot be parsed; quote user and password by urllib.parse"),
        "space": ({"proxy": f"{url} :3128"}, ValueError, "space|parsed"),
        "path": ({"proxy": f"{url}:3128/pac"}, ValueError, "something follows host and port"),
        "unquoted": ({"proxy": f"http://ada:12/{HIDDEN}@proxy.example"}, ValueError, "something follows"),
        "socks": ({"proxy": f"socks5://{USER}@proxy.example"}, ValueError, r'pip install "httpx2\[socks\]"$'),
    }


WRONG = (
    "no file", "empty file", "other file", "empty folder", "empty text", "None", "bytes", "number", "server's",
    "proxy's type", "proxy's object", "empty proxy", "no scheme", "scheme", "no host", "port", "odd port", "space",
    "path", "unquoted", "socks",
)  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_values_are_refused_when_the_client_is_made(
    login: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("sf_connect.core.transport.proxies.find_spec", lambda name: None)  # socksio is not installed
    values = wrong_values(tmp_path)
    assert set(values) == set(WRONG)
    settings, kind, message = values[name]
    for client in (Connect, AsyncConnect):
        with pytest.raises(kind, match=message) as caught:
            client("https://a.example", token="t", **settings)
        check_hidden(caught.value)
    with pytest.raises(kind, match=message) as caught:
        login("with_client_credentials", "https://a.invalid", client_id="a", client_secret="b", **settings)
    check_hidden(caught.value)


def check_hidden(error: BaseException) -> None:
    """No tool shows a proxy's password, nor does another library's traceback follow."""
    assert error.__cause__ is None
    without_callers(error)
    for name, record in RECORDERS.items():
        assert HIDDEN not in record(error), name


def test_they_are_refused_beside_connections_of_ones_own(login: Any) -> None:
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, json={}))
    for given in (
        {"verify": False},
        {"proxy": f"http://{USER}@p.example"},
        {"verify": False, "proxy": "http://p.example"},
    ):
        verb = "verify and proxy are" if len(given) == 2 else f"{next(iter(given))} is"
        with httpx2.Client() as http, pytest.raises(ValueError, match="such settings itself") as caught:
            Connect("https://a.example", token="t", http_client=http, **given)  # type: ignore[arg-type]
        assert str(caught.value) == f"{verb} for our own connections: give your http_client such settings itself"
        with pytest.raises(ValueError, match=f"{verb} for our own connections: give your transport such"):
            AsyncConnect("https://a.example", token="t", transport=transport, **given)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=verb) as caught:
            login("with_refresh_token", ORG, client_id="a", refresh_token="r", transport=transport, **given)
        check_hidden(caught.value)


class TestProxies:
    def test_calls_logins_and_further_tokens_go_through_it(self, login: Any, authority: Authority, caplog: Any) -> None:
        caplog.set_level(logging.DEBUG)
        with secure_org(authority) as server, proxy(goes_to=server.port, user=USER) as between:
            settings = {"verify": authority.file, "proxy": between.with_user(USER)}
            arguments = {"client_id": "a", "client_secret": "b"}
            assert login("with_client_credentials", ORG, **arguments, **settings, then=ada) == Thing(name="Ada")
            assert set(between.targets) == {f"CONNECT {NAME}:443"}
            assert sum(b"oauth2/token" in request for request in server.requests) == 2
            assert not any(b"proxy-" in request.lower() for request in server.requests)
            assert not any("bearer" in line for line in between.lines)
        assert HIDDEN not in caplog.text

    def test_plain_http_goes_through_it(self, use: Any, server: Any) -> None:
        with proxy(user=USER) as between:
            use(ada, proxy=between.with_user(USER))
            path = "/services/data/v67.0/chatter/things/1"
            assert between.targets == [f"GET {server.url}{path}"]
        assert [one.target for one in server.received] == [path]
        assert "proxy-authorization" not in {name.lower() for name in server.last.headers}

    def test_a_proxy_over_tls_is_checked_as_servers_are(self, use: Any, authority: Authority) -> None:
        with (
            secure_org(authority) as server,
            proxy(goes_to=server.port, user=USER, context=authority.server()) as between,
        ):
            settings = {"instance_url": ORG, "proxy": between.with_user(USER), "options": ONCE}
            assert use(ada, verify=authority.file, **settings) == Thing(name="Ada")
            with pytest.raises(APIConnectionError, match="certificate is not accepted"):
                use(ada, **settings)

    def test_it_comes_before_the_environment(self, use: Any, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        with proxy() as of_the_environment, proxy() as given:
            monkeypatch.setenv("http_proxy", of_the_environment.url)
            use(ada, proxy=given.url)
            assert (len(given.targets), len(of_the_environment.targets)) == (1, 0)
            use(ada)
            assert len(of_the_environment.targets) == 1
            monkeypatch.setenv("no_proxy", "127.0.0.1")
            use(ada, proxy=None)
            assert len(of_the_environment.targets) == 1

    @pytest.mark.parametrize(
        ("status", "remedy"),
        [
            ("407 Proxy Authentication Required", "; give it user and password, http://user:password@…, in proxy= or"),
            ("403 Forbidden", "; its rules forbid this host"),
            ("502 Bad Gateway", "; it cannot reach this host"),
            ("418 I am a teapot", r" \(ProxyError\)"),
        ],
    )
    def test_one_that_refuses_is_named(self, use: Any, login: Any, status: str, remedy: str) -> None:
        with proxy(refuses=status) as between:
            settings = {"proxy": between.with_user(USER)}
            told = rf"from {NAME}:443: the proxy {between.url} refused it: {status}{remedy}"
            with pytest.raises(APIConnectionError, match=told) as caught:
                use(ada, instance_url=ORG, options=ONCE, **settings)
            check_hidden(caught.value)
            with pytest.raises(APIConnectionError, match=f"logging in got no response {told}") as caught:
                login("with_client_credentials", ORG, client_id="a", client_secret="b", **settings)
            check_hidden(caught.value)

    def test_one_that_is_not_there_is_named(self, use: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        with running() as ended:
            pass
        url = ended.url.replace("://", f"://{USER}@")
        told = f"from {NAME}:443: the proxy {ended.url}%s cannot be reached: connection refused (ConnectError)"
        with pytest.raises(APIConnectionError) as caught:
            use(ada, instance_url=ORG, options=ONCE, proxy=url)
        assert told % "" in str(caught.value)
        check_hidden(caught.value)
        monkeypatch.setenv("HTTPS_PROXY", url)
        with pytest.raises(APIConnectionError) as caught:
            use(ada, instance_url=ORG, options=ONCE)
        assert told % " (HTTPS_PROXY of the environment)" in str(caught.value)
        check_hidden(caught.value)
        with pytest.raises(APIConnectionError, match=r"the proxy http://no-such\.invalid cannot be reached: the"):
            use(ada, instance_url=ORG, options=ONCE, proxy=f"http://{USER}@no-such.invalid")

    def test_what_is_wrong_behind_it_is_not_its_fault(self, use: Any, authority: Authority) -> None:
        with (
            secure_org(authority) as server,
            proxy(goes_to=server.port) as between,
            pytest.raises(APIConnectionError) as caught,
        ):
            use(ada, instance_url=ORG, options=ONCE, proxy=between.url)
        assert "the server's certificate is not accepted" in str(caught.value)
        assert f"through the proxy {between.url} (ConnectError)" in str(caught.value)

    def test_a_plain_one_that_asks_for_a_password_is_named(self, use: Any) -> None:
        with proxy(user=USER) as between, pytest.raises(APIStatusError) as caught:
            use(ada, proxy=between.with_user("ada:other"))
        assert caught.value.status == 407
        assert f"(the proxy {between.url} asks for user and password: " in str(caught.value)

    def test_a_download_and_an_http_client_of_ones_own_name_it_too(self, use: Any, authority: Authority) -> None:
        with proxy(refuses="403 Forbidden") as between:
            with pytest.raises(SFConnectError, match=f"the proxy {between.url} refused it: 403"):
                use(
                    lambda client: client.download(things(client).content, "1").read(),
                    instance_url=ORG, proxy=between.url, options=ONCE,
                )  # fmt: skip
            with httpx2.Client(proxy=between.with_user(USER)) as http, pytest.raises(APIConnectionError) as caught:
                dispatcher(Connect(ORG, token="t", http_client=http)).send(GET_THING, ("1",))
        assert f"the proxy {between.url} refused it" in str(caught.value)

    def test_nothing_shows_its_password(self) -> None:
        with Connect(ORG, token="t", proxy=f"http://{USER}@p.example") as client:
            assert HIDDEN not in repr(client) + repr(vars(client)) + repr(vars(dispatcher(client).session))
            assert HIDDEN not in repr(vars(client._dispatcher.session.connection))
