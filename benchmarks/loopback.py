"""A bare HTTP server on loopback for measurements, in a process of its own: `python -m benchmarks.loopback` prints its port.

It answers GET with a small user, or with as many zero bytes as `?bytes=` says, and anything else with what it received.
"""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_USER = b'{"id": "005000000000001AAA", "name": "Ada", "type": "User"}'
_PIECE = bytes(1 << 20)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        wanted = parse_qs(urlsplit(self.path).query).get("bytes")
        if wanted is None:
            self._head(len(_USER))
            self.wfile.write(_USER)
            return
        left = int(wanted[0])
        self._head(left, "application/octet-stream")
        while left:
            left -= self.wfile.write(_PIECE[: min(left, len(_PIECE))])

    def do_POST(self) -> None:
        left = total = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, 1 << 20)))
        body = b'{"received": %d}' % total
        self._head(len(body))
        self.wfile.write(body)

    def _head(self, length: int, kind: str = "application/json;charset=UTF-8") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Stay silent."""


def main() -> None:
    """Serve until standard input ends."""
    import threading

    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
