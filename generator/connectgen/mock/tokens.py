"""Access tokens, refresh tokens and codes: what the login gave, what has expired, what was revoked."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from connectgen.mock.refusal import RefusalError, refuse
from connectgen.mock.settings import Settings

_CODE_SECONDS = 600
_BEARER_SECONDS = 20 * 60
_MOST_KEPT = 10_000
"""Tokens, and codes, that are remembered; a page in a browser could ask for codes without an end."""
BEARER_PARAMETER = "bearerToken"
"""The parameter by which a URL carries a token of its own."""


@dataclass(slots=True)
class _Access:
    expires: float
    is_revoked: bool = False
    refresh_token: str | None = None


@dataclass(slots=True)
class Code:
    """A code that a login page gave, to be exchanged once."""

    client_id: str
    redirect_uri: str
    challenge: str | None
    method: str
    expires: float


class Tokens:
    """The tokens of one server.

    Args:
        settings: which tokens are taken, and how long they last.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._fixed = set(settings.tokens)
        self._access: dict[str, _Access] = {}
        self._refresh: dict[str, None] = {}
        self._codes: dict[str, Code] = {}
        self._secret = secrets.token_bytes(32)

    def clear(self) -> None:
        """Forget all tokens but those of the settings."""
        self._fixed = set(self._settings.tokens)
        self._access.clear()
        self._refresh.clear()
        self._codes.clear()

    def issue(self, refresh_token: str | None = None) -> str:
        """A new access token."""
        token = f"00DMK0000000001!{secrets.token_urlsafe(24)}"
        _make_room(self._access)
        self._access[token] = _Access(time.monotonic() + self._settings.token_seconds, refresh_token=refresh_token)
        return token

    def issue_refresh_token(self) -> str:
        """A new refresh token."""
        token = f"5Aep{secrets.token_urlsafe(24)}"
        _make_room(self._refresh)
        self._refresh[token] = None
        return token

    def is_refresh_token(self, token: str) -> bool:
        """Whether a refresh token is known and was not revoked."""
        return token in self._refresh

    def keep_code(self, client_id: str, redirect_uri: str, challenge: str | None, method: str) -> str:
        """A new code."""
        code = f"aPrx{secrets.token_urlsafe(24)}"
        _make_room(self._codes)
        self._codes[code] = Code(client_id, redirect_uri, challenge, method, time.monotonic() + _CODE_SECONDS)
        return code

    def take_code(self, code: str) -> Code | None:
        """What a code was issued for; it is valid once, for ten minutes."""
        found = self._codes.pop(code, None)
        return found if found is not None and found.expires > time.monotonic() else None

    def revoke(self, token: str | None) -> int:
        """Revoke an access or refresh token, and what came of it; all of them for None. Gives how many were known."""
        chosen = [
            access for name, access in self._access.items() if token is None or token in (name, access.refresh_token)
        ]
        for access in chosen:
            access.is_revoked = True
        known = self._refresh.keys() if token is None else self._refresh.keys() & {token}
        fixed = self._fixed if token is None else self._fixed & {token}
        count = len(chosen) + len(known) + len(fixed)
        for name in list(fixed):
            self._fixed.discard(name)
            self._access[name] = _Access(0.0, is_revoked=True)
        self._refresh = {name: None for name in self._refresh if name not in known}
        return count

    def expire(self, token: str | None) -> int:
        """Let an access token expire, or all; gives how many were known."""
        chosen = [name for name in (*self._access, *self._fixed) if token in (None, name)]
        for name in chosen:
            self._fixed.discard(name)
            self._access.setdefault(name, _Access(0.0)).expires = 0.0
        return len(chosen)

    def is_valid(self, token: str) -> bool:
        """Whether an access token is taken."""
        access = self._access.get(token)
        if access is not None:
            return not access.is_revoked and access.expires > time.monotonic()
        return token in self._fixed or (self._settings.any_token and bool(token))

    def check(self, authorization: str | None) -> None:
        """Let a request pass, or not.

        Args:
            authorization: the header.

        Raises:
            RefusalError: 401.
        """
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if not token or scheme.lower() not in ("bearer", "oauth"):
            raise _unauthorized("INVALID_AUTH_HEADER", "send Authorization: Bearer TOKEN")
        if self.is_valid(token):
            return
        access = self._access.get(token)
        why = "it was revoked" if access and access.is_revoked else "it has expired" if access else "it is unknown"
        hint = "" if access else "; the mock takes those of its login, of --token, and with --any-token all"
        raise _unauthorized("INVALID_SESSION_ID", f"Session expired or invalid: {why}{hint}")

    def with_bearer(self, url: str) -> str:
        """A URL that carries a token of its own, for twenty minutes."""
        expires = int(time.time()) + _BEARER_SECONDS
        separator = "&" if "?" in url else "?"
        return f"{url}{separator}{BEARER_PARAMETER}={expires}.{self._signature(url, expires)}"

    def is_own_url(self, target: str) -> bool:
        """Whether a URL carries its own token, unchanged and in time."""
        url, found, given = target.rpartition(f"{BEARER_PARAMETER}=")
        expires, _, signature = given.partition(".")
        if not found or url[-1:] not in ("?", "&") or not expires.isdigit() or int(expires) < time.time():
            return False
        return hmac.compare_digest(signature.encode(), self._signature(url[:-1], int(expires)).encode())

    def _signature(self, url: str, expires: int) -> str:
        return hmac.new(self._secret, f"{expires} {url}".encode(), sha256).hexdigest()[:40]


def _make_room(kept: dict[str, Any]) -> None:
    """Forget the oldest where there are too many."""
    if len(kept) >= _MOST_KEPT:
        del kept[next(iter(kept))]


def expired() -> RefusalError:
    """The refusal of a session that has expired."""
    return _unauthorized("INVALID_SESSION_ID", "Session expired or invalid")


def _unauthorized(code: str, message: str) -> RefusalError:
    return refuse(401, code, message, "token", None, {"WWW-Authenticate": f'Token error="{code}"'})
