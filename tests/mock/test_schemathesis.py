"""schemathesis holds the mock against our exported OpenAPI document: one example of every operation, fixed seed.

What the document allows is accepted, and every answer is as the document says. 31.0 and the newest version without
the addresses in sites; all versions and addresses with CONNECTGEN_WALK_ALL (`make walk`). What several versions define
in the same way is checked at the last of these. That every operation asks for a token is checked without schemathesis,
which makes two requests for it, each over a new connection, and takes longer for these than for the operation.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from connectgen.identifiers import prefix_for, record_id
from connectgen.openapi.document import openapi_document
from connectgen.openapi.operations import operation_id
from connectgen.openapi.text import document_text
from connectgen.surface import SurfaceOperation
from mock.conftest import Mock
from mock.definitions import unchanged
from mock.least import content_of, least, surface
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


@cache
def checked_later(version: int) -> set[str]:
    """The operations that are checked at a newer version, which defines them in the same way."""
    newer = [one for one in CHECKED if one > version]
    return unchanged(strict_document(version), strict_document(newer[0])) if newer else set()


def is_left_out(operation: str) -> bool:
    return operation.endswith(".in_site") and not IS_WHOLE_WALK


def checked_paths(version: int) -> dict[str, dict[str, Any]]:
    """The document's paths with the operations that are checked at this version."""
    left_out = checked_later(version)
    items = {
        path: {
            method: one
            for method, one in item.items()
            if not (one["operationId"] in left_out or is_left_out(one["operationId"]))
        }
        for path, item in strict_document(version)["paths"].items()
    }
    return {path: item for path, item in items.items() if item}


def filled(path: str, operation: SurfaceOperation, version: int) -> str:
    """A path of the document with made-up values; in a site it has the site's id besides."""
    values = {"communityId": record_id(prefix_for("communityId"), 7)}
    values |= {one.name: str(least(one.type, one, operation.method, version)) for one in operation.path_parameters}
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=","))
    return path


def least_request(path: str, operation: SurfaceOperation, version: int) -> tuple[str, str, dict[str, str]]:
    """The least that an operation takes: its target, its body and its headers."""
    content = content_of(operation, version)
    target = f"/services/data/v{version}.0{filled(path, operation, version)}?{urlencode(content['params'])}"
    if "json" in content:
        return target, json.dumps(content["json"]), {**content["headers"], "Content-Type": "application/json"}
    if "data" in content:
        form = {**content["headers"], "Content-Type": "application/x-www-form-urlencoded"}
        return target, urlencode(content["data"]), form
    return target, "", content["headers"]


@pytest.mark.parametrize("version", CHECKED)
def test_every_operation_asks_for_a_token(real: Mock, version: int) -> None:
    """It refuses the least that it takes, without a token and with a wrong one."""
    operations = {operation_id(one): one for group in surface(version).groups for one in group.operations}
    connection = http.client.HTTPConnection(urlsplit(real.url).netloc, timeout=30)
    answers: dict[str, list[int]] = {}
    for path, item in checked_paths(version).items():
        for method, written in item.items():
            operation = operations[written["operationId"].removesuffix(".in_site")]
            target, body, headers = least_request(path, operation, version)
            for login in ({}, {"Authorization": "Bearer wrong"}):
                connection.request(operation.method, target, body or None, headers | login)
                with connection.getresponse() as response:
                    response.read()
                answers.setdefault(f"{method} {path}", []).append(response.status)
    connection.close()
    assert {name: found for name, found in answers.items() if found != [401, 401]} == {}


@pytest.mark.parametrize("version", CHECKED)
def test_mock_and_document_agree_about_every_operation(real: Mock, tmp_path: Path, version: int) -> None:
    document = {**strict_document(version), "paths": checked_paths(version)}
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
            *("--phases", "fuzzing", "--mode", "positive", "--max-examples", "1", "--seed", "1", "--workers", "1"),
            *("--generation-database", "none", "--continue-on-failure", "--no-color", "--warnings", "off"),
            *("--exclude-checks", "ignored_auth"),
        ],
        cwd=tmp_path, env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis")},
        capture_output=True, text=True, timeout=580, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    coverage = real.server.coverage()[f"{version}.0"]
    assert set(coverage["untouched"]) <= set(REFUSED) | checked_later(version)
    assert coverage["operations"] > 240
