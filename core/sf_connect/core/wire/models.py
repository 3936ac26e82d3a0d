"""Bases of generated types, and what reads and changes their properties by the API's names."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, TypeVar, cast

import msgspec
from msgspec import UNSET

T = TypeVar("T")


class Model(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """A response type: what is absent or null reads as None; unknown properties are passed over.

    Responses are trees, so Python's search for circles of references leaves them out; do not tie one into a circle.
    """

    __xml__: ClassVar[tuple[str, str]] = ("", "")
    """The name of the root element in XML, and that of an item of a list; empty where it is to be derived."""
    __failure__: ClassVar[Mapping[str, bool | Literal["any"]]] = {}
    """Properties that tell a failure, and the value by which they do (`any`: a list with items)."""

    @property
    def raw_properties(self) -> Mapping[str, Any] | None:
        """What the server sent, where it is of a kind that this version does not know; else None.

        Raises:
            ResponseDecodeError: what it sent is not all JSON that can be read.
        """
        return None

    @property
    def failure(self) -> Mapping[str, Any] | None:
        """The properties by which a response tells a failure, though its status is a success; None where it is fine."""
        told: dict[str, Any] = {}
        for name, sign in self.__failure__.items():
            value = read_property(self, name)
            if value if sign == "any" else value is sign:
                told[name] = value
        return told or None


class Input(msgspec.Struct, kw_only=True):
    """A request type: `UNSET` is not sent, None is sent as null."""

    __xml__: ClassVar[tuple[str, str]] = ("", "")
    """As of a Model."""
    __defaults_by_method__: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    """Properties that a method asks for and that can have one value only, which is sent where none is given."""


def require(value: T | None, name: str = "value") -> T:
    """A value that must be there, such as the id of what was just created; for type checkers it is None no more.

    Any property of a response may be None: filters, permissions and the API's versions may leave it out.

    Args:
        value: a property of a response.
        name: what the error calls it.

    Raises:
        LookupError: it is None.
    """
    if value is None:
        raise LookupError(f"the response has no {name}: a filter, a permission or this version may have left it out")
    return value


@functools.cache
def attribute_names(model: type[msgspec.Struct]) -> Mapping[str, str]:
    """The Python names of a class's properties, by the names that the API gives them."""
    named = zip(model.__struct_encode_fields__, model.__struct_fields__, strict=True)
    return {name.removesuffix("*"): attribute for name, attribute in named}


def read_property(value: object, path: str) -> Any:
    """A property by the API's name, dotted where it is nested; None where there is none.

    Args:
        value: a model, or a raw value where the server sent another shape.
        path: the property's name, such as `page.nextUrl`.
    """
    for name in path.split("."):
        if isinstance(value, msgspec.Struct):
            attribute = attribute_names(type(value)).get(name)
            value = None if attribute is None else getattr(value, attribute)
        else:
            value = cast("dict[str, object]", value).get(name) if isinstance(value, dict) else None
    return value


def with_defaults(body: object, method: str) -> object:
    """A request body with what a method asks for besides what is given."""
    told = body.__defaults_by_method__.get(method) if isinstance(body, Input) else None
    if not told:
        return body
    missing = {name: value for name, value in told.items() if read_property(body, name) is UNSET}
    return with_properties(body, missing) if missing else body


def with_properties(value: object, changed: Mapping[str, object]) -> object:
    """A copy of a request body with other properties, by the API's names; without a body, these alone."""
    if isinstance(value, msgspec.Struct):
        names = attribute_names(type(value))
        return msgspec.structs.replace(value, **{names[name]: one for name, one in changed.items()})
    return {**(cast("dict[str, object]", value) if isinstance(value, dict) else {}), **changed}
