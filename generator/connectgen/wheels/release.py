"""Records new versions of what changed: the step that a person commits before anything is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from connectgen.files import replace_file
from connectgen.wheels import changelogs, git
from connectgen.wheels.changes import Changes, refusals
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.record import Entry, Record, write_record
from connectgen.wheels.state import State
from connectgen.wheels.versions import Planned


def record_release(state: State, changes: Mapping[str, Changes], because: str | None) -> list[Planned]:
    """Write the versions of what changed into the record, and what changed in each client into its CHANGELOG.

    Args:
        state: the checkout.
        changes: what changed, by name of distribution.
        because: why versions may break the code of those who use them; None where they may not.

    Returns:
        What got a new version.

    Raises:
        ReleaseError: something is not committed, or a version would break its users' code and nobody said why it may.
        OSError: the disk refused.
    """
    git.refuse_uncommitted(state.root, record=False)
    against = refusals(changes)
    if against and because is None:
        raise ReleaseError("\n".join([*against, _advice(changes)]))
    commit = git.head(state.root)
    changed = [planned for planned in state.plan if planned.changed]
    entries = dict(state.record.released)
    for planned in changed:
        broke = dict(planned.released.broke) if planned.released else {}
        if because is not None and changes[planned.name].remedy:
            broke[planned.version] = because
        entries[planned.name] = Entry(planned.version, planned.content, commit, planned.core, broke)
    if changed:
        date = git.date_of(commit, state.root)
        for planned in changed:
            if planned.distribution.version:
                _write_changelog(state.root, planned, changes[planned.name], date, because)
        write_record(state.root, Record(entries, state.record.yanked))  # last: a run that is killed before is repeated
    return changed


def _write_changelog(root: Path, planned: Planned, changes: Changes, date: str, because: str | None) -> None:
    path = changelogs.path_of(root, planned.name)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    replace_file(path, changelogs.with_release(text, planned, changes, date, because))


def _advice(changes: Mapping[str, Changes]) -> str:
    broken = [name for name, found in changes.items() if found.remedy]
    return (
        f"{', '.join(broken)}: nothing was recorded. Undo or correct that, or, "
        'where it must be, give the reason: make release BECAUSE="…"'
    )


def refuse_unrecorded(plan: Sequence[Planned]) -> None:
    """Refuse to publish what the record does not hold.

    Raises:
        ReleaseError: some distribution changed since it was recorded.
    """
    lines = [f"{planned.name}: {planned.version} is not recorded as released" for planned in plan if planned.changed]
    if lines:
        shown = lines[:10] + ([f"… and {len(lines) - 10} more"] if len(lines) > 10 else [])
        raise ReleaseError("\n".join([*shown, "run make release, and commit published.yaml and changelogs/"]))
