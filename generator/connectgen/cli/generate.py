"""`connectgen generate`: one client package for each API version."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from connectgen.cli.options import catalogue_option, overlay_option
from connectgen.cli.short_run import one_short_run
from connectgen.cli.versions import version_number
from connectgen.counting import counted
from connectgen.files import describe_failure
from connectgen.locations import default_cache, default_templates
from connectgen.python.faults import GenerationError
from connectgen.python.generate import GenerateReport, generate


@click.command("generate")
@click.argument("versions", nargs=-1, metavar="[VERSION]...")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("generated"), show_default=True,
              help="Where the packages go, one folder each.")  # fmt: skip
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where the output is not up to date.")
@click.option("--no-cache", is_flag=True, help="Forget what earlier runs formatted and parsed.")
@click.option("--force", is_flag=True, help="Write over generated files that somebody changed.")
@click.option("--documented-only", is_flag=True,
              help="Leave out operations that no reference has, and what only they use; needs --out.")  # fmt: skip
@catalogue_option
@overlay_option
@one_short_run()
def generate_command(
    versions: tuple[str, ...],
    out: Path,
    check: bool,
    no_cache: bool,
    force: bool,
    documented_only: bool,
    catalogue: Path,
    overlay: Path | None,
) -> None:
    """Write one client package for each API VERSION (67.0), all by default.

    Exit code 0: up to date now; 1: catalogue at fault, not up to date (--check), or changed by hand;
    2: wrong usage; 3: the disk refused.
    """
    from connectgen.catalogue.faults import CatalogueError
    from connectgen.resolver import UnknownVersionError

    given = click.get_current_context().get_parameter_source("out")
    if documented_only and given is not click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError(f"--documented-only needs --out: {out} holds the whole packages")
    numbers = [version_number(version) for version in versions]
    cache = None if no_cache else default_cache()
    bar = _Progress()
    try:
        report = generate(
            catalogue,
            default_templates(),
            out,
            numbers,
            check=check,
            cache=cache,
            force=force,
            overlay=overlay,
            documented_only=documented_only,
            progress=bar,
            waiting=lambda: click.echo(f"{out}: another run writes there; waiting for its end", err=True),
        )
    except CatalogueError as error:
        bar.end()
        click.echo(str(error), err=True)
        click.echo(f"{counted(len(error.faults), 'fault')} in {catalogue}; nothing was written", err=True)
        sys.exit(1)
    except UnknownVersionError as error:
        raise click.UsageError(str(error)) from None
    except GenerationError as error:
        bar.end()
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        bar.end()
        click.echo(f"{describe_failure(error, out)}; nothing half-written is left", err=True)
        sys.exit(3)
    bar.end()
    _summary(report, out, check)


class _Progress:
    """A bar on a terminal; everywhere a line for each package that is written, which says why."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown = False

    def __call__(self, package: str, done: int, of: int, why: str) -> None:
        if why:
            click.echo(f"{self._clear()}{package}: {why}", err=True)
        if self._terminal:
            filled = 30 * done // of
            click.echo(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{of} {package}", nl=False, err=True)
            self._shown = True

    def _clear(self) -> str:
        """What removes the bar from a terminal's line."""
        return "\r\033[K" if self._shown else ""

    def end(self) -> None:
        if self._shown:
            click.echo("", err=True)
            self._shown = False


def _summary(report: GenerateReport, out: Path, check: bool) -> None:
    if check:
        for package, paths in report.outdated.items():
            shown = ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")
            click.echo(f"{out / package}: not up to date ({len(paths)}: {shown})")
        if report.outdated:
            click.echo("run connectgen generate", err=True)
            sys.exit(1)
        click.echo(f"{out}: up to date")
        return
    files = sum(report.written.values())
    click.echo(
        f"{out}: {counted(len(report.written), 'package')} written ({counted(files, 'file')}), "
        f"{len(report.kept)} kept, {len(report.removed)} removed"
    )
