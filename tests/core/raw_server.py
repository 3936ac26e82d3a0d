"""A server that says on each connection just what a test has it say, byte by byte where it must."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Handler = Callable[[socket.socket, bytes], object]


def read_request(connection: socket.socket) -> bytes:
    """The head of the next request and its body; nothing where the client has closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            while len(body) < int(value):
                body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole response."""
    lines = (f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


class RawServer:
    """The server.

    Attributes:
        url: where it listens.
        connections: how many were opened.
        requests: all of them.
    """

    def __init__(self, handle: Handler, idle: float | None, context: ssl.SSLContext | None = None) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self._handle = handle
        self._idle = idle
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'http' if context is None else 'https'}://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), self._secured(connection) as connection:
            connection.settimeout(self._idle)
            while request := read_request(connection):
                self.requests.append(request)
                self._handle(connection, request)

    def _secured(self, connection: socket.socket) -> socket.socket:
        if self._context is None:
            return connection
        try:
            return self._context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            raise


@contextmanager
def raw_server(
    handle: Handler, idle: float | None = None, context: ssl.SSLContext | None = None
) -> Iterator[RawServer]:
    """A server whose connections are given to `handle` with each request; idle ones are closed after `idle` seconds.

    With an SSL context it speaks TLS.
    """
    server = RawServer(handle, idle, context)
    try:
        yield server
    finally:
        server.close()
