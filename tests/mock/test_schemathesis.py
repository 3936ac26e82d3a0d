"""schemathesis holds the mock against our exported OpenAPI document: one example of every operation, fixed seed.

What the document allows is accepted, and every answer is as the document says. 31.0 and the newest version without
the addresses in sites; all versions and addresses with CONNECTGEN_WALK_ALL (`make walk`). What several versions define
in the same way is checked at the last of these.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from connectgen.openapi.document import openapi_document
from connectgen.openapi.text import document_text
from mock.conftest import Mock
from mock.definitions import unchanged
from mock.least import surface
from mock.stricter import make_strict
from support.command import ROOT
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


@cache
def strict_document(version: int) -> dict[str, Any]:
    """A version's document, as strict as the mock; nobody may change it."""
    document: dict[str, Any] = json.loads(document_text(openapi_document(surface(version)), "json"))
    make_strict(document, surface(version))
    return document


def checked_later(version: int) -> set[str]:
    """The operations that are checked at a newer version, which defines them in the same way."""
    newer = [one for one in CHECKED if one > version]
    return unchanged(strict_document(version), strict_document(newer[0])) if newer else set()


def is_left_out(operation: str) -> bool:
    return operation.endswith(".in_site") and not IS_WHOLE_WALK


@pytest.mark.parametrize("version", CHECKED)
def test_mock_and_document_agree_about_every_operation(real: Mock, tmp_path: Path, version: int) -> None:
    whole, later = strict_document(version), checked_later(version)
    items = {
        path: {
            method: one
            for method, one in item.items()
            if not (one["operationId"] in later or is_left_out(one["operationId"]))
        }
        for path, item in whole["paths"].items()
    }
    document = {**whole, "paths": {path: item for path, item in items.items() if item}}
    if not document["paths"]:
        return  # nothing changed with the next version
    path = tmp_path / "api.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "schemathesis.toml").write_text(SETTINGS, encoding="utf-8")
    run = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", "schemathesis.toml", "run", "api.json"),
            *("--url", f"{real.url}/services/data/v{version}.0", "--header", "Authorization: Bearer mock-token"),
            *("--phases", "fuzzing", "--mode", "positive", "--max-examples", "1", "--seed", "1", "--workers", "2"),
            *("--generation-database", "none", "--continue-on-failure", "--no-color", "--warnings", "off"),
        ],
        cwd=tmp_path, env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis")},
        capture_output=True, text=True, timeout=580, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    coverage = real.server.coverage()[f"{version}.0"]
    assert set(coverage["untouched"]) <= set(REFUSED) | later
    assert coverage["operations"] > 240
