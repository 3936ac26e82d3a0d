"""The commands of a package's command line: find, show, call, completion."""

from __future__ import annotations

import io
import json
import os
import sys
import warnings
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class

from sf_connect.core.cli.call import CallGroup
from sf_connect.core.cli.package import Package, UnknownNameError
from sf_connect.core.cli.search import as_json_object, as_lines
from sf_connect.core.cli.show import shown_name
from sf_connect.core.exceptions import APIConnectionError, LoginError, SFConnectError

_HELP = {"help_option_names": ["-h", "--help"]}


def main_of(package_name: str) -> click.Command:
    """The command line of a package, `sf_connect.v67`."""
    package = Package(package_name)
    main = _Main(
        "main",
        help=f"""Find, show and call the operations of the Salesforce Connect REST API {package.api_version}.

        Exit codes: 0 fine; 1 nothing found, or the server responded with an error; 2 wrong usage; 3 a file cannot be
        read or written; 4 no response; 5 the login failed.""",
        context_settings=_HELP,
    )
    main.add_command(_find_command(package))
    main.add_command(_show_command(package))
    main.add_command(CallGroup(package))
    main.add_command(_completion_command(package, main))
    return main


class _Main(click.Group):
    """Reports every expected error in a line, with its exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and end the process."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        warnings.showwarning = _show_warning
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            _discard_output()
            _fail(f"{error.filename or 'standard output'}: {error.strerror}" if error.strerror else str(error), 3)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except LoginError as error:
            _fail(str(error), 5)
        except APIConnectionError as error:
            _fail(str(error), 4)
        except SFConnectError as error:
            _fail(str(error), 1)
        except UnknownNameError as error:
            raise click.UsageError(str(error), ctx) from None
        except BrokenPipeError:
            _discard_output()
            sys.exit(0)


def _discard_output() -> None:
    """Drop what standard output still holds and cannot write: the interpreter would complain of it at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)


def _show_warning(message: Warning | str, *_args: object, **_named: object) -> None:
    click.echo(f"warning: {message}", err=True)


def _find_command(package: Package) -> click.Command:
    @click.command("find", context_settings=_HELP)
    @click.argument("search", nargs=-1, required=True)
    @click.option("--limit", type=click.IntRange(min=1), default=5, show_default=True, help="The most results.")
    @click.option("--json", "as_json", is_flag=True, help="Print a JSON array, as without a terminal.")
    def find(search: tuple[str, ...], limit: int, as_json: bool) -> None:
        """Find the operation that SEARCH means, best first.

        SEARCH is words in any order, a name of Python or the API, or a URL with or without its method.
        """
        text = " ".join(search)
        found = package.index.search(text, limit)
        if as_json or not sys.stdout.isatty():
            click.echo(json.dumps([as_json_object(one) for one in found], indent=2, ensure_ascii=False))
        else:
            for one in found:
                click.echo(as_lines(one))
        if not found:
            _fail(f"nothing found for {text!r}: use fewer or other words, or paste a URL", 1)

    return find


def _show_command(package: Package) -> click.Command:
    def completed(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
        return names_completing(package, begun)

    @click.command("show", context_settings=_HELP)
    @click.argument("name", shell_complete=completed)
    @click.option("--json", "as_json", is_flag=True, help="Print JSON, as without a terminal.")
    def show(name: str, as_json: bool) -> None:
        """Show the operation, group or type NAME: signature, description and fields."""
        shown = shown_name(package, name)
        if as_json or not sys.stdout.isatty():
            click.echo(json.dumps(shown.as_json_object(), indent=2, ensure_ascii=False))
        else:
            click.echo(shown.as_text())

    return show


def names_completing(package: Package, begun: str) -> list[CompletionItem]:
    """The operations whose names begin so."""
    return [
        CompletionItem(name, help=entry.summary) for name, entry in package.entries.items() if name.startswith(begun)
    ]


def _completion_command(package: Package, main: click.Command) -> click.Command:
    program = package.name.replace("_", "-").replace(".", "-")

    @click.command("completion", context_settings=_HELP)
    @click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
    def completion(shell: str) -> None:
        """Print the script that completes names and options of the command in a shell."""
        variable = f"_{program.replace('-', '_').upper()}_COMPLETE"
        kind = get_completion_class(shell)
        if kind is None:
            raise click.UsageError(f"click completes nothing in {shell}")
        click.echo(kind(main, {}, program, variable).source())

    completion.help = f"""Print the script that completes names and options of `{program}` in a SHELL.

        For bash, put this line into ~/.bashrc: eval "$({program} completion bash)"
        """
    return completion
