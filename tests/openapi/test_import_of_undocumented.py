"""A file of the vendor's that describes what was undocumented: a person is asked whether it is documented now."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.command import ROOT, connectgen

_FILE = """\
openapi: 3.0.3
info: {title: Data 360, version: "67.0"}
paths:
  /ssot/semantic/models:
    get:
      summary: Get semantic models
      description: "Available Version: 62.0"
      responses:
        "200":
          description: all of them
          content: {application/json: {schema: {$ref: "#/components/schemas/SemanticModelCollectionRepresentation"}}}
components:
  schemas:
    SemanticModelCollectionRepresentation:
      type: object
      properties: {items: {type: array, items: {$ref: "#/components/schemas/SemanticModelOutputRepresentation"}}}
    SemanticModelOutputRepresentation: {type: object, properties: {app: {type: string}}}
"""
_QUESTION = "/ssot/semantic/models GET: stage is undocumented here, and the source describes it"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "spec", tmp_path / "spec")
    (tmp_path / "models.yaml").write_text(_FILE, encoding="utf-8")
    (tmp_path / ".cache").symlink_to(ROOT / ".cache")  # nothing in it goes by a file's place
    return tmp_path


def imported(folder: Path, *more: str) -> str:
    arguments = ("import", "openapi", "models.yaml", "--family", "data360", "--catalogue", "spec", "--no-ask", *more)
    done = connectgen(*arguments, cwd=folder)
    return done.stdout + done.stderr


def is_undocumented(folder: Path) -> bool:
    shown = connectgen("show", "data360.semantic_models.list", "--catalogue", "spec", cwd=folder).stdout
    return "undocumented" in shown


def test_it_is_asked_and_changes_nothing_by_itself(folder: Path) -> None:
    assert _QUESTION in imported(folder)
    assert is_undocumented(folder)


def test_the_answer_makes_it_documented_and_is_asked_once(folder: Path) -> None:
    imported(folder, "--answers", "answers.yaml", "--dry-run")
    answers = folder / "answers.yaml"
    assert "(stage)" in answers.read_text(encoding="utf-8")
    answers.write_text(answers.read_text(encoding="utf-8").replace("answer: null", "answer: source"), encoding="utf-8")
    mine = f"# Mine.\n{answers.read_text(encoding='utf-8')}"
    answers.write_text(mine, encoding="utf-8")
    imported(folder, "--answers", "answers.yaml", "--dry-run")
    assert answers.read_text(encoding="utf-8") == mine  # a dry run leaves a person's file as it is
    said = imported(folder, "--answers", "answers.yaml")
    assert _QUESTION not in said, said
    assert not is_undocumented(folder)
    assert connectgen("validate", "--catalogue", "spec", cwd=folder).returncode == 0
    assert "0 files written" in imported(folder, "--answers", "answers.yaml")
