"""The two sides of a comparison: a version, of the catalogue as it is or as it was at a git ref."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from connectgen.catalogue.faults import CatalogueError
from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.model import Catalogue
from connectgen.resolver import UnknownVersionError

_SIDE = re.compile(r"(?P<version>\d{2,3})\.0(?:@(?P<ref>.+))?")


class SideError(ValueError):
    """A side is named wrongly: no version, an unknown version, no such ref."""


class SideLoadError(Exception):
    """The catalogue of a side cannot be loaded."""


@dataclass(frozen=True, slots=True)
class Side:
    """A version, and the git ref whose catalogue it is of; None for the catalogue as it is."""

    version: int
    ref: str | None

    def __str__(self) -> str:
        return f"{self.version}.0" + (f"@{self.ref}" if self.ref else "")


def parse_side(text: str) -> Side:
    """Read `66.0` or `66.0@v1.2.0`.

    Raises:
        SideError: it is neither.
    """
    match = _SIDE.fullmatch(text)
    if not match:
        raise SideError(f"{text!r} is no version; write it as in 66.0, or 66.0@v1.2.0 for the catalogue at a git ref")
    ref = match["ref"]
    if ref is not None and ref.startswith("-"):
        raise SideError(f"{ref!r} is no git ref")
    return Side(int(match["version"]), ref)


def load_side(side: Side, root: Path, cache: Path | None, overlay: Path | None = None) -> Catalogue:
    """Load the catalogue that a side is of.

    Args:
        side: the version and the ref.
        root: the catalogue's folder as it is.
        cache: where parsed files are remembered.
        overlay: a folder that is laid over the catalogue, whichever ref it is of.

    Raises:
        SideError: there is no such ref, or the catalogue at it does not have the version.
        SideLoadError: the catalogue is at fault.
    """
    try:
        with ExitStack() as stack:
            folder = root if side.ref is None else _at_ref(side.ref, root, stack)
            catalogue = load_catalogue(folder, cache, overlay=overlay)
    except CatalogueError as error:
        what = "the catalogue" if side.ref is None else f"the catalogue at {side.ref}"
        raise SideLoadError(f"{error}\n{what} has faults: fix them first") from None
    check_version(side, catalogue)
    return catalogue


def check_version(side: Side, catalogue: Catalogue) -> None:
    """Make sure that a catalogue has the version of a side.

    Raises:
        SideError: it does not.
    """
    if side.version not in catalogue.versions:
        oldest, newest = catalogue.versions[0], catalogue.versions[-1]
        unknown = UnknownVersionError(f"there is no version {side}: the catalogue has {oldest}.0 to {newest}.0")
        raise SideError(str(unknown))


def _at_ref(ref: str, root: Path, stack: ExitStack) -> Path:
    try:
        top = Path(_git(root, "rev-parse", "--show-toplevel").decode().strip())
    except SideError:
        raise SideError(f"{root} is not under git: {ref} cannot be looked up") from None
    try:
        commit = (
            _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").decode().strip()
        )
    except SideError:
        raise SideError(f"there is no git ref {ref} in {top}; `git tag` and `git branch` list some") from None
    inside = root.resolve().relative_to(top.resolve()).as_posix()
    try:
        archive = _git(top, "archive", "--format=tar", commit, inside)
    except SideError:
        raise SideError(f"the catalogue ({inside}) does not exist at {ref}") from None
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="connectgen-")))
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    return folder / inside


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise SideError("git is not installed: a ref cannot be looked up") from None
    if done.returncode:
        raise SideError(done.stderr.decode(errors="replace").strip())
    return done.stdout
