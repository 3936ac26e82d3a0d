"""What the endpoints of the control API have in common: bodies as JSON objects, and errors in one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectgen.mock.bounds import LONGEST_CONTROL
from connectgen.mock.content import pieces, read_bytes
from connectgen.mock.fault_injection import FaultError
from connectgen.mock.refusal import RefusalError
from connectgen.mock.responding.rendering import write_json
from connectgen.mock.stubs.model import StubError


class Json(JSONResponse):
    """JSON of what requests have said, which may hold halves of characters that UTF-8 cannot write."""

    def render(self, content: object) -> bytes:
        """The bytes."""
        return write_json(content)


async def with_body(
    request: Request,
    idle_seconds: float,
    act: Callable[[Mapping[str, object]], Response],
    *,
    most: int = LONGEST_CONTROL,
) -> Response:
    """Respond to a request by its body.

    Args:
        request: the request.
        idle_seconds: time for the next piece of its body.
        act: makes the response to the JSON object.
        most: bytes that the body may have.
    """
    try:
        given: Any = json.loads(await read_bytes(pieces(request.receive, idle_seconds), most) or b"{}")
    except RefusalError as refusal:
        return wrong(refusal.problems[0].message, refusal.status)
    except (ValueError, RecursionError):
        return wrong("the body is no JSON")
    if not isinstance(given, dict):
        return wrong("the body is an object")
    try:
        return act(cast("dict[str, object]", given))
    except (FaultError, StubError) as error:
        return wrong(str(error))


def wrong(message: str, status: int = 400) -> Response:
    """The response to a request that cannot be served, with why."""
    return Json({"error": message}, status)
