"""The recipes of docs/cookbook.md, set back to older versions: an upgrade gives them back as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.command import ROOT
from support.passed import check_unless_passed
from upgrade.conftest import Clients
from upgrade.test_programs import CHECKING, errors_of, write

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NEWEST = re.compile(r"\bsf_connect\.v67\b")
RECIPES = {
    f"recipe_{number}.py": text
    for number, text in enumerate(_BLOCK.findall((ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")))
    if _NEWEST.search(text)
}


def set_back(folder: Path, version: int) -> Path:
    folder.mkdir()
    for name, text in RECIPES.items():
        (folder / name).write_text(_NEWEST.sub(f"sf_connect.v{version}", text), encoding="utf-8")
    return folder


def contents(folder: Path) -> Mapping[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}


def test_there_are_recipes() -> None:
    assert len(RECIPES) >= 10


@pytest.mark.parametrize("version", [66, 61])
def test_an_upgrade_gives_the_recipes_back(version: int, clients: Clients, tmp_path: Path) -> None:
    folder = set_back(tmp_path / "app", version)
    result = clients.upgrade(folder, version, 67)
    write(result.contents)
    assert contents(folder) == RECIPES
    assert (result.comments, result.left_alone) == ([], [])
    assert clients.upgrade(folder, version, 67).contents == {}


@pytest.mark.node
def test_pyright_passes_what_an_upgrade_gives(clients: Clients, tmp_path: Path) -> None:
    """And what it was given: both are looked at in one run."""
    code = tmp_path / "code"
    code.mkdir()
    set_back(code / "before", 66)
    after = set_back(code / "after", 66)
    packages = clients.write(tmp_path / "packages", 66, 67)
    write(clients.upgrade(after, 66, 67).contents)
    assert "sf_connect.v66" not in "".join(contents(after).values())

    def check() -> None:
        assert [*errors_of(code, packages)] == []

    check_unless_passed("upgraded-recipes", [Path(__file__), *CHECKING, packages, code], check)
