"""The cookies of an anonymous client: a guest's cart belongs to them. They are the client's own, and can be saved."""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import suppress
from http.cookiejar import DefaultCookiePolicy, LoadError, LWPCookieJar
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from sf_connect.core.transport.forks import renew_in_children

_HEADING = "#LWP-Cookies-2.0\n"


class Cookies:
    """The cookies that one host has set for a client; no other client sends them.

    Args:
        url: the URL of the host; cookies of other hosts are neither taken nor sent.
        path: a file from which they are loaded, if it exists.

    Raises:
        ValueError: the file holds no cookies.
        OSError: it cannot be read.
    """

    def __init__(self, url: str, path: str | os.PathLike[str] | None = None) -> None:
        host = urlsplit(url).hostname or ""
        hosts = (host, f".{host}", f"{host}.local", f".{host}.local")  # http.cookiejar appends .local to plain names
        self._jar = LWPCookieJar(policy=DefaultCookiePolicy(allowed_domains=hosts))
        self._cookies = httpx2.Cookies(self._jar)
        self._path = None if path is None else Path(path).expanduser()
        renew_in_children(self)
        if self._path is not None and self._path.exists():
            try:
                self._jar.load(os.fspath(self._path), ignore_discard=True)
            except LoadError:
                raise ValueError(f"{self._path} holds no cookies that save() has written") from None

    def __repr__(self) -> str:
        return f"<Cookies: {', '.join(self.names) or 'none'}>"

    def __len__(self) -> int:
        return len(self._jar)

    @property
    def names(self) -> list[str]:
        """The names of the cookies; their values are not shown."""
        return sorted({cookie.name for cookie in self._jar})

    def save(self, path: str | os.PathLike[str] | None = None) -> None:
        """Write the cookies to a file that only its owner can read (mode 0600), also those of a session.

        Args:
            path: the file; by default the one that they were loaded from.

        Raises:
            ValueError: there is no path.
            OSError: it cannot be written.
        """
        target = self._path if path is None else Path(path).expanduser()
        if target is None:
            raise ValueError("give the path of a file: these cookies were not loaded from one")
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(_HEADING + self._jar.as_lwp_str(ignore_discard=True, ignore_expires=True))
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise

    def clear(self) -> None:
        """Forget all: the next request is that of another guest."""
        self._jar.clear()

    def add_to(self, request: httpx2.Request) -> None:
        """Add the cookies to a request, unless it has some of its own."""
        if "Cookie" not in request.headers:
            self._cookies.set_cookie_header(request)

    def take_from(self, response: httpx2.Response) -> None:
        """Take the cookies that a response sets."""
        if "Set-Cookie" in response.headers:
            self._cookies.extract_cookies(response)

    def renew_after_fork(self) -> None:
        """Replace the lock, which a thread of the parent may have held."""
        setattr(self._jar, "_cookies_lock", threading.RLock())  # noqa: B010  it is no public name
