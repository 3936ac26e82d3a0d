"""The part of the control API that is about stubs: order and list them, verify calls, serve functions of a test."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectgen.mock.backend import Backend, Loaded
from connectgen.mock.bounds import MIB
from connectgen.mock.control_bodies import Json, with_body, wrong
from connectgen.mock.progress import own_waits, read_progress
from connectgen.mock.stubs.model import StubError
from connectgen.mock.stubs.reading import read_criteria, read_stub
from connectgen.mock.stubs.verification import listing, verified

_LARGEST_STUB = 16 * MIB
_SECONDS = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,3})?")


class StubControl:
    """The endpoints about stubs.

    Args:
        backend: what they control.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route("/__mock__/stubs", self.stubs, methods=["GET", "POST", "DELETE"]),
            Route("/__mock__/stubs/only", self.only, methods=["POST"]),
            Route("/__mock__/stubs/{number:int}", self.stub, methods=["DELETE"]),
            Route("/__mock__/pending", self.pending, methods=["POST"]),
            Route("/__mock__/calls/verify", self.verify, methods=["POST"]),
            Route("/__mock__/functions", self.next_request, methods=["GET", "DELETE"]),
            Route("/__mock__/functions/{number}", self.finish, methods=["POST"]),
        ]

    async def stubs(self, request: Request) -> Response:
        """The stubs; order one, or forget them."""
        loaded = await self._backend.ready()
        stubs = loaded.service.stubs
        if request.method == "DELETE":
            stubs.clear()
            return Response(status_code=204)
        if request.method == "GET":
            found = listing(stubs.book.stubs(), loaded.recording.calls({}), loaded.service.router)
            return Json({"only": stubs.book.only, "stubs": list(found)})

        def order(given: Mapping[str, object]) -> Response:
            stub = stubs.book.add(read_stub(loaded.versions, given))
            return Json({"number": stub.number, "for": str(stub.criteria)}, 201)

        return await self._with_body(request, order)

    async def stub(self, request: Request) -> Response:
        """Forget one stub."""
        number: int = request.path_params["number"]
        loaded = await self._backend.ready()
        if not loaded.service.stubs.book.remove(number):
            return wrong(f"there is no stub {number}", 404)
        return Response(status_code=204)

    async def only(self, request: Request) -> Response:
        """Whether requests that no stub is for are refused: `{"only": true}`."""
        book = (await self._backend.ready()).service.stubs.book

        def switch(given: Mapping[str, object]) -> Response:
            value = given.get("only", True)
            if not isinstance(value, bool):
                raise StubError("only is true or false")
            book.only = value
            return Json({"only": value})

        return await self._with_body(request, switch)

    async def pending(self, request: Request) -> Response:
        """How long what is asynchronous takes: `{"operation": …, "calls": 2, "seconds": 1.5, "fails": true}`."""
        loaded = await self._backend.ready()
        return await self._with_body(request, lambda given: Json(_going_on(loaded, given)))

    async def verify(self, request: Request) -> Response:
        """How many calls are meant, and which of the others come near."""
        loaded = await self._backend.ready()
        return await self._with_body(request, lambda given: Json(_verified(loaded, given)))

    async def next_request(self, request: Request) -> Response:
        """The next request for a function of a test; 204 where none comes in `seconds`, or the owner asks no more."""
        owner, seconds = request.query_params.get("owner", ""), request.query_params.get("seconds", "20")
        if not owner or not _SECONDS.fullmatch(seconds):
            return wrong("say whose functions: ?owner=NAME&seconds=20; a stub names one NAME/anything")
        stubs = (await self._backend.ready()).service.stubs
        if request.method == "DELETE":
            stubs.functions.end(owner)
            return Response(status_code=204)
        found = await stubs.functions.next(owner, float(seconds))
        return Response(status_code=204) if found is None else Json(found)

    async def finish(self, request: Request) -> Response:
        """What a function has made of a request: a response as in a stub."""
        functions = (await self._backend.ready()).service.stubs.functions
        number: str = request.path_params["number"]

        def give(given: Mapping[str, object]) -> Response:
            if not functions.finish(number, given):
                return wrong(f"no request {number[:20]} waits for a function", 404)
            return Response(status_code=204)

        return await self._with_body(request, give)

    async def _with_body(self, request: Request, act: Callable[[Mapping[str, object]], Response]) -> Response:
        seconds = self._backend.settings.limits.idle_seconds
        return await with_body(request, seconds, act, most=_LARGEST_STUB)


def _verified(loaded: Loaded, given: Mapping[str, object]) -> dict[str, object]:
    criteria = read_criteria(loaded.versions, given)
    return verified(criteria, loaded.recording.calls({}), loaded.service.router)


def _going_on(loaded: Loaded, given: Mapping[str, object]) -> dict[str, object]:
    if unknown := set(given) - {"operation", "calls", "seconds", "fails"}:
        raise StubError(f"pending has operation, calls, seconds and fails, not {min(unknown)[:40]}")
    operation = given.get("operation")
    if operation is not None:
        versions = [version for version in loaded.versions.served if loaded.versions.named(version, str(operation))]
        found = loaded.versions.named(versions[-1], str(operation)) if versions else None
        if found is None:
            read_criteria(loaded.versions, {"operation": operation})
        if found is None or not own_waits(found):
            raise StubError(f"{operation} shows no state of something that goes on; connectgen show names its waits")
    try:
        calls, seconds, fails = read_progress(given)
    except ValueError as error:
        raise StubError(str(error)) from None
    loaded.service.progress.set(None if operation is None else str(operation), calls, seconds, fails=fails)
    return {"operation": operation, "calls": calls, "seconds": seconds, "fails": fails}
