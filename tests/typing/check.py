"""Checks types with mypy and pyright, both strict: the hand-written code and the generated packages that are named."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.node import missing_pyright  # noqa: E402 - the tests' folder must be on the path first

OWN = ["generator/connectgen", "core/sf_connect", "umbrella/sf_connect", "benchmarks", "hatch_build.py"]


def package(version: int) -> Path:
    """The folder of a version's generated package."""
    return ROOT / "generated" / f"sf-connect-v{version}"


def run_mypy(title: str, search_path: Sequence[Path], targets: Sequence[str]) -> bool:
    """Run mypy once; True where it found nothing."""
    print(f"mypy: {title}", flush=True)
    path = os.pathsep.join(str(folder) for folder in search_path)
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", *targets]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "MYPYPATH": path}, check=False).returncode == 0


def run_pyright(title: str, include: Sequence[Path], search_path: Sequence[Path]) -> bool:
    """Run pyright once in strict mode; True where it found nothing."""
    print(f"pyright: {title}", flush=True)
    folder = ROOT / ".cache" / "pyright"
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "include": [os.path.relpath(path, folder) for path in include],  # pyright takes no absolute paths here
        "exclude": ["**/__pycache__"],
        "extraPaths": [str(path) for path in search_path],
        "pythonVersion": "3.11",
        "pythonPlatform": "Linux",
        "typeCheckingMode": "strict",
    }
    project = folder / "pyrightconfig.json"
    project.write_text(json.dumps(settings), encoding="utf-8")
    command = ["node_modules/.bin/pyright", "--project", str(project), "--pythonpath", sys.executable]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def main() -> int:
    """Parse the arguments, run both checkers, print what was skipped.

    Returns:
        0 where everything passes, 1 where a checker found something or was skipped against CONNECTGEN_REQUIRE_NODE.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--own", action="store_true", help="the hand-written code too")
    parser.add_argument("versions", nargs="*", help="whole numbers (67), or `all`")
    arguments = parser.parse_args()
    everything = sorted(
        int(path.name.removeprefix("sf-connect-v")) for path in (ROOT / "generated").glob("sf-connect-v*")
    )
    versions = everything if arguments.versions == ["all"] else [int(version) for version in arguments.versions]
    core = ROOT / "core"

    passed = True
    if arguments.own:
        passed &= run_mypy(
            "hand-written code",
            [ROOT / "generator", core, ROOT / "umbrella"],
            [path for path in OWN if (ROOT / path).exists()],
        )
    for version in versions:
        passed &= run_mypy(
            f"package for {version}.0", [package(version), core], ["--package", f"sf_connect.v{version}"]
        )

    reason = missing_pyright()
    if reason:
        print(f"pyright: skipped, {reason}")
        return 0 if passed and not os.environ.get("CONNECTGEN_REQUIRE_NODE") else 1
    if arguments.own:
        own = [ROOT / path for path in OWN if (ROOT / path).exists()]
        passed &= run_pyright("hand-written code", own, [ROOT / "generator", core, ROOT / "umbrella", ROOT])
    for version in versions:
        passed &= run_pyright(f"package for {version}.0", [package(version)], [package(version), core])
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
