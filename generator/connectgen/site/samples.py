"""Sample calls: the least that an operation takes, as Python, curl and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.identifiers import prefix_for, record_id
from connectgen.naming import snake_case
from connectgen.python.model_views import field_names
from connectgen.surface import SurfaceOperation, SurfaceParameter, SurfaceProperty, SurfaceType, SurfaceValue

_TEXTS = {
    "name": "Spring launch",
    "text": "Good morning",
    "title": "Spring launch",
    "description": "What we plan for spring",
    "subject": "Spring launch",
    "q": "spring",
    "email": "ada@acme.example",
    "username": "ada@acme.example",
    "currencyIsoCode": "EUR",
    "language": "en_US",
    "locale": "en_GB",
    "timeZone": "Europe/Lisbon",
    "filterGroup": "Small",
    "X-Chatter-Entity-Encoding": "false",
}
_OF_SCALARS = {
    ScalarType.DECIMAL: "12.50",
    ScalarType.URL: "https://www.acme.example/",
    ScalarType.ANY: "anything",
}
_DEEPEST = 4
_SHOWN = 2
"""How many properties are set where none must be."""


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


_MESSAGE = Named("MessageBodyInput")
_GREETING = Value(
    'm.MessageBodyInput.text("Good morning")', {"messageSegments": [{"type": "Text", "text": "Good morning"}]}
)
"""Texts of messages have segments; the client has a short way to write a plain one."""
Tree = Value | Made | list["Tree"] | dict[str, "Tree"]


class Samples:
    """Makes values of types at one version.

    Args:
        types: the version's types.
    """

    def __init__(self, types: Mapping[str, SurfaceType]) -> None:
        self._types = types

    def value(self, fact: SurfaceValue, method: str) -> Tree:
        """A value for a parameter or body."""
        return self._of(fact.type, fact, method, 0)

    def object(self, name: str, method: str = "POST") -> Tree:
        """An object of a request's type."""
        return self._object(name, method, 0)

    def _of(self, expression: TypeExpression, fact: SurfaceValue, method: str, depth: int) -> Tree:
        match expression:
            case Scalar(kind):
                return scalar(kind, fact)
            case ListOf(item):
                if depth > _DEEPEST and isinstance(item, Named):
                    return []
                return [self._of(item, fact, method, depth)]
            case MapOf(value):
                return {"key": self._of(value, fact, method, depth)}
            case OneOf(options):
                return self._of(options[0], fact, method, depth)
            case Named(name):
                return _GREETING if expression == _MESSAGE else self._object(name, method, depth)

    def _object(self, name: str, method: str, depth: int) -> Tree:
        found = self._types[name]
        tag: tuple[str, str] | None = None
        if found.discriminator and found.discriminator.values:
            value, name = self._variant(found.discriminator.values, depth)
            tag = (found.discriminator.property, value)
        properties = list(self.properties(name))
        names = {item.name: spelled for _, spelled, item in properties}
        needed = [item for _, _, item in properties if item.required is True or method in item.required_for]
        needed = [item for item in needed if tag is None or item.name != tag[0]]
        constants = tuple((item.name, item.values[0]) for item in needed if is_constant(item))
        needed = [item for item in needed if not is_constant(item)]
        if not needed and depth == 0:
            plain = (item for _, _, item in properties if isinstance(item.type, Scalar) and not item.replaced_by)
            needed = [item for item in plain if tag is None or item.name != tag[0]][:_SHOWN]
        fields = tuple((names[item.name], item.name, self._of(item.type, item, method, depth + 1)) for item in needed)
        message = next((item for _, _, item in properties if item.type == _MESSAGE and item not in needed), None)
        if message is not None and depth == 0:
            fields = (*fields, (names[message.name], message.name, _GREETING))
        return Made(name, fields, tag, constants)

    def _variant(self, values: Mapping[str, str], depth: int) -> tuple[str, str]:
        """The first variant; deep down the one that needs the fewest objects, so that there is an end."""
        variants = list(values.items())
        if depth < _DEEPEST:
            return variants[0]
        return min(
            variants, key=lambda one: sum(not isinstance(item.type, Scalar) for _, _, item in self._needed(one[1]))
        )

    def _needed(self, name: str) -> Iterator[tuple[SurfaceType, str, SurfaceProperty]]:
        return (one for one in self.properties(name) if one[2].required is True)

    def properties(self, name: str) -> Iterator[tuple[SurfaceType, str, SurfaceProperty]]:
        """The properties of a type, inherited ones first, each with its owner and its name in Python."""
        found = self._types[name]
        own = {item.name for item in found.properties}
        if found.extends:
            for owner, spelled, item in self.properties(found.extends):
                if item.name not in own:
                    yield owner, spelled, item
        names = field_names(found)
        for item in found.properties:
            yield found, names[item.name], item


def is_constant(item: SurfaceProperty) -> bool:
    """Whether a request's property can have one value only, which its class in Python sets."""
    names_a_variant = item.name == "type" or item.name.endswith("Type")
    return names_a_variant and len(item.values) == 1 and (item.required is True or bool(item.required_for))


def scalar(kind: ScalarType, fact: SurfaceValue) -> Value:
    """A value of a scalar type that its name and limits allow."""
    if fact.values and kind in (ScalarType.STRING, ScalarType.ID):
        return _text(fact.values[0])
    if kind in _OF_SCALARS:
        return _text(_OF_SCALARS[kind])
    match kind:
        case ScalarType.BOOLEAN:
            return Value("True", plain=True)
        case ScalarType.INTEGER | ScalarType.LONG:
            number = _number(fact)
            return Value(str(int(number)), int(number))
        case ScalarType.DOUBLE:
            return Value(str(float(_number(fact))), float(_number(fact)))
        case ScalarType.DATE:
            return Value("datetime.date(2026, 6, 30)", "2026-06-30")
        case ScalarType.DATETIME:
            return Value("datetime.datetime(2026, 6, 30, 9, tzinfo=datetime.UTC)", "2026-06-30T09:00:00.000Z")
        case ScalarType.BINARY:
            return Value('b"..."', "...")
        case _:
            return _text(_named(kind, fact))


def _named(kind: ScalarType, fact: SurfaceValue) -> str:
    """A text that fits the name of a parameter or property."""
    text = _TEXTS.get(fact.name) or ("me" if fact.name in ("userId", "subjectId") else "")
    if not text and (kind is ScalarType.ID or fact.name.endswith(("Id", "Ids", "ID"))):
        text = record_id(prefix_for(fact.name), 7)
    text = text or _words(fact.name)
    return text if fact.max_length is None else text[: fact.max_length]


def _words(name: str) -> str:
    """A text for a property without further meaning: its own name, in words."""
    if name.endswith(("ApiName", "developerName", "DeveloperName")):
        return "Spring_Launch"
    words = snake_case(name).replace("_", " ").strip()
    return words[:1].upper() + words[1:] or "text"


def _number(fact: SurfaceValue) -> float:
    if isinstance(fact.default, int | float) and not isinstance(fact.default, bool) and fact.default > 0:
        return fact.default
    number: float = 10 if fact.minimum is None else max(10, fact.minimum)
    return number if fact.maximum is None else min(number, fact.maximum)


def _text(text: str) -> Value:
    return Value(json.dumps(text, ensure_ascii=False), text)


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


def python(tree: Tree, indent: int, width: int) -> str:
    """A tree as an expression in Python, laid out over lines where it is long.

    Args:
        tree: the tree.
        indent: how far the line is indented on which it begins.
        width: how long a line may be.
    """
    flat = _flat(tree)
    if len(flat) + indent <= width or isinstance(tree, Value):
        return flat
    inner = indent + 4
    margin, end = "\n" + " " * inner, "\n" + " " * indent
    match tree:
        case Made():
            lines = [f"{name}={python(value, inner, width)}," for name, _, value in tree.fields]
            return f"m.{tree.name}({margin}{margin.join(lines)}{end})"
        case list():
            return f"[{margin}{margin.join(f'{python(value, inner, width)},' for value in tree)}{end}]"
        case dict():
            lines = [f"{json.dumps(key)}: {python(value, inner, width)}," for key, value in tree.items()]
            return f"{{{margin}{margin.join(lines)}{end}}}"


def _flat(tree: Tree) -> str:
    match tree:
        case Value(python, _):
            return python
        case Made():
            return f"m.{tree.name}({', '.join(f'{name}={_flat(value)}' for name, _, value in tree.fields)})"
        case list():
            return f"[{', '.join(map(_flat, tree))}]"
        case dict():
            return f"{{{', '.join(f'{json.dumps(key)}: {_flat(value)}' for key, value in tree.items())}}}"


def needed_parameters(operation: SurfaceOperation) -> list[SurfaceParameter]:
    """The parameters beside the path that a call must set; the body replaces those of the form."""
    return [
        item
        for item in operation.parameters
        if item.required is True and not (item.place == "form" and operation.body is not None)
    ]
