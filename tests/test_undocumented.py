"""Operations that no reference has: what says so, and what may be left out or change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.command import connectgen, generate_arguments
from support.undocumented import small_catalogue_with_compost

pytestmark = pytest.mark.usefixtures("remembered")


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return small_catalogue_with_compost(tmp_path)


def test_a_docstring_says_so(catalogue: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert connectgen(*generate_arguments(catalogue, out, "33.0"), cwd=tmp_path).returncode == 0
    text = (out / "sf-connect-v33/sf_connect/v33/groups/garden/compost.py").read_text(encoding="utf-8")
    assert "Get the heap. (Undocumented.)" in text
    assert text.count("no reference has it") == 4  # two methods, sync and async


def test_a_client_can_be_made_of_what_is_documented(catalogue: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = connectgen(*generate_arguments(catalogue, out, "--documented-only"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    files = [path for path in out.rglob("*.py") if "compost" in path.read_text(encoding="utf-8").lower()]
    assert files == []
    whole = tmp_path / "whole"
    assert connectgen(*generate_arguments(catalogue, whole, "33.0"), cwd=tmp_path).returncode == 0
    # One folder after the other is another output, which the notes of the folder tell apart.
    again = connectgen(*generate_arguments(catalogue, out), cwd=tmp_path)
    assert "3 packages written" in again.stdout


def test_the_usual_folder_is_not_reduced_by_mistake(catalogue: Path, tmp_path: Path) -> None:
    done = connectgen("generate", "--catalogue", str(catalogue), "--documented-only", cwd=tmp_path)
    assert done.returncode == 2
    assert "--documented-only needs --out: generated holds the whole packages" in done.stderr
    assert not (tmp_path / "generated").exists()


def diff(catalogue: Path, before: str, after: str, folder: Path) -> dict[str, dict[str, Any]]:
    done = connectgen("diff", before, after, "--catalogue", str(catalogue), "--format", "json", cwd=folder)
    return {change["id"]: change for change in json.loads(done.stdout)["changes"]}


def test_what_changes_there_is_a_warning_at_most(catalogue: Path, tmp_path: Path) -> None:
    gone = diff(catalogue, "32.0", "33.0", tmp_path)["response-property-removed:CompostHeap.owner"]
    assert (gone["severity"], gone["undocumented"]) == ("warning", True)
    back = diff(catalogue, "31.0", "30.0", tmp_path)
    assert back["operation-removed:garden.compost.turn"]["severity"] == "warning"
    assert {change["severity"] for change in back.values() if not change["undocumented"]} >= {"breaking"}
