"""Calls every operation of a generated package against the mock, sync and async; prints what was wrong as JSON.

A process of its own: `python walker.py ADDRESS EVERY 45 67`, with generator, core and packages importable; EVERY calls
one operation in so many, others in each version.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from connectgen.catalogue.model import Catalogue
from connectgen.catalogue.types import ListOf, Named, Scalar
from connectgen.resolver import surface_at
from connectgen.surface import Surface, SurfaceOperation
from mock.arguments import Maker
from support.garbage import look_seldom
from support.real import real_catalogue

ROOT = Path(__file__).resolve().parents[2]


def faults(operation: SurfaceOperation, result: object, models: Any, surface: Surface) -> Iterator[str]:
    """How a result differs from what the operation returns."""
    match operation.returns:
        case None:
            if result is not None:
                yield f"gave {result!r}, not None"
        case Named(name):
            told = surface.types[name].discriminator
            if getattr(models, name) == dict[str, object]:  # a type of which nothing is described
                name = "dict"
            if type(result).__name__ not in {name, *(told.values.values() if told else ())}:
                yield f"gave {type(result).__name__}, not {name}"
        case ListOf():
            if not isinstance(result, list) or not result:
                yield f"gave {result!r}, not a list with items"
        case Scalar(kind) if kind.value == "Binary":
            if not isinstance(result, bytes) or len(result) < 20:
                yield f"gave {type(result).__name__}, not a file"
        case _:
            if result is None:
                yield "gave nothing"


def batch_of_one(models: Any, version: int) -> Any:
    """A batch that reads the context user: what a batch holds is no matter of types alone."""
    one = models.GenericBatchInput(method="Get", url=f"/v{version}.0/chatter/users/me")
    return models.GenericBatchCollectionInput(batch_requests=[one])


@cache
def catalogue() -> Catalogue:
    """The real catalogue."""
    return real_catalogue()


async def walk(address: str, version: int, every: int) -> tuple[int, list[str]]:
    """Call the operations; how many calls, and what was wrong."""
    package = importlib.import_module(f"sf_connect.v{version}")
    surface = surface_at(catalogue(), version)
    operations = [one for group in surface.groups for one in group.operations][version % every :: every]
    few, many = (Maker(surface, package.models, all_of_them=every_one) for every_one in (False, True))
    found: list[str] = []
    count = 0
    with package.Connect(address, token="mock-token") as client:
        async with package.AsyncConnect(address, token="mock-token") as async_client:
            for operation in operations:
                for caller, maker in ((client, few), (async_client, many)):
                    method = getattr(getattr(getattr(caller, operation.family), operation.group), operation.name)
                    name = f"{operation.family}.{operation.group}.{operation.name} ({type(caller).__name__})"
                    try:
                        arguments = maker.arguments(operation, method)
                        if operation.path == "/connect/batch":
                            arguments.keyword["body"] = batch_of_one(package.models, version)
                        result = method(*arguments.positional, **arguments.keyword)
                        result = await result if inspect.isawaitable(result) else result
                        found += [f"{name}: {fault}" for fault in faults(operation, result, package.models, surface)]
                    except Exception as error:
                        found.append(f"{name}: {type(error).__name__}: {error}")
                    count += 1
    return count, found


async def walk_all(address: str, every: int, versions: list[int]) -> tuple[int, list[str]]:
    """Call operations of several versions."""
    count, found = 0, list[str]()
    for version in versions:
        calls, faults_found = await walk(address, version, every)
        count += calls
        found += [f"{version}.0 {fault}" for fault in faults_found]
    return count, found


if __name__ == "__main__":
    look_seldom()
    warnings.simplefilter("ignore")
    print(json.dumps(asyncio.run(walk_all(sys.argv[1], int(sys.argv[2]), [int(text) for text in sys.argv[3:]]))))
