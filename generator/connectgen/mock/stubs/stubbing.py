"""Applies stubs to requests: finds the one that a request is for, waits, asks functions, makes its response."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from connectgen.mock.refusal import RefusalError, refuse
from connectgen.mock.request import Request
from connectgen.mock.responding.rendering import JSON, XML, write_json
from connectgen.mock.response import MockResponse
from connectgen.mock.routing import Match
from connectgen.mock.settings import Settings
from connectgen.mock.stubs.book import StubBook
from connectgen.mock.stubs.checking import completed, problems
from connectgen.mock.stubs.functions import Functions, NoFunctionError
from connectgen.mock.stubs.matching import NOTHING, Seen, operation_name
from connectgen.mock.stubs.model import NO_VALUE, Stub, StubError, StubResponse
from connectgen.mock.stubs.reading import read_response
from connectgen.mock.versions import Versions
from connectgen.mock.xml import write_errors

_UNWANTED = frozenset({"authorization", "cookie", "proxy-authorization"})
_OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A stub's response to one request, with what its function made of it."""

    stub: Stub
    response: StubResponse

    @property
    def is_whole(self) -> bool:
        """Whether nothing of a generated response is needed, nor the operation's type to write it."""
        return self.response.is_error or self.response.content is not None

    @property
    def is_given(self) -> bool:
        """Whether the stub has the JSON value of the body."""
        return self.response.value is not NO_VALUE

    def whole(self, request: Request, match: Match | None) -> MockResponse:
        """The response where it is whole, or its path is stubbed."""
        given, operation = self.response, match.operation if match else None
        status = given.status or (operation.status[0] if operation else 204 if self._is_empty else 200)
        body, media_type = b"", ""
        if given.content is not None:
            body, media_type = given.content, given.media_type or _OCTETS
        elif given.errors or (given.is_error and given.value is NO_VALUE):
            errors: list[Any] = list(given.errors) or [_error_of(status)]
            body, media_type = (write_errors(errors), XML) if request.wants_xml else (write_json(errors), JSON)
        elif given.value is not NO_VALUE:
            body, media_type = write_json(completed(given.value, None)), JSON
        if request.method == "HEAD":
            body = b""
        value = list(given.errors) if given.errors else None if given.value is NO_VALUE else given.value
        return MockResponse(status, body, media_type, dict(given.headers), operation, value, self.stub.number)

    def applied(self, response: MockResponse) -> MockResponse:
        """A response that was written as the operation's type asks, with the stub's status and headers."""
        headers = {**response.headers, **self.response.headers}
        return replace(response, status=self.response.status or response.status, headers=headers, stub=self.stub.number)

    @property
    def _is_empty(self) -> bool:
        return self.response.value is NO_VALUE and self.response.content is None


class Stubbing:
    """The stubs of one mock.

    Args:
        settings: what a person set.
        versions: the Surfaces.
    """

    def __init__(self, settings: Settings, versions: Versions) -> None:
        self._versions = versions
        self.book = StubBook(only=settings.only_stubs)
        self.functions = Functions()
        self._checked: dict[tuple[int, int, int], str] = {}

    def clear(self) -> None:
        """Forget all stubs but those of the start."""
        self.book.clear()
        self._checked.clear()

    async def for_path(self, request: Request) -> MockResponse | None:
        """The response of a stub that names no operation, whether or not the catalogue has one for the path."""
        if not self.book.has_paths:
            return None
        chosen = await self._choose(request, None, request.content.value if request.content.has_body else NOTHING)
        return None if chosen is None else chosen.whole(request, None)

    async def choose(self, request: Request, match: Match, body: object) -> Chosen | None:
        """The stub's response to a request that is right, None where the generated one is wanted.

        Raises:
            RefusalError: no stub is for it, and only stubs respond; or the stub's response is wrong.
        """
        if not self.book.concerns(operation_name(match.operation)) and not self.book.only:
            return None
        chosen = await self._choose(request, match, body if request.content.has_body else NOTHING)
        if chosen is None and self.book.only:
            raise self._no_stub(request, match, body)
        return chosen

    def value(self, chosen: Chosen | None, request: Request, generated: Any) -> Any:
        """The JSON value of a response: the stub's, what it says of the generated one, or the generated one."""
        if chosen is None or chosen.response.value is NO_VALUE:
            return generated
        value = completed(chosen.response.value, self._versions.shapes(request.version))
        return _filled(generated, value) if chosen.response.fill else value

    async def _choose(self, request: Request, match: Match | None, body: object) -> Chosen | None:
        seen = _seen(request, match, body)
        found = self.book.find(seen)
        if found is None:
            return None
        stub, response = found
        if response.function is not None:
            response = await self._asked(request, seen, response.function)
        if match is not None and stub.strict and not response.is_error:
            self._check(request, match, stub, response)
        if response.delay:
            await asyncio.sleep(response.delay / 1000)
        return Chosen(stub, response)

    async def _asked(self, request: Request, seen: Seen, function: str) -> StubResponse:
        """What a function of the test makes of a request."""
        call = {
            "method": request.method,
            "target": request.target,
            "version": f"{request.version}.0",
            "operation": seen.operation,
            "path": dict(seen.values),
            "query": [list(pair) for pair in seen.parameters],
            "headers": {name: value for name, value in request.headers.items() if name not in _UNWANTED},
            "body": None if seen.body is NOTHING else seen.body,
        }
        try:
            return read_response(self._versions, await self.functions.call(function, call))
        except (NoFunctionError, StubError) as error:
            raise _wrong(str(error)) from None

    def _check(self, request: Request, match: Match, stub: Stub, response: StubResponse) -> None:
        """Refuse to send what the version of the request has not: a stub may be for requests of several."""
        key = (stub.number, id(response), request.version)
        is_kept = any(response is one for one in stub.responses)
        if not is_kept or key not in self._checked:
            found = problems(self._versions, request.version, match.operation, response)
            reason = "; ".join(message for _, message in found)
            if is_kept:
                self._checked[key] = reason
        else:
            reason = self._checked[key]
        if reason:
            raise _wrong(f"stub {stub.number} does not fit {request.version}.0: {reason}")

    def _no_stub(self, request: Request, match: Match, body: object) -> RefusalError:
        seen = _seen(request, match, body if request.content.has_body else NOTHING)
        nearest = self.book.nearest(seen) or "for another operation"
        called = f"{seen.operation} ({request.method} {request.target[:200]})"
        message = f"no stub is for this request to {called}; the nearest is {nearest}"
        return refuse(501, "NO_STUB", message, "no-stub", match.operation.location)


def _seen(request: Request, match: Match | None, body: object) -> Seen:
    fields = () if request.content.has_body else request.content.fields
    return Seen(
        method=request.method,
        path="/" + "/".join(request.segments),
        version=request.version,
        operation=operation_name(match.operation) if match else None,
        values=match.values if match else {},
        parameters=(*request.query, *fields),
        headers=request.headers,
        body=body,
    )


def _filled(generated: Any, value: object) -> object:
    if isinstance(generated, dict) and isinstance(value, dict):
        kept = cast("Mapping[str, object]", generated)
        given = cast("Mapping[str, object]", value)
        return {**kept, **{name: _filled(kept.get(name), one) for name, one in given.items()}}
    return value


def _error_of(status: int) -> dict[str, str]:
    return {"errorCode": "UNKNOWN_EXCEPTION", "message": f"The status {status} that a stub was asked for"}


def _wrong(message: str) -> RefusalError:
    return refuse(501, "STUB_ERROR", message, "stub")
