"""Values that the API lists: to type checkers these alone, at run time any str, since newer servers send others."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, Union, get_args, get_origin

__all__ = ["Listed", "Unlisted", "values_in", "values_of"]


class _Values(tuple[str, ...]):
    """What an annotation at run time says beside `str`."""

    __slots__ = ()


if TYPE_CHECKING:
    from typing import Literal as Listed

    class Unlisted(str):
        """A value that the client's version does not list, such as a newer one: `sort=Unlisted("MostRead")`.

        Arguments and properties of requests take it where they take listed values, and responses can be compared with
        it. At run time it is `str`, so that it is sent as any other text.

        Args:
            value: the value.
        """

        def __new__(cls, value: str) -> Self: ...  # noqa: D102  str's own would take anything

else:

    class Listed:
        """The annotation of listed values, `Listed["Name", "Date"]`: a closed Literal to type checkers, else `str`."""

        def __class_getitem__(cls, values: str | tuple[str, ...]) -> Any:
            return Annotated[str, _Values(values if isinstance(values, tuple) else (values,))]

    Unlisted = str


def values_of(enumeration: object) -> tuple[Any, ...]:
    """The values of an enumeration, in the order of the API's documentation.

    They are typed as Any, so that an argument of that enumeration takes them: no type checker infers the values from
    an enumeration that is passed to a function.

    Args:
        enumeration: one of the models, such as `m.FeedSort`.

    Raises:
        TypeError: it is no enumeration.
    """
    values = values_in(enumeration)
    if not values:
        shown = enumeration.__name__ if isinstance(enumeration, type) else f"an object of {type(enumeration).__name__}"
        raise TypeError(f"values_of takes an enumeration of the models, such as m.FeedSort, not {shown}")
    return values


def values_in(annotation: Any) -> tuple[str, ...]:
    """The values that an annotation lists, those of its alternatives included."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return tuple(value for one in annotation.__metadata__ if isinstance(one, _Values) for value in one)
    if origin is Literal:
        return tuple(value for value in get_args(annotation) if isinstance(value, str))
    if origin in (Union, types.UnionType):
        return tuple(value for one in get_args(annotation) for value in values_in(one))
    return ()
