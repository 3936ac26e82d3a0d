"""Builds httpx2 requests that keep their query out of logs and carry no cookie of another user.

Several clients, of several users, may share an httpx2 client, which stores the cookies of all responses and adds them
to every request to the same host, so that a session cookie could act for the wrong user. The API needs no cookies.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx2

from sf_connect.core.request.building import checked_headers

_NOBODY = "https://nobody.invalid/"
_WITH_LENGTH = ("PATCH", "POST", "PUT")
_OWN = ("authorization", "content-length", "host", "transfer-encoding")
_LONGEST = 60_000
"""Characters of a path and query; httpx2 refuses URLs that are not much longer."""


class QuietURL(httpx2.URL):
    """A URL whose text omits the query: httpx2 logs it, and a query may hold a token."""

    def __str__(self) -> str:
        return super().__str__().partition("?")[0]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


def no_cookies() -> CookieJar:
    """A cookie jar for our own connections, which accepts no cookies."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


def build_httpx_request(http: httpx2.Client | httpx2.AsyncClient, arguments: Mapping[str, Any]) -> httpx2.Request:
    """A request of an httpx2 client, without cookies that servers have set.

    A cookie that the program itself set for all hosts is sent: it has no domain, as those of servers always do.
    So is a `Cookie` header that the program set.

    Args:
        http: the client.
        arguments: the arguments of its `build_request`.
    """
    request = http.build_request(**arguments)
    if "Cookie" in request.headers and not _is_explicit(http, arguments):
        del request.headers["Cookie"]
        for_any_host = httpx2.Request("GET", _NOBODY)
        http.cookies.set_cookie_header(for_any_host)
        if (cookie := for_any_host.headers.get("Cookie")) is not None:
            request.headers["Cookie"] = cookie
    request.url = QuietURL(request.url)
    return request


def build_own_request(
    defaults: Mapping[str, str], arguments: Mapping[str, Any], base: str | None = None, path: str = "", query: str = ""
) -> httpx2.Request:
    """A request of an httpx2 client of our own, which takes nothing from it but headers: that is a third faster.

    Args:
        defaults: the headers of the httpx2 client, by lower-case name.
        arguments: the arguments of `build_request`.
        base: the instance's URL, where the URL is made of it, a path and a query that are encoded already.
        path: the path.
        query: the query; empty where there is none.
    """
    content = arguments["content"]
    url = QuietURL(arguments["url"]) if base is None else below(base, path, query)
    given: Mapping[str, str] = arguments["headers"]
    names = {name.lower() for name in given}
    headers = {name: value for name, value in defaults.items() if name not in names}
    headers.update(given)
    timeout = arguments["timeout"]
    seconds: Mapping[str, float | None]
    if isinstance(timeout, int | float):
        seconds = {"connect": timeout, "read": timeout, "write": timeout, "pool": timeout}
    else:
        seconds = httpx2.Timeout(timeout).as_dict()
    method, extensions = arguments["method"], {"timeout": seconds}
    if content is None or isinstance(content, bytes):  # what httpx2 would find out in more steps
        if "host" not in names:
            headers = {"Host": url.netloc.decode("ascii"), **headers}
        if (content or method in _WITH_LENGTH) and "content-length" not in names:
            headers["Content-Length"] = str(len(content or b""))
        stream = httpx2.ByteStream(content or b"")
        request = httpx2.Request(method, url, headers=headers, stream=stream, extensions=extensions)
    else:
        request = httpx2.Request(method, url, headers=headers, content=content, extensions=extensions)
    request.url = url  # the request made a plain one of it
    return request


def add_headers(request: httpx2.Request, added: dict[str, str]) -> None:
    """Add the headers of a hook to a request.

    Raises:
        TypeError: a value is no str.
        ValueError: it is a header that only the client may set, or one that cannot be sent.
    """
    for name, value in checked_headers(added).items():
        if name.lower() in _OWN:
            raise ValueError(f"the client sets the header {name}: a hook cannot")
        request.headers[name] = value


def below(base: str, path: str, query: str) -> QuietURL:
    """The URL of a path and a query below another URL. All are encoded as they are to be sent, so nothing is parsed."""
    parsed = _parsed(base)
    parts: Any = getattr(parsed, "_uri_reference", None)
    if parts is None or len(path) + len(query) > _LONGEST:  # another release of httpx2; or it refuses the URL
        return QuietURL(f"{base}{path}?{query}" if query else f"{base}{path}")
    url = QuietURL.__new__(QuietURL)
    whole = parts.path.rstrip("/") + path
    setattr(url, "_uri_reference", parts._replace(path=whole, query=query or None))  # noqa: B010  it is no public name
    return url


@lru_cache(maxsize=64)
def _parsed(base: str) -> QuietURL:
    return QuietURL(base)


def _is_explicit(http: httpx2.Client | httpx2.AsyncClient, arguments: Mapping[str, Any]) -> bool:
    """Whether the call or the httpx2 client sets the header, so that it does not come from stored cookies."""
    return "Cookie" in http.headers or any(name.lower() == "cookie" for name in arguments.get("headers", ()))
