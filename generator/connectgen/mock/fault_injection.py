"""Faults on demand: what an org, a network or a future server may do, asked for by header or by the control API."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, cast

FAULT_HEADER = "x-mock-fault"


class FaultError(ValueError):
    """A fault that cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one response. Times are milliseconds.

    Attributes:
        status: respond with this error status.
        code: the error code beside `status`.
        message: the message beside it.
        retry_after: the header `Retry-After`: seconds, or a date.
        latency: wait so long before the response.
        hourly_limit: 503, as when the requests of an hour are used up.
        daily_limit: 429, as when the allocation of 24 hours is used up.
        maintenance: 503 with a page in HTML.
        reset: break the connection off without a response.
        truncate: break off after half of the body, or after so many bytes.
        slow: send the body in pieces, waiting so long before each.
        malformed: JSON that ends too early, with a length that fits.
        empty: an error status without a body, or a success with an empty one.
        expired: 401, as when the session has expired.
        future_server: unknown properties, values and variants, as a newer server may send them.
    """

    status: int | None = None
    code: str | None = None
    message: str | None = None
    retry_after: str | None = None
    latency: int | None = None
    hourly_limit: bool = False
    daily_limit: bool = False
    maintenance: bool = False
    reset: bool = False
    truncate: int | None = None
    slow: int | None = None
    malformed: bool = False
    empty: bool = False
    expired: bool = False
    future_server: bool = False


NO_FAULT = Fault()
_TYPES: Mapping[str, str] = {item.name: str(item.type).removesuffix(" | None") for item in fields(Fault)}
_WHOLE_BODY = -1
"""What `truncate` means without a number: half of the body."""
_LONGEST_WAIT = 600_000


def read_header(text: str) -> Fault:
    """A fault as the header says it: `status=503; retry-after=2`, `latency=250`, `future_server`.

    Raises:
        FaultError: there is no such fault, or its value is wrong.
    """
    values: dict[str, object] = {}
    for item in text.split(";"):
        if not item.strip():
            continue
        name, equals, value = item.partition("=")
        values[name.strip()] = value.strip() if equals else True
    return read_values(values)


def read_values(values: Mapping[str, object]) -> Fault:
    """A fault as names and values.

    Raises:
        FaultError: there is no such fault, or its value is wrong.
    """
    read: dict[str, Any] = {}
    for given, value in values.items():
        name = given.replace("-", "_")
        if name not in _TYPES:
            known = ", ".join(type_name.replace("_", "-") for type_name in _TYPES)
            raise FaultError(f"there is no fault {given!r}; there are {known}")
        read[name] = _value(given, _TYPES[name], value)
    return Fault(**read)


def _value(name: str, type_name: str, value: object) -> object:
    if type_name == "bool":
        if value in (True, "true", ""):
            return True
        if value in (False, "false"):
            return False
        raise FaultError(f"{name} takes no value, not {value!r}")
    if type_name == "str":
        return str(value)
    if value is True and name == "truncate":
        return _WHOLE_BODY
    lowest, highest = (400, 599) if name == "status" else (0, _LONGEST_WAIT)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,18}", str(value)):
        raise FaultError(f"{name} takes a whole number, as in {name}={lowest or 250}")
    number = int(str(value))
    if not lowest <= number <= highest:
        raise FaultError(f"{name} is from {lowest} to {highest}, not {number}")
    return number


@dataclass(slots=True)
class _Planned:
    """A fault that waits for requests."""

    number: int
    fault: Fault
    ordered: Mapping[str, object]
    times: int | None
    skip: int
    match: Mapping[str, str]
    hits: int = field(default=0)


class Plan:
    """Faults that the control API has ordered, the oldest first; each goes when it has struck as often as asked."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []
        self._lock = threading.Lock()
        self._count = 0

    def __bool__(self) -> bool:
        return bool(self._planned)

    def clear(self) -> None:
        """Forget all faults."""
        self._planned = []

    def add(self, order: Mapping[str, object]) -> dict[str, object]:
        """Order a fault.

        Args:
            order: `fault` (names and values, or text as in the header), `times` (how often, 1 where omitted; null for
                ever), `skip` (how many fitting requests pass before), `match` (`method`, `path` with `*`, `version`).

        Raises:
            FaultError: the order cannot be read.
        """
        unknown = set(order) - {"fault", "times", "skip", "match"}
        if unknown:
            raise FaultError(f"an order has fault, times, skip and match, not {', '.join(sorted(unknown))}")
        ordered = order.get("fault")
        if isinstance(ordered, str):
            fault = read_header(ordered)
        elif isinstance(ordered, dict):
            fault = read_values(cast("dict[str, object]", ordered))
        else:
            raise FaultError('fault is missing: {"fault": {"status": 503}, "times": 2}')
        self._count += 1
        planned = _Planned(
            self._count,
            fault,
            {"fault": order.get("fault")},
            _count(order, "times", 1, null_allowed=True),
            _count(order, "skip", 0, null_allowed=False) or 0,
            _pattern(order.get("match")),
        )
        self._planned.append(planned)
        return _describe(planned)

    def listing(self) -> list[dict[str, object]]:
        """The faults that wait."""
        return [_describe(planned) for planned in self._planned]

    def next_fault(self, method: str, path: str, version: str) -> Fault:
        """The fault that strikes a request, if any does."""
        seen = {"method": method, "path": path, "version": version}
        with self._lock:
            for planned in self._planned:
                if not all(fnmatchcase(seen[name], pattern) for name, pattern in planned.match.items()):
                    continue
                if planned.skip:
                    planned.skip -= 1
                    continue
                planned.hits += 1
                if planned.times is not None and planned.hits >= planned.times:
                    self._planned.remove(planned)
                return planned.fault
        return NO_FAULT


def _count(order: Mapping[str, object], name: str, default: int, *, null_allowed: bool) -> int | None:
    value = order.get(name, default)
    if value is None and null_allowed:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < default:
        raise FaultError(f"{name} is a whole number from {default}{' or null for ever' if null_allowed else ''}")
    return value


def _pattern(match: object) -> dict[str, str]:
    if match is None:
        return {}
    if not isinstance(match, dict):
        raise FaultError('match is an object: {"method": "GET", "path": "/chatter/users/*", "version": "67.0"}')
    given = cast("dict[str, object]", match)
    if unknown := set(given) - {"method", "path", "version"}:
        raise FaultError(f"match has method, path and version, not {', '.join(sorted(unknown))}")
    return {name: str(value) for name, value in given.items()}


def _describe(planned: _Planned) -> dict[str, object]:
    return {
        "number": planned.number, **planned.ordered, "times": planned.times, "skip": planned.skip,
        "match": dict(planned.match), "hits": planned.hits,
    }  # fmt: skip
