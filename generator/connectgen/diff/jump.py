"""Compares over many versions: the net changes, each with the version in which it landed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from connectgen.diff.change import Change
from connectgen.diff.compare import compare
from connectgen.surface import Surface


def compare_over(before: int, after: int, surface_at: Callable[[int], Surface]) -> list[Change]:
    """What differs between two versions of one catalogue.

    Args:
        before: the version that code was written for.
        after: the version that it is compared with; it may be the older one.
        surface_at: gives the surface of any version between them.

    Returns:
        The net changes; what came and went again in between is none. `landed` is the newer version of the step that
        brought a change about.
    """
    changes = compare(surface_at(before), surface_at(after))
    newer = max(before, after)
    step = 1 if after > before else -1
    if before + step == after:
        return [replace(change, landed=newer, is_backwards=step < 0) for change in changes]
    by_id: dict[str, int] = {}
    by_subject: dict[str, int] = {}
    for version in range(before, after, step):
        for change in compare(surface_at(version), surface_at(version + step), with_reach=False):
            by_id[change.id] = by_subject[change.subject] = max(version, version + step)
    return [
        replace(change, landed=by_id.get(change.id, by_subject.get(change.subject, newer)), is_backwards=step < 0)
        for change in changes
    ]
