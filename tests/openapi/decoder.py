"""Decodes the examples of a document with the generated models, builds the inputs; prints as JSON what went wrong.

Run by tests/openapi/test_examples.py, with the version's package on the path: `python -m openapi.decoder FILE VERSION`.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from connectgen.catalogue.loader import load_catalogue
from connectgen.resolver import surface_at
from connectgen.surface import SurfaceValue
from examples.decoder import Decoder
from examples.examples import Checked, Checker
from examples.reading import Example
from openapi.bodies import JSON, example_of, media_types
from sf_connect.core import Operation, unknown_properties
from sf_connect.core.wire.decoding import decode
from support.command import ROOT
from support.garbage import look_seldom


def operations(version: int) -> dict[str, Operation[Any]]:
    """The operations of a package, by name."""
    groups = importlib.import_module(f"sf_connect.v{version}.groups")
    modules = [found.name for found in pkgutil.walk_packages(groups.__path__, f"{groups.__name__}.")]
    constants = (one for name in modules for one in vars(importlib.import_module(name)).values())
    return {one.name: one for one in constants if isinstance(one, Operation)}


def plain(value: Any) -> Any:
    """JSON without the ways in which models may write it again: without null, times without empty fractions."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.replace(".000Z", "Z") if isinstance(value, str) else value


def received(value: Any, operation: Operation[Any]) -> Iterator[str]:
    """What an operation's type loses of a response, or keeps as it came because it does not fit."""
    made = decode(json.dumps(value).encode(), operation.returns, operation.name, keep_raw=True)
    again = json.loads(msgspec.json.encode(made))
    if plain(again) != plain(value):
        yield f"{value} became {again}"
    if isinstance(made, msgspec.Struct) and unknown_properties(made):
        yield f"unknown are {[*unknown_properties(made)]}"
    if isinstance(operation.returns, type) and value and not isinstance(made, operation.returns):
        yield f"was kept as it came, though it is a {operation.returns.__name__}"


def sent(value: Any, body: SurfaceValue, version: int, checker: Checker) -> Iterator[str]:
    """What is not as it was where the input is built by its classes and encoded."""
    yield from Decoder(Checked(Example(body.name, "1", value), body.type, version), checker).faults()


def faults(document: dict[str, Any], version: int) -> Iterator[tuple[str, list[str]]]:
    """What is wrong with each example."""
    catalogue = load_catalogue(ROOT / "spec", ROOT / ".cache")
    checker = Checker(catalogue, ROOT)
    surface = surface_at(catalogue, version)
    known = {f"{one.family}.{one.group}.{one.name}": one for group in surface.groups for one in group.operations}
    own = operations(version)
    for item in document["paths"].values():
        for written in item.values():
            name = written["operationId"]
            for where, media, content in (
                media_types(written) if name in known else ()
            ):  # others are the same in a site
                body = known[name].body
                if media == JSON and where == "takes" and body:
                    yield name, list(sent(example_of(document, content), body, version, checker))
                elif media == JSON and where.startswith("2"):
                    yield f"{name} {where}", list(received(example_of(document, content), own[name]))


def main(file: Path, version: int) -> None:
    """Print how many examples there are, and what is wrong with which of them."""
    found = list(faults(json.loads(file.read_text(encoding="utf-8")), version))
    print(json.dumps({"examples": len(found), "faults": {name: wrong for name, wrong in found if wrong}}))


if __name__ == "__main__":
    look_seldom()
    main(Path(sys.argv[1]), int(sys.argv[2]))
