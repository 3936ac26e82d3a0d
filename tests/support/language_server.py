"""A client of pyright's language server: asks what an editor asks when a person hovers or opens a parenthesis."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Self

from support.node import ROOT

_ANSWERS: dict[str, Any] = {"workspace/configuration": [{}, {}, {}]}


class LanguageServer:
    """One server process over one folder; a context manager.

    Args:
        folder: the workspace; its `pyrightconfig.json` says where packages are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last_id = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [str(ROOT / "node_modules" / ".bin" / "pyright-langserver"), "--stdio"],
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        uri = self._folder.as_uri()
        self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": "sample"}],
                "capabilities": {
                    "textDocument": {
                        "hover": {"contentFormat": ["plaintext"]},
                        "signatureHelp": {"signatureInformation": {"documentationFormat": ["plaintext"]}},
                    }
                },
            },
        )
        self.tell("initialized", {})
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def open(self, path: Path) -> None:
        """Open a file as an editor does."""
        document = {
            "uri": path.as_uri(),
            "languageId": "python",
            "version": 1,
            "text": path.read_text(encoding="utf-8"),
        }
        self.tell("textDocument/didOpen", {"textDocument": document})

    def ask(self, method: str, parameters: dict[str, Any]) -> Any:
        """Send a request; its result."""
        self._last_id += 1
        self._send({"id": self._last_id, "method": method, "params": parameters})
        while True:
            message = self._receive()
            if message.get("id") == self._last_id and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]
            if "id" in message and "method" in message:
                self._send({"id": message["id"], "result": _ANSWERS.get(message["method"])})

    def tell(self, method: str, parameters: dict[str, Any]) -> None:
        """Send a notification."""
        self._send({"method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the language server ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message
