"""What type checkers see of raw responses, downloads and logins: mypy and pyright, both strict, on a file of uses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.command import ROOT
from support.passed import check_unless_passed

SAMPLE = """\
from pathlib import Path
from typing import Any, assert_type

from sf_connect.core import AsyncClient, SyncClient
from sf_connect.core import AsyncDownload, Download
from sf_connect.core import Model
from sf_connect.core import AsyncGroup, SyncGroup
from sf_connect.core import Operation
from sf_connect.core import RequestOptions
from sf_connect.core import RawResponse
from sf_connect.core import RetryPolicy


class User(Model):
    name: str | None = None


GET = Operation[User]("f.users.get", "GET", "/users/{id}", User)
PHOTO = Operation[bytes]("f.users.photo", "GET", "/users/{id}/photo", bytes)


class Users(SyncGroup):
    def get(self, user_id: str, *, options: RequestOptions | None = None) -> User:
        return self._send(GET, (user_id,), options=options)

    def photo(self, user_id: str) -> bytes:
        return self._send(PHOTO, (user_id,))


class AsyncUsers(AsyncGroup):
    async def get(self, user_id: str, *, options: RequestOptions | None = None) -> User:
        return await self._send(GET, (user_id,), options=options)

    async def photo(self, user_id: str) -> bytes:
        return await self._send(PHOTO, (user_id,))


class Connect(SyncClient):
    api_version = "67.0"

    @property
    def users(self) -> Users:
        return Users(self._dispatcher)


class AsyncConnect(AsyncClient):
    api_version = "67.0"

    @property
    def users(self) -> AsyncUsers:
        return AsyncUsers(self._dispatcher)


def uses() -> None:
    client = Connect.with_client_credentials("https://a.example", client_id="a", client_secret="b", timeout=5.0)
    assert_type(client, Connect)
    assert_type(client.site("internal"), Connect)
    assert_type(Connect.from_sf_cli("dev", retry_policy=RetryPolicy()), Connect)
    assert_type(Connect.from_client(client), Connect)
    users = client.users
    response = client.raw(users.get, "me", options=RequestOptions(locale="de"))
    assert_type(response, RawResponse[User])
    assert_type(response.parse(), User)
    assert_type(response.status, int)
    assert_type(client.download(users.photo, "me"), Download)
    assert_type(client.download(users.photo, "me").to("photo.png"), Path)
    assert_type(client.follow_url(users.get, "/users/1"), User)
    assert_type(client.follow_url(GET, "/users/1", RequestOptions(locale="de")), User)
    assert_type(client.request("GET", "/users/1", params={"a": 1}, into=User), User)
    assert_type(client.request("GET", "/users", into=list[User]), list[User])
    assert_type(client.request("GET", "/users/1"), Any)
    assert_type(client.raw(client.request, "GET", "/users/1", into=User), RawResponse[User])
    with client.download(users.photo, "me").open() as opened:
        assert_type([piece for piece in opened], list[bytes])


async def asynchronous_uses() -> None:
    client = await AsyncConnect.with_client_credentials("https://a.example", client_id="a", client_secret="b")
    assert_type(client, AsyncConnect)
    assert_type(AsyncConnect.from_client(client), AsyncConnect)
    assert_type(await client.follow_url(client.users.get, "/users/1"), User)
    assert_type(await client.follow_url(GET, "/users/1"), User)
    assert_type(await client.request("GET", "/users/1", into=User), User)
    users = client.users
    response = await client.raw(users.get, "me")
    assert_type(response, RawResponse[User])
    assert_type(client.download(users.photo, "me"), AsyncDownload)
    assert_type(await client.download(users.photo, "me").read(), bytes)
    async with client.download(users.photo, "me").open() as opened:
        assert_type([piece async for piece in opened], list[bytes])


def misuses(client: Connect, users: Users) -> None:
    client.raw(users.get)  # wrong
    client.raw(users.get, 5)  # wrong
    client.raw(users.get, "me", colour="red")  # wrong
    client.download(users.get, "me")  # wrong
    client.request("GET")  # wrong
    client.request("GET", "/users", 5)  # wrong
    Connect("https://a.example")  # wrong
    Connect.with_client_credentials("https://a.example", client_id="a")  # wrong
    Connect.with_client_credentials("https://a.example", client_id="a", client_secret="b", timeout="5")  # wrong
    Connect.from_sf_cli("dev", colour="red")  # wrong
"""
WRONG = {number for number, line in enumerate(SAMPLE.splitlines(), 1) if line.endswith("# wrong")}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("types")
    (folder / "sample.py").write_text(SAMPLE, encoding="utf-8")
    settings = {"extraPaths": [str(ROOT / "core")], "pythonVersion": "3.11", "typeCheckingMode": "strict"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder / "sample.py"


def lines(printed: str) -> set[int]:
    return {int(number) for number in re.findall(r"sample\.py:(\d+)(?::\d+)?(?: -|:) error", printed)}


def test_mypy(sample: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--namespace-packages",
        "--explicit-package-bases",
        sample.name,
    ]
    environment = {**os.environ, "MYPYPATH": str(ROOT / "core"), "MYPY_CACHE_DIR": str(ROOT / ".cache" / "mypy-sample")}
    done = subprocess.run(command, cwd=sample.parent, env=environment, capture_output=True, text=True, check=False)
    assert lines(done.stdout) == WRONG, done.stdout + done.stderr


@pytest.mark.node
def test_pyright(sample: Path) -> None:
    def check() -> None:
        command = [str(ROOT / "node_modules/.bin/pyright"), "--project", ".", "--pythonpath", sys.executable]
        done = subprocess.run(command, cwd=sample.parent, capture_output=True, text=True, check=False)
        assert lines(done.stdout) == WRONG, done.stdout + done.stderr

    check_unless_passed("types-pyright", [Path(__file__), ROOT / "core" / "sf_connect"], check)
