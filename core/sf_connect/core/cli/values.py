"""Arguments as a command line gives them, made into what an operation takes: texts, numbers, lists, files, JSON."""

from __future__ import annotations

import difflib
import sys
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from sf_connect.core.request.options import RequestOptions
from sf_connect.core.wire.listed_values import values_in
from sf_connect.core.wire.reading import decode_hook
from sf_connect.core.wire.uploads import Upload

_REQUEST_OPTIONS: Mapping[str, Any] = {
    "timeout": float,
    "total_timeout": float,
    "query": dict[str, str],
    "headers": dict[str, str],
    "filter_group": Literal["Big", "Medium", "Small"],
    "include": list[str],
    "exclude": list[str],
    "locale": str,
    "theme": Literal["Classic", "Salesforce1"],
    "entity_encoding": bool,
    "max_retries": int,
    "method_override": bool,
    "bearer_urls": bool,
    "format": Literal["json", "xml"],
    "raise_on_failure": bool,
    "max_response_bytes": int,
}
"""The types of `RequestOptions` that a text can give."""


class ValueTextError(ValueError):
    """A text is not what an argument takes."""


def value_of(text: str, annotation: Any) -> Any:
    """A text as an argument's type.

    Args:
        text: for lists their items joined by commas, or JSON; for files a path; for types of the API JSON, `@` and a
            file of it, or `-` for standard input.
        annotation: the argument's type.

    Raises:
        ValueTextError: the text is none of that type.
        OSError: a file cannot be read.
    """
    parts = without_none(annotation)
    if str in parts or any(_is_listed(part) for part in parts):
        return text
    if len(parts) == 1 and get_origin(parts[0]) is list:
        return _list(text, parts[0])
    if parts == [Upload]:
        return _upload(text)
    if any(get_origin(part) is dict and Upload in get_args(part) for part in parts):
        return _uploads(text)
    if any(part in (int, float, bool) or get_origin(part) is Literal or _is_time(part) for part in parts):
        return _scalar(text, Union[tuple(parts)])  # noqa: UP007  made of what is known at run time
    return _json(text, annotation)


def request_options(texts: Sequence[str]) -> RequestOptions:
    """The options of a request.

    Args:
        texts: `NAME=VALUE` each, the value as `value_of` takes it.

    Raises:
        ValueTextError: an option does not exist, or has not that value.
    """
    values: dict[str, Any] = {}
    for text in texts:
        name, is_told, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not is_told or name not in _REQUEST_OPTIONS:
            near = difflib.get_close_matches(name, _REQUEST_OPTIONS, n=3) or sorted(_REQUEST_OPTIONS)
            raise ValueTextError(f"{text!r}: write NAME=VALUE with a name such as {', '.join(near)}")
        try:
            made: Any = value_of(value, _REQUEST_OPTIONS[name])
        except ValueTextError as error:
            raise ValueTextError(f"{name}: {error}") from None
        values[name] = tuple(typing.cast("Sequence[object]", made)) if isinstance(made, list) else made
    return RequestOptions(**values)


def without_none(annotation: Any) -> list[Any]:
    """The alternatives of a type, but for None."""
    if get_origin(annotation) in (Union, UnionType):
        return [part for one in get_args(annotation) if one is not NoneType for part in without_none(one)]
    if get_origin(annotation) is Annotated and not _is_listed(annotation):
        return without_none(get_args(annotation)[0])
    return [annotation]


def choices_of(annotation: Any) -> tuple[str, ...]:
    """The values that a type lists; there may be others, but for a Literal."""
    return values_in(annotation)


def takes_json(annotation: Any) -> bool:
    """Whether an argument of this type is written as JSON."""
    return any(
        isinstance(part, type) and issubclass(part, msgspec.Struct) for part in without_none(annotation)
    ) or not any(
        part in (str, int, float, bool, Upload)
        or get_origin(part) in (list, dict, Literal)
        or _is_listed(part)
        or _is_time(part)
        for part in without_none(annotation)
    )


def _is_listed(annotation: Any) -> bool:
    """Whether it is a text with listed values, and others."""
    return get_origin(annotation) is Annotated and get_args(annotation)[0] is str


def _is_time(annotation: Any) -> bool:
    return getattr(annotation, "__module__", "") in ("datetime", "decimal")


def _scalar(text: str, annotation: Any) -> Any:
    try:
        return msgspec.convert(text, annotation, strict=False)
    except msgspec.ValidationError as error:
        choices = choices_of(annotation)
        raise ValueTextError(f"{text!r} is none of {', '.join(choices)}" if choices else f"{text!r}: {error}") from None


def _list(text: str, annotation: Any) -> list[Any]:
    if text.startswith("["):
        return typing.cast("list[Any]", _json(text, annotation))
    item = get_args(annotation)[0]
    return [value_of(part.strip(), item) for part in text.split(",") if part.strip()]


def _upload(text: str) -> Upload:
    if text == "-":
        return Upload(sys.stdin.buffer.read())
    path = Path(text.removeprefix("@"))
    path.open("rb").close()  # so that a file that cannot be read is reported before anything is sent
    return Upload(path)


def _uploads(text: str) -> dict[str, Upload]:
    named = [part.partition("=") for part in text.split(",") if part]
    if not all(name and is_told and path for name, is_told, path in named):
        raise ValueTextError(f"{text!r}: write NAME=FILE, several joined by commas")
    return {name: _upload(path) for name, _, path in named}


def _json(text: str, annotation: Any) -> Any:
    source = _source(text)
    try:
        plain = msgspec.json.decode(source)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueTextError(f"this is no JSON: {error}; give JSON, @FILE, or - for standard input") from None
    if annotation in (object, Any):
        return plain
    try:
        made = msgspec.convert(plain, annotation, dec_hook=decode_hook)
    except msgspec.ValidationError as error:
        raise ValueTextError(str(error)) from None
    _refuse_unknown(plain, made, "")
    return made


def _source(text: str) -> bytes:
    if text == "-":
        return sys.stdin.buffer.read()
    return Path(text[1:]).read_bytes() if text.startswith("@") else text.encode()


def _refuse_unknown(plain: object, made: object, path: str) -> None:
    """Refuse properties that a type does not have, which would else not be sent and nobody would know."""
    if isinstance(plain, dict) and isinstance(made, msgspec.Struct):
        names = dict(zip(made.__struct_encode_fields__, made.__struct_fields__, strict=True))
        for name, value in typing.cast("Mapping[str, object]", plain).items():
            if name in names:
                _refuse_unknown(value, getattr(made, names[name]), f"{path}{name}.")
            elif name != getattr(type(made), "__struct_config__").tag_field:  # noqa: B009  msgspec's own attribute
                by_python_name = {python: api for api, python in names.items()}
                near = by_python_name.get(name) or next(iter(difflib.get_close_matches(name, names, n=1)), "")
                hint = f"; perhaps {near}" if near else ""
                raise ValueTextError(f"{type(made).__name__} has no property {path}{name}{hint}")
    elif isinstance(plain, list) and isinstance(made, list):
        pairs = zip(typing.cast("list[object]", plain), typing.cast("list[object]", made), strict=False)
        for one, other in pairs:
            _refuse_unknown(one, other, path)
