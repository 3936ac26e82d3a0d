"""Reports of the real catalogue, as the command makes them, without starting it."""

from __future__ import annotations

from functools import cache

from connectgen.catalogue.model import Catalogue
from connectgen.diff.jump import Jumps
from connectgen.diff.report import Report
from connectgen.resolver import surface_at
from support.real import real_catalogue


@cache
def catalogue() -> Catalogue:
    """The real catalogue."""
    return real_catalogue()


@cache
def _jumps() -> Jumps:
    return Jumps(lambda version: surface_at(catalogue(), version))


@cache
def report_of(before: int, after: int) -> Report:
    """The comparison of two versions."""
    families = frozenset(group.family for group in catalogue().groups)
    return Report(f"{before}.0", f"{after}.0", _jumps().compare(before, after), catalogue="spec/", families=families)
