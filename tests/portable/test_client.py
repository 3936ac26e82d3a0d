"""Core and one client on any operating system: calls, pagination, files, batches and asyncio, against the mock.

`.github/workflows/test.yml` runs this file on macOS and Windows with installed wheels. If the client is not installed,
it is generated first. This file uses nothing of the other tests.
"""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import sf_connect
from sf_connect.testing import MockServer


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The newest package that is installed, or the newest that the catalogue has."""
    installed = [int(item.name[1:]) for item in pkgutil.iter_modules(sf_connect.__path__) if item.name[1:].isdigit()]
    if installed:
        yield importlib.import_module(f"sf_connect.v{max(installed)}")
        return
    version = _newest_of_the_catalogue()
    out = tmp_path_factory.mktemp("portable")
    subprocess.run([sys.executable, "-m", "connectgen", "generate", f"{version}.0", "--out", str(out)], check=True)
    sys.path.insert(0, str(out / f"sf-connect-v{version}"))
    importlib.invalidate_caches()
    try:
        yield importlib.import_module(f"sf_connect.v{version}")
    finally:
        sys.path.remove(str(out / f"sf-connect-v{version}"))
        for name in [name for name in sys.modules if name.startswith(f"sf_connect.v{version}")]:
            del sys.modules[name]


def _newest_of_the_catalogue() -> int:
    from connectgen.importer.releases import newest_release
    from connectgen.locations import default_catalogue

    return newest_release(default_catalogue())


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(["--state"]) as server:
        yield server


@pytest.fixture
def client(package: Any, server: MockServer) -> Iterator[Any]:
    server.reset()
    with package.Connect(server.url, token=server.token) as client:
        yield client


def test_call_and_pagination(package: Any, client: Any) -> None:
    text = package.models.MessageBodyInput.text("Grüße, ", "世界")
    post = client.feeds.elements.create(package.models.FeedItemInput(subject_id="me", body=text))
    assert client.feeds.elements.get(post.id).body.text == post.body.text
    assert len(list(islice(client.chatter.groups.iter(page_size=2), 5))) == 5


def test_file_is_uploaded_and_downloaded(client: Any, server: MockServer, tmp_path: Path) -> None:
    core = importlib.import_module("sf_connect.core")
    source = tmp_path / "Größe 1.bin"
    source.write_bytes(b"\r\n\x1a\x00" * 50_000)
    file = client.files.user_files.upload("me", title="Sizes", file_data=core.Upload(source))
    (call,) = server.calls(operation="files.user_files.upload")
    assert [part["size"] for part in call["parts"] if part["name"] == "fileData"] == [200_000]
    target = client.download(client.files.files.download, file.id).to(tmp_path / "copy.bin")
    assert target.read_bytes() == client.download(client.files.files.download, file.id).read()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Größe 1.bin", "copy.bin"]


def test_download_replaces_an_existing_file(client: Any, tmp_path: Path) -> None:
    target = tmp_path / "there.bin"
    target.write_bytes(b"old")
    client.download(client.files.files.download, "069000000000001AAA").to(target)
    assert target.read_bytes() != b"old"


def test_batch_and_error(client: Any) -> None:
    core = importlib.import_module("sf_connect.core")
    batch = client.batch()
    me, nobody = batch.add(client.chatter.users.get, "me"), batch.add(client.chatter.users.get, "nobody")
    batch.send()
    assert me.result.id
    assert isinstance(nobody.error, core.BadRequestError)


def test_asyncio_client(package: Any, server: MockServer) -> None:
    async def main() -> list[str]:
        async with package.AsyncConnect(server.url, token=server.token) as client:
            names = [group.name async for group in client.chatter.groups.iter(page_size=3)]
            await asyncio.gather(*(client.chatter.users.get("me") for _ in range(20)))
            return names

    assert asyncio.run(main())


def test_connection_refused_is_a_connection_error(package: Any) -> None:
    core = importlib.import_module("sf_connect.core")
    options = core.RequestOptions(max_retries=0)
    client = package.Connect("http://127.0.0.1:9", token="none", timeout=5.0)
    with client, pytest.raises(core.APIConnectionError, match=r"127\.0\.0\.1:9"):
        client.chatter.users.get("me", options=options)
