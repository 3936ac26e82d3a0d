"""Checks a stub's responses against the operation's type, and completes what clients leave to the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from connectgen.catalogue.suggestions import did_you_mean
from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.mock.checking.bodies import BodyCheck
from connectgen.mock.shapes import Shapes
from connectgen.mock.stubs.matching import operation_name
from connectgen.mock.stubs.model import NO_VALUE, StubResponse
from connectgen.mock.versions import Versions
from connectgen.surface import SurfaceOperation

CLASS = "@type"
"""The key with the name of a value's class in a client's package: a client's objects know it, JSON does not."""
_MOST = 5
_NO_BODY = (204, 304)


def problems(
    versions: Versions, version: int, operation: SurfaceOperation, response: StubResponse
) -> Iterator[tuple[str, str]]:
    """What is wrong with a response for an operation at a version: the key of the stub, and the reason.

    Args:
        versions: the Surfaces.
        version: the version.
        operation: the operation at that version.
        response: the response.
    """
    name, allowed = operation_name(operation), operation.status
    if response.function is not None or response.is_error:
        return
    if response.status is not None and response.status not in allowed:
        codes = " or ".join(map(str, allowed))
        yield "status", f"{name} responds with {codes} or an error, not {response.status}"
        return
    if response.content is not None or response.value is NO_VALUE:
        return
    if operation.returns is None or response.status in _NO_BODY:
        yield "json", f"{name} responds without content at {version}.0"
        return
    if operation.returns == Scalar(ScalarType.BINARY):
        yield "json", f"{name} responds with a file: give it as base64 or text"
        return
    found = value_problems(versions, version, operation, response.value)
    yield from (("json", text) for text in found)


def value_problems(versions: Versions, version: int, operation: SurfaceOperation, value: object) -> list[str]:
    """What is wrong with the JSON value of a successful response, the first five problems."""
    expression = operation.returns
    if expression is None:
        return []
    shapes = versions.shapes(version)
    wrong = _wrong_class(shapes, expression, value, operation_name(operation))
    if wrong:
        return [wrong]
    check = BodyCheck(versions, version, operation.method, is_response=True)
    found = check.of_type(expression, completed(value, shapes), "response", operation.location)
    return [problem.message for problem in found[:_MOST]]


def completed(value: object, shapes: Shapes | None) -> object:
    """A JSON value without the names of classes; the discriminators that follow from them are in place.

    Args:
        value: the value.
        shapes: the types of the version; None where they do not matter.
    """
    if isinstance(value, list):
        return [completed(one, shapes) for one in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    given = cast("dict[str, object]", value)
    made = {key: completed(one, shapes) for key, one in given.items() if key != CLASS}
    name = given.get(CLASS)
    variant = shapes.variant_of(name) if shapes and isinstance(name, str) and name in shapes.types else None
    if variant is not None and made.get(variant[0]) is None:
        made[variant[0]] = variant[1][0]
    return made


def _wrong_class(shapes: Shapes, expression: TypeExpression, value: object, name: str) -> str:
    """Why an object of a client's class is none that an operation responds with; empty where it is one."""
    if not isinstance(value, dict) or not isinstance(given := cast("Mapping[str, object]", value).get(CLASS), str):
        return ""
    allowed = set(_classes(shapes, expression))
    if not allowed or given in allowed:
        return ""
    if given not in shapes.types:
        return f"there is no type {given} at {shapes.version}.0; {did_you_mean(given, allowed, _named(allowed))}"
    return f"{name} responds with {_named(allowed)}, not {given}"


def _named(names: set[str]) -> str:
    return " or ".join(sorted(names)[:3])


def _classes(shapes: Shapes, expression: TypeExpression) -> Iterator[str]:
    match expression:
        case Named(name):
            yield name
            union = shapes.types[name].discriminator
            if union is not None:
                yield from union.values.values()
                if union.fallback:
                    yield union.fallback
        case OneOf(options):
            for option in options:
                yield from _classes(shapes, option)
        case ListOf() | MapOf() | Scalar():
            return
