"""The process of the tests' server: real HTTP on loopback. What to response is asked, line by line, of the test.

Every request goes to standard output as a line of JSON; the response to it comes as a line on standard input.
"""

from __future__ import annotations

import base64
import json
import queue
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Lines:
    """Writes lines and hands each request the response that comes for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._numbers = 0

    def say(self, line: dict[str, Any]) -> None:
        with self._lock:
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        answers: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        with self._lock:
            self._numbers += 1
            number = self._numbers
            self._waiting[number] = answers
        self.say({"number": number, **request})
        return answers.get()

    def answered(self, answer: dict[str, Any]) -> None:
        with self._lock:
            waiting = self._waiting.pop(answer["number"])
        waiting.put(answer)


LINES = Lines()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a response in two writes would wait for the first one's acknowledgement

    def handle_any(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            return
        request = {
            "port": self.server.server_address[1],
            "method": self.command,
            "target": self.path,
            "headers": list(self.headers.items()),
            "body": base64.b64encode(body).decode(),
        }
        answer = LINES.ask(request)
        time.sleep(answer["delay"])
        if answer["drop"]:
            self.close_connection = True
            return
        self._answer(answer)
        if answer["reset"]:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = self.close_connection or answer["cut"] or answer["reset"]

    def _answer(self, answer: dict[str, Any]) -> None:
        body = base64.b64decode(answer["body"])
        missing = 10 if answer["cut"] or answer["reset"] else 0
        self.send_response(answer["status"])
        for name, value in answer["headers"]:
            self.send_header(name, value)
        if answer["status"] != 204:
            self.send_header("Content-Length", str(len(body) + missing))
        self.end_headers()
        if answer["status"] == 204 or self.command == "HEAD":
            return
        if answer["drip"]:
            for byte in body:
                self.wfile.write(bytes([byte]))
                time.sleep(answer["drip"])
        else:
            self.wfile.write(body)

    def _body(self) -> bytes | None:
        """The request's body, None where the client went away in the middle of it."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            return body if len(body) == length else None
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

    def shutdown_request(self, request: Any) -> None:
        """Close without ado, so that a connection can be reset."""
        self.close_request(request)


def main() -> None:
    """Open and close listeners, and pass responses on, until standard input ends."""
    listeners: dict[int, Listener] = {}
    for text in sys.stdin:
        line = json.loads(text)
        if "number" in line:
            LINES.answered(line)
        elif "open" in line:
            listener = Listener(("127.0.0.1", 0), Handler)
            port = int(listener.server_address[1])
            listeners[port] = listener
            threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            LINES.say({"opened": port})
        else:
            closing = listeners.pop(line["close"])
            closing.shutdown()
            closing.server_close()
            LINES.say({"closed": line["close"]})


if __name__ == "__main__":
    main()
