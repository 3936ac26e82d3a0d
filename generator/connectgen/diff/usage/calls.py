"""What calls give, and what they pass: to operations, to models, to the application's own functions, to all others."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from connectgen.diff.usage.expressions import Expressions
from connectgen.diff.usage.members import bases_of
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.things import (
    CLIENT,
    ELSEWHERE,
    NOTHING,
    UNKNOWN,
    AppClass,
    AppFunction,
    AppObject,
    ClassInfo,
    Client,
    ClientClass,
    Content,
    Elsewhere,
    Family,
    FunctionInfo,
    Group,
    GroupClass,
    Holder,
    Many,
    Model,
    ModelClass,
    Operation,
    Partial,
    Returning,
    Row,
    Spot,
    Table,
    Text,
    Thing,
    Unknown,
    Value,
    is_ours,
    items_of,
    join,
)

_ONE = frozenset(["next", "anext", "max", "min", "choice"])
_SAME = frozenset(
    [
        "iter",
        "aiter",
        "list",
        "tuple",
        "set",
        "frozenset",
        "sorted",
        "reversed",
        "filter",
        "chain",
        "islice",
        "cycle",
        "tee",
        "deque",
        "takewhile",
        "dropwhile",
        "sample",
        "tqdm",
        "copy",
        "deepcopy",
        "cast",
        "closing",
        "aclosing",
        "nullcontext",
        "contextmanager",
        "wait_for",
        "shield",
        "create_task",
        "ensure_future",
        "run",
        "enter_context",
        "enter_async_context",
        "require",
        "present",
    ]
)
_PLAIN = frozenset(
    [
        "print",
        "len",
        "str",
        "repr",
        "int",
        "float",
        "bool",
        "sum",
        "any",
        "all",
        "id",
        "hash",
        "type",
        "isinstance",
        "issubclass",
        "hasattr",
        "callable",
        "format",
        "dir",
        "vars",
        "range",
        "abs",
        "round",
        "ord",
        "chr",
        "open",
        "input",
        "bytes",
    ]
)


@dataclass(frozen=True, slots=True)
class Passed:
    """What a call passes."""

    positional: tuple[Value, ...]
    keywords: tuple[tuple[str, Value, int], ...]
    """Each with the line that is reported."""
    is_open: bool
    """Whether anything may be passed besides."""
    nodes: tuple[ast.expr, ...] = ()
    maybe: frozenset[str] = frozenset()
    """Keywords that may be passed, or not."""
    literal: frozenset[str] = frozenset()
    """Keywords whose value is a literal."""
    is_partial: bool = False
    """Whether the rest is passed elsewhere."""
    is_rest: bool = False
    """Whether it is the rest of what was passed elsewhere."""

    def without(self, count: int) -> Passed:
        """The same without the first arguments."""
        return replace(self, positional=self.positional[count:], nodes=self.nodes[count:])

    @property
    def names(self) -> frozenset[str]:
        """The keywords that are passed in any case."""
        return frozenset(name for name, _, _ in self.keywords) - self.maybe

    def everything(self) -> Iterable[Value]:
        """All values."""
        yield from self.positional
        yield from (value for _, value, _ in self.keywords)


class Calls(Expressions):
    """Reads calls."""

    def _call(self, node: ast.Call) -> Value:
        name = _last_name(node.func)
        if name == "getattr" and len(node.args) >= 2:
            return self._getattr(node)
        if name in ("isinstance", "issubclass") and len(node.args) == 2:
            self.value(node.args[0])
            self.tests(self.value(node.args[1]), node.args[1])
            return NOTHING
        if name == "setattr" and len(node.args) == 3 and isinstance(node.args[1], ast.Constant):
            for thing in self.value(node.args[0]):
                self.write(thing, str(node.args[1].value), node.args[1])
        if name == "super":
            return frozenset([AppObject(self.owner)]) if self.owner else UNKNOWN
        function = self.value(node.func)
        if name == "cast" and len(node.args) == 2 and not is_ours(function):
            self.value(node.args[1])
            return self.annotation(node.args[0]) or UNKNOWN
        passed = self._passed(node)
        if any(keyword.arg == "filter_group" and _is_less(keyword.value) for keyword in node.keywords):
            self.notes.filtered = True
        return self._called(function, passed, node, name)

    def _getattr(self, node: ast.Call) -> Value:
        base, name = self.value(node.args[0]), node.args[1]
        default = join(self.values(node.args[2:]))
        named = self.value(name)
        texts = [thing.text for thing in named if isinstance(thing, Text)]
        if not texts:
            if is_ours(base):
                self.unclear(node, "getattr with a name that is not literal")
                return UNKNOWN
            return base
        return join(self.attribute(base, text, node) for text in texts) | default

    def tests(self, classes: Value, node: ast.expr) -> None:
        """Note the classes that `isinstance` or `match` asks for."""
        for thing in classes:
            if isinstance(thing, ModelClass):
                spot = self.spot(node)
                self.note(Use("test", thing.name, "", node.lineno, spot, is_sure=True))
            elif isinstance(thing, Row):
                inner = node.elts if isinstance(node, ast.Tuple) else [node] * len(thing.items)
                for value, one in zip(thing.items, inner, strict=False):
                    self.tests(value, one)

    def write(self, thing: object, attribute: str, node: ast.expr) -> None:
        """Note that a field is set."""
        if isinstance(thing, Model) and attribute in self.client.fields(thing.name):
            self.read(thing.name, attribute, node, "write")
        elif isinstance(thing, Unknown):
            self.read("", attribute, node, "write")

    def _passed(self, node: ast.Call) -> Passed:
        positional: list[Value] = []
        is_open, maybe, literal = False, set[str](), set[str]()
        first = [self.value(one) for one in node.args if not isinstance(one, ast.Lambda | ast.Starred)]
        for one in node.args:
            if isinstance(one, ast.Starred):
                value = self.value(one.value)
                positional += next((thing.items for thing in value if isinstance(thing, Row)), (items_of(value),))
            elif isinstance(one, ast.Lambda):
                positional.append(self.lambda_value(one, [join(items_of(value) for value in first)]))
            else:
                positional.append(
                    first[sum(not isinstance(x, ast.Lambda | ast.Starred) for x in node.args[: node.args.index(one)])]
                )
        keywords: list[tuple[str, Value, int]] = []
        for keyword in node.keywords:
            line = keyword.lineno
            if keyword.arg is not None:
                given = keyword.value
                if isinstance(given, ast.Lambda):
                    value = self.lambda_value(given, [join(items_of(value) for value in first)])
                else:
                    value = self.value(given)
                if isinstance(given, ast.Constant):
                    literal.add(keyword.arg)
                keywords.append((keyword.arg, value, line))
                continue
            known, unsure = self._unpacked(self.value(keyword.value), line)
            is_open = is_open or known is None
            keywords += known or []
            maybe |= unsure
        return Passed(
            tuple(positional), tuple(keywords), is_open, tuple(node.args), frozenset(maybe), frozenset(literal)
        )

    def _unpacked(self, value: Value, line: int) -> tuple[list[tuple[str, Value, int]] | None, set[str]]:
        """What `**value` passes (None where that is not known), and which of it may be missing."""
        for thing in value:
            match thing:
                case Table(_, keys) if keys is not None:
                    return [(key, held, line) for key, held in keys], set()
                case AppObject(info) if info.is_typed_dict:
                    names = [key for one in bases_of(info) for key in one.annotated]
                    return [(name, NOTHING, line) for name in names], set(names)
                case _:
                    pass
        return None, set()

    def _called(self, function: Value, passed: Passed, node: ast.Call, name: str) -> Value:
        found = NOTHING
        for thing in function:
            found |= self._call_of(thing, passed, node, name)
        if not function:
            found = self._call_of_builtin(passed, node, name)
        self._changed(node, passed)
        return found

    def _call_of(self, thing: Thing, passed: Passed, node: ast.Call, name: str) -> Value:
        match thing:
            case Operation(operation, iterates):
                self._note_call(thing, passed)
                return self.client.result(operation, iterates=iterates)
            case ClientClass():
                return CLIENT
            case ModelClass(model):
                self._note_construct(model, passed, node)
                return frozenset([Model(model)])
            case GroupClass(group):
                return frozenset([Group(group) if "." in group else Family(group)])
            case Partial(of):
                return self._called(of, replace(passed, is_rest=True), node, "")
            case AppFunction(info, owner):
                return self._call_of_function(info, owner, passed)
            case AppClass(info):
                return self._construct(info, passed)
            case Returning(result):
                return result
            case AppObject(info):
                call = self.of_class(info, "__call__", thing, node)
                return self._called(call, passed, node, "") if call and thing not in call else UNKNOWN
            case Unknown() | Elsewhere():
                return self._call_of_other(thing, passed, node, name)
            case Model() | Many() | Table():
                return NOTHING
            case _:
                return NOTHING

    def _note_call(self, operation: Operation, passed: Passed) -> None:
        if operation.spot is None:
            return
        spot = operation.spot
        if self.recording:
            self.notes.calls.add(spot)
        if not passed.is_rest:
            self._note_passed("call", operation.name, spot, passed, self._by_position(operation, passed))
        for name, value, line in passed.keywords:
            unsure = name not in passed.literal
            self._note_argument("argument", operation.name, name, value, line, spot, unsure=unsure)

    def _note_passed(
        self,
        kind: Literal["call", "construct"],
        name: str,
        spot: Spot,
        passed: Passed,
        more: frozenset[str] = frozenset(),
    ) -> None:
        self.note(
            Use(
                kind,
                name,
                "",
                spot.line,
                spot,
                passed=passed.names | more,
                maybe=passed.maybe,
                is_partial=passed.is_partial,
                is_open=passed.is_open,
                is_sure=kind == "construct",
            )
        )

    def _by_position(self, operation: Operation, passed: Passed) -> frozenset[str]:
        """The body is the one thing, besides the placeholders of the path, that is passed by position."""
        taken = self.client.operations[operation.name]
        beyond = len(passed.positional) > len(taken.path_parameters)
        return frozenset(["*"] if beyond else [])

    def _note_argument(
        self,
        kind: Literal["argument", "pass"],
        owner: str,
        name: str,
        value: Value,
        line: int,
        spot: Spot,
        *,
        unsure: bool,
    ) -> None:
        texts: list[str | None] = [*sorted({thing.text for thing in value if isinstance(thing, Text)})]
        for text in texts or [None]:
            self.note(Use(kind, owner, name, line, spot, text=text, is_open=unsure and text is None))

    def _note_construct(self, model: str, passed: Passed, node: ast.Call) -> None:
        spot = self.spot(node.func)
        if not passed.is_rest:
            self._note_passed("construct", model, spot, passed)
        for name, value, at in passed.keywords:
            self._note_argument("pass", model, name, value, at, spot, unsure=name not in passed.literal)

    def _construct(self, info: ClassInfo, passed: Passed) -> Value:
        for one in bases_of(info):
            for base in one.bases:
                if isinstance(base, ModelClass | ClientClass):
                    return frozenset([AppObject(info)])
        start = next((one.methods["__init__"] for one in bases_of(info) if "__init__" in one.methods), None)
        if start is not None:
            self.bind(start, (frozenset([AppObject(info)]), *passed.positional), passed)
        else:
            fields = [name for one in reversed(bases_of(info)) for name in one.annotated]
            given = [
                *zip(fields, passed.positional, strict=False),
                *((name, value) for name, value, _ in passed.keywords),
            ]
            for name, value in given:
                if is_ours(value) and name not in info.annotated:
                    info.assigned[name] = info.assigned.get(name, NOTHING) | value
        return frozenset([AppObject(info)])

    def _call_of_function(self, info: FunctionInfo, owner: ClassInfo | None, passed: Passed) -> Value:
        positional = passed.positional
        if owner is not None and "staticmethod" not in info.decorators:
            own = AppClass(owner) if "classmethod" in info.decorators else AppObject(owner)
            positional = (frozenset([own]), *positional)
        self.bind(info, positional, passed)
        return self.result_of(info, list(positional))

    def bind(self, info: FunctionInfo, positional: Sequence[Value], passed: Passed) -> None:
        """Keep what a function of the application is called with."""
        arguments = info.node.args
        names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
        given = list(zip(names, positional, strict=False))
        if arguments.vararg and len(positional) > len(names):
            given.append((arguments.vararg.arg, join(positional[len(names) :])))
        known = {*names, *(one.arg for one in arguments.kwonlyargs)}
        given += [(name, value) for name, value, _ in passed.keywords if name in known]
        for name, value in given:
            before = info.arguments.get(name)
            plain = frozenset(thing for thing in value if not isinstance(thing, Text))
            info.arguments[name] = plain if before is None else before | plain

    def _call_of_builtin(self, passed: Passed, node: ast.Call, name: str) -> Value:
        """A builtin, or a method of a plain value."""
        everything = join(passed.everything())
        if name in _PLAIN or isinstance(node.func, ast.Attribute):
            return NOTHING
        return self._result_by_name(name, passed, everything)

    def _result_by_name(self, name: str, passed: Passed, everything: Value) -> Value:
        first = passed.positional[0] if passed.positional else NOTHING
        match name:
            case _ if name in _ONE:
                return items_of(first) | join(passed.positional[1:])
            case "enumerate":
                return frozenset([Many(frozenset([Row((NOTHING, items_of(first)))]))])
            case "zip":
                return frozenset([Many(frozenset([Row(tuple(items_of(one) for one in passed.positional))]))])
            case "gather":
                return (
                    frozenset([Row(passed.positional)]) if len(passed.positional) > 1 else frozenset([Many(everything)])
                )
            case "map":
                return frozenset([Many(self._results(first, [items_of(one) for one in passed.positional[1:]]))])
            case "dict":
                keys = tuple((key, value) for key, value, _ in passed.keywords)
                copied = frozenset(thing for thing in first if isinstance(thing, Table))
                if copied:
                    return copied
                return frozenset([Table(everything, keys if not passed.is_open and not passed.positional else None)])
            case "list" | "set" | "tuple" | "sorted" | "deque":
                return frozenset([Many(items_of(first))]) if first else frozenset([Many(NOTHING)])
            case "filter" | "takewhile" | "dropwhile":
                return frozenset([Many(join(items_of(one) for one in passed.positional[1:]))])
            case _ if name in _SAME:
                return everything
            case _:
                return everything | UNKNOWN if is_ours(everything) else NOTHING

    def _results(self, function: Value, given: list[Value]) -> Value:
        found = NOTHING
        for thing in function:
            match thing:
                case Operation(operation, iterates):
                    self._note_call(thing, Passed((), (), is_open=False, is_partial=True))
                    found |= self.client.result(operation, iterates=iterates)
                case AppFunction(info, owner):
                    found |= self._call_of_function(info, owner, Passed(tuple(given), (), is_open=False))
                case Returning(result):
                    found |= result
                case _:
                    pass
        return found

    def _call_of_other(self, thing: Unknown | Elsewhere, passed: Passed, node: ast.Call, name: str) -> Value:
        """A function that is not at hand: it may call an operation that it receives, or return what it receives."""
        everything = join(passed.everything())
        if name == "partial" and passed.positional:
            for one in passed.positional[0]:
                if isinstance(one, Operation):
                    self._note_call(one, replace(passed.without(1), is_partial=True))
                elif isinstance(one, ModelClass):
                    made = ast.Call(func=passed.nodes[0], args=[], keywords=[])
                    self._note_construct(one.name, replace(passed.without(1), is_partial=True), made)
            return frozenset([Partial(passed.positional[0])])
        if name in _PLAIN:
            return NOTHING
        for number, value in enumerate(passed.positional):
            operations = [one for one in value if isinstance(one, Operation)]
            if operations:
                rest = passed.without(number + 1)
                found = NOTHING
                for one in operations:
                    self._note_call(one, rest)
                    found |= self.client.result(one.name, iterates=one.iterates)
                return frozenset([Holder(found)])
        if name in _ONE or name in _SAME or name in ("enumerate", "zip", "gather", "map", "dict"):
            return self._result_by_name(name, passed, everything)
        if any(isinstance(one, Client | Family | Group) for one in everything):
            self.unclear(
                node, f"a client, or a part of it, is passed to {name or 'a function'}, whose code was not read"
            )
        if is_ours(everything):
            kept = frozenset(one for one in everything if not isinstance(one, Text | Content))
            return kept | UNKNOWN
        return ELSEWHERE if isinstance(thing, Elsewhere) else UNKNOWN

    def _changed(self, node: ast.Call, passed: Passed) -> None:
        """`found.append(item)`: what a list or a dictionary in a variable holds."""
        if not isinstance(node.func, ast.Attribute) or not passed.positional:
            return
        added = passed.positional[-1]
        match node.func.attr:
            case "append" | "add" | "appendleft":
                more: Thing = Many(added)
            case "insert":
                more = Many(added)
            case "extend":
                more = Many(items_of(added))
            case "setdefault":
                more = Table(added)
            case _:
                return
        if is_ours(added):
            self.widen(node.func.value, frozenset([more]))

    def widen(self, target: ast.expr, value: Value) -> None:
        """Add to what a variable may be; replaced by the reading of statements."""
        raise NotImplementedError


def _is_less(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Constant) and node.value in (None, "Big"))


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
