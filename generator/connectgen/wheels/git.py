"""What git says of the repository: the commit, what is not committed, what changed since, how it was."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.record import RECORD

SOURCES = ("spec", "templates", "generator/connectgen", "core", "umbrella", "hatch_build.py", "pyproject.toml")
"""What the packages are generated from."""
_TEXTS = ("README.md", "CHANGELOG.md", "LICENSE")
_RECORDED = (RECORD, "changelogs")
"""What a release writes."""


def head(root: Path) -> str:
    """The commit that is checked out.

    Raises:
        ReleaseError: there is no git, no repository, or no commit.
    """
    return _git(root, "rev-parse", "--verify", "HEAD^{commit}").decode().strip()


def refuse_uncommitted(root: Path, *, record: bool) -> None:
    """Refuse to go on where sources of packages are not committed: nobody would know later what was published.

    Args:
        root: the repository.
        record: whether the record and the CHANGELOGs of clients must be committed too.

    Raises:
        ReleaseError: something is not committed; it is named.
    """
    paths = [*SOURCES, *_TEXTS, *(_RECORDED if record else ())]
    status = _git(root, "status", "--porcelain", "--untracked-files=all", "-z", "--", *paths).decode(errors="replace")
    changed = [entry[3:] for entry in status.split("\0") if len(entry) > 3 and entry[2] == " "]
    if changed:
        shown = ", ".join(changed[:5]) + (f" and {len(changed) - 5} more" if len(changed) > 5 else "")
        raise ReleaseError(
            f"not committed: {shown}; commit or remove what changed, so that it is known what is published"
        )


def date_of(commit: str, root: Path) -> str:
    """The day of a commit, `2026-11-30`.

    Raises:
        ReleaseError: the commit is not in this clone.
    """
    return _git(root, "show", "--no-patch", "--format=%cs", commit).decode().strip()


def earlier_states(path: str, root: Path) -> Iterator[bytes]:
    """What a file held at each commit that changed it, the newest first.

    Raises:
        ReleaseError: there is no git, or no repository.
    """
    for commit in _git(root, "log", "--format=%H", "--", path).decode().split():
        try:
            yield _git(root, "show", f"{commit}:{path}")
        except ReleaseError:
            continue  # the commit removed it


def before_text(root: Path, text: str, path: str) -> str:
    """The commit before the one that brought a text into a file; HEAD where that is not committed yet.

    Raises:
        ReleaseError: there is no git, or the file had the text from the first commit on.
    """
    found = _git(root, "log", "--format=%H", "--reverse", "-S", text, "--", path).decode().split()
    if not found or not _git(root, "grep", "--fixed-strings", "--count", "-e", text, "HEAD", "--", path, absent=b""):
        return head(root)
    try:
        return _git(root, "rev-parse", "--verify", f"{found[0]}^").decode().strip()
    except ReleaseError:
        raise ReleaseError(f"{path} has had it since the first commit of this clone") from None


def changed_since(commit: str, root: Path, paths: Sequence[str]) -> list[str]:
    """The files under some paths that differ between a commit and what is checked out; none where git does not know."""
    try:
        text = _git(root, "diff", "--name-only", "-z", commit, "--", *paths).decode(errors="replace")
    except ReleaseError:
        return []
    return [path for path in text.split("\0") if path]


def extract(commit: str, root: Path, path: str, target: Path) -> None:
    """Lay out a part of the repository as it was at a commit.

    Args:
        commit: the commit.
        root: the repository.
        path: a folder in it.
        target: where to put it; `target/path` then holds it.

    Raises:
        ReleaseError: the commit is not in this clone, or did not have the folder.
    """
    try:
        archive = _git(root, "archive", "--format=tar", commit, path)
    except ReleaseError:
        raise ReleaseError(not_at_hand(commit)) from None
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(target, filter="data")


def not_at_hand(commit: str) -> str:
    """The line for a commit that this clone lacks."""
    return (
        f"the commit {commit[:12]} of the last release is not in this clone: git fetch --unshallow, or fetch its branch"
    )


def _git(root: Path, *arguments: str, absent: bytes | None = None) -> bytes:
    """What git prints; `absent` where it ends with code 1, as `git grep` does where nothing is found."""
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", "-C", str(root), *arguments], capture_output=True, check=False
        )
    except FileNotFoundError:
        raise ReleaseError("git is not installed, and a release is identified by its commit") from None
    if done.returncode == 1 and absent is not None:
        return absent
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise ReleaseError(f"{root}: git failed: {lines[-1].removeprefix('fatal: ')}")
    return done.stdout
