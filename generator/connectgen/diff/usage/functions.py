"""Calls of the application's own functions and classes: what they get, and what they give."""

from __future__ import annotations

from collections.abc import Sequence

from connectgen.diff.usage.arguments import Passed
from connectgen.diff.usage.members import bases_of
from connectgen.diff.usage.noting import Noting
from connectgen.diff.usage.things import (
    NOTHING,
    AppClass,
    AppObject,
    ClassInfo,
    ClientClass,
    FunctionInfo,
    ModelClass,
    Operation,
    Text,
    Value,
    is_ours,
    join,
)


class Functions(Noting):
    """Reads calls of what the application defines."""

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
        for name, value in given:
            before = info.arguments.get(name)
            plain = frozenset(thing for thing in value if not isinstance(thing, Text))
            info.arguments[name] = plain if before is None else before | plain
