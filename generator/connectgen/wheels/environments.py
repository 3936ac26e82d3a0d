"""Clean environments for checks: libraries fetched once, then every wheel installed alone and without the network."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path
from typing import Self

from packaging.requirements import Requirement

from connectgen.wheels.distributions import CORE
from connectgen.wheels.faults import PackageIndexError

_PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]


@dataclass(frozen=True, slots=True)
class Wheelhouse:
    """A folder with wheels of all that some wheels need from elsewhere."""

    folder: Path

    @classmethod
    def filled(cls, cache: Path, wheels: Iterable[Path]) -> Wheelhouse:
        """Fetch what some wheels need by pip, from where pip is set up to look; what was fetched before is kept.

        Args:
            cache: where such folders are kept.
            wheels: the wheels.

        Raises:
            PackageIndexError: pip cannot get it.
        """
        needed = sorted({text for wheel in wheels for text in _needed(wheel)})
        key = hashlib.sha256(json.dumps([needed, sys.version, sys.platform]).encode()).hexdigest()[:16]
        folder = cache / key
        if folder.exists() or not needed:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(folder)
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="part-", dir=cache) as part:
            target = Path(part) / "wheels"
            done = subprocess.run(
                [*_PIP, "wheel", "--wheel-dir", str(target), *needed], capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise PackageIndexError(f"pip cannot get what the packages need: {_last_line(done.stderr)}")
            target.rename(folder)
        return cls(folder)


def _needed(wheel: Path) -> list[str]:
    """What a wheel asks for, but core and what only its extras ask for."""
    with zipfile.ZipFile(wheel) as archive:
        path = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = BytesParser().parsebytes(archive.read(path))
    requirements = [Requirement(str(text)) for text in metadata.get_all("Requires-Dist", [])]
    return [
        str(requirement)
        for requirement in requirements
        if requirement.name != CORE and (requirement.marker is None or requirement.marker.evaluate({"extra": ""}))
    ]


class Environment:
    """A virtual environment with nothing in it; a context manager that removes it again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def __enter__(self) -> Self:
        venv.EnvBuilder(symlinks=sys.platform != "win32", with_pip=False).create(self._folder)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def install(self, wheel: Path, sources: Sequence[Path]) -> str:
        """Install a wheel and what it asks for.

        Args:
            wheel: the wheel.
            sources: folders with wheels; there is nothing else.

        Returns:
            Why it cannot be installed; empty where it can.
        """
        links = [part for source in sources for part in ("--find-links", str(source.absolute()))]
        pip = [*_PIP, "--python", str(self._python), "install", "--no-index", "--no-compile"]
        done = _run([*pip, *links, str(wheel.absolute())], self._folder)
        return f"cannot be installed: {_last_line(done.stderr)}" if done.returncode else ""

    def run(self, program: str) -> str:
        """Run a program without regard to the caller's variables and folders; why it failed, empty where it did not."""
        done = _run(
            [str(self._python), "-I", "-W", "error", "-W", "ignore::FutureWarning", "-c", program], self._folder
        )
        return f"is installed and cannot be imported: {_last_line(done.stderr)}" if done.returncode else ""

    def type_check(self, module: str, cache: Path) -> str:
        """Let mypy find a module there; why it does not take it as typed, empty where it does."""
        options = ["--python-executable", str(self._python), "--follow-imports=skip", "--strict"]
        command = [sys.executable, "-m", "mypy", *options, "--config-file=", "--cache-dir", str(cache.absolute()), "-c"]
        done = _run([*command, f"import {module}"], self._folder)
        return (
            f"type checkers do not see it as typed: {_first_line(done.stdout + done.stderr)}" if done.returncode else ""
        )


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=600
    )


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["no reason given"])[-1].removeprefix("ERROR: ")


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason given")
