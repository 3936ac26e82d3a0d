"""The API over HTTP: `/services/data/…`, also below a site's path."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from connectgen.mock.backend import Backend, Loaded
from connectgen.mock.content import pieces, read_content
from connectgen.mock.delivery import faulty, send_response
from connectgen.mock.fault_injection import FAULT_HEADER, NO_FAULT, Fault, FaultError, read_header
from connectgen.mock.refusal import RefusalError, refuse
from connectgen.mock.request import NO_CONTENT, Content, Request, decoded_query, decoded_segments, prefers_xml
from connectgen.mock.responding.rendering import JSON, write_json
from connectgen.mock.response import MockResponse, refusal_response
from connectgen.mock.routing import NOT_FOUND
from connectgen.mock.stubs.matching import operation_name

_DATA = "/services/data"
_GUEST_API = "/webruntime/api"
"""The end of a storefront's path, below which guests need no token: their cookie says who they are."""
_GUEST_COOKIE = "guest_uuid_essential_mock"
_PATH = re.compile(r"((?:/[^/]+)*?)/services/data(?:/v(\d{1,3}\.\d{1,2})(/.*)?)?/?")
_HOST = re.compile(r"[A-Za-z0-9.\-_]+(?::\d{1,5})?|\[[0-9A-Fa-f:]+\](?::\d{1,5})?")
_METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE")
_REMEMBERED = 20 * 1024 * 1024
"""Bytes of the responses that are remembered, and of what each of them takes besides: shared items count in each."""
_LARGEST_REMEMBERED = 4 * 1024 * 1024
_EACH = 4 * 1024
_DAILY = 100_000
_WAYS = ("accept", "x-chatter-entity-encoding", "x-connect-theme", "host")


class Endpoint:
    """Responds to requests to the API and passes all others on.

    Args:
        app: takes the others.
        backend: what is behind the URLs.
    """

    def __init__(self, app: ASGIApp, backend: Backend) -> None:
        self._app = app
        self._backend = backend
        self._remembered: OrderedDict[tuple[Any, ...], tuple[Request, MockResponse, int]] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http" or _DATA not in scope["path"]:
            await self._app(scope, receive, send)
            return
        path = scope["raw_path"].decode("latin-1")
        found = _PATH.fullmatch(path)
        if found is None:
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        loaded = await self._backend.ready()
        fault = NO_FAULT
        if found[2] is None:
            request, response = None, self._versions(loaded)
        else:
            content = await self._content(headers, receive)
            request, response, fault = await self._respond(loaded, scope, found, headers, content)
        response.headers["Sforce-Limit-Info"] = f"api-usage={loaded.recording.count % _DAILY}/{_DAILY}"
        response.headers.pop("Set-Cookie", None)  # a remembered response may have been a guest's
        if found[2] and _is_guest(found, headers) and _GUEST_COOKIE not in headers.get("cookie", ""):
            response.headers["Set-Cookie"] = f"{_GUEST_COOKIE}={loaded.recording.count:032x}; Path=/; HttpOnly"
        self._note(loaded, scope, headers, request, response)
        await send_response(response, fault, scope, receive, send, headers.get("range"))

    async def _content(self, headers: Mapping[str, str], receive: Receive) -> Content | RefusalError:
        if "content-length" not in headers and "transfer-encoding" not in headers:
            return NO_CONTENT
        chunks = pieces(receive, self._backend.settings.limits.idle_seconds)
        try:
            return await read_content(headers.get("content-type"), chunks, self._backend.settings.limits)
        except RefusalError as refusal:
            with suppress(RefusalError):
                async for _ in chunks:
                    pass  # the rest is taken, so that the client comes to read why
            return refusal

    async def _respond(
        self,
        loaded: Loaded,
        scope: Scope,
        found: re.Match[str],
        headers: Mapping[str, str],
        content: Content | RefusalError,
    ) -> tuple[Request | None, MockResponse, Fault]:
        request, fault = None, NO_FAULT
        method, target = scope["method"], _target(scope)
        as_xml = prefers_xml(headers.get("accept"))
        try:
            fault = self._fault(method, found, headers)
            if not _is_guest(found, headers) and not self._backend.tokens.is_own_url(target):
                self._backend.tokens.check(headers.get("authorization"))
            version = self._version(loaded, found[2])
            key = (method, target, version, *(headers.get(name) for name in _WAYS))
            is_plain = method == "GET" and fault is NO_FAULT and "x-connect-bearer-urls" not in headers
            if is_plain and content is NO_CONTENT and (known := self._known(loaded, key)) is not None:
                return *known, fault
            if isinstance(content, RefusalError):
                raise content
            request = _request(method, target, version, found[3] or "", headers, content, _base(scope, headers))
            as_xml = request.wants_xml
            response = self._root(loaded, request) or await loaded.service.respond(request, fault)
            if is_plain and self._may_remember(request, response):
                self._remember(loaded, key, request, response)
        except RefusalError as refusal:
            response = refusal_response(refusal, as_xml=as_xml)
        return request, faulty(fault, response) if fault is not NO_FAULT else response, fault

    def _known(self, loaded: Loaded, key: tuple[Any, ...]) -> tuple[Request, MockResponse] | None:
        """A remembered response, unless a stub may be for the request."""
        found = self._remembered.get(key)
        if found is None:
            return None
        book, operation = loaded.service.stubs.book, found[1].operation
        if (
            loaded.service.goes_on(found[0], operation)
            or book.only
            or (book and book.concerns(operation_name(operation) if operation else None))
        ):
            return None
        self._remembered.move_to_end(key)
        return found[0], found[1].unpacked()

    def _remember(self, loaded: Loaded, key: tuple[Any, ...], request: Request, response: MockResponse) -> None:
        if loaded.service.goes_on(request, response.operation):
            return
        size = len(response.body) + _EACH
        self._remembered[key] = request, response.packed(), size
        self._bytes += size
        while self._bytes > _REMEMBERED:
            _, (_, _, oldest) = self._remembered.popitem(last=False)
            self._bytes -= oldest

    def _may_remember(self, request: Request, response: MockResponse) -> bool:
        """Whether the same request gets the same response again, and it is small enough to keep."""
        return (
            not self._backend.settings.keeps_state
            and response.status < 400
            and response.stub is None
            and len(response.body) < _LARGEST_REMEMBERED
            and not request.content.size
        )

    def _fault(self, method: str, found: re.Match[str], headers: Mapping[str, str]) -> Fault:
        try:
            if FAULT_HEADER in headers:
                return read_header(headers[FAULT_HEADER])
        except FaultError as error:
            raise refuse(400, "INVALID_FAULT", str(error), "fault") from None
        if not self._backend.plan:
            return NO_FAULT
        return self._backend.plan.next_fault(method, found[3] or "/", found[2])

    def _version(self, loaded: Loaded, text: str) -> int:
        number, _, rest = text.partition(".")
        version = int(number)
        known = loaded.versions.served
        if rest != "0" or version not in known:
            message = f"{NOT_FOUND}: there is no version {text}; this server has {known[0]}.0 to {known[-1]}.0"
            raise refuse(404, "NOT_FOUND", message, "unknown-version")
        release = loaded.versions.releases[version]
        if self._backend.settings.retired_are_gone and release.status == "retired":
            message = f"API version {text} is retired since {release.retired_in or 'long ago'}"
            raise refuse(410, "UNSUPPORTED_API_VERSION", message, "retired", release.location)
        return version

    def _versions(self, loaded: Loaded) -> MockResponse:
        shown = [
            {"label": release.name, "url": f"{_DATA}/v{version}.0", "version": f"{version}.0"}
            for version in loaded.versions.served
            for release in (loaded.versions.releases[version],)
            if not (self._backend.settings.retired_are_gone and release.status == "retired")
        ]
        return MockResponse(200, write_json(shown), JSON)

    def _root(self, loaded: Loaded, request: Request) -> MockResponse | None:
        """The response to `/services/data/vNN.0`: the resources below, by the first step of their paths."""
        if request.segments or request.method != "GET":
            return None
        base = f"{_DATA}/v{request.version}.0"
        steps = sorted({one.path.split("/")[1] for one in loaded.versions.operations(request.version)})
        return MockResponse(200, write_json({step: f"{base}/{step}" for step in steps}), JSON)

    def _note(
        self, loaded: Loaded, scope: Scope, headers: Mapping[str, str], request: Request | None, response: MockResponse
    ) -> None:
        method = request.method if request else scope["method"]
        loaded.recording.note(
            request, method, _target(scope), headers, response.operation, response.status, response.reason,
            stub=response.stub,
        )  # fmt: skip


def _target(scope: Scope) -> str:
    path: str = scope["raw_path"].decode("latin-1")
    query = scope["query_string"]
    return f"{path}?{query.decode('latin-1')}" if query else path


def _request(
    method: str, target: str, version: int, path: str, headers: Mapping[str, str], content: Content, base: str
) -> Request:
    query = decoded_query(target.partition("?")[2])
    segments, suffix = decoded_segments(path)
    override = next((value for name, value in query if name == "_HttpMethod"), None)
    if override is not None:
        if method != "POST" or override not in _METHODS:
            message = f"_HttpMethod goes with a POST and is one of {', '.join(_METHODS)}, not {override[:40]!r}"
            raise refuse(400, "ILLEGAL_QUERY_PARAMETER_VALUE", message, "value-not-allowed")
        method = override
    return Request(
        method=method,
        target=target,
        version=version,
        segments=segments,
        query=query,
        headers=headers,
        base=base,
        wants_xml=suffix == "xml" or (not suffix and prefers_xml(headers.get("accept"))),
        content=content,
    )


def _base(scope: Scope, headers: Mapping[str, str]) -> str:
    host = headers.get("host", "")
    if not _HOST.fullmatch(host):
        server = scope.get("server") or ("localhost", 80)
        host = f"{server[0]}:{server[1]}"
    return f"{scope.get('scheme', 'http')}://{host}"


def _is_guest(found: re.Match[str], headers: Mapping[str, str]) -> bool:
    return "authorization" not in headers and found[1].endswith(_GUEST_API)
