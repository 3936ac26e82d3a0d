"""What others' tools say of the documents: two validators, a client generator and a tester."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.command import ROOT, environment
from support.node import require_redocly
from support.passed import check_unless_passed
from support.versions import NEWEST, SAMPLE

Files = Callable[[int], Path]
HERE = Path(__file__)


@pytest.mark.parametrize("version", SAMPLE)
def test_spec_validator_accepts_it(files: Files, whole: Callable[[int], dict[str, Any]], version: int) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    def validate() -> None:
        assert [error.message for error in OpenAPIV31SpecValidator(whole(version)).iter_errors()] == []

    check_unless_passed(f"spec-validator-{version}", [HERE, files(version)], validate)


def test_redocly_finds_nothing(files: Files) -> None:
    require_redocly()
    settings, documents = ROOT / "redocly.yaml", [files(version) for version in SAMPLE]

    def lint() -> None:
        redocly = ROOT / "node_modules" / ".bin" / "redocly"
        done = subprocess.run(
            [redocly, "lint", "--config", settings, "--format", "json", *documents],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=ROOT,
            env=environment(REDOCLY_TELEMETRY="off", REDOCLY_SUPPRESS_UPDATE_NOTICE="true"),
        )
        assert done.returncode == 0, done.stderr
        reports = json.loads(f"[{done.stdout.replace('}{', '}, {')}]")  # one of each document, and nothing between them
        assert [report["problems"] for report in reports] == [[] for _ in documents]

    check_unless_passed("redocly", [HERE, settings, *documents], lint)


def test_schemathesis_loads_it(files: Files, whole: Callable[[int], dict[str, Any]]) -> None:
    script = (
        "import sys, schemathesis\n"
        "for path in sys.argv[1:]:\n"
        "    schema = schemathesis.openapi.from_path(path)\n"
        "    print(sum(1 for result in schema.get_all_operations() if result.ok()))\n"
    )
    command = [sys.executable, "-c", script, *(files(version) for version in SAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    counts = [sum(len(item) for item in whole(version)["paths"].values()) for version in SAMPLE]
    assert [int(line) for line in done.stdout.split()] == counts


def test_a_client_is_generated_that_imports(files: Files, tmp_path: Path) -> None:
    check_unless_passed("client", [HERE, files(NEWEST)], lambda: generate_and_import(files(NEWEST), tmp_path))


def generate_and_import(document: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "openapi-python-client", "generate", "--path", document, "--meta", "none",
         "--output-path", tmp_path / "connect_client"],
        capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path, stdin=subprocess.DEVNULL,
        env=environment(PATH=""),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout + done.stderr
    assert "Unable to process schema" not in said
    assert "will not be generated" not in said
    assert "will be omitted" not in said
    script = (
        "from connect_client import Client, models\n"
        "from connect_client.api.data360_segments import data360_segments_list as one\n"
        "print(len(models.__all__), one.sync.__name__)\n"
    )
    imported = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path
    )
    assert imported.returncode == 0, imported.stderr
    count, name = imported.stdout.split()
    assert int(count) > 2_400
    assert name == "sync"
