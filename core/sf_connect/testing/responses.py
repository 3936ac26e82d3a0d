"""What a stub responds with, and how objects of a generated package become what the mock reads."""

from __future__ import annotations

import base64
import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import msgspec

from sf_connect.core.wire.encoding import instant
from sf_connect.core.wire.models import Model

if TYPE_CHECKING:
    from sf_connect.testing.calls import Call

_CLASS = "@type"
_MODULE = re.compile(r"sf_connect\.v(\d+)\.")

NOTHING: Any = msgspec.UNSET
"""A body that is not said: the mock generates one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    error: str | Mapping[str, str] | Sequence[Mapping[str, str]] | None = None
    delay: int = 0
    fill: bool = False
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Response(_Settings):
    """One response of a stub.

    Args:
        body: an object of the generated package (`m.Checkout(status=…)`), what JSON can hold, or bytes, which are sent
            as they are. Without it the mock generates a body.
        status: the HTTP status; that of the operation's success by default.
        headers: further headers.
        error: the `errorCode` of an error, or the objects of the error array; the status is then 400 by default.
        delay: milliseconds before the response, up to 600,000.
        fill: whether the mock generates what an object does not say.
        media_type: the content type of bytes (`application/octet-stream` by default).
    """

    body: Any = NOTHING


Function: TypeAlias = "Callable[[Call], Any]"
"""Makes a response, or its body, from a request. It runs in a thread of its own."""


def as_order(response: object, defaults: Response) -> dict[str, Any]:
    """A response as the mock reads it.

    Args:
        response: a `Response`, or only its body.
        defaults: what holds where `response` is only a body.
    """
    given = response if isinstance(response, Response) else None
    settings, body = given or defaults, given.body if given else response
    order: dict[str, Any] = {
        "status": settings.status,
        "headers": dict(settings.headers),
        "delay": settings.delay,
        "fill": settings.fill,
        "media_type": settings.media_type,
    }
    if settings.error is not None:
        order["error"] = settings.error
    elif isinstance(body, bytes | bytearray):
        order["base64"] = base64.b64encode(body).decode()
    elif body is not NOTHING:
        order["json"] = as_json(body)
    return {name: value for name, value in order.items() if value not in (None, {}, 0, False) or name == "json"}


def as_json(value: Any) -> Any:
    """A value as JSON; objects of a generated package say their class, from which the mock knows their variant."""
    match value:
        case msgspec.Struct():
            return {_CLASS: type(value).__name__, **_properties(value)}
        case dict():
            return {str(key): as_json(one) for key, one in cast("dict[object, Any]", value).items()}
        case list() | tuple():
            return [as_json(one) for one in cast("Sequence[Any]", value)]
        case datetime.datetime():
            return instant(value)
        case datetime.date():
            return value.isoformat()
        case _:
            return value


def without_classes(value: Any) -> Any:
    """JSON without the names of classes, as requests have it."""
    match value:
        case dict():
            given = cast("dict[str, Any]", value)
            return {key: without_classes(one) for key, one in given.items() if key != _CLASS}
        case list():
            return [without_classes(one) for one in cast("list[object]", value)]
        case _:
            return value


def version_of(values: Sequence[object]) -> str | None:
    """The API version of the first object of a generated package among values."""
    for value in values:
        body: object = value.body if isinstance(value, Response) else value
        found = _MODULE.match(type(body).__module__) if isinstance(body, msgspec.Struct) else None
        if found:
            return f"{found[1]}.0"
        if isinstance(body, list) and (inner := version_of(cast("list[object]", body))):
            return inner
    return None


def _properties(value: msgspec.Struct) -> dict[str, Any]:
    """The properties that are set, by the API's names: None is unset in a response, and null in a request."""
    unset = (None, msgspec.UNSET) if isinstance(value, Model) else (msgspec.UNSET,)
    found: dict[str, Any] = {}
    for name, attribute in zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True):
        one: object = getattr(value, attribute)
        if not any(one is other for other in unset):
            found[name.removesuffix("*")] = as_json(one)
    tag, config = type(value).__struct_config__.tag, type(value).__struct_config__
    if config.tag_field is not None and isinstance(tag, str) and "\0" not in tag:
        found.setdefault(config.tag_field, tag)
    return found
