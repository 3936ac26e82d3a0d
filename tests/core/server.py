"""A real HTTP server on loopback, in a process of its own, that records requests and responses as a test says."""

from __future__ import annotations

import atexit
import base64
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_MOST_AT_ONCE = 256


@dataclass(frozen=True)
class Received:
    """One request, as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What to response.

    `cut` closes the connection in the middle of the body, `reset` resets it there, `drop` closes it before a response;
    `delay` are seconds before the response, `drip` seconds between its bytes.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    drop: bool = False
    reset: bool = False
    delay: float = 0.0
    drip: float = 0.0

    def line(self, number: int) -> dict[str, Any]:
        """For the server's process."""
        body = base64.b64encode(self.body).decode()
        return {**vars(self), "number": number, "headers": list(self.headers.items()), "body": body}


def breaking_off(content: bytes) -> Callable[[Received], Answer]:
    """Responses of a file whose first download breaks off, and of which the rest can be requested."""
    file = {"Content-Type": "application/pdf", "ETag": '"1"', "Accept-Ranges": "bytes"}

    def respond(received: Received) -> Answer:
        if "Range" not in received.headers:
            return Answer(body=content[:-10], headers=file, cut=True)  # 10 are missing of what it announces
        begin = int(received.headers["Range"].removeprefix("bytes=").partition("-")[0])
        rest = {"Content-Range": f"bytes {begin}-{len(content) - 1}/{len(content)}"}
        return Answer(206, content[begin:], {**file, **rest})

    return respond


class Server:
    """The server; `responses` are given in turn, the last one for ever; `respond`, where set, decides instead."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.received: list[Received] = []
        self.answers: list[Answer] = [Answer()]
        self.respond: Callable[[Received], Answer] | None = None
        self._lock = threading.Lock()

    def answer(self, *answers: Answer) -> None:
        """Set the responses."""
        self.answers = list(answers)

    @property
    def last(self) -> Received:
        """The last request."""
        return self.received[-1]

    def next_answer(self, received: Received) -> Answer:
        with self._lock:
            self.received.append(received)
            if self.respond is None:
                return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return self.respond(received)


class _Process:
    """The server's process: its listeners, and the threads that decide what they response."""

    def __init__(self) -> None:
        program = str(Path(__file__).with_name("server_process.py"))
        self._process = subprocess.Popen(
            [sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._lock = threading.Lock()
        self._told: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._servers: dict[int, Server] = {}
        self._threads = ThreadPoolExecutor(_MOST_AT_ONCE)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        atexit.register(self._end)

    def open(self) -> Server:
        self._say({"open": True})
        server = Server(self._told.get(timeout=20))
        self._servers[server.port] = server
        return server

    def close(self, server: Server) -> None:
        self._say({"close": server.port})
        assert self._told.get(timeout=20) == server.port

    def _say(self, line: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.write(json.dumps(line) + "\n")
            self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for text in self._process.stdout:
            line = json.loads(text)
            if "number" in line:
                self._threads.submit(self._answer, line)
            else:
                self._told.put(line.get("opened") or line["closed"])

    def _answer(self, line: dict[str, Any]) -> None:
        received = Received(line["method"], line["target"], dict(line["headers"]), base64.b64decode(line["body"]))
        self._say(self._servers[line["port"]].next_answer(received).line(line["number"]))

    def _end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._process.terminate()
        self._process.wait()
        self._process.stdin.close()


@cache
def _process() -> _Process:
    return _Process()


@contextmanager
def running() -> Iterator[Server]:
    """A server on a port of its own."""
    process = _process()
    server = process.open()
    try:
        yield server
    finally:
        process.close(server)
