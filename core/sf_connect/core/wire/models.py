"""The bases of generated types: of responses and of requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

import msgspec
from msgspec import UNSET

from sf_connect.core.wire.class_docs import ClassDoc
from sf_connect.core.wire.construction import ModelMeta
from sf_connect.core.wire.properties import read_property, repr_of, shown_values, with_properties

T = TypeVar("T")
OwnType = TypeVar("OwnType", bound="_Type")
# The class that a class method returns. Self would be shorter, but jedi, and so IPython, does not look through it.


def _show_fields(model: type) -> None:
    own = vars(model).get("__doc__")
    if own:
        model.__doc__ = documentation = ClassDoc(own)
        documentation.owner = model


class _Type(msgspec.Struct, metaclass=ModelMeta):
    """What the types of requests and responses have in common."""

    # Not annotated, or msgspec would evaluate the annotation anew for every class that derives from this one.
    __xml__ = ("", "")
    """The names of the root element and of the items of a list in XML; empty where they are derived."""
    __secret__ = cast("tuple[str, ...]", ())
    """Attributes that no repr shows: passwords, keys, codes, tokens."""

    def __repr__(self) -> str:
        return repr_of(self)

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return list(shown_values(self))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the object in IPython and Jupyter: what is set, in lines, and no more than fits a screen or two."""
        from sf_connect.core.wire.pretty import print_bounded  # late: only IPython needs it

        print_bounded(self, printer)

    @classmethod
    def from_dict(cls: type[OwnType], values: Mapping[str, Any], *, use_api_names: bool = True) -> OwnType:
        """An object of plain values, such as `to_dict` returned: `m.Cart.from_dict({"cartId": "0a6…"})`.

        A response type reads them as it reads responses: what it does not know is ignored, each object of a
        union gets its class. A request type refuses what it does not know, so that no misspelt property is lost.

        Args:
            values: the properties; times as text or as `datetime`.
            use_api_names: whether the properties have the API's names (`cartId`); False for Python's (`cart_id`).

        Returns:
            The object; it equals the one that `to_dict` was called on.

        Raises:
            TypeError: it is no dict.
            ValueError: the values do not fit the type.
        """
        from sf_connect.core.wire.conversion import from_dict  # late: few programs need it

        return from_dict(cls, values, use_api_names=use_api_names)

    @classmethod
    def from_json(cls: type[OwnType], text: str | bytes, *, use_api_names: bool = True) -> OwnType:
        """An object of JSON, as `from_dict` with plain values.

        Args:
            text: a JSON object.
            use_api_names: whether the properties have the API's names; False for Python's.

        Raises:
            ValueError: it is not JSON, or does not fit the type.
        """
        from sf_connect.core.wire.conversion import from_json  # late: few programs need it

        return from_json(cls, text, use_api_names=use_api_names)

    def to_dict(self, *, use_api_names: bool = True) -> dict[str, Any]:
        """The properties that are set as plain values: dicts, lists, strings, numbers, booleans and None.

        Times are text. Secrets are included; an object of a variant that this version does not know has all that the
        server sent. Nothing in the result is shared with the object.

        Args:
            use_api_names: whether the properties have the API's names (`cartId`); False for Python's (`cart_id`).

        Raises:
            ValueError: a number is infinite or NaN, which JSON cannot hold.
            TypeError: a value is none that JSON can hold.
        """
        from sf_connect.core.wire.conversion import to_dict  # late: few programs need it

        return to_dict(self, use_api_names=use_api_names)

    def to_json(self, *, use_api_names: bool = True, indent: int | None = None) -> str:
        """The properties that are set as JSON, as `to_dict` has them.

        Args:
            use_api_names: whether the properties have the API's names; False for Python's.
            indent: spaces for each level; None for one line.

        Raises:
            ValueError: a number is infinite or NaN, which JSON cannot hold.
            TypeError: a value is none that JSON can hold.
        """
        from sf_connect.core.wire.conversion import to_json  # late: few programs need it

        return to_json(self, use_api_names=use_api_names, indent=indent)

    def __init_subclass__(cls, **settings: Any) -> None:
        """Let the docstring show the fields."""
        super().__init_subclass__(**settings)
        _show_fields(cls)


class Model(_Type, kw_only=True, omit_defaults=True, gc=False):
    """Base of response types: a property that is absent or null is None; unknown properties are ignored.

    Responses are trees, so the garbage collector does not track them; do not add reference cycles.
    """

    __failure__ = cast("Mapping[str, bool | Literal['any']]", {})
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

    __defaults_by_method__ = cast("Mapping[str, Mapping[str, str]]", {})
    """By HTTP method, properties that can have only one value, which is sent where they are unset."""


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


def with_defaults(body: object, method: str) -> object:
    """A request body with the defaults of an HTTP method for its unset properties."""
    defaults = body.__defaults_by_method__.get(method) if isinstance(body, Input) else None
    if not defaults:
        return body
    missing = {name: value for name, value in defaults.items() if read_property(body, name) is UNSET}
    return with_properties(body, missing) if missing else body
