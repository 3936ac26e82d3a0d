"""Responds to one request: finds the operation, checks the request, makes the response."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any, cast

from connectgen.mock.batch import RESULTS, run_batch, runs_subrequests, several
from connectgen.mock.bounds import MOST_PROBLEMS, MOST_SINGLES
from connectgen.mock.chance import Chance
from connectgen.mock.checking.bodies import BodyCheck
from connectgen.mock.checking.content import content_problems
from connectgen.mock.checking.parameters import ParameterCheck
from connectgen.mock.fault_injection import Fault
from connectgen.mock.progress import Phase, Progress, own_waits, pending_status
from connectgen.mock.recording import Recording
from connectgen.mock.refusal import Problem, RefusalError, refuse
from connectgen.mock.request import Request
from connectgen.mock.responding.binary import binary_response
from connectgen.mock.responding.endings import ItemStates
from connectgen.mock.responding.pages import OWN_PARAMETER
from connectgen.mock.responding.rendering import encoded, write
from connectgen.mock.responding.responder import Responder, is_binary, sent_values
from connectgen.mock.responding.scalars import URLText
from connectgen.mock.responding.selection import read_selection
from connectgen.mock.responding.written import ItemWriter, WrittenItems
from connectgen.mock.response import MockResponse, refusal_response
from connectgen.mock.routing import Match, Router
from connectgen.mock.settings import Settings
from connectgen.mock.state import State, concrete_path, is_of
from connectgen.mock.stubs.matching import operation_name
from connectgen.mock.stubs.stubbing import Chosen, Stubbing
from connectgen.mock.tokens import BEARER_PARAMETER, Tokens
from connectgen.mock.versions import Versions
from connectgen.mock.xml import read_xml
from connectgen.surface import SurfaceOperation

_SINGLES_AT_ONCE = 10
_NOT_FILTERED = ("HEAD", "DELETE")


@dataclass(slots=True)
class _Order:
    """One request over HTTP, with all that a batch of it holds.

    Attributes:
        fault: what is to go wrong.
        singles: how many records have been asked for so far.
    """

    fault: Fault
    singles: int = 0


class Service:
    """The API of all versions.

    Args:
        settings: what a person set.
        versions: the Surfaces.
        recording: remembers subrequests of batches.
        tokens: signs URLs that carry a token.
    """

    def __init__(self, settings: Settings, versions: Versions, recording: Recording, tokens: Tokens) -> None:
        self._settings = settings
        self._versions = versions
        self._recording = recording
        self._tokens = tokens
        self.router = Router(versions)
        self.stubs = Stubbing(settings, versions)
        self.progress = Progress(settings.pending_calls, settings.pending_seconds)
        chance = Chance(settings.seed)
        self.state = State(versions, chance) if settings.keeps_state else None
        self.responder = Responder(settings, versions, chance, self.state)
        self._items = WrittenItems()

    async def respond(self, request: Request, fault: Fault) -> MockResponse:
        """Respond to a request whose token is right.

        Args:
            request: the request, its content read.
            fault: what is to go wrong.
        """
        return await self._run(request, _Order(fault))

    def goes_on(self, request: Request, operation: SurfaceOperation | None) -> bool:
        """Whether the response to the same request may show another state of something the next time."""
        if operation is None or not self.progress.is_on:
            return False
        below = self._versions.reading_below(request.version, operation.path)
        return bool(operation.waits or (below is not None and below.waits))

    async def _run(self, request: Request, order: _Order) -> MockResponse:
        operation = None
        try:
            if (stubbed := await self.stubs.for_path(request)) is not None:
                return stubbed
            match = self.router.find(request.version, request.method, request.segments)
            operation = match.operation
            return await self._respond(request, match, order)
        except RefusalError as refusal:
            return refusal_response(refusal, as_xml=request.wants_xml, operation=operation)

    async def _respond(self, request: Request, match: Match, order: _Order) -> MockResponse:
        operation = match.operation
        if request.wants_xml and not operation.xml:
            message = f"{operation.method} {operation.path} gives JSON only"
            raise refuse(406, "NOT_ACCEPTABLE", message, "no-xml", operation.location)
        body = self._checked(request, match)
        stubbed = None if runs_subrequests(match) else await self.stubs.choose(request, match, body)
        if self.state is not None:
            match = self.state.settled(match)
        if stubbed is None:
            return await self._generated(request, match, body, order)
        if stubbed.is_whole:
            return stubbed.whole(request, match)
        if stubbed.is_given and operation.returns is not None:
            return stubbed.applied(await self._with_value(request, match, body, operation.status[0], order, stubbed))
        return stubbed.applied(await self._generated(request, match, body, order))

    async def _generated(self, request: Request, match: Match, body: object, order: _Order) -> MockResponse:
        operation = match.operation
        self.progress.begin(match)
        if self.state is not None and self.state.is_gone(match):
            raise refuse(404, "NOT_FOUND", "The requested resource was deleted", "deleted", operation.location)
        if operation.method == "DELETE" and self.state is not None:
            self.state.delete(match)
        status = operation.status[0]
        if operation.method == "HEAD" or operation.returns is None:
            if self.state is not None and operation.method in ("PATCH", "PUT"):
                self.state.change(match, sent_values(request, match, body))
            return MockResponse(status, operation=operation)
        if is_binary(match):
            key = concrete_path(match)
            media_type, content = binary_response(self.responder.chance, key, f"{key} {request.query}")
            headers = {"Content-Disposition": "attachment", "Accept-Ranges": "bytes"}
            return MockResponse(status, content, media_type, headers, operation)
        return await self._with_value(request, match, body, status, order)

    async def _with_value(
        self, request: Request, match: Match, body: object, status: int, order: _Order, stubbed: Chosen | None = None
    ) -> MockResponse:
        is_all_given = stubbed is not None and not stubbed.response.fill
        phase = self.progress.look(match)
        status = pending_status(match.operation.waits, phase) or status
        value = (
            None if is_all_given else await self._value(request, match, body, order, phase, may_write=stubbed is None)
        )
        has_entities = _has_entities(request)
        if stubbed is not None:  # a stub is sent as it is written
            value = self.stubs.value(stubbed, request, encoded(value) if has_entities else value)
        if _wants_bearer(request):
            value = self._with_bearer(value)
        shapes = self._versions.shapes(request.version)
        writing = partial(
            write,
            value,
            match.operation.returns,
            shapes,
            as_xml=request.wants_xml,
            with_entities=has_entities and stubbed is None,
        )
        # A response of many records is written beside the event loop: that takes a second for hundreds.
        is_large = order.singles > _SINGLES_AT_ONCE
        media_type, parts = await asyncio.to_thread(writing) if is_large else writing()
        shared = parts if len(parts) > 1 else ()
        return MockResponse(status, b"".join(parts), media_type, operation=match.operation, value=value, parts=shared)

    async def _value(
        self, request: Request, match: Match, body: object, order: _Order, phase: Phase, *, may_write: bool
    ) -> Any:
        sent = sent_values(request, match, body)
        selection = read_selection(*self._filters(request, body))
        if runs_subrequests(match):
            return await run_batch(request, body, lambda one: self._sub(one, order), self.router)
        singles = several(request, match, body)
        if singles is not None:
            order.singles += len(singles)
            if order.singles > MOST_SINGLES:
                message = f"a request, with all that a batch holds, asks for at most {MOST_SINGLES} records here"
                raise refuse(400, "LIMIT_EXCEEDED", message, "too-many", match.operation.location)
            responses = [await self._sub(one, order, is_recorded=False) for one in singles]
            has_errors = any(response.status >= 400 for response in responses)
            results = [{"statusCode": response.status, "result": response.value} for response in responses]
            shown = {"hasErrors": has_errors, "results": results}
            known = self._versions.shapes(request.version).properties(RESULTS)
            return {name: one for name, one in shown.items() if name in known}
        states = self._states_below(request, match)
        is_future_server = order.fault.future_server
        may_write = may_write and not (match.operation.waits or is_future_server)
        value: object = self.responder.value(
            request,
            match,
            sent,
            selection,
            is_future_server=is_future_server,
            phase=phase,
            writer=self._writer(request, states) if may_write else None,
        )
        if states is not None:
            states.show_in(value)
        return value

    def _states_below(self, request: Request, match: Match) -> ItemStates | None:
        """The states of what a list has, None where its items have none."""
        below = self._versions.reading_below(request.version, match.operation.path)
        if request.method != "GET" or below is None or not own_waits(below):
            return None
        path, shapes = concrete_path(match), self._versions.shapes(request.version)
        return ItemStates(
            below,
            lambda step: self.progress.glance(below, f"{path}/{step}"),
            lambda item: is_of(shapes, item.type_name, below.returns),
        )

    def _writer(self, request: Request, states: ItemStates | None) -> ItemWriter | None:
        """What writes the items of a page; None where its values are needed still, or something changes them."""
        if self.state is not None or request.is_part or request.wants_xml or _wants_bearer(request):
            return None
        if states is None:
            return ItemWriter(self._items, request.base, request.version, _has_entities(request))
        if self.progress.is_on:
            return None
        shown_by = operation_name(states.below)
        return ItemWriter(
            self._items, request.base, request.version, _has_entities(request), states.show, finished_for=shown_by
        )

    async def _sub(self, request: Request, order: _Order, *, is_recorded: bool = True) -> MockResponse:
        if request.version not in self._versions.served:
            missing = refuse(404, "NOT_FOUND", "The requested resource does not exist", "unknown-version")
            response = refusal_response(missing, as_xml=False)
        else:
            await asyncio.sleep(0)  # others are served between the parts of a batch
            response = await self._run(replace(request, wants_xml=False, is_part=True), order)
        if is_recorded:
            self._recording.note(
                request, request.method, request.target, {}, response.operation, response.status, response.reason,
                is_sub_request=True, stub=response.stub,
            )  # fmt: skip
        return response

    def _checked(self, request: Request, match: Match) -> object:
        """The body as JSON values.

        Raises:
            RefusalError: the request has problems; all are listed.
        """
        operation, content = match.operation, request.content
        check = ParameterCheck(self._versions, request.version, operation)
        unreadable = list(content_problems(request, operation))
        if unreadable:
            status = 415 if unreadable[0].code == "UNSUPPORTED_MEDIA_TYPE" else 400
            raise RefusalError(status, tuple(unreadable))
        extra = {BEARER_PARAMETER} | ({OWN_PARAMETER} if operation.pagination else set[str]())
        in_form = not content.has_body and any(item.place == "form" for item in operation.parameters)
        found = chain(
            check.path(match.values),
            check.headers(request.headers),
            check.query(request.query, form_counts=in_form, extra=extra),
            check.form(content.fields, [name for name, _ in request.query]) if in_form else (),
        )
        problems: list[Problem] = list(islice(found, MOST_PROBLEMS))
        body: object = content.value
        if content.has_body and operation.body is not None:
            shapes = self._versions.shapes(request.version)
            is_text = content.format == "xml"
            if is_text:
                body = read_xml(str(content.value), operation.body.type, shapes)
            bodies = BodyCheck(self._versions, request.version, operation.method, is_text=is_text)
            problems += bodies.problems(operation.body, body)
        if problems:
            raise RefusalError(400, tuple(problems))
        return body

    def _filters(self, request: Request, body: object) -> tuple[str | None, str | None, str | None]:
        """`filterGroup`, `include` and `exclude`, which are in the query or in the body."""
        if request.method in _NOT_FILTERED:
            return None, None, None
        sent: Mapping[str, object] = cast("dict[str, object]", body) if isinstance(body, dict) else {}
        found: list[str | None] = []
        for name in ("filterGroup", "include", "exclude"):
            value = request.parameter(name) or sent.get(name)
            found.append(None if value is None else str(value))
        if request.wants_xml:
            found[0] = None  # filter groups are for JSON only
        return found[0], found[1], found[2]

    def _with_bearer(self, value: Any) -> Any:
        """The URLs of files and pictures, each with a token of its own."""
        match value:
            case URLText() if "/content" in value or "/rendition" in value or "photo" in value:
                return URLText(self._tokens.with_bearer(value))
            case dict():
                return {name: self._with_bearer(one) for name, one in cast("dict[str, Any]", value).items()}
            case list():
                return [self._with_bearer(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
            case _:
                return value


def _has_entities(request: Request) -> bool:
    """Whether texts of the response have HTML entities."""
    return request.headers.get("x-chatter-entity-encoding", "").lower() != "false"


def _wants_bearer(request: Request) -> bool:
    """Whether URLs of files are to have a token."""
    return request.headers.get("x-connect-bearer-urls", "").lower() == "true"
