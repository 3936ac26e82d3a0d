"""Reads statements: what names are bound to, in the order in which it happens, and what branches make of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from connectgen.diff.usage.assignments import where
from connectgen.diff.usage.definitions import Definitions
from connectgen.diff.usage.members import bases_of
from connectgen.diff.usage.things import (
    ELSEWHERE,
    NOTHING,
    UNKNOWN,
    AppObject,
    Elsewhere,
    Text,
    Value,
    is_ours,
    items_of,
    join,
)


class Statements(Definitions):
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
            self.value(ast.Attribute(node.target.value, node.target.attr, ast.Load(), **where(node.target)))
            for thing in self.value(node.target.value):
                self.write(thing, node.target.attr, node.target)
        self.widen(node.target, value)

    def _delete_(self, node: ast.Delete) -> None:
        for target in node.targets:
            if not isinstance(target, ast.Name):
                self.value(target)

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

    def _global_(self, node: ast.Global) -> None:
        self.globals |= set(node.names)

    def _nonlocal_(self, node: ast.Nonlocal) -> None:
        self.nonlocals |= set(node.names)
