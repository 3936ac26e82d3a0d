"""`call`: a command for each operation, made of its signature when it is called."""

from __future__ import annotations

import inspect
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_type_hints

import click
import msgspec
from click.shell_completion import CompletionItem

from sf_connect.core.cli.package import Package
from sf_connect.core.cli.requests import TOKEN_VARIABLE, as_curl, as_text
from sf_connect.core.cli.tables import as_table
from sf_connect.core.cli.values import ValueTextError, choices_of, request_options, takes_json, value_of, without_none
from sf_connect.core.features.call_recording import prepare_call
from sf_connect.core.features.raw_responses import RawResponse
from sf_connect.core.request.operations import Pagination
from sf_connect.core.request.options import RequestOptions
from sf_connect.core.transport.dispatchers import SyncDispatcher
from sf_connect.core.wire.encoding import to_builtins

URL_VARIABLE = "SF_CONNECT_URL"
_ANY_ORG = "https://your-org.my.salesforce.com"
_OWN = ("org", "url", "site", "option", "all", "raw", "curl", "dry_run", "format", "help")


class CallGroup(click.Group):
    """The command `call`; its subcommands are the operations."""

    def __init__(self, package: Package) -> None:
        super().__init__(
            "call",
            help=f"""Call an OPERATION: call chatter.users.get me --org ALIAS.

            `call OPERATION --help` lists its arguments. Lists are written with commas; bodies as JSON, as @FILE,
            or as - for standard input. A terminal shows a table, everything else gets JSON. The org is that of
            `--org`, an alias of the sf command line, or {URL_VARIABLE} with the token in {TOKEN_VARIABLE}.""",
            subcommand_metavar="OPERATION [ARGUMENTS]...",
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All operations; the help names none of them, as there are too many."""
        return []

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The command of an operation."""
        entry = self._package.entry(cmd_name)
        return operation_command(self._package, entry.name)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The operations that begin so, from the index alone."""
        found = [entry for entry in self._package.index.operations if entry.name.startswith(incomplete)]
        return [CompletionItem(entry.name, help=entry.summary) for entry in found]


def operation_command(package: Package, name: str) -> click.Command:
    """The command of one operation.

    Args:
        package: the package.
        name: `chatter.users.get`.
    """
    function = package.function(name)
    entry = package.entry(name)
    hints = get_type_hints(function, include_extras=True)
    parameters = [one for one in inspect.signature(function).parameters.values() if one.name not in ("self", "options")]
    described = _descriptions(inspect.getdoc(function) or "")
    made: list[click.Parameter] = [_parameter(one, hints[one.name], described.get(one.name, "")) for one in parameters]

    def run(**given: Any) -> None:
        own = {key: given.pop(f"own_{key}", None) for key in _OWN}
        _Run(package, name, hints, given, own).run()

    arguments = [f"{one.name.upper()}: {described[one.name]}" for one in parameters if one.name in described]
    positional = "\n\n".join(
        text for one, text in zip(parameters, arguments, strict=False) if one.kind is one.POSITIONAL_OR_KEYWORD
    )
    return click.Command(
        name,
        callback=run,
        params=[*made, *_own_options(bool(entry.iterator))],
        help=f"{entry.summary}\n\n{positional}\n\n{entry.method} {entry.path}",
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _parameter(one: inspect.Parameter, annotation: Any, description: str) -> click.Parameter:
    """An argument of an operation as click takes it: in its place where Python takes it so, else as an option."""
    required = one.default is one.empty

    def converted(_context: click.Context, parameter: click.Parameter, text: str | bool | None) -> Any:
        if text is None or isinstance(text, bool):
            return text
        try:
            return value_of(text, annotation)
        except ValueTextError as error:
            raise click.BadParameter(str(error), param=parameter) from None

    if one.kind is one.POSITIONAL_OR_KEYWORD:
        return click.Argument([one.name], required=required, callback=converted)
    flag = one.name.replace("_", "-").strip("-")
    flag = f"arg-{flag}" if flag.replace("-", "_") in _OWN else flag
    if without_none(annotation) == [bool]:
        return click.Option([f"--{flag}/--no-{flag}", one.name], default=None, required=required, help=description)
    choices = choices_of(annotation)

    def completed(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
        return [CompletionItem(choice) for choice in choices if choice.startswith(begun)]

    return click.Option(
        [f"--{flag}", *([f"--{one.name}"] if "-" in flag and not flag.startswith("arg-") else []), one.name],
        required=required,
        callback=converted,
        help=description,
        metavar="JSON" if takes_json(annotation) else None,
        shell_complete=completed,
    )


def _own_options(has_pages: bool) -> list[click.Parameter]:
    flags = [
        click.Option(["--org", "own_org"], metavar="ALIAS", help="The org: an alias or user of the sf command line."),
        click.Option(
            ["--url", "own_url"],
            metavar="URL",
            envvar=URL_VARIABLE,
            help=f"The org's URL, in place of --org; the token is in {TOKEN_VARIABLE}.",
        ),
        click.Option(["--site", "own_site"], metavar="ID", help="Call inside this Experience Cloud site."),
        click.Option(
            ["--option", "own_option"],
            multiple=True,
            metavar="NAME=VALUE",
            help="An option of the request, such as filter_group=Small or timeout=5; may be repeated.",
        ),
        click.Option(["--raw", "own_raw"], is_flag=True, help="Print the response's body as it came."),
        click.Option(["--curl", "own_curl"], is_flag=True, help="Print a curl command instead; it holds no token."),
        click.Option(["--dry-run", "own_dry_run"], is_flag=True, help="Print the request instead of sending it."),
        click.Option(
            ["--format", "own_format"],
            type=click.Choice(["table", "json"]),
            help="What to print: a table on a terminal, JSON elsewhere.",
        ),
    ]
    every = click.Option(
        ["--all", "own_all"], is_flag=True, help="Iterate over all pages; each item is a line of JSON."
    )
    return [*flags, *([every] if has_pages else [])]


def _descriptions(documentation: str) -> Mapping[str, str]:
    """What the docstring says of each argument."""
    found: dict[str, str] = {}
    within = name = ""
    for line in documentation.splitlines():
        if line and not line.startswith(" "):
            within = line
        elif within == "Args:" and line.startswith("    ") and not line.startswith("     "):
            name, _, text = line.strip().partition(": ")
            found[name] = text
        elif within == "Args:" and line.strip() and name:
            found[name] += f" {line.strip()}"
    return found


class _Run:
    """One run of an operation's command."""

    def __init__(
        self, package: Package, name: str, hints: Mapping[str, Any], given: dict[str, Any], own: Mapping[str, Any]
    ) -> None:
        self._package = package
        self._name = name
        self._hints = hints
        self._given = {key: value for key, value in given.items() if value is not None}
        self._own = own
        if own["option"]:
            self._given["options"] = _options(own["option"])

    def run(self) -> None:
        """Call, or show the call, and print."""
        own = self._own
        shows = bool(own["curl"] or own["dry_run"])
        if sum(bool(own[one]) for one in ("all", "raw", "curl", "dry_run")) > 1:
            raise click.UsageError("give one of --all, --raw, --curl and --dry-run")
        try:
            with self._client(sends=not shows) as client:
                called = client.site(own["site"]) if own["site"] else client
                method = getattr(self._package.group_of(called, self._name), self._name.rpartition(".")[2])
                if own["all"]:
                    self._print_all(called)
                    return
                dispatcher, call = prepare_call(SyncDispatcher, method, (), self._given)
                if shows:
                    click.echo(as_curl(call) if own["curl"] else as_text(call))
                else:
                    self._print(RawResponse(call, dispatcher.receive(call)), call.operation.pagination)
        except (ValueError, TypeError) as error:  # what the runtime says of arguments that cannot be sent
            raise click.UsageError(str(error)) from None

    def _client(self, *, sends: bool) -> Any:
        kind = self._package.client
        org, url = self._own["org"], self._own["url"]
        if org and sends:
            return kind.from_sf_cli(org)
        if org:
            from sf_connect.core.auth.command_line import SfCommandLine  # late: it imports subprocess

            return kind(SfCommandLine(org).instance_url(), token="-")  # noqa: S106  nothing is sent
        if not sends:
            return kind(url or _ANY_ORG, token="-")  # noqa: S106  nothing is sent
        token = os.environ.get(TOKEN_VARIABLE)
        if not url or not token:
            raise click.UsageError(f"name the org: --org ALIAS, or {URL_VARIABLE} and {TOKEN_VARIABLE}")
        return kind(url, token=token)

    def _print_all(self, client: Any) -> None:
        entry = self._package.entry(self._name)
        iterate: Callable[..., Any] = getattr(self._package.group_of(client, self._name), entry.iterator)
        taken = inspect.signature(iterate).parameters
        refused = [name for name in self._given if name not in taken]
        if refused:
            raise click.UsageError(f"--all iterates over all pages: leave out {', '.join(refused)}")
        for item in iterate(**self._given):
            click.echo(msgspec.json.encode(to_builtins(item)).decode())

    def _print(self, response: RawResponse[Any], pagination: Pagination | None) -> None:
        if self._own["raw"]:
            _write(response.content)
            if not response.is_success:
                click.echo(f"status {response.status}", err=True)
                sys.exit(1)
            return
        result = response.parse()
        if isinstance(result, bytes):
            _write(result)
        elif result is not None:
            plain = _plain(response, result)
            on_terminal = sys.stdout.isatty()
            if self._own["format"] == "table" or (on_terminal and self._own["format"] is None):
                width = shutil.get_terminal_size().columns
                click.echo(as_table(plain, pagination.items if pagination else None, width))
            else:
                click.echo(json.dumps(plain, indent=2, ensure_ascii=False))


def _options(texts: Sequence[str]) -> RequestOptions:
    try:
        return request_options(texts)
    except ValueTextError as error:
        raise click.BadParameter(str(error), param_hint="--option") from None


def _plain(response: RawResponse[Any], result: object) -> Any:
    """All that the server sent, also what this version does not know; of XML what the result has."""
    try:
        return json.loads(response.content)
    except ValueError:
        return to_builtins(result)


def _write(content: bytes) -> None:
    """Write bytes as they are; not to a terminal, unless they are text."""
    if sys.stdout.isatty():
        try:
            click.echo(content.decode())
        except UnicodeDecodeError:
            raise click.UsageError(
                f"the response is binary ({len(content):,} bytes): send it to a file, call … > FILE"
            ) from None
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
