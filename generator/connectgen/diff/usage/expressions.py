"""What expressions stand for, and what they use: names, attributes, comprehensions, comparisons."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from connectgen.diff.usage.annotations import Reader
from connectgen.diff.usage.builtin_names import BUILTINS
from connectgen.diff.usage.client_names import PACKAGE
from connectgen.diff.usage.members import Members
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.things import (
    NOTHING,
    UNKNOWN,
    AppModule,
    Content,
    Elsewhere,
    Many,
    Model,
    ModelClass,
    Package,
    Row,
    Scope,
    Table,
    Text,
    Thing,
    Unknown,
    Value,
    held,
    is_ours,
    items_of,
    join,
)

_TYPING = frozenset(
    [
        "Optional",
        "Union",
        "Annotated",
        "list",
        "List",
        "Sequence",
        "Iterable",
        "Iterator",
        "dict",
        "Dict",
        "Mapping",
        "tuple",
        "Tuple",
        "set",
        "frozenset",
    ]
)


class Expressions(Members, Reader):
    """Evaluates expressions in a scope."""

    def value(self, node: ast.expr | None) -> Value:
        """What an expression may be."""
        if node is None:
            return NOTHING
        handler: Callable[[Any], Value] | None = getattr(self, f"_{type(node).__name__.lower()}", None)
        if handler is not None:
            return handler(node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)
        return NOTHING

    def values(self, nodes: Iterable[ast.expr]) -> list[Value]:
        """What each of several expressions may be."""
        return [self.value(node) for node in nodes]

    def named(self, node: ast.expr) -> Value:
        """What a name in an annotation stands for."""
        return self.value(node)

    def _constant(self, node: ast.Constant) -> Value:
        return frozenset([Text(node.value)]) if isinstance(node.value, str) else NOTHING

    def _name(self, node: ast.Name) -> Value:
        found = self.scope.look_up(node.id)
        if found is None:
            return NOTHING if node.id in BUILTINS else UNKNOWN
        for thing in found:
            if isinstance(thing, ModelClass) and len(found) == 1:
                self.note_class(thing.name, self.spot(node))
        return found

    def _attribute(self, node: ast.Attribute) -> Value:
        base = self.value(node.value)
        return self.attribute(base, node.attr, node)

    def attribute(self, base: Value, name: str, node: ast.Attribute | ast.Call) -> Value:
        """What an attribute of a value is; noted as read."""
        found: set[Thing] = set()
        for thing in base:
            found |= self._of_thing(thing, name, node)
        return frozenset(found)

    def _of_thing(self, thing: object, name: str, node: ast.Attribute | ast.Call) -> Value:
        match thing:
            case Package(module):
                return self.member(module, name, self.spot(node) if isinstance(node, ast.Attribute) else None)
            case AppModule(module):
                found = module.scope.look_up(name)
                if found is not None:
                    return found
                inner = self.project.find(f"{module.name}.{name}")
                return frozenset([AppModule(inner)]) if inner else UNKNOWN
            case Unknown() | Elsewhere():
                return self.unknown_attribute(thing, name, node)
            case _:
                return self.member_of(thing, name, node)

    def read(self, type_name: str, attribute: str, node: ast.expr, kind: str = "read") -> None:
        """Note that a field is read or written."""
        spot = self.spot(node)
        self.note(Use("write" if kind == "write" else "read", type_name, attribute, spot.line, spot))

    def _starred(self, node: ast.Starred) -> Value:
        return self.value(node.value)

    def _await(self, node: ast.Await) -> Value:
        return held(self.value(node.value))

    def _namedexpr(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        self.assign(node.target, value)
        return value

    def assign(self, target: ast.expr, value: Value) -> None:
        """Bind a target; replaced by the reading of statements."""
        raise NotImplementedError

    def _ifexp(self, node: ast.IfExp) -> Value:
        self.value(node.test)
        return self.value(node.body) | self.value(node.orelse)

    def _boolop(self, node: ast.BoolOp) -> Value:
        return join(self.values(node.values))

    def _binop(self, node: ast.BinOp) -> Value:
        """A sum of many terms nests to the left: its terms are taken one by one."""
        rights: list[ast.expr] = []
        one: ast.expr = node
        while isinstance(one, ast.BinOp):
            rights.append(one.right)
            one = one.left
        return join([self.value(one), *self.values(reversed(rights))])

    def _joinedstr(self, node: ast.JoinedStr) -> Value:
        for one in node.values:
            if isinstance(one, ast.FormattedValue):
                self.value(one.value)
                if one.format_spec:
                    self.value(one.format_spec)
        return NOTHING

    def _list(self, node: ast.List) -> Value:
        items = [
            items_of(self.value(one.value)) if isinstance(one, ast.Starred) else self.value(one) for one in node.elts
        ]
        return frozenset([Many(join(items))])

    _set = _list

    def _tuple(self, node: ast.Tuple) -> Value:
        if any(isinstance(one, ast.Starred) for one in node.elts):
            return self._list(ast.List(elts=node.elts))
        return frozenset([Row(tuple(self.values(node.elts)))])

    def _dict(self, node: ast.Dict) -> Value:
        for key in node.keys:
            self.value(key)
        values = self.values(node.values)
        keys = [
            (key.value, value)
            for key, value in zip(node.keys, values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        ]
        return frozenset([Table(join(values), tuple(keys) if len(keys) == len(node.keys) else None)])

    def _subscript(self, node: ast.Subscript) -> Value:
        base = self.value(node.value)
        name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if name in _TYPING and not is_ours(base):
            return self.annotation(node) or NOTHING
        self.value(node.slice)
        found: set[Thing] = set()
        for thing in base:
            match thing:
                case Many() if isinstance(node.slice, ast.Slice):
                    found.add(thing)
                case Many(items):
                    found |= items
                case Table(values):
                    found |= values
                case Row(items):
                    index = node.slice.value if isinstance(node.slice, ast.Constant) else None
                    known = isinstance(index, int) and -len(items) <= index < len(items)
                    found |= items[index] if known and isinstance(index, int) else join(items)
                case Unknown() | Elsewhere():
                    found.add(thing)
                case _:
                    found |= {thing} if not isinstance(thing, Text | Content) else set()
        return frozenset(found)

    def _lambda(self, node: ast.Lambda) -> Value:
        return self.lambda_value(node, [])

    def lambda_value(self, node: ast.Lambda, given: list[Value]) -> Value:
        """Read a lambda's body with the values of its parameters."""
        from connectgen.diff.usage.things import Returning

        parameters = [*node.args.posonlyargs, *node.args.args]
        names = {one.arg: given[n] if n < len(given) else UNKNOWN for n, one in enumerate(parameters)}
        names.update({one.arg: UNKNOWN for one in node.args.kwonlyargs})
        for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one)):
            self.value(default)
        with_outer, self.scope = self.scope, Scope(names, self.scope)
        result = self.value(node.body)
        self.scope = with_outer
        return frozenset([Returning(result)])

    def _comprehension(self, generators: list[ast.comprehension], results: list[ast.expr]) -> list[Value]:
        outer, self.scope = self.scope, Scope({}, self.scope)
        for one in generators:
            self.assign(one.target, items_of(self.value(one.iter)))
            self.values(one.ifs)
        found = self.values(results)
        self.scope = outer
        return found

    def _listcomp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
        return frozenset([Many(self._comprehension(node.generators, [node.elt])[0])])

    _setcomp = _generatorexp = _listcomp

    def _dictcomp(self, node: ast.DictComp) -> Value:
        return frozenset([Table(self._comprehension(node.generators, [node.key, node.value])[1])])

    def _compare(self, node: ast.Compare) -> Value:
        sides = [node.left, *node.comparators]
        values = self.values(sides)
        contents = [thing for value in values for thing in value if isinstance(thing, Content)]
        if contents:
            for side in sides:
                for literal in _literals(side):
                    self.compare(contents, literal)
        return NOTHING

    def compare(self, contents: Iterable[Content], literal: ast.Constant) -> None:
        """Note that a property is compared with a literal."""
        for content in contents:
            line = literal.end_lineno or literal.lineno
            use = Use("compare", content.type, content.attribute, line, content.spot, text=str(literal.value))
            self.note(replace(use, is_sure=content.is_sure))

    def _yield(self, node: ast.Yield) -> Value:
        self.yielded(self.value(node.value))
        return NOTHING

    def _yieldfrom(self, node: ast.YieldFrom) -> Value:
        self.yielded(items_of(self.value(node.value)))
        return NOTHING

    def yielded(self, value: Value) -> None:
        """Keep what the function yields."""
        if self.function is not None:
            self.function.generates = True
            self.function.yielded |= value

    def is_client_module(self, name: str) -> bool:
        """Whether a module is a client's package, or within it."""
        return bool(PACKAGE.match(name))


def _literals(node: ast.expr) -> list[ast.Constant]:
    """The literal texts of one side: one, or those of a display; `Unlisted("New")` is one too."""
    nodes = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    texts = [unlisted(one) or one for one in nodes]
    return [one for one in texts if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def unlisted(node: ast.expr) -> ast.expr | None:
    """The text of `Unlisted("New")`, a value that type checkers do not know; None of anything else."""
    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return node.args[0] if name == "Unlisted" else None


__all__ = ["Expressions", "Model"]
