"""Which requests are meant: by operation, path, query, headers and a part of the body; and how near others come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import cast

from connectgen.identifiers import full
from connectgen.surface import SurfaceOperation

_SHOWN = 60
"""Characters of a value that a difference shows."""
_FAR = 100
"""How far a request for another operation is from a stub, in differences."""
NOTHING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as stubs look at it.

    Attributes:
        method: its method.
        path: its path after the version.
        version: its version as a whole number, None where none was understood.
        operation: what it calls, `family.group.name`; None where that is unknown.
        values: the values of the path, by the names of its placeholders.
        parameters: names and values of the query and the form.
        headers: by lower-case name.
        body: the JSON value; `NOTHING` without one.
    """

    method: str
    path: str
    version: int | None
    operation: str | None
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    parameters: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: object = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Which requests are meant; what is not said may be anything. Texts may have `*`.

    Attributes:
        operation: `family.group.name`.
        method: the HTTP method.
        path: the path after the version.
        version: the version as a whole number.
        values: values of the path, by the names of its placeholders.
        query: parameters of the query or the form; None for one that must be absent.
        headers: headers, by lower-case name; None for one that must be absent.
        body: what the body has at least; `NOTHING` where it does not matter.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    version: int | None = None
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict[str, "tuple[str, ...] | None"])
    headers: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    body: object = NOTHING

    def differences(self, seen: Seen) -> Iterator[str]:
        """How a request differs, in words; nothing where it is meant."""
        if self.operation is not None and self.operation != seen.operation:
            yield f"it calls {seen.operation or 'no operation'}, not {self.operation}"
        if self.version is not None and self.version != seen.version:
            yield f"the version is {seen.version}.0, not {self.version}.0"
        if self.method is not None and self.method != seen.method:
            yield f"the method is {seen.method}, not {self.method}"
        if self.path is not None and not _fits(self.path, seen.path):
            yield f"the path is {_quoted(seen.path)}, not {_quoted(self.path)}"
        for name, wanted in self.values.items():
            if name not in seen.values or not _fits(wanted, seen.values[name]):
                yield f"{name} in the path is {_quoted(seen.values.get(name, NOTHING))}, not {_quoted(wanted)}"
        for name, texts in self.query.items():
            given = [value for key, value in seen.parameters if key == name]
            if not _all_fit(texts, given):
                shown = _quoted(",".join(given)) if given else "absent"
                yield f"the parameter {name} is {shown}, not {_quoted(','.join(texts)) if texts else 'absent'}"
        for name, text in self.headers.items():
            sent = seen.headers.get(name)
            if (sent is None) is not (text is None) or (text is not None and not _fits(text, str(sent))):
                yield f"the header {name} is {_quoted(sent)}, not {_quoted(text)}"
        if self.body is not NOTHING:
            yield from _body_differences(self.body, seen.body, "body")

    def distance(self, seen: Seen) -> int:
        """How many differences there are; many where another operation or path is called."""
        found = sum(1 for _ in self.differences(seen))
        is_other = (self.operation or "") != (seen.operation or "") if self.operation else False
        return found + (_FAR if is_other or (self.path is not None and not _fits(self.path, seen.path)) else 0)

    def __str__(self) -> str:
        shown = [self.operation or " ".join(filter(None, (self.method, self.path)))]
        if self.operation and self.path:
            shown.append(f"path {self.path}")
        shown += [f"{name}={text}" for name, text in self.values.items()]
        shown += [f"{name}={'absent' if texts is None else ','.join(texts)}" for name, texts in self.query.items()]
        shown += [f"{name}: {'absent' if text is None else text}" for name, text in self.headers.items()]
        if self.body is not NOTHING:
            shown.append(f"body {_quoted(self.body)}")
        if self.version is not None:
            shown.append(f"version {self.version}.0")
        return ", ".join(shown)


def is_near(distance: int) -> bool:
    """Whether a request with so many differences calls at least the same operation."""
    return distance < _FAR


def operation_name(operation: SurfaceOperation) -> str:
    """The name of an operation in clients."""
    return f"{operation.family}.{operation.group}.{operation.name}"


def _fits(wanted: str, given: str) -> bool:
    return wanted == given or full(wanted) == full(given) or ("*" in wanted and fnmatchcase(given, _literal(wanted)))


def _literal(pattern: str) -> str:
    """A pattern in which only `*` stands for others."""
    return pattern.replace("[", "[[]").replace("?", "[?]")


def _all_fit(wanted: tuple[str, ...] | None, given: list[str]) -> bool:
    if wanted is None:
        return not given
    if len(wanted) == 1:
        return len(given) == 1 and _fits(wanted[0], given[0])
    found = [text for value in given for text in value.split(",")]  # a list is sent in either way
    return len(found) == len(wanted) and all(map(_fits, wanted, found))


def _body_differences(wanted: object, given: object, where: str) -> Iterator[str]:
    if isinstance(wanted, dict):
        if not isinstance(given, dict):
            yield f"{where} is {_quoted(given)}, not an object"
            return
        has = cast("dict[str, object]", given)
        for name, one in cast("dict[str, object]", wanted).items():
            yield from _body_differences(one, has.get(name, NOTHING), f"{where}.{name}")
    elif isinstance(wanted, list):
        items, described = cast("list[object]", wanted), f"is {_quoted(given)}"
        others = cast("list[object]", given) if isinstance(given, list) else None
        if others is None or len(others) != len(items):
            shown = f"has {len(others)} items" if others is not None else described
            yield f"{where} {shown}, not a list of {len(items)}"
            return
        for place, (one, other) in enumerate(zip(items, others, strict=True)):
            yield from _body_differences(one, other, f"{where}[{place}]")
    elif wanted != given or isinstance(wanted, bool) is not isinstance(given, bool):
        yield f"{where} is {_quoted(given)}, not {_quoted(wanted)}"


def _quoted(value: object) -> str:
    if value is NOTHING or value is None:
        return "absent" if value is NOTHING else "null"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
