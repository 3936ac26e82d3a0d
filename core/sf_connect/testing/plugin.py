"""The pytest plugin: a mock server for the session, and clients of it.

Fixtures:
    connect_mock: the running `MockServer`; calls, stubs, faults, tokens and state are reset for each test.
    connect_client: a `Connect` for it, of the version that the marker or the setting names.
    connect_async_client: the same as `AsyncConnect`.

Settings (in `pytest.ini`, `pyproject.toml` …): `connect_version = 67.0`, the newest installed package by default;
`connect_mock_options = --state --seed 7`; `connect_assert_all_used = true` lets a test fail that leaves a stub unused.
A test may ask for another version, or that: `@pytest.mark.connect(version="45.0", assert_all_used=True)`. With
pytest-xdist each worker has a mock of its own.
The option `--connect-coverage` lists at the end which operations the tests called.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from sf_connect.testing.packages import package_of

if TYPE_CHECKING:
    from sf_connect.core import AsyncClient, SyncClient
    from sf_connect.testing.server import MockServer

_TOUCHED = pytest.StashKey[dict[str, Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The settings and the option."""
    parser.addini("connect_version", "API version of the fixture connect_client, such as 67.0", default="")
    parser.addini("connect_mock_options", "options of connectgen mock for the fixture connect_mock", default="")
    parser.addini("connect_assert_all_used", "whether an unused stub fails a test", type="bool", default=False)
    group = parser.getgroup("sf-connect")
    group.addoption("--connect-coverage", action="store_true", help="list which Connect operations the tests called")


def pytest_configure(config: pytest.Config) -> None:
    """The marker."""
    config.addinivalue_line(
        "markers", "connect(version, assert_all_used): the API version, and whether unused stubs fail"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test that passes fail where it leaves a stub unused, if asked."""
    result = yield
    arguments: dict[str, Any] = getattr(item, "funcargs", {})
    marker = item.get_closest_marker("connect")
    asked = marker.kwargs.get("assert_all_used") if marker else None
    if "connect_mock" in arguments and (item.config.getini("connect_assert_all_used") if asked is None else asked):
        unused = _unused(arguments["connect_mock"])
        if unused:
            pytest.fail(unused, pytrace=False)
    return result


@pytest.fixture(scope="session")
def connect_mock_server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """The mock server of the test session."""
    from sf_connect.testing.server import MockServer

    options = shlex.split(str(request.config.getini("connect_mock_options")))
    with MockServer(options) as server:
        yield server


@pytest.fixture
def connect_mock(connect_mock_server: MockServer, request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """The mock server, reset."""
    connect_mock_server.reset()
    yield connect_mock_server
    if request.config.getoption("--connect-coverage"):
        _add_coverage(request.config, connect_mock_server.coverage())


@pytest.fixture
def connect_client(connect_mock: MockServer, request: pytest.FixtureRequest) -> Iterator[SyncClient]:
    """A client of the mock server."""
    with _package(request).Connect(connect_mock.url, token=connect_mock.token) as client:
        yield client


@pytest.fixture
def connect_async_client(connect_mock: MockServer, request: pytest.FixtureRequest) -> Iterator[AsyncClient]:
    """An asynchronous client of the mock server, for whichever event loop the test runs."""
    import httpx2

    # No connection outlives its call: the loop that opened it may be gone when the client is closed.
    http = httpx2.AsyncClient(limits=httpx2.Limits(max_keepalive_connections=0))
    yield _package(request).AsyncConnect(connect_mock.url, token=connect_mock.token, http_client=http)
    asyncio.run(http.aclose())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Which operations the tests called."""
    if _TOUCHED not in config.stash:
        return
    for version, found in sorted(config.stash[_TOUCHED].items()):
        terminalreporter.section(f"Connect {version}: {len(found['calls'])} of {found['operations']} operations called")
        for name, count in sorted(found["calls"].items()):
            terminalreporter.write_line(f"{name} ({count})")


def _add_coverage(config: pytest.Config, coverage: dict[str, Any]) -> None:
    known = config.stash.setdefault(_TOUCHED, {})
    for version, found in coverage.items():
        kept = known.setdefault(version, {"operations": found["operations"], "calls": {}})
        for name, count in found["calls"].items():
            kept["calls"][name] = kept["calls"].get(name, 0) + count


def _unused(mock: MockServer) -> str:
    """Which stubs were not used; empty where all were."""
    try:
        mock.assert_all_used()
    except AssertionError as error:
        return str(error)
    return ""


def _package(request: pytest.FixtureRequest) -> Any:
    """The generated package of the requested version."""
    marker = request.node.get_closest_marker("connect")
    wanted = str((marker.kwargs.get("version") if marker else None) or request.config.getini("connect_version") or "")
    try:
        return package_of(wanted)
    except LookupError as error:
        pytest.fail(str(error))
