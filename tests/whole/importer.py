"""Imports every module of generated packages, each package in a process of its own; prints a line of JSON for each.

`python importer.py FOLDER…`, with core importable. The processes are forks of this one, which has imported what core
gives to all packages, and none of these: what Python does until there is not done anew for each.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from pathlib import Path

import sf_connect.core

for name in ("AsyncClient", "Input", "Model", "Operation", "SyncClient"):
    getattr(sf_connect.core, name)  # imports the name's module


def import_all(root: Path) -> int:
    """Import the modules of a package, one for each of its files; how many these are."""
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    files = sorted((root / "sf_connect").rglob("*.py"))
    for path in files:
        importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"))
    return len(files)


def report(root: Path) -> None:
    """Print how many modules a package has, and the traceback where one of them cannot be imported."""
    count, failure = 0, ""
    try:
        count = import_all(root)
    except BaseException:
        failure = traceback.format_exc()
    print(json.dumps({"package": root.name, "modules": count, "failure": failure}), flush=True)


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        process = os.fork()
        if process == 0:
            report(Path(folder))
            os._exit(0)
        os.waitpid(process, 0)
