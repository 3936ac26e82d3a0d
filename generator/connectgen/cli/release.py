"""`connectgen release`: what is to be published, its record, its checks, its publishing."""

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

_SIMPLE = click.option(
    "--simple",
    metavar="URL",
    help="The index's Simple API, where it is not that of PyPI and not simple/ below the URL to upload to.",
)


@click.group("release")
def release_group() -> None:
    """Plan, record, check and publish new versions of what changed.

    A new API version: `begin`, import, `status`. Then: `record`, commit what it wrote, `connectgen wheels`, `publish`.
    A version that must not be used: `yank`.

    Exit code 0: done; 1: a finding that keeps it from being done; 2: wrong usage; 3: the disk refused; 4: the index
    cannot be reached or refuses.
    """


@release_group.command("begin")
@click.argument("version")
def begin_command(version: str) -> None:
    """Begin the API VERSION that follows the newest, as 68.0 follows 67.0.

    It enters the list of releases, documents get the figures that follow from it, and the CHANGELOG a line. For the
    newest version, what is missing of that is done again.

    Exit code 0: done, or nothing was missing; 1: another version is next, or the catalogue is at fault; 2: wrong usage;
    3: the disk refused.
    """
    root = repository()
    number = version_number(version)
    with report_errors_plainly(root):
        from connectgen.releasing.begin import begin

        written = begin(root, number, default_cache())
        for path in written:
            click.echo(f"{path.relative_to(root)}: written")
        if not written:
            click.echo(f"{version}: nothing was missing")
        begins = root / "spec" / "releases.yaml" in written
        first = "import what it brings, then " if begins else ""
        click.echo(f"next: {first}connectgen release status {version} (docs/new-release.md)")


@release_group.command("status")
@click.argument("version")
@GENERATED
@click.option(
    "--base",
    metavar="REF",
    help="The git ref that older versions are compared with (default: the commit before VERSION began).",
)
def status_command(version: str, generated: Path, base: str | None) -> None:
    """Say what is open before the API VERSION can be published.

    Older versions unchanged, lint, names that are new, lists of values that may have grown too, documents, tests, and
    the wheels that would be published and why. `done` needs nothing, `open` something, and at `look` a person decides.

    Exit code 0: nothing is open; 1: something is, or the catalogue is at fault; 2: wrong usage.
    """
    root = repository()
    number = version_number(version)
    with report_errors_plainly(root):
        from connectgen.releasing.status import status

        points = status(root, generated, number, base, default_cache())
        for point in points:
            click.echo("\n".join(point.lines()))
    if any(point.state == "open" for point in points):
        sys.exit(1)


@release_group.command("plan")
@GENERATED
@click.option("--json", "as_matrix", is_flag=True, help="One line of JSON, usable as the matrix of a CI job.")
@click.option(
    "--index", metavar="INDEX", help="Also list what is recorded and this index lacks (a URL or a name in .pypirc)."
)
@_SIMPLE
def plan_command(generated: Path, as_matrix: bool, index: str | None, simple: str | None) -> None:
    """List what would be published, and why.

    Exit code 0: listed, whether there is something or nothing; 1: packages not up to date; 4: the index cannot be read.
    """
    root = repository()
    with report_errors_plainly(root):
        from connectgen.wheels.changes import Comparison
        from connectgen.wheels.plan import as_json, as_text, plan_of
        from connectgen.wheels.state import state_of

        state = state_of(root, generated, Path("dist"), default_cache())
        changes = Comparison(root, state.plan, default_cache()).changes()
        missing: dict[str, list[str]] = {}
        if index:
            from connectgen.wheels.index import Index, missing_from

            with Index(index, simple) as opened:
                missing = missing_from(opened, state.plan)
        steps = plan_of(state.plan, changes, missing)
        click.echo(as_json(steps) if as_matrix else as_text(steps), nl=False)


@release_group.command("record")
@GENERATED
@click.option(
    "--because", metavar="REASON", help="Record versions that break the code of those who use them, and say why."
)
def record_command(generated: Path, because: str | None) -> None:
    """Give what changed its next version, write it into published.yaml, and what changed into changelogs/.

    Exit code 0: recorded, or nothing changed; 1: something is not committed, or a version would break the code of those
    who use it and no --because says why it may; 3: the disk refused.
    """
    reason = None if because is None else _reason(because)
    root = repository()
    with report_errors_plainly(root):
        from connectgen.wheels.changelogs import FOLDER
        from connectgen.wheels.changes import Comparison
        from connectgen.wheels.plan import as_text, plan_of
        from connectgen.wheels.record import RECORD
        from connectgen.wheels.release import record_release
        from connectgen.wheels.state import state_of

        state = state_of(root, generated, Path("dist"), default_cache())
        changes = Comparison(root, state.plan, default_cache()).changes()
        recorded = record_release(state, changes, reason)
        if not recorded:
            click.echo(f"{RECORD}: nothing changed since the last release")
            return
        click.echo(as_text(plan_of(recorded, changes, {})), nl=False)
        click.echo(f"{RECORD}: {counted(len(recorded), 'version')} recorded")
        click.echo(f"{FOLDER}/: says what changed in each client; commit both, then run make publish")


@release_group.command("yank")
@click.argument("name")
@click.argument("version")
@click.option("--because", required=True, metavar="REASON", help="Why; the record and the client's CHANGELOG keep it.")
def yank_command(name: str, version: str, because: str) -> None:
    """Withdraw a released VERSION of a distribution, as `yank sf-connect-v67 67.0.4 --because "It loses files."`.

    The record keeps it and goes back to the release before: what comes next is compared with that one, and has a number
    of its own. At the index somebody must yank it too; docs/publishing.md says how.

    Exit code 0: withdrawn; 1: the version was never recorded, or is withdrawn already; 2: wrong usage; 3: the disk
    refused.
    """
    reason = _reason(because)
    root = repository()
    with report_errors_plainly(root):
        from connectgen.wheels.yank import yank

        done = yank(root, name, version, reason)
        for path in done.written:
            click.echo(f"{path.relative_to(root)}: written")
        click.echo(
            f"{name} {version}: yanked; " + (f"the last release is {done.last}" if done.last else "none is left")
        )
        for line in done.lines:
            click.echo(line)
        click.echo("next: commit it, yank it at the index (docs/publishing.md), correct it, make release")


def _reason(because: str) -> str:
    """A reason on one line."""
    if not because.strip():
        raise click.BadParameter("a reason must say something", param_hint="--because")
    return " ".join(because.split())


@release_group.command("check")
@GENERATED
@DIST
def check_command(generated: Path, dist: Path) -> None:
    """Check what is built: by twine, and each wheel alone in a clean environment.

    Exit code 0: all is well; 1: a check failed, or something is not built; 4: pip cannot get the libraries they need.
    """
    root = repository()
    with report_errors_plainly(dist):
        from connectgen.wheels.building import refuse_outdated
        from connectgen.wheels.checks import check_all
        from connectgen.wheels.state import state_of

        state = state_of(root, generated, dist, default_cache())
        refuse_outdated(state.plan, state.dist, state.links, state.epoch)
        count = check_all(state.plan, state.dist, default_cache(), show_progress, _announce_checks)
        click.echo(f"{dist}: {counted(count, 'distribution')} checked, {len(state.plan) - count} before")


@release_group.command("publish")
@click.argument("index")
@GENERATED
@DIST
@_SIMPLE
@click.option(
    "--accept-repacked", is_flag=True, help="Accept files on the index that hold the same, packed in another way."
)
@click.option(
    "--stage",
    type=click.Path(path_type=Path),
    metavar="DIRECTORY",
    help="Upload nothing: copy what would be uploaded to this new folder, with its hashes, after all checks.",
)
def publish_command(
    index: str, generated: Path, dist: Path, simple: str | None, accept_repacked: bool, stage: Path | None
) -> None:
    """Upload what INDEX lacks: a URL to upload to, or a name in .pypirc (`pypi` and `testpypi` are known).

    Only what is recorded and committed is published, after the checks. Nothing on the index is ever overwritten; the
    next run goes on where one was interrupted. Credentials are twine's: TWINE_USERNAME and TWINE_PASSWORD, .pypirc, a
    keyring, or trusted publishing in CI.

    Exit code 0: all is up; 1: not recorded, not committed, not built, a check failed, or the index has other bytes
    under a name; 2: wrong usage; 4: the index cannot be reached or refuses.
    """
    root = repository()
    with report_errors_plainly(dist):
        from connectgen.wheels import git
        from connectgen.wheels.building import refuse_outdated
        from connectgen.wheels.checks import check_all
        from connectgen.wheels.index import Index
        from connectgen.wheels.publish import publish
        from connectgen.wheels.release import refuse_unrecorded
        from connectgen.wheels.state import state_of

        state = state_of(root, generated, dist, default_cache())
        refuse_unrecorded(state.plan)
        git.refuse_uncommitted(root, record=True)
        refuse_outdated(state.plan, state.dist, state.links, state.epoch)

        def check(plan: Sequence[Planned]) -> None:
            check_all(plan, state.dist, default_cache(), show_progress, _announce_checks)

        with Index(index, simple) as opened:
            done = publish(state.plan, state.dist, opened, check, _report, accept_repacked=accept_repacked, stage=stage)
            if stage is not None and stage.is_dir():
                count = len(list(stage.iterdir())) - 1  # without their hashes
                click.echo(f"{stage}: {counted(count, 'file')} to upload, {done.present} there already")
                return
            click.echo(f"{opened}: {counted(len(done.uploaded), 'file')} uploaded, {done.present} there already")


def _announce_checks(count: int) -> None:
    """Say before the checks how many there are; each takes seconds."""
    minutes = ", which takes minutes" if count > 10 else ""
    _report(f"checking {counted(count, 'distribution')}, each installed in an environment of its own{minutes}")


def _report(line: str) -> None:
    click.echo(line, err=True)
