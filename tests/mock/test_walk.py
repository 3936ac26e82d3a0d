"""Generated clients call the operations of their version against the mock and decode the answers.

Every operation of the oldest, the newest and one more version, a sample of all others; with CONNECTGEN_WALK_ALL
(`make walk`) every operation of every version.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock.conftest import Mock, running
from support.command import ROOT, bytecode_of, environment
from support.versions import NEWEST, SAMPLE, VERSIONS

WALKER = Path(__file__).with_name("walker.py")
EVERY = 60
IS_WHOLE_WALK = bool(os.environ.get("CONNECTGEN_WALK_ALL"))
OTHERS = tuple(version for version in VERSIONS if version not in SAMPLE)


def walk(mock: Mock, folder: Path, *versions: int, every: int = 1) -> tuple[int, list[str]]:
    """Call operations in a process of its own."""
    own = environment(**bytecode_of(folder))
    packages = [str(folder / f"sf-connect-v{version}") for version in versions]
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], str(ROOT / "tests"), *packages])
    command = [sys.executable, str(WALKER), mock.url, str(every), *map(str, versions)]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    count, faults = json.loads(done.stdout)
    return count, faults


@pytest.mark.parametrize("version", SAMPLE)
def test_every_operation_is_answered_as_its_client_expects(real: Mock, packages: Path, version: int) -> None:
    count, faults = walk(real, packages, version)
    assert not faults, f"{len(faults)} of {count}:\n" + "\n".join(faults[:40])
    coverage = real.server.coverage()[f"{version}.0"]
    assert coverage["untouched"] == []
    assert count == 2 * coverage["operations"] > 400


@pytest.fixture(scope="module")
def keeping_few() -> Iterator[Mock]:
    """A mock that keeps state and has short lists: the items of long ones are those of the walks above."""
    yield from running(f"{NEWEST}.0", "--state", "--items", "3")


def test_what_is_kept_is_shown_as_a_client_expects(keeping_few: Mock, packages: Path) -> None:
    """With `--state` too, where what one operation deletes is gone for those after it."""
    count, faults = walk(keeping_few, packages, NEWEST)
    others = [fault for fault in faults if "NotFoundError: 404" not in fault]
    assert not others, f"{len(others)} of {count}:\n" + "\n".join(others[:40])
    assert len(faults) < count / 2


if IS_WHOLE_WALK:

    @pytest.mark.parametrize("version", OTHERS)
    def test_every_operation_of_the_other_versions(real: Mock, version: int) -> None:
        count, faults = walk(real, ROOT / "generated", version)
        assert not faults, f"{len(faults)} of {count}:\n" + "\n".join(faults[:40])
        assert real.server.coverage()[f"{version}.0"]["untouched"] == []

else:

    def test_a_sample_of_every_version(real: Mock, packages: Path) -> None:
        count, faults = walk(real, packages, *OTHERS, every=EVERY)
        assert not faults, f"{len(faults)} of {count}:\n" + "\n".join(faults[:40])
        assert set(real.server.coverage()) == {f"{version}.0" for version in OTHERS}
