"""Builds what is missing in dist/ or no longer right, in as many processes as there are processors."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, field
from importlib.metadata import version

from connectgen.wheels.backend import Built, build
from connectgen.wheels.dist import Dist
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.versions import Planned
from connectgen.workers import workers

EPOCH = 1_580_601_600
"""The time that files in packages get unless SOURCE_DATE_EPOCH says another: 2 February 2020, as hatchling has it."""
Progress = Callable[[str, int, int], None]


@dataclass
class BuildReport:
    """What a run did, by name of distribution."""

    built: list[str] = field(default_factory=list[str])
    kept: list[str] = field(default_factory=list[str])


def epoch_of(environment: Mapping[str, str]) -> int:
    """The time that files in packages get, in seconds since 1970.

    Raises:
        ReleaseError: SOURCE_DATE_EPOCH is set and cannot be used.
    """
    text = environment.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return EPOCH
    # A zip archive cannot hold times before 1980 or after 2107.
    if not text.isascii() or not text.isdecimal() or not 315_532_800 <= int(text) < 4_354_819_200:
        raise ReleaseError(
            f"SOURCE_DATE_EPOCH={text}: must be seconds since 1970, of a time from 1980 to 2107; unset it"
        )
    return int(text)


def source_of(planned: Planned, links: Mapping[str, str], epoch: int) -> dict[str, str]:
    """Everything that the files of a distribution depend on."""
    tools = {name: version(name) for name in ("hatchling", "cyclonedx-python-lib")}
    return {
        "content": planned.whole,
        "version": planned.version,
        "core": planned.core or "",
        "links": " ".join(f"{name}={url}" for name, url in sorted(links.items())),
        "epoch": str(epoch),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **tools,
    }


def outdated(plan: Iterable[Planned], dist: Dist, links: Mapping[str, str], epoch: int) -> list[Planned]:
    """The distributions whose files in dist/ are missing, or were made from something else."""
    found: list[Planned] = []
    for planned in plan:
        made = dist.made(planned.name)
        if made is None or dict(made.source) != source_of(planned, links, epoch):
            found.append(planned)
    return found


def refuse_outdated(plan: Iterable[Planned], dist: Dist, links: Mapping[str, str], epoch: int) -> None:
    """Refuse to go on where dist/ is not what the checkout would give.

    Raises:
        ReleaseError: some distributions are not built, or not from this.
    """
    names = [planned.name for planned in outdated(plan, dist, links, epoch)]
    if names:
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        raise ReleaseError(f"{dist.folder}: not up to date: {shown}; run make wheels")


def build_all(
    plan: Sequence[Planned],
    dist: Dist,
    links: Mapping[str, str],
    epoch: int,
    progress: Progress = lambda _name, _done, _all: None,
) -> BuildReport:
    """Bring dist/ up to date.

    Args:
        plan: the distributions and their versions.
        dist: the folder.
        links: the links that the metadata gets.
        epoch: the time that files in packages get.
        progress: called for each distribution when it is done: its name, how many are done, how many there are.

    Raises:
        ReleaseError: some could not be built; the others were.
        OSError: the disk refused.
    """
    dist.recover()
    wanted = outdated(plan, dist, links, epoch)
    names = {planned.name for planned in wanted}
    report = BuildReport(kept=[planned.name for planned in plan if planned.name not in names])
    if not wanted:
        return report
    faults: list[str] = []
    try:
        with workers(min(len(wanted), os.cpu_count() or 1)) as pool:
            futures: dict[Future[Built], Planned] = {
                pool.submit(build, planned, links, epoch, dist.work.absolute() / planned.name): planned
                for planned in _largest_first(wanted)
            }
            try:
                _collect(futures, dist, links, epoch, progress, report, faults)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    finally:
        dist.recover()
    if faults:
        raise ReleaseError("\n".join(sorted(faults)))
    return report


def _collect(
    futures: Mapping[Future[Built], Planned],
    dist: Dist,
    links: Mapping[str, str],
    epoch: int,
    progress: Progress,
    report: BuildReport,
    faults: list[str],
) -> None:
    for done, future in enumerate(as_completed(futures), 1):
        planned = futures[future]
        try:
            built = future.result()
        except ReleaseError as error:
            faults.append(str(error))
            continue
        dist.put(built, dist.work / planned.name / "dist", source_of(planned, links, epoch))
        report.built.append(planned.name)
        progress(planned.name, done, len(futures))


def _largest_first(wanted: Iterable[Planned]) -> list[Planned]:
    """The newest versions are the largest: begun first, they do not keep one process busy at the end."""
    return sorted(wanted, key=lambda planned: -(planned.distribution.version or 1_000))
