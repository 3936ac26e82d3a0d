"""Operations that take a body or form fields instead: how each way is called, and what the form needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from connectgen.python.annotations import quote
from connectgen.python.views import Argument
from connectgen.surface import SurfaceOperation, only_value


def required_form(operation: SurfaceOperation) -> tuple[str, ...]:
    """The form fields that must be set where there is no body, by the API's names.

    Those of the catalogue; or the field without which nothing would be sent, where there is one only.
    """
    form = [one for one in operation.parameters if one.place == "form"]
    if operation.body is None or operation.body.required is True:
        return ()
    needed = [one.name for one in form if one.required is True and only_value(one) is None]
    return tuple(needed or ([form[0].name] if len(form) == 1 and not operation.parts else []))


def form_settings(operation: SurfaceOperation) -> Iterable[str]:
    """What the runtime needs to know of the form: fields that must be set, and those that have one value only."""
    if needed := required_form(operation):
        yield f"required_form=({', '.join(map(quote, needed))}{',' if len(needed) == 1 else ''})"
    only = {one.name: only_value(one) for one in operation.parameters if one.place == "form" and operation.body}
    if defaults := {name: value for name, value in only.items() if value is not None}:
        pairs = ", ".join(f"{quote(name)}: {quote(value)}" for name, value in defaults.items())
        yield f"form_defaults={{{pairs}}}"


def overloads_of(arguments: Sequence[Argument]) -> Iterable[tuple[Argument, ...]]:
    """The arguments of each way to call an operation: with a body, with form fields. None where there is one way.

    Args:
        arguments: all that the operation takes.
    """
    has_form = any(one.place == "form" for one in arguments)
    if not has_form or not any(one.place == "body" and one.default is not None for one in arguments):
        return
    yield _sorted(_set(one) if one.place == "body" else one for one in arguments if one.place != "form")
    yield _sorted(_in_form(one) for one in arguments if one.place != "body")


def rank(argument: Argument) -> int:
    """Python's order of arguments: positional ones that must be passed, positional ones that may be, the others."""
    return 2 if not argument.positional else int(argument.default is not None)


def _sorted(arguments: Iterable[Argument]) -> tuple[Argument, ...]:
    return tuple(sorted(arguments, key=rank))


def _in_form(argument: Argument) -> Argument:
    if argument.only_value is not None and argument.place == "form":
        return replace(_set(argument), default=argument.only_value)
    return _set(argument) if argument.required else argument


def _set(argument: Argument) -> Argument:
    """An argument that must be passed."""
    return replace(argument, annotation=argument.annotation.removesuffix(" | None"), default=None)
