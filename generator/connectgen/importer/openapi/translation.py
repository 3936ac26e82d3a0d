"""Translates an OpenAPI file into the catalogue's terms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from connectgen.importer.openapi.document import Document
from connectgen.importer.openapi.facts import Facts
from connectgen.importer.openapi.families import SCHEMAS, pointer_of
from connectgen.importer.openapi.known import Known
from connectgen.importer.openapi.leftovers import Leftovers
from connectgen.importer.openapi.matching import Matcher
from connectgen.importer.openapi.operations import Operations
from connectgen.importer.openapi.schemas import Schemas
from connectgen.importer.openapi.type_names import TypeNames
from connectgen.importer.paths import path_shape
from connectgen.importer.place import Place
from connectgen.importer.questions import Decide, Question, nobody
from connectgen.importer.type_files import types_of_parameters
from connectgen.importer.wanted import Remark, Wanted
from connectgen.naming import is_keyword, snake_case

_NO_OPERATION = "write its paths like /ssot/things/{thingId}"


@dataclass(slots=True)
class Translation:
    """What a file says.

    Attributes:
        wanted: its entries in the catalogue's terms.
        places: the family and group of each path.
        questions: schemas of which it must be said whether they are types of the catalogue.
        still_to_come: how many things it announces for the version after the newest.
        without_path: operations whose paths the catalogue cannot have.
        schemas: how many schemas it describes, and how many of them became types.
    """

    wanted: Wanted
    places: dict[str, Place]
    still_to_come: int
    questions: list[Question]
    without_path: list[str] = field(default_factory=list[str])
    schemas: tuple[int, int] = field(default=(0, 0))

    def place_of(self, path: str) -> Place:
        """The place of a path on the client."""
        return self.places[path_shape(path)]


def translate(
    document: Document, family: str, known: Known, *, newest: int, version: int, decide: Decide = nobody
) -> Translation:
    """Turn a file into entries.

    Args:
        document: the file.
        family: the family to which its operations belong.
        known: what the catalogue has.
        newest: the newest version that the catalogue has, or is about to get.
        version: the version that the file describes.
        decide: gives a person's answers.

    Raises:
        SourceError: the file is at fault.
    """
    wanted = Wanted()

    def remark(where: str, text: str) -> None:
        wanted.remarks.append(Remark(where, text))

    try:
        left = Leftovers()
        facts = Facts(document, newest, version, remark, left)
        names = TypeNames(known, family)
        schemas = Schemas(document, names, known, facts, remark, left)
        matcher = Matcher(document, schemas.properties_of, known, decide, remark)
        matcher.match()
        names.matched = matcher.names
        document.followed.clear()
        operations = Operations(document, schemas, facts, known, remark, left)
        operations.read()
        if operations.without_path and not operations.resources:
            raise document.error(
                document.root.line_of("paths"), "has no path that the catalogue can have", _NO_OPERATION
            )
        schemas.finish()
    except RecursionError:
        raise document.error(1, "its schemas build on one another too deeply to be read", "flatten them") from None
    wanted.resources = operations.resources
    wanted.types = schemas.types
    needless = types_of_parameters(wanted) - known.taken
    unused = {f"{SCHEMAS}{wanted.types.pop(name)['schema']}" for name in needless}
    taken = {f"{SCHEMAS}{entry.get('schema')}" for entry in wanted.types.values()}
    described = document.object_at(document.object_at(document.root, "components"), "schemas")
    used = document.followed - (unused - taken)
    for name in [name for name in described if pointer_of(name) not in used]:
        text = f"left out (line {described.line_of(name)}): nothing that was taken refers to it"
        wanted.remarks.append(Remark(name, text))
    wanted.remarks += [Remark(where, text) for where, text in left.remarks()]
    return Translation(
        wanted,
        _places(family, operations.tagged, known),
        len(facts.still_to_come),
        matcher.questions,
        operations.without_path,
        (len(described), len(taken & {pointer_of(name) for name in described})),
    )


def _places(family: str, tagged: dict[str, list[str]], known: Known) -> dict[str, Place]:
    settled = known.group_of_tag(family, tagged)
    places: dict[str, Place] = {}
    for tag, paths in tagged.items():
        group = settled.get(tag) or _group_name(tag, paths)
        segments = [_segments(path) for path in paths]
        depth = _common(segments)
        for path, own in zip(paths, segments, strict=True):
            known_place = known.groups.get(path_shape(path), (family, group))
            places.setdefault(path_shape(path), Place(*known_place, depth, own))
    return places


def _group_name(tag: str, paths: list[str]) -> str:
    """The group of a tag: its words without what is in brackets; without a tag, the path's first own segment."""
    text = re.sub(r"(?<=\w)\s+(?:Resources?|APIs?|Operations?)\s*$", "", re.sub(r"\([^)]*\)", "", tag[:100]))
    name = re.sub(r"_+", "_", snake_case(re.sub(r"[^0-9A-Za-z]+", "_", text))).strip("_")
    if not name:
        fixed = [segment for segment in _segments(paths[0]) if segment != "{}"]
        name = re.sub(r"\W+", "_", snake_case(next(iter(fixed[1:2] or fixed), ""))).strip("_") or "other"
    is_module = name[0].isascii() and name[0].isalpha() and not is_keyword(name)
    return name if is_module else f"group_{name}"  # what Python cannot import by its own name


def _segments(path: str) -> tuple[str, ...]:
    return tuple("{}" if segment.startswith("{") else segment for segment in path.strip("/").split("/"))


def _common(paths: list[tuple[str, ...]]) -> int:
    """How many fixed segments all paths begin with, at least one."""
    depth = 0
    while all(len(path) > depth and path[depth] == paths[0][depth] != "{}" for path in paths):
        depth += 1
    return max(depth, 1)
