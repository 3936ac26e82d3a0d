"""A real HTTP server on loopback that records requests and answers as a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    """One request, as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What to answer; `cut` closes the connection in the middle of the body, `drop` before any answer."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    drop: bool = False


class Server:
    """The server; `answers` are given in turn, the last one for ever; `respond`, where set, decides instead."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.received: list[Received] = []
        self.answers: list[Answer] = [Answer()]
        self.respond: Callable[[Received], Answer] | None = None
        self._lock = threading.Lock()

    def answer(self, *answers: Answer) -> None:
        """Set the answers."""
        self.answers = list(answers)

    @property
    def last(self) -> Received:
        """The last request."""
        return self.received[-1]

    def next_answer(self, received: Received) -> Answer:
        with self._lock:
            self.received.append(received)
            if self.respond is not None:
                return self.respond(received)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def running() -> Iterator[Server]:
    """Run a server in threads of its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # an answer in two writes would wait for the first one's acknowledgement

        def handle_any(self) -> None:
            received = Received(self.command, self.path, dict(self.headers.items()), self._body())
            answer = server.next_answer(received)
            if answer.drop:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(answer.body) + (10 if answer.cut else 0)))
            self.end_headers()
            if answer.status != 204 and self.command != "HEAD":
                self.wfile.write(answer.body)
            self.close_connection = self.close_connection or answer.cut

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            pieces: list[bytes] = []
            while size := int(self.rfile.readline(), 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep the tests' output quiet."""

    class Listener(ThreadingHTTPServer):
        request_queue_size = 256

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that went away is what some tests want."""

    listener = Listener(("127.0.0.1", 0), Handler)
    server = Server(listener.server_address[1])
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
