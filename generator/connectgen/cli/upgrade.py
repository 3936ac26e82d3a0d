"""`connectgen upgrade`: code that uses a client moves to a newer version."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from connectgen.cli.options import catalogue_option, overlay_option
from connectgen.cli.short_run import one_short_run
from connectgen.counting import counted
from connectgen.diff.jump import compare_over
from connectgen.diff.sides import Side, SideError, SideLoadError, check_version, load_side, parse_side
from connectgen.diff.usage.checkers import CheckerError
from connectgen.files import FileError, replace_files
from connectgen.locations import default_cache, default_templates
from connectgen.resolver import surface_at

if TYPE_CHECKING:
    from connectgen.catalogue.model import Catalogue
    from connectgen.upgrade.run import Clients, Upgrade


@click.command("upgrade")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--from", "before", required=True, metavar="VERSION", help="The version that the code is written for.")
@click.option("--to", "after", required=True, metavar="VERSION", help="The newer version that it is to use.")
@click.option("--dry-run", is_flag=True, help="Print the patch, and write nothing.")
@click.option("--force", is_flag=True, help="Go on where git shows changes that are not committed.")
@catalogue_option
@overlay_option
@one_short_run()
def upgrade_command(
    folder: Path, before: str, after: str, dry_run: bool, force: bool, catalogue: Path, overlay: Path | None
) -> None:
    """Move the code in DIR from one version of the client to a newer one.

    What is certain is rewritten; what a person has to decide gets a comment that begins with `# connectgen` and the
    rule's id; what only may be concerned is listed and not touched.

    Exit code 0: done; 2: wrong usage, or uncommitted changes; 3: the catalogue is at fault, or the disk refused;
    4: done, and some files could not be read.
    """
    from connectgen.upgrade.git_tree import uncommitted
    from connectgen.upgrade.patch import patch
    from connectgen.upgrade.run import NoCheckerError

    sides = _sides(before, after)
    if not (force or dry_run) and (changed := uncommitted(folder)):
        shown = ", ".join(changed[:3]) + (", …" if len(changed) > 3 else "")
        raise click.UsageError(f"{folder} has changes that are not committed ({shown}); commit them, or pass --force")
    try:
        result = _upgraded(folder, sides, catalogue, overlay)
    except NoCheckerError:
        raise click.UsageError("install the extra upgrade: pip install 'connectgen[upgrade]'") from None
    except CheckerError as error:
        click.echo(str(error), err=True)
        sys.exit(3)
    if not (result.files or result.contents or result.listed or result.left_alone):
        raise click.UsageError(f"{folder} holds no Python files; name the folder of the application's code")
    if dry_run:
        click.echo(patch(result.contents, folder), nl=False)
    else:
        try:
            replace_files({path: new.encode(encoding) for path, (_, new, encoding) in result.contents.items()})
        except FileError as error:
            click.echo(str(error), err=True)
            sys.exit(3)
    _report(result, dry_run=dry_run)
    if result.left_alone:
        sys.exit(4)


def _sides(before: str, after: str) -> tuple[Side, Side]:
    try:
        sides = parse_side(before), parse_side(after)
    except SideError as error:
        raise click.UsageError(str(error)) from None
    if sides[0].ref or sides[1].ref:
        raise click.UsageError("an upgrade is between two versions of one catalogue; leave out the git ref")
    if sides[0].version >= sides[1].version:
        raise click.UsageError(f"{sides[1]} is not newer than {sides[0]}")
    return sides


def _upgraded(folder: Path, sides: tuple[Side, Side], root: Path, overlay: Path | None) -> Upgrade:
    from connectgen.upgrade.run import upgrade

    try:
        catalogue = load_side(sides[0], root, default_cache(), overlay)
        check_version(sides[1], catalogue)
    except SideError as error:
        raise click.UsageError(str(error)) from None
    except SideLoadError as error:
        click.echo(str(error), err=True)
        sys.exit(3)
    versions = sides[0].version, sides[1].version
    return upgrade(folder, versions, lambda: _clients(catalogue, versions))


def _clients(catalogue: Catalogue, versions: tuple[int, int]) -> Clients:
    """Both clients, and what differs between them."""
    from connectgen.python.formatting import Unformatted
    from connectgen.python.packages import PackageMaker
    from connectgen.upgrade.run import Client, Clients

    every = [surface_at(catalogue, version) for version in catalogue.versions]
    packages = dict(PackageMaker(every, default_templates(), None, Unformatted()).make(versions))
    old, new = (Client(surface_at(catalogue, version), packages[version]) for version in versions)
    changes = compare_over(old.version, new.version, lambda version: surface_at(catalogue, version))
    return Clients(old, new, every, changes)


def _report(result: Upgrade, *, dry_run: bool) -> None:
    """What was done, on standard error where the patch is on standard output."""
    for line in result.left_alone:
        click.echo(f"left alone: {line}", err=dry_run)
    for one in result.comments:
        click.echo(f"comment: {one.place}: {one.text.removeprefix('# connectgen ')}", err=dry_run)
    for line in result.listed:
        click.echo(f"not touched: {line}", err=dry_run)
    for version, number in sorted(result.others.items()):
        use, them = ("use", "them") if number > 1 else ("uses", "it")
        line = f"{counted(number, 'file')} {use} the client of v{version}: --from {version}.0 upgrades {them}"
        click.echo(line, err=dry_run)
    changed = counted(len(result.contents), "file") + (" would change" if dry_run else " changed")
    click.echo(
        f"looked at {counted(result.files, 'file')}; {changed}: {counted(result.rewritten, 'place')} rewritten, "
        f"{counted(len(result.comments), 'comment')}; {counted(len(result.listed), 'place')} not touched",
        err=dry_run,
    )
