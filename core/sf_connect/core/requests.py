"""Builds requests: addresses, parameters, headers and bodies. Pure functions, the same for sync and async."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote, urlencode

from sf_connect.core.decoding import encode, instant
from sf_connect.core.operations import Operation, RequestOptions, Values
from sf_connect.core.uploads import Upload

_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Request:
    """A request, ready to be sent but for the token."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    content: bytes | None = field(default=None, repr=False)
    files: Mapping[str, tuple[str | None, bytes, str]] = field(default_factory=dict[str, Any], repr=False)

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


def build(
    operation: Operation[Any],
    path: tuple[object, ...],
    query: Values | None,
    form: Values | None,
    headers: Values | None,
    body: object,
    parts: Values | None,
    options: RequestOptions,
    api_version: str,
    site: str | None,
) -> Request:
    """The request of one call.

    Raises:
        ValueError: a path argument is empty or only dots, a body and form arguments are both given, a time has no zone.
    """
    address = f"/services/data/v{api_version}"
    if site is not None and operation.site:
        address += f"/connect/communities/{segment(site)}"
    address += fill(operation.path, path)
    fields = given(form)
    if body is not None and fields:
        names = ", ".join(fields)
        raise ValueError(f"give a body or the arguments {names}, not both: the API ignores the arguments beside a body")
    parameters = {**given(query), **_options_query(options), **given(options.query)}
    sent = {"Accept": "application/json", **_options_headers(options), **given(headers), **options.headers}
    content: bytes | None = None
    files: dict[str, tuple[str | None, bytes, str]] = {}
    uploads = {name: value for name, value in (parts or {}).items() if isinstance(value, Upload)}
    if uploads:
        if body is not None:
            files[operation.json_part] = (None, encode(body), "application/json; charset=UTF-8")
        for name, text_value in fields.items():
            files[name] = (None, text_value.encode(), "text/plain; charset=UTF-8")
        for name, upload in uploads.items():
            files[name] = (upload.name, upload.read(), upload.content_type)
    elif body is not None:
        content = encode(body)
        sent["Content-Type"] = "application/json; charset=UTF-8"
    elif fields:
        content = urlencode(fields).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    return Request(operation.method, address, urlencode(parameters), sent, content, files)


def fill(path: str, arguments: tuple[object, ...]) -> str:
    """A path with its placeholders replaced, each argument percent-encoded as a whole."""
    remaining = iter(arguments)
    return _PLACEHOLDER.sub(lambda _: segment(next(remaining)), path)


def segment(argument: object) -> str:
    """A path argument, percent-encoded; a list becomes its items joined by commas.

    Raises:
        ValueError: it is empty or would change the path.
    """
    written = text(argument)
    if not written or written.strip(".") == "":
        raise ValueError(f"{argument!r} cannot stand in a path: give an id or a name")
    return quote(written, safe="," if isinstance(argument, list | tuple) else "")


def text(value: object) -> str:
    """A parameter as text."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime.datetime():
            return instant(value)
        case datetime.date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case str():
            return value
        case list() | tuple() | set() | frozenset():
            return ",".join(text(item) for item in cast("Iterable[object]", value))
        case _:
            return str(value)


def given(values: Mapping[str, object] | None) -> dict[str, str]:
    """Those that are given, as text."""
    return {name: text(value) for name, value in (values or {}).items() if value is not None}


def _options_query(options: RequestOptions) -> dict[str, str]:
    if options.include and options.exclude:
        raise ValueError("give include or exclude, not both: the API refuses them together")
    query: dict[str, str] = {}
    for name, paths in (("include", options.include), ("exclude", options.exclude)):
        if wrong := [path for path in paths if not path.startswith("/")]:
            raise ValueError(f"{name} takes paths that begin with '/', not {wrong[0]!r}")
        if paths:
            query[name] = "|".join(paths)
    if options.filter_group:
        query["filterGroup"] = options.filter_group
    return query


def _options_headers(options: RequestOptions) -> dict[str, str]:
    headers: dict[str, str] = {}
    if options.locale:
        headers["Accept-Language"] = options.locale
    if options.entity_encoding is not None:
        headers["X-Chatter-Entity-Encoding"] = text(options.entity_encoding)
    return headers
