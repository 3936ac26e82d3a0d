"""An org as far as logins see it: a token endpoint, and resources that take its newest token only."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from core.server import Answer, Received, Server

EXPIRED = Answer(401, b'[{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]')


class Org:
    """Decides what a server responds.

    Attributes:
        logins: the forms that the token endpoint got.
        expire_after: how many calls a token lives; None for ever.
        more: what the token endpoint adds to its responses.
        refuse: what the token endpoint responses instead, where set.
    """

    def __init__(self, server: Server) -> None:
        self.url = server.url
        self.logins: list[dict[str, str]] = []
        self.received: list[Received] = []
        self.more: Callable[[dict[str, str]], dict[str, Any]] = lambda form: {}
        self.refuse: Callable[[dict[str, str]], Answer | None] = lambda form: None
        self._current = ""
        self._lock = threading.Lock()
        server.respond = self.respond

    @property
    def token(self) -> str:
        """The token that is good."""
        return self._current

    def expire(self) -> None:
        """No token is good any more."""
        self._current = ""

    def respond(self, received: Received) -> Answer:
        with self._lock:
            self.received.append(received)
            if urlsplit(received.target).path.endswith("/services/oauth2/token"):
                return self._login(received)
        if not self._current or received.headers["Authorization"] != f"Bearer {self._current}":
            return EXPIRED
        return Answer(body=b'{"name": "Ada"}')

    def _login(self, received: Received) -> Answer:
        form = dict(parse_qsl(received.body.decode()))
        self.logins.append(form)
        if (refused := self.refuse(form)) is not None:
            return refused
        self._current = f"00D-token-{len(self.logins)}"
        answer = {"access_token": self._current, "instance_url": self.url, "token_type": "Bearer", **self.more(form)}
        return Answer(body=json.dumps(answer).encode())
