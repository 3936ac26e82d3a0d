"""Puts what a request said into the answer: what was sent as a name comes back as the name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from connectgen.catalogue.types import ListOf, MapOf, Named, Scalar, ScalarType, TypeExpression
from connectgen.mock.answering.records import Maker, Record, agree
from connectgen.mock.checking.values import scalar_fault
from connectgen.mock.identifiers import full
from connectgen.mock.shapes import Shapes

_KEPT = ("id", "url", "type")
_WHOLE = (ScalarType.INTEGER, ScalarType.LONG)


class Echo:
    """Writes input values over made-up ones, wherever names and types agree.

    Args:
        shapes: the types of the version.
        maker: makes objects for which only the request has a place.
    """

    def __init__(self, shapes: Shapes, maker: Maker) -> None:
        self._shapes = shapes
        self._maker = maker

    def apply(self, record: Record, said: Mapping[str, object], key: str, *, at_top: bool = True) -> None:
        """Change a record.

        Args:
            record: the answer, changed in place.
            said: what the request said.
            key: the key for objects that are to be made.
            at_top: whether this is the answer itself, whose id and kind stay.
        """
        properties = self._shapes.properties(record.type_name)
        told_by = self._shapes.discriminator_of(record.type_name)
        for name, value in said.items():
            fact = properties.get(name)
            if fact is None or (at_top and name in _KEPT) or name == told_by:
                continue
            if name not in record and not (record.type_name.endswith("Capabilities") and _is_object(value)):
                continue
            before = record.get(name)
            if before is None and isinstance(fact.type, Named) and _is_object(value):
                before = self._maker.record(fact.type.name, self._maker.chance.key(key, name))
            record[name] = self._value(fact.type, before, value, self._maker.chance.key(key, name))
        agree(record)

    def _value(self, expression: TypeExpression, before: Any, said: object, key: str) -> Any:
        match expression:
            case Scalar(kind):
                return before if said is None else _scalar(kind, before, said)
            case Named() if isinstance(before, Record) and isinstance(said, dict):
                self.apply(before, cast("dict[str, object]", said), key, at_top=False)
                return before
            case ListOf(item) if isinstance(said, list):
                return self._list(item, before, cast("list[object]", said), key)
            case MapOf(Scalar(kind)) if isinstance(said, dict):
                given = cast("dict[str, object]", said)
                return {name: _scalar(kind, None, one) for name, one in given.items()}
            case _:
                return before

    def _list(self, item: TypeExpression, before: Any, said: list[object], key: str) -> Any:
        if isinstance(item, Scalar):
            values = [_scalar(item.kind, None, one) for one in said]
            return before if None in values else values
        if not isinstance(item, Named) or not all(isinstance(one, dict) for one in said):
            return before
        made: list[Record] = []
        for place, one in enumerate(cast("list[dict[str, object]]", said)):
            inner = self._maker.chance.key(key, str(place))
            record = self._maker.record(self._shapes.member(item.name, one), inner, depth=2)
            self.apply(record, one, inner, at_top=False)
            made.append(record)
        return made


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _scalar(kind: ScalarType, before: Any, said: object) -> Any:
    if kind is ScalarType.ANY:
        return said
    as_text = isinstance(said, str)
    if isinstance(said, dict | list) or scalar_fault(kind, said, "", is_text=as_text) is not None:
        return before
    if kind is ScalarType.STRING:
        return said
    if not as_text:
        return str(said) if kind is ScalarType.DECIMAL else said
    text = str(said)
    match kind:
        case ScalarType.BOOLEAN:
            return text == "true"
        case ScalarType.ID:
            return full(text)
        case ScalarType.DOUBLE:
            return float(text)
        case _:
            return int(text) if kind in _WHOLE else text
