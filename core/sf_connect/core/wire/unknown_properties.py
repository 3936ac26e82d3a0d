"""What a response has that its types do not know: found by a second look at what was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import GenericAlias
from typing import Any, cast

import msgspec

from sf_connect.core.exceptions import ResponseDecodeError
from sf_connect.core.wire.models import Model
from sf_connect.core.wire.reading import decode_hook, read
from sf_connect.core.wire.shadows import Shadows
from sf_connect.core.wire.variants import base_of, keep_raw, property_names, raw_of

_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_strict = Shadows({}, strict=True)
Path = tuple[str | int, ...]


class _Key(str):
    """A key of a map in a path: data, while other names are those of properties."""

    __slots__ = ()


def with_raw(made: Any, body: bytes) -> Any:
    """A decoded response that keeps what was sent: the whole, or each item of the list that it is.

    Args:
        made: what was decoded.
        body: the JSON that it was decoded from.
    """
    if isinstance(made, Model):
        return keep_raw(made, body)
    if isinstance(made, list):
        items = cast("list[object]", made)
        items[:] = [with_raw(one, bytes(raw)) for one, raw in zip(items, _ITEMS.decode(body), strict=True)]
    return cast("object", made)


def keep_items_raw(items: Sequence[Any], page: object, path: str | None) -> None:
    """Let each item of a page keep what was sent of it, where the page does.

    Args:
        items: the items, which are replaced.
        page: the page.
        path: the property with the items, dotted where it is nested.
    """
    raw = raw_of(page)
    if path is None or raw is None or not isinstance(items, list):
        return
    body = raw if isinstance(raw, bytes) else msgspec.json.encode(raw)
    for name in path.split("."):
        body = bytes(_PARTS.decode(body)[name])
    with_raw(cast("list[object]", items), body)


def unknown_in(body: bytes, wanted: Any) -> Mapping[Path, object]:
    """The properties in JSON that a type does not know, by their paths; empty at little cost where there is none."""
    if has_none(body, wanted):
        return {}
    return dict(_unknown(msgspec.json.decode(body), read(body, wanted), ()))


def unknown_of(made: object) -> Mapping[Path, object]:
    """The unknown properties of a decoded object that keeps what was sent, or of the items of a list of such.

    Raises:
        ValueError: it does not keep that.
        ResponseDecodeError: what was sent is not valid JSON where its types skip it.
    """
    if isinstance(made, list):
        return {
            (number, *path): value
            for number, one in enumerate(cast("list[object]", made))
            for path, value in unknown_of(one).items()
        }
    if not isinstance(made, msgspec.Struct):
        return {}  # a map, or a value: all that was sent is in it
    raw = raw_of(made)
    if raw is None:
        raise ValueError(
            f"this {type(made).__name__} does not keep what was sent: call with RequestOptions(keep_raw=True), "
            "and look at the response or at an item of a Pager"
        )
    body = raw if isinstance(raw, bytes) else msgspec.json.encode(raw)
    discriminator = cast("str | None", getattr(made, "__discriminator__", None))
    try:
        found = unknown_in(body, base_of(type(made)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ResponseDecodeError(
            f"what was sent for this {type(made).__name__} is not valid JSON in a part that its type skips ({error})"
        ) from None
    tags = {name for name in property_names(type(made)) if name} | {discriminator}
    return {path: value for path, value in found.items() if path[1:] or path[:1][0] not in tags}


def has_none(body: bytes, wanted: Any) -> bool:
    """Whether a strict copy of a type reads JSON, so that it surely has no unknown property."""
    try:
        decoder = _strict.decoders.get(wanted)
        if decoder is None:
            copy = _strict.annotation(wanted)
            decoder = _strict.decoders[wanted] = msgspec.json.Decoder(copy, strict=False, dec_hook=_strict_hook)
        decoder.decode(body)
    except msgspec.DecodeError:
        return False
    return True


def shapes(found: Mapping[Path, object]) -> Mapping[str, str]:
    """Unknown properties without values: the path of each, with `*` for items and keys, and its shape in JSON."""
    return {
        pointer(["*" if isinstance(one, int | _Key) else one for one in path]): _shape(one)
        for path, one in found.items()
    }


def pointer(path: Sequence[str | int]) -> str:
    """A path as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(one).replace('~', '~0').replace('/', '~1')}" for one in path)


def _strict_hook(annotation: Any, value: Any) -> object:
    """As `decode_hook`, but an object must have no unknown property."""
    if annotation is object:
        return cast("object", value)
    wanted: Any = None
    shape = cast("object", type(value))
    if shape is dict:
        wanted = annotation.class_of(value)
    elif shape is list and (item := annotation.item()) is not None:
        wanted = GenericAlias(list, (item,))
    if wanted is None:
        return decode_hook(annotation, value)
    return msgspec.convert(value, _strict.annotation(wanted), strict=False, dec_hook=_strict_hook)


def _unknown(raw: object, made: object, path: Path) -> Iterator[tuple[Path, object]]:
    """Compare what was sent with what was decoded from it."""
    if isinstance(raw, dict):
        properties = cast("dict[str, object]", raw)
        if isinstance(made, msgspec.Struct):
            names = property_names(type(made))
            for name, value in properties.items():
                if name not in names:
                    yield (*path, name), value
                elif names[name]:
                    yield from _unknown(value, getattr(made, names[name]), (*path, name))
        elif isinstance(made, dict):
            for name, value in properties.items():
                yield from _unknown(value, cast("dict[str, object]", made).get(name), (*path, _Key(name)))
    elif isinstance(raw, list) and isinstance(made, list):
        pairs = zip(cast("list[object]", raw), cast("list[object]", made), strict=False)
        for number, (value, one) in enumerate(pairs):
            yield from _unknown(value, one, (*path, number))


def _shape(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
