"""Remembers what was called: the last requests one by one, and every operation that a run touched."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from connectgen.mock.request import Content, Request
from connectgen.mock.versions import Versions
from connectgen.surface import SurfaceOperation

_CALLS = 5_000
_LONGEST_BODY = 256 * 1024
_SMALL_BODY = 4_000
_ALL_BODIES = 4 * 1024 * 1024
"""Bytes of all bodies together that are not small; the oldest are then forgotten."""
_LONGEST_TEXT = 4_000
"""Characters of a URL, a header, or all form fields that are kept."""
_MOST_HEADERS = 100
_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(slots=True)
class Call:
    """One request and its response."""

    number: int
    time: str
    method: str
    target: str
    version: str | None
    operation: str | None
    status: int
    reason: str | None
    headers: Mapping[str, str]
    body: object
    parts: tuple[Mapping[str, object], ...]
    is_sub_request: bool
    has_body: bool
    stub: int | None

    def as_json(self) -> dict[str, Any]:
        """As JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


class Recording:
    """The calls of a run. Tokens are not kept.

    Args:
        versions: the Surfaces, to list what was not touched.
    """

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._calls: deque[Call] = deque(maxlen=_CALLS)
        self._touched: Counter[tuple[int, str]] = Counter()
        self._count = 0
        self._large: deque[tuple[Call, int]] = deque()
        self._bytes = 0

    @property
    def count(self) -> int:
        """How many requests came."""
        return self._count

    def clear(self) -> None:
        """Forget all calls and what was touched."""
        self._calls.clear()
        self._large.clear()
        self._bytes = 0
        self._touched.clear()

    def note(
        self,
        request: Request | None,
        method: str,
        target: str,
        headers: Mapping[str, str],
        operation: SurfaceOperation | None,
        status: int,
        reason: str | None,
        *,
        is_sub_request: bool = False,
        stub: int | None = None,
    ) -> None:
        """Remember a request and its response.

        Args:
            request: what was understood of it.
            method: its method.
            target: path and query.
            headers: its headers.
            operation: what it called; it counts as touched where the response is a success.
            status: the response's status.
            reason: why it was refused.
            is_sub_request: whether it came inside a batch.
            stub: the number of the stub that responded.
        """
        self._count += 1
        name = f"{operation.family}.{operation.group}.{operation.name}" if operation else None
        if request is not None and name is not None and status < 400:
            self._touched[request.version, name] += 1
        content = request.content if request else Content()
        self._keep(
            Call(
                self._count,
                datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                method,
                _cut(_without_secrets(target)),
                f"{request.version}.0" if request else None,
                name,
                status,
                reason,
                {_cut(key): _cut(value) for key, value in islice(headers.items(), _MOST_HEADERS) if key not in _SECRET},
                _short(content),
                tuple(
                    {"name": _cut(part.name), "filename": _cut(part.filename), "size": part.size, "sha256": part.sha256}
                    for part in content.parts
                ),
                is_sub_request,
                content.has_body,
                stub,
            ),
            content.size,
        )

    def _keep(self, call: Call, size: int) -> None:
        self._calls.append(call)
        if call.has_body and _SMALL_BODY < size <= _LONGEST_BODY:
            self._large.append((call, size))
            self._bytes += size
            while self._bytes > _ALL_BODIES:
                oldest, its_size = self._large.popleft()
                oldest.body = f"[{its_size} bytes]"
                self._bytes -= its_size

    def calls(self, wanted: Mapping[str, str]) -> list[Call]:
        """The calls, the oldest first.

        Args:
            wanted: `method`, `operation`, `version`, `status`: only calls that have them; `after`: only calls with
                a higher number.
        """
        after = int(wanted.get("after", "0"))
        exact = {name: value for name, value in wanted.items() if name != "after"}
        return [
            call
            for call in self._calls
            if call.number > after and all(str(getattr(call, name)) == value for name, value in exact.items())
        ]

    @property
    def forgotten(self) -> int:
        """How many calls are not among those that are kept."""
        return self._count - len(self._calls)

    def coverage(self, versions: Iterable[int] = ()) -> dict[str, Any]:
        """Which operations of which version were called with success.

        Args:
            versions: the versions to list; those that were touched where empty.
        """
        touched = sorted({version for version, _ in self._touched})
        found: dict[str, Any] = {}
        for version in versions or touched:
            names = [f"{one.family}.{one.group}.{one.name}" for one in self._versions.operations(version)]
            counts = {name: self._touched[version, name] for name in names if self._touched[version, name]}
            found[f"{version}.0"] = {
                "operations": len(names),
                "touched": len(counts),
                "percent": round(100 * len(counts) / len(names), 1) if names else 100.0,
                "calls": counts,
                "untouched": [name for name in names if name not in counts],
            }
        return {"versions": found}


FILTERS = frozenset({"method", "operation", "version", "status", "after"})


def coverage_as_markdown(coverage: Mapping[str, Any]) -> str:
    """The coverage report as a page."""
    lines = ["# Operations that this run called", "", "| version | operations | called | % |", "|---|---|---|---|"]
    versions: Mapping[str, Any] = coverage["versions"]
    lines += [
        f"| {name} | {one['operations']} | {one['touched']} | {one['percent']} |" for name, one in versions.items()
    ]
    for name, one in versions.items():
        lines += ["", f"## {name}", "", "Called:", ""]
        lines += [f"- `{operation}` ({count})" for operation, count in one["calls"].items()] or ["- nothing"]
        lines += ["", "Not called:", ""]
        lines += [f"- `{operation}`" for operation in one["untouched"]] or ["- nothing"]
    return "\n".join(lines) + "\n"


def _short(content: Content) -> object:
    if content.has_body:
        return content.value if content.size <= _LONGEST_BODY else f"[{content.size} bytes]"
    fields = {name: "[secret]" if "token" in name or "secret" in name else value for name, value in content.fields}
    if sum(len(name) + len(value) for name, value in content.fields) > _LONGEST_TEXT:
        return f"[{len(content.fields)} fields]"
    return fields or None


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."


def _without_secrets(target: str) -> str:
    path, _, query = target.partition("?")
    kept = [pair for pair in query.split("&") if pair and not pair.startswith("bearerToken=")]
    return f"{path}?{'&'.join(kept)}" if kept else path
