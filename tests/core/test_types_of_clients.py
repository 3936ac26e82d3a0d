"""What type checkers see of plain values, tables, logins and settings of a client: mypy and pyright, both strict."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.type_samples import lines_by_mypy, lines_by_pyright, wrong_lines

SAMPLE = """\
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, assert_type

import pandas
import pyarrow

from sf_connect.core import AsyncClient, Input, Model, SyncClient
from sf_connect.core import to_arrow, to_arrow_async, to_dataframe, to_dataframe_async


class User(Model):
    name: str | None = None


class UserInput(Input):
    name: str


class Connect(SyncClient):
    api_version = "67.0"


class AsyncConnect(AsyncClient):
    api_version = "67.0"


def plain_values(user: User) -> None:
    assert_type(User.from_dict({"name": "a"}), User)
    assert_type(UserInput.from_dict({"name": "a"}, use_api_names=False), UserInput)
    assert_type(User.from_json(b"{}"), User)
    assert_type(UserInput.from_json("{}").to_json(indent=2), str)
    assert_type(user.to_dict(use_api_names=False), dict[str, Any])
    User.from_dict([])  # wrong
    User.from_json({})  # wrong
    user.to_dict(True)  # wrong


def tables(users: Iterator[User], user: User) -> None:
    assert_type(to_dataframe(users), pandas.DataFrame)
    assert_type(to_dataframe(user, metadata=[User()]), pandas.DataFrame)
    assert_type(to_arrow([user]), pyarrow.Table)
    to_dataframe(5)  # wrong


async def asynchronous_tables(users: AsyncIterator[User]) -> None:
    assert_type(await to_dataframe_async(users), pandas.DataFrame)
    assert_type(await to_arrow_async(users), pyarrow.Table)
    to_dataframe(users)  # wrong


def logins() -> None:
    client = Connect.from_env(timeout=5.0, token_cache="~/.cache/tokens")
    assert_type(client, Connect)
    assert_type(Connect.with_browser("https://a.example", client_id="a", scope="api"), Connect)
    assert_type(client.access_token(), str)
    assert_type(client.access_token(refused="t"), str)
    Connect("https://a.example", token="t", token_cache="x")  # wrong
    Connect.with_browser("https://a.example")  # wrong


async def asynchronous_logins() -> None:
    client = await AsyncConnect.from_env(token_cache=None)
    assert_type(client, AsyncConnect)
    assert_type(await AsyncConnect.with_browser("https://a.example", client_id="a"), AsyncConnect)
    assert_type(await client.access_token(), str)


def networks(context: ssl.SSLContext, anything: object) -> None:
    assert_type(Connect("https://a.example", token="t", verify=False, proxy="http://p.example:3128"), Connect)
    assert_type(Connect("https://a.example", token="t", verify=Path("ca.pem"), proxy=None), Connect)
    assert_type(AsyncConnect("https://a.example", token="t", verify="ca.pem"), AsyncConnect)
    assert_type(AsyncConnect("https://a.example", token="t", verify=context), AsyncConnect)
    assert_type(Connect.from_env(verify=context, proxy="http://p.example:3128"), Connect)
    assert_type(Connect.anonymous("https://a.example", verify=True, proxy=None), Connect)
    Connect("https://a.example", token="t", verify=None)  # wrong
    Connect("https://a.example", token="t", verify=b"ca.pem")  # wrong
    Connect("https://a.example", token="t", proxy=3128)  # wrong
    AsyncConnect("https://a.example", token="t", proxy=anything)  # wrong
    Connect.from_env(verify=0.5)  # wrong


async def asynchronous_networks(context: ssl.SSLContext) -> None:
    assert_type(await AsyncConnect.with_browser("https://a.example", client_id="a", verify=context), AsyncConnect)
    await AsyncConnect.from_sf_cli(verify="ca.pem", proxy=b"http://p.example")  # wrong
"""


def test_mypy(tmp_path: Path) -> None:
    found, printed = lines_by_mypy(SAMPLE, tmp_path)
    assert found == wrong_lines(SAMPLE), printed


@pytest.mark.node
def test_pyright(tmp_path: Path) -> None:
    found, printed = lines_by_pyright(SAMPLE, tmp_path)
    assert found == wrong_lines(SAMPLE), printed
