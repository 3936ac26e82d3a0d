"""Starts and controls a mock server, in a separate process, so that it does not share state with a test."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpx2

_READY_SECONDS = 30.0
_STOP_SECONDS = 5.0
TOKEN = "mock-token"  # noqa: S105  it opens nothing but the mock


class MockServerError(RuntimeError):
    """The mock server did not start, or refused a request; the message holds its output."""


class MockServer:
    """A mock server on a free port of this machine; a context manager.

    Args:
        options: further options of `connectgen mock`, such as `--state` or `--seed`, `7`.

    Attributes:
        token: an access token that the mock accepts.
    """

    def __init__(self, options: Sequence[str] = ()) -> None:
        self.token = TOKEN
        self._options = list(options)
        self._process: subprocess.Popen[str] | None = None
        self._output: _Output | None = None
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
        command = [sys.executable, "-m", "connectgen", "mock", "--port", "0", *self._options]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env=_environment(),
        )
        output = _Output(process)
        first = output.first_line(_READY_SECONDS)
        if not first.startswith("http"):
            process.kill()
            process.wait()
            raise MockServerError(_why(output.errors()))
        self._process, self._output = process, output
        self._url = first
        self._http = httpx2.Client(base_url=first, timeout=_READY_SECONDS)
        try:
            is_ready = self._http.get("/__mock__").is_success  # waits until the catalogue is loaded
        except httpx2.HTTPError:
            is_ready = False
        if not is_ready:
            self.stop()
            raise MockServerError(_why(output.errors()))

    def stop(self) -> None:
        """Stop the server."""
        if self._http is not None:
            self._http.close()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._output is not None:
            self._output.errors()  # its threads close the streams
        self._process = self._output = self._url = self._http = None

    def calls(self, **wanted: object) -> list[dict[str, Any]]:
        """The requests since the start or the last `reset`, oldest first.

        Args:
            wanted: only those with these values: `operation="chatter.users.get"`, `method`, `version`, `status`.
        """
        found: list[dict[str, Any]] = self._ask("GET", "calls", {name: str(value) for name, value in wanted.items()})[
            "calls"
        ]
        return found

    def coverage(self) -> dict[str, Any]:
        """By version (`"67.0"`), which operations were called successfully, and which were not."""
        found: dict[str, Any] = self._ask("GET", "coverage")["versions"]
        return found

    def fault(
        self, times: int | None = 1, *, skip: int = 0, match: Mapping[str, str] | None = None, **what: object
    ) -> None:
        """Make the next requests fail.

        Args:
            times: how many; None for all from now on.
            skip: how many matching requests succeed first.
            match: only requests with these values: `method`, `path` (after the version, with `*`), `version`.
            what: what happens: `status=500`, `hourly_limit=True`, `latency=250`, `reset=True`, `future_server=True` …

        Raises:
            MockServerError: there is no such fault.
        """
        self._ask("POST", "faults", body={"fault": what, "times": times, "skip": skip, "match": dict(match or {})})

    def expire_tokens(self) -> None:
        """Expire all access tokens, `token` too, until `reset`."""
        self._ask("POST", "tokens/expire", body={})

    def new_token(self) -> str:
        """An access token without a login."""
        token: str = self._ask("POST", "tokens", body={})["access_token"]
        return token

    def reset(self) -> None:
        """Clear calls, faults, tokens and what was created."""
        self._ask("POST", "reset", body={})

    def _ask(self, method: str, path: str, query: Mapping[str, str] | None = None, body: object = None) -> Any:
        url = self.url
        if self._http is None:
            raise MockServerError(f"the mock at {url} was stopped")
        content = None if body is None else json.dumps(body)
        response = self._http.request(method, f"/__mock__/{path}", params=query, content=content)
        if response.status_code >= 400:
            raise MockServerError(f"{method} /__mock__/{path}: {response.text}")
        return response.json() if response.content else None


class _Output:
    """The output of a process, read in threads so that the process never blocks."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._errors: list[str] = []
        self._threads = [
            threading.Thread(target=self._read_lines, args=(process,), daemon=True),
            threading.Thread(target=self._read_errors, args=(process,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def first_line(self, seconds: float) -> str:
        """The first line, empty where none comes in time."""
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            return ""

    def errors(self) -> str:
        """What was written to standard error, once the process has ended."""
        for thread in self._threads:
            thread.join(_STOP_SECONDS)
        return "".join(self._errors).strip()

    def _read_lines(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is not None:
            with process.stdout as lines:
                for line in lines:
                    self._lines.put(line.strip())
        self._lines.put("")

    def _read_errors(self, process: subprocess.Popen[str]) -> None:
        if process.stderr is not None:
            with process.stderr as lines:
                self._errors.extend(lines)


def _environment() -> dict[str, str]:
    """This process's environment, with the import path of this process."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _why(output: str) -> str:
    if "No module named connectgen" in output:
        return 'connectgen is not installed: pip install "sf-connect-core[testing]"'
    return f"the mock did not start: {output or 'without any output'}"
