"""Methods that wait: generated from the catalogue's wait, in the versions that show the end, with what they need."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from connectgen.iterators import waiters_of, waits_of
from connectgen.naming import waiter_name
from connectgen.surface import SurfaceOperation
from support.command import connectgen, generate_arguments
from support.real import real_surface

pytestmark = pytest.mark.usefixtures("remembered")

JOBS = """
  - path: /archive/jobs
    operations:
      POST:
        name: begin_job
        summary: Begin a job.
        returns: Job
        wait: {operation: archive.shelves.get_job, name: wait_for_job}
  - path: /archive/jobs/{jobId}
    parameters: {jobId: Id}
    operations:
      GET:
        name: get_job
        summary: Get a job.
        returns: Job
        status: [200, 202]
        wait:
          - {property: state, done: [Done], failed: [Lost], pending: [New], interval: 2.5}
          - {name: wait_for_parts, property: parts.state, done: [Done, Gone], pending: [New], since: 33.0}
          - {name: wait_for_status, pending_status: [202]}
"""
TYPES = """
  Job:
    summary: A job.
    properties:
      state: {type: String, since: 33.0, values: ["New", "Done", "Lost"]}
      parts: list<JobPart>
  JobPart:
    summary: A part of a job.
    properties:
      state: {type: String, values: ["New", "Done", "Gone"]}
"""


@pytest.fixture
def with_jobs(catalogue: Path, edit: Callable[[str, str, str], None]) -> Path:
    """The small catalogue with something to wait for."""
    edit("resources/archive/shelves.yaml", "resources:\n", f"resources:{JOBS}")
    edit("types/archive/letters.yaml", "types:\n", f"types:{TYPES}")
    return catalogue


@pytest.mark.parametrize(
    ("operation", "given", "name"),
    [
        ("get_preview", None, "wait_for_preview"),
        ("get", None, "wait_for_end"),
        ("list_items", None, "wait_for_list_items"),
        ("get", "wait_for_run", "wait_for_run"),
    ],
)
def test_names(operation: str, given: str | None, name: str) -> None:
    assert waiter_name(operation, given) == name


def test_both_classes_have_a_method_for_each_end_that_the_version_shows(with_jobs: Path, tmp_path: Path) -> None:
    done = connectgen(*generate_arguments(with_jobs, tmp_path / "out", "32.0", "33.0"), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    found = {}
    for version in (32, 33):
        path = tmp_path / f"out/sf-connect-v{version}/sf_connect/v{version}/groups/archive/shelves.py"
        tree = ast.parse(path.read_text("utf-8"))
        found[version] = {
            node.name: {item.name for item in node.body if getattr(item, "name", "").startswith("wait_for_")}
            for node in tree.body
            if isinstance(node, ast.ClassDef)
        }
    assert set(map(frozenset, found[32].values())) == {frozenset({"wait_for_status"})}
    assert set(map(frozenset, found[33].values())) == {frozenset({"wait_for_status", "wait_for_job", "wait_for_parts"})}
    text = path.read_text("utf-8")
    assert '_WAIT_FOR_JOB = Wait("state", done=("Done",), failed=("Lost",), interval=2.5)' in text
    assert "_WAIT_FOR_STATUS = Wait(pending_status=(202,))" in text
    assert "progress: Callable[[WaitEvent[Job]], object] | None = None" in text
    assert "Asynchronous: `client.archive.shelves.wait_for_job` waits for the end." in text
    assert "WaitFailedError: `state` is `Lost`." in text


def test_the_index_knows_them(with_jobs: Path, tmp_path: Path) -> None:
    arguments = ("find", "--catalogue", str(with_jobs), "--limit", "2")
    found = connectgen(*arguments, "wait_for_job", cwd=tmp_path).stdout
    assert "waits: wait_for_job, wait_for_parts, wait_for_status" in found
    assert "POST /archive/jobs, since" in connectgen(*arguments, "begin job", cwd=tmp_path).stdout


def test_every_beginning_of_the_real_catalogue_leads_to_a_method_in_every_version() -> None:
    count = 0
    for version in (35, 54, 63, 67):
        operations: dict[str, SurfaceOperation] = {
            f"{group.family}.{group.name}.{operation.name}": operation
            for group in real_surface(version).groups
            for operation in group.operations
        }
        methods = {
            f"{name.rpartition('.')[0]}.{waiter}"
            for name, operation in operations.items()
            for waiter in waits_of(operation)
        }
        for operation in operations.values():
            assert set(waiters_of(operation)) <= methods, operation.name
        count = len(methods)
    assert count > 50
