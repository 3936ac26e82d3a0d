"""Notes the calls of operations and the making of models, with what is passed to them."""

from __future__ import annotations

import ast
from typing import Literal

from connectgen.diff.usage.arguments import Arguments, Passed
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.things import Operation, Spot, Text, Value


class Noting(Arguments):
    """Notes what is called and made."""

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
