"""The workflow for GitHub Actions: its steps are make targets that exist, and only uploading may ask for a token."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from connectgen.cli import main
from support.command import ROOT

WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8"))
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
STEPS = [(name, step["run"]) for name, job in JOBS.items() for step in job["steps"] if "run" in step]


def test_every_job_of_make_that_it_calls_exists() -> None:
    called = {match for _, run in STEPS for match in re.findall(r"\bmake ([a-z-]+)", run)}
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (jobs,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert called == {"wheels", "check-wheels"}
    assert called <= set(jobs.split())


def test_every_command_that_it_calls_exists() -> None:
    called = [match for _, run in STEPS for match in re.findall(r"\.venv/bin/connectgen ([^)\n]+)", run)]
    assert called
    for command in called:
        words = [word for word in shlex.split(command) if not word.startswith("$")]
        options = [word for word in words if word.startswith("--")]
        help_text = CliRunner().invoke(main, [*(word for word in words if not word.startswith("--")), "--help"])
        assert help_text.exit_code == 0, help_text.output
        assert all(option in help_text.output for option in options)


def test_only_the_job_that_uploads_may_ask_for_a_token() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    asking = [name for name, job in JOBS.items() if "id-token" in job.get("permissions", {})]
    assert asking == ["publish"]
    assert JOBS["publish"]["environment"]


def test_the_job_that_may_mint_a_token_runs_twine_alone_over_what_was_checked() -> None:
    steps = JOBS["publish"]["steps"]
    actions = [step["uses"].partition("@")[0] for step in steps if "uses" in step]
    assert actions == ["actions/setup-python", "actions/download-artifact"]
    runs = [step["run"] for step in steps if "run" in step]
    assert runs[0].splitlines()[-1] == "sha256sum --check --strict SHA256SUMS"
    assert "--require-hashes --only-binary" in runs[1]
    assert runs[2] == "cut -c 67- SHA256SUMS | xargs python -m twine upload"
    assert len(runs) == 3
    outputs = JOBS["build"]["outputs"]
    assert JOBS["publish"]["env"]["SUMS"] == "${{ needs.build.outputs.sums }}"
    assert outputs["sums"] == "${{ steps.stage.outputs.sums }}"


def test_what_that_job_installs_is_twine_as_it_is_pinned_here() -> None:
    pins = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    text = (ROOT / ".github" / "requirements-publish.txt").read_text(encoding="utf-8")
    entries = re.findall(
        r"^[a-z][a-z0-9.-]*==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.MULTILINE
    )
    names = {entry.partition("==")[0] for entry in entries}
    assert {"twine", "requests", "urllib3"} <= names
    assert not names & {"hatchling", "pytest", "black", "jinja2", "mypy"}
    assert len(entries) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))
    assert [entry for entry in entries if entry not in pins] == []


@pytest.mark.parametrize(("name", "run"), STEPS)
def test_no_expression_of_github_is_put_into_a_shell(name: str, run: str) -> None:
    assert "${{" not in run, name


def test_the_matrix_gives_what_its_job_uses() -> None:
    used = set(re.findall(r"matrix\.([a-z_]+)", json.dumps(JOBS["install"])))
    assert used == {"distribution", "version", "module"}
    assert JOBS["install"]["strategy"]["matrix"] == "${{ fromJSON(needs.build.outputs.matrix) }}"
