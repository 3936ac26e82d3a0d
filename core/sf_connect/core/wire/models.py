"""The bases of generated types, and functions that get and set their properties by the API's names."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal, TypeVar, cast

import msgspec
from msgspec import UNSET

from sf_connect.core.wire.class_docs import ClassDoc

T = TypeVar("T")


def _show_fields(model: type) -> None:
    own = vars(model).get("__doc__")
    if own:
        model.__doc__ = documentation = ClassDoc(own)
        documentation.owner = model


class _Type(msgspec.Struct):
    """What the types of requests and responses have in common."""

    __xml__: ClassVar[tuple[str, str]] = ("", "")
    """The names of the root element and of the items of a list in XML; empty where they are derived."""
    __secret__: ClassVar[tuple[str, ...]] = ()
    """Attributes that no repr shows: passwords, keys, codes, tokens."""

    def __repr__(self) -> str:
        return repr_without_secrets(self) if self.__secret__ else msgspec.Struct.__repr__(self)

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return list(values_without_secrets(self))

    def __init_subclass__(cls, **settings: Any) -> None:
        """Let the docstring show the fields."""
        super().__init_subclass__(**settings)
        _show_fields(cls)


class Model(_Type, kw_only=True, omit_defaults=True, gc=False):
    """Base of response types: a property that is absent or null is None; unknown properties are ignored.

    Responses are trees, so the garbage collector does not track them; do not add reference cycles.
    """

    __failure__: ClassVar[Mapping[str, bool | Literal["any"]]] = {}
    """Properties that report a failure, each with the value by which it does (`any`: a list with items)."""

    @property
    def raw_properties(self) -> Mapping[str, Any] | None:
        """What the server sent, where its discriminator has a value that this version does not know; else None.

        Raises:
            ResponseDecodeError: it is not valid JSON.
        """
        return None

    @property
    def failure(self) -> Mapping[str, Any] | None:
        """The properties that report a failure although the status is a success; None where there are none."""
        reported: dict[str, Any] = {}
        for name, sign in self.__failure__.items():
            value = read_property(self, name)
            if value if sign == "any" else value is sign:
                reported[name] = value
        return reported or None


class Input(_Type, kw_only=True):
    """Base of request types: `UNSET` is not sent, None is sent as null."""

    __defaults_by_method__: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    """By HTTP method, properties that can have only one value, which is sent where they are unset."""


class _Hidden:
    """What stands for a secret that is set."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<hidden>"


_HIDDEN = _Hidden()


def repr_without_secrets(value: msgspec.Struct) -> str:
    """The repr of an object, without its secrets."""
    return f"{type(value).__name__}({', '.join(f'{name}={one!r}' for name, one in values_without_secrets(value))})"


def values_without_secrets(value: msgspec.Struct) -> Iterator[tuple[str, object]]:
    """The attributes of an object, each with its value, or with a mark in place of a secret that is set."""
    secret = secret_attributes(type(value))
    for name in value.__struct_fields__:
        one: object = getattr(value, name)
        yield name, _HIDDEN if name in secret and one is not None and one is not UNSET else one


@functools.cache
def secret_attributes(model: type[msgspec.Struct]) -> frozenset[str]:
    """The attributes that no repr shows, those that a class inherits too."""
    return frozenset(name for one in model.__mro__ for name in cast("tuple[str, ...]", vars(one).get("__secret__", ())))


def require(value: T | None, name: str = "value") -> T:
    """A value that must not be None, such as the id of a new record; type checkers then know that it is not None.

    Any property of a response may be None: filters, permissions and API versions may omit it.

    Args:
        value: a property of a response.
        name: its name in the error message.

    Raises:
        LookupError: it is None.
    """
    if value is None:
        raise LookupError(f"the response has no {name}: a filter, a permission or this API version may have omitted it")
    return value


@functools.cache
def attribute_names(model: type[msgspec.Struct]) -> Mapping[str, str]:
    """The Python names of a class's properties, by the names that the API gives them."""
    named = zip(model.__struct_encode_fields__, model.__struct_fields__, strict=True)
    return {name.removesuffix("*"): attribute for name, attribute in named}


def read_property(value: object, path: str) -> Any:
    """A property by the API's name, dotted where it is nested; None where there is none.

    Args:
        value: a model, or a raw value where the response did not fit its type.
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
    """A request body with the defaults of an HTTP method for its unset properties."""
    defaults = body.__defaults_by_method__.get(method) if isinstance(body, Input) else None
    if not defaults:
        return body
    missing = {name: value for name, value in defaults.items() if read_property(body, name) is UNSET}
    return with_properties(body, missing) if missing else body


def with_properties(value: object, changed: Mapping[str, object]) -> object:
    """A copy of a request body with some properties changed, by the API's names; without a body, these alone."""
    if isinstance(value, msgspec.Struct):
        names = attribute_names(type(value))
        return msgspec.structs.replace(value, **{names[name]: one for name, one in changed.items()})
    return {**(cast("dict[str, object]", value) if isinstance(value, dict) else {}), **changed}
