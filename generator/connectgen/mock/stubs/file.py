"""Reads a YAML or JSON file of stubs; every fault is one line with file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from connectgen.catalogue.yaml_reader import LineDict, RefusedError, TreeBuilder
from connectgen.mock.stubs.model import Stub
from connectgen.mock.stubs.reading import StubReader, Wrong
from connectgen.mock.versions import Versions

_MOST_BYTES = 16 * 1024 * 1024
_DEEPEST = 60
_CONSTANTS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,18})\.[0-9]{1,20}(?:[eE][-+]?[0-9]{1,3})?")


class StubFileError(Exception):
    """A file of stubs that cannot be used; `lines` says why."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def read_stubs(path: Path, versions: Versions) -> list[Stub]:
    """The stubs of a file.

    Args:
        path: the file: `stubs:`, then a list.
        versions: the Surfaces that responses are checked against.

    Raises:
        StubFileError: it cannot be used.
    """
    document = _document(path)
    reader = StubReader(versions)
    listed: object = document.get("stubs") if isinstance(document, LineDict) else None
    if not isinstance(document, LineDict) or not isinstance(listed, list):
        raise StubFileError([f"{path}:1: a file of stubs has the key stubs with a list; write stubs: first"])
    for key in document:
        if key != "stubs":
            reader.wrong.append(Wrong(document.line_of(key), f"a file of stubs has no {key[:40]!r}; it has stubs"))
    found: list[Stub] = []
    for one in cast("list[object]", listed):
        if not isinstance(one, LineDict):
            reader.wrong.append(Wrong(document.line_of("stubs"), "each stub is a mapping; begin it with operation:"))
        elif (stub := reader.read(one)) is not None:
            found.append(stub)
    if reader.wrong:
        lines = sorted(reader.wrong, key=lambda wrong: wrong.line)
        raise StubFileError([f"{path}:{wrong.line or 1}: {wrong.message}" for wrong in lines])
    return found


def _document(path: Path) -> Any:
    try:
        data = path.read_bytes()
        if len(data) > _MOST_BYTES:
            raise StubFileError([f"{path}:1: is larger than 16 MB; divide it"])
        return _Builder(data.decode("utf-8-sig"), _DEEPEST).build()
    except OSError as error:
        raise StubFileError([f"{path}:1: cannot be read ({error.strerror}); make it a readable file"]) from None
    except UnicodeDecodeError:
        raise StubFileError([f"{path}:1: is not UTF-8; save the file as UTF-8"]) from None
    except RefusedError as refused:
        raise StubFileError([f"{path}:{refused.line}: {refused.message}; {refused.remedy}"]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join((error.problem or "it is no YAML").split())
        raise StubFileError([f"{path}:{mark.line + 1 if mark else 1}: YAML cannot be read: {reason}"]) from None
    except yaml.YAMLError:
        raise StubFileError([f"{path}:1: YAML cannot be read: remove its control characters"]) from None


class _Builder(TreeBuilder):
    """YAML 1.2 and JSON without aliases and tags."""

    def scalar(self, event: Any, line: int) -> Any:
        text: str = event.value
        if event.style in ("'", '"', "|", ">"):
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if _FLOAT.fullmatch(text) else text

    def check(self, event: Any, line: int) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise RefusedError(line, "anchors and aliases are not used here", "write the value out")
        if event.tag is not None:
            raise RefusedError(line, f"the tag {str(event.tag)[:40]!r} is not used here", "remove the tag")
