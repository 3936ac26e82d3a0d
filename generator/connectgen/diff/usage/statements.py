"""Reads statements: what names are bound to, in the order in which it happens, and what branches make of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from connectgen.diff.usage.calls import Calls
from connectgen.diff.usage.client_names import PACKAGE
from connectgen.diff.usage.members import bases_of
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.things import (
    ELSEWHERE,
    NOTHING,
    UNKNOWN,
    AppClass,
    AppFunction,
    AppModule,
    AppObject,
    ClassInfo,
    Client,
    ClientClass,
    Content,
    Elsewhere,
    FunctionInfo,
    Many,
    Model,
    ModelClass,
    Package,
    Returning,
    Row,
    Scope,
    Spot,
    Table,
    Text,
    Unknown,
    Value,
    is_ours,
    items_of,
    join,
)

_TRANSPARENT = frozenset(
    [
        "property",
        "cached_property",
        "staticmethod",
        "classmethod",
        "contextmanager",
        "asynccontextmanager",
        "fixture",
        "cache",
        "lru_cache",
        "wraps",
        "overload",
        "override",
        "final",
        "abstractmethod",
        "dataclass",
    ]
)


class Statements(Calls):
    """Runs through statements without running them."""

    def block(self, statements: Iterable[ast.stmt]) -> None:
        """Read statements in a row."""
        for one in statements:
            handler = getattr(self, f"_{type(one).__name__.lower()}_", None)
            if handler is not None:
                handler(one)
            else:
                for child in ast.iter_child_nodes(one):
                    if isinstance(child, ast.expr):
                        self.value(child)

    def _branches(
        self,
        blocks: Sequence[Sequence[ast.stmt]],
        *,
        may_skip: bool,
        narrowed: Sequence[dict[str, Value]] = (),
    ) -> None:
        """Read blocks of which one runs; afterwards a name may be what any of them makes it.

        Args:
            blocks: the blocks.
            may_skip: whether none of them may run.
            narrowed: what is known of names in each block, by the test before it.
        """
        start = self.scope.names
        ends = [start] if may_skip else []
        for number, block in enumerate(blocks):
            self.scope.names = {**start, **(narrowed[number] if number < len(narrowed) else {})}
            self.block(block)
            ends.append(self.scope.names)
        merged = dict(start)
        for end in ends:
            for name, value in end.items():
                if merged.get(name) is not value:
                    others = [one[name] for one in ends if name in one]
                    merged[name] = join(others)
        start.clear()
        start.update(merged)
        self.scope.names = start

    def _expr_(self, node: ast.Expr) -> None:
        self.value(node.value)

    def _assign_(self, node: ast.Assign) -> None:
        value = self.value(node.value)
        for target in node.targets:
            self.assign(target, value, node.value)

    def _annassign_(self, node: ast.AnnAssign) -> None:
        declared = self.annotation(node.annotation)
        value = self.value(node.value) if node.value else None
        if isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias" and value is not None:
            declared = value
        chosen = declared if declared is not None else value if value is not None else UNKNOWN
        if declared and value and any(isinstance(one, Elsewhere) for one in declared):
            chosen = value
        if isinstance(node.target, ast.Name) and self.function is None and self.owner is not None:
            self.owner.annotated[node.target.id] = chosen
        self.assign(node.target, chosen)

    def _augassign_(self, node: ast.AugAssign) -> None:
        value = self.value(node.value)
        if isinstance(node.target, ast.Attribute):
            self.value(ast.Attribute(node.target.value, node.target.attr, ast.Load(), **_where(node.target)))
            for thing in self.value(node.target.value):
                self.write(thing, node.target.attr, node.target)
        self.widen(node.target, value)

    def _delete_(self, node: ast.Delete) -> None:
        for target in node.targets:
            if not isinstance(target, ast.Name):
                self.value(target)

    def assign(self, target: ast.expr, value: Value, source: ast.expr | None = None) -> None:
        """Bind a target to a value."""
        match target:
            case ast.Name(id=name):
                self._bind_name(name, value)
            case ast.Attribute(value=owner, attr=attribute):
                for thing in self.value(owner):
                    if isinstance(thing, AppObject | AppClass):
                        before = thing.info.assigned.get(attribute)
                        plain = frozenset(one for one in value if not isinstance(one, Text))
                        thing.info.assigned[attribute] = plain if before is None else before | plain
                    else:
                        self.write(thing, attribute, target)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, value)
            case ast.Starred(value=inner):
                self.assign(inner, frozenset([Many(items_of(value) or value)]))
            case ast.Subscript(value=owner, slice=index):
                self.value(index)
                if is_ours(value):
                    self.widen(owner, frozenset([Table(value), Many(value)]))
                self.value(owner)
            case _:
                self.value(target)
        del source

    def _bind_name(self, name: str, value: Value) -> None:
        if name in self.globals:
            names = self.module.scope.names
            names[name] = names.get(name, NOTHING) | value
        elif name in self.nonlocals and self.scope.around is not None:
            scope = self.scope.around
            scope.names[name] = scope.names.get(name, NOTHING) | value
        else:
            self.scope.names[name] = value

    def _unpack(self, targets: list[ast.expr], value: Value) -> None:
        rows = [thing.items for thing in value if isinstance(thing, Row)]
        starred = next((n for n, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
        others = items_of(frozenset(thing for thing in value if not isinstance(thing, Row)))
        named = [self._fields_of(thing.info) for thing in value if isinstance(thing, AppObject)]
        for n, target in enumerate(targets):
            at = n if starred is None or n < starred else n - len(targets)
            if n == starred:
                end = n - len(targets) + 1
                rest = join(join(row[n : end or None]) for row in rows) | others
                self.assign(target.value if isinstance(target, ast.Starred) else target, frozenset([Many(rest)]))
                continue
            fits = [row[at] for row in (*rows, *named) if -len(row) <= at < len(row)]
            self.assign(target, join(fits) | others)

    def _fields_of(self, info: ClassInfo) -> tuple[Value, ...]:
        return tuple(value for one in reversed(bases_of(info)) for value in one.annotated.values())

    def widen(self, target: ast.expr, value: Value) -> None:
        """Add to what a variable or an attribute may be."""
        match target:
            case ast.Name(id=name):
                known = self.scope.look_up(name)
                if known is not None:
                    self._bind_name(name, known | value)
            case ast.Attribute(value=owner, attr=attribute):
                for thing in self.value(owner):
                    if isinstance(thing, AppObject | AppClass):
                        before = thing.info.assigned.get(attribute, NOTHING)
                        thing.info.assigned[attribute] = before | value
            case _:
                pass

    def _return_(self, node: ast.Return) -> None:
        value = self.value(node.value)
        if self.function is not None:
            self.function.returned |= frozenset(one for one in value if not isinstance(one, Text))

    def _if_(self, node: ast.If) -> None:
        """A chain of `elif` nests to the right: it is taken as one choice."""
        blocks: list[list[ast.stmt]] = []
        narrowed: list[dict[str, Value]] = []
        one = node
        while True:
            self.value(one.test)
            narrowed.append(self._shown_by(one.test))
            blocks.append(one.body)
            if len(one.orelse) == 1 and isinstance(one.orelse[0], ast.If):
                one = one.orelse[0]
                continue
            break
        if one.orelse:
            blocks.append(one.orelse)
        self._branches(blocks, may_skip=not one.orelse, narrowed=narrowed)

    def _shown_by(self, test: ast.expr) -> dict[str, Value]:
        """What `isinstance` shows of names."""
        found: dict[str, Value] = {}
        for one in test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]:
            match one:
                case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), classes]):
                    recording, self.recording = self.recording, False
                    nodes = classes.elts if isinstance(classes, ast.Tuple) else [classes]
                    objects = join(self.annotation(node) or NOTHING for node in nodes)
                    self.recording = recording
                    if is_ours(objects):
                        found[name] = objects
                case _:
                    pass
        return found

    def _for_(self, node: ast.For | ast.AsyncFor) -> None:
        items = items_of(self.value(node.iter))
        for _ in range(2):  # what the body binds at its end is bound at its beginning the next time
            self.assign(node.target, items)
            self._branches([node.body], may_skip=True)
        self.block(node.orelse)

    _asyncfor_ = _for_

    def _while_(self, node: ast.While) -> None:
        for _ in range(2):
            self.value(node.test)
            self._branches([node.body], may_skip=True)
        self.block(node.orelse)

    def _with_(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            value = self.value(item.context_expr)
            entered: Value = NOTHING
            for thing in value:
                if isinstance(thing, AppObject):
                    name = "__aenter__" if isinstance(node, ast.AsyncWith) else "__enter__"
                    method = next((one.methods[name] for one in bases_of(thing.info) if name in one.methods), None)
                    entered |= self.result_of(method, [frozenset([thing])]) if method else frozenset([thing])
                else:
                    entered |= frozenset([thing])
            if item.optional_vars is not None:
                self.assign(item.optional_vars, entered)
        self.block(node.body)

    _asyncwith_ = _with_

    def _try_(self, node: ast.Try) -> None:
        self.block(node.body)
        for handler in node.handlers:
            if handler.type is not None:
                self.value(handler.type)
            if handler.name:
                self.scope.names[handler.name] = ELSEWHERE
        self._branches([handler.body for handler in node.handlers], may_skip=True)
        self.block(node.orelse)
        self.block(node.finalbody)

    _trystar_ = _try_

    def _match_(self, node: ast.Match) -> None:
        subject = self.value(node.subject)
        blocks: list[list[ast.stmt]] = []
        for case in node.cases:
            self.pattern(case.pattern, subject)
            if case.guard is not None:
                self.value(case.guard)
            blocks.append(case.body)
        start = self.scope.names
        for case in node.cases:
            self.scope.names = start
            self.pattern(case.pattern, subject)
            self._branches([case.body], may_skip=True)

    def pattern(self, pattern: ast.pattern, subject: Value) -> None:  # noqa: C901  one case for each class of pattern
        """Bind what a pattern binds, and note what it asks for."""
        match pattern:
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None:
                    self.pattern(inner, subject)
                if name:
                    narrowed = self._narrowed(inner) if inner is not None else NOTHING
                    self._bind_name(name, narrowed or subject)
            case ast.MatchOr(patterns=patterns):
                for one in patterns:
                    self.pattern(one, subject)
            case ast.MatchValue(value=value):
                self.value(value)
                contents = [thing for thing in subject if isinstance(thing, Content)]
                if contents and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    self.compare(contents, value)
            case ast.MatchClass():
                self._match_class(pattern)
            case ast.MatchSequence(patterns=patterns):
                rows = [thing.items for thing in subject if isinstance(thing, Row)]
                others = items_of(frozenset(thing for thing in subject if not isinstance(thing, Row)))
                targets = [join(row[n] for row in rows if n < len(row)) | others for n in range(len(patterns))]
                for one, target in zip(patterns, targets, strict=True):
                    self.pattern(one, target)
            case ast.MatchStar(name=name):
                if name:
                    self._bind_name(name, frozenset([Many(subject)]))
            case ast.MatchMapping(patterns=patterns):
                values = join(thing.values for thing in subject if isinstance(thing, Table))
                for one in patterns:
                    self.pattern(one, values)
            case _:
                pass

    def _narrowed(self, pattern: ast.pattern) -> Value:
        if not isinstance(pattern, ast.MatchClass):
            return NOTHING
        recording, self.recording = self.recording, False
        found = self.annotation(pattern.cls) or NOTHING
        self.recording = recording
        return found

    def _match_class(self, pattern: ast.MatchClass) -> None:
        classes = self.value(pattern.cls)
        self.tests(classes, pattern.cls)
        spot = self.spot(pattern.cls)
        for name, inner in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            value: Value = NOTHING
            for thing in classes:
                match thing:
                    case ModelClass(model):
                        field = self.client.fields(model).get(name)
                        if field:
                            self.note(Use("read", model, name, inner.lineno, spot, is_sure=True))
                            held = Content(model, name, spot)
                            value |= self.client.value_of(field.type) or frozenset([held])
                    case AppClass(info):
                        value |= self.of_class(info, name, AppObject(info), _named_there(pattern.cls))
                    case _:
                        value |= UNKNOWN
            self.pattern(inner, value)
        for inner in pattern.patterns:
            self.pattern(inner, UNKNOWN)

    def _global_(self, node: ast.Global) -> None:
        self.globals |= set(node.names)

    def _nonlocal_(self, node: ast.Nonlocal) -> None:
        self.nonlocals |= set(node.names)

    globals: set[str]
    nonlocals: set[str]

    def _import_(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            if name == "sf_connect" or PACKAGE.match(name):
                value: Value = frozenset([Package(name)])
            else:
                module = self.project.find(name)
                value = frozenset([AppModule(module)]) if module else ELSEWHERE
            self.scope.names[alias.asname or name] = value

    def _importfrom_(self, node: ast.ImportFrom) -> None:
        module = self._absolute(node)
        for alias in node.names:
            if alias.name == "*":
                self._import_all(module)
                continue
            spot = Spot(self.module.shown, alias.lineno, alias.col_offset + len(alias.name.encode()))
            self.scope.names[alias.asname or alias.name] = self.imported(module, alias.name, spot)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.module.name.split(".")
        drop = node.level - (1 if self.module.path.name == "__init__.py" else 0)
        base = parts[: len(parts) - drop] if drop else parts
        return ".".join([*base, *([node.module] if node.module else [])])

    def _import_all(self, module: str) -> None:
        if PACKAGE.match(module):
            names = ["Connect", "AsyncConnect", "models"] if PACKAGE.fullmatch(module) else sorted(self.client.types)
            for name in names:
                self.scope.names[name] = self.member(module, name, None)
            return
        found = self.project.find(module)
        if found is not None:
            self.scope.names.update(found.scope.names)

    def _functiondef_(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        info = self.module.functions.get(id(node))
        names = frozenset(_decorator(one) for one in node.decorator_list)
        if info is None:
            info = FunctionInfo(node.name, node, self.module, self.owner if self.function is None else None, self.scope)
            info.decorators = names
            info.is_read = self._matters(node)
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

    def _matters(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        lines = self.module.lines
        return any(lines[node.lineno : (node.end_lineno or node.lineno) + 1]) or not lines

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
        info.is_typed_dict = "TypedDict" in names or any(
            isinstance(one, AppClass) and one.info.is_typed_dict for one in bases
        )
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
        for name, value in self.scope.names.items():
            if name not in info.methods and name not in info.annotated:
                info.assigned[name] = info.assigned.get(name, NOTHING) | value
        self.scope, self.owner, self.function = outer

    def _is_elsewhere(self, node: ast.expr) -> bool:
        recording, self.recording = self.recording, False
        value = self.value(node)
        self.recording = recording
        return any(isinstance(one, Elsewhere | Unknown) for one in value)

    waiting: list[tuple[FunctionInfo, ClassInfo | None]]
    parameters: dict[int, Value]

    def run_function(self, info: FunctionInfo, owner: ClassInfo | None) -> None:
        """Read a function's body with what its parameters are known to be."""
        if not info.is_read and not any(is_ours(value) for value in info.arguments.values()):
            return
        info.is_read = True
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


def _where(node: ast.expr) -> dict[str, int]:
    return {
        "lineno": node.lineno,
        "col_offset": node.col_offset,
        "end_lineno": node.end_lineno or node.lineno,
        "end_col_offset": node.end_col_offset or node.col_offset,
    }


def _named_there(node: ast.expr) -> ast.Attribute:
    return ast.Attribute(value=node, attr="", ctx=ast.Load(), **_where(node))


__all__ = ["Client", "ClientClass", "Model", "Returning", "Statements"]
