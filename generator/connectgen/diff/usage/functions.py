"""Calls of the application's own functions and classes: what they get, and what they give."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from connectgen.diff.usage.arguments import Passed
from connectgen.diff.usage.members import bases_of, models_of
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.noting import Noting
from connectgen.diff.usage.things import (
    NOTHING,
    AppClass,
    AppObject,
    ClassInfo,
    ClientClass,
    FunctionInfo,
    Operation,
    Spot,
    Text,
    Value,
    is_ours,
    join,
)


class Functions(Noting):
    """Reads calls of what the application defines."""

    parameters: dict[int, Value]
    """What parameters are by their annotations."""

    def _construct(self, info: ClassInfo, passed: Passed, node: ast.Call) -> Value:
        models = models_of(AppObject(info))
        if not any("__init__" in one.methods for one in bases_of(info)):
            for model in models:
                for name, value, line in passed.keywords:
                    if name in self.client.fields(model):
                        self._note_argument("pass", model, name, value, line, self.spot(node.func), unsure=True)
        if models or any(isinstance(base, ClientClass) for one in bases_of(info) for base in one.bases):
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
        return self.result_of(info, list(positional)) | self._handed_on(info, owner, passed)

    def _handed_on(self, info: FunctionInfo, owner: ClassInfo | None, passed: Passed) -> Value:
        """What an operation gives that a function receives along with the arguments to call it with."""
        arguments = info.node.args
        if arguments.vararg is None or arguments.kwarg is None:
            return NOTHING
        found = NOTHING
        for number, value in enumerate(passed.positional[: len(arguments.args) - (owner is not None)]):
            for one in value:
                if isinstance(one, Operation):
                    self._note_call(one, passed.without(number + 1))
                    found |= self.client.result(one.name, iterates=one.iterates)
        return found

    def bind(self, info: FunctionInfo, positional: Sequence[Value], passed: Passed) -> None:
        """Keep what a function of the application is called with."""
        arguments = info.node.args
        names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
        given = list(zip(names, positional, strict=False))
        if arguments.vararg and len(positional) > len(names):
            given.append((arguments.vararg.arg, join(positional[len(names) :])))
        known = {*names, *(one.arg for one in arguments.kwonlyargs)}
        given += [(name, value) for name, value, _ in passed.keywords if name in known]
        before = len(positional) - len(passed.positional)
        self._fulfilled(info, given, _nodes(names, passed, before), passed)
        for name, value in given:
            known_before = info.arguments.get(name)
            plain = frozenset(thing for thing in value if not isinstance(thing, Text))
            info.arguments[name] = plain if known_before is None else known_before | plain

    def _fulfilled(
        self, info: FunctionInfo, given: Sequence[tuple[str, Value]], nodes: Mapping[str, ast.expr], passed: Passed
    ) -> None:
        """A model that is passed where a protocol is asked for: the function reads what the protocol names."""
        lines = {name: line for name, _, line in passed.keywords}
        arguments = info.node.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        declared = {one.arg: self.parameters.get(id(one), NOTHING) for one in every}
        for name, value in given:
            asked = [one.info for one in declared.get(name, NOTHING) if isinstance(one, AppObject)]
            named = {field for one in asked if one.is_protocol for field in (*one.annotated, *one.methods)}
            node = nodes.get(name)
            line = node.lineno if node else lines.get(name)
            if not named or line is None:
                continue
            spot = self.spot(node) if node else Spot(self.module.shown, line, 0)
            for model in sorted({model for thing in value for model in models_of(thing)}):
                for field in sorted(named & self.client.fields(model).keys()):
                    self.note(Use("read", model, field, line, spot))


def _nodes(names: Sequence[str], passed: Passed, before: int) -> dict[str, ast.expr]:
    """How what is passed by position is written, by the parameter; the first ones are not in the call."""
    if any(isinstance(one, ast.Starred) for one in passed.nodes):
        return {}
    return dict(zip(names[before:], passed.nodes, strict=False))
