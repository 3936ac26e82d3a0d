"""Type expressions as Python annotations, with the names that they need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression, joined_name
from connectgen.surface import SurfaceValue

_SCALARS = {
    ScalarType.STRING: "str",
    ScalarType.ID: "str",
    ScalarType.URL: "str",
    ScalarType.DECIMAL: "str",
    ScalarType.BOOLEAN: "bool",
    ScalarType.INTEGER: "int",
    ScalarType.LONG: "int",
    ScalarType.DOUBLE: "float",
    ScalarType.DATE: "datetime.date",
    ScalarType.DATETIME: "datetime.datetime",
    ScalarType.BINARY: "bytes",
    ScalarType.ANY: "object",
}


@dataclass(frozen=True, slots=True)
class Union:
    """A choice between types that gets an alias of its own in the module that uses it."""

    name: str
    static: str
    classes: tuple[str, ...]
    """Classes to choose between at run time; empty where only the raw value can be passed."""
    items: str = ""
    """The class of the items where the value may also be a list."""
    maps: bool = False
    """Whether the value may also be a map of plain values."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The values that a text may have, as its annotation shows them.

    Type checkers accept these alone. A list without a name in the catalogue is written out, and gets no name that is
    derived from its owner: a name is public and stays, so people give it, in the catalogue. Once they do, nobody's
    code breaks, since the name stands for the same values.
    """

    values: tuple[str, ...]
    enumeration: str | None = None
    """The name of the enumeration, which is that of an alias in the models."""
    others: str = ""
    """What stands for other values: `Unlisted` in requests, `str` where the catalogue says that requests have them."""


def listing(value: SurfaceValue, *, is_input: bool) -> Listing | None:
    """The values that a parameter or property may have; None where none are known.

    Args:
        value: the parameter or property.
        is_input: whether it is sent rather than received.
    """
    if not value.values:
        return None
    others = "" if not is_input else "str" if value.open in ("requests", "both") else "Unlisted"
    return Listing(value.values, value.enumeration, others)


@dataclass
class Needs:
    """What annotations need from elsewhere; filled while they are written."""

    types: set[str] = field(default_factory=set[str])
    unions: set[Union] = field(default_factory=set[Union])
    enumerations: set[str] = field(default_factory=set[str])
    core: set[str] = field(default_factory=set[str])
    """Names of the runtime."""
    datetime: bool = False
    overload: bool = False


class Annotator:
    """Writes annotations.

    Args:
        discriminated: types that stand for a discriminated union.
        unions: the names of unions whose classes are too many to be joined.
        hidden_builtins: builtins that a name of the class hides (an operation called `list`).
    """

    def __init__(
        self, discriminated: Iterable[str], unions: Mapping[OneOf, str], hidden_builtins: Iterable[str] = ()
    ) -> None:
        self._discriminated = frozenset(discriminated)
        self._unions = unions
        self._hidden = frozenset(hidden_builtins)

    def write(self, expression: TypeExpression, needs: Needs, values: Listing | None = None) -> str:
        """The annotation of an expression; a text with known values has the alias that lists them, or their list."""
        match expression:
            case Scalar(kind):
                return self._scalar(kind, needs, values)
            case Named(name):
                shown = f"Any{name}" if name in self._discriminated else name
                needs.types.add(shown)
                return shown
            case ListOf(item):
                return f"{self._builtin('list')}[{self.write(item, needs, values)}]"
            case MapOf(value):
                return f"{self._builtin('dict')}[{self._builtin('str')}, {self.write(value, needs, values)}]"
            case OneOf():
                return self._union(expression, needs, values)

    def _builtin(self, name: str) -> str:
        return f"builtins.{name}" if name in self._hidden else name

    def _scalar(self, kind: ScalarType, needs: Needs, values: Listing | None) -> str:
        name = _SCALARS[kind]
        if name.startswith("datetime."):
            needs.datetime = True
            return name
        if values is None or name != "str":
            return self._builtin(name)
        shown = write_listing(values, needs)
        if values.others == "Unlisted":
            needs.core.add("Unlisted")
        others = self._builtin(values.others) if values.others == "str" else values.others
        return f"{shown} | {others}" if others else shown

    def _union(self, expression: OneOf, needs: Needs, values: Listing | None) -> str:
        options = expression.options
        if all(isinstance(option, Scalar) for option in options):
            return " | ".join(dict.fromkeys(self.write(option, needs, values) for option in options))
        plain = Annotator(self._discriminated, self._unions)
        static = " | ".join(dict.fromkeys(plain.write(option, needs) for option in options))
        classes = tuple(plain.write(option, needs) for option in options if isinstance(option, Named))
        lists = [option for option in options if isinstance(option, ListOf)]
        items = [plain.write(option.item, needs) for option in lists if isinstance(option.item, Named)]
        maps = [option for option in options if isinstance(option, MapOf)]
        is_read = len(items) == len(lists) < 2 and all(isinstance(one.value, Scalar) for one in maps)
        name = self._unions.get(expression) or joined_name(options)
        union = Union(name, static, classes, "".join(items), bool(maps)) if is_read else Union(name, static, ())
        needs.unions.add(union)
        return name


def write_listing(listing: Listing, needs: Needs) -> str:
    """The annotation of listed values alone: the alias of an enumeration, or the list."""
    if listing.enumeration is not None:
        needs.enumerations.add(listing.enumeration)
        return listing.enumeration
    needs.core.add("Listed")
    return listed(listing.values)


def listed(values: Iterable[str]) -> str:
    """The annotation that lists values."""
    return f"Listed[{', '.join(quote(value) for value in values)}]"


def quote(text: str) -> str:
    """A Python string literal of any text."""
    return json.dumps(text)
