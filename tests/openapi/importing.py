"""What the tests of the importer share: the small catalogue with a vendor's file that is imported into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from connectgen.importer.openapi.importing import ImportRequest, import_openapi
from connectgen.importer.short_files import ShortFiles
from support.command import ROOT

SHED = ROOT / "tests" / "fixtures" / "openapi" / "shed.yaml"


def run(catalogue: Path, file: Path = SHED, **more: Any) -> list[str]:
    """Import a file as the family `shed`; gives what the command prints."""
    request = ImportRequest(**{"file": file, "family": "shed", "spec_dir": catalogue, "new_family": True, **more})
    return list(import_openapi(request))


def read(catalogue: Path, name: str) -> Any:
    """A file of the catalogue as plain values."""
    if name.startswith(("resources/", "types/")):
        return ShortFiles(catalogue).read(name)  # with everything filled in
    return yaml.safe_load((catalogue / name).read_text(encoding="utf-8"))


def tools(catalogue: Path) -> dict[str, Any]:
    """The resources of the group of tools, by path."""
    return {entry["path"]: entry for entry in read(catalogue, "resources/shed/garden_tools.yaml")["resources"]}


def types(catalogue: Path) -> dict[str, Any]:
    """All types of the family."""
    found: dict[str, Any] = {}
    for path in sorted((catalogue / "types" / "shed").glob("*.yaml")):
        found |= read(catalogue, path.relative_to(catalogue).as_posix())["types"]
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The vendor's file with pieces of text replaced, each of which must be there."""
    text = SHED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = tmp_path / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    return path
