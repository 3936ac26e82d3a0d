"""Running mocks: one over the small catalogue, one over the real one, one that keeps state."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest

from sf_connect.testing import MockServer
from support.command import SMALL_CATALOGUE
from support.importing import importable
from support.versions import NEWEST


class Mock:
    """A running mock and a way to ask it.

    Args:
        server: the running server.
        version: the version that is asked where a path does not begin with `/services`.
    """

    def __init__(self, server: MockServer, version: str) -> None:
        self.server = server
        self.url = server.url
        self._version = version
        self._http = httpx2.Client(base_url=server.url, timeout=30, headers={"Authorization": "Bearer mock-token"})
        self.anyone = httpx2.Client(timeout=30)
        """A client without a token."""

    def ask(self, path: str, method: str = "GET", *, version: str = "", **more: object) -> httpx2.Response:
        """Send a request; `path` is relative to the version's root."""
        if not path.startswith(("/services", "/__mock__")):
            path = f"/services/data/v{version or self._version}{path}"
        return self._http.request(method, path, **more)  # type: ignore[arg-type]

    def json(self, path: str, method: str = "GET", **more: object) -> object:
        """The JSON of a successful answer."""
        answer = self.ask(path, method, **more)
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        return answer.json()

    def close(self) -> None:
        self._http.close()
        self.anyone.close()


def running(version: str, *options: str) -> Iterator[Mock]:
    with MockServer(options) as server:
        mock = Mock(server, version)
        yield mock
        mock.close()


@pytest.fixture(scope="session")
def small_server() -> Iterator[Mock]:
    yield from running("32.0", "--catalogue", str(SMALL_CATALOGUE), "--seed", "1")


@pytest.fixture
def small(small_server: Mock) -> Mock:
    """A mock of the small catalogue, asked for 32.0."""
    small_server.server.reset()
    return small_server


@pytest.fixture(scope="session")
def real_server() -> Iterator[Mock]:
    yield from running(f"{NEWEST}.0", "--seed", "1")


@pytest.fixture
def real(real_server: Mock) -> Mock:
    """A mock of the real catalogue, asked for the newest version."""
    real_server.server.reset()
    return real_server


@pytest.fixture(scope="session")
def keeping_server() -> Iterator[Mock]:
    yield from running(f"{NEWEST}.0", "--state")


@pytest.fixture
def keeping(keeping_server: Mock) -> Mock:
    """A mock of the real catalogue that keeps state, asked for the newest version."""
    keeping_server.server.reset()
    return keeping_server


@pytest.fixture(scope="module")
def small_client(small_server: Mock, small_packages: Path) -> Iterator[ModuleType]:
    """The package of 32.0 of the small catalogue."""
    with importable(small_packages, ["32"]):
        yield importlib.import_module("sf_connect.v32")


@pytest.fixture(scope="module")
def package(packages: Path) -> Iterator[ModuleType]:
    """The package of the newest version."""
    with importable(packages, [NEWEST]):
        yield importlib.import_module(f"sf_connect.v{NEWEST}")


@pytest.fixture
def client(keeping: Mock, package: ModuleType) -> Iterator[Any]:
    """A client of the newest version, of the mock that keeps state."""
    with package.Connect(keeping.url, token="mock-token") as client:
        yield client
