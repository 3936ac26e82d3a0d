"""Runs the functions of a test that make responses: asks the mock for requests to them, in a thread of its own."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx2

from sf_connect.testing.calls import Call
from sf_connect.testing.responses import Function, Response, as_order

_WAIT_SECONDS = 20
_TIMEOUT_SECONDS = 40.0


class FunctionRunner:
    """The functions of one test process.

    Args:
        url: the mock.
    """

    def __init__(self, url: str) -> None:
        self._owner = uuid.uuid4().hex
        self._functions: dict[str, tuple[Function, Response]] = {}
        self._http = httpx2.Client(base_url=url, timeout=_TIMEOUT_SECONDS)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sf-connect mock functions", daemon=True)
        self._thread.start()

    def add(self, function: Function, defaults: Response) -> str:
        """The name by which a stub calls a function; `defaults` hold where it returns only a body."""
        name = f"{self._owner}/{len(self._functions)}"
        self._functions[name] = function, defaults
        return name

    def forget(self) -> None:
        """Forget all functions."""
        self._functions = {}

    def stop(self, wake: Callable[[str], None]) -> None:
        """End the thread.

        Args:
            wake: lets the mock end the request that waits for work of an owner.
        """
        self._ended.set()
        with suppress(Exception):
            wake(self._owner)
        self._thread.join(5)
        self._http.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                query: dict[str, str | int] = {"owner": self._owner, "seconds": _WAIT_SECONDS}
                response = self._http.get("/__mock__/functions", params=query)
                if response.status_code == 200:
                    self._serve(response.json())
            except httpx2.HTTPError:
                self._ended.wait(0.2)

    def _serve(self, work: dict[str, Any]) -> None:
        try:
            function, defaults = self._functions[work["function"]]
            result = as_order(function(Call(work["request"])), defaults)
            content = json.dumps(result)
        except Exception as error:
            reason = f"the function of a stub raised {type(error).__name__}: {error}"
            content = json.dumps({"status": 501, "error": {"errorCode": "STUB_ERROR", "message": reason}})
        self._http.post(f"/__mock__/functions/{work['id']}", content=content)
