"""What an expression of a program may be, as far as clients of this API are concerned.

A value is a set of things. The empty set is a value that has nothing to do with a client; `UNKNOWN` may be anything.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Union

from connectgen.diff.usage.notebooks import Notebook


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Where a name ends in a file: that is how a type checker's reports are found again."""

    file: str
    line: int
    end: int
    """Column after its last character, in bytes, as `ast` counts."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may be anything."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """It comes from a package that is not at hand: hardly a model, but perhaps a client."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client."""


@dataclass(frozen=True, slots=True)
class ClientClass:
    """A class of clients."""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of a client: `votes`."""

    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of operations: `votes.polls`."""

    name: str


@dataclass(frozen=True, slots=True)
class GroupClass:
    """The class of a group, or (without a dot) of a family."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of a group that is not called yet."""

    name: str
    iterates: bool
    spot: Spot | None


@dataclass(frozen=True, slots=True)
class Model:
    """An object of a model."""

    name: str


@dataclass(frozen=True, slots=True)
class ModelClass:
    """A class of models; several stand for an alias of a union."""

    name: str
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a property holds that is no object: a text, a number."""

    type: str
    attribute: str
    spot: Spot
    is_sure: bool = False
    """Whether the imports of the file alone show it, without a type."""


@dataclass(frozen=True, slots=True)
class Text:
    """A literal text."""

    text: str


@dataclass(frozen=True, slots=True)
class Many:
    """Anything that can be iterated over."""

    items: Value
    pages: Value = frozenset()
    """What its `pages()` gives, where it is the result of an iterating operation."""


@dataclass(frozen=True, slots=True)
class Row:
    """A tuple, or what is unpacked like one."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A dictionary: its values, and its keys with the value of each where all are literal."""

    values: Value
    keys: tuple[tuple[str, Value], ...] | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """A module of a client's package."""

    name: str


@dataclass(frozen=True, slots=True)
class Partial:
    """A callable that gives another something to call with, and returns what that returns."""

    of: Value


@dataclass(frozen=True, slots=True)
class Returning:
    """A callable of which only the result is known."""

    result: Value


@dataclass(frozen=True, slots=True)
class Holder:
    """A batch's item, a raw response, a task or a future: it holds what a call returns."""

    of: Value


@dataclass(frozen=True, slots=True)
class AppModule:
    """A module of the application."""

    module: Module


@dataclass(frozen=True, slots=True)
class AppClass:
    """A class of the application."""

    info: ClassInfo


@dataclass(frozen=True, slots=True)
class AppObject:
    """An object of such a class."""

    info: ClassInfo


@dataclass(frozen=True, slots=True)
class AppFunction:
    """A function or method of the application."""

    info: FunctionInfo
    owner: ClassInfo | None = None
    """The class on whose object it was looked up."""


Thing = Union[  # noqa: UP007  the names are not defined yet when this runs
    Unknown, Elsewhere, Client, ClientClass, Family, Group, GroupClass, Operation, Model, ModelClass, Content, Text,
    Many, Row, Table, Package, Partial, Returning, Holder, AppModule, AppClass, AppObject, AppFunction,
]  # fmt: skip
Value = frozenset[Thing]
NOTHING: Value = frozenset()
UNKNOWN: Value = frozenset([Unknown()])
ELSEWHERE: Value = frozenset([Elsewhere()])
CLIENT: Value = frozenset([Client()])
_NOT_OURS = (Unknown, Elsewhere, Text, AppModule, AppClass, AppObject, AppFunction)


def join(values: Iterable[Value]) -> Value:
    """All that one of several values may be."""
    joined: Value = NOTHING
    for value in values:
        joined = joined | value if joined else value
    return joined


def is_ours(value: Value) -> bool:
    """Whether something of a client may be in it."""
    return any(_is_ours(thing) for thing in value)


def _is_ours(thing: Thing) -> bool:
    match thing:
        case Many(items, pages):
            return is_ours(items) or is_ours(pages)
        case Row(items):
            return any(is_ours(item) for item in items)
        case Table(values) | Returning(values) | Partial(values) | Holder(values):
            return is_ours(values)
        case _:
            return not isinstance(thing, _NOT_OURS)


def items_of(value: Value) -> Value:
    """What iterating over a value gives."""
    found = NOTHING
    for thing in value:
        match thing:
            case Many(items):
                found |= items
            case Row(items):
                found |= join(items)
            case Unknown() | Elsewhere():
                found |= frozenset([thing])
            case Holder(of):
                found |= items_of(of)
            case _:
                pass
    return found


def held(value: Value) -> Value:
    """What waiting for a task or a future gives: what it holds."""
    return join(thing.of if isinstance(thing, Holder) else frozenset([thing]) for thing in value)


@dataclass(eq=False, slots=True)
class FunctionInfo:
    """A function of the application, and what the calls that were seen give it and get from it."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    module: Module
    owner: ClassInfo | None
    outer: Scope
    arguments: dict[str, Value] = field(default_factory=dict[str, Value])
    returned: Value = NOTHING
    yielded: Value = NOTHING
    generates: bool = False
    result: Value | None = None
    """By its annotation; None where it has none."""
    decorators: frozenset[str] = frozenset()


@dataclass(eq=False, slots=True)
class ClassInfo:
    """A class of the application."""

    name: str
    module: Module
    bases: Value = NOTHING
    annotated: dict[str, Value] = field(default_factory=dict[str, Value])
    assigned: dict[str, Value] = field(default_factory=dict[str, Value])
    methods: dict[str, FunctionInfo] = field(default_factory=dict[str, FunctionInfo])
    derived: list[ClassInfo] = field(default_factory=list["ClassInfo"])
    is_typed_dict: bool = False
    is_protocol: bool = False
    has_other_bases: bool = False
    """Whether it derives from what is not the application's and not the client's."""


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module or a function, and the scope around it."""

    names: dict[str, Value]
    around: Scope | None

    def look_up(self, name: str) -> Value | None:
        """What a name stands for; None where nothing is known of it."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.around
        return None


@dataclass(eq=False, slots=True)
class Module:
    """A file of the application; of a notebook, `path` is where its code would be as a file."""

    path: Path
    shown: str
    name: str
    tree: ast.Module
    scope: Scope
    notebook: Notebook | None = None
    functions: dict[int, FunctionInfo] = field(default_factory=dict[int, FunctionInfo])
    classes: dict[int, ClassInfo] = field(default_factory=dict[int, ClassInfo])

    def source(self) -> bytes:
        """Its code."""
        return self.path.read_bytes() if self.notebook is None else self.notebook.code.encode()
