"""Messages for calls that got no response: the cause behind an httpx2 exception, without anything that was sent."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Mapping
from typing import cast
from urllib.parse import urlsplit

import httpx2

from sf_connect.core.exceptions import APIConnectionError, APITimeoutError, ResponseDecodeError
from sf_connect.core.transport.proxies import PROXY_VARIABLES

_PORTS = {"https": 443, "http": 80}
_DEEPEST = 6
_TIMEOUTS = (
    (httpx2.ConnectTimeout, "connect", "no connection within {}"),
    (httpx2.WriteTimeout, "write", "nothing could be sent for {}"),
    (httpx2.PoolTimeout, "pool", "no connection of the pool was free within {}"),
    (httpx2.ReadTimeout, "read", "nothing came for {}"),
)
_PROXY_STATUSES: Mapping[str, str] = {
    "403": "its rules forbid this host",
    "407": "give it user and password, http://user:password@…, in proxy= or the environment",
    "502": "it cannot reach this host",
    "503": "it cannot reach this host",
    "504": "it cannot reach this host in time",
}
"""What to do where a proxy opens no tunnel, by the status of its response."""
_TRUST = (
    "if the company has a certificate authority of its own, or a proxy that decrypts, let verify= or SSL_CERT_FILE "
    "name the authority's file"
)
_CERTIFICATES: Mapping[int, str] = {
    9: "check the clock of this machine",
    10: "check the clock of this machine; if it is right, the server needs a newer certificate",
    62: "check the host in the URL",
    64: "check the host in the URL",
}
"""What to do where a certificate is refused, by OpenSSL's number of the reason."""


def describe_failure(
    what: str,
    url: str,
    error: Exception,
    timeout: float | httpx2.Timeout | None,
    began: str = "",
    proxy: str | None = None,
) -> APIConnectionError | ResponseDecodeError:
    """The exception for an httpx2 failure: what was sent where, and why it failed.

    Args:
        what: the call and its outcome, such as `GET /x got no response`.
        url: the URL; the message shows its host and port only.
        error: the httpx2 exception.
        timeout: the timeout of the call.
        began: the beginning of the response, as far as it arrived.
        proxy: the proxy between, without user and password; None where there is none.
    """
    message = f"{what} from {_host(url)}: {reason(error, timeout, proxy)} ({type(error).__name__})"
    if began:
        message += f"; it begins: {began}"
    match error:
        case httpx2.TimeoutException():
            return APITimeoutError(message)
        case httpx2.NetworkError() | httpx2.RemoteProtocolError():
            return APIConnectionError(message)
        case httpx2.DecodingError():
            return ResponseDecodeError(message)
        case _:
            return APIConnectionError(message)


def reason(error: Exception, timeout: float | httpx2.Timeout | None, proxy: str | None = None) -> str:
    """Why there is no response, or no whole one."""
    match error:
        case httpx2.ProxyError():
            return _describe_refusal(error, proxy)
        case httpx2.ConnectError() if proxy is not None and not isinstance(_cause(error), ssl.SSLError):
            return f"the proxy {_named(proxy)} cannot be reached: {_describe_network(error)}"
        case _:
            through = "" if proxy is None else f", through the proxy {_named(proxy)}"
            return _reason(error, timeout) + through


def _reason(error: Exception, timeout: float | httpx2.Timeout | None) -> str:
    match error:
        case httpx2.TimeoutException():
            return _describe_timeout(error, timeout)
        case httpx2.NetworkError():
            return _describe_network(error)
        case httpx2.RemoteProtocolError():
            closed = any(word in str(error) for word in ("disconnected", "closed connection"))
            return "the server closed the connection" if closed else "what the server sent is not HTTP"
        case httpx2.DecodingError():
            return "it is compressed in a way that cannot be decoded"
        case httpx2.StreamError():
            return "it has been read or closed already"
        case _:
            return "it could not be sent"


def _describe_refusal(error: httpx2.ProxyError, proxy: str | None) -> str:
    """How a proxy responded, and what to do about it."""
    said = " ".join("".join(one if one.isprintable() else " " for one in str(error)).split())[:100]
    remedy = _PROXY_STATUSES.get(said.partition(" ")[0])
    named = "" if proxy is None else f" {_named(proxy)}"
    return f"the proxy{named} refused it" + (f": {said}" if said else "") + (f"; {remedy}" if remedy else "")


def _named(proxy: str) -> str:
    """A proxy with the variables of the environment that say so."""
    own = proxy.partition("://")[2]
    variables = [
        name
        for name, value in sorted(os.environ.items())
        if name.lower() in PROXY_VARIABLES and value.rpartition("@")[2].rpartition("://")[2].rstrip("/") == own
    ]
    return f"{proxy} ({', '.join(variables)} of the environment)" if variables else proxy


def _describe_timeout(error: httpx2.TimeoutException, timeout: float | httpx2.Timeout | None) -> str:
    for error_type, name, message in _TIMEOUTS:
        if isinstance(error, error_type):
            allowed = getattr(timeout, name) if isinstance(timeout, httpx2.Timeout) else timeout
            return message.format("the time allowed" if allowed is None else f"{allowed:g} seconds")
    return "it took too long"


def _describe_network(error: httpx2.NetworkError) -> str:
    """The message of the operating system or of TLS; where there is none, the sort of failure."""
    match _cause(error):
        case ssl.SSLCertVerificationError() as refused:
            remedy = _CERTIFICATES.get(refused.verify_code, _TRUST)
            return f"the server's certificate is not accepted: {refused.verify_message.rstrip('.')}; {remedy}"
        case ssl.SSLError() as failed:
            return f"TLS failed: {(failed.reason or 'no reason given').replace('_', ' ').lower()}"
        case socket.gaierror():
            return "the name of the host cannot be resolved"
        case OSError(errno=int(number)):
            return os.strerror(number).lower()
        case _:
            return "no connection" if isinstance(error, httpx2.ConnectError) else "the connection broke"


def _cause(error: BaseException) -> OSError | None:
    """The innermost operating-system error in the chain of causes; of a group, the first one's."""
    found: BaseException | None = error
    for _ in range(_DEEPEST):
        if isinstance(found, OSError) and found.errno is not None:
            return found
        if isinstance(found, BaseExceptionGroup):
            found = cast("BaseExceptionGroup[BaseException]", found).exceptions[0]
        elif found is not None:
            found = found.__cause__ or found.__context__
    return None


def _host(url: str) -> str:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{parts.port or _PORTS.get(parts.scheme, 0)}"
