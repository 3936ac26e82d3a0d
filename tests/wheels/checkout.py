"""A git repository like this one, with the small catalogue in it: what the commands work on is what they run from."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from connectgen import locations
from connectgen.catalogue.loader import load_catalogue
from connectgen.wheels import building
from connectgen.wheels.umbrella import outdated_umbrella
from support.command import ROOT, SMALL_CATALOGUE, in_this_process

_CODE = ("core", "umbrella", "generator", "templates", "hatch_build.py")
_PARTS = (*_CODE, "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE")
_ALONE = {
    "GIT_AUTHOR_NAME": "A Person", "GIT_AUTHOR_EMAIL": "person@example.org",
    "GIT_COMMITTER_NAME": "A Person", "GIT_COMMITTER_EMAIL": "person@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
    "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_NO_CACHE_DIR": "1",
    "PYTHONWARNINGS": "",
}  # fmt: skip
_AT_START = ("PYTHON", "LC_", "LANG", "TZ", "TMPDIR")
"""How the names of variables begin that Python reads once: with these, a command needs a process of its own."""


class _AtOnce(Executor):
    """Does what it is given when it is given it."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work(*args, **named))
        except Exception as error:
            done.set_exception(error)
        return done


@dataclass
class Checkout:
    """One such repository.

    Attributes:
        folder: where it is.
        libraries: a folder with wheels of what the packages need from elsewhere.
        variables: further environment variables of the commands.
    """

    folder: Path
    libraries: Path
    variables: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def dist(self) -> Path:
        """Where its wheels are."""
        return self.folder / "dist"

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of its commands: no network, no settings of whoever runs the tests."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "TWINE_", "GIT_"))}
        kept.pop("SOURCE_DATE_EPOCH", None)
        own = {
            "PYTHONPATH": os.pathsep.join(str(self.folder / part) for part in ("generator", "core")),
            "PIP_FIND_LINKS": str(self.libraries),
            "HOME": str(self.folder.parent / "home"),
        }
        return {**kept, **_ALONE, **own, **self.variables, **more}

    def start(self, *arguments: str, file_limit: int | None = None, **more: str) -> subprocess.Popen[str]:
        """Start `connectgen`, in a process group of its own.

        Args:
            arguments: what to do.
            file_limit: the most bytes of a file that it may write.
            more: further environment variables.
        """
        limit: Callable[[], None] | None = None
        if file_limit is not None:
            size = file_limit
            more["PYTHONDONTWRITEBYTECODE"] = "1"  # Python would leave half of a file, and call it whole

            def limit() -> None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        return subprocess.Popen(
            [sys.executable, "-m", "connectgen", *arguments],
            cwd=self.folder,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=limit,
        )

    def run(
        self,
        *arguments: str,
        code: int = 0,
        file_limit: int | None = None,
        bounds: Mapping[str, float] | None = None,
        **more: str,
    ) -> str:
        """Run `connectgen` to its end, which must be with this code and without a traceback.

        Args:
            arguments: what to do.
            code: the exit code.
            file_limit: the most bytes of a file that it may write.
            bounds: what constants are meanwhile, by `module.NAME`; not together with a file limit.
            more: further environment variables.

        Returns:
            All that it said.
        """
        if file_limit is None and not any(name.startswith(_AT_START) for name in more):
            done = self._run_here(arguments, more, bounds or {})
            ended, out, err = done.returncode, done.stdout, done.stderr
        else:
            process = self.start(*arguments, file_limit=file_limit, **more)
            out, err = process.communicate(timeout=120)
            ended = process.returncode
        assert ended == code, f"ended with {ended}\n{out}{err}"
        assert "Traceback" not in out + err
        return out + err

    def _run_here(
        self, arguments: Sequence[str], more: Mapping[str, str], bounds: Mapping[str, float] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run it in this process, by this repository's generator, whose code the other one has.

        It builds in this process, too: to fork one that has run many tests costs more than small packages do.
        """
        with ExitStack() as meanwhile:
            meanwhile.enter_context(patch.object(locations, "_PACKAGE", self.folder / "generator" / "connectgen"))
            meanwhile.enter_context(patch.object(building, "workers", lambda _: _AtOnce()))
            for place, value in (bounds or {}).items():
                meanwhile.enter_context(patch(place, value))
            return in_this_process(arguments, self.folder, self.environment(**more))

    def output(self, *arguments: str) -> str:
        """What a command that succeeds says on standard output alone."""
        done = self._run_here(arguments, {})
        assert done.returncode == 0, done.stderr
        return done.stdout

    def git(self, *arguments: str) -> str:
        """Run git in it."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=self.environment(), capture_output=True, text=True, check=True
        )
        return done.stdout

    def commit(self, message: str = "A change") -> None:
        """Commit all that is in it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text in a file; it must stand there exactly once."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def release(self, *arguments: str) -> None:
        """Generate, commit, record, commit, build: everything up to publishing."""
        self.run("generate")
        self.commit()
        self.run("release", "record", *arguments)
        self.commit("Release")
        self.run("wheels")

    def record(self) -> dict[str, dict[str, str]]:
        """The record's entries."""
        entries: dict[str, dict[str, str]] = yaml.safe_load((self.folder / "published.yaml").read_text())[
            "distributions"
        ]
        return entries

    def versions(self) -> dict[str, str]:
        """The recorded versions."""
        return {name: entry["version"] for name, entry in self.record().items()}

    def files(self) -> dict[str, bytes]:
        """Wheels, source distributions and bills of materials in dist/."""
        return {
            path.relative_to(self.dist).as_posix(): path.read_bytes()
            for path in sorted(self.dist.rglob("*"))
            if path.is_file() and ".connectgen" not in path.parts
        }

    def copy(self, folder: Path) -> Checkout:
        """The same again, elsewhere."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.folder, folder, symlinks=True, copy_function=_copy)
        return Checkout(folder, self.libraries, dict(self.variables))


_LINKED = tuple(f"{os.sep}{part}{os.sep}" for part in (".cache", "generated", "generator", f".git{os.sep}objects"))


def _copy(source: str, target: str) -> None:
    """Copy a file; what is never changed in its place, only replaced as a whole, is linked."""
    if any(part in source for part in _LINKED):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def make_checkout(folder: Path, libraries: Path) -> Checkout:
    """Lay out a repository: this one's code, the small catalogue, one commit."""
    junk = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for part in _PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=junk)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / part)
    shutil.copytree(SMALL_CATALOGUE, folder / "spec")
    shutil.copytree(ROOT / "spec" / "schema", folder / "spec" / "schema", dirs_exist_ok=True)
    releases = load_catalogue(folder / "spec", None).releases
    for path, text in outdated_umbrella(folder, releases):
        path.write_text(text, encoding="utf-8")
    (folder / ".gitignore").write_text("generated/\ndist/\n.cache/\n__pycache__/\n", encoding="utf-8")
    made = Checkout(folder, libraries)
    made.git("init", "--quiet", "--initial-branch", "main", "--template", "")
    made.commit("The beginning")
    made.git("repack", "--quiet", "-a", "-d")  # few files are quickly copied
    return made
