"""What a sample consists of, and the scalars in it: what the name, the limits and the known values of each allow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from connectgen.catalogue.types import ScalarType
from connectgen.identifiers import prefix_for, record_id
from connectgen.naming import snake_case
from connectgen.surface import SurfaceValue

_INSTANT = "2026-06-30T09:00:00.000Z"
_URL = "https://www.acme.example/"
_TEXTS: Mapping[str, str] = {
    "currencycode": "EUR",
    "currencyisocode": "EUR",
    "description": "What we plan for spring",
    "filtergroup": "Small",
    "firstname": "Ada",
    "label": "Spring launch",
    "language": "en_US",
    "lastname": "Abel",
    "locale": "en_GB",
    "name": "Spring launch",
    "q": "spring",
    "relativecreateddate": "Yesterday",
    "subject": "Spring launch",
    "text": "Good morning",
    "timezone": "Europe/Lisbon",
    "title": "Spring launch",
    "username": "ada@acme.example",
    "x-chatter-entity-encoding": "false",
}
"""Texts of parameters and properties by their names in small letters."""
_OWN = ("userId", "subjectId")
"""Ids that a request may give as `me`."""
_BAD_NEWS = ("deleted", "error", "expired", "failed")
"""What a sample says no to."""
_NUMBERS: Mapping[str, int] = {"statusCode": 200}


@dataclass(frozen=True, slots=True)
class Value:
    """A value, as Python and as JSON has it; `python` is code."""

    python: str
    plain: object


@dataclass(frozen=True, slots=True)
class Made:
    """An object of a type: the fields that are set, by Python's and by the API's names."""

    name: str
    fields: tuple[tuple[str, str, Tree], ...]
    discriminator: tuple[str, str] | None = None
    """The property and value that say which variant it is; Python's class sets them."""
    constants: tuple[tuple[str, str], ...] = ()
    """Properties that can have one value only; Python's class sets them too."""


Tree = Value | Made | list["Tree"] | dict[str, "Tree"]


def plain(tree: Tree) -> object:
    """A tree as plain values, for JSON."""
    match tree:
        case Value(_, value):
            return value
        case Made():
            tagged = dict([tree.discriminator] if tree.discriminator else [])
            return {**tagged, **dict(tree.constants), **{name: plain(inner) for _, name, inner in tree.fields}}
        case list():
            return [plain(inner) for inner in tree]
        case dict():
            return {key: plain(inner) for key, inner in tree.items()}


def text(shown: str) -> Value:
    """A text as a value."""
    return Value(json.dumps(shown, ensure_ascii=False), shown)


def scalar(scalar_type: ScalarType, fact: SurfaceValue, *, owner: str = "", is_input: bool = True) -> Value:
    """A value of a scalar type that its name and limits allow.

    Args:
        scalar_type: which scalar type.
        fact: the parameter or property.
        owner: the type that has it, after which the ids of responses are made up.
        is_input: whether it is sent; what is received has ids in place of `me`.
    """
    if fact.values and scalar_type in (ScalarType.STRING, ScalarType.ID):
        return text(fact.values[0])
    match scalar_type:
        case ScalarType.BOOLEAN:
            is_good = not any(word in fact.name.lower() for word in _BAD_NEWS)
            return Value(str(is_good), plain=is_good)
        case ScalarType.INTEGER | ScalarType.LONG:
            number = int(_number(fact))
            return Value(str(number), number)
        case ScalarType.DOUBLE:
            amount = float(_number(fact))
            return Value(str(amount), amount)
        case ScalarType.DECIMAL:
            return text("12.50")
        case ScalarType.DATE:
            return Value("datetime.date(2026, 6, 30)", "2026-06-30")
        case ScalarType.DATETIME:
            return Value("datetime.datetime(2026, 6, 30, 9, tzinfo=datetime.UTC)", _INSTANT)
        case ScalarType.BINARY:
            return Value('b"report"', "cmVwb3J0")
        case ScalarType.URL:
            return text(_URL)
        case ScalarType.ANY:
            return text("anything")
        case _:
            shown = _named(scalar_type, fact, owner, is_input=is_input)
            return text(shown if fact.max_length is None else shown[: fact.max_length])


def _named(scalar_type: ScalarType, fact: SurfaceValue, owner: str, *, is_input: bool) -> str:
    """A text that fits the name of a parameter or property."""
    name, small = fact.name, fact.name.lower()
    if is_input and name in _OWN:
        return "me"
    if scalar_type is ScalarType.ID or small == "id" or name.endswith(("Id", "Ids", "ID")):
        return record_id(prefix_for(owner if small == "id" and owner else name), 7)
    if small in _TEXTS:
        return _TEXTS[small]
    if small.endswith(("url", "uri")):
        return _URL
    if small.endswith(("email", "emailaddress")):
        return "ada@acme.example"
    if name.endswith(("Date", "DateTime", "Timestamp")):
        return _INSTANT
    if small.endswith(("apiname", "developername")):
        return "Spring_Launch"
    words = snake_case(name).replace("_", " ").strip()
    return words[:1].upper() + words[1:] or "text"


def _number(fact: SurfaceValue) -> float:
    number: float = _NUMBERS.get(fact.name, 10)
    if isinstance(fact.default, int | float) and not isinstance(fact.default, bool) and fact.default > 0:
        number = fact.default
    if fact.minimum is not None:
        number = max(number, fact.minimum)
    return number if fact.maximum is None else min(number, fact.maximum)
