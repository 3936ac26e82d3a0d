"""What annotations and imports say that a name is."""

from __future__ import annotations

import ast

from connectgen.diff.usage.client_names import CLIENT_CLASSES, PACKAGE, ClientNames
from connectgen.diff.usage.notes import Notes, Use
from connectgen.diff.usage.project import Project
from connectgen.diff.usage.things import (
    CLIENT,
    ELSEWHERE,
    NOTHING,
    UNKNOWN,
    AppClass,
    AppModule,
    AppObject,
    ClassInfo,
    Client,
    ClientClass,
    Elsewhere,
    Family,
    FunctionInfo,
    Group,
    GroupClass,
    Holder,
    Many,
    Model,
    ModelClass,
    Module,
    Package,
    Returning,
    Row,
    Scope,
    Spot,
    Table,
    Thing,
    Value,
    join,
)

_ITERABLES = frozenset(
    [
        "list",
        "List",
        "set",
        "Set",
        "frozenset",
        "FrozenSet",
        "Sequence",
        "MutableSequence",
        "Iterable",
        "Iterator",
        "Collection",
        "Generator",
        "AsyncIterator",
        "AsyncIterable",
        "AsyncGenerator",
        "deque",
        "Deque",
        "KeysView",
        "ValuesView",
        "Pager",
        "AsyncPager",
    ]
)
_TABLES = frozenset(["dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"])
_SAME = frozenset(
    [
        "Optional",
        "Union",
        "Annotated",
        "Final",
        "ClassVar",
        "Required",
        "NotRequired",
        "ReadOnly",
        "Awaitable",
        "Coroutine",
        "Unpack",
        "AbstractContextManager",
        "AbstractAsyncContextManager",
        "ContextManager",
        "AsyncContextManager",
    ]
)
_HOLDERS = frozenset(["Future", "Task"])
_ANYTHING = frozenset(["Any", "object", "Self", "TypeVar"])


class Reader:
    """What every part of the reading of a module needs: names, notes, the scope that names are looked up in."""

    def __init__(self, names: ClientNames, project: Project, notes: Notes, module: Module) -> None:
        self.client = names
        self.project = project
        self.notes = notes
        self.module = module
        self.scope: Scope = module.scope
        self.function: FunctionInfo | None = None
        self.owner: ClassInfo | None = None
        self.recording = False
        self._asked: set[tuple[int, str]] = set()
        """Classes, and the attributes that are being looked for in those that derive from them."""

    def spot(self, node: ast.expr) -> Spot:
        """Where a name or an attribute ends."""
        return Spot(self.module.shown, node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def note(self, use: Use) -> None:
        """Note a use, in the last round only: before, types are still being found."""
        if self.recording:
            self.notes.add(use)

    def note_class(self, name: str, spot: Spot) -> None:
        """Note that code names a model's class."""
        self.note(Use("class", name, "", spot.line, spot, is_sure=True))

    def unclear(self, node: ast.expr, why: str) -> None:
        """Note that something of a client goes where it cannot be followed."""
        if self.recording:
            self.notes.unclear.setdefault((self.module.shown, node.lineno), why)

    def imported(self, module: str, name: str, spot: Spot | None = None) -> Value:
        """What a name is that is imported from a module."""
        if PACKAGE.match(module) or module == "sf_connect":
            return self.member(module, name, spot)
        found = self.project.find(module)
        submodule = self.project.find(f"{module}.{name}")
        if found is not None:
            value = found.scope.look_up(name)
            if value is not None:
                named = [thing.name for thing in value if isinstance(thing, ModelClass)]
                if spot and len(named) == 1:
                    self.note_class(named[0], spot)
                return value
            if submodule is None:
                return UNKNOWN
        return frozenset([AppModule(submodule)]) if submodule is not None else ELSEWHERE

    def member(self, module: str, name: str, spot: Spot | None) -> Value:
        """What a name of a client's package is."""
        if name in CLIENT_CLASSES:
            return frozenset([ClientClass()])
        models = self.client.model_class(name)
        if models:
            if spot and name in self.client.types:
                self.note_class(name, spot)
            return models
        if name in self.client.enumerations:  # texts, like those of a Literal
            return NOTHING
        group = self.client.group_class(module, name)
        if group:
            return frozenset([GroupClass(group)])
        return frozenset([Package(f"{module}.{name}")])

    def annotation(self, node: ast.expr | None) -> Value | None:
        """Objects that an annotation stands for; None where it says nothing."""
        match node:
            case None:
                return None
            case ast.Constant(value=str(text)):
                return self._quoted(text, node)
            case ast.Constant():
                return NOTHING
            case ast.BinOp(left=left, right=right):
                return self._either([left, right])
            case ast.Subscript(value=value, slice=inner):
                return self._of_subscript(value, inner)
            case ast.Name(id=name):
                if name in _ANYTHING and self.scope.look_up(name) in (None, ELSEWHERE):
                    return None
                return self._objects(self.named(node))
            case ast.Attribute(attr=name):
                if name in _ANYTHING:
                    return None
                return self._objects(self.named(node))
            case _:
                return None

    def named(self, node: ast.expr) -> Value:
        """What a name or a dotted name stands for; replaced by the reading of expressions."""
        raise NotImplementedError

    def _quoted(self, text: str, node: ast.expr) -> Value | None:
        try:
            inner = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError):
            return None
        for one in ast.walk(inner):
            if isinstance(one, ast.expr):
                one.lineno = one.end_lineno = node.lineno
                one.end_col_offset = (one.end_col_offset or 0) + node.col_offset + 1
        return self.annotation(inner)

    def _either(self, nodes: list[ast.expr]) -> Value | None:
        values = [self.annotation(node) for node in nodes]
        return None if any(value is None for value in values) else join(value for value in values if value)

    def _of_subscript(self, value: ast.expr, inner: ast.expr) -> Value | None:
        name = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
        arguments = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if not arguments:  # tuple[()]
            return NOTHING
        if name == "Annotated":
            arguments = arguments[:1]
        if name == "Literal":
            return NOTHING
        if name in _HOLDERS:
            return frozenset([Holder(self._or_unknown(arguments[0]))])
        if name == "Callable":
            return frozenset([Returning(self._or_unknown(arguments[-1]))])
        if name in ("type", "Type"):
            return self._classes(arguments[0])
        if name in _SAME:
            return self._either(arguments[-1:] if name == "Coroutine" else arguments)
        if name in ("tuple", "Tuple"):
            if len(arguments) == 2 and isinstance(arguments[1], ast.Constant):
                return frozenset([Many(self._or_unknown(arguments[0]))])
            return frozenset([Row(tuple(self._or_unknown(one) for one in arguments))])
        if name in _TABLES:
            return frozenset([Table(self._or_unknown(arguments[-1]))])
        if name in _ITERABLES:
            return frozenset([Many(self._or_unknown(arguments[-1 if "Page" in name else 0]))])
        found = self._objects(self.named(value))
        return None if found and any(isinstance(one, Elsewhere) for one in found) else found

    def _or_unknown(self, node: ast.expr) -> Value:
        value = self.annotation(node)
        return UNKNOWN if value is None else value

    def _classes(self, node: ast.expr) -> Value | None:
        value = self.named(node)
        return value or None

    def _objects(self, classes: Value) -> Value | None:
        """Objects of classes; None where a name says nothing of what it is."""
        found: set[Thing] = set()
        for one in classes:
            match one:
                case ModelClass(name):
                    found.add(Model(name))
                case ClientClass():
                    found.add(Client())
                case GroupClass(name):
                    found.add(Group(name) if "." in name else Family(name))
                case AppClass(info):
                    found.add(AppObject(info))
                case Elsewhere():
                    found.add(one)
                case Model() | Client() | Group() | Family() | Many() | Row() | Table():
                    found.add(one)  # an alias whose value was read as an annotation
                case _:
                    return None
        return frozenset(found)


__all__ = ["CLIENT", "Reader"]
