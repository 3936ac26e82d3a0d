"""What `show` prints: an operation with its signature, description and fields; a group; a type."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from sf_connect.core.cli.package import Package, UnknownNameError
from sf_connect.core.cli.search import Entry, versions_of
from sf_connect.core.wire.class_docs import fields_of, without_fields


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a type: its names in Python and the API, its type, what it says."""

    name: str
    api_name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What is said of a name.

    Attributes:
        title: the signature, or the name.
        text: the description.
        fields: the properties of each type.
        is_type: whether a type is shown: then a terminal gets the descriptions of its fields too.
    """

    title: str
    text: str
    fields: dict[str, list[Field]]
    is_type: bool = False

    def as_text(self) -> str:
        """For a terminal."""
        parts = [self.title, "", self.text]
        for kind, fields in self.fields.items():
            parts += ["", f"Fields of {kind}:"]
            width = max((len(_names(field)) for field in fields), default=0)
            for field in fields:
                parts.append(f"  {_names(field):<{width}}  {field.type}")
                parts += [f"      {line}".rstrip() for line in field.description.splitlines() if self.is_type]
        return "\n".join(parts)

    def as_json_object(self) -> dict[str, object]:
        """For programs."""
        types = {
            kind: [
                {"name": one.name, "apiName": one.api_name, "type": one.type, "description": one.description or None}
                for one in fields
            ]
            for kind, fields in self.fields.items()
        }
        return {"signature": self.title, "description": self.text, "types": types}


def shown_name(package: Package, name: str) -> Shown:
    """What is said of an operation, a group or a type.

    Raises:
        UnknownNameError: a package has nothing of that name.
    """
    plain = name.removeprefix("client.")
    if plain in package.entries:
        return _operation(package, plain)
    operations = [entry for key, entry in package.entries.items() if key.startswith(f"{plain}.") and key == entry.name]
    if operations:
        return Shown(f"client.{plain}", "\n".join(map(_summary, operations)), {})
    type_name = plain.removeprefix("m.").removeprefix("models.")
    model = package.type(type_name)
    if model is not None:
        return Shown(model.__name__, without_fields(model), dict(_fields(model)), is_type=True)
    alias = package.alias(type_name)
    if alias is not None:
        return Shown(f"{type_name} = {alias.annotation}", alias.text, {})
    if type_name[:1].isupper() and (near := package.types_like(type_name)):
        raise UnknownNameError(f"{package.api_version} has no type {type_name}; perhaps {', '.join(near)}")
    try:
        package.entry(plain)
    except UnknownNameError as error:
        raise UnknownNameError(str(error).replace("no operation", "no operation, group or type")) from None
    return _operation(package, plain.partition("(")[0])


def _operation(package: Package, name: str) -> Shown:
    function = package.function(name)
    entry = package.entries[name]
    fields = {key: one for kind in entry.types if (model := package.type(kind)) for key, one in _fields(model)}
    text = inspect.getdoc(function) or ""
    return Shown(f"client.{name}{_signature(function)}", f"{text}\n\n{versions_of(entry).capitalize()}", fields)


def _signature(function: Callable[..., Any]) -> str:
    signature = inspect.signature(function)
    given = [one for one in signature.parameters.values() if one.name != "self"]
    shown = str(signature.replace(parameters=given)).replace("'", "").replace("builtins.", "")
    return shown if len(shown) < 100 else _in_lines(function)


def _in_lines(function: Callable[..., Any]) -> str:
    signature = inspect.signature(function)
    lines: list[str] = []
    starred = False
    for one in signature.parameters.values():
        if one.name == "self":
            continue
        if one.kind is one.KEYWORD_ONLY and not starred:
            lines.append("*")
            starred = True
        default = "" if one.default is one.empty else f" = {one.default!r}"
        lines.append(f"{one.name}: {str(one.annotation).replace('builtins.', '')}{default}")
    returned = str(signature.return_annotation).replace("builtins.", "")
    return "(\n" + "".join(f"    {line},\n" for line in lines) + f") -> {returned}"


def _summary(entry: Entry) -> str:
    return f"{entry.name.rpartition('.')[2]}: {entry.summary}"


def _fields(model: type[Any]) -> Iterator[tuple[str, list[Field]]]:
    if not issubclass(model, msgspec.Struct):
        return
    described = fields_of(model)
    annotations = {name: str(one) for kind in reversed(model.__mro__) for name, one in _annotations(kind).items()}
    names = zip(model.__struct_fields__, model.__struct_encode_fields__, strict=True)
    yield model.__name__, [
        Field(name, api_name, _shortened(annotations.get(name, "")), described[name].text if name in described else "")
        for name, api_name in names
    ]


def _annotations(kind: type[Any]) -> dict[str, Any]:
    return inspect.get_annotations(kind)


def _shortened(annotation: str) -> str:
    return annotation.replace(" | UnsetType", "").replace("builtins.", "")


def _names(field: Field) -> str:
    return field.name if field.name == field.api_name else f"{field.name} ({field.api_name})"
