"""Decodes JSON to types: in one pass where everything fits, part by part where something does not.

One odd property, or a variant of a union that is newer than this version, must cost neither the response nor the speed
of the rest.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from types import GenericAlias
from typing import Any, NamedTuple, cast, get_args, get_origin

import msgspec

from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.shadows import current_shadows, is_untagged, note, refresh
from sf_connect.core.wire.unions import UnionInfo, bare, union_of
from sf_connect.core.wire.variants import can_keep_raw, keep_raw, subclass

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LARGE = 100_000
"""The number of bytes from which guessing the variant of a page's items is worthwhile."""
_DEEPEST = 60
"""How deep values are decoded part by part; what does not fit deeper down remains as it was sent."""
_Raw = bytes | msgspec.Raw
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_PROPERTIES = msgspec.json.Decoder(dict[str, msgspec.Raw])


class _OddValueError(Exception):
    """A value that does not fit its type."""


def read(body: bytes, wanted: Any) -> Any:
    """JSON as a type.

    A property that does not fit its type keeps the value as it was sent. An unknown variant of a union becomes the
    union's fallback class, with what was sent in `raw_properties`.

    Raises:
        msgspec.DecodeError: it is not JSON.
        msgspec.ValidationError: the whole does not fit.
    """
    refresh()
    return _read(body, wanted)


def _read(body: bytes, wanted: Any) -> Any:
    decoders = _decoders(wanted)
    try:
        if decoders.guess is None or len(body) < _LARGE:
            return decoders.plain.decode(body)
        made = decoders.guess.decode(body)
        return wanted(**{name: getattr(made, name) for name in wanted.__struct_fields__})
    except msgspec.ValidationError as error:
        try:
            return _read_parts(body, wanted, 0)
        except _OddValueError:
            raise error from None


def convert(value: object, wanted: Any) -> Any:
    """Plain Python values as a type, as `read` does with JSON."""
    try:
        return msgspec.convert(value, wanted, strict=False, dec_hook=decode_hook)
    except msgspec.ValidationError:
        return read(msgspec.json.encode(value), wanted)


def decode_hook(annotation: Any, value: object) -> object:
    """Decode what msgspec leaves to us: values whose class follows from their properties, and what may be anything."""
    if annotation is object:
        return value
    kind = type(value)
    if kind is list and (item := annotation.item()) is not None:
        return _converted(value, GenericAlias(list, (item,)))
    if kind is not dict:
        return annotation.scalar(value)
    wanted = annotation.class_of(value)
    if wanted is None:
        return value
    note(annotation, cast("dict[str, object]", value))
    made = _converted(value, wanted)
    return keep_raw(made, value) if wanted.__struct_config__.dict else made


def _converted(value: object, wanted: Any) -> Any:
    try:
        return msgspec.convert(value, wanted, strict=False, dec_hook=decode_hook)
    except msgspec.ValidationError:
        return _read(msgspec.json.encode(value), wanted)


class _Decoders(NamedTuple):
    """What reads a type: the usual way, and, for pages, by a guess of the variant of their items."""

    plain: msgspec.json.Decoder[Any]
    guess: msgspec.json.Decoder[Any] | None


def _decoders(wanted: Any) -> _Decoders:
    """The decoders of a type, made anew where values were noted since."""
    shadows = current_shadows()
    found = cast("_Decoders | None", shadows.decoders.get(wanted))
    if found is None:
        copy = shadows.annotation(wanted)
        page = _guessing(copy)
        found = shadows.decoders[wanted] = _Decoders(_decoder_of(copy), None if page is None else _decoder_of(page))
    return found


def _decoder_of(annotation: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(annotation, strict=False, dec_hook=decode_hook)


def _decoder(wanted: Any) -> msgspec.json.Decoder[Any]:
    return _decoders(wanted).plain


def _guessing(wanted: Any) -> type[msgspec.Struct] | None:
    """A page's class that guesses the variant of its items; None where there is nothing to guess."""
    if not isinstance(wanted, type) or not issubclass(wanted, msgspec.Struct):
        return None
    guesses: list[Any] = []
    for item in fields_of(wanted):
        inner = bare(item.type)
        union = union_of(bare(get_args(inner)[0])) if get_origin(inner) is list else None
        if union is not None and (guess := union.guess()) is not None:
            guesses.append(
                (item.name, GenericAlias(list, (guess,)) | None, msgspec.field(name=item.encode_name, default=None))
            )
    return subclass(wanted, guesses, {}) if guesses else None


def _part(raw: _Raw, wanted: Any, depth: int) -> Any:
    """One part: decoded by msgspec, else part by part, else as it was sent."""
    try:
        return _decoder(wanted).decode(raw)
    except msgspec.ValidationError:
        try:
            if depth < _DEEPEST:
                return _read_parts(raw, wanted, depth)
        except _OddValueError:
            pass
        return msgspec.json.decode(raw)


def _read_parts(raw: _Raw, wanted: Any, depth: int) -> Any:
    """A value assembled from parts that are decoded one by one.

    Raises:
        _OddValueError: it is not a list or object where its type is one, or a scalar that cannot be decoded.
    """
    return _reader(wanted)(raw, depth + 1)


@functools.cache
def _reader(wanted: Any) -> Callable[[_Raw, int], Any]:
    """The function that decodes a type part by part."""
    inner = bare(wanted)
    union = union_of(inner)
    if union is not None:
        return functools.partial(_union, union)
    if is_untagged(inner):
        return functools.partial(_untagged, inner)
    origin, arguments = get_origin(inner), get_args(inner)
    if origin is list:
        return functools.partial(_list, arguments[0])
    if origin is dict:
        return functools.partial(_map, arguments[1])
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return functools.partial(_object, inner)
    return functools.partial(_scalar, wanted)


def _list(item: Any, raw: _Raw, depth: int) -> Any:
    return _items(_split(_ITEMS, raw), item, depth)


def _items(parts: list[msgspec.Raw], item: Any, depth: int) -> list[Any]:
    union = union_of(bare(item))
    guess = union.guess() if union else None
    return [_part(one, item, depth) if guess is None else _guessed(one, guess, item, depth) for one in parts]


def _guessed(raw: _Raw, guess: type[msgspec.Struct], item: Any, depth: int) -> Any:
    try:
        return _decoder(guess).decode(raw)
    except msgspec.ValidationError:
        return _part(raw, item, depth)


def _map(value: Any, raw: _Raw, depth: int) -> Any:
    return {name: _part(one, value, depth) for name, one in _split(_PROPERTIES, raw).items()}


def _object(wanted: type[msgspec.Struct], raw: _Raw, depth: int) -> Any:
    fields = _fields(wanted)
    try:
        # The usual case: one pass splits the object into its properties, and lists into their items.
        found = _splitter(wanted).decode(raw)
        properties: dict[str, Any] = {name: getattr(found, name) for name in found.__struct_fields__}
    except msgspec.ValidationError:
        given = _split(_PROPERTIES, raw)
        properties = {name: given.get(item.encode_name, msgspec.UNSET) for name, item in fields.items()}
    made: dict[str, Any] = {}
    for name, part in properties.items():
        if isinstance(part, list):
            item = get_args(bare(fields[name].type))[0]
            made[name] = _items(cast("list[msgspec.Raw]", part), item, depth)
        elif part is not msgspec.UNSET:
            made[name] = _part(part, fields[name].type, depth)
    return wanted(**made)


@functools.cache
def _fields(wanted: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {item.name: item for item in fields_of(wanted)}


@functools.cache
def _splitter(wanted: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    """Splits an object of a class into its parts, not decoded yet."""
    parts: list[Any] = [
        (
            name,
            (list[msgspec.Raw] if get_origin(bare(item.type)) is list else msgspec.Raw) | msgspec.UnsetType,
            msgspec.field(name=item.encode_name, default=msgspec.UNSET),
        )
        for name, item in _fields(wanted).items()
    ]
    return msgspec.json.Decoder(msgspec.defstruct("Parts", parts))


def _union(union: UnionInfo, raw: _Raw, depth: int) -> Any:
    properties = _split(_PROPERTIES, raw)
    told = msgspec.json.decode(properties[union.property]) if union.property in properties else None
    wanted = union.class_of(told)
    if wanted is None:
        return msgspec.json.decode(raw)
    if wanted is union.fallback:
        note(union, told)
    made: Any = _part(raw, wanted, depth)
    return keep_raw(made, bytes(raw)) if can_keep_raw(made) else made


def _untagged(annotation: Any, raw: _Raw, depth: int) -> Any:
    return decode_hook(annotation, msgspec.json.decode(raw))


def _scalar(wanted: Any, raw: _Raw, depth: int) -> Any:
    value = msgspec.json.decode(raw)
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return msgspec.convert(f"{value}T00:00:00Z", wanted, strict=False)
        except msgspec.ValidationError:
            pass
    raise _OddValueError


def _split(decoder: msgspec.json.Decoder[Any], raw: _Raw) -> Any:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError:
        raise _OddValueError from None
