"""Binds names, attributes and what is unpacked to what they are bound to."""

from __future__ import annotations

import ast

from connectgen.diff.usage.calls import Calls
from connectgen.diff.usage.members import bases_of
from connectgen.diff.usage.things import (
    NOTHING,
    AppClass,
    AppObject,
    ClassInfo,
    Many,
    Row,
    Table,
    Text,
    Value,
    is_ours,
    items_of,
    join,
)


class Assignments(Calls):
    """Binds targets."""

    globals: set[str]
    nonlocals: set[str]

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
                    self.write(thing, attribute, target)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, value)
            case ast.Starred(value=inner):
                self.assign(inner, frozenset([Many(items_of(value) or value)]))
            case ast.Subscript(value=owner, slice=index):
                self.value(index)
                self._set_key(owner, index, value)
                if is_ours(value):
                    self.widen(owner, frozenset([Table(value), Many(value)]))
                self.value(owner)
            case _:
                self.value(target)
        del source

    def _set_key(self, owner: ast.expr, index: ast.expr, value: Value) -> None:
        """`found["since"] = …`: one more key of a dictionary whose keys are known."""
        if not (isinstance(owner, ast.Name) and isinstance(index, ast.Constant) and isinstance(index.value, str)):
            return
        known = self.scope.names.get(owner.id, NOTHING)
        tables = [thing for thing in known if isinstance(thing, Table) and thing.keys is not None]
        for one in tables:
            keys = {**dict(one.keys or ()), index.value: value}
            known = (known - {one}) | {Table(one.values | value, tuple(keys.items()))}
        if tables:
            self._bind_name(owner.id, known)

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


def where(node: ast.expr) -> dict[str, int]:
    """Where a node is, for another one in its place."""
    return {
        "lineno": node.lineno,
        "col_offset": node.col_offset,
        "end_lineno": node.end_lineno or node.lineno,
        "end_col_offset": node.end_col_offset or node.col_offset,
    }
