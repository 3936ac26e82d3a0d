"""Compares over many versions: the net changes, each with the version in which it landed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from connectgen.diff.change import Change
from connectgen.diff.compare import compare_reached
from connectgen.diff.reach import Reached
from connectgen.surface import Surface


class Jumps:
    """Compares any two versions of one catalogue; what several comparisons need is found once.

    Args:
        surface_at: gives the surface of any version.
    """

    def __init__(self, surface_at: Callable[[int], Surface]) -> None:
        self._surface_at = surface_at
        self._reached: dict[tuple[int, bool], Reached] = {}
        self._steps: dict[tuple[int, int], tuple[Sequence[str], Sequence[str]]] = {}

    def compare(self, before: int, after: int) -> list[Change]:
        """What differs between two versions.

        Args:
            before: the version that code was written for.
            after: the version that it is compared with; it may be the older one.

        Returns:
            The net changes; what came and went again in between is none. `landed` is the newer version of the step
            that brought a change about.
        """
        is_backwards = before > after
        return [replace(change, landed=landed, is_backwards=is_backwards) for change, landed in self.net(before, after)]

    def net(self, before: int, after: int) -> Iterator[tuple[Change, int]]:
        """The same, each as the comparison of the two gives it, with the version in which it landed beside it."""
        newer = max(before, after)
        by_id, by_subject = self._landed(before, after, 1 if after > before else -1)
        for change in compare_reached(self._of(before, follow=True), self._of(after, follow=True)):
            yield change, by_id.get(change.id) or by_subject.get(change.subject, newer)

    def _landed(self, before: int, after: int, step: int) -> tuple[Mapping[str, int], Mapping[str, int]]:
        by_id: dict[str, int] = {}
        by_subject: dict[str, int] = {}
        if before + step == after:
            return by_id, by_subject  # all of it landed in the one step
        for version in range(before, after, step):
            ids, subjects = self._step(version, version + step)
            newer = max(version, version + step)
            by_id.update(dict.fromkeys(ids, newer))
            by_subject.update(dict.fromkeys(subjects, newer))
        return by_id, by_subject

    def _step(self, before: int, after: int) -> tuple[Sequence[str], Sequence[str]]:
        """The ids and the subjects of what a step between neighbours brought about."""
        found = self._steps.get((before, after))
        if found is None:
            changes = compare_reached(self._of(before, follow=False), self._of(after, follow=False))
            found = [change.id for change in changes], [change.subject for change in changes]
            self._steps[before, after] = found
        return found

    def _of(self, version: int, *, follow: bool) -> Reached:
        reached = self._reached.get((version, follow))
        if reached is None:
            reached = self._reached[version, follow] = Reached(self._surface_at(version), follow=follow)
        return reached


def compare_over(before: int, after: int, surface_at: Callable[[int], Surface]) -> list[Change]:
    """What differs between two versions of one catalogue.

    Args:
        before: the version that code was written for.
        after: the version that it is compared with; it may be the older one.
        surface_at: gives the surface of any version between them.

    Returns:
        The net changes, as `Jumps.compare` has them.
    """
    return Jumps(surface_at).compare(before, after)
