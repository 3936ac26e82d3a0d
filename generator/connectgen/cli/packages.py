"""What `connectgen wheels` and `connectgen release` share: their options, their exit codes, their progress."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator
from pathlib import Path

import click

from connectgen.catalogue.faults import CatalogueError
from connectgen.cli.short_run import one_short_run
from connectgen.counting import counted
from connectgen.files import describe_failure
from connectgen.locations import checkout
from connectgen.python.faults import GenerationError
from connectgen.resolver import UnknownVersionError
from connectgen.wheels.faults import MissingToolError, PackageIndexError, ReleaseError, missing

GENERATED = click.option(
    "--generated",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("generated"),
    show_default=True,
    help="Where the clients' packages are.",
)
DIST = click.option(
    "--dist",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("dist"),
    show_default=True,
    help="Where wheels and source distributions go.",
)


def repository() -> Path:
    """The repository that the command works on.

    Raises:
        UsageError: the generator was installed from a wheel, so there is none.
    """
    root = checkout()
    if root is None:
        raise click.UsageError(
            "this connectgen was installed from a package; packages are generated in a git checkout of it"
        )
    return root


@contextlib.contextmanager
def report_errors_plainly(disk: Path) -> Generator[None]:
    """Report every expected error in plain lines, each type with its exit code.

    Args:
        disk: what to name where the disk refuses and does not say at what.
    """
    code = 1
    try:
        with one_short_run():
            yield
        return
    except CatalogueError as error:
        text = f"{error}\n{counted(len(error.faults), 'fault')} in the catalogue: fix them first"
    except UnknownVersionError as error:
        raise click.UsageError(str(error)) from None
    except (ReleaseError, GenerationError) as error:
        text = str(error)
    except (ImportError, MissingToolError) as error:
        text, code = str(missing(error) if isinstance(error, ImportError) else error), 2
    except PackageIndexError as error:
        text, code = str(error), 4
    except OSError as error:
        text, code = f"{describe_failure(error, disk)}; nothing half-written is left, and a second run goes on", 3
    click.echo(text, err=True)
    sys.exit(code)


def show_progress(name: str, done: int, of: int) -> None:
    """Report that something is done, on standard error."""
    click.echo(f"{done}/{of} {name}", err=True)
