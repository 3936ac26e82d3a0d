"""Decodes the guide's examples with the generated models, and encodes inputs again; prints as JSON what went wrong.

Run by tests/whole/test_examples.py, with the packages of all versions on the path:
`python -m examples.decoder GUIDE…`. What it prints has the guides' folders as its keys.
"""

from __future__ import annotations

import datetime
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression, names_in
from connectgen.naming import snake_case
from examples.examples import Checked, Checker
from examples.reading import examples
from sf_connect.core import Input, Model
from sf_connect.core.wire.decoding import decode
from sf_connect.core.wire.encoding import encode, instant
from support.garbage import look_seldom
from support.real import real_catalogue

_PYTHON: dict[ScalarType, tuple[type, ...]] = {
    ScalarType.BOOLEAN: (bool,),
    ScalarType.INTEGER: (int,),
    ScalarType.LONG: (int,),
    ScalarType.DOUBLE: (float,),
    ScalarType.DATE: (datetime.date,),
    ScalarType.DATETIME: (datetime.datetime,),
}
_LARGEST_PLAIN = 2**31 - 1


def _round_trip(made: Any) -> Iterator[str]:
    """Whether an object equals what is made of its plain values, with the API's names and with Python's."""
    if isinstance(made, Model | Input):
        for of_api in (True, False):
            plain = json.loads(made.to_json(use_api_names=of_api))
            if type(made).from_dict(plain, use_api_names=of_api) != made:
                yield f"after to_dict(use_api_names={of_api}) and from_dict, it differs"


class Decoder:
    """One example and what became of it."""

    def __init__(self, checked: Checked, checker: Checker) -> None:
        self._checked = checked
        self._checker = checker
        self._version = checked.version
        self._surface = checker.surface(checked.version)
        self._models = importlib.import_module(f"sf_connect.v{checked.version}").models

    def faults(self) -> Iterator[str]:
        """What is not as it should be; nothing where all is well."""
        value, expression = self._checked.example.value, self._checked.expression
        if any(name.endswith("Input") for name in names_in(expression)):
            made = self._built(value, expression)
            yield from self._encoded(value, json.loads(encode(made)), expression, "")
            yield from _round_trip(made)
        else:
            made = self._made(value, expression)
            yield from self._compare(value, made, expression, "")
            yield from self._again(value, expression, made)
            yield from _round_trip(made)

    def built(self) -> Any:
        """The input as a user would build it."""
        return self._built(self._checked.example.value, self._checked.expression)

    def _built(self, value: Any, expression: TypeExpression) -> Any:
        """A part of the input as a user would build it, class by class."""
        if value is None:
            return None
        match expression:
            case Scalar(kind):
                return _python(value, kind)
            case ListOf(item):
                return [self._built(one, item) for one in value]
            case MapOf(item):
                return {key: self._built(one, item) for key, one in value.items()}
            case OneOf(options):
                fitting = (option for option in options if not self._checker.misfits(value, option, self._version))
                return self._built(value, next(fitting))
            case Named(name):
                kind = self._kind(name, value)
                model = getattr(self._models, kind)
                fields = {item.encode_name: item.name for item in msgspec.structs.fields(model)}
                types = self._types(kind)
                return model(**{fields[key]: self._built(one, types[key]) for key, one in value.items()})

    def _made(self, value: Any, expression: TypeExpression) -> Any:
        """The value as an operation that gives this type decodes it."""
        match expression:
            case Named(name):
                kind = getattr(self._models, self._kind(name, value))
                return decode(json.dumps(value).encode(), kind, self._checked.example.id)
            case ListOf(item):
                return [self._made(one, item) for one in value]
            case MapOf(item):
                return {key: self._made(one, item) for key, one in value.items()}
            case _:
                return value

    def _again(self, value: Any, expression: TypeExpression, made: Any) -> Iterator[str]:
        """Whether what was decoded equals itself decoded once more, and its own JSON decoded."""
        if self._made(value, expression) != made:
            yield "decoded twice, it differs"
        if self._made(json.loads(msgspec.json.encode(made)), expression) != made:
            yield "encoded and decoded again, it differs"

    def _compare(self, value: Any, made: Any, expression: TypeExpression, where: str) -> Iterator[str]:
        """Whether everything of a value is in what was made of it, as what it is declared to be."""
        if value is None:
            if made is not None:
                yield f"{where} is null and became {made!r}"
            return
        match expression:
            case Scalar(kind):
                yield from _compare_scalar(value, made, kind, where)
            case ListOf(item):
                for at, (one, became) in enumerate(zip(value, made, strict=True)):
                    yield from self._compare(one, became, item, f"{where}[{at}]")
            case MapOf(item):
                for key, one in value.items():
                    yield from self._compare(one, made[key], item, f"{where}.{key}")
            case Named() | OneOf():
                if isinstance(made, msgspec.Struct):
                    yield from self._compare_object(value, made, where)
                elif not any(_may_stay(option, value) for option in getattr(expression, "options", ())):
                    yield f"{where} was kept as it came, though it is a {' or '.join(names_in(expression))}"

    def _compare_object(self, value: dict[str, Any], made: msgspec.Struct, where: str) -> Iterator[str]:
        fields = {item.encode_name: item.name for item in msgspec.structs.fields(made)}
        types = self._types(type(made).__name__)
        for key, one in value.items():
            if key in self._told_by(made) and getattr(made, snake_case(key), None) == one:
                continue  # what tells the class is an attribute of it
            if key not in fields:
                yield f"{where}.{key} is lost: {type(made).__name__} has no such property"
            else:
                yield from self._compare(one, getattr(made, fields[key]), types[key], f"{where}.{key}")

    def _told_by(self, made: msgspec.Struct) -> set[str]:
        """The properties that tell of which class such an object is."""
        name = type(made).__name__
        kinds = [kind.discriminator for kind in self._surface.types.values() if kind.discriminator]
        return {kind.property for kind in kinds if name in (*kind.values.values(), kind.fallback)}

    def _types(self, name: str) -> dict[str, TypeExpression]:
        found: dict[str, TypeExpression] = {}
        current = self._surface.types.get(name)
        while current:
            found = {**{item.name: item.type for item in current.properties}, **found}
            current = self._surface.types.get(current.extends or "")
        return found

    def _encoded(self, value: Any, again: Any, expression: TypeExpression, where: str) -> Iterator[str]:
        """Whether an input gives the same JSON again: the same properties, and each value as the API takes it."""
        if value is None or again is None:
            if value is not again:
                yield f"{where} is {value!r} and was encoded as {again!r}"
            return
        match expression:
            case Scalar(kind):
                yield from _encoded_scalar(value, again, kind, where)
            case ListOf(item):
                if len(value) != len(again):
                    yield f"{where} has {len(value)} items and was encoded with {len(again)}"
                for at, (one, other) in enumerate(zip(value, again, strict=False)):
                    yield from self._encoded(one, other, item, f"{where}[{at}]")
            case _:
                yield from self._encoded_object(value, again, expression, where)

    def _encoded_object(self, value: Any, again: Any, expression: TypeExpression, where: str) -> Iterator[str]:
        if value.keys() != again.keys():
            yield f"{where} has {sorted(value)} and was encoded with {sorted(again)}"
        types: dict[str, TypeExpression] = {}
        match expression:
            case MapOf(item):
                types = dict.fromkeys(value, item)
            case Named(name):
                types = self._types(self._kind(name, value))
            case _:  # one of several types: no more than the names is compared
                pass
        for key in sorted(value.keys() & again.keys() & types.keys()):
            yield from self._encoded(value[key], again[key], types[key], f"{where}.{key}")

    def _kind(self, name: str, value: dict[str, Any]) -> str:
        kind = self._surface.types.get(name)
        if kind is None or kind.discriminator is None:
            return name
        told = kind.discriminator.values.get(str(value.get(kind.discriminator.property)))
        return name if told in (None, name) else self._kind(str(told), value)


def _python(value: Any, kind: ScalarType) -> Any:
    """A value of an example as Python has it; the guide often writes numbers and booleans as text."""
    if not isinstance(value, str):
        return value
    match kind:
        case ScalarType.DATETIME:
            return datetime.datetime.fromisoformat(value)
        case ScalarType.DATE:
            return datetime.date.fromisoformat(value)
        case ScalarType.BOOLEAN:
            return value == "true"
        case ScalarType.INTEGER | ScalarType.LONG:
            return int(value)
        case ScalarType.DOUBLE:
            return float(value)
        case _:
            return value


def _compare_scalar(value: Any, made: Any, kind: ScalarType, where: str) -> Iterator[str]:
    if not isinstance(made, _PYTHON.get(kind, (object,))):
        yield f"{where} is {value!r}, kept as it came though it is a {kind.value}"
    elif isinstance(made, datetime.datetime) and made.tzinfo is None:
        yield f"{where} is {value!r}, without a zone, so that it does not sort among others"


def _encoded_scalar(value: Any, again: Any, kind: ScalarType, where: str) -> Iterator[str]:
    if _plain(value, kind) != _plain(again, kind):
        yield f"{where} is {value!r} and was encoded as {again!r}"
    if isinstance(again, int) and abs(again) > _LARGEST_PLAIN:
        yield f"{where} is {again} without quotes, above 2^31-1"


def _may_stay(option: TypeExpression, value: Any) -> bool:
    """Whether a value of a choice may stay as it is in JSON: a map, a list or a scalar, where that is an option."""
    match option:
        case Named():
            return False
        case MapOf():
            return isinstance(value, dict)
        case ListOf():
            return isinstance(value, list)
        case _:
            return not isinstance(value, dict | list)


def _plain(value: Any, kind: ScalarType) -> Any:
    """A value without the ways in which the same may be written: numbers and booleans as text, the zone of a time."""
    if kind is ScalarType.DATETIME:
        return instant(datetime.datetime.fromisoformat(value)) if "T" in value else f"{value}T00:00:00.000Z"
    if kind is ScalarType.BOOLEAN:
        return str(value).lower()
    if kind in (ScalarType.INTEGER, ScalarType.LONG, ScalarType.DOUBLE):
        return float(value)
    return value


def outcome(guide: Path) -> dict[str, Any]:
    """What was read of a guide, what fits no type, and what is wrong with the others."""
    checker = Checker(real_catalogue(), guide)
    found: dict[str, Any] = {"examples": 0, "inputs": 0, "unreadable": {}, "misfits": {}, "faults": {}}
    for example in examples(guide):
        found["examples"] += 1
        if example.fault:
            found["unreadable"][example.id] = example.fault
            continue
        checked = checker.check(example)
        if checked is None or checked.problems:
            shown = (
                f"as {checked.type_name}: {'; '.join(checked.problems[:4])}" if checked else "its page tells no type"
            )
            found["misfits"][example.id] = shown
            continue
        found["inputs"] += any(name.endswith("Input") for name in names_in(checked.expression))
        try:
            faults = list(Decoder(checked, checker).faults())
        except Exception as error:
            faults = [f"{type(error).__name__}: {error}"]
        if faults:
            found["faults"][example.id] = f"{checked.type_name} {checked.version}.0: {'; '.join(faults[:4])}"
    return found


if __name__ == "__main__":
    look_seldom()
    print(json.dumps({guide: outcome(Path(guide)) for guide in sys.argv[1:]}))
