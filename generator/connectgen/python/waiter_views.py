"""Views of the methods that wait for an end: arguments, how the end is seen, what the docstring says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connectgen.catalogue.model import Wait
from connectgen.iterators import waiters_of, waits_of
from connectgen.mentions import Mentions
from connectgen.python.annotations import quote
from connectgen.python.docstrings import docstring
from connectgen.python.views import Argument, OperationView, WaiterView
from connectgen.surface import SurfaceOperation
from connectgen.texts import sentence

_OWN = (
    ("interval", "float | None", "None"),
    ("backoff", "float", "1.5"),
    ("total_timeout", "float", "600.0"),
    ("progress", "Callable[[WaitEvent[{result}]], object] | None", "None"),
)
"""Arguments of all methods that wait; the group's class describes them."""


def waiter_views(operation: SurfaceOperation, shown: OperationView, mentions: Mentions) -> Sequence[WaiterView]:
    """Prepare the methods that wait with an operation.

    Args:
        operation: the operation at a version.
        shown: its view, whose arguments they have too.
        mentions: writes the names in descriptions.
    """
    return [_view(operation, wait, name, shown, mentions) for name, wait in waits_of(operation).items()]


def waiting_lines(operation: SurfaceOperation) -> Iterable[str]:
    """What the docstring of an operation says of waiting for what it begins, or shows."""
    names = [f"`client.{name}`" for name in waiters_of(operation)]
    if names and any(wait.operation for wait in operation.waits):
        yield f"Asynchronous: {' or '.join(names)} waits for the end."
    elif names:
        yield f"{' and '.join(names)} {'wait' if len(names) > 1 else 'waits'} for the end."


def _view(operation: SurfaceOperation, wait: Wait, name: str, shown: OperationView, mentions: Mentions) -> WaiterView:
    arguments = [one for one in shown.arguments if one.name != "options"]
    described = [f"{one.name}: {one.documentation}" for one in arguments if one.documentation]
    own = [
        Argument(one, annotation.format(result=shown.result), default, "", False) for one, annotation, default in _OWN
    ]
    options = Argument("options", "RequestOptions | None", "None", "", False)
    documentation = docstring(
        f"{sentence(mentions.in_python(operation.summary))} Waits until it has ended.",
        [
            ("Args", described),
            ("Returns", [f"{shown.result.replace('builtins.', '')}, the last response."]),
            ("Raises", list(_raises(wait, mentions))),
        ],
        [
            f"Calls `{shown.name}` every `interval` seconds, for `total_timeout` seconds at most.",
        ],
        8,
        list(_end(wait, mentions)),
    )
    return WaiterView(
        name=name,
        constant=shown.constant,
        wait=f"_{name.upper()}",
        settings=tuple(_settings(wait)),
        result=shown.result,
        arguments=(*arguments, *own, options),
        call=(*shown.call, *(f"{one}={one}" for one, _, _ in _OWN)),
        documentation=documentation,
        deprecated=shown.deprecated,
    )


def _end(wait: Wait, mentions: Mentions) -> Iterable[str]:
    """How the end is seen, in a sentence."""
    state = mentions.in_python(f"`{wait.property}`")
    ends: list[str] = []
    if wait.pending_status:
        ends.append(f"the status is no longer {' or '.join(map(str, wait.pending_status))}")
    elif wait.ended:
        ends.append(f"{mentions.in_python(f'`{wait.ended}`')} is set")
    if wait.done and not wait.pending_status:
        ends.append(f"{state} is {_listed(wait.done)}")
    going_on = f" It goes on while {state} is {_listed(wait.pending)}." if wait.pending else ""
    yield f"The end: {' or '.join(ends)}.{going_on}"


def _raises(wait: Wait, mentions: Mentions) -> Iterable[str]:
    """The states that are a failure; the group's class says what every method that waits raises."""
    if wait.failed:
        state = mentions.in_python(f"`{wait.property}`")
        yield f"WaitFailedError: {state} is {_listed(wait.failed)}."


def _listed(values: Sequence[str | bool]) -> str:
    shown = [str(value).lower() if isinstance(value, bool) else f"`{value}`" for value in values]
    return " or ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _settings(wait: Wait) -> Iterable[str]:
    if wait.property:
        yield quote(wait.property)
    for key in ("done", "failed"):
        if values := getattr(wait, key):
            shown = [str(value) if isinstance(value, bool) else quote(value) for value in values]
            yield f"{key}=({', '.join(shown)}{',' if len(shown) == 1 else ''})"
    if wait.ended:
        yield f"ended={quote(wait.ended)}"
    if wait.pending_status:
        yield f"pending_status={wait.pending_status!r}"
    if wait.interval is not None:
        yield f"interval={wait.interval:g}"
