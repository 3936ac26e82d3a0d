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
from support.versions import NEWEST, SAMPLE

Files = Callable[[int], Path]


@pytest.mark.parametrize("version", SAMPLE)
def test_spec_validator_accepts_it(whole: Callable[[int], dict[str, Any]], version: int) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    assert [error.message for error in OpenAPIV31SpecValidator(whole(version)).iter_errors()] == []


@pytest.mark.parametrize("version", SAMPLE)
def test_redocly_finds_nothing(files: Files, version: int) -> None:
    require_redocly()
    command = [
        ROOT / "node_modules" / ".bin" / "redocly",
        "lint",
        "--config",
        ROOT / "redocly.yaml",
        "--format",
        "json",
    ]
    done = subprocess.run(
        [*command, files(version)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        env=environment(REDOCLY_TELEMETRY="off", REDOCLY_SUPPRESS_UPDATE_NOTICE="true"),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["problems"] == []


@pytest.mark.parametrize("version", SAMPLE)
def test_schemathesis_loads_it(files: Files, whole: Callable[[int], dict[str, Any]], version: int) -> None:
    script = (
        "import sys, schemathesis\n"
        "schema = schemathesis.openapi.from_path(sys.argv[1])\n"
        "print(sum(1 for result in schema.get_all_operations() if result.ok()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, files(version)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == sum(len(item) for item in whole(version)["paths"].values())


def test_a_client_is_generated_that_imports(files: Files, tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "openapi-python-client", "generate", "--path", files(NEWEST), "--meta", "none",
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
