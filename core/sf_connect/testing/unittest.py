"""For tests with `unittest`: a mock server for the tests of a class, and clients of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sf_connect.testing.packages import package_of
from sf_connect.testing.server import MockServer

if TYPE_CHECKING:
    from unittest import TestCase

    from sf_connect.core import AsyncClient, SyncClient

    _Base = TestCase
else:
    _Base = object


class ConnectTestCase(_Base):
    """To inherit from before `unittest.TestCase` or `unittest.IsolatedAsyncioTestCase`.

    Attributes:
        connect_version: the API version of the clients, such as `67.0`; the newest installed package by default.
        connect_mock_options: further options of `connectgen mock`.
        connect_assert_all_used: whether a test fails that leaves a stub unused.
        connect_mock: the running server; calls, stubs, faults, tokens and state are reset for each test.
    """

    connect_version: ClassVar[str] = ""
    connect_mock_options: ClassVar[tuple[str, ...]] = ()
    connect_assert_all_used: ClassVar[bool] = False
    connect_mock: ClassVar[MockServer]

    @classmethod
    def setUpClass(cls) -> None:
        """Start the server."""
        super().setUpClass()
        cls.connect_mock = MockServer(cls.connect_mock_options)
        cls.connect_mock.start()
        cls.addClassCleanup(cls.connect_mock.stop)

    def setUp(self) -> None:
        """Reset the server."""
        super().setUp()
        self.connect_mock.reset()
        if self.connect_assert_all_used:
            self.addCleanup(self.connect_mock.assert_all_used)

    def connect_client(self) -> SyncClient:
        """A client of the server, closed at the end of the test."""
        client: SyncClient = self._package().Connect(self.connect_mock.url, token=self.connect_mock.token)
        self.addCleanup(client.close)
        return client

    def connect_async_client(self) -> AsyncClient:
        """An asynchronous client; the test closes it: `async with self.connect_async_client() as client`."""
        client: AsyncClient = self._package().AsyncConnect(self.connect_mock.url, token=self.connect_mock.token)
        return client

    def _package(self) -> Any:
        return package_of(self.connect_version)
