"""What each version offers, kept as differences from the version before for a reviewer, and hashes of every file.

`CONNECTGEN_UPDATE_LISTING=1 pytest tests/whole/test_listing.py` writes both anew.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
from pathlib import Path

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.types import format_type
from connectgen.resolver import surface_at
from connectgen.surface import Surface
from support.command import ROOT
from support.versions import VERSIONS

KEPT = Path(__file__).with_name("listing")
REMEDY = "; read the difference, then run with CONNECTGEN_UPDATE_LISTING=1"


def listing(surface: Surface) -> list[str]:
    """A line an operation and a field; each says whose it is, so that a difference reads without its surroundings."""
    lines: list[str] = []
    for group in surface.groups:
        for one in group.operations:
            path = [f"{item.name}: {format_type(item.type)}" for item in one.path_parameters]
            body = [f"body: {format_type(one.body.type)}"] if one.body else []
            others = [
                f"{item.name}{'' if item.required is True else '?'}: {format_type(item.type)} in {item.place}"
                for item in one.parameters
            ]
            parts = [f"{part.name}: file" for part in one.parts]
            returns = format_type(one.returns) if one.returns else "nothing"
            lines.append(
                f"{group.family}.{group.name}.{one.name}({', '.join(path + body + others + parts)}) -> {returns}"
                f"   {one.method} {one.path}"
            )
    for kind in surface.types.values():
        lines.append(f"{kind.name}" + (f" extends {kind.extends}" if kind.extends else ""))
        lines += [
            f"{kind.name}.{item.name}{' required' if item.required is True else ''}: {format_type(item.type)}"
            for item in kind.properties
        ]
    return sorted(lines)


def differences() -> dict[str, str]:
    """The texts to keep, by file name: the first version whole, the others as lines that came and went."""
    catalogue = load_catalogue(ROOT / "spec")
    texts: dict[str, str] = {}
    before: list[str] = []
    for version in VERSIONS:
        now = listing(surface_at(catalogue, version))
        if not before:
            changed = now
        else:
            compared = difflib.unified_diff(before, now, n=0, lineterm="")
            changed = [line for line in compared if not line.startswith(("---", "+++", "@@"))]
        texts[f"v{version}.txt"] = "".join(f"{line}\n" for line in changed)
        before = now
    return texts


def hashes(packages: Path) -> str:
    """Each generated file's hash with the versions that have it; a file's name without its version's folders."""
    found: dict[str, dict[str, list[int]]] = {}
    for version in VERSIONS:
        root = packages / f"sf-connect-v{version}"
        for path in sorted(root.rglob("*")):
            if path.is_file() and not {"__pycache__", ".connectgen"} & set(path.parts):
                name = path.relative_to(root).as_posix().replace(f"sf_connect/v{version}/", "")
                digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
                found.setdefault(name, {}).setdefault(digest, []).append(version)
    lines = [f"{json.dumps(name)}: {json.dumps(found[name])}" for name in sorted(found)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def compare(name: str, text: str) -> None:
    """Compare with what is kept, or keep it where that is asked."""
    path = KEPT / name
    if os.environ.get("CONNECTGEN_UPDATE_LISTING"):
        KEPT.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    if kept != text:
        shown = difflib.unified_diff(kept.splitlines(), text.splitlines(), "kept", "now", n=0, lineterm="")
        pytest.fail(f"{name} changed{REMEDY}\n" + "\n".join(list(shown)[:80]), pytrace=False)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The listings, made once."""
    return differences()


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_offers_is_as_reviewed(texts: dict[str, str], version: int) -> None:
    """Operations, signatures, models and fields."""
    compare(f"v{version}.txt", texts[f"v{version}.txt"])


def test_every_file_is_as_reviewed(packages: Path) -> None:
    """No generated file changes unseen."""
    compare("hashes.json", hashes(packages))
