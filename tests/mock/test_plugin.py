"""The pytest plugin: tests of a user, in a folder and a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.command import ROOT, bytecode_of, environment
from support.users_pytest import PYTEST
from support.versions import NEWEST, SAMPLE

TESTS = """
import asyncio
import pytest
from sf_connect.core import ServiceUnavailableError, AuthenticationError
from sf_connect.core import RetryPolicy

def test_sync(connect_client, connect_mock):
    assert connect_client.chatter.users.get("me").id.startswith("005")
    (call,) = connect_mock.calls()
    assert call["operation"] == "chatter.users.get"
    assert type(connect_client).__module__ == "sf_connect.vNEWEST.client"

def test_async(connect_async_client, connect_mock):
    async def both():
        async with connect_async_client as client:
            return await asyncio.gather(client.chatter.users.get("me"), client.chatter.groups.list())
    me, groups = asyncio.run(both())
    assert me.id and groups.groups
    assert len(connect_mock.calls()) == 2

def test_nothing_is_left_of_other_tests(connect_mock):
    assert connect_mock.calls() == []

@pytest.mark.connect(version="45.0")
def test_another_version(connect_client, connect_mock):
    connect_client.chatter.users.get("me")
    assert connect_mock.calls()[0]["version"] == "45.0"

def test_faults(connect_client, connect_mock):
    connect_mock.fault(None, hourly_limit=True, match={"path": "/chatter/groups"})
    with pytest.raises(ServiceUnavailableError):
        connect_client.chatter.groups.list()
    connect_client.chatter.users.get("me")
    connect_mock.expire_tokens()
    with pytest.raises(AuthenticationError):
        connect_client.chatter.users.get("me")

def test_the_options_hold(connect_mock):
    import httpx2
    assert httpx2.get(connect_mock.url + "/__mock__").json()["seed"] == 7
"""


def run(folder: Path, packages: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = environment(**bytecode_of(packages))
    installed = [str(packages / f"sf-connect-v{version}") for version in SAMPLE]
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], *installed])
    command = [sys.executable, "-m", *PYTEST, *arguments]
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\nconnect_mock_options = --seed 7\nfilterwarnings = error\n")
    (tmp_path / "test_user.py").write_text(TESTS.replace("vNEWEST", f"v{NEWEST}"))
    (tmp_path / ".cache").symlink_to(ROOT / ".cache")
    return tmp_path


def test_fixtures(folder: Path, packages: Path) -> None:
    done = run(folder, packages, "--connect-coverage")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout
    assert f"Connect {NEWEST}.0: 2 of " in done.stdout
    assert "chatter.users.get (3)" in done.stdout


def test_a_version_that_is_not_installed(folder: Path, packages: Path) -> None:
    absent = NEWEST - 1
    (folder / "pytest.ini").write_text(f"[pytest]\nconnect_version = {absent}.0\n")
    done = run(folder, packages, "-k", "test_sync")
    there = ", ".join(f"{version}.0" for version in SAMPLE)
    told = f"no client for version {absent}.0 is installed (there is {there}): pip install sf-connect-v{absent}"
    assert told in done.stdout


def test_a_mock_that_does_not_start(folder: Path, packages: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\nconnect_mock_options = --version 99.0\n")
    done = run(folder, packages, "-k", "test_sync")
    assert "MockServerError: the mock did not start" in done.stdout
    assert "there is no version 99.0" in done.stdout
