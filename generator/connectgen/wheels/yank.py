"""Withdraws a version: the record keeps why, and goes back to the release before it, so that nothing builds on it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from connectgen.counting import counted
from connectgen.files import replace_file
from connectgen.wheels import changelogs, git
from connectgen.wheels.distributions import CORE
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.record import RECORD, Entry, Record, Yanked, read_record, write_record


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a yank did.

    Attributes:
        last: the version that counts as the last release now, None where none is left.
        written: the files that were written.
        lines: what is to be done because of it, beside a new release.
    """

    last: str | None
    written: list[Path]
    lines: list[str]


def yank(root: Path, name: str, version: str, because: str) -> Withdrawn:
    """Withdraw a version that was recorded.

    Args:
        root: the repository.
        name: the distribution, `sf-connect-v67`.
        version: the version, `67.0.4`.
        because: why.

    Raises:
        ReleaseError: that version was never recorded, or is withdrawn already.
        OSError: the disk refused.
    """
    record = read_record(root)
    yanked = dict(record.yanked_of(name))
    if version in yanked:
        raise ReleaseError(f"{name} {version}: was yanked before, because: {yanked[version].because}")
    releases = list(_releases(root, name, record))
    entry = next((one for one in releases if one.version == version), None)
    if entry is None:
        known = ", ".join(one.version for one in releases[:5]) or "no version"
        raise ReleaseError(
            f"{name} {version}: was never recorded; {RECORD} and its history have {known} "
            "(in a shallow clone, run git fetch --unshallow first)"
        )
    yanked[version] = Yanked(because, entry.content, entry.commit, entry.core)
    good = [one for one in releases if one.version not in yanked]
    released = {other: one for other, one in record.released.items() if other != name}
    if good:
        released[name] = max(good, key=lambda one: Version(one.version))
    written = [root / RECORD]
    changelog = changelogs.path_of(root, name)
    if changelog.is_file():
        before = changelog.read_text(encoding="utf-8")
        replace_file(changelog, changelogs.with_yanked(before, version, because))
        written.append(changelog)
    after = Record(released, {**record.yanked, name: yanked})
    write_record(root, after)
    last = released[name].version if name in released else None
    return Withdrawn(last, written, _needing(after) if name == CORE else [])


def _releases(root: Path, name: str, record: Record) -> Iterator[Entry]:
    """Every release of a distribution that the record has or had, the newest first."""
    seen: set[str] = set()
    for state in (record, *_earlier(root)):
        entry = state.released.get(name)
        if entry and entry.version not in seen:
            seen.add(entry.version)
            yield entry


def _earlier(root: Path) -> Iterator[Record]:
    """The record as it was at each commit that changed it."""
    for data in git.earlier_states(RECORD, root):
        with tempfile.TemporaryDirectory(prefix="connectgen-") as folder:
            (Path(folder) / RECORD).write_bytes(data)
            try:
                yield read_record(Path(folder))
            except ReleaseError:
                continue  # malformed once, and corrected since


def _needing(record: Record) -> list[str]:
    """What a core that was withdrawn means for clients."""
    core = record.released.get(CORE)
    needing = [
        name
        for name, entry in record.released.items()
        if entry.core and (core is None or Version(entry.core) > Version(core.version))
    ]
    if not needing:
        return []
    shown = ", ".join(needing[:3]) + (" …" if len(needing) > 3 else "")
    return [f"{counted(len(needing), 'client')} cannot be installed until a later {CORE} is published: {shown}"]
