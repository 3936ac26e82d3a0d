"""The checks that need other programs: twine's, and each wheel alone in a clean environment; remembered once passed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from connectgen.files import replace_file
from connectgen.wheels.dist import NOTES, Dist
from connectgen.wheels.distributions import CORE, GENERATOR, UMBRELLA
from connectgen.wheels.environments import Environment, Wheelhouse
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.versions import Planned

_EDITION = "1"
"""Raised when the checks change, so that what passed older ones is checked again."""
Progress = Callable[[str, int, int], None]


def check_all(
    plan: Sequence[Planned],
    dist: Dist,
    cache: Path,
    progress: Progress,
    begin: Callable[[int], None] = lambda _count: None,
) -> int:
    """Check the built files of some distributions; those that passed before are not checked again.

    Args:
        plan: the distributions.
        dist: where their files are.
        cache: where the libraries that they need are kept.
        progress: called for each distribution when it is checked.
        begin: called before the first check with how many distributions will be checked.

    Returns:
        How many were checked.

    Raises:
        ReleaseError: a check failed, or a distribution is not built; a line each.
        PackageIndexError: pip cannot get the libraries that they need.
    """
    unbuilt = [planned.name for planned in plan if not dist.files(planned.name)]
    if unbuilt:
        raise ReleaseError(f"{dist.folder}: not built: {', '.join(unbuilt)}; run make wheels")
    notes = _Passed(dist)
    wanted = [planned for planned in plan if not notes.has(planned)]
    if not wanted:
        return 0
    begin(len(wanted))
    faults = _twine_check([dist.folder / path for planned in wanted for path in _packages(dist, planned.name)])
    if not faults:
        faults = _install_each(wanted, dist, cache, notes, progress)
    if faults:
        raise ReleaseError("\n".join(faults))
    return len(wanted)


def _packages(dist: Dist, name: str) -> list[str]:
    return sorted(path for path in dist.files(name) if path.endswith((".whl", ".tar.gz")))


class _Passed:
    """Which files passed the checks, by their hashes."""

    def __init__(self, dist: Dist) -> None:
        self._dist = dist
        self._path = dist.folder / NOTES / "passed.json"
        try:
            self._known: set[str] = set(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            self._known = set()

    def has(self, planned: Planned) -> bool:
        """Whether this build of a distribution passed."""
        return self._key(planned) in self._known

    def add(self, planned: Planned) -> None:
        """Remember that it passed."""
        self._known.add(self._key(planned))
        replace_file(self._path, json.dumps(sorted(self._known)))

    def _key(self, planned: Planned) -> str:
        """A client is tried together with core: with another core it is tried again."""
        files: Mapping[str, str] = self._dist.files(planned.name)
        if planned.distribution.version:
            files = {**files, **self._dist.files(CORE)}
        return hashlib.sha256(json.dumps([_EDITION, sys.version_info[:2], files], sort_keys=True).encode()).hexdigest()


def _twine_check(files: Sequence[Path]) -> list[str]:
    """What `twine check --strict` finds."""
    command = [sys.executable, "-m", "twine", "check", "--strict", *map(str, files)]
    variables = {**os.environ, "COLUMNS": "1000", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if not done.returncode:
        return []
    lines = [line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines()]
    bad = [line for line in lines if line and not line.endswith("PASSED")]
    return [f"twine check --strict: {line}" for line in bad] or ["twine check --strict: failed without a reason"]


def _install_each(wanted: Sequence[Planned], dist: Dist, cache: Path, notes: _Passed, progress: Progress) -> list[str]:
    wheels = {planned.name: _wheel(dist, planned.name) for planned in wanted}
    needing = [path for path in (_wheel(dist, CORE), _wheel(dist, GENERATOR)) if path]
    wheelhouse = Wheelhouse.filled(cache / "wheelhouse", needing)
    faults: list[str] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool, tempfile.TemporaryDirectory(prefix="connectgen-") as folder:
        place = _Place([wheelhouse.folder, dist.folder], Path(folder), cache / "mypy-of-checks")
        tried = pool.map(_try, wanted, (wheels[planned.name] for planned in wanted), repeat(place))
        for done, (planned, found) in enumerate(zip(wanted, tried, strict=True), 1):
            faults += found
            if not found:
                notes.add(planned)
            progress(planned.name, done, len(wanted))
    return faults


def _wheel(dist: Dist, name: str) -> Path | None:
    return next((dist.folder / path for path in dist.files(name) if path.endswith(".whl")), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where wheels are tried: where pip finds others, where environments arise, what mypy remembers."""

    sources: Sequence[Path]
    environments: Path
    mypy: Path


def _try(planned: Planned, wheel: Path | None, place: _Place) -> list[str]:
    """Install a wheel alone, import it, and let a type checker look at it."""
    if wheel is None:
        return [f"{planned.name}: has no wheel in dist/; run make wheels"]
    with Environment(place.environments / planned.name) as environment:
        steps: Iterable[Callable[[], str]] = (
            lambda: environment.install(wheel, place.sources),
            lambda: environment.run(_program(planned)),
            lambda: environment.type_check(_module(planned), place.mypy),
        )
        for step in steps:
            if fault := step():
                return [f"{planned.name}: {fault}"]
    return []


_OF_EXTRAS = ("sf_connect.core.cli", "sf_connect.core.features.spans")
"""Modules of core that import at once what only an extra installs."""


def _module(planned: Planned) -> str:
    return planned.distribution.package.replace("/", ".")


def _program(planned: Planned) -> str:
    """What must run where nothing but the wheel and what it asks for is installed."""
    version = planned.distribution.version
    if version:
        return (
            f"from {_module(planned)} import API_VERSION, AsyncConnect, Connect, models\n"
            f"assert API_VERSION == '{version}.0', API_VERSION\n"
            "client = Connect('https://acme.my.salesforce.com', token='t')\n"
            "for family in (getattr(client, name) for name in vars(Connect) if name.islower() and name[0] != '_'):\n"
            "    [getattr(family, name) for name in vars(type(family)) if name[0] != '_']\n"
            "[getattr(models, name) for name in dir(models)]\n"
        )
    if planned.name == CORE:
        return (
            "import importlib, pkgutil, sf_connect.core as core\n"
            "for found in pkgutil.walk_packages(core.__path__, 'sf_connect.core.'):\n"
            f"    found.name.startswith({_OF_EXTRAS}) or importlib.import_module(found.name)\n"
        )
    if planned.name == UMBRELLA:
        return "import sf_connect.clients.__main__ as command\nassert len(command.lines()) > 1, 'no client is listed'\n"
    return (
        "import connectgen.cli.generate, connectgen.locations as places\n"
        "assert (places.default_catalogue() / 'releases.yaml').is_file(), 'the catalogue is missing'\n"
        "assert (places.default_templates() / 'python').is_dir(), 'the templates are missing'\n"
    )
