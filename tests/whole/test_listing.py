"""What each version offers, and hashes of every file: kept for a reviewer as differences from the version before.

`CONNECTGEN_UPDATE_LISTING=1 pytest tests/whole/test_listing.py` writes both anew.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from connectgen.catalogue.types import format_type
from connectgen.iterators import waits_of
from connectgen.surface import Surface
from support.command import files_of
from support.kept import LISTING
from support.real import real_surface
from support.versions import NEWEST, OLDEST, VERSIONS

KEPT = Path(__file__).with_name("listing")


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
            lines += [f"{group.family}.{group.name}.{name} waits with {one.name}" for name in waits_of(one)]
    for kind in surface.types.values():
        lines.append(f"{kind.name}" + (f" extends {kind.extends}" if kind.extends else ""))
        lines += [
            f"{kind.name}.{item.name}{' required' if item.required is True else ''}: {format_type(item.type)}"
            for item in kind.properties
        ]
    return sorted(lines)


def differences() -> dict[str, str]:
    """The texts to keep, by file name: the first version whole, the others as lines that came and went."""
    texts: dict[str, str] = {}
    before: list[str] = []
    for version in VERSIONS:
        now = listing(real_surface(version))
        if not before:
            changed = now
        else:
            compared = difflib.unified_diff(before, now, n=0, lineterm="")
            changed = [line for line in compared if not line.startswith(("---", "+++", "@@"))]
        texts[f"v{version}.txt"] = "".join(f"{line}\n" for line in changed)
        before = now
    return texts


def hashes(packages: Path) -> str:
    """Each version's files with hashes: of the first all, of the others what is not as in the version before."""
    sections: list[str] = []
    before: dict[str, str] = {}
    for version in VERSIONS:
        now = hashes_of(packages / f"sf-connect-v{version}", version)
        lines = [json.dumps({"as in": f"{version - 1}.0"})[1:-1]] if before else []
        lines += [
            f"{json.dumps(name)}: {json.dumps(digest)}" for name, digest in now.items() if before.get(name) != digest
        ]
        lines += [f"{json.dumps(name)}: null" for name in before if name not in now]
        sections.append(f"{json.dumps(f'{version}.0')}: {{\n" + ",\n".join(lines) + "\n}")
        before = now
    return "{\n" + ",\n".join(sections) + "\n}\n"


def hashes_of(root: Path, version: int) -> dict[str, str]:
    """Each file of a package by its name without its version's folders."""
    return {
        name.replace(f"sf_connect/v{version}/", ""): hashlib.sha256(content).hexdigest()[:16]
        for name, content in files_of(root).items()
    }


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The listings, made once."""
    return differences()


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_offers_is_as_reviewed(texts: dict[str, str], version: int) -> None:
    """Operations, signatures, models and fields."""
    LISTING.compare(KEPT / f"v{version}.txt", texts[f"v{version}.txt"])


def test_every_file_is_as_reviewed(packages: Path) -> None:
    """No generated file changes unseen."""
    LISTING.compare(KEPT / "hashes.json", hashes(packages))


def test_a_version_that_is_as_the_one_before_is_a_few_lines(small_packages: Path, tmp_path: Path) -> None:
    """A release without news changes what is kept by the files that name the version."""
    for version in VERSIONS:
        shutil.copytree(small_packages / "sf-connect-v33", tmp_path / f"sf-connect-v{version}")
        root = tmp_path / f"sf-connect-v{version}" / "sf_connect"
        (root / "v33").rename(root / f"v{version}")
        (root / f"v{version}" / "client.py").write_text(f"# {version}\n", encoding="utf-8")
    (tmp_path / f"sf-connect-v{NEWEST}" / "README.md").unlink()
    kept = json.loads(hashes(tmp_path))
    assert len(kept[f"{OLDEST}.0"]) > 20
    assert list(kept[f"{NEWEST - 1}.0"]) == ["as in", "client.py"]
    assert kept[f"{NEWEST}.0"]["as in"] == f"{NEWEST - 1}.0"
    assert kept[f"{NEWEST}.0"]["README.md"] is None
    assert len(kept[f"{NEWEST}.0"]) == 3
