"""Reads stubs as the control API and files of stubs say them, and names everything that is wrong with them."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from connectgen.catalogue.suggestions import did_you_mean
from connectgen.catalogue.yaml_reader import LineDict
from connectgen.mock.responding.pages import OWN_PARAMETER
from connectgen.mock.stubs.checking import problems
from connectgen.mock.stubs.matching import NOTHING, Criteria, operation_name
from connectgen.mock.stubs.model import NO_VALUE, Stub, StubError, StubResponse
from connectgen.mock.versions import Versions
from connectgen.surface import SurfaceOperation

_KEYS = ("operation", "version", "match", "response", "responses", "times", "strict", "optional")
_MATCH = ("method", "path", "query", "headers", "body")
_RESPONSE = ("status", "headers", "json", "text", "base64", "media_type", "error", "fill", "delay", "function")
_BODIES = ("json", "text", "base64", "error")
_METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE")
_VERSION = re.compile(r"v?(\d{1,3})(?:\.0)?")
_HEADER = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_LONGEST_DELAY = 600_000
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with a stub.

    Attributes:
        line: the line where it is, 0 where there are no lines.
        message: what is wrong, and what would be right.
    """

    line: int
    message: str


@dataclass(slots=True)
class StubReader:
    """Reads stubs.

    Args:
        versions: the Surfaces that responses are checked against.
    """

    versions: Versions
    wrong: list[Wrong] = field(default_factory=list[Wrong])

    def read(self, order: Mapping[str, Any]) -> Stub | None:
        """A stub, None where something is wrong with it; `wrong` then has what."""
        before = len(self.wrong)
        self._known(order, _KEYS, "a stub")
        version = self._version(order)
        criteria = self._criteria(order, version)
        responses = self._responses(order)
        times = self._number(order, "times", 1, None)
        stub = Stub(
            criteria=criteria,
            responses=responses,
            times=times,
            strict=self._flag(order, "strict", default=True),
            optional=self._flag(order, "optional", default=False),
        )
        if len(self.wrong) == before:
            self._fits(order, stub)
        return stub if len(self.wrong) == before else None

    def criteria(self, order: Mapping[str, Any]) -> Criteria:
        """Which calls a verification is about: a stub without its responses."""
        self._known(order, ("operation", "version", "match"), "a verification")
        criteria = self._criteria(order, self._version(order))
        if criteria.operation is not None and not self.wrong:
            self._operation(order, criteria)
        return criteria

    def response(self, given: Mapping[str, Any]) -> StubResponse:
        """One response, as a function of a test gives it."""
        return self._response(given)

    def _note(self, owner: object, key: str, message: str) -> None:
        line = owner.line_of(key) if isinstance(owner, LineDict) else 0
        self.wrong.append(Wrong(line, message))

    def _known(self, given: Mapping[str, Any], known: Iterable[str], what: str) -> None:
        for key in given:
            if key not in known:
                names = ", ".join(known)
                self._note(given, key, f"{what} has no {key[:40]!r}; {did_you_mean(key, known, f'it has {names}')}")

    def _table(self, owner: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = owner.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._note(owner, key, f"{key} is an object, not {_abridged(value)}")
            return {}
        return cast("Mapping[str, Any]", value)

    def _flag(self, owner: Mapping[str, Any], key: str, *, default: bool) -> bool:
        value = owner.get(key, default)
        if not isinstance(value, bool):
            self._note(owner, key, f"{key} is true or false, not {_abridged(value)}")
        return value is True

    def _number(self, owner: Mapping[str, Any], key: str, lowest: int, highest: int | None) -> int | None:
        value = owner.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < lowest or (highest and value > highest):
            limits = f"from {lowest} to {highest}" if highest else f"from {lowest}"
            self._note(owner, key, f"{key} is a whole number {limits}, not {_abridged(value)}")
            return None
        return value

    def _version(self, order: Mapping[str, Any]) -> int | None:
        value = order.get("version")
        if value is None:
            return None
        found = _VERSION.fullmatch(str(value))
        number = int(found[1]) if found else 0
        if number not in self.versions.served:
            served = self.versions.served
            self._note(
                order, "version", f"there is no version {_abridged(value)}; there are {served[0]}.0 to {served[-1]}.0"
            )
        return number

    def _criteria(self, order: Mapping[str, Any], version: int | None) -> Criteria:
        match = self._table(order, "match")
        self._known(match, _MATCH, "match")
        operation, path, method = (order.get("operation"), match.get("path"), match.get("method"))
        if operation is not None and not isinstance(operation, str):
            self._note(order, "operation", f"operation is a name like chatter.users.get, not {_abridged(operation)}")
        if operation is None and not isinstance(path, str):
            self._note(order, "match", "name the operation, or match with a path like /chatter/users/*")
        if method is not None and method not in _METHODS:
            self._note(match, "method", f"method is one of {', '.join(_METHODS)}, not {_abridged(method)}")
        if path is not None and not isinstance(path, str | dict):
            self._note(match, "path", f"path is a text or an object of values in the path, not {_abridged(path)}")
        return Criteria(
            operation=operation if isinstance(operation, str) else None,
            method=method if method in _METHODS else None,
            path=path if isinstance(path, str) else None,
            version=version,
            values=(
                {name: _text(one) for name, one in cast("dict[str, Any]", path).items()}
                if isinstance(path, dict)
                else {}
            ),
            query={name: _texts(one) for name, one in self._table(match, "query").items()},
            headers={
                name.lower(): None if one is None else _text(one) for name, one in self._table(match, "headers").items()
            },
            body=match.get("body", NOTHING),
        )

    def _responses(self, order: Mapping[str, Any]) -> tuple[StubResponse, ...]:
        if "response" in order and "responses" in order:
            self._note(order, "responses", "a stub has response or responses, not both")
        if "responses" not in order:
            return (self._response(self._table(order, "response")),)
        given: object = order["responses"]
        fault = f"responses is a list of one or more, not {_abridged(given)}"
        if not isinstance(given, list) or not given:
            self._note(order, "responses", fault)
            return ()
        found: list[StubResponse] = []
        for one in cast("list[object]", given):
            if isinstance(one, dict):
                found.append(self._response(cast("Mapping[str, Any]", one)))
            else:
                self._note(order, "responses", f"each of responses is an object, not {_abridged(one)}")
        return tuple(found)

    def _response(self, given: Mapping[str, Any]) -> StubResponse:
        self._known(given, _RESPONSE, "a response")
        bodies = [key for key in _BODIES if key in given]
        if len(bodies) > 1:
            self._note(given, bodies[1], f"a response has one of {', '.join(_BODIES)}, not {' and '.join(bodies)}")
        function, status = given.get("function"), self._number(given, "status", 200, 599)
        if function is not None and not isinstance(function, str):
            self._note(given, "function", f"function is the name of one, not {_abridged(function)}")
        errors = self._errors(given)
        if errors and status is not None and status < 400:
            self._note(given, "status", f"the status of an error is from 400 to 599, not {status}")
        if given.get("fill") and not isinstance(given.get("json"), dict):
            self._note(given, "fill", "fill completes a json object, and there is none")
        return StubResponse(
            status=status if status is not None or not errors else 400,
            headers=self._headers(given),
            value=given.get("json", NO_VALUE),
            content=self._content(given),
            media_type=str(given.get("media_type") or ""),
            errors=errors,
            fill=self._flag(given, "fill", default=False),
            delay=self._number(given, "delay", 0, _LONGEST_DELAY) or 0,
            function=function if isinstance(function, str) else None,
        )

    def _headers(self, given: Mapping[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        headers = self._table(given, "headers")
        for name, value in headers.items():
            text = _text(value)
            if not _HEADER.fullmatch(name) or name.lower() in _FRAMING:
                self._note(headers, name, f"{name[:40]!r} is no header that a response can set")
            elif any(character < " " or character > "ÿ" for character in text):
                self._note(headers, name, f"the header {name} has a character that no header can have")
            found[name] = text
        return found

    def _content(self, given: Mapping[str, Any]) -> bytes | None:
        text, encoded = given.get("text"), given.get("base64")
        if "text" in given:
            if isinstance(text, str):
                return text.encode("utf-8", "replace")
            self._note(given, "text", f"text is a text, not {_abridged(text)}")
        if "base64" in given:
            try:
                return base64.b64decode(str(encoded), validate=True)
            except (binascii.Error, ValueError):
                self._note(given, "base64", "base64 holds bytes in Base64")
        return None

    def _errors(self, given: Mapping[str, Any]) -> tuple[Mapping[str, str], ...]:
        if "error" not in given:
            return ()
        error: Any = given["error"]
        items = cast("list[object]", error) if isinstance(error, list) else [cast("object", error)]
        found: list[Mapping[str, str]] = []
        for item in items:
            one = {"errorCode": item} if isinstance(item, str) else item
            told = cast("dict[str, object]", one) if isinstance(one, dict) else {}
            if not isinstance(told.get("errorCode"), str):
                self._note(given, "error", 'error is an error code, or {"errorCode": "…", "message": "…"}, or a list')
                continue
            texts = {name: str(text) for name, text in told.items()}
            found.append({"message": "An error that a stub was asked for", **texts})
        return tuple(found)

    def _operation(self, order: Mapping[str, Any], criteria: Criteria) -> tuple[int, SurfaceOperation] | None:
        """The operation of a stub, at its version or else at the newest that has it."""
        wanted = str(criteria.operation)
        versions = [criteria.version] if criteria.version else list(reversed(self.versions.served))
        for version in versions:
            if (found := self.versions.named(version, wanted)) is not None:
                return version, found
        known = {operation_name(one) for one in self.versions.operations(versions[0])}
        when = self.versions.elsewhere(versions[0], lambda other: self.versions.named(other, wanted))
        remedy = f"it {when[0]}" if when else did_you_mean(wanted, known, "connectgen find says what there is")
        self._note(order, "operation", f"there is no operation {wanted[:80]!r} at {versions[0]}.0; {remedy}")
        return None

    def _fits(self, order: Mapping[str, Any], stub: Stub) -> None:
        """Note what the operation of a stub does not have."""
        if stub.criteria.operation is None:
            return
        found = self._operation(order, stub.criteria)
        if found is None:
            return
        version, operation = found
        self._places(order, stub.criteria, operation, version)
        if not stub.strict:
            return
        listed: Any = order.get("responses") or [order.get("response")]
        for given, response in zip(listed, stub.responses, strict=True):
            for key, message in problems(self.versions, version, operation, response):
                self._note(given, key, f"{message} (strict: false sends it)")

    def _places(self, order: Mapping[str, Any], criteria: Criteria, operation: SurfaceOperation, version: int) -> None:
        """Note which values and parameters to match an operation does not have."""
        match, name = self._table(order, "match"), operation_name(operation)
        in_path = {item.name for item in operation.path_parameters}
        for value in criteria.values:
            if value not in in_path:
                remedy = did_you_mean(value, in_path, f"it has {', '.join(sorted(in_path)) or 'none'}")
                self._note(match, "path", f"the path of {name} has no {value[:40]!r}; {remedy}")
        elsewhere = {item.name for item in operation.parameters if item.place in ("query", "form")}
        for parameter in criteria.query:
            if parameter not in elsewhere and parameter != OWN_PARAMETER:
                remedy = did_you_mean(parameter, elsewhere, f"it has {', '.join(sorted(elsewhere)) or 'none'}")
                self._note(match, "query", f"{name} has no parameter {parameter[:40]!r} at {version}.0; {remedy}")


def read_stub(versions: Versions, order: Mapping[str, Any]) -> Stub:
    """A stub as the control API receives it.

    Args:
        versions: the Surfaces.
        order: the stub.

    Raises:
        StubError: something is wrong with it; the message has everything.
    """
    reader = StubReader(versions)
    stub = reader.read(order)
    if stub is None:
        raise StubError("; ".join(wrong.message for wrong in reader.wrong))
    return stub


def read_criteria(versions: Versions, order: Mapping[str, Any]) -> Criteria:
    """Which calls a verification is about.

    Raises:
        StubError: something is wrong with it.
    """
    reader = StubReader(versions)
    criteria = reader.criteria(order)
    if reader.wrong:
        raise StubError("; ".join(wrong.message for wrong in reader.wrong))
    return criteria


def read_response(versions: Versions, given: object) -> StubResponse:
    """The response that a function of a test has given.

    Raises:
        StubError: something is wrong with it.
    """
    if not isinstance(given, dict):
        raise StubError(f"a function gives a response as an object, not {_abridged(given)}")
    reader = StubReader(versions)
    response = reader.response(cast("Mapping[str, Any]", given))
    if reader.wrong:
        raise StubError("; ".join(wrong.message for wrong in reader.wrong))
    return response


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _texts(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    return tuple(map(_text, cast("list[object]", value))) if isinstance(value, list) else (_text(value),)


def _abridged(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
