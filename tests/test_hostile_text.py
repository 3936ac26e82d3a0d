"""Whatever text stands in the catalogue, it is refused with one clear line, or comes out as harmless text."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectgen.catalogue.loader import check_catalogue
from support.command import SMALL_CATALOGUE, connectgen, files_of, generate_arguments
from support.forked import in_fork
from support.importing import import_all, importable

PAYLOAD = "__import__('pathlib').Path('owned').touch()"
TEXTS = {
    "double quotes": f'say "hi" "{PAYLOAD}"',
    "single quotes": f"it's '{PAYLOAD}'",
    "three double quotes": f'""" + {PAYLOAD} + """',
    "three single quotes": f"''' + {PAYLOAD} + '''",
    "quote at the end": 'ends with "',
    "backslash at the end": "ends with \\",
    "backslash and quotes": f'\\""" + {PAYLOAD} + r"\\"""',
    "escapes": r"\x41 \u0041 \N{DIGIT ONE} \n \' \" \0",
    "template": "{{ 7 * 7 }} {% raw %} {# no #} ${x} {0} %s %(x)s",
    "template that ends": "}} %} #} {% endblock %}{{ '' }}",
    "newline": f"one\n{PAYLOAD}",
    "carriage return": f"one\r{PAYLOAD}",
    "form feed": f"one\f{PAYLOAD}",
    "line separator": f"one\u2028{PAYLOAD}",
    "nul": "one\0two",
    "escape character": "\x1b[31mred\x1b[0m",
    "right to left": "one\u202eowt",
    "parent path": "../../../../owned",
    "comment": f"# type: ignore\n{PAYLOAD}",
    "markup": "<script>alert(1)</script> & [x](javascript:alert(1)) `code`",
    "astral": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🌱",
    "lone brace": "{",
    "yaml": "a: b # c, [d], {e}, &f *g !h",
    "toml": '"\n[tool.evil]\nx = "',
    "long": "word " * 400,
}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
Path_ = tuple[str | int, ...]
PLANTS, TYPES, INPUTS = "resources/garden/plants.yaml", "types/garden/plants.yaml", "types/garden/inputs.yaml"
ENUMERATIONS = "enumerations/garden.yaml"
FIELDS: dict[str, tuple[str, Path_]] = {
    "release name": ("releases.yaml", ("releases", 3, "name")),
    "retired in": ("releases.yaml", ("releases", 0, "retired_in")),
    "status phrase": ("status_codes.yaml", ("status_codes", 2, "phrase")),
    "status summary": ("status_codes.yaml", ("status_codes", 2, "summary")),
    "group summary": (PLANTS, ("summary",)),
    "operation summary": (PLANTS, ("resources", 0, "operations", "GET", "summary")),
    "operation name": (PLANTS, ("resources", 0, "operations", "GET", "name")),
    "path": (PLANTS, ("resources", 0, "path")),
    "guide": (PLANTS, ("resources", 0, "guide")),
    "pagination style": (PLANTS, ("resources", 0, "operations", "GET", "pagination", "style")),
    "pagination items": (PLANTS, ("resources", 0, "operations", "GET", "pagination", "items")),
    "parameter description": (PLANTS, ("resources", 0, "operations", "GET", "parameters", "pageToken", "description")),
    "parameter enumeration": (PLANTS, ("resources", 0, "operations", "GET", "parameters", "sort", "values")),
    "parameter default": (PLANTS, ("resources", 0, "operations", "GET", "parameters", "sort", "default")),
    "path parameter description": (PLANTS, ("resources", 2, "parameters", "plantId", "description")),
    "json part": ("resources/archive/pictures.yaml", ("resources", 0, "operations", "POST", "json_part")),
    "part description": (
        "resources/archive/pictures.yaml",
        ("resources", 0, "operations", "POST", "parts", "fileUpload", "description"),
    ),
    "type summary": (TYPES, ("types", "Plant", "summary")),
    "xml": (TYPES, ("types", "Plant", "xml")),
    "item": (TYPES, ("types", "Plant", "item")),
    "discriminator property": (TYPES, ("types", "Plant", "discriminator", "property")),
    "unreferenced": (TYPES, ("types", "Rake", "unreferenced")),
    "property description": (TYPES, ("types", "Plant", "properties", "neighbours", "description")),
    "property value": (INPUTS, ("types", "PlantInput", "properties", "kind", "values", 0)),
    "property default": (TYPES, ("types", "Scarecrow", "properties", "hat", "default")),
    "because": (TYPES, ("types", "Plant", "properties", "extra", "because")),
    "condition": (INPUTS, ("types", "PlantInput", "properties", "label", "condition")),
    "input default": (INPUTS, ("types", "PlantInput", "properties", "count", "default")),
    "property type": (TYPES, ("types", "Scarecrow", "properties", "hat", "type")),
    "enumeration summary": (ENUMERATIONS, ("enumerations", "PlantSort", "summary")),
    "enumeration value": (ENUMERATIONS, ("enumerations", "Rendition", "values", 0)),
    "enumeration value description": (ENUMERATIONS, ("enumerations", "PlantSort", "values", 1, "description")),
}
KEYS: dict[str, tuple[str, Path_]] = {
    "parameter name": (PLANTS, ("resources", 2, "operations", "PUT", "parameters", "class")),
    "property name": (TYPES, ("types", "Plant", "properties", "names")),
    "input property name": (INPUTS, ("types", "PlantInput", "properties", "notes")),
    "discriminator value": (TYPES, ("types", "Plant", "discriminator", "values", "Hedge")),
    "part name": ("resources/archive/pictures.yaml", ("resources", 0, "operations", "POST", "parts", "preview")),
    "type name": (TYPES, ("types", "Rake")),
    "enumeration name": (ENUMERATIONS, ("enumerations", "Rendition")),
}


def put(catalogue: Path, place: tuple[str, Path_], text: str, *, as_key: bool = False) -> None:
    """Put a text into the copied catalogue, as a value or in place of a key."""
    file, (*way, last) = place[0], place[1]
    document = yaml.load((catalogue / file).read_text(encoding="utf-8"), _LOADER)
    inner = document
    for step in way:
        inner = inner[step]
    there = isinstance(inner, list) if isinstance(last, int) else isinstance(inner, dict) and last in inner
    assert there, f"{place} is not in the small catalogue"
    if as_key:
        inner[text] = inner.pop(last)
    else:
        inner[last] = text
    written = yaml.dump(document, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=10_000)
    (catalogue / file).write_text(written, encoding="utf-8")


def refused(catalogue: Path, known: Path | None = None) -> bool:
    """Whether the catalogue is at fault; then each fault is one printable line with file and line.

    Args:
        catalogue: its folder.
        known: a folder in which it is remembered what files hold, or None.
    """
    _, faults = check_catalogue(catalogue, known)
    for fault in faults:
        line = str(fault)
        assert line.isprintable(), line
        assert fault.location.line >= 1
        assert (catalogue / fault.location.file).is_file()
    return bool(faults)


def import_client(packages: Path, version: int, cwd: Path) -> None:
    """Import every module of a client; what Python compiles of it is not kept."""
    os.chdir(cwd)
    sys.dont_write_bytecode = True
    warnings.simplefilter("error", SyntaxWarning)
    with importable(packages, [version]):
        import_all(packages / f"sf-connect-v{version}")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_hostile_text_is_refused_or_harmless(
    text: str, tmp_path: Path, small_packages: Path, fresh_catalogue: Callable[[], Path]
) -> None:
    accepted: list[tuple[tuple[str, Path_], bool]] = []
    copy, known = fresh_catalogue(), tmp_path / "known"
    for fields, as_key in ((FIELDS, False), (KEYS, True)):
        for place in fields.values():
            file = copy / place[0]
            before = file.read_bytes()
            put(copy, place, text, as_key=as_key)
            if not refused(copy, known):
                accepted.append((place, as_key))
            file.write_bytes(before)
    for place, as_key in accepted:
        put(copy, place, text, as_key=as_key)
    assert not refused(copy, known)

    out = tmp_path / "place" / "generated"
    shutil.copytree(small_packages.parent / ".cache", out.parent / ".cache")
    there = set(tmp_path.rglob("*"))
    done = connectgen(*generate_arguments(copy, out), cwd=out.parent)

    assert done.returncode == 0, done.stdout + done.stderr
    outside = [path for path in set(tmp_path.rglob("*")) - there if out not in path.parents and path != out]
    assert not [path for path in outside if ".cache" not in path.parts and path.name != ".cache"], outside
    for version in (30, 33):
        folder = out / f"sf-connect-v{version}"
        assert in_fork(partial(import_client, out, version, tmp_path)) == ""
        for path, content in files_of(folder).items():
            unprintable = [c for c in content.decode() if not c.isprintable() and c != "\n"]
            assert not unprintable, f"{path} has {unprintable}"
    assert not list(tmp_path.rglob("owned"))


@pytest.mark.parametrize(
    "path",
    [
        "/garden/../../owned",
        "/garden/%2e%2e/owned",
        "//evil.example/x",
        "https://evil.example/x",
        "/garden/a?b=c",
        "garden",
        "/",
        "",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str, fresh_catalogue: Callable[[], Path]) -> None:
    copy = fresh_catalogue()
    put(copy, FIELDS["path"], path)
    assert refused(copy)


@pytest.mark.parametrize("name", ["class", "import", "Upper", "a-b", "..", "__init__", "a b", "x.y"])
def test_a_file_name_that_is_no_name_is_refused(name: str, fresh_catalogue: Callable[[], Path]) -> None:
    copy = fresh_catalogue()
    source = copy / "resources" / "archive" / "pictures.yaml"
    source.rename(source.with_name(f"{name}.yaml"))
    _, faults = check_catalogue(copy)
    assert any(f"{name}.yaml" in fault.location.file for fault in faults), faults


@pytest.fixture
def fresh_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Copies of the small catalogue, a new one each call."""

    def copy() -> Path:
        return Path(shutil.copytree(SMALL_CATALOGUE, tmp_path_factory.mktemp("copy") / "catalogue"))

    return copy
