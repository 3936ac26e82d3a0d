"""What tests of several files need and what takes long to make, made once a run by whichever process needs it first."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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
    with (run / name / "lock").open("w") as lock:
        if sys.platform != "win32":  # where one process runs the tests
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            if folder.exists():
                folder.rename(run / name / f"failed-{os.getpid()}")
            make(folder)
            mark.touch()
    return folder
