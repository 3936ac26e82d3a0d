"""Type checkers that report the uses of what is deprecated: one small interface, and pyrefly behind it."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

_SECONDS = 600


class CheckerError(Exception):
    """A type checker could not do its work; the message says why."""


@dataclass(frozen=True, slots=True)
class Report:
    """One use of something deprecated: where its name ends, as the checker counts, and the message."""

    path: Path
    line: int
    column: int
    """In characters, from 0."""
    message: str


class Checker(Protocol):
    """What is asked of a type checker."""

    @property
    def name(self) -> str:
        """Its name and version."""
        ...

    def deprecated(self, code: Path, search: Sequence[Path], workplace: Path) -> list[Report]:
        """The uses of what is deprecated.

        Args:
            code: the folder to check.
            search: folders in which imports are found, the first one first.
            workplace: a folder for settings.

        Raises:
            CheckerError: it could not do its work.
        """
        ...

    def errors(self, code: Path, search: Sequence[Path], workplace: Path) -> list[Report]:
        """Everything that the checker calls an error; parameters and errors as with `deprecated`."""
        ...


class Pyrefly:
    """pyrefly: in one process, on all cores, also in functions without annotations."""

    @property
    def name(self) -> str:
        """Its name and version."""
        return f"pyrefly {version('pyrefly')}"

    def deprecated(self, code: Path, search: Sequence[Path], workplace: Path) -> list[Report]:
        """The uses of what is deprecated; comments that silence errors are passed over."""
        found = self._check(code, search, workplace, ["enabled-ignores = []"], ["[errors]", 'deprecated = "error"'])
        return [report for kind, report in found if kind == "deprecated"]

    def errors(self, code: Path, search: Sequence[Path], workplace: Path) -> list[Report]:
        """Everything that the checker calls an error; see `deprecated` for the parameters and what is raised."""
        return [report for kind, report in self._check(code, search, workplace, [], []) if kind != "deprecated"]

    def _check(
        self, code: Path, search: Sequence[Path], workplace: Path, settings: Sequence[str], errors: Sequence[str]
    ) -> list[tuple[str, Report]]:
        file = workplace / "pyrefly.toml"
        lines = [
            f"project-includes = [{json.dumps(f'{code}/**/*.py')}]",
            "project-excludes = []",
            "disable-project-excludes-heuristics = true",
            "use-ignore-files = false",
            f"search-path = [{', '.join(json.dumps(str(path)) for path in search)}]",
            f"site-package-path = {json.dumps(_site_packages())}",
            f'python-version = "{sys.version_info.major}.{sys.version_info.minor}"',
            "skip-interpreter-query = true",
            *settings,
            'untyped-def-behavior = "check-and-infer-return-type"',
            *errors,
        ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "pyrefly", "check", "--config", str(file), "--output-format", "json"]
        try:
            done = subprocess.run(
                [*command, "--summary=none"], capture_output=True, check=False, cwd=workplace, timeout=_SECONDS
            )
            found = json.loads(done.stdout)["errors"] if done.returncode in (0, 1) else None
        except subprocess.TimeoutExpired:
            raise CheckerError(f"pyrefly did not end within {_SECONDS} s") from None
        except (OSError, ValueError, KeyError) as error:
            raise CheckerError(f"pyrefly failed ({type(error).__name__})") from None
        if found is None:
            raise CheckerError(f"pyrefly failed ({_ending(done.returncode)})")
        return [
            (
                str(one["name"]),
                Report(
                    (workplace / one["path"]).resolve(), one["stop_line"], one["stop_column"] - 1, one["description"]
                ),
            )
            for one in found
        ]


def _ending(code: int) -> str:
    """How a process ended: what it printed until then is not all of it."""
    return f"it was ended by signal {-code}; is memory short?" if code < 0 else f"it ended with {code}"


def find_checker() -> Checker | None:
    """The type checker of the extra `used-by`; None where it is not installed."""
    try:
        version("pyrefly")
    except PackageNotFoundError:
        return None
    return Pyrefly() if importlib.util.find_spec("pyrefly") else None


def _site_packages() -> list[str]:
    return list(dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]))
