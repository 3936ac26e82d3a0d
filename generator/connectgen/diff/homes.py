"""The family and group that a change is listed under: a type is where most of what it reaches is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from connectgen.diff.change import Change
from connectgen.diff.sentences import subject_of


def family_of(file: str, families: Collection[str]) -> str:
    """The family that a file of the catalogue is about, empty where there is none.

    Args:
        file: `types/feeds/elements.yaml` is about feeds, and so are `enumerations/feeds.yaml` and, as a file of
            enumerations may be about a part, `enumerations/feeds_polls.yaml`.
        families: the names of all families.
    """
    name = file.partition("/")[2].partition("/")[0].removesuffix(".yaml")
    while name not in families and "_" in name:
        name = name.rpartition("_")[0]
    return name if name in families else ""


def homes_of(changes: Sequence[Change], families: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """The family and group that the changes of each owner are listed under.

    Args:
        changes: all of a comparison.
        families: the names of all families.
    """
    by_owner: dict[str, list[Change]] = {}
    for change in changes:
        by_owner.setdefault(subject_of(change).owner, []).append(change)
    return {owner: _home(several, families) for owner, several in by_owner.items()}


def _home(changes: Sequence[Change], families: Collection[str]) -> tuple[str, str]:
    """Either is empty where there is none; the release itself has neither."""
    subject = subject_of(changes[0])
    if changes[0].subject == "release":
        return "", ""
    if not subject.is_type:
        family, _, rest = subject.owner.partition(".")
        return family, rest.partition(".")[0]
    own = family_of(changes[0].location.file, families)
    places: Counter[tuple[str, ...]] = Counter()
    for change in changes:
        places.update(tuple(reach.operation.split(".")[:2]) for reach in change.reaches)
    if not places:
        return own, ""
    family, group = max(places, key=lambda place: (place[0] == own, places[place], place))
    return family, group
