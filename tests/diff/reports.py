"""Reports of the real catalogue, as the command makes them, without starting it."""

from __future__ import annotations

from functools import cache

from connectgen.diff.jump import Jumps
from connectgen.diff.report import Report
from support.real import real_catalogue, real_surface


@cache
def _jumps() -> Jumps:
    return Jumps(real_surface)


@cache
def report_of(before: int, after: int) -> Report:
    """The comparison of two versions."""
    families = frozenset(group.family for group in real_catalogue().groups)
    return Report(f"{before}.0", f"{after}.0", _jumps().compare(before, after), catalogue="spec/", families=families)
