"""Made-up values without properties: texts by the property's name, ids, dates, numbers, URLs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from connectgen.catalogue.types import ScalarType
from connectgen.identifiers import prefix_for
from connectgen.mock.chance import Chance
from connectgen.mock.responding import words
from connectgen.surface import SurfaceValue

_NEWEST = datetime(2026, 3, 31, 18, 0, tzinfo=UTC)
_MINUTES = 60 * 24 * 400
SMALL_WORLD = 40
"""How many records of each type there are, so that the same ones turn up in several responses."""

_COUNTS = ("count", "total", "number", "size", "quantity", "index", "position", "length")


class URLText(str):
    """A URL in a response: entity encoding leaves it alone."""

    __slots__ = ()


class Scalars:
    """Makes scalar values.

    Args:
        chance: where the numbers come from.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def make(self, scalar: ScalarType, name: str, owner: str, key: str, fact: SurfaceValue | None) -> Any:
        """A value for a property.

        Args:
            scalar: which scalar type; URLs are made elsewhere.
            name: the property.
            owner: the type that has the property.
            key: what distinguishes this place from others.
            fact: the property as the catalogue has it, with limits and known values.
        """
        if fact is not None and fact.values and scalar in (ScalarType.STRING, ScalarType.ID):
            return self._chance.pick(fact.values, key, name)
        match scalar:
            case ScalarType.STRING:
                return self._text(name, owner, key, fact)
            case ScalarType.ID:
                return self.identifier(name, owner, key)
            case ScalarType.BOOLEAN:
                return self._chance.happens(50, key, name)
            case ScalarType.INTEGER | ScalarType.LONG:
                return self._whole(name, key, fact)
            case ScalarType.DOUBLE:
                return self._within(fact, self._chance.between(100, 99_999, key, name) / 100)
            case ScalarType.DECIMAL:
                return f"{self._chance.between(100, 99_999, key, name) / 100:.2f}"
            case ScalarType.DATE:
                return self._moment(name, key).date().isoformat()
            case ScalarType.DATETIME:
                return self._moment(name, key).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            case ScalarType.BINARY:
                return "bW9jaw=="
            case _:
                return None

    def identifier(self, name: str, owner: str, key: str, slot: int | None = None) -> str:
        """A record id of the type that the names imply; `slot` is its number among them, made up where omitted."""
        names = (owner,) if name.lower() == "id" else (name, owner)
        prefix = prefix_for(*names)
        number = self._chance.number(key, name) % SMALL_WORLD if slot is None else slot
        return self._chance.record(prefix, number)

    def _text(self, name: str, owner: str, key: str, fact: SurfaceValue | None) -> str:
        text = self._any_length(name, owner, key)
        return text[: fact.max_length] if fact is not None and fact.max_length else text

    def _any_length(self, name: str, owner: str, key: str) -> str:
        small = name.lower()
        if small in words.BY_NAME:
            return self._chance.pick(words.BY_NAME[small], key, name)
        if small == "id" or name.endswith(("Id", "ID")):
            return self.identifier(name, owner, key)
        if "email" in small:
            return f"{self._chance.pick(words.PLAIN, key, name)}@example.com"
        if small.endswith("date"):
            return self._moment(name, key).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if small == "username":
            return f"{self._chance.pick(words.PLAIN, key, name)}@example.com"
        if "name" in small:
            own = small in ("name", "displayname", "communitynickname")
            return self._name(owner, key if own else self._chance.key(key, name))
        return f"{self._chance.pick(words.COLOURS, key, name, '1')} {self._chance.pick(words.PLAIN, key, name, '2')}"

    def _name(self, owner: str, key: str) -> str:
        if any(word in owner for word in ("User", "Actor", "Member", "Contact")):
            first = self._chance.pick(words.FIRST_NAMES, key, "firstName")
            return f"{first} {self._chance.pick(words.LAST_NAMES, key, 'lastName')}"
        if "Account" in owner:
            return self._chance.pick(words.COMPANIES, key, "name")
        return (
            f"{self._chance.pick(words.COLOURS, key, 'c').title()} {self._chance.pick(words.PLAIN, key, 'p').title()}"
        )

    def _whole(self, name: str, key: str, fact: SurfaceValue | None) -> int:
        highest = 20 if any(word in name.lower() for word in _COUNTS) else 1000
        return int(self._within(fact, self._chance.between(0, highest, key, name)))

    def _within(self, fact: SurfaceValue | None, value: float) -> float:
        if fact is None:
            return value
        if fact.maximum is not None:
            value = min(value, fact.maximum)
        return value if fact.minimum is None else max(value, fact.minimum)

    def _moment(self, name: str, key: str) -> datetime:
        return _NEWEST - timedelta(minutes=self._chance.number(key, name) % _MINUTES)
