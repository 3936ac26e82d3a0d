"""Measures imports of 200,000 properties: of a vendor's OpenAPI file and of the guide's pages, made for this."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import ROOT, Figure, environment
from benchmarks.processes import run

TYPES, PROPERTIES = 2_000, 100
"""How many types there are, and how many properties each of them has: 200,000 in all."""
_RESOURCES = 500
_AT_MOST = 20


def figures(workplace: Path, _repeats: int) -> Iterator[Figure]:
    """Measure the processor time of the whole command, with the catalogue's files remembered.

    Args:
        workplace: where the sources, the copied catalogue and the cache go.
    """
    file = workplace / "many.yaml"
    file.write_text(openapi_text(), encoding="utf-8")
    pages = workplace / "pages"
    write_pages(pages)
    sources = {
        "an OpenAPI file": ("import", "openapi", str(file), "--family", "many", "--new-family"),
        "the guide's pages": ("import", "guide", str(pages), "--accept", "additions"),
    }
    for name, arguments in sources.items():
        catalogue = Path(shutil.copytree(ROOT / "spec", workplace / f"spec-{arguments[1]}"))

        def seconds(*arguments: str, catalogue: Path = catalogue) -> float:
            command = [sys.executable, "-m", "connectgen", *arguments, "--catalogue", str(catalogue)]
            return run(command, cwd=workplace, env=environment()).processor

        seconds("validate")
        yield Figure(f"import 200,000 properties, {name}", seconds(*arguments), "s", _AT_MOST)
        yield Figure("  a second time", seconds(*arguments), "s", _AT_MOST)


def openapi_text() -> str:
    """An OpenAPI file whose schemas refer to one another, with the descriptions that a vendor's file has."""
    lines = ["openapi: 3.0.3", "info: {title: Many, version: '67.0'}", "paths:"]
    per_resource = TYPES // _RESOURCES
    for number in range(_RESOURCES):
        content = f"{{application/json: {{schema: {_reference(number * per_resource)}}}}}"
        lines += [
            f"  /many/things{number}:",
            "    get:",
            f"      tags: [Group {number // 25}]",
            "      summary: Reads.",
            '      description: "**Available Version:** 45.0"',
            f'      responses: {{"200": {{description: Done, content: {content}}}}}',
        ]
    lines += ["components:", "  schemas:"]
    for number in range(TYPES):
        lines += [f"    Thing{number}:", "      type: object", "      properties:"]
        if (number + 1) % per_resource:
            lines.append(f"        next: {_reference(number + 1)}")
        else:
            lines.append("        next: {type: string}")
        lines += [_property(number, index) for index in range(1, PROPERTIES)]
    return "\n".join(lines) + "\n"


def _reference(number: int) -> str:
    return f'{{$ref: "#/components/schemas/Thing{number}"}}'


def _property(number: int, index: int) -> str:
    """A property: most names are in many types, as they are in the vendor's."""
    name = f"p{(number * 7 + index) % 1000}"
    if index % 10 == 0:
        return f"        {name}: {{type: string, enum: [A{index}, B{index}]}}"
    if index % 10 == 1:
        return f'        {name}: {{type: string, description: "**Available Version:** {50 + index % 17}.0"}}'
    return f"        {name}: {{type: {('string', 'integer', 'boolean')[index % 3]}}}"


def write_pages(folder: Path) -> None:
    """Write pages in the manner of the guide: each resource gives a type, which has others in it."""
    folder.mkdir()
    per_resource = TYPES // _RESOURCES
    for number in range(_RESOURCES):
        text = _RESOURCE.format(number=number, word=_word(number), first=number * per_resource)
        (folder / f"things-{number}.md").write_text(text, encoding="utf-8")
    for number in range(TYPES):
        rows = [_row(number, index) for index in range(1, PROPERTIES)]
        inner = f"[Thing {number + 1}](x/y/connect_responses_thing_{number + 1}.htm)"
        first = inner if (number + 1) % per_resource else "String"
        text = "\n".join([_TABLE.format(number=number), f"| next | {first} | The next. | Small, 40.0 | 40.0 |", *rows])
        (folder / f"thing-{number}.md").write_text(f"{text}\n", encoding="utf-8")


def _word(number: int) -> str:
    """A word of letters alone: the guide's reader takes a number in a path for an example's id."""
    return "things" + "".join("abcdefghij"[int(digit)] for digit in f"{number:03}")


def _row(number: int, index: int) -> str:
    name = f"p{(number * 7 + index) % 1000}"
    kind = ("String", "Integer", "Boolean")[index % 3]
    version = f"{40 + index % 20}.0"
    return f"| {name} | {kind} | Says something. | Small, {version} | {version} |"


_RESOURCE = """\
---
title: "Things {number}"
---

# Things {number}

Resource

```

```

Available version

40.0

HTTP methods

GET

Response body for GET

[Thing {first}](x/y/connect_responses_thing_{first}.htm "A thing.")

## Code Examples

```
/connect/many/{word}
```
"""
_TABLE = """\
# Thing {number}

| Property Name | Type | Description | Filter Group and Version | Available Version |
| --- | --- | --- | --- | --- |"""
