"""Puts what a request said into the response: what was sent as a name comes back as the name, or as `echoes` says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from connectgen.catalogue.types import ListOf, MapOf, Named, Scalar, ScalarType, TypeExpression
from connectgen.identifiers import full
from connectgen.mock.checking.values import scalar_fault
from connectgen.mock.responding.echoes import under_own_names
from connectgen.mock.responding.records import Maker, Record, agree
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

    def apply(self, record: Record, sent: Mapping[str, object], key: str, *, at_top: bool = True) -> None:
        """Change a record.

        Args:
            record: the response, changed in place.
            sent: what the request sent.
            key: the key for objects that are to be made.
            at_top: whether this is the response itself, whose id and discriminator stay.
        """
        properties = self._shapes.properties(record.type_name)
        discriminator = self._shapes.discriminator_of(record.type_name)
        for name, value in under_own_names(record.type_name, sent).items():
            fact = properties.get(name)
            if fact is None or (at_top and name in _KEPT) or name == discriminator:
                continue
            if name not in record and not (record.type_name.endswith("Capabilities") and _is_object(value)):
                continue
            before = record.get(name)
            if before is None and isinstance(fact.type, Named) and _is_object(value):
                before = self._maker.record(fact.type.name, self._maker.chance.key(key, name))
            record[name] = self._value(fact.type, before, value, self._maker.chance.key(key, name))
        agree(record)

    def _value(self, expression: TypeExpression, before: Any, sent: object, key: str) -> Any:
        match expression:
            case Scalar(kind):
                return before if sent is None else _scalar(kind, before, sent)
            case Named() if isinstance(before, Record) and isinstance(sent, dict):
                self.apply(before, cast("dict[str, object]", sent), key, at_top=False)
                return before
            case ListOf(item) if isinstance(sent, list):
                return self._list(item, before, cast("list[object]", sent), key)
            case MapOf(Scalar(kind)) if isinstance(sent, dict):
                given = cast("dict[str, object]", sent)
                return {name: _scalar(kind, None, one) for name, one in given.items()}
            case _:
                return before

    def _list(self, item: TypeExpression, before: Any, sent: list[object], key: str) -> Any:
        if isinstance(item, Scalar):
            values = [_scalar(item.kind, None, one) for one in sent]
            return before if None in values else values
        if not isinstance(item, Named) or not all(isinstance(one, dict) for one in sent):
            return before
        made: list[Record] = []
        for place, one in enumerate(cast("list[dict[str, object]]", sent)):
            inner = self._maker.chance.key(key, str(place))
            record = self._maker.record(self._shapes.member(item.name, one), inner, depth=2)
            self.apply(record, one, inner, at_top=False)
            made.append(record)
        return made


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _scalar(kind: ScalarType, before: Any, sent: object) -> Any:
    if kind is ScalarType.ANY:
        return sent
    as_text = isinstance(sent, str)
    if isinstance(sent, dict | list) or scalar_fault(kind, sent, "", is_text=as_text) is not None:
        return before
    if kind is ScalarType.STRING:
        return sent
    if not as_text:
        return str(sent) if kind is ScalarType.DECIMAL else sent
    text = str(sent)
    match kind:
        case ScalarType.BOOLEAN:
            return text == "true"
        case ScalarType.ID:
            return full(text)
        case ScalarType.DOUBLE:
            return float(text)
        case _:
            return int(text) if kind in _WHOLE else text
