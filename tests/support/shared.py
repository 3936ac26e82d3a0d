"""What tests of several files need and what takes long to make, made by whichever process needs it first."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.command import ROOT

if sys.platform != "win32":
    import fcntl


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that all processes of a run of pytest share; nobody may change what is in it.

    Args:
        factory: pytest's, which names the run's folder.
        name: the folder's name in it.
        make: fills the folder, which does not exist yet. Where it fails, the next one that needs it tries again.
    """
    own = factory.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, mark = run / name / "made", run / name / "complete"
    folder.parent.mkdir(exist_ok=True)
    with _alone(run / name / "lock"):
        if not mark.exists():
            if folder.exists():
                folder.rename(run / name / f"failed-{os.getpid()}")
            make(folder)
            mark.touch()
    return folder


def kept(name: str, bring_up_to_date: Callable[[Path], None]) -> Path:
    """A folder that stays from one run of pytest to the next; nobody may change what is in it.

    It suits what finds out by itself which of its inputs changed, and then makes no more than these ask for. What other
    tools remember about files by their paths also stays right: bytecode, and the notes of black and mypy.

    Args:
        name: the folder's name, in `.cache/tests`.
        bring_up_to_date: called once by each process, with the folder, which may not exist yet.
    """
    folder = ROOT / ".cache" / "tests" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.with_name(f"{name}.lock")):
        bring_up_to_date(folder)
    return folder


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until no other process has the lock."""
    with path.open("w") as lock:
        if sys.platform != "win32":  # where one process runs the tests
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
