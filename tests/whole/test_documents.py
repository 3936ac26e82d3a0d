"""What the documents show in Python exists: imports, operations and their arguments, in the newest client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.command import ROOT, environment
from support.versions import VERSIONS

WRITTEN = [ROOT / "README.md", ROOT / "core" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
DOCSTRINGS = sorted((ROOT / "core" / "sf_connect").rglob("*.py"))


def faults_of(packages: Path, files: list[Path]) -> dict[str, Any]:
    """What the examples in these files have wrong, as an interpreter with all packages finds."""
    own = environment()
    folders = [str(ROOT / "tests"), *(str(packages / f"sf-connect-v{version}") for version in VERSIONS)]
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], *folders])
    command = [sys.executable, "-m", "examples.documents", *map(str, files)]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_documents_tell_the_truth(packages: Path) -> None:
    found = faults_of(packages, [*WRITTEN, *DOCSTRINGS])
    assert not found["faults"], "\n".join(found["faults"])
    assert found["operations"] >= 20


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("client.files.files.get_bytes(file_id)", "client.files.files.get_bytes does not exist"),
        ("client.chatter.users.get('me', colour=1)", "client.chatter.users.get has no argument colour"),
        ("from sf_connect.core.transport.retries import Patience", "sf_connect.core.transport.retries has no Patience"),
        ("client.chatter.users.get(", "'(' was never closed"),
    ],
)
def test_what_is_wrong_in_a_document_is_found(packages: Path, tmp_path: Path, code: str, fault: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# A page\n\n```python\n{code}\n```\n", encoding="utf-8")
    assert faults_of(packages, [page])["faults"] == [f"{page}:4: {fault}"]
