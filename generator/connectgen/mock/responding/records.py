"""Makes objects by their types: variants mixed, recursion limited, only what the selection shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, cast

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.identifiers import prefix_for
from connectgen.mock.chance import Chance
from connectgen.mock.responding.links import Links
from connectgen.mock.responding.scalars import SMALL_WORLD, Scalars
from connectgen.mock.responding.selection import EVERYTHING, Selection
from connectgen.mock.shapes import Shapes
from connectgen.surface import SurfaceProperty, SurfaceValue

_DEEPEST = 5
_MOST_RECORDS = 250
_RARE_CAPABILITY = 20
_COMMON = ("associatedActions", "bookmarks", "chatterLikes", "comments", "mute", "topics", "edit", "interactions")
_UNKNOWN = "AddedTomorrow"
"""What a future server sends in place of today's values and variants."""

_STRING = Scalar(ScalarType.STRING)
_TEXTS = (_STRING, Scalar(ScalarType.ID))

Replacement = Callable[[Selection, str], Any]
UNSAID = object()
"""What is known of a property of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Link:
    """The record that a property shows.

    Attributes:
        identifier: its id.
    """

    identifier: str


class Known(Protocol):
    """What is known of the properties of records beyond what is made up."""

    def value(self, owner: str, path: tuple[str, ...], selection: Selection, depth: int) -> Any:
        """The value of a property of the record with an id; `UNSAID`, or a `Link` to what it shows."""
        ...


class Record(dict[str, Any]):
    """An object of a response: the class that it is of, and its id, also where the response does not show it."""

    __slots__ = ("identifier", "type_name")

    def __init__(self, type_name: str) -> None:
        super().__init__()
        self.type_name = type_name
        self.identifier = ""


@dataclass(slots=True)
class _Place:
    """Where in a response a value is."""

    key: str
    selection: Selection
    depth: int = 0
    above: tuple[str, ...] = ()
    index: int | None = None
    path: tuple[str, ...] | None = ()
    slot: int | None = None
    owner: tuple[str, ...] = ()
    """The id of the record that the value is in, and the names that lead to it from there."""

    def below(
        self, name: str, key: str, selection: Selection, above: tuple[str, ...], owner: tuple[str, ...] = ()
    ) -> _Place:
        path = None if self.path is None else (*self.path, name)
        return _Place(key, selection, self.depth + 1, above, None, path, None, (*owner, name) if owner else ())


@dataclass(frozen=True, slots=True)
class Head:
    """What is decided of an object before its properties are made.

    Attributes:
        declared: the type that the place has.
        member: the class that the object is of, a member of that type's union or the type itself.
        tag: its discriminator and the value there, None where it has none.
        identifying: the property that identifies it, None where none does.
        identifier: the value there; all of the object follows from it. Empty where its place decides.
    """

    declared: str
    member: str
    tag: tuple[str, str] | None
    identifying: str | None
    identifier: str


@dataclass(slots=True)
class Maker:
    """Makes the values of one response.

    Attributes:
        shapes: the types of the version.
        chance: where numbers come from.
        links: makes URLs.
        is_future_server: whether unknown properties, values and variants are mixed in.
        replacements: what is at a path instead of what would be made, such as the items of a page.
        known: what is known of the properties of records, None where all is made up.
        depth: how deep inside another response the whole is.
        part: the record, by its id, and the part of it that the response is; empty where it is a record or a list.
    """

    shapes: Shapes
    chance: Chance
    links: Links
    is_future_server: bool = False
    replacements: Mapping[tuple[str, ...], Replacement] = field(default_factory=dict[tuple[str, ...], Replacement])
    known: Known | None = None
    depth: int = 0
    part: tuple[str, ...] = ()
    _made: int = 0
    _scalars: Scalars = field(init=False)

    def __post_init__(self) -> None:
        self._scalars = Scalars(self.chance)

    def make(
        self, expression: TypeExpression, key: str, selection: Selection = EVERYTHING, *, index: int | None = None
    ) -> Any:
        """A value of a type.

        Args:
            expression: the type.
            key: what distinguishes this value from others: the same key, the same value.
            selection: what is shown.
            index: the value's place in a list with that key: variants take turns, and no two have the same id.
        """
        self._made = 0
        place = _Place(key, selection) if index is None else self._item_place(key, selection, index)
        return self._value(expression, "", None, place)

    def item(
        self, expression: TypeExpression, key: str, selection: Selection, index: int
    ) -> tuple[Head | None, Callable[[], Any]]:
        """What `make` gives for an item of a list, in two steps: which object it is, and the object.

        Args:
            expression: the type.
            key: what distinguishes the list.
            selection: what is shown.
            index: the item's place in the list.

        Returns:
            What is decided of the object, None where the item is none; and a function that makes the item.
        """
        self._made = 0
        place = self._item_place(key, selection, index)
        while isinstance(expression, OneOf):
            expression = self._option(expression, "", place)
        if not isinstance(expression, Named):
            return None, partial(self._value, expression, "", None, place)
        head = self._head(expression.name, place)
        return head, partial(self._filled, head, place)

    @property
    def made(self) -> int:
        """How many objects there are since the last item began: a response has no more once they are many."""
        return self._made

    @made.setter
    def made(self, count: int) -> None:
        self._made = count

    def _item_place(self, key: str, selection: Selection, index: int) -> _Place:
        slot = self.chance.number(key, "slot") % SMALL_WORLD + index
        return _Place(self.chance.key(key, str(index)), selection, self.depth + 1, (), index, None, slot)

    def record(
        self,
        name: str,
        key: str,
        selection: Selection = EVERYTHING,
        *,
        known: tuple[str, str] | None = None,
        depth: int = 0,
    ) -> Record:
        """An object of a type; `known` is the property that identifies it, and its value there.

        One deeper in a response (`depth`) has no path: what is replaced is counted from the response's root.
        """
        self._made = 0
        place = _Place(key, selection, self.depth + depth)
        if depth:
            place.path = None
        else:
            place.owner = self.part
        return self._object(name, place, known)

    def _value(self, expression: TypeExpression, owner: str, fact: SurfaceProperty | None, place: _Place) -> Any:
        name = fact.name if fact else ""
        match expression:
            case Scalar(kind):
                return self._scalar(kind, name, owner, fact, place)
            case Named(type_name):
                return self._nested(type_name, place)
            case ListOf(item):
                return self._list(item, owner, fact, place)
            case MapOf(inner):
                keys = () if place.depth >= _DEEPEST or self._is_too_deep(inner, place) else ("en", "fr")
                made = {key: self._value(inner, owner, None, self._step(place, key)) for key in keys}
                return {key: one for key, one in made.items() if one is not None}
            case OneOf():
                return self._value(self._option(expression, name, place), owner, fact, place)

    def _option(self, expression: OneOf, name: str, place: _Place) -> TypeExpression:
        """One of the types that a value may have: those of a list take turns."""
        chosen = self.chance.number(place.key, name, "option") + (place.index or 0)
        return expression.options[chosen % len(expression.options)]

    def _step(self, place: _Place, name: str) -> _Place:
        return _Place(self.chance.key(place.key, name), place.selection, place.depth + 1, place.above)

    def _scalar(self, kind: ScalarType, name: str, owner: str, fact: SurfaceValue | None, place: _Place) -> Any:
        if self.is_future_server and fact is not None and fact.values and kind is ScalarType.STRING:
            return _UNKNOWN
        if kind is ScalarType.URL or (kind is ScalarType.STRING and name.lower().endswith(("url", "uri"))):
            return self.links.url(name, owner, place.key)
        if kind is ScalarType.ANY:
            return {"note": "anything may be here"} if self.chance.happens(50, place.key, name) else "anything"
        return self._scalars.make(kind, name or "text", owner, place.key, fact)

    def _list(self, item: TypeExpression, owner: str, fact: SurfaceProperty | None, place: _Place) -> list[Any]:
        if self._is_too_deep(item, place):
            return []
        name = fact.name if fact else ""
        count = self.chance.between(1, 3 if place.depth <= 2 else 2, place.key, name, "count")
        if fact is not None and fact.max_items:
            count = min(count, fact.max_items)
        selection = place.selection.of_item(self.shapes.element(item))
        made: list[Any] = []
        slot = self.chance.number(place.key, name, "slot") % SMALL_WORLD
        for index in range(count):
            key = self.chance.key(place.key, name, str(index))
            # Variants take turns from any place on, so that short lists do not all begin with the same two.
            step = _Place(key, selection, place.depth, place.above, slot + index, None, slot + index)
            made.append(self._value(item, owner, fact, step))
        return [one for one in made if one is not None]

    def _nested(self, name: str, place: _Place) -> Record | None:
        if self._is_too_deep(Named(name), place):
            return None
        return self._object(name, place)

    def _is_too_deep(self, expression: TypeExpression, place: _Place) -> bool:
        """Whether an object may not be here: too deep, inside one of its own type, or one too many."""
        inner = expression
        while isinstance(inner, ListOf | MapOf):
            inner = inner.item if isinstance(inner, ListOf) else inner.value
        if isinstance(inner, OneOf):
            return place.depth > _DEEPEST
        if not isinstance(inner, Named):
            return False
        return place.depth > _DEEPEST or self._made > _MOST_RECORDS or place.above.count(inner.name) > 1

    def _object(self, name: str, place: _Place, known: tuple[str, str] | None = None) -> Record:
        return self._filled(self._head(name, place, known), place)

    def _head(self, name: str, place: _Place, known: tuple[str, str] | None = None) -> Head:
        tag, member = self._variant(name, place)
        return Head(name, member, tag, *(known or self._identifier(self.shapes.properties(member), member, place)))

    def _filled(self, head: Head, place: _Place) -> Record:
        """The object with its properties. Of an item with an identifier, nothing but that and the head decides."""
        self._made += 1
        name, member, tag = head.declared, head.member, head.tag
        identifying, identifier = head.identifying, head.identifier
        above = (*place.above, name) if name == member else (*place.above, name, member)
        record = Record(member)
        properties = self.shapes.properties(member)
        key = place.key
        if identifier:
            record.identifier = identifier
            key = self.chance.key(identifier)
        owner = ((identifier,) if identifier else place.owner) if self.known is not None else ()
        failure = self.shapes.failure(member)
        for fact in properties.values():
            selection = place.selection.of_property(fact.name, fact.group)
            if selection is None or self._is_absent(member, fact, key):
                continue
            if fact.name in failure:
                record[fact.name] = _no_failure(fact.type, failure[fact.name])
            elif fact.name == identifying:
                record[fact.name] = identifier
            elif identifying and identifying.startswith(f"{fact.name}.") and isinstance(fact.type, Named):
                step = place.below(fact.name, key, selection, above, owner)
                record[fact.name] = self._object(fact.type.name, step, (identifying.rpartition(".")[2], identifier))
            else:
                step = place.below(fact.name, self.chance.key(key, fact.name), selection, above, owner)
                record[fact.name] = self._property(fact, member, key, step)
        if tag is not None and (tag[0] in record or place.selection.of_property(tag[0], "Small")):
            record[tag[0]] = tag[1]
        if identifier and "url" in record and (own := self.links.own(identifier)):
            record["url"] = own
        if self.is_future_server:
            record["addedTomorrow"] = {"kind": _UNKNOWN, "values": [1, None, "two"]}
        agree(record)
        return record

    def _property(self, fact: SurfaceProperty, owner: str, key: str, step: _Place) -> Any:
        replacement = self.replacements.get(step.path) if step.path else None
        if replacement is not None:
            value = replacement(step.selection, step.key)
            is_number_as_text = isinstance(value, int) and not isinstance(value, bool) and fact.type == _STRING
            return str(value) if is_number_as_text else value
        if self.known is not None and step.owner:
            value = self.known.value(step.owner[0], step.owner[1:], step.selection, step.depth)
            if isinstance(value, Link):
                return self._linked(fact.type, value.identifier, step)
            if value is not UNSAID:
                return value
        if _names_other_page(fact.name):
            return None
        if isinstance(fact.type, Scalar):
            step.key = key  # what belongs together, such as first and last name, follows from the record
        return self._value(fact.type, owner, fact, step)

    def _linked(self, expression: TypeExpression, identifier: str, step: _Place) -> Any:
        """The record with an id, as a property shows it: of the type that its id names, where there are several."""
        options = [one for one in options_of(expression) if isinstance(one, Named)]
        if not options:
            return identifier
        named = next((one for one in options if prefix_for(one.name) == identifier[:3]), options[-1])
        any_record = next((one for one in options if one.name.startswith("Record")), named)
        name = (named if prefix_for(named.name) == identifier[:3] else any_record).name
        return self._filled(self._head_of(name, identifier), step)

    def _head_of(self, name: str, identifier: str) -> Head:
        """The head of a record with an id: in a family, of the variant that the id's prefix says."""
        tag, member = None, name
        family = self.shapes.types[name].discriminator
        if family is not None:
            member = family.fallback or name
            for value, one in family.values.items():
                if prefix_for(one) == identifier[:3]:
                    tag, member = (family.property, value), one
                    break
        return Head(name, member, tag, self.shapes.identifier(member) or "", identifier)

    def _identifier(
        self, properties: Mapping[str, SurfaceProperty], owner: str, place: _Place
    ) -> tuple[str | None, str]:
        """The property that identifies an object, and a made-up id for it."""
        name = self.shapes.identifier(owner)
        if name is None or name not in properties or properties[name].type not in _TEXTS or properties[name].values:
            return None, ""
        return name, self._scalars.identifier(name, owner, place.key, place.slot)

    def _variant(self, name: str, place: _Place) -> tuple[tuple[str, str] | None, str]:
        """Which class an object is of, and its discriminator with the value."""
        found = self.shapes.types[name].discriminator
        if found is None:
            variant = self.shapes.variant_of(name)
            return ((variant[0], self.chance.pick(variant[1], place.key, "kind")) if variant else None), name
        if self.is_future_server and (place.index or 0) % 2:
            return (found.property, _UNKNOWN), found.fallback or name
        values = list(found.values)
        if not values:
            return None, found.fallback or name
        turn = self.chance.number(place.key, "kind") if place.index is None else place.index
        value = values[turn % len(values)]
        return (found.property, value), found.values[value]

    def _is_absent(self, owner: str, fact: SurfaceProperty, key: str) -> bool:
        """Whether a capability is one that this object lacks: elements have a few of the many."""
        if not owner.endswith("Capabilities") or fact.name in _COMMON:
            return False
        return not self.chance.happens(_RARE_CAPABILITY, key, fact.name, "present")


def options_of(expression: TypeExpression) -> tuple[TypeExpression, ...]:
    """The types of which an expression may be one."""
    return expression.options if isinstance(expression, OneOf) else (expression,)


def _names_other_page(name: str) -> bool:
    """Whether a property leads to another page; only the pages of the operation itself are really there."""
    small = name.lower()
    return small.startswith(("nextpage", "previouspage", "prevpage"))


def _no_failure(expression: TypeExpression, value: object) -> Any:
    """The value by which a property reports no failure."""
    if isinstance(expression, ListOf):
        return []
    if value == "any":
        return None
    return str(not value).lower() if expression == _STRING else not value


def agree(record: Record) -> None:
    """Make properties agree that say the same: first and last name with the name, segments with their text."""
    if "firstName" in record and "lastName" in record:
        for name in ("name", "displayName"):
            if name in record:
                record[name] = f"{record['firstName']} {record['lastName']}"
    segments = record.get("messageSegments")
    if isinstance(segments, list) and "text" in record:
        record["text"] = "".join(str(one.get("text") or "") for one in cast("list[Record]", segments))
