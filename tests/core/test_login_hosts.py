"""Each login at each sort of Salesforce host: where its token request goes, for whom it signs, and where calls go.

The requests are real: a proxy on loopback notes the host that each is for, and a server behind it responds for all.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from core.certificates import Authority
from core.conftest import Connect
from core.logins import BACK, ada, pem
from core.proxy import Proxy, proxy
from core.raw_server import RawServer, raw_server, response
from sf_connect.core import ClientCredentials, JWTBearer, RefreshToken, SfCommandLine, WebServerFlow

LOGIN, TEST = "https://login.salesforce.com", "https://test.salesforce.com"
SITE = "https://acme.my.site.com/shop"
HOSTS = {
    "production": ("https://acme.my.salesforce.com", LOGIN),
    "sandbox": ("https://acme--uat.sandbox.my.salesforce.com", TEST),
    "sandbox without enhanced domains": ("https://acme--uat.my.salesforce.com", TEST),
    "sandbox with its instance": ("https://acme--uat.cs12.my.salesforce.com", TEST),
    "scratch org": ("https://ruby-dream-1-dev-ed.scratch.my.salesforce.com", TEST),
    "developer edition": ("https://acme-dev-ed.develop.my.salesforce.com", LOGIN),
    "developer edition without enhanced domains": ("https://acme-dev-ed.my.salesforce.com", LOGIN),
    "playground": ("https://ruby-dream-1-dev-ed.trailblaze.my.salesforce.com", LOGIN),
    "demo org": ("https://acme.demo.my.salesforce.com", LOGIN),
    "patch org": ("https://acme.patch.my.salesforce.com", LOGIN),
    "government": ("https://acme.my.salesforce.mil", LOGIN),
    "government's sandbox": ("https://acme--uat.sandbox.my.salesforce.mil", TEST),
    "China": ("https://acme.my.sfcrmproducts.cn", "https://login.sfcrmproducts.cn"),
    "China's sandbox": ("https://acme--uat.sandbox.my.sfcrmproducts.cn", "https://test.sfcrmproducts.cn"),
    "instance": ("https://na123.salesforce.com", LOGIN),
    "instance of sandboxes": ("https://cs42.salesforce.com", TEST),
    "newer instance": ("https://usa77.sfdc-abc123.salesforce.com", LOGIN),
    "newer instance of sandboxes": ("https://usa2s.sfdc-abc123.salesforce.com", TEST),
    "site": (SITE, SITE),
    "site without a path": ("https://acme.my.site.com", "https://acme.my.site.com"),
    "sandbox's site": ("https://acme--uat.sandbox.my.site.com/shop", "https://acme--uat.sandbox.my.site.com/shop"),
    "older site": ("https://acme.force.com/customers", "https://acme.force.com/customers"),
    "custom domain": ("https://shop.acme.example/", "https://shop.acme.example"),
    "a port": ("https://acme.example:8443", "https://acme.example:8443"),
}
"""The URL of each, and the audience of a signed token."""
SERVERS = {
    "login": (f"{LOGIN}/", LOGIN), "test": (TEST, TEST),
    "government": ("https://login.salesforce.mil", "https://login.salesforce.mil"),
    "China": ("https://login.sfcrmproducts.cn", "https://login.sfcrmproducts.cn"),
}  # fmt: skip
"""Where users of all orgs log in."""
INTERFACES = {
    "https://acme.lightning.force.com": "acme.my.salesforce.com",
    "https://acme--uat.sandbox.lightning.force.com/lightning/page/home": "acme--uat.sandbox.my.salesforce.com",
    "https://acme-dev-ed.develop.lightning.force.com": "acme-dev-ed.develop.my.salesforce.com",
    "https://acme.my.salesforce-setup.com": "acme.my.salesforce.com",
    "https://acme--uat.sandbox.my.salesforce-setup.com": "acme--uat.sandbox.my.salesforce.com",
    "https://acme.lightning.crmforce.mil": "acme.my.salesforce.mil",
    "https://acme.lightning.sfcrmapps.cn": "acme.my.sfcrmproducts.cn",
    "https://acme--c.vf.force.com": "acme.my.salesforce.com",
    "https://acme--uat--c.sandbox.vf.force.com/apex/Page": "acme--uat.sandbox.my.salesforce.com",
}
ORG = "https://acme-of-the-response.my.salesforce.com"
WAYS = ("with_client_credentials", "with_jwt_bearer", "with_refresh_token", "with_web_server_flow")


class Between(NamedTuple):
    """The proxy, and the server that responds for all hosts."""

    proxy: Proxy
    server: RawServer

    @property
    def settings(self) -> dict[str, Any]:
        return {"proxy": self.proxy.url, "verify": False}


@pytest.fixture(scope="module")
def between(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Between]:
    token = {"access_token": "t", "instance_url": ORG, "token_type": "Bearer", "sfdc_community_url": SITE}

    def handle(connection: socket.socket, request: bytes) -> None:
        body = token if b"/services/oauth2/token" in request else {"name": "Ada"}
        connection.sendall(response(json.dumps(body).encode()))

    context = Authority(tmp_path_factory.mktemp("authority")).server()
    with raw_server(handle, context=context) as server, proxy(goes_to=server.port) as made:
        yield Between(made, server)


def arguments(way: str, url: str, key: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if way == "with_web_server_flow":
        flow = WebServerFlow(url, "app", BACK)
        return (flow, f"{BACK}?code=c&state={flow.state}"), {}
    of_way: dict[str, dict[str, Any]] = {
        "with_client_credentials": {"client_secret": "s"},
        "with_jwt_bearer": {"username": "ada", "private_key": pem(key)},
        "with_refresh_token": {"refresh_token": "r"},
    }
    return (url,), {"client_id": "app", **of_way[way]}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", [*HOSTS, *(f"server {name}" for name in SERVERS)])
def test_the_token_is_asked_for_at_the_host_and_calls_go_where_the_response_says(
    login: Any, between: Between, key: Any, way: str, name: str
) -> None:
    url, audience = SERVERS[name.removeprefix("server ")] if name.startswith("server ") else HOSTS[name]
    if name.startswith("server ") and way == "with_client_credentials":
        with pytest.raises(ValueError, match=r"^apps do not log in at .*: login_url must be the org's own, such as"):
            login(way, url, client_id="app", client_secret="s")
        return
    del between.proxy.targets[:], between.server.requests[:]
    positional, named = arguments(way, url, key)
    assert login(way, *positional, **named, **between.settings, then=lambda client: client).instance_url == ORG
    parts = urlsplit(url)
    assert between.proxy.targets == [f"CONNECT {parts.hostname}:{parts.port or 443}"]
    (request,) = between.server.requests
    head, _, body = request.decode().partition("\r\n\r\n")
    assert head.startswith(f"POST {parts.path.rstrip('/')}/services/oauth2/token HTTP/1.1")
    if way == "with_jwt_bearer":
        claims = jwt.decode(parse_qs(body)["assertion"][0], options={"verify_signature": False})
        assert claims["aud"] == audience


@pytest.mark.parametrize("name", HOSTS)
def test_a_token_at_hand_is_for_the_host_itself(use: Any, between: Between, name: str) -> None:
    url = HOSTS[name][0]
    del between.proxy.targets[:], between.server.requests[:]
    use(ada, instance_url=url, **between.settings)
    parts = urlsplit(url)
    assert between.proxy.targets == [f"CONNECT {parts.hostname}:{parts.port or 443}"]
    path = f"{parts.path.rstrip('/')}/services/data/v67.0/chatter/things/1"
    assert between.server.requests[0].startswith(f"GET {path} ".encode())


def test_a_site_is_called_where_instance_url_says(login: Any, between: Between) -> None:
    del between.server.requests[:]
    login("with_client_credentials", SITE, client_id="a", client_secret="b", instance_url=SITE, **between.settings,
          then=ada)  # fmt: skip
    assert between.server.requests[-1].startswith(b"GET /shop/services/data/v67.0/")


@pytest.mark.parametrize("url", INTERFACES)
def test_hosts_of_the_user_interface_are_refused_with_the_one_to_use(login: Any, key: Any, url: str) -> None:
    told = rf"{urlsplit(url).hostname} is the user interface; the org's API is at https://{INTERFACES[url]}$"
    with pytest.raises(ValueError, match=f"^instance_url must .*{told}"):
        Connect(url, token="t")
    for made in (
        lambda: ClientCredentials(url, "a", "b"),
        lambda: JWTBearer(url, "a", "ada", pem(key)),
        lambda: RefreshToken(url, "a", "r"),
        lambda: WebServerFlow(url, "a", BACK),
    ):
        with pytest.raises(ValueError, match=f"^login_url must .*{told}"):
            made()


@pytest.mark.parametrize("name", SERVERS)
def test_hosts_where_users_log_in_serve_no_calls(login: Any, between: Between, key: Any, name: str) -> None:
    url = SERVERS[name][0]
    told = f"users log in at {urlsplit(url).hostname}, but it serves no org"
    with pytest.raises(ValueError, match=told):
        Connect(url, token="t")
    with pytest.raises(ValueError, match=told):
        login("with_refresh_token", ORG, client_id="a", refresh_token="r", instance_url=url, **between.settings)


@pytest.mark.parametrize("name", HOSTS)
def test_the_command_line_may_name_each_host(tmp_path: Path, name: str) -> None:
    command = tmp_path / "sf"
    printed = json.dumps({"status": 0, "result": {"instanceUrl": HOSTS[name][0], "accessToken": "t"}})
    command.write_text(f"#!/bin/sh\necho '{printed}'", encoding="utf-8")
    command.chmod(0o700)
    with Connect.from_sf_cli(executable=str(command)) as client:
        assert client.instance_url == HOSTS[name][0].rstrip("/")
    assert SfCommandLine(executable=str(command)).instance_url() == HOSTS[name][0]
