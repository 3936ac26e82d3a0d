"""Requests that a mock server has taken, with bodies of the classes that the generated package has for them."""

from __future__ import annotations

import functools
import importlib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, cast
from urllib.parse import parse_qsl

import msgspec

from sf_connect.core.wire.unions import UnionInfo


@dataclass(frozen=True, slots=True)
class Call:
    """One request, and the status of its response.

    The keys of the mock's own JSON work too: `call["status"]`.
    """

    raw: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.raw[name]

    @property
    def operation(self) -> str | None:
        """The operation that was called, such as `chatter.users.get`; None where the mock knows none."""
        value: str | None = self.raw["operation"]
        return value

    @property
    def method(self) -> str:
        """The HTTP method."""
        value: str = self.raw["method"]
        return value

    @property
    def url(self) -> str:
        """Path and query."""
        value: str = self.raw["target"]
        return value

    @property
    def version(self) -> str | None:
        """The API version, such as `67.0`."""
        value: str | None = self.raw["version"]
        return value

    @property
    def path(self) -> Mapping[str, str]:
        """The values in the path, by the API's names: `{"userId": "me"}`."""
        value: Mapping[str, str] = self.raw["path"]
        return value

    @property
    def query(self) -> Mapping[str, list[str]]:
        """The parameters of the query, each with its values."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.url.partition("?")[2], keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers by lower-case name, without those that have tokens."""
        value: Mapping[str, str] = self.raw["headers"]
        return value

    @property
    def status(self) -> int | None:
        """The status of the response; None in a function that makes it."""
        return self.raw.get("status")

    @property
    def reason(self) -> str | None:
        """Why the mock refused the request, None where it did not."""
        return self.raw.get("reason")

    @property
    def json(self) -> Any:
        """The body as JSON values, or the form fields; a text with the size where it is larger than 256 KiB."""
        return self.raw["body"]

    @property
    def body(self) -> Any:
        """The body as an object of the operation's input type, such as `m.FeedItemInput`.

        It is `json` where the package of the version is not installed, or where the operation takes no such body.
        """
        value, operation, version = self.json, self.operation, self.version
        if not isinstance(value, dict) or operation is None or version is None:
            return cast("Any", value)
        expected = _body_type(int(version.partition(".")[0]), operation)
        return cast("Any", value) if expected is None else typed(value, expected)


@functools.lru_cache(maxsize=1000)
def _body_type(version: int, operation: str) -> Any:
    """The type of an operation's body in the generated package, None where there is none."""
    try:
        package = importlib.import_module(f"sf_connect.v{version}")
    except ModuleNotFoundError:
        return None
    target: Any = package.Connect("http://127.0.0.1:9", token="unused")  # noqa: S106  nothing is sent
    try:
        for name in operation.split("."):
            target = getattr(target, name)
        return typing.get_type_hints(target, include_extras=True).get("body")
    except (AttributeError, NameError):
        return None


def typed(value: Any, expected: Any) -> Any:
    """JSON as an object of a type; what does not fit stays as it is.

    Args:
        value: the JSON value.
        expected: an annotation of a generated package.
    """
    if typing.get_origin(expected) is Annotated:
        return _of_union(value, typing.get_args(expected))
    if typing.get_origin(expected) in (typing.Union, types.UnionType):
        return _of_options(value, typing.get_args(expected))
    if isinstance(value, dict):
        return _of_object(cast("dict[str, Any]", value), expected)
    if isinstance(value, list):
        (item,) = typing.get_args(expected) if typing.get_origin(expected) is list else (Any,)
        return [typed(one, item) for one in cast("list[object]", value)]
    try:
        return msgspec.convert(value, expected, strict=False)
    except (msgspec.ValidationError, TypeError):
        return value


def _of_object(value: dict[str, Any], expected: Any) -> Any:
    if isinstance(expected, type) and issubclass(expected, msgspec.Struct):
        fields = {one.encode_name.removesuffix("*"): one for one in msgspec.structs.fields(expected)}
        known = {fields[name].name: typed(one, fields[name].type) for name, one in value.items() if name in fields}
        return expected(**known)
    if typing.get_origin(expected) is dict:
        inner = typing.get_args(expected)[1]
        return {key: typed(one, inner) for key, one in value.items()}
    return value


def _of_union(value: Any, arguments: tuple[Any, ...]) -> Any:
    info = next((one for one in arguments if isinstance(one, UnionInfo)), None)
    if info is None:
        return typed(value, arguments[0])
    given = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    found = info.classes.get(str(given.get(info.property)), info.fallback)
    return cast("Any", value) if found is None else typed(value, found)


def _of_options(value: Any, options: tuple[Any, ...]) -> Any:
    if value is None:
        return None
    for option in options:
        if option in (type(None), msgspec.UnsetType):
            continue
        made = typed(value, option)
        if made is not value or not isinstance(value, dict | list):
            return made
    return cast("Any", value)
