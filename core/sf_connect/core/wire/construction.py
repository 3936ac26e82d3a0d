"""Construction of generated types: what is no field is refused with the name of the field that was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from sf_connect.core.wire.argument_names import argument_name
from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.properties import attribute_names, guards_of

_create = msgspec.StructMeta.__call__


class ModelMeta(msgspec.StructMeta):
    """The class of generated types. To call one costs a third of a microsecond more; decoding and `replace` do not."""

    if not TYPE_CHECKING:  # type checkers and editors know the fields, which this would hide

        def __call__(cls, *args: Any, **fields: Any) -> Any:  # noqa: N805  it is a metaclass
            """Make an object.

            Raises:
                TypeError: an argument is no field, or a field is missing; the message names class and field, no value.
            """
            try:
                if args:
                    return _create(cls, *args, **fields)
                return _create(cls, **fields)
            except TypeError:
                message = _explain(cls, len(args), tuple(fields))
                del args, fields  # a tool that records locals would show secrets
                if message is None:
                    raise
            raise TypeError(message)


def _explain(model: type[msgspec.Struct], positional: int, given: tuple[str, ...]) -> str | None:
    """Why a class does not take what it was called with; None where the reason is another one."""
    name, fields = model.__name__, [one for one in model.__struct_fields__ if one not in guards_of(model)]
    if wrong := [one for one in given if one not in fields]:
        if len(wrong) == 1:
            meant = _meant(wrong[0], model, fields)
            return f"{name} has no field {wrong[0]!r}" + (f"; did you mean {meant!r}?" if meant else "")
        meant_by = [(one, _meant(one, model, fields)) for one in wrong]
        shown = [f"{one!r} (did you mean {meant!r}?)" if meant else repr(one) for one, meant in meant_by]
        return f"{name} has no fields {' and '.join(shown)}"
    if positional:
        return f"{name} takes its fields by name, as in {name}({fields[0] if fields else ''}=…), not by position"
    required = [one.name for one in fields_of(model) if one.required]
    if missing := [one for one in required if one not in given]:
        return f"{name} lacks {' and '.join(missing)}"
    return None


def _meant(wrong: str, model: type[msgspec.Struct], fields: list[str]) -> str | None:
    """The field that was probably meant, by the API's name or by one that looks like it; None where there is none."""
    if (named := attribute_names(model).get(wrong)) is not None:
        return named
    import difflib  # late: only a wrong name needs it

    return next(iter(difflib.get_close_matches(argument_name(wrong), fields, n=1)), None)
