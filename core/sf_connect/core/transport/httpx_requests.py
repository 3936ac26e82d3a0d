"""What is handed to httpx2: requests that show no query where they are logged, and carry no cookie of another user.

Several clients, of several users, may share an httpx2 client. It keeps the cookies of all responses in one place and
adds them to every request to the same host, where a session's cookie could act for the wrong user. The API needs no
cookies.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx2

_NOBODY = "https://nobody.invalid/"


class QuietURL(httpx2.URL):
    """A URL whose text leaves out the query: httpx2 logs it, and a query may hold a token of its own."""

    def __str__(self) -> str:
        return super().__str__().partition("?")[0]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


def no_cookies() -> CookieJar:
    """A jar for connections of our own, which takes no cookies."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


def build_httpx_request(http: httpx2.Client | httpx2.AsyncClient, arguments: Mapping[str, Any]) -> httpx2.Request:
    """A request of an httpx2 client, without cookies that servers have set.

    A cookie that somebody put there for every host has no domain, as none of a server can, and goes along; so does a
    header that somebody wrote.

    Args:
        http: the client.
        arguments: what its `build_request` takes.
    """
    request = http.build_request(**arguments)
    if "Cookie" in request.headers and not _is_written(http, arguments):
        del request.headers["Cookie"]
        for_any_host = httpx2.Request("GET", _NOBODY)
        http.cookies.set_cookie_header(for_any_host)
        if (put := for_any_host.headers.get("Cookie")) is not None:
            request.headers["Cookie"] = put
    request.url = QuietURL(request.url)
    return request


def _is_written(http: httpx2.Client | httpx2.AsyncClient, arguments: Mapping[str, Any]) -> bool:
    """Whether the header is one of the call or of the client, rather than made of its cookies."""
    return "Cookie" in http.headers or any(name.lower() == "cookie" for name in arguments.get("headers", ()))
