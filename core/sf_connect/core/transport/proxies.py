"""Proxies: the setting `proxy`, what is wrong with one, and which one a request goes through."""

from __future__ import annotations

import ssl
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx2

from sf_connect.core.transport.secrets import Secret

PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")
"""Variables of the environment, in lower case."""
_SCHEMES = ("http", "https", "socks5", "socks5h")
_EXAMPLE = "http://proxy.example:3128"
_UNQUOTED = "it cannot be parsed; quote user and password by urllib.parse.quote"


def checked_proxy(proxy: object) -> Secret | None:
    """The URL of a proxy, which may have a password; None for what the environment says.

    Args:
        proxy: the URL, as a text or hidden already.

    Raises:
        TypeError: it is no text.
        ValueError: it is no URL of a proxy, or one that needs a package which is not installed. No message shows it.
    """
    if proxy is None:
        return None
    kind, secret = type(proxy).__name__, Secret.of(proxy)
    is_text = isinstance(proxy, str | Secret)
    del proxy  # a tool that records locals would show it
    if not is_text:
        raise TypeError(f"proxy takes a URL such as {_EXAMPLE}, not {kind}")
    fault = _fault_of(secret)
    if fault is not None:
        raise ValueError(f"proxy must look like {_EXAMPLE}, perhaps with user:password@ before the host: {fault}")
    return secret


def has_proxies() -> bool:
    """Whether the environment, or the system's settings, name a proxy."""
    return any(scheme != "no" for scheme in getproxies())


def made_proxy(proxy: Secret | None, context: ssl.SSLContext) -> httpx2.Proxy | None:
    """The proxy as httpx2 takes it; the connection to an https proxy is checked as those to servers are."""
    if proxy is None:
        return None
    is_secure = proxy.reveal().lower().startswith("https:")
    return httpx2.Proxy(proxy.reveal(), ssl_context=context if is_secure else None)


def proxy_of(http: httpx2.Client | httpx2.AsyncClient, url: str) -> str | None:
    """The proxy that a request to a URL goes through, without user and password; None where there is none.

    httpx2 says it nowhere, so the transport that it would take is asked. Another release, or a transport of the
    caller's own, may have no such place: then no message names the proxy.
    """
    find = getattr(http, "_transport_for_url", None)
    try:
        transport: object = None if find is None else find(httpx2.URL(url))
    except httpx2.InvalidURL:
        return None
    parts: Any = getattr(getattr(transport, "_pool", None), "_proxy_url", None)
    scheme, host = getattr(parts, "scheme", None), getattr(parts, "host", None)
    if not isinstance(scheme, bytes) or not isinstance(host, bytes):
        return None
    name = host.decode("ascii", "replace")
    name = f"[{name}]" if ":" in name else name
    port: int | None = getattr(parts, "port", None)
    return f"{scheme.decode('ascii', 'replace')}://{name}" + ("" if port is None else f":{port}")


def _fault_of(secret: Secret) -> str | None:
    """What is wrong with a proxy's URL. No exception leaves this frame, which holds it."""
    value = secret.reveal()
    try:
        parts = urlsplit(value)
        port = parts.port
        httpx2.URL(value)
    except (ValueError, httpx2.InvalidURL):
        return _UNQUOTED
    scheme = parts.scheme.lower()
    if "://" not in value:
        return "it has no scheme, such as http://" if value else "it is empty"
    if scheme not in _SCHEMES:
        return f"it begins with {scheme}://, not with http://, https://, socks5:// or socks5h://"
    if not value.isascii() or not value.isprintable() or " " in value:
        return "it has a space or another character that is not allowed in URLs"
    if not parts.hostname or port == 0:
        return "it has no host, or no port after the colon"
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        return "something follows host and port; in user and password, quote / ? # and @ by urllib.parse.quote"
    if scheme.startswith("socks") and find_spec("socksio") is None:
        return 'SOCKS needs pip install "httpx2[socks]"'
    return None
