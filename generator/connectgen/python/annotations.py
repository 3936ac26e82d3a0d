"""Type expressions as Python annotations, with the names that they need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression, joined_name

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


@dataclass
class Needs:
    """What annotations need from elsewhere; filled while they are written."""

    types: set[str] = field(default_factory=set[str])
    unions: set[Union] = field(default_factory=set[Union])
    datetime: bool = False
    literal: bool = False
    object: bool = False


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

    def write(self, expression: TypeExpression, needs: Needs, values: tuple[str, ...] = ()) -> str:
        """The annotation of an expression; known values of a string become a Literal that stays open."""
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

    def _scalar(self, kind: ScalarType, needs: Needs, values: tuple[str, ...]) -> str:
        name = _SCALARS[kind]
        if name.startswith("datetime."):
            needs.datetime = True
            return name
        name = self._builtin(name)
        if not values or name not in ("str", "builtins.str"):
            return name
        needs.literal = True
        return f"Literal[{', '.join(quote(value) for value in values)}] | {name}"

    def _union(self, expression: OneOf, needs: Needs, values: tuple[str, ...]) -> str:
        options = expression.options
        if all(isinstance(option, Scalar) for option in options):
            return " | ".join(dict.fromkeys(self.write(option, needs, values) for option in options))
        plain = Annotator(self._discriminated, self._unions)
        static = " | ".join(dict.fromkeys(plain.write(option, needs) for option in options))
        classes = tuple(plain.write(option, needs) for option in options if isinstance(option, Named))
        lists = [option for option in options if isinstance(option, ListOf)]
        items = [plain.write(option.item, needs) for option in lists if isinstance(option.item, Named)]
        is_read = len(items) == len(lists) < 2 and not any(isinstance(option, MapOf) for option in options)
        name = self._unions.get(expression) or joined_name(options)
        needs.unions.add(Union(name, static, classes, "".join(items)) if is_read else Union(name, static, ()))
        return name


def quote(text: str) -> str:
    """A Python string literal of any text."""
    return json.dumps(text)
