"""Narrows a comparison to what Python code uses: operations that it calls, what it passes, properties it reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from connectgen.diff.change import Change
from connectgen.diff.python_code import CodeUse, read_code
from connectgen.naming import is_reserved_argument, is_reserved_field, snake_case
from connectgen.surface import Surface

_ALWAYS = "version-"


@dataclass(slots=True)
class Usage:
    """What all files of a folder use: names, each with the places where they stand.

    Attributes:
        files: how many files were read.
        unreadable: a line a file that could not be read as Python.
        use: operations, arguments, classes, constructor arguments and attributes.
    """

    files: int = 0
    unreadable: list[str] = field(default_factory=list[str])
    use: CodeUse = field(default_factory=CodeUse)


def usage_of(folder: Path, surfaces: Iterable[Surface]) -> Usage:
    """Read every Python file of a folder; nothing is executed.

    Args:
        folder: the application's folder.
        surfaces: both sides; their operations and types are looked for.
    """
    operations: set[str] = set()
    types: set[str] = set()
    for surface in surfaces:
        operations |= {f"{one.family}.{one.group}.{one.name}" for group in surface.groups for one in group.operations}
        types |= set(surface.types)
    found = Usage()
    for path in sorted(folder.rglob("*.py")):
        if any(
            part.startswith(".") or part in ("node_modules", "__pycache__") for part in path.parts[len(folder.parts) :]
        ):
            continue
        found.files += 1
        try:
            read_code(path, operations, types, found.use)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            found.unreadable.append(f"{path}:{line}: cannot be read as Python ({error}); it is left out")
        except OSError as error:
            found.unreadable.append(f"{path}:1: cannot be read ({error.strerror}); it is left out")
    return found


def narrow(changes: Iterable[Change], usage: Usage) -> list[Change]:
    """The changes that the code meets, each with the places."""
    kept: list[Change] = []
    for change in changes:
        places = _places(change, usage.use)
        if places:
            kept.append(replace(change, uses=tuple(places)))
    return kept


def _places(change: Change, use: CodeUse) -> list[str]:
    rule, subject = change.rule.id, change.subject
    called = [place for reach in change.reaches for place in use.calls.get(reach.operation, ())]
    if rule.startswith(_ALWAYS):
        return _sorted(place for places in use.calls.values() for place in places)
    if rule in ("operation-added", "type-added"):
        return []
    if "." in subject and subject.split(".")[0].islower():
        return _sorted(_of_operation(rule, subject, called, use))
    return _sorted(_of_type(rule, subject, called, use))


def _sorted(places: Iterable[str]) -> list[str]:
    def key(place: str) -> tuple[str, int]:
        file, _, line = place.rpartition(":")
        return file, int(line)

    return sorted(set(places), key=key)


def _of_operation(rule: str, subject: str, called: list[str], use: CodeUse) -> Iterable[str]:
    operation, _, rest = subject.partition("(")
    if not rest or rule.startswith(("body", "result", "path-parameter")):
        return called
    if "-added" in rule and "required" not in rule:
        return []
    name = rest.partition(")")[0]
    if "required" in rule or "conditional" in rule or rule.endswith("default-changed"):
        return called
    return use.arguments.get((operation, _argument(name)), ())


def _of_type(rule: str, subject: str, called: list[str], use: CodeUse) -> Iterable[str]:
    """A property of a response concerns code that calls what reaches it and reads the attribute; of a request, code
    that makes the class and passes it.
    """
    name, dot, rest = subject.partition(".")
    type_name = name.partition("=")[0]
    named = use.classes.get(type_name, ())
    if not dot:
        return named if rule in ("type-removed", "base-type-changed") else [*named, *called]
    attribute = _field(rest.partition("=")[0].partition(" ")[0])
    if rule.startswith("request-property"):
        if rule.endswith(("-added", "value-added", "limit-widened")):
            return []
        if "required" in rule or "conditional" in rule or rule.endswith("default-changed"):
            return named
        return use.constructed.get((type_name, attribute), ())
    if rule == "response-property-added" or not (called or named):
        return []
    return use.attributes.get(attribute, ())


def _argument(name: str) -> str:
    python_name = snake_case(name)
    return f"{python_name}_" if is_reserved_argument(python_name) else python_name


def _field(name: str) -> str:
    python_name = snake_case(name)
    return f"{python_name}_" if is_reserved_field(python_name) else python_name
