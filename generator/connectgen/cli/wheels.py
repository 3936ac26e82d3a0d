"""`connectgen wheels`: wheel and source distribution of each client, of core and of the generator."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from connectgen.cli.packages import DIST, GENERATED, report_errors_plainly, repository, show_progress
from connectgen.cli.versions import version_number
from connectgen.counting import counted
from connectgen.locations import default_cache

if TYPE_CHECKING:
    from connectgen.wheels.versions import Planned


@click.command("wheels")
@click.argument("versions", nargs=-1, metavar="[VERSION]...")
@GENERATED
@DIST
@click.option("--check", is_flag=True, help="Build nothing; exit code 1 where dist/ is not up to date or not recorded.")
def wheels_command(versions: tuple[str, ...], generated: Path, dist: Path, check: bool) -> None:
    """Build wheel, source distribution and bill of materials of the clients for some VERSIONs (67.0).

    Without a VERSION: of all clients, of core and of the generator. What is in the folder and still right is kept.

    Exit code 0: up to date now; 1: generated packages not up to date, or a package not as it must be; 2: wrong usage;
    3: the disk refused.
    """
    root = repository()
    numbers = [version_number(version) for version in versions]
    with report_errors_plainly(dist):
        from connectgen.wheels.building import build_all, outdated
        from connectgen.wheels.state import state_of

        state = state_of(root, generated, dist, default_cache(), numbers)
        if check:
            _check(state.plan, [planned.name for planned in outdated(state.plan, state.dist, state.links, state.epoch)])
            click.echo(f"{dist}: up to date")
            return
        report = build_all(state.plan, state.dist, state.links, state.epoch, show_progress)
    for line in _unrecorded(state.plan):
        click.echo(line, err=True)
    click.echo(f"{dist}: {counted(len(report.built), 'distribution')} built, {len(report.kept)} kept")


def _check(plan: Sequence[Planned], old: Sequence[str]) -> None:
    for name in old:
        click.echo(f"{name}: not up to date; run make wheels")
    changed = _unrecorded(plan)
    for line in changed:
        click.echo(line)
    if old or changed:
        sys.exit(1)


def _unrecorded(plan: Sequence[Planned]) -> list[str]:
    """What `make release` would record: a line for each, or one for all where nothing has ever been released."""
    changed = [planned for planned in plan if planned.changed]
    if not any(planned.released for planned in plan) and changed:
        return [f"never released: {counted(len(changed), 'distribution')}; make release records their versions"]
    return [
        f"{planned.name}: {planned.version} is not released: "
        + (f"its content changed since {planned.released.version}" if planned.released else "there is no earlier one")
        + "; make release records it"
        for planned in changed
    ]
