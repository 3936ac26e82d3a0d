"""Our own documents, read back by our own importer, say what the Surface said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.types import Named, format_type, names_in
from connectgen.importer.openapi.importing import ImportRequest, import_openapi
from connectgen.openapi.document import openapi_document
from connectgen.openapi.text import document_text
from connectgen.resolver import surface_at
from connectgen.surface import Surface, SurfaceOperation, SurfaceProperty
from support.command import ROOT
from support.versions import NEWEST

GROUPS = ["identity", "data360"]


def part(surface: Surface, family: str) -> dict[str, Any]:
    """The document of one family alone."""
    document = openapi_document(surface)
    paths = {
        path: {method: one for method, one in item.items() if one["tags"][0].startswith(f"{family}.")}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": {path: item for path, item in paths.items() if item}}


def operations(surface: Surface) -> dict[tuple[str, str], SurfaceOperation]:
    return {(one.method, one.path): one for group in surface.groups for one in group.operations}


def facts_of(item: SurfaceProperty) -> tuple[Any, ...]:
    named = any(True for _ in names_in(item.type))
    # An id is a string in OpenAPI, and what is Any has no type.
    kind = None if named else format_type(item.type).replace("Id", "String")
    return (item.name, kind, item.required is True, item.values, item.group, item.max_length)


@pytest.mark.parametrize("family", GROUPS)
def test_a_family_comes_back(tmp_path: Path, surfaces: Callable[[int], Surface], family: str) -> None:
    surface = surfaces(NEWEST)
    file = tmp_path / "own.yaml"
    file.write_text(document_text(part(surface, family), "yaml"), encoding="utf-8")
    spec = tmp_path / "spec"
    for folder in ("resources", "types"):
        (spec / folder).mkdir(parents=True)
    for name in ("releases.yaml", "status_codes.yaml"):
        shutil.copy(ROOT / "spec" / name, spec / name)
    list(import_openapi(ImportRequest(file=file, family=family, spec_dir=spec, new_family=True)))
    back = surface_at(load_catalogue(spec), NEWEST)

    wanted = {key: one for key, one in operations(surface).items() if one.family == family}
    found = operations(back)
    assert set(found) == set(wanted)
    for key, one in wanted.items():
        other = found[key]
        assert [(item.name, item.place, item.required is True) for item in other.parameters] == [
            (item.name, item.place, item.required is True) for item in one.parameters
        ], key
        assert (other.status, other.span.since if one.span.since else 0) == (one.status, one.span.since), key
        assert (other.body is None, other.returns is None) == (one.body is None, one.returns is None), key
        if one.body and isinstance(one.body.type, Named):
            assert other.body
            assert other.body.type == one.body.type
    for name, kind in surface.types.items():
        if name in back.types and not kind.extends:
            other_kind = back.types[name]
            assert [facts_of(item) for item in other_kind.properties] == [
                facts_of(item) for item in kind.properties
            ], name
    assert len(back.types) > 50
