"""Whether a folder has changes that git does not know yet."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def uncommitted(folder: Path) -> list[str]:
    """The files of a folder with changes that are not committed; empty where git knows all, or is not used."""
    settings = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(folder), "status", "--porcelain", "-z", "--", "."]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=settings)
    except FileNotFoundError:
        return []
    if done.returncode:
        return []
    entries = done.stdout.decode(errors="replace").split("\0")
    return [entry[3:] for entry in entries if len(entry) > 3 and entry[2] == " "]
