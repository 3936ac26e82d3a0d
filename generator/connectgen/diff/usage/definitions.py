"""Functions and classes of the application: what is declared, and bodies with what parameters are known to be."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from connectgen.diff.usage.arguments import ends_with
from connectgen.diff.usage.imports import Imports
from connectgen.diff.usage.members import bases_of, models_of
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.things import (
    NOTHING,
    UNKNOWN,
    AppClass,
    AppFunction,
    AppObject,
    ClassInfo,
    Elsewhere,
    FunctionInfo,
    GroupClass,
    Many,
    Scope,
    Spot,
    Table,
    Unknown,
    Value,
    items_of,
    join,
)


class Definitions(Imports):
    """Reads definitions."""

    waiting: list[tuple[FunctionInfo, ClassInfo | None]]

    def block(self, statements: Iterable[ast.stmt]) -> None:
        """Read statements in a row; replaced by the reading of statements."""
        raise NotImplementedError

    def _functiondef_(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        info = self.module.functions.get(id(node))
        names = frozenset(_decorator(one) for one in node.decorator_list)
        if info is None:
            info = FunctionInfo(node.name, node, self.module, self.owner if self.function is None else None, self.scope)
            info.decorators = names
            self.module.functions[id(node)] = info
        info.outer = self._outer_scope()
        decorators = self.values(node.decorator_list)
        for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one)):
            self.value(default)
        info.result = self.annotation(node.returns)
        self.declared(info)
        self.waiting.append((info, self.owner if self.function is None else None))
        value: Value = frozenset([AppFunction(info)])
        for decorator in decorators:
            self._decorated(decorator, info)
        if self.owner is not None and self.function is None:
            self.owner.methods[node.name] = info
            if any(isinstance(one, ast.Attribute) and one.attr in ("setter", "deleter") for one in node.decorator_list):
                return
        self.scope.names[node.name] = value

    _asyncfunctiondef_ = _functiondef_

    def _outer_scope(self) -> Scope:
        """The body of a class is no scope for the functions in it."""
        if self.function is None and self.owner is not None and self.scope.around is not None:
            return self.scope.around
        return self.scope

    def _decorated(self, decorator: Value, info: FunctionInfo) -> None:
        """A decorator of the application receives the function."""
        for thing in decorator:
            if isinstance(thing, AppFunction):
                names = [one.arg for one in thing.info.node.args.args]
                if names:
                    before = thing.info.arguments.get(names[0], NOTHING)
                    thing.info.arguments[names[0]] = before | frozenset([AppFunction(info)])

    def declared(self, info: FunctionInfo) -> None:
        """Read the annotations of parameters, for what they name."""
        arguments = info.node.args
        for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            value = self.annotation(one.annotation)
            if value is not None:
                self.parameters[id(one)] = value
        for rest in (arguments.vararg, arguments.kwarg):
            if rest is not None and rest.annotation is not None:
                value = self.annotation(rest.annotation)
                if value is not None:
                    self.parameters[id(rest)] = value

    def _classdef_(self, node: ast.ClassDef) -> None:
        info = self.module.classes.setdefault(id(node), ClassInfo(node.name, self.module))
        bases = join(self.value(one) for one in node.bases)
        self.values(keyword.value for keyword in node.keywords)
        self.values(node.decorator_list)
        info.bases = bases
        names = [one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in node.bases]
        subscripts = [one for one in node.bases if isinstance(one, ast.Subscript)]
        info.is_typed_dict = "TypedDict" in names or any(
            isinstance(one, AppClass) and one.info.is_typed_dict for one in bases
        )
        info.is_protocol = "Protocol" in names or any(ends_with(one.value, "Protocol") for one in subscripts)
        plain = {"Protocol", "Generic", "NamedTuple", "object", "ABC", "Enum", "StrEnum", "TypedDict", "Exception", ""}
        info.has_other_bases = any(
            name not in plain for name, one in zip(names, node.bases, strict=True) if self._is_elsewhere(one)
        )
        for one in bases:
            if isinstance(one, AppClass) and info not in one.info.derived:
                one.info.derived.append(info)
        self.scope.names[node.name] = frozenset([AppClass(info)])
        outer = self.scope, self.owner, self.function
        self.scope, self.owner, self.function = Scope({}, self.scope), info, None
        self.block(node.body)
        for name, line, spot in self._own_names(node.body):
            self._overridden(info, name, line, spot)
        for name, value in self.scope.names.items():
            if name not in info.methods and name not in info.annotated:
                info.assigned[name] = info.assigned.get(name, NOTHING) | value
        self.scope, self.owner, self.function = outer

    def _own_names(self, body: Iterable[ast.stmt]) -> Iterator[tuple[str, int, Spot]]:
        """The names that the body of a class defines, also under an `if`."""
        for one in body:
            match one:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    start = one.col_offset + len("async def " if isinstance(one, ast.AsyncFunctionDef) else "def ")
                    yield name, one.lineno, Spot(self.module.shown, one.lineno, start + len(name.encode()))
                case ast.AnnAssign(target=ast.Name(id=name) as target):
                    yield name, target.lineno, self.spot(target)
                case ast.Assign(targets=targets):
                    yield from ((to.id, to.lineno, self.spot(to)) for to in targets if isinstance(to, ast.Name))
                case ast.If(body=body, orelse=orelse):
                    yield from self._own_names((*body, *orelse))
                case _:
                    pass

    def _overridden(self, info: ClassInfo, name: str, line: int, spot: Spot) -> None:
        """Note what a class of the application has its own of: a field of a model, or an operation of a group.

        A type checker says nothing when there is no longer anything that it overrides.
        """
        for model in models_of(AppClass(info)):
            if name in self.client.fields(model):
                self.note(Use("override", model, name, line, spot, is_sure=True, is_hidden=True))
        for base in (base for one in bases_of(info) for base in one.bases):
            found = self.client.method(base.name, name) if isinstance(base, GroupClass) else None
            if found is not None:
                self.note(Use("override", found[0], "", line, spot, is_sure=True, is_hidden=True))

    def _is_elsewhere(self, node: ast.expr) -> bool:
        recording, self.recording = self.recording, False
        value = self.value(node)
        self.recording = recording
        return any(isinstance(one, Elsewhere | Unknown) for one in value)

    def run_function(self, info: FunctionInfo, owner: ClassInfo | None) -> None:
        """Read a function's body with what its parameters are known to be."""
        node = info.node
        names: dict[str, Value] = {}
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for n, one in enumerate(every):
            names[one.arg] = self._parameter(one, info, owner if n == 0 else None)
        for rest, wrap in ((arguments.vararg, True), (arguments.kwarg, False)):
            if rest is not None:
                names[rest.arg] = self._variable(rest, info, is_row=wrap)
        outer = self.scope, self.owner, self.function, self.globals, self.nonlocals
        self.scope, self.owner, self.function = Scope(names, info.outer), owner, info
        self.globals, self.nonlocals = set(), set()
        self.block(node.body)
        self.scope, self.owner, self.function, self.globals, self.nonlocals = outer

    def _variable(self, one: ast.arg, info: FunctionInfo, *, is_row: bool) -> Value:
        declared = self.parameters.get(id(one))
        if is_row:
            return frozenset([Many(declared if declared is not None else info.arguments.get(one.arg, UNKNOWN))])
        if declared and any(isinstance(thing, AppObject) and thing.info.is_typed_dict for thing in declared):
            return declared
        return frozenset([Table(declared if declared is not None else UNKNOWN)])

    def _parameter(self, one: ast.arg, info: FunctionInfo, owner: ClassInfo | None) -> Value:
        declared = self.parameters.get(id(one))
        if declared is not None:
            return declared
        if owner is not None and "staticmethod" not in info.decorators and one.annotation is None:
            return frozenset([AppClass(owner) if "classmethod" in info.decorators else AppObject(owner)])
        if one.arg in info.arguments:
            return info.arguments[one.arg]
        fixture = self.fixture(one.arg) if info.node.name.startswith("test") or "fixture" in info.decorators else None
        return UNKNOWN if fixture is None else fixture

    def fixture(self, name: str) -> Value | None:
        """What a test's parameter is: the result of the fixture of its name."""
        for module in (self.module, *self.project.conftests()):
            for info in module.functions.values():
                if info.name == name and "fixture" in info.decorators:
                    result = self.result_of(info, [])
                    return items_of(result) if info.generates or _iterates(result) else result
        return None


def _iterates(value: Value) -> bool:
    return any(isinstance(thing, Many) for thing in value)


def _decorator(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
