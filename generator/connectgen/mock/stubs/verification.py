"""Looks through the calls of a run: how many are meant by a test, and which of the others comes nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from connectgen.mock.recording import Call
from connectgen.mock.refusal import RefusalError
from connectgen.mock.request import decoded_query, decoded_segments
from connectgen.mock.routing import Router
from connectgen.mock.stubs.matching import NOTHING, Criteria, Seen, is_near
from connectgen.mock.stubs.model import Stub

_PATH = re.compile(r"(?:/[^/?]+)*?/services/data/v(\d{1,3})\.0(/[^?]*)?(?:\?(.*))?")
_MOST_NEAR = 3


def path_values(call: Call, router: Router) -> dict[str, str]:
    """The values in the path of a call, by the names of its placeholders."""
    return dict(_seen(call, router).values)


def verified(criteria: Criteria, calls: Iterable[Call], router: Router) -> dict[str, Any]:
    """How many calls are meant, and the nearest of the others with what is different.

    Args:
        criteria: which calls are meant.
        calls: the calls.
        router: finds the values of their paths.
    """
    numbers: list[int] = []
    others: list[tuple[int, int, str]] = []
    for call in calls:
        seen = _seen(call, router)
        differences = list(criteria.differences(seen))
        if not differences:
            numbers.append(call.number)
        elif is_near(distance := criteria.distance(seen)):
            others.append((distance, call.number, f"{call.method} {call.target}: {'; '.join(differences)}"))
    nearest = [text for _, _, text in sorted(others)[:_MOST_NEAR]]
    return {"criteria": str(criteria), "count": len(numbers), "numbers": numbers, "nearest": nearest}


def listing(stubs: Iterable[Stub], calls: Iterable[Call], router: Router) -> Iterator[dict[str, Any]]:
    """The stubs of a run; those that were not used with the call that comes nearest.

    Args:
        stubs: the stubs.
        calls: the calls.
        router: finds the values of their paths.
    """
    made = list(calls)
    for stub in stubs:
        nearest: list[str] = [] if stub.uses else verified(stub.criteria, made, router)["nearest"]
        yield {
            "number": stub.number,
            "operation": stub.criteria.operation,
            "for": str(stub.criteria),
            "times": stub.times,
            "uses": stub.uses,
            "optional": stub.optional,
            "nearest": nearest[0] if nearest else None,
        }


def _seen(call: Call, router: Router) -> Seen:
    found = _PATH.fullmatch(call.target)
    version = int(found[1]) if found else None
    segments = decoded_segments(found[2] or "")[0] if found else ()
    body: object = call.body
    sent = body if call.has_body else NOTHING
    fields = cast("dict[str, object]", body) if isinstance(body, dict) and not call.has_body else {}
    values: dict[str, str] = {}
    try:
        query = decoded_query(found[3] or "") if found else ()
        if version is not None and call.operation is not None:
            values = dict(router.find(version, call.method, segments).values)
    except RefusalError:
        query = ()
    return Seen(
        method=call.method,
        path="/" + "/".join(segments) if found else call.target,
        version=version,
        operation=call.operation,
        values=values,
        parameters=(*query, *((name, str(value)) for name, value in fields.items())),
        headers=call.headers,
        body=sent,
    )
