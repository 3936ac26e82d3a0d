"""Starts and controls a mock server, in a separate process, so that it does not share state with a test."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpx2

from sf_connect.testing.control import MockControl, MockServerError
from sf_connect.testing.process import Output, end, started, why

_READY_SECONDS = 30.0
TOKEN = "mock-token"  # noqa: S105  it opens nothing but the mock


class MockServer(MockControl):
    """A mock server on a free port of this machine; a context manager.

    Args:
        options: further options of `connectgen mock`, such as `--state` or `--seed`, `7`.

    Attributes:
        token: an access token that the mock accepts.
    """

    def __init__(self, options: Sequence[str] = ()) -> None:
        super().__init__()
        self.token = TOKEN
        self._options = list(options)
        self._process: subprocess.Popen[str] | None = None
        self._output: Output | None = None
        self._url: str | None = None
        self._http: httpx2.Client | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The URL, to be used as `instance_url`.

        Raises:
            MockServerError: the server does not run.
        """
        if self._url is None:
            raise MockServerError("the mock does not run; call start(), or use it in a with statement")
        return self._url

    @property
    def process_id(self) -> int | None:
        """The id of the server's process, None while it does not run."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the server and wait until it accepts requests.

        Raises:
            MockServerError: it did not start, perhaps because `connectgen[mock]` is not installed.
        """
        if self._process is not None:
            return
        process = started(self._options)
        output = Output(process)
        first = output.first_line(_READY_SECONDS)
        if not first.startswith("http"):
            process.kill()
            process.wait()
            raise MockServerError(why(output.errors()))
        self._process, self._output = process, output
        self._url = first
        self._http = httpx2.Client(base_url=first, timeout=_READY_SECONDS)
        try:
            is_ready = self._http.get("/__mock__").is_success  # waits until the catalogue is loaded
        except httpx2.HTTPError:
            is_ready = False
        if not is_ready:
            self.stop()
            raise MockServerError(why(output.errors()))

    def stop(self) -> None:
        """Stop the server."""
        self._stop_functions()
        if self._http is not None:
            self._http.close()
        if self._process is not None:
            end(self._process)
        if self._output is not None:
            self._output.errors()  # its threads close the streams
        self._process = self._output = self._url = self._http = None

    def _ask(self, method: str, path: str, query: Mapping[str, str] | None = None, body: object = None) -> Any:
        url = self.url
        if self._http is None:
            raise MockServerError(f"the mock at {url} was stopped")
        content = None if body is None else json.dumps(body)
        response = self._http.request(method, f"/__mock__/{path}", params=query, content=content)
        if response.status_code >= 400:
            raise MockServerError(_refusal(response, f"{method} /__mock__/{path}"))
        return response.json() if response.content else None


def _refusal(response: httpx2.Response, what: str) -> str:
    """Why the mock refused something, in its own words."""
    try:
        return str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"{what}: {response.text}"
