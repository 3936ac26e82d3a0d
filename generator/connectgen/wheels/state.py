"""What the commands need to know of a checkout: its distributions, their versions, and that they are current."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectgen.catalogue.loader import load_catalogue
from connectgen.python.generate import generate
from connectgen.wheels.building import epoch_of
from connectgen.wheels.dist import Dist
from connectgen.wheels.distributions import distributions
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.known_code import remembered
from connectgen.wheels.projects import links_of
from connectgen.wheels.record import Record, read_record
from connectgen.wheels.umbrella import outdated_umbrella
from connectgen.wheels.versions import Planned, planned_versions


@dataclass(frozen=True, slots=True)
class State:
    """A checkout, as it is.

    Attributes:
        root: the repository.
        plan: its distributions with their versions, in the order in which they are published.
        record: what was released last.
        dist: where built files are.
        links: the links that the metadata gets.
        epoch: the time that files in packages get.
    """

    root: Path
    plan: Sequence[Planned]
    record: Record
    dist: Dist
    links: Mapping[str, str]
    epoch: int


def state_of(root: Path, generated: Path, dist: Path, cache: Path | None, versions: Sequence[int] = ()) -> State:
    """Find out how a checkout is.

    Args:
        root: the repository.
        generated: where the clients' packages are.
        dist: where built files are.
        cache: where work is remembered, or None.
        versions: only these clients; all distributions where empty.

    Raises:
        ReleaseError: the packages are not what the catalogue gives, or a file is not as it must be.
        CatalogueError: the catalogue has faults.
        UnknownVersionError: the catalogue lacks a version.
    """
    record = read_record(root)
    _refuse_stale(root, generated, cache, versions)
    links = links_of(root)
    with remembered(cache):
        plan = planned_versions(distributions(root, generated, versions), root, record, links)
    return State(root, plan, record, Dist(dist), links, epoch_of(os.environ))


def _refuse_stale(root: Path, generated: Path, cache: Path | None, versions: Sequence[int]) -> None:
    report = generate(root / "spec", root / "templates", generated, versions, check=True, cache=cache)
    lines = [
        f"{generated / package}: not up to date ({len(paths)}: {', '.join(paths[:3])}{' …' if len(paths) > 3 else ''})"
        for package, paths in report.outdated.items()
    ]
    if lines:
        raise ReleaseError("\n".join([*lines, "run make generate"]))
    if not versions:
        releases = load_catalogue(root / "spec", cache).releases
        old = [f"{path}: does not follow the list of releases" for path, _ in outdated_umbrella(root, releases)]
        if old:
            raise ReleaseError("\n".join([*old, f"run connectgen release begin {releases[-1].version}.0"]))
