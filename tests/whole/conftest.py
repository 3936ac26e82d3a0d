"""The packages of the real catalogue, generated once for all tests here."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.command import ROOT, connectgen


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the packages of all versions. Not to be changed."""
    out = tmp_path_factory.mktemp("whole") / "generated"
    done = connectgen("generate", "--out", str(out), cwd=ROOT, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    return out
