"""A real proxy on loopback: CONNECT and plain, with a password where a test wants one, or one that refuses."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from core.raw_server import RawServer, raw_server, response


class Proxy:
    """The proxy.

    Attributes:
        url: where it listens, without user and password.
        targets: what it was asked for, `CONNECT host:443` or `GET http://host/path`.
        lines: all header lines that came with that, in lower case.
    """

    def __init__(self, server: RawServer, scheme: str) -> None:
        self.url = f"{scheme}://127.0.0.1:{server.port}"
        self.targets: list[str] = []
        self.lines: list[str] = []

    def with_user(self, user: str) -> str:
        """The URL with user and password."""
        return self.url.replace("://", f"://{user}@")


@contextmanager
def proxy(
    goes_to: int | None = None,
    user: str | None = None,
    refuses: str | None = None,
    context: ssl.SSLContext | None = None,
) -> Iterator[Proxy]:
    """A proxy.

    Args:
        goes_to: the port of this machine to which every request goes, whatever host it names.
        user: the user and password that it requires, `ada:secret`.
        refuses: the status with which it refuses everything.
        context: the SSL context of a proxy that is spoken to over TLS.
    """
    wanted = None if user is None else f"proxy-authorization: basic {base64.b64encode(user.encode()).decode()}"
    made: list[Proxy] = []

    def handle(connection: socket.socket, request: bytes) -> None:
        head, _, rest = request.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        made[0].targets.append(f"{method} {target}")
        made[0].lines += [line.lower() for line in lines]
        status = refuses
        if wanted is not None and wanted.lower() not in [line.lower() for line in lines]:
            status = "407 Proxy Authentication Required"
        if status is not None:
            connection.sendall(response(b"no", status=status))
        elif method == "CONNECT":
            _tunnel(connection, goes_to or int(target.rpartition(":")[2]))
        else:
            _forward(connection, method, target, lines, rest, goes_to)

    with raw_server(handle, context=context) as server:
        made.append(Proxy(server, "http" if context is None else "https"))
        yield made[0]


def _tunnel(connection: socket.socket, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as target:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = threading.Thread(target=_copy, args=(target, connection), daemon=True)
        back.start()
        _copy(connection, target)
        back.join(5)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


def _forward(
    connection: socket.socket, method: str, target: str, lines: list[str], body: bytes, goes_to: int | None
) -> None:
    parts = urlsplit(target)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection:"))]
    with socket.create_connection(("127.0.0.1", goes_to or parts.port or 80)) as server:
        head = "\r\n".join([f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""])
        server.sendall(head.encode("latin-1") + body)
        while piece := server.recv(65536):
            connection.sendall(piece)
