"""Has tests put their files into memory where there is room: on some disks a file takes a millisecond to create."""

from __future__ import annotations

import os
import sys
import tempfile

_FOLDER = "/dev/shm"
_ENOUGH = 6 << 30
"""Bytes: a run of all tests needs less than 1 GiB, and pytest keeps what the last one left."""


def put_temporary_files_into_memory() -> None:
    """For this process and those that it starts; a folder that `TMPDIR` names is left as it is."""
    if "TMPDIR" not in os.environ and _has_room():
        os.environ["TMPDIR"] = _FOLDER
        tempfile.tempdir = None


def _has_room() -> bool:
    """Whether the folder is there, programs can be started from it, and there is space."""
    if sys.platform != "linux" or not os.access(_FOLDER, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(_FOLDER)
    return not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize > _ENOUGH
