"""Compares two surfaces: every cause once, with what it reaches."""

from __future__ import annotations

from connectgen.diff.change import Change, Reach
from connectgen.diff.collector import Collector
from connectgen.diff.operations import compare_operations
from connectgen.diff.reach import Reached
from connectgen.diff.types import compare_types
from connectgen.surface import Surface


def compare(before: Surface, after: Surface, *, with_reach: bool = True) -> list[Change]:
    """What differs between two surfaces.

    Args:
        before: the older one, or the one that code was written for.
        after: the one that it is compared with.
        with_reach: False where nobody asks which operations a changed type reaches: finding that out takes most of
            the time.

    Returns:
        Every change, the worst first, then by subject and rule.
    """
    return compare_reached(Reached(before, follow=with_reach), Reached(after, follow=with_reach))


def compare_reached(before: Reached, after: Reached) -> list[Change]:
    """What differs between two surfaces, each with what is known already of its operations and types.

    One that is compared with many others is asked only once which operations reach a type.
    """
    found = Collector(before.undocumented, after.undocumented)
    _compare_releases(before.surface, after.surface, found)
    compare_operations(before, after, found)
    compare_types(before.surface, after.surface, before, after, found)
    return found.sorted()


def _compare_releases(before: Surface, after: Surface, found: Collector) -> None:
    if before.release.status == after.release.status:
        return
    rule = "version-retired" if after.release.status == "retired" else "version-supported"
    shown = (f"{before.version}.0 is {before.release.status}", f"{after.version}.0 is {after.release.status}")
    everything = tuple(
        Reach(f"{one.family}.{one.group}.{one.name}", "request") for group in after.groups for one in group.operations
    )
    found.add(rule, "release", after.release.location, *shown, reaches=everything)
