"""Tokens kept in a file between the runs of a script, so that it does not log in each time."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sf_connect.core.auth.login import Login, TokenResponse
from sf_connect.core.exceptions import LoginError
from sf_connect.core.request.urls import check_instance_url
from sf_connect.core.transport.secrets import Secret

if TYPE_CHECKING:
    import httpx2

_FIELDS = ("access_token", "instance_url", "refresh_token", "site_url", "identity_url", "scope")
_MOST_BYTES = 1 << 20
_ALONE = 0o077
"""The bits of a file's mode that are for others than its owner."""


class CachedLogin(Login):
    """A login whose tokens are kept in a file that only its owner can read (mode 0600).

    The first token comes from the file, if it has one of this login. When the server refuses it, the file is read once
    more, since another client or process may have logged in meanwhile; if it has no other token, the login is run with
    the refresh token that the file has, and what it returns replaces what is in the file.

    Args:
        login: the login, which has a `cache_key`.
        path: the file; it is created with the folder that it is in.

    Raises:
        ValueError: the login has no `cache_key`.
    """

    def __init__(self, login: Login, path: str | os.PathLike[str]) -> None:
        if login.cache_key is None:
            raise ValueError(f"the tokens of a {type(login).__name__} cannot be cached: it has no cache_key")
        self._login = login
        self._path = Path(path).expanduser()
        self._key = hashlib.sha256("\n".join(login.cache_key).encode()).hexdigest()
        self._last: Secret | None = None

    @property
    def is_repeatable(self) -> bool:
        """Whether the login can be run again; it has not been run where the token comes from the file."""
        return True

    def get(self, http: httpx2.Client, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """The token of the file, or of the login."""
        return self._cached() or self._stored(self._login.get(http, timeout))

    async def get_async(self, http: httpx2.AsyncClient, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """The token of the file, or of the login."""
        return self._cached() or self._stored(await self._login.get_async(http, timeout))

    def _cached(self) -> TokenResponse | None:
        """The token of the file, where it is another one than the last that came from here."""
        kept = self._read().get(self._key)
        if not isinstance(kept, dict):
            return None
        values = {name: one for name, one in cast("dict[str, object]", kept).items() if name in _FIELDS}
        if not all(isinstance(one, str | None) for one in values.values()):
            return None
        try:
            found = TokenResponse(**cast("dict[str, Any]", values))
            check_instance_url(found.instance_url)
        except (TypeError, ValueError):
            return None
        if found.refresh_token:
            self._login.use_refresh_token(found.refresh_token)
        return self._noted(found) if found.access_token and Secret(found.access_token) != self._last else None

    def _stored(self, found: TokenResponse) -> TokenResponse:
        everything = self._read()
        before = everything.get(self._key)
        kept = {name: value for name in _FIELDS if (value := getattr(found, name)) is not None}
        if isinstance(before, dict) and "refresh_token" in before:
            kept.setdefault("refresh_token", cast("dict[str, str]", before)["refresh_token"])
        everything[self._key] = kept
        self._write(json.dumps(everything))
        return self._noted(found)

    def _noted(self, found: TokenResponse) -> TokenResponse:
        """A token to use: the next time, another one is wanted."""
        self._last = Secret(found.access_token)
        return found

    def _read(self) -> dict[str, object]:
        """What the file holds; nothing where it does not exist or cannot be understood.

        Raises:
            LoginError: others can read it.
        """
        try:
            with self._path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                if os.name != "nt" and stat.S_IMODE(mode) & _ALONE:
                    raise LoginError(f"{self._path} holds tokens and can be read by others: run chmod 600 on it")
                found: object = json.loads(file.read(_MOST_BYTES))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise LoginError(f"{self._path} cannot be read: {error.strerror}") from None
        except (ValueError, RecursionError):
            return {}
        return cast("dict[str, object]", found) if isinstance(found, dict) else {}

    def _write(self, text: str) -> None:
        """Replace the file as a whole.

        Raises:
            LoginError: it cannot be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")  # mode 0600
            try:
                with os.fdopen(number, "w", encoding="utf-8") as file:
                    file.write(text)
                Path(name).replace(self._path)
            except BaseException:
                with suppress(OSError):
                    Path(name).unlink()
                raise
        except OSError as error:
            raise LoginError(f"{self._path} cannot be written: {error.strerror}") from None
