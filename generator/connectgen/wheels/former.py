"""Clients as they were at an earlier commit, made anew by the generator of that commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from connectgen.wheels import git
from connectgen.wheels.faults import ReleaseError


class FormerClients:
    """Makes such clients, and keeps those of the last commit that was asked for.

    Args:
        root: the repository.
        cache: where they are kept.
    """

    def __init__(self, root: Path, cache: Path) -> None:
        self._root = root
        self._cache = cache / "former"

    def modules(self, commit: str, version: int, together_with: Sequence[int]) -> Path:
        """The folder of the modules of a client, `sf_connect/v67`, as it was at a commit.

        Args:
            commit: the commit.
            version: the API version of the client, 67 for 67.0.
            together_with: versions that will be asked for too; they are made at once.

        Raises:
            ReleaseError: that commit's generator does not run here, or the commit is not in this clone.
        """
        name = f"sf-connect-v{version}"
        folder = self._cache / commit
        if not (folder / name).is_dir():
            self._make(commit, sorted({version, *together_with}), folder)
        return folder / name / "sf_connect" / f"v{version}"

    def _make(self, commit: str, versions: Sequence[int], folder: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="connectgen-") as place:
            for part in ("generator/connectgen", "templates", "spec"):
                git.extract(commit, self._root, part, Path(place))
            out = Path(place) / "generated"
            done = subprocess.run(
                [sys.executable, "-m", "connectgen", "generate", "--out", str(out), *(f"{one}.0" for one in versions)],
                cwd=place,
                env={**os.environ, "PYTHONPATH": str(Path(place) / "generator")},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                lines = done.stderr.strip().splitlines() or ["no reason given"]
                raise ReleaseError(f"the generator of {commit[:12]} does not run here: {lines[-1]}")
            shutil.rmtree(self._cache, ignore_errors=True)
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(out, folder)
