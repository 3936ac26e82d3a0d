"""The connections of a session: an httpx2 client with limits of our own, or the user's."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

import httpx2

from sf_connect.core.transport.deadlines import bound_by_deadlines
from sf_connect.core.transport.forks import renew_in_children
from sf_connect.core.transport.httpx_requests import build_httpx_request, build_own_request, no_cookies
from sf_connect.core.transport.proxies import PROXY_VARIABLES, checked_proxy, has_proxies, made_proxy, proxy_of
from sf_connect.core.transport.secrets import Secret
from sf_connect.core.transport.tls import Verify, has_certificates, ssl_context, without_authorities

Http = TypeVar("Http", httpx2.Client, httpx2.AsyncClient)
LIMITS = httpx2.Limits(max_connections=200, max_keepalive_connections=200, keepalive_expiry=30.0)
"""A burst of tasks keeps its connections, and a call every few seconds needs no new one."""

_CLOSED = "the client is closed: make another"


class Network(NamedTuple):
    """How connections of our own are made.

    Args:
        limits: how many there may be; None for those of our own.
        verify: whom they trust.
        proxy: the URL of a proxy, a secret; None for what the environment says.
        is_plain: whether they go to an http:// URL alone.
    """

    limits: httpx2.Limits | None = None
    verify: Verify = True
    proxy: Secret | None = None
    is_plain: bool = False

    @classmethod
    def of(cls, limits: httpx2.Limits | None, verify: Verify, proxy: object) -> Network:
        """The settings, checked before anything is sent.

        Raises:
            TypeError: one is of a wrong type.
            ValueError: one cannot be used.
        """
        checked = checked_proxy(proxy)
        del proxy  # a tool that records locals would show it
        return cls(limits, verify if verify is True else ssl_context(verify), checked)

    def to(self, url: str) -> Network:
        """The same for connections to one server alone."""
        return self._replace(is_plain=url.startswith("http:"))

    def arguments(self) -> dict[str, Any]:
        """The arguments of an httpx2 client."""
        needs_no_tls = self.is_plain and self.verify is True and self.proxy is None and not has_proxies()
        context = without_authorities() if needs_no_tls else ssl_context(self.verify)
        proxy = made_proxy(self.proxy, context)
        return {"cookies": no_cookies(), "limits": self.limits or LIMITS, "verify": context, "proxy": proxy}


class Connection(Generic[Http]):
    """What sends the requests of a session.

    Args:
        given: the user's own httpx2 client; it is never replaced.
        make: opens a client of our own where none is passed; None where a user's transport cannot be made again.
    """

    def __init__(self, given: Http | None, make: Callable[[], Http] | None) -> None:
        self.is_own = given is None
        self._make: Callable[[], Http] | None = make
        self._lock = threading.Lock()
        self._is_closed = False
        self._loop: object = None
        self._http: Http | None = given
        self._headers: dict[str, str] = {}
        renew_in_children(self)

    @property
    def http(self) -> Http:
        """The httpx2 client.

        Raises:
            RuntimeError: it belongs to the parent of this process.
        """
        http = self._http
        if http is None:
            return self._made()
        if http.is_closed:
            raise RuntimeError(_CLOSED if self.is_own else "the http_client that you passed is closed: open another")
        return http

    def check_loop(self) -> None:
        """Refuse a second event loop, which connections of the first cannot serve.

        Raises:
            RuntimeError: it is another one than that of the first call.
        """
        import asyncio  # late: synchronous clients do without it, and it is slow to import

        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop and self._make is not None:
            raise RuntimeError(
                "an asynchronous client belongs to the event loop of its first call: open it inside the coroutine that "
                "asyncio.run() runs"
            )

    def build(
        self, arguments: Mapping[str, Any], base: str | None = None, path: str = "", query: str = ""
    ) -> httpx2.Request:
        """The request for the arguments of httpx2's `build_request`.

        Args:
            arguments: the arguments.
            base: the instance's URL, where the URL is made of it, the path and the query.
            path: the path, encoded.
            query: the query, encoded.

        Raises:
            RuntimeError: the httpx2 client belongs to the parent of this process.
        """
        http = self.http
        if self._make is None:
            return build_httpx_request(http, arguments)
        return build_own_request(self._headers, arguments, base, path, query)

    def _made(self) -> Http:
        with self._lock:
            if self._http is None:
                if self._is_closed:
                    raise RuntimeError(_CLOSED)
                if self._make is None:
                    raise RuntimeError(
                        "an http_client or transport of your own cannot be used in a process that was forked after "
                        "the client was opened: open the client in the child"
                    )
                http = self._make()
                self._headers = {name.lower(): value for name, value in http.headers.items()}
                self._http = http
            return self._http

    def proxy_of(self, url: str) -> str | None:
        """The proxy that a request to a URL goes through, without user and password; None where none is known."""
        return None if self._http is None else proxy_of(self._http, url)

    def taken(self) -> Http | None:
        """The httpx2 client to close; None where nothing is open."""
        http, self._is_closed = self._http, True
        return http

    def renew_after_fork(self) -> None:
        """Leave the connections to the parent; the first call makes others."""
        self._lock = threading.Lock()
        self._http = None
        self._loop = None


def connect_sync(
    given: httpx2.Client | Connection[httpx2.Client] | None, transport: httpx2.BaseTransport | None, network: Network
) -> Connection[httpx2.Client]:
    """The connections of a synchronous client."""
    if isinstance(given, Connection):
        return given
    if given is not None:
        _check_type(given, httpx2.Client)
        return Connection(given, None)
    if transport is not None:
        connection = Connection(httpx2.Client(transport=transport, cookies=no_cookies()), None)
        connection.is_own = True
        return connection

    def make() -> httpx2.Client:
        http = _naming_variables(lambda: httpx2.Client(**network.arguments()))
        bound_by_deadlines(http)
        return http

    return Connection(None, make)


def connect_async(
    given: httpx2.AsyncClient | Connection[httpx2.AsyncClient] | None,
    transport: httpx2.AsyncBaseTransport | None,
    network: Network,
) -> Connection[httpx2.AsyncClient]:
    """The connections of an asynchronous client."""
    if isinstance(given, Connection):
        return given
    if given is not None:
        _check_type(given, httpx2.AsyncClient)
        return Connection(given, None)
    if transport is not None:
        connection = Connection(httpx2.AsyncClient(transport=transport, cookies=no_cookies()), None)
        connection.is_own = True
        return connection

    def make() -> httpx2.AsyncClient:
        return _naming_variables(lambda: httpx2.AsyncClient(**network.arguments()))

    return Connection(None, make)


def _check_type(given: object, wanted: type) -> None:
    """Refuse what is no httpx2 client of the right sort.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(given, wanted):
        name = f"{type(given).__module__.partition('.')[0]}.{type(given).__name__}"
        raise TypeError(f"http_client takes an httpx2.{wanted.__name__} here, not {name}")


def _naming_variables(make: Callable[[], Http]) -> Http:
    """An httpx2 client; where it cannot be made, the environment variable that is at fault is named.

    Raises:
        ValueError: a variable is wrong.
    """
    try:
        return make()
    except (OSError, ImportError, ValueError, httpx2.InvalidURL) as error:
        fault = _fault_of_environment(error)
        if fault is None:
            raise
    raise ValueError(fault)  # here, so that it has no other library's traceback


def _fault_of_environment(error: Exception) -> str | None:
    """What is wrong with a variable; None where none is set."""
    if isinstance(error, OSError):
        return _fault_of_files()
    named = {name: value for name, value in os.environ.items() if value and name.lower() in PROXY_VARIABLES}
    fault = 'needs pip install "httpx2[socks]"' if isinstance(error, ImportError) else "is no URL of a proxy"
    shown = " or ".join(f"{name}={_without_user(value)}" for name, value in sorted(named.items()))
    return f"the environment variable {shown} {fault}" if named else None


def _fault_of_files() -> str | None:
    """The variable whose file OpenSSL refused; None where none is set."""
    file, keys = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSLKEYLOGFILE")
    if file and not has_certificates(file):
        return f"the environment variable SSL_CERT_FILE={file} cannot be read as certificates"
    return f"the environment variable SSLKEYLOGFILE={keys} names no file that can be written" if keys else None


def _without_user(value: str) -> str:
    """A variable's value without the user and password that a proxy's URL may have."""
    scheme, separator, rest = value.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}" if separator else value.rpartition("@")[2]
