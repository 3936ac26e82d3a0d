"""Tests of a user with stubs, in a folder and a process of their own: pytest, pytest-xdist, unittest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.command import SMALL_CATALOGUE, bytecode_of, environment
from support.users_pytest import PYTEST

STUBBED = """
import asyncio
import pytest
from sf_connect.v32 import models as m

@pytest.mark.parametrize("name", ["Oak", "Ash", "Elm", "Box"])
def test_sync(connect_client, connect_mock, name):
    connect_mock.respond("garden.plants.list", m.PlantPage(plants=[m.Tree(name=name)]))
    assert [plant.name for plant in connect_client.garden.plants.list().plants] == [name]
    connect_mock.assert_called_with("garden.plants.list", times=1)

def test_async(connect_async_client, connect_mock):
    connect_mock.respond("garden.plants.create", lambda call: m.Tree(name=call.body.name[::-1]))
    async def plant():
        async with connect_async_client as client:
            return (await client.garden.plants.create(m.PlantInput(name="Oak", kind="Tree"))).name
    assert asyncio.run(plant()) == "kaO"

def test_no_stub_is_left(connect_client, connect_mock):
    assert connect_client.garden.plants.list().plants[0].name not in ("Oak", "Ash", "Elm", "Box")
"""
UNUSED = """
import pytest

def test_one(connect_client, connect_mock):
    connect_mock.respond("garden.plants.list", match={"query": {"pageSize": 3}})
    connect_client.garden.plants.list(page_size=4)

@pytest.mark.connect(assert_all_used=False)
def test_other(connect_mock):
    connect_mock.respond("garden.plants.list")

def test_optional(connect_mock):
    connect_mock.respond("garden.plants.list", optional=True)

def test_failing(connect_mock):
    connect_mock.respond("garden.plants.list")
    assert 1 == 2
"""
UNITTEST = """
import unittest
from sf_connect.testing.unittest import ConnectTestCase
from sf_connect.v32 import models as m

class Sync(ConnectTestCase, unittest.TestCase):
    connect_mock_options = ("--catalogue", "CATALOGUE")

    def test_stub(self):
        self.connect_mock.respond("garden.plants.list", m.PlantPage(plants=[]))
        self.assertEqual(self.connect_client().garden.plants.list().plants, [])

    def test_nothing_is_left(self):
        self.assertEqual(self.connect_mock.calls(), [])
        self.assertTrue(self.connect_client().garden.plants.list().plants)

class Async(ConnectTestCase, unittest.IsolatedAsyncioTestCase):
    connect_mock_options = ("--catalogue", "CATALOGUE")
    connect_assert_all_used = True

    async def test_stub(self):
        self.connect_mock.respond("garden.plants.list", m.PlantPage(plants=[]))
        async with self.connect_async_client() as client:
            self.assertEqual((await client.garden.plants.list()).plants, [])

    async def test_unused(self):
        self.connect_mock.respond("garden.plants.list")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nconnect_version = 32.0\nfilterwarnings = error\n"
        f"connect_mock_options = --catalogue {SMALL_CATALOGUE}\n"
    )
    return tmp_path


def run(folder: Path, packages: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = environment(**bytecode_of(packages))
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], str(packages / "sf-connect-v32")])
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_stubs_with_pytest(folder: Path, small_packages: Path, workers: tuple[str, ...]) -> None:
    (folder / "test_user.py").write_text(STUBBED)
    done = run(folder, small_packages, *PYTEST, *workers)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout


def test_an_unused_stub_fails_a_test_that_passes_otherwise(folder: Path, small_packages: Path) -> None:
    with (folder / "pytest.ini").open("a") as settings:
        settings.write("connect_assert_all_used = true\n")
    (folder / "test_user.py").write_text(UNUSED)
    done = run(folder, small_packages, *PYTEST)
    assert "2 failed, 2 passed" in done.stdout, done.stdout
    assert "1 of 1 stubs not used:" in done.stdout
    assert "the parameter pageSize is '4', not '3'" in done.stdout
    assert (
        done.stdout.count("stubs not used:") == 2
    ), "once in the report, once in the summary, and not for test_failing"


def test_stubs_with_unittest(folder: Path, small_packages: Path) -> None:
    (folder / "test_user.py").write_text(UNITTEST.replace("CATALOGUE", str(SMALL_CATALOGUE)))
    done = run(folder, small_packages, "unittest", "-v", "test_user")
    assert "FAILED (failures=1)" in done.stderr, done.stdout + done.stderr
    assert "Ran 4 tests" in done.stderr
    assert "AssertionError: 1 of 1 stubs not used:" in done.stderr
    assert "ResourceWarning" not in done.stderr
