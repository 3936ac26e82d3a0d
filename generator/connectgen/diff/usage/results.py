"""What functions give that are known by their name: builtins and those of the standard library."""

from __future__ import annotations

from connectgen.diff.usage.arguments import Passed
from connectgen.diff.usage.functions import Functions
from connectgen.diff.usage.things import (
    NOTHING,
    UNKNOWN,
    AppFunction,
    Holder,
    Many,
    Operation,
    Returning,
    Row,
    Table,
    Value,
    held,
    is_ours,
    items_of,
    join,
)

ONE = frozenset(["next", "anext", "max", "min", "choice"])

SAME = frozenset(
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
        "replace",
        "cast",
        "closing",
        "aclosing",
        "nullcontext",
        "contextmanager",
        "wait_for",
        "shield",
        "as_completed",
        "run",
        "enter_context",
        "enter_async_context",
        "require",
        "present",
    ]
)

BY_NAME = frozenset(["enumerate", "zip", "gather", "wait", "map", "dict"])

TASKS = frozenset(["create_task", "ensure_future", "run_coroutine_threadsafe"])


class Results(Functions):
    """Knows results by names of functions."""

    def _result_by_name(self, name: str, passed: Passed, everything: Value) -> Value:
        first = passed.positional[0] if passed.positional else NOTHING
        match name:
            case _ if name in ONE:
                return items_of(first) | join(passed.positional[1:])
            case "enumerate":
                return frozenset([Many(frozenset([Row((NOTHING, items_of(first)))]))])
            case "zip":
                return frozenset([Many(frozenset([Row(tuple(items_of(one) for one in passed.positional))]))])
            case "gather" | "wait":
                return _of_tasks(name, passed)
            case _ if name in TASKS:
                return frozenset([Holder(held(first))])
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
            case _ if name in SAME:
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


def _of_tasks(name: str, passed: Passed) -> Value:
    """What waiting for several gives: their results, or those that are done and those that are not."""
    several = tuple(held(one) for one in passed.positional)
    if name == "wait":
        return frozenset([Row((several[0], several[0]))]) if several else NOTHING
    return frozenset([Row(several) if len(several) > 1 else Many(join(several))])
