"""schemathesis holds the mock's answers against our exported OpenAPI document: one example an operation, fixed seed.

31.0; 45.0 and 67.0 too with CONNECTGEN_WALK_ALL (`make walk`).
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mock.conftest import Mock
from support.command import ROOT, connectgen

VERSIONS = ("31.0", "45.0", "67.0") if os.environ.get("CONNECTGEN_WALK_ALL") else ("31.0",)

# The document calls every file application/octet-stream; renditions are pictures and documents with types of their own.
SETTINGS = """
[[operations]]
include-path-regex = "rendition"
checks.content_type_conformance.enabled = false
"""

# It does not say what a record id looks like, so that made-up ones are refused.
NOT_CHECKED = "positive_data_acceptance"


@pytest.mark.skipif(importlib.util.find_spec("connectgen.openapi") is None, reason="needs connectgen openapi")
@pytest.mark.parametrize("version", VERSIONS)
def test_no_answer_breaks_the_document(real: Mock, tmp_path: Path, version: str) -> None:
    done = connectgen("openapi", version, "--output", str(tmp_path / "api.json"), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    (tmp_path / "schemathesis.toml").write_text(SETTINGS, encoding="utf-8")
    run = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", "schemathesis.toml", "run", "api.json"),
            *("--url", f"{real.url}/services/data/v{version}", "--header", "Authorization: Bearer mock-token"),
            *("--phases", "fuzzing", "--mode", "positive", "--max-examples", "1", "--seed", "1", "--workers", "2"),
            *("--exclude-checks", NOT_CHECKED, "--continue-on-failure", "--no-color", "--warnings", "off"),
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    coverage = real.server.coverage()[version]
    assert coverage["touched"] > coverage["operations"] / 4
