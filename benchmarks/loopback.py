"""A bare HTTP server on loopback for measurements, in a process of its own.

`python -m benchmarks.loopback` prints its port and serves until standard input ends. It answers GET with a small user,
or with as many zero bytes as `?bytes=` says, or (`COUNT`) with the number of connections so far, and POST with the
number of bytes that it received.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from benchmarks.figures import ROOT

_USER = b'{"id": "005000000000001AAA", "name": "Ada", "type": "User"}'
_PIECE = bytes(1 << 20)
COUNT = "/services/data/v67.0/connections"
"""The path that says how many connections were opened so far."""
_opened = itertools.count(1)


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    """Bursts open a hundred connections at once; of those that do not fit into the queue, the kernel drops packets."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    number = 0

    def setup(self) -> None:
        type(self).number = next(_opened)
        super().setup()

    def do_GET(self) -> None:
        if self.path == COUNT:
            body = b'{"connections": %d}' % type(self).number
            self._head(len(body), "application/json;charset=UTF-8")
            self.wfile.write(body)
            return
        wanted = parse_qs(urlsplit(self.path).query).get("bytes")
        if wanted is None:
            self._head(len(_USER), "application/json;charset=UTF-8")
            self.wfile.write(_USER)
            return
        left = int(wanted[0])
        self._head(left, "application/octet-stream")
        while left:
            left -= self.wfile.write(_PIECE[: min(left, len(_PIECE))])

    def do_POST(self) -> None:
        left = total = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, len(_PIECE))))
        body = b'{"received": %d}' % total
        self._head(len(body), "application/json;charset=UTF-8")
        self.wfile.write(body)

    def _head(self, length: int, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Stay silent."""


@contextmanager
def serving() -> Generator[str, None, None]:
    """The address of a server that runs meanwhile."""
    command = [sys.executable, "-m", "benchmarks.loopback"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip() if process.stdout else ''}"
        finally:
            process.terminate()


def main() -> None:
    """Serve until standard input ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
