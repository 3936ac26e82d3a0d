"""schemathesis holds the mock against our exported OpenAPI document: one example of every operation, fixed seed.

What the document allows is accepted, and every answer is as the document says. 31.0 and the newest version without
the addresses in sites; all versions and addresses with CONNECTGEN_WALK_ALL (`make walk`).
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mock.conftest import Mock
from mock.least import surface
from mock.stricter import make_strict
from support.command import ROOT, connectgen
from support.versions import NEWEST, VERSIONS

IS_WHOLE_WALK = bool(os.environ.get("CONNECTGEN_WALK_ALL"))
CHECKED = tuple(VERSIONS) if IS_WHOLE_WALK else (31, NEWEST)

REFUSED = {
    "platform.batch.execute": "/connect/batch",  # no schema says that subrequests are calls of operations
    "service.conversations.upload": "/connect/conversations/upload",  # files with free names come without a filename
}
"""Operations whose made-up requests are rightly refused."""

SETTINGS = """
# The document calls every file application/octet-stream; renditions are pictures and documents with types of their own.
[[operations]]
include-path-regex = "rendition"
checks.content_type_conformance.enabled = false
""" + "".join(
    f'[[operations]]\ninclude-path = "{path}"\nchecks.positive_data_acceptance.enabled = false\n'
    for path in REFUSED.values()
)


@pytest.mark.skipif(importlib.util.find_spec("connectgen.openapi") is None, reason="needs connectgen openapi")
@pytest.mark.parametrize("version", CHECKED)
def test_mock_and_document_agree_about_every_operation(real: Mock, tmp_path: Path, version: int) -> None:
    path = tmp_path / "api.json"
    done = connectgen("openapi", f"{version}.0", "--output", str(path), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    document = json.loads(path.read_text(encoding="utf-8"))
    make_strict(document, surface(version))
    if not IS_WHOLE_WALK:
        for item in document["paths"].values():
            for method in [name for name, one in item.items() if one["operationId"].endswith(".in_site")]:
                del item[method]
    path.write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "schemathesis.toml").write_text(SETTINGS, encoding="utf-8")
    run = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", "schemathesis.toml", "run", "api.json"),
            *("--url", f"{real.url}/services/data/v{version}.0", "--header", "Authorization: Bearer mock-token"),
            *("--phases", "fuzzing", "--mode", "positive", "--max-examples", "1", "--seed", "1", "--workers", "2"),
            *("--continue-on-failure", "--no-color", "--warnings", "off"),
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=580, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    coverage = real.server.coverage()[f"{version}.0"]
    assert set(coverage["untouched"]) <= set(REFUSED)
    assert coverage["operations"] > 240
