"""The recipes of docs/cookbook.md work against the mock, and both type checkers pass them in strict mode."""

from __future__ import annotations

import asyncio
import importlib
import io
import json
import logging
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from core.certificates import Authority
from core.proxy import proxy
from core.raw_server import RawServer, raw_server, response
from sf_connect.testing import MockServer
from support.command import ROOT, environment, in_this_process
from support.importing import importable
from support.passed import check_unless_passed

TEXT = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
_SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = {title: _BLOCK.findall(text) for title, text in _SECTION.findall(TEXT)}
USER, GROUP, SITE, STORE = "005000000000001AAA", "0F9000000000001AAA", "0DB000000000001AAA", "0ZE000000000001AAA"
CHANNEL = "0ap000000000001AAA"
MEGABYTE = 1 << 20
VERSIONS = (45, 67)
Recipe = Callable[[str], SimpleNamespace]


@pytest.fixture(scope="module")
def installed(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Core and the two packages that the recipes use in one folder, as pip would install them."""
    folder = tmp_path_factory.mktemp("cookbook") / "installed"
    (folder / "sf_connect").mkdir(parents=True)
    for version in VERSIONS:
        own = packages / f"sf-connect-v{version}" / "sf_connect" / f"v{version}"
        (folder / "sf_connect" / own.name).symlink_to(own)
    (folder / "sf_connect" / "core").symlink_to(ROOT / "core" / "sf_connect" / "core")
    return folder


@pytest.fixture(scope="module")
def recipe(packages: Path) -> Iterator[Recipe]:
    """What the blocks of a section define."""

    def run(title: str) -> SimpleNamespace:
        names: dict[str, Any] = {"__name__": f"cookbook, {title}"}
        for block in BLOCKS[title]:
            exec(compile(block, f"docs/cookbook.md, {title}", "exec"), names)
        return SimpleNamespace(**names)

    with importable(packages, VERSIONS):
        yield run


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(["--state"]) as server:
        yield server


@pytest.fixture
def mock(server: MockServer) -> MockServer:
    server.reset()
    return server


@pytest.fixture
def client(mock: MockServer, recipe: Recipe) -> Iterator[Any]:
    with importlib.import_module("sf_connect.v67").Connect(mock.url, token=mock.token) as client:
        yield client


def operations(mock: MockServer) -> list[str]:
    return [call["operation"] for call in mock.calls() if call["operation"]]


def test_posts_and_comments(recipe: Recipe, client: Any, mock: MockServer, tmp_path: Path) -> None:
    picture = tmp_path / "plan.png"
    picture.write_bytes(b"\x89PNG")
    made = recipe("Posts and comments")
    post_id = made.post_plan(client, GROUP, USER, picture)
    (sent,) = mock.calls(operation="feeds.elements.create")
    kinds = [segment["type"] for segment in sent["body"]["body"]["messageSegments"]]
    assert kinds == ["Text", "Mention", "Text", "InlineImage", "Text", "Link"]
    assert sent["body"]["capabilities"] == {"link": {"url": "https://acme.example", "urlName": "Our site"}}
    comment_id = made.talk_about(client, post_id)
    assert client.chatter.comments.get(comment_id).body.text == "Looks very good"
    assert made.correct(client, post_id) == "The plan, corrected"
    made.clean_up(client, post_id, comment_id)
    with pytest.raises(made_error("NotFoundError")):
        client.feeds.elements.get(post_id)


def made_error(name: str) -> type[Exception]:
    error: type[Exception] = getattr(importlib.import_module("sf_connect.core"), name)
    return error


def test_a_feed_and_its_files(
    recipe: Recipe, client: Any, mock: MockServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mock.fault(status=404, match={"path": "*/content"})
    loaded = recipe("A feed and its files").download_all(client, tmp_path)
    assert len(loaded) > 5
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in loaded}
    assert capsys.readouterr().out.count("404") == 1
    assert recipe("A feed and its files").download_all(client, tmp_path) != loaded  # what failed, and nothing again


def test_large_files(recipe: Recipe, client: Any, mock: MockServer) -> None:
    made = recipe("Large files")
    file_id = made.upload_stream(client, io.BytesIO(bytes(3 * MEGABYTE)), 3 * MEGABYTE)
    (sent,) = mock.calls(operation="files.user_files.upload")
    assert [part["size"] for part in sent["parts"] if part["name"] == "fileData"] == [3 * MEGABYTE]
    assert int(sent["headers"]["content-length"]) > 3 * MEGABYTE
    made.upload_again(client, file_id, io.BytesIO(bytes(MEGABYTE)), MEGABYTE)
    made.share(client, file_id, GROUP, USER)
    (post,) = mock.calls(operation="feeds.elements.create")
    assert post["body"]["capabilities"]["files"]["items"] == [{"id": file_id}]
    (shared,) = mock.calls(operation="files.files.share")
    assert shared["body"]["shares"] == [{"id": USER, "sharingType": "V"}]


def test_sites(recipe: Recipe, client: Any, mock: MockServer) -> None:
    made = recipe("Experience Cloud sites")
    assert len(made.newest_in_site(client, SITE, 3)) == 3
    assert f"/connect/communities/{SITE}/chatter/feeds/news/" in mock.calls()[-1]["target"]
    topics = [made.feature(client, SITE, name) for name in ("Rowing", "Sailing")]
    first, second = mock.calls(operation="experience.managed_topics.reorder")
    positions = [call["body"]["managedTopicPositions"][0]["managedTopicId"] for call in (first, second)]
    assert positions == topics
    assert len(made.names_of_topics(client, SITE)) > 2
    assert made.points(client, SITE, "me") > 0


def test_cms(recipe: Recipe, client: Any, mock: MockServer) -> None:
    made = recipe("CMS")
    content_id = made.publish_news(client, "0Zu000000000001AAA", "Summer sale", "<p>All is cheap</p>")
    (created,) = mock.calls(operation="cms.contents.create")
    assert created["body"]["contentBody"] == {"title": "Summer sale", "body": "<p>All is cheap</p>"}
    (published,) = mock.calls(operation="cms.contents.publish")
    assert published["body"]["contentIds"] == [content_id]
    channel = next(client.cms.channels.iter())
    assert made.channel_named(client, channel.name) == channel.id
    assert made.channel_named(client, "none of this name") is None
    assert made.titles(client, CHANNEL)
    assert made.bodies(client, CHANNEL)
    assert made.search(client, CHANNEL, "sale")


class Working(httpx2.HTTPTransport):
    """The way to a server that works on a checkout for a while: the first answers about one say 202."""

    def __init__(self, answers: int) -> None:
        super().__init__()
        self.left = answers

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        if request.method == "GET" and "/checkouts/" in request.url.path and self.left:
            self.left -= 1
            response.status_code = 202
        return response


def test_commerce(recipe: Recipe, client: Any, mock: MockServer) -> None:
    made = recipe("Commerce")
    cart_id = made.fill_cart(client, STORE, {"01t000000000001AAA": 2, "01t000000000002AAA": 1}, "SPRING")
    added = [call["body"]["quantity"] for call in mock.calls(operation="commerce.carts.add_item")]
    assert added == ["2", "1"]
    assert isinstance(made.total(client, STORE, cart_id), Decimal)
    mock.fault(status=409, match={"path": "*/checkouts"})
    assert made.order(client, STORE, cart_id)
    starts = [call["status"] for call in mock.calls(operation="commerce.checkouts.start")]
    assert starts[0] == 409
    assert len(starts) == 2
    mock.fault(status=422, match={"path": "*/orders"})
    with pytest.raises(RuntimeError, match="cannot be ordered yet"):
        made.order(client, STORE, cart_id)
    assert made.order_numbers(client, STORE)


@pytest.mark.parametrize(("patience", "asked"), [(60, 2), (0, 1)])
def test_a_checkout_is_waited_for(recipe: Recipe, mock: MockServer, patience: float, asked: int) -> None:
    made = recipe("Commerce")
    with made.Connect(mock.url, token=mock.token, transport=Working(1)) as client:
        if patience:
            assert made.order(client, STORE, "active", patience)
        else:
            with pytest.raises(TimeoutError, match="not ready after 0 s"):
                made.order(client, STORE, "active", patience)
    assert len(mock.calls(operation="commerce.checkouts.get")) == asked


def test_guests(recipe: Recipe, mock: MockServer, tmp_path: Path) -> None:
    made, cookies = recipe("Guests"), tmp_path / "cookies"
    store = f"{mock.url}/shop"
    cart_id = made.put_into_cart(store, STORE, "01t000000000001AAA", cookies)
    assert cookies.stat().st_mode & 0o777 == 0o600
    assert made.buy(store, STORE, cart_id, "ada@guest.example", cookies)
    calls = mock.calls()
    assert [call["operation"].rpartition(".")[2] for call in calls] == [
        "create", "add_item", "start", "update", "place_order",
    ]  # fmt: skip
    assert all(call["status"] < 300 and "authorization" not in call["headers"] for call in calls)
    with made.Connect.anonymous(f"{store}/webruntime/api", cookies=cookies) as guest:
        guest.commerce.carts.get(STORE, cart_id)  # the mock sets another cookie where none is sent
        guest.cookies.save(tmp_path / "later")
    assert (tmp_path / "later").read_text() == cookies.read_text()
    assert "guest_uuid_essential_mock=" in cookies.read_text()


def test_data_360(recipe: Recipe, client: Any, mock: MockServer) -> None:
    made = recipe("Data 360")
    assert len(list(made.rows(client, "SELECT id__c FROM Person__dlm WHERE city__c = :city", "Oslo"))) > 4
    (submitted,) = mock.calls(operation="data360.query.submit")
    assert submitted["body"]["sqlParameters"] == [{"name": "city", "type": "Varchar", "value": "Oslo"}]
    connection_id = made.connect_shop(client)
    assert client.data360.connections.get(connection_id).id == connection_id
    made.describe_orders(client, connection_id)
    assert isinstance(made.where_to_send(client, connection_id), bytes)
    (described,) = mock.calls(operation="data360.connections.upsert_schema")
    assert described["body"]["schemas"][0]["schemaType"] == "IngestApi"
    assert made.refresh(client, "orders")
    assert made.finish(client, "orders") == "Success"
    assert len(mock.calls(operation="data360.query.get_status")) == 1


def test_many_calls_in_few_requests(recipe: Recipe, client: Any, mock: MockServer) -> None:
    users = [f"005{number:012}" for number in range(58)] + ["nobody", "005"]
    posts, failures = recipe("Many calls in few requests").welcome(client, users)
    assert len(posts) == 58
    assert set(failures) == {"nobody", "005"}
    assert all("400" in failure for failure in failures.values())
    assert len([call for call in mock.calls() if call["target"].endswith("/connect/batch")]) == 3


def test_logins(recipe: Recipe, mock: MockServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, kept, session = recipe("Logins"), list[str](), dict[str, str]()
    key = tmp_path / "server.key"
    made_key = rsa.generate_private_key(65537, 2048)
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key.write_bytes(made_key.private_bytes(*pem))

    browser = httpx2.get(made.begin(mock.url, "mock-client", session), follow_redirects=False)
    callback_url = browser.headers["location"]
    assert parse_qs(urlsplit(callback_url).query)["state"] == [session["state"]]
    command = tmp_path / "sf"
    told = {"org": {"instanceUrl": mock.url, "username": "me"}, "token": {"accessToken": mock.token}}
    command.write_text(
        f"#!{sys.executable}\nimport json, sys\ntold = {told!r}\n"
        "print(json.dumps({'status': 0, 'result': told['org' if sys.argv[2] == 'display' else 'token']}))\n"
    )
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    logins = [
        lambda: made.as_server(mock.url, "mock-client", "me@acme.example", key),
        lambda: made.end(mock.url, "mock-client", session, callback_url, kept.append),
        lambda: made.as_user(mock.url, "mock-client", kept[-1], kept.append),
        lambda: made.as_developer("acme"),
    ]
    for login in logins:
        with login() as client:
            assert client.chatter.users.get("me").id
    assert session == {}


def test_moving_to_a_newer_version(recipe: Recipe, mock: MockServer, tmp_path: Path) -> None:
    made = recipe("Moving to a newer version")
    with made.Connect(mock.url, token=mock.token) as old:
        assert old.api_version == "45.0"
        assert made.same_posts(old)
    assert {call["version"] for call in mock.calls()} == {"45.0", "67.0"}
    (tmp_path / "app.py").write_text(
        "from sf_connect.v45 import Connect\n\n\ndef accounts(client: Connect) -> object:\n"
        "    return client.service.social.list_managed_accounts()\n"
    )
    command = re.findall(r"`connectgen (diff [^`]*) --used-by src`", TEXT)
    told = in_this_process((*command[0].split(), "--used-by", str(tmp_path)), ROOT, environment()).stdout
    assert "service.social.list_managed_accounts: Ended" in told
    assert "app.py:5" in told


def test_networks_that_fail(recipe: Recipe, mock: MockServer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    made = recipe("Networks that fail")
    caplog.set_level(logging.INFO, logger="shop")
    with made.robust(mock.url, mock.token) as client:
        mock.fault(status=503)
        assert made.name_or_none(client)
        assert [record.levelname for record in caplog.records if record.name == "shop"] == ["INFO", "WARNING", "INFO"]
        mock.fault(times=2, reset=True)
        assert made.name_or_none(client) is None
        assert "no response: " in caplog.records[-1].message
        mock.fault(status=403)
        assert made.name_or_none(client) is None
        assert "403" in caplog.records[-1].message
    authority = Authority(tmp_path)
    with secure_user(authority) as server, proxy(goes_to=server.port) as between:
        with made.behind_proxy("https://acme.my.salesforce.com", "t", between.url, str(authority.file)) as client:
            assert made.name_or_none(client) == "Ada"
        assert between.targets == ["CONNECT acme.my.salesforce.com:443"]
    with secure_user(authority, wants_certificate=True) as server:
        certificate = str(authority.certificate("client"))
        with made.with_certificate(server.url, "t", str(authority.file), certificate) as client:
            assert made.name_or_none(client) == "Ada"
        with made.Connect(server.url, token="t", verify=authority.file) as client:
            assert made.name_or_none(client) is None


@contextmanager
def secure_user(authority: Authority, *, wants_certificate: bool = False) -> Iterator[RawServer]:
    """An org over TLS in which every URL is a user; it may want to see a client's certificate."""
    context = authority.server()
    if wants_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.file)
    answer = response(b'{"name": "Ada"}')
    with raw_server(lambda connection, _: connection.sendall(answer), context=context) as server:
        yield server


def test_concurrent_calls(recipe: Recipe, mock: MockServer) -> None:
    made = recipe("Concurrent calls")
    ids = [f"0F9{number:012}" for number in range(200)]

    async def main() -> None:
        async with made.AsyncConnect(mock.url, token=mock.token) as client:
            mock.fault(times=3, status=404)
            assert len(await made.groups(client, ids)) == 197
            mock.fault(times=None, latency=2000)
            assert await made.groups_in_time(client, ids, 0.2) is None
            mock.reset()
            assert len(await made.groups(client, ids[:10])) == 10
            with pytest.raises(ExceptionGroup) as failed:
                await made.groups(client, [*ids[:10], "nonsense"])
            assert failed.group_contains(made_error("BadRequestError"))

    asyncio.run(main())


def test_limits_left(recipe: Recipe, mock: MockServer, caplog: pytest.LogCaptureFixture) -> None:
    client, limit = recipe("Limits left").watched(mock.url, mock.token)
    with client:
        client.chatter.users.get("me")
        client.chatter.users.get("me")
        first = limit.used
        assert 0 < first < limit.allowed
        mock.respond("chatter.users.get", error="SERVER_UNAVAILABLE", status=503, headers={"Retry-After": "0"}, times=1)
        client.chatter.users.get("me")
        assert limit.used > first
    told = [record.getMessage() for record in caplog.records if record.name == "shop"]
    assert told == ["chatter.users.get: wait 0 s", "request id for the support: None"]


def test_trace_headers(recipe: Recipe, mock: MockServer) -> None:
    made = recipe("Trace headers")
    within = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with made.Connect(mock.url, token=mock.token) as client:
        assert made.name_within(client, within)
    with made.traced(mock.url, mock.token) as client:
        mock.fault(status=503)
        client.chatter.users.get("me")
    first, *attempts = [call["headers"] for call in mock.calls(operation="chatter.users.get")]
    assert first["traceparent"] == within
    assert [sent["x-attempt"] for sent in attempts] == ["1", "2"]
    assert {sent["x-sent-by"] for sent in attempts} == {"nightly-report"}
    assert len({sent["traceparent"] for sent in attempts}) == 2


def test_opentelemetry(recipe: Recipe, mock: MockServer) -> None:
    made, exporter = recipe("OpenTelemetry"), InMemorySpanExporter()
    provider = made.provider_for(exporter)
    with made.traced(mock.url, mock.token, provider) as client:
        mock.fault(status=503)
        assert made.greet(client, provider).startswith("Hello ")
    provider.shutdown()
    spans = sorted(exporter.get_finished_spans(), key=lambda span: span.start_time or 0)
    attempt = "GET /services/data/v67.0/chatter/users/{userId}"
    assert [span.name for span in spans] == ["greet", "chatter.users.get", attempt, attempt]
    assert len({span.context.trace_id for span in spans}) == 1
    assert [event.name for event in spans[1].events] == ["retry"]
    assert "http.response.header.sforce-limit-info" in (spans[3].attributes or {})


def test_the_list_of_contents_is_whole() -> None:
    linked = re.findall(r"\]\(#([a-z0-9-]+)\)", TEXT)
    assert linked == [title.lower().replace(" ", "-") for title in BLOCKS]
    assert len(BLOCKS) >= 12
    assert all(BLOCKS.values())


def test_an_operation_is_found_as_the_page_says(installed: Path) -> None:
    (sought,) = re.findall(r'python -m sf_connect\.v67 find "([^"]+)"', TEXT)
    command = [sys.executable, "-m", "sf_connect.v67", "find", sought]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(installed)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "chatter.users.follow" in done.stdout


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Each block as a module of its own."""
    made = [tmp_path / f"recipe_{number}.py" for number in range(sum(map(len, BLOCKS.values())))]
    for path, block in zip(made, (block for blocks in BLOCKS.values() for block in blocks), strict=True):
        path.write_text(block, encoding="utf-8")
    return made


def test_mypy(files: list[Path], installed: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--namespace-packages", "--explicit-package-bases"]
    options = ["--cache-dir", str(ROOT / ".cache" / "mypy-cookbook"), *map(str, files)]
    environment = {**os.environ, "MYPYPATH": str(installed)}
    done = subprocess.run(
        [*command, *options], cwd=files[0].parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.node
def test_pyright(files: list[Path], installed: Path, packages: Path) -> None:
    settings = {
        "extraPaths": [str(installed)],
        "pythonVersion": "3.11",
        "typeCheckingMode": "strict",
        "include": ["recipe_*.py"],
    }
    project = files[0].parent / "pyrightconfig.json"
    project.write_text(json.dumps(settings), encoding="utf-8")
    command = [str(ROOT / "node_modules/.bin/pyright"), "--outputjson", "--pythonpath", sys.executable]

    def check() -> None:
        done = subprocess.run([*command, "--project", str(project)], capture_output=True, text=True, check=False)
        found = json.loads(done.stdout)
        assert found["summary"]["filesAnalyzed"] == len(files)
        assert found["generalDiagnostics"] == []

    read = [*(packages / f"sf-connect-v{version}" for version in VERSIONS), ROOT / "core" / "sf_connect"]
    check_unless_passed("cookbook", [Path(__file__), *files, *read], check)
