"""The `connectgen` command and its subcommands."""

from __future__ import annotations

import importlib
from typing import Any

import click

from connectgen.cli.streams import drop_what_is_left, end_for, is_of_stream, prepare_streams

_COMMANDS = {
    "generate": ("connectgen.cli.generate", "generate_command", "Write one client package for each API version."),
    "validate": ("connectgen.cli.validate", "validate_command", "Check the whole catalogue and list every fault."),
    "lint": ("connectgen.cli.lint", "lint_command", "List what could be better in a valid catalogue."),
    "find": ("connectgen.cli.find", "find_command", "Find an operation by words, a name or a URL."),
    "show": (
        "connectgen.cli.show",
        "show_command",
        "Show an entry with everything filled in, and where it is written.",
    ),
    "report": ("connectgen.cli.report", "report_command", "Report what the catalogue holds, in figures and notes."),
    "diff": ("connectgen.cli.diff", "diff_command", "List what changed between two versions, and whom it breaks."),
    "upgrade": ("connectgen.cli.upgrade", "upgrade_command", "Move code that uses a client to a newer version."),
    "mock": ("connectgen.cli.mock", "mock_command", "Serve the API on this machine, for tests."),
    "rules": ("connectgen.cli.rules", "rules_command", "List or explain the rules by which diff judges."),
    "wheels": ("connectgen.cli.wheels", "wheels_command", "Build what is published: wheels and source distributions."),
    "release": ("connectgen.cli.release", "release_group", "Plan, record, check and publish what changed."),
    "openapi": ("connectgen.cli.openapi", "openapi_command", "Write a version as an OpenAPI 3.1 document."),
    "site": ("connectgen.cli.site", "site_command", "Write the reference of every version as a static site."),
    "import": ("connectgen.cli.import_", "import_command", "Read a source into the catalogue."),
}


class _LazyGroup(click.Group):
    """Imports a subcommand's module only when it is called, so that each starts fast."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; a standard stream that cannot be written is reported as what the disk refuses."""
        prepare_streams()
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            if not is_of_stream(error):
                raise
            end_for(error)
        finally:
            drop_what_is_left()

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in _COMMANDS.items()])


def _print_version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if not is_asked or context.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version  # it takes as long as click itself

    try:
        found = version("connectgen")
    except PackageNotFoundError:
        found = "unknown"
    click.echo(f"connectgen, version {found}")
    context.exit()


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def main() -> None:
    """Make Python clients of the Salesforce Connect REST API from its catalogue.

    Exit codes: 0 fine; 1 a finding (not up to date, catalogue at fault); 2 wrong usage; 3 the disk refused; 4 an index
    cannot be reached. The help of each command says more.
    """
