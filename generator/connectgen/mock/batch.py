"""Batches: `/connect/batch`, whose subrequests really run, and resources that take several ids or inputs at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

from connectgen.catalogue.types import Named
from connectgen.mock.refusal import Problem, RefusalError, refuse
from connectgen.mock.request import NO_CONTENT, Content, Part, Request, decoded_query, decoded_segments
from connectgen.mock.response import MockResponse
from connectgen.mock.routing import Match, Router
from connectgen.surface import SurfaceOperation

Run = Callable[[Request], MockResponse]
_MOST = 25
_METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE")
_URL = re.compile(r"(?:/services/data)?/v(\d+)\.0(/.*)")
_IDS = re.compile(r"\{\w+Ids\}")
RESULTS = "BatchResults"


def runs_subrequests(match: Match) -> bool:
    """Whether an operation is the batch of any requests."""
    return match.operation.path == "/connect/batch" and match.operation.method == "POST"


def takes_any_part(operation: SurfaceOperation) -> bool:
    """Whether binary parts have the names that the body gives them."""
    return operation.method == "POST" and operation.returns == Named(RESULTS)


def run_batch(request: Request, body: object, run: Run, router: Router) -> dict[str, Any]:
    """Run a batch; the whole is checked before anything runs.

    Args:
        request: the batch's own request.
        body: its body, already checked against its type.
        run: runs one request.
        router: decides whether a subrequest's URL and method exist.

    Raises:
        RefusalError: 400 where the batch is malformed.
    """
    given = cast("Mapping[str, Any]", body)
    inputs = cast("Sequence[Mapping[str, Any]]", given.get("batchRequests") or [])
    if not 1 <= len(inputs) <= _MOST:
        message = f"a batch has 1 to {_MOST} subrequests, not {len(inputs)}"
        raise refuse(400, "INVALID_BATCH_REQUEST", message, "batch")
    named = {one.get("binaryPartName") for one in inputs}
    if lost := [part.name for part in request.content.parts if part.name not in named]:
        raise _malformed(f"the binary part {lost[0]!r} belongs to no subrequest: none has it as binaryPartName")
    subrequests = [_subrequest(request, one, number) for number, one in enumerate(inputs)]
    for number, one in enumerate(subrequests):
        _check_method(router, one, number)
    halts = str(given.get("haltOnError")).lower() == "true"
    results: list[dict[str, Any]] = []
    has_errors = False
    for one in subrequests:
        if has_errors and halts:
            message = "The request was not processed: an earlier request of the batch failed"
            results.append({"statusCode": 412, "result": [_error("BATCH_PROCESSING_HALTED", message)]})
            continue
        response = run(one)
        has_errors = has_errors or response.status >= 400
        results.append({"statusCode": response.status, "result": response.value})
    return {"hasErrors": has_errors, "results": results}


def _error(code: str, message: str) -> dict[str, str]:
    return {"errorCode": code, "message": message}


def _subrequest(outer: Request, given: Mapping[str, Any], number: int) -> Request:
    where = f"batchRequests[{number}]"
    method, url = str(given.get("method") or "").upper(), str(given.get("url") or "")
    if method not in _METHODS:
        raise _malformed(f"{where}.method is one of {', '.join(_METHODS)}, not {given.get('method')!r}")
    found = _URL.fullmatch(url)
    if not found:
        raise _malformed(f"{where}.url must look like /v{outer.version}.0/chatter/users/me, not {url[:80]!r}")
    version = int(found[1])
    if version > outer.version:
        raise _malformed(f"{where}.url asks for {version}.0, which is above the batch's {outer.version}.0")
    target = f"/services/data/v{version}.0{found[2]}"
    parts = urlsplit(target)
    segments, suffix = decoded_segments(parts.path.partition(f"/v{version}.0")[2])
    if suffix == "xml":
        raise _malformed(f"{where}.url asks for XML; a batch's own format holds for its subrequests")
    if segments == ("connect", "batch"):
        raise _malformed(f"{where}.url is a batch; a batch cannot hold another")
    return replace(
        outer,
        method=method,
        target=target,
        version=version,
        segments=segments,
        query=decoded_query(parts.query),
        content=_content(outer.content, given, where),
    )


def _content(outer: Content, given: Mapping[str, Any], where: str) -> Content:
    name, alias = given.get("binaryPartName"), given.get("binaryPartNameAlias")
    if (name is None) != (alias is None):
        raise _malformed(f"{where} needs binaryPartName and binaryPartNameAlias both, or neither")
    parts: tuple[Part, ...] = ()
    if name is not None:
        found = next((part for part in outer.parts if part.name == name), None)
        if found is None:
            raise _malformed(f"{where}.binaryPartName: the request has no binary part {name!r}")
        parts = (replace(found, name=str(alias)),)
    rich = given.get("richInput")
    if rich is None and not parts:
        return NO_CONTENT
    media_type = "multipart/form-data" if parts else "application/json"
    if rich is None:
        return Content("form", parts=parts, media_type=media_type)
    return Content("json", rich, parts=parts, media_type=media_type)


def _check_method(router: Router, one: Request, number: int) -> None:
    """A URL that exists nowhere fails alone; a wrong method makes the batch malformed."""
    try:
        match = router.find(one.version, one.method, one.segments)
    except RefusalError as refusal:
        if refusal.status == 405:
            raise _malformed(f"batchRequests[{number}]: {refusal.problems[0].message}") from None
        return
    if not match.operation.batch:
        what = f"{match.operation.method} {match.operation.path}"
        problem = Problem(
            "INVALID_BATCH_REQUEST", f"batchRequests[{number}]: {what} cannot be part of a batch", "batch",
            match.operation.location,
        )  # fmt: skip
        raise RefusalError(400, (problem,))


def _malformed(message: str) -> RefusalError:
    return refuse(400, "INVALID_BATCH_REQUEST", message, "batch")


def several(request: Request, match: Match, body: object) -> list[Request] | None:
    """The single requests that a request for several records consists of, None where it is for one."""
    operation = match.operation
    if operation.returns != Named(RESULTS) or "batch" not in request.segments:
        return None
    place = len(request.segments) - 1 - request.segments[::-1].index("batch")
    if operation.method == "GET" and _IDS.search(operation.path) and place + 1 < len(request.segments):
        before, after = request.segments[:place], request.segments[place + 2 :]
        return [
            _single(request, (*before, one, *after), NO_CONTENT, "GET")
            for one in request.segments[place + 1].split(",")
        ]
    inputs = cast("Mapping[str, object]", body).get("inputs") if isinstance(body, dict) else None
    if operation.method == "POST" and isinstance(inputs, list) and place == len(request.segments) - 1:
        return [_single(request, request.segments[:place], _rich(one), "POST") for one in cast("list[object]", inputs)]
    return None


def _rich(given: object) -> Content:
    rich = cast("Mapping[str, object]", given).get("richInput") if isinstance(given, dict) else None
    return Content("json", rich, media_type="application/json")


def _single(request: Request, segments: tuple[str, ...], content: Content, method: str) -> Request:
    target = f"/services/data/v{request.version}.0/{'/'.join(segments)}"
    return replace(request, method=method, target=target, segments=segments, content=content)
