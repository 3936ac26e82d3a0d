"""Views: everything a template shows of one operation or one type, prepared, so that a template only lays out."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectgen.python.annotations import Needs


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an operation's method."""

    name: str
    annotation: str
    default: str | None
    documentation: str
    positional: bool
    place: str = ""
    """`body`, or `form` for what is sent instead of a body."""
    required: bool = False
    """Whether it must be set where there is no body."""
    only_value: str | None = None
    """A literal of the value that it has where nothing else is set."""


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation, as its method and its description show it."""

    name: str
    constant: str
    identifier: str
    method: str
    path: str
    result: str
    settings: tuple[str, ...]
    arguments: tuple[Argument, ...]
    call: tuple[str, ...]
    documentation: str
    deprecated: str | None = None
    """A literal for type checkers: what to use instead."""
    overloads: tuple[tuple[Argument, ...], ...] = ()
    """The arguments of each way to call it, where there is more than one."""


@dataclass(frozen=True, slots=True)
class IteratorView:
    """The method that iterates over all pages of an operation."""

    name: str
    constant: str
    page: str
    item: str
    arguments: tuple[Argument, ...]
    call: tuple[str, ...]
    documentation: str
    deprecated: str | None = None
    """A literal for type checkers: what to use instead."""


@dataclass(frozen=True, slots=True)
class WaiterView:
    """The method that waits for the end that an operation shows."""

    name: str
    constant: str
    wait: str
    """The constant that describes how to see the end."""
    settings: tuple[str, ...]
    """The arguments of that constant."""
    result: str
    arguments: tuple[Argument, ...]
    call: tuple[str, ...]
    documentation: str
    deprecated: str | None = None
    """A literal for type checkers: what to use instead."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a model."""

    name: str
    annotation: str
    default: str | None
    documentation: str = ""
    """Its docstring, a literal; empty where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class ModelView:
    """One type, as its class shows it. `union` is the alias of its discriminated union."""

    name: str
    base: str
    documentation: str
    fields: tuple[FieldView, ...]
    facts: tuple[str, ...] = ()
    """What core reads from the class, each an assignment."""
    is_map: bool = False
    """Whether nothing is known of it: then it is a map, which keeps everything."""


@dataclass(frozen=True, slots=True)
class EnumerationView:
    """The alias of an enumeration: its name, its annotation and its docstring, empty where there is nothing to say."""

    name: str
    annotation: str
    documentation: str


@dataclass(frozen=True, slots=True)
class UnionView:
    """The alias of a discriminated family."""

    name: str
    static: str
    function: str
    property: str
    values: tuple[tuple[str, str], ...]
    fallback: str | None
    is_open: bool = False
    """Whether values of the fallback are as usual as those of the other classes."""


@dataclass(frozen=True, slots=True)
class Viewed:
    """A view with what its module must provide."""

    view: OperationView | IteratorView | WaiterView | ModelView
    needs: Needs
    union: UnionView | None = None
    extends: str | None = None


@dataclass
class Names:
    """Python names in one scope: no two alike."""

    taken: set[str] = field(default_factory=set[str])

    def take(self, name: str) -> str:
        """The name, or the name with underscores after it where it is taken."""
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name
