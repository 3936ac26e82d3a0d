"""Builds one distribution by its backend's PEP 517 hooks, in a staged copy of exactly what goes in."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import shutil
import tempfile
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from connectgen.wheels.contents import faults_of
from connectgen.wheels.distributions import CORE, Distribution
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.projects import staged_project, staged_readme
from connectgen.wheels.versions import Planned

SBOMS = "sbom"
"""The folder in dist/ with the bills of materials, one a wheel."""


@dataclass(frozen=True, slots=True)
class Built:
    """The files of one build: paths relative to dist/, and each one's hash (SHA-256)."""

    name: str
    files: Mapping[str, str]


def build(planned: Planned, links: Mapping[str, str], epoch: int, work: Path) -> Built:
    """Build wheel, source distribution and bill of materials of one distribution.

    Args:
        planned: the distribution and its version.
        links: what to add to its links.
        epoch: the time that all files in it get, in seconds since 1970.
        work: an empty folder; the results are left in `work/dist`.

    Raises:
        ReleaseError: it cannot be built, or what was built is not as it must be.
        OSError: the disk refused.
    """
    from connectgen.wheels.sbom import bill_of_materials

    stage, out = work / "stage", work / "dist"
    out.mkdir(parents=True)
    _stage(planned, links, stage)
    wheel, sdist = _call_backend(planned.distribution, stage, out, epoch)
    shutil.rmtree(stage)
    faults = faults_of(planned, out / wheel, out / sdist)
    if faults:
        raise ReleaseError("\n".join(faults))
    (out / SBOMS).mkdir()
    bom = f"{SBOMS}/{planned.distribution.stem}-{planned.version}.cdx.json"
    materials = bill_of_materials(out / wheel, epoch, {CORE: planned.core} if planned.core else {})
    (out / bom).write_text(materials, encoding="utf-8", newline="\n")
    return Built(planned.name, {name: sha256_of(out / name) for name in (wheel, sdist, bom)})


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stage(planned: Planned, links: Mapping[str, str], stage: Path) -> None:
    """Lay out exactly what goes in, so that nothing else can."""
    for boundary in (".git", ".hg"):
        # The backend looks for a .gitignore in every folder above, and would pack what it finds, up to such a folder.
        (stage / boundary).mkdir(parents=True)
    for relative, path in planned.distribution.files():
        target = stage / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        if relative == "README.md":
            target.write_text(staged_readme(path.read_text("utf-8"), links), encoding="utf-8", newline="\n")
        else:
            _link(path, target)
    text = staged_project(planned.distribution, planned.version, planned.core, links)
    (stage / "pyproject.toml").write_text(text, encoding="utf-8", newline="\n")


def _link(path: Path, target: Path) -> None:
    """Put a file into the stage; not as executable, whatever a copy or an archive made of it."""
    if not path.stat().st_mode & 0o111:
        try:
            os.link(path, target)
            return
        except OSError:
            pass  # not every disk has hard links
    shutil.copyfile(path, target)
    target.chmod(0o644)


def _call_backend(distribution: Distribution, stage: Path, out: Path, epoch: int) -> tuple[str, str]:
    """Call the hooks as PEP 517 says: in the project's folder, in a process that does nothing else meanwhile."""
    system = distribution.project().get("build-system", {})
    path = distribution.folder / "pyproject.toml"
    for text in system.get("requires", []):
        requirement = Requirement(text)
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            found = None
        if found is None or not requirement.specifier.contains(found, prereleases=True):
            raise ReleaseError(f"{path}: is built by {text}, and {found or 'none'} is installed; run make setup")
    with _surroundings(stage, epoch, out):
        backend = importlib.import_module(system["build-backend"])
        try:
            sdist = backend.build_sdist(str(out))
            wheel = backend.build_wheel(str(out))
        except OSError:
            raise
        except Exception as error:
            raise ReleaseError(f"{path}: the backend cannot build it: {type(error).__name__}: {error}") from None
    return wheel, sdist


@contextlib.contextmanager
def _surroundings(stage: Path, epoch: int, out: Path) -> Generator[None]:
    """The working directory, the time and the place for temporary files that a hook sees."""
    before, variables = Path.cwd(), dict(os.environ)
    os.environ.update({"SOURCE_DATE_EPOCH": str(epoch), "TMPDIR": str(out.parent)})
    tempfile.tempdir = None
    os.chdir(stage)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(variables)
        tempfile.tempdir = None
