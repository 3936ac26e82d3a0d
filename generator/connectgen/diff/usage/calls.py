"""What calls give, and what they pass: to operations, to models, to the application's own functions, to all others."""

from __future__ import annotations

import ast
from dataclasses import replace

from connectgen.diff.usage.arguments import Passed, is_getter
from connectgen.diff.usage.by_name import ByName
from connectgen.diff.usage.expressions import unlisted
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.results import BY_NAME, ONE, SAME, TASKS
from connectgen.diff.usage.things import (
    CLIENT,
    ELSEWHERE,
    NOTHING,
    UNKNOWN,
    AppClass,
    AppFunction,
    AppObject,
    Client,
    ClientClass,
    Content,
    Elsewhere,
    Family,
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
    Table,
    Text,
    Thing,
    Unknown,
    Value,
    is_ours,
    items_of,
    join,
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


class Calls(ByName):
    """Reads calls."""

    def _call(self, node: ast.Call) -> Value:
        name = _last_name(node.func)
        if name == "getattr" and len(node.args) >= 2:
            return self._getattr(node)
        if name == "hasattr" and len(node.args) == 2:
            self._getattr(node)
            return NOTHING
        if name in ("isinstance", "issubclass") and len(node.args) == 2:
            self.value(node.args[0])
            self.tests(self.value(node.args[1]), node.args[1])
            return NOTHING
        self.set_by_name(node, name)
        self.from_dictionary(node)
        if is_getter(node):
            return self.attribute_getter(node, None)
        if name == "super":
            return frozenset([AppObject(self.owner)]) if self.owner else UNKNOWN
        if (text := unlisted(node)) is not None:
            return self.value(text)
        function = self.value(node.func)
        if name == "cast" and len(node.args) == 2 and not is_ours(function):
            self.value(node.args[1])
            return self.annotation(node.args[0]) or UNKNOWN
        passed = self._passed(node)
        if any(keyword.arg == "filter_group" and _is_less(keyword.value) for keyword in node.keywords):
            self.notes.filtered = True
        self.named_by_keywords(function, passed, node, name)
        return self._called(function, passed, node, name)

    def _getattr(self, node: ast.Call) -> Value:
        base, name = self.value(node.args[0]), node.args[1]
        default = join(self.values(node.args[2:]))
        named = self.value(name)
        texts = [thing.text for thing in named if isinstance(thing, Text)]
        if not texts:
            if is_ours(base):
                self.unclear(node, f"{_last_name(node.func)} with a name that is not literal")
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
                return self._construct(info, passed, node)
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

    def _call_of_builtin(self, passed: Passed, node: ast.Call, name: str) -> Value:
        """A builtin, or a method of a plain value."""
        everything = join(passed.everything())
        if name in _PLAIN or isinstance(node.func, ast.Attribute):
            return NOTHING
        return self._result_by_name(name, passed, everything)

    def _call_of_other(self, thing: Unknown | Elsewhere, passed: Passed, node: ast.Call, name: str) -> Value:
        """A function that is not at hand: it may call an operation that it receives, or return what it receives."""
        everything = join(passed.everything())
        if name == "partial" and passed.positional:
            return self._partial(passed)
        if name in _PLAIN:
            return NOTHING
        if name != "map" and (found := self._called_with(passed)):
            return found
        if name in ONE or name in SAME or name in BY_NAME or name in TASKS:
            return self._result_by_name(name, passed, everything)
        if any(isinstance(one, Client | Family | Group) for one in everything):
            self.unclear(
                node, f"a client, or a part of it, is passed to {name or 'a function'}, whose code was not read"
            )
        if is_ours(everything):
            kept = frozenset(one for one in everything if not isinstance(one, Text | Content))
            return kept | UNKNOWN
        return ELSEWHERE if isinstance(thing, Elsewhere) else UNKNOWN

    def _partial(self, passed: Passed) -> Value:
        for one in passed.positional[0]:
            if isinstance(one, Operation):
                self._note_call(one, replace(passed.without(1), is_partial=True))
            elif isinstance(one, ModelClass):
                made = ast.Call(func=passed.nodes[0], args=[], keywords=[])
                self._note_construct(one.name, replace(passed.without(1), is_partial=True), made)
        return frozenset([Partial(passed.positional[0])])

    def _called_with(self, passed: Passed) -> Value:
        """What a function gives that receives an operation, and after it what to call it with."""
        for number, value in enumerate(passed.positional):
            operations = [one for one in value if isinstance(one, Operation)]
            for one in operations:
                self._note_call(one, passed.without(number + 1))
            if operations:
                return frozenset(
                    [Holder(join(self.client.result(one.name, iterates=one.iterates) for one in operations))]
                )
        return NOTHING

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
