"""Full values of every response type, decoded and encoded again; prints as JSON what was lost.

Run by tests/whole/test_examples.py, with a version's package on the path:
`python -m examples.samples VERSION SPEC [TYPE…]`.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.python.constants import Constants
from connectgen.resolver import surface_at
from connectgen.surface import Surface, SurfaceProperty, SurfaceType
from sf_connect.core import Input, Model, unknown_properties
from sf_connect.core.wire.decoding import decode
from support.command import ROOT
from support.garbage import look_seldom

_SCALARS: Mapping[ScalarType, object] = {
    ScalarType.BOOLEAN: True,
    ScalarType.INTEGER: 3,
    ScalarType.LONG: 4_000_000_000,
    ScalarType.DOUBLE: 1.5,
    ScalarType.DATE: "2026-02-25",
    ScalarType.DATETIME: "2026-02-25T18:24:31Z",
    ScalarType.ANY: {"any": [1, None]},
    ScalarType.BINARY: "aGk=",
}
_DEEPEST = 5


class Samples:
    """Makes values of types: every property set, and each variant of a union in turn.

    Args:
        surface: the version.
    """

    def __init__(self, surface: Surface) -> None:
        self._types = surface.types
        self._constants = Constants([*surface.types.values()])
        self._turns: dict[str, int] = {}

    def of(self, name: str, depth: int = 0) -> dict[str, Any]:
        """A value of a type, of its next variant where it has some."""
        resolved = self._types[name]
        made: dict[str, Any] = {}
        if resolved.discriminator:
            values = list(resolved.discriminator.values.items())
            value, variant = values[self._turn(name) % len(values)]
            made = self.of(variant, depth) if variant != name else self._properties(name, depth)
            return {**made, resolved.discriminator.property: value}
        return self._properties(name, depth)

    def variants(self, name: str) -> int:
        """How many values show all variants of a type."""
        discriminator = self._types[name].discriminator
        return len(discriminator.values) if discriminator else 1

    def _turn(self, key: str) -> int:
        self._turns[key] = self._turns.get(key, -1) + 1
        return self._turns[key]

    def _properties(self, name: str, depth: int) -> dict[str, Any]:
        made = {item.name: self._value(item, depth + 1) for item in self._all(name)}
        # Where a request's type is the variant of another one, it says so wherever it stands.
        made.update({item: constant.value for item, constant in self._constants.of(name).items()})
        return {key: value for key, value in made.items() if value is not None}

    def _all(self, name: str) -> Iterator[SurfaceProperty]:
        found: dict[str, SurfaceProperty] = {}
        current = self._types.get(name)
        while current:
            found = {**{item.name: item for item in current.properties}, **found}
            current = self._types.get(current.extends or "")
        yield from found.values()

    def _value(self, item: SurfaceProperty, depth: int) -> Any:
        if item.values and item.type == Scalar(ScalarType.STRING):
            return item.values[0]
        return self._of_type(item.type, depth)

    def _of_type(self, expression: TypeExpression, depth: int) -> Any:
        match expression:
            case Scalar(kind):
                return _SCALARS.get(kind, "text")
            case Named(name):
                return self.of(name, depth) if depth < _DEEPEST else None
            case ListOf(inner):
                items = [self._of_type(inner, depth) for _ in range(2)]
                return [one for one in items if one is not None]
            case MapOf(inner):
                value = self._of_type(inner, depth)
                return {} if value is None else {"a key": value}
            case OneOf(options):
                return self._of_type(options[self._turn(repr(options)) % len(options)], depth)


def losses(version: int, spec: Path, names: Sequence[str] = ()) -> Iterator[str]:
    """For each type: what does not survive decoding and encoding, or as plain values; empty where all does."""
    surface = surface_at(load_catalogue(spec, ROOT / ".cache", keep=False), version)
    models = importlib.import_module(f"sf_connect.v{version}").models
    samples = Samples(surface)
    for name, resolved in surface.types.items():
        if names and name not in names:
            continue
        found = ""
        for _ in range(samples.variants(name)):
            sent = samples.of(name)
            found = found or (_of_input if resolved.is_input else _of_response)(models, name, resolved, sent)
        yield f"{name}: {found}" if found else ""


def _of_response(models: Any, name: str, resolved: SurfaceType, sent: dict[str, Any]) -> str:
    wanted = getattr(models, f"Any{name}" if resolved.discriminator else name)
    (made,) = decode(json.dumps([sent]).encode(), list[wanted], name, keep_raw=True)
    again = json.loads(msgspec.json.encode(made))
    if again != sent:
        return _difference(sent, again, "")
    if not isinstance(made, Model):
        return ""
    if unknown_properties(made):
        return f"unknown are {[*unknown_properties(made)][:3]}"
    return _of_plain_values(made, sent)


def _of_input(models: Any, name: str, resolved: SurfaceType, sent: dict[str, Any]) -> str:
    discriminator = resolved.discriminator
    wanted = getattr(models, discriminator.values[sent[discriminator.property]] if discriminator else name)
    if not isinstance(wanted, type) or not issubclass(wanted, Input):
        return ""
    try:
        made = wanted.from_dict(sent)
    except ValueError as error:  # what is cut at the deepest level may be required there
        return "" if "needs the property" in str(error) else str(error)
    return _of_plain_values(made, sent)


def _of_plain_values(made: Model | Input, sent: dict[str, Any]) -> str:
    """What differs after a round trip through plain values and JSON, with the API's names and with Python's."""
    again = made.to_dict()
    if json.loads(json.dumps(again).replace(".000Z", "Z")) != sent:
        return _difference(sent, again, "to_dict: ")
    for of_api in (True, False):
        if type(made).from_dict(made.to_dict(use_api_names=of_api), use_api_names=of_api) != made:
            return f"another after to_dict(use_api_names={of_api}): {made.to_dict(use_api_names=of_api)}"
        if type(made).from_json(made.to_json(use_api_names=of_api), use_api_names=of_api) != made:
            return f"another after to_json(use_api_names={of_api})"
    return ""


def _difference(sent: Any, again: Any, where: str) -> str:
    if isinstance(sent, dict) and isinstance(again, dict):
        for key in sent:
            if key not in again:
                return f"{where}/{key} is lost"
            if sent[key] != again[key]:
                return _difference(sent[key], again[key], f"{where}/{key}")
        return f"{where} gained {sorted(again.keys() - sent.keys())}"
    if isinstance(sent, list) and isinstance(again, list) and len(sent) == len(again):
        for number, (one, other) in enumerate(zip(sent, again, strict=True)):
            if one != other:
                return _difference(one, other, f"{where}/{number}")
    return f"{where} is {json.dumps(again)[:60]} instead of {json.dumps(sent)[:60]}"


if __name__ == "__main__":
    look_seldom()
    found = list(losses(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
    print(json.dumps({"types": len(found), "lost": [one for one in found if one]}))
