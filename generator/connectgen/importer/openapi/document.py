"""Reads an OpenAPI file, in bounded time and memory, into values that know their lines; follows its references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

import yaml

from connectgen.catalogue.yaml_reader import LineDict, LineList, RefusedError, TreeBuilder
from connectgen.importer.openapi.references import decode_references, value_at

MAX_BYTES = 16_000_000
"""A larger file is no description of an API."""
MAX_VALUES = 2_000_000
"""More keys and values than this are no description of an API."""
MAX_OPERATIONS, MAX_SCHEMAS = 5_000, 20_000
MAX_KEY = 1_000
"""A longer key is no path, and no name."""
MAX_DEPTH = 100
"""Deeper nesting than this is no description of an API."""
MAX_REFERENCES = 100
"""How many references may lead from one to the next."""

_NUMBER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = frozenset(["", "~", "null", "Null", "NULL"])
_PAIR = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_VERSION = re.compile(r"3\.[01]\.\d+(?:-.+)?")
_METHODS = frozenset(["get", "head", "post", "patch", "put", "delete"])


class SourceError(Exception):
    """The file cannot be used; the message is one line with file, line (where it was read) and what to do."""

    def __init__(self, file: str, line: int | None, message: str, remedy: str) -> None:
        place = file if line is None else f"{file}:{line}"
        text = f"{place}: {message}; {remedy}"
        super().__init__("".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text))


def is_object(value: object) -> TypeGuard[LineDict]:
    """Whether a value of the file is an object."""
    return isinstance(value, LineDict)


def is_array(value: object) -> TypeGuard[LineList]:
    """Whether a value of the file is an array."""
    return isinstance(value, LineList)


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read.

    Attributes:
        file: how messages call it.
        root: its content.
        followed: the pointers that references led to since it was cleared.
    """

    file: str
    root: LineDict
    followed: set[str] = field(default_factory=set[str])

    def error(self, line: int, message: str, remedy: str) -> SourceError:
        """What to raise where the file is at fault."""
        return SourceError(self.file, line, message, remedy)

    def object_at(self, owner: LineDict, key: str, *, required: bool = False) -> LineDict:
        """The object under a key; an empty one where the key is absent.

        Raises:
            SourceError: something else was found, or nothing and it is required.
        """
        value = owner.get(key)
        if value is None and not required:
            return LineDict(owner.line_of(key))
        if value is None:
            raise self.error(owner.line, f"{key!r} is missing", "give the whole OpenAPI file")
        if not is_object(value):
            raise self.error(owner.line_of(key), f"{key!r} is no object", "correct it as OpenAPI asks")
        if value.keys() == {"$ref"} and isinstance(value["$ref"], str):
            return self.resolved(value, owner.line_of(key))[0]  # some tools write references anywhere
        return value

    def array_at(self, owner: LineDict, key: str) -> LineList:
        """The array under a key; an empty one where the key is absent."""
        value = owner.get(key)
        if value is None:
            return LineList(owner.line_of(key))
        if not is_array(value):
            raise self.error(owner.line_of(key), f"{key!r} is no array", "correct it as OpenAPI asks")
        return value

    def text_at(self, owner: LineDict, key: str) -> str:
        """The text under a key, empty where it is absent."""
        value = owner.get(key)
        return value if isinstance(value, str) else ""

    def resolved(self, value: Any, line: int) -> tuple[LineDict, str | None]:
        """Follow references until an object is reached; one that is more than a reference ends the way too.

        Args:
            value: what is in the file.
            line: its line.

        Returns:
            The object, and the pointer (`/components/schemas/Segment`) under which it is, None where it was in place.

        Raises:
            SourceError: a reference leads nowhere, outside of the file, or round in a circle.
        """
        pointer: str | None = None
        for _ in range(MAX_REFERENCES):
            if not is_object(value):
                raise self.error(line, "an object is needed here", "correct it as OpenAPI asks")
            reference = value.get("$ref")
            if not isinstance(reference, str) or (pointer and any(key in value for key in ("properties", "allOf"))):
                return value, pointer
            line = value.line_of("$ref")
            pointer = self._pointer(reference, line)
            self.followed.add(pointer)
            value = self._at(pointer, reference, line)
        raise self.error(line, "references lead round in a circle", "let one of them lead to an object")

    def _pointer(self, reference: str, line: int) -> str:
        if not reference.startswith("#/"):
            raise self.error(
                line,
                f"the reference {reference[:100]!r} leads out of the file",
                "bundle everything into one file; nothing is fetched and no other file is opened",
            )
        return reference[1:]

    def _at(self, pointer: str, reference: str, line: int) -> Any:
        try:
            return value_at(self.root, pointer)
        except LookupError:
            raise self.error(
                line, f"the reference {reference[:100]!r} leads nowhere", "correct it, or add what it names"
            ) from None


def read_document(path: Path) -> Document:
    """Read an OpenAPI file, YAML or JSON.

    Args:
        path: the file. Nothing else is opened, whatever it refers to.

    Raises:
        SourceError: it cannot be read, is no OpenAPI 3.0 or 3.1, or is made to be too much to read.
    """
    file = str(path)
    text = _text(path, file)
    try:
        root = _Builder(text, MAX_DEPTH).build()
    except RefusedError as refused:
        raise SourceError(file, refused.line, refused.message, refused.remedy) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise SourceError(
            file, line, f"cannot be read: {error.problem or error.context}", "give valid YAML or JSON"
        ) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise SourceError(file, line, "holds a character that YAML forbids", "remove the control character") from None
    if root is None and not text.strip():
        raise SourceError(file, 1, "is empty", "give an OpenAPI 3.0 or 3.1 file")
    if not is_object(root):
        raise SourceError(file, 1, "is not OpenAPI: it holds no object", "give an OpenAPI 3.0 or 3.1 file")
    if "swagger" in root:
        remedy = "convert it to OpenAPI 3 first"
        raise SourceError(file, root.line_of("swagger"), "is Swagger 2, not OpenAPI 3", remedy)
    version = root.get("openapi")
    if version is None:
        raise SourceError(file, 1, "is not OpenAPI: the key 'openapi' is missing", "give an OpenAPI 3.0 or 3.1 file")
    if not _VERSION.fullmatch(str(version)):
        message = f"is OpenAPI {str(version)[:20]}, of which nothing is known here"
        raise SourceError(file, root.line_of("openapi"), message, "give an OpenAPI 3.0 or 3.1 file")
    decode_references(root)
    document = Document(file, root)
    schemas = document.object_at(document.object_at(root, "components"), "schemas")
    if len(schemas) > MAX_SCHEMAS:
        raise document.error(schemas.line, f"has more than {MAX_SCHEMAS} schemas", "split the file by families")
    if not document.object_at(root, "paths", required=True):
        raise document.error(root.line_of("paths"), "has no paths", "give the whole OpenAPI file")
    return document


def operations_of(document: Document) -> Iterator[tuple[str, int, LineDict, str, LineDict]]:
    """Every operation: path, its line, the path's entry, the method in capitals, the operation."""
    paths = document.object_at(document.root, "paths", required=True)
    count = 0
    for path, value in paths.items():
        if path.startswith("x-"):
            continue
        item, _ = document.resolved(value, paths.lines[path])
        for method, operation in item.items():
            if method in _METHODS:
                if not is_object(operation):
                    raise document.error(
                        item.lines[method], f"{method} {path} is no object", "correct it as OpenAPI asks"
                    )
                operation, _ = document.resolved(operation, item.lines[method])
                count += 1
                if count > MAX_OPERATIONS:
                    message = f"has more than {MAX_OPERATIONS} operations"
                    raise document.error(item.lines[method], message, "split the file by families")
                yield path, paths.lines[path], item, method.upper(), operation


def _text(path: Path, file: str) -> str:
    try:
        if not path.is_file():
            raise SourceError(file, None, "is no file", "name the OpenAPI file")
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(file, None, f"is larger than {MAX_BYTES // 1_000_000} MB", "give a description of an API")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SourceError(file, None, f"cannot be read ({error.strerror})", "make it a readable file") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourceError(file, line, "is not UTF-8", "save the file as UTF-8") from None
    if text.lstrip()[:1] == "{":
        # JSON is YAML but for tabs between tokens (in its strings they are escaped) and halves of characters.
        text = _PAIR.sub(_joined, text.replace("\t", " "))
    return text


def _joined(pair: re.Match[str]) -> str:
    return (bytes.fromhex(pair[1]) + bytes.fromhex(pair[2])).decode("utf-16-be")


class _Builder(TreeBuilder):
    """YAML 1.2 and JSON, bounded."""

    max_key = MAX_KEY
    _values = 0

    def scalar(self, event: Any, line: int) -> Any:
        return _scalar(event)

    def check(self, event: Any, line: int) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise RefusedError(line, f"has more than {MAX_VALUES} keys and values", "give a description of an API")
        if isinstance(event, yaml.AliasEvent):
            # An alias may stand for many of many of many: what it costs to read is not to be seen.
            raise RefusedError(line, "YAML aliases are not read", "write the value out, or use $ref")


def _scalar(event: Any) -> str | int | float | bool | None:
    text: str = event.value
    if event.style in ("'", '"', "|", ">"):
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text in _NULLS:
        return None
    if _NUMBER.fullmatch(text) and len(text) < 30:
        return int(text)
    if _FLOAT.fullmatch(text) and len(text) < 30:
        return float(text)
    return text
