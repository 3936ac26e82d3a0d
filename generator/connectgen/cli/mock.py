"""`connectgen mock`: a local Connect REST API server that knows every version."""

from __future__ import annotations

import errno
import json
import math
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from connectgen.catalogue.faults import CatalogueError
from connectgen.catalogue.model import Catalogue
from connectgen.cli.options import overlay_option
from connectgen.cli.versions import version_number
from connectgen.counting import counted
from connectgen.locations import default_cache, default_catalogue
from connectgen.mock.bounds import MIB, Bounds
from connectgen.mock.settings import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_TOKEN, Settings
from connectgen.resolver import UnknownVersionError

if TYPE_CHECKING:
    from connectgen.mock.backend import Backend


_ORIGIN = re.compile(r"https?://[^/\s]+/?")
_PORT_ERRORS = (errno.EADDRINUSE, errno.EACCES, errno.EPERM)


@click.command("mock")
@click.option("--host", default="127.0.0.1", show_default=True, help="Host to listen on; others than loopback warn.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Port; 0 takes a free one.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed gives different responses.")
@click.option("--version", "versions", multiple=True, help="Serve only this version (67.0); may be repeated.")
@click.option("--items", type=click.IntRange(0, 10_000), help="How many items each list has (default: 5 to 40).")
@click.option("--state", "keeps_state", is_flag=True, help="Keep what is created, changed and deleted.")
@click.option(
    "--stubs",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A YAML file of responses to give instead of generated ones; repeatable.",
)
@click.option("--only-stubs", is_flag=True, help="Refuse (501) requests that no stub is for.")
@click.option(
    "--pending-calls",
    type=click.IntRange(0, 1000),
    default=0,
    show_default=True,
    help="How often what is asynchronous is looked at before it has ended.",
)
@click.option(
    "--pending-seconds",
    type=click.FloatRange(0, 3600),
    default=0,
    show_default=True,
    help="How long what is asynchronous takes.",
)
@click.option("--retired-gone", is_flag=True, help="Respond to retired versions with 410, as an org does.")
@click.option(
    "--token", "tokens", multiple=True, help=f"An access token to take (default: {DEFAULT_TOKEN}); repeatable."
)
@click.option("--any-token", is_flag=True, help="Take every access token that was not revoked.")
@click.option("--client-id", default=DEFAULT_CLIENT_ID, show_default=True, help="The consumer key of the login.")
@click.option("--client-secret", default=DEFAULT_CLIENT_SECRET, show_default=True, help="The consumer secret.")
@click.option("--token-seconds", type=click.FloatRange(min=0), default=7200, help="How long access tokens last.")
@click.option(
    "--jwt-key",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="PEM file with the public key or certificate for signed logins (default: signatures are not checked).",
)
@click.option("--cors-origin", "origins", multiple=True, help="An origin whose pages may read responses; repeatable.")
@click.option("--allow-host", "hosts", multiple=True, help="A further name that requests may give as Host; repeatable.")
@click.option("--max-body", type=click.IntRange(1), default=16, show_default=True, help="MiB of JSON, XML or fields.")
@click.option("--max-fields", type=click.IntRange(1), default=1000, show_default=True, help="Form fields of a request.")
@click.option("--max-parts", type=click.IntRange(1), default=100, show_default=True, help="Files of a request.")
@click.option("--max-values", type=click.IntRange(1), default=50_000, show_default=True, help="Values in a body.")
@click.option("--max-connections", type=click.IntRange(1), default=500, show_default=True, help="Open connections.")
@click.option(
    "--header-seconds", type=click.FloatRange(0.1, 3600), default=10, show_default=True, help="Time for headers."
)
@click.option(
    "--idle-seconds",
    type=click.FloatRange(0.1, 3600),
    default=30,
    show_default=True,
    help="Time for the next piece of a body.",
)
@click.option(
    "--coverage",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write at the end which operations were called; .md for a page, else JSON.",
)
@click.option(
    "--catalogue",
    type=click.Path(path_type=Path, file_okay=False),
    default=default_catalogue,
    help="The catalogue's folder (default: spec/ beside the generator).",
)
@overlay_option
def mock_command(
    host: str,
    port: int,
    seed: int,
    versions: tuple[str, ...],
    items: int | None,
    keeps_state: bool,
    stubs: tuple[Path, ...],
    only_stubs: bool,
    pending_calls: int,
    pending_seconds: float,
    retired_gone: bool,
    tokens: tuple[str, ...],
    any_token: bool,
    client_id: str,
    client_secret: str,
    token_seconds: float,
    jwt_key: Path | None,
    origins: tuple[str, ...],
    hosts: tuple[str, ...],
    coverage: Path | None,
    catalogue: Path,
    overlay: Path | None,
    **bounds: float,
) -> None:
    """Serve the Connect REST API on this machine, for tests.

    The first line on standard output is the URL; everything else goes to standard error.

    Exit code 0: ended by a signal; 1: the catalogue or a file of stubs is at fault; 2: wrong usage; 3: host or port
    cannot be used, or the disk refused.
    """
    _check_options(host, tokens, token_seconds, origins, coverage, bounds)
    settings = Settings(
        seed=seed,
        versions=tuple(sorted({version_number(text) for text in versions})),
        items=items,
        keeps_state=keeps_state,
        retired_are_gone=retired_gone,
        tokens=tokens or (DEFAULT_TOKEN,),
        any_token=any_token,
        client_id=client_id,
        client_secret=client_secret,
        token_seconds=token_seconds,
        jwt_key=jwt_key,
        origins=origins,
        hosts=_names(host, hosts),
        limits=_limits(bounds),
        stubs=stubs,
        only_stubs=only_stubs,
        pending_calls=pending_calls,
        pending_seconds=pending_seconds,
    )
    _serve(settings, host, port, coverage, catalogue, overlay)


def _check_options(
    host: str,
    tokens: tuple[str, ...],
    token_seconds: float,
    origins: tuple[str, ...],
    coverage: Path | None,
    bounds: Mapping[str, float],
) -> None:
    """Refuse what could not work, before anything is served."""
    if not host.strip():
        raise click.UsageError("Invalid value for '--host': name an IP address of this machine, such as 127.0.0.1")
    for token in tokens:
        if not re.fullmatch(r"[!-~]+", token):
            raise click.UsageError(f"Invalid value for '--token': {token!r} cannot be sent in an Authorization header")
    for name, number in {"token_seconds": token_seconds, **bounds}.items():
        if not math.isfinite(number):
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"Invalid value for '{option}': {number} is no number of seconds")
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise click.UsageError(
                f"Invalid value for '--cors-origin': {origin!r} is no origin; write it like https://app.example.com"
            )
    if coverage is not None and not coverage.absolute().parent.is_dir():
        raise click.UsageError(f"Invalid value for '--coverage': there is no folder {coverage.absolute().parent}")


def _names(host: str, hosts: tuple[str, ...]) -> frozenset[str] | None:
    """The names that requests may give as Host; any where other machines may ask and no name was set."""
    from connectgen.mock.guard import is_loopback_name

    return frozenset(name.lower() for name in hosts) if hosts or is_loopback_name(host) else None


def _limits(bounds: Mapping[str, float]) -> Bounds:
    return Bounds(
        body=int(bounds["max_body"]) * MIB,
        fields=int(bounds["max_fields"]),
        parts=int(bounds["max_parts"]),
        values=int(bounds["max_values"]),
        connections=int(bounds["max_connections"]),
        header_seconds=bounds["header_seconds"],
        idle_seconds=bounds["idle_seconds"],
    )


def _serve(
    settings: Settings, host: str, port: int, coverage: Path | None, catalogue: Path, overlay: Path | None
) -> None:
    try:
        from connectgen.mock.backend import Backend
        from connectgen.mock.guard import is_loopback_name
        from connectgen.mock.server import listen, serve, url_of
    except ImportError as error:
        message = f'the mock needs more ({error.name} is missing): pip install "connectgen[mock]"'
        raise click.UsageError(message) from None
    if settings.jwt_key is not None:
        _check_key(settings.jwt_key)
    backend = Backend(settings, _loader(catalogue, overlay))
    if settings.versions or settings.stubs or overlay or catalogue != default_catalogue():
        # What may well be wrong is refused before the URL is printed; the catalogue loads after it.
        _refuse(backend.load(), catalogue)
    try:
        listener = listen(host, port)
    except OSError as error:
        is_about_port = error.errno in _PORT_ERRORS
        advice = (
            "choose another --port, or 0 for a free one" if is_about_port else "--host is an IP address of this machine"
        )
        click.echo(f"{host}:{port}: {error.strerror or error}; {advice}", err=True)
        sys.exit(3)
    if not is_loopback_name(host):
        click.echo(
            f"warning: {host} can be reached from other machines; the mock has no protection of its own", err=True
        )

    def print_url() -> None:
        click.echo(url_of(listener, host))
        token = "any" if settings.any_token else settings.tokens[0]
        click.echo(f"connectgen mock: access token {token}; control at /__mock__; Ctrl-C ends it", err=True)
        sys.stdout.flush()

    _refuse(serve(backend, listener, print_url), catalogue)
    if coverage is not None:
        _write_coverage(backend, coverage)


def _check_key(path: Path) -> None:
    from connectgen.mock.login import key_fault

    try:
        fault = key_fault(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        fault = "cannot be read as text"
    if fault is not None:
        raise click.UsageError(f"Invalid value for --jwt-key: {path} {fault}")


def _loader(folder: Path, overlay: Path | None) -> Callable[[], Catalogue]:
    def load() -> Catalogue:
        from connectgen.catalogue.loader import load_catalogue

        return load_catalogue(folder, default_cache(), overlay=overlay)

    return load


def _refuse(failure: BaseException | None, catalogue: Path) -> None:
    """End with what keeps the catalogue from being loaded, if anything does."""
    if failure is None:
        return
    if isinstance(failure, UnknownVersionError):
        raise click.UsageError(str(failure))
    from connectgen.mock.stubs.file import StubFileError

    if isinstance(failure, StubFileError):
        faults = counted(len(failure.lines), "fault")
        click.echo("\n".join([*failure.lines, f"{faults} in --stubs; nothing is served"]), err=True)
        sys.exit(1)
    if isinstance(failure, CatalogueError):
        click.echo(f"{failure}\n{counted(len(failure.faults), 'fault')} in {catalogue}; fix them first", err=True)
        sys.exit(1)
    raise failure


def _write_coverage(backend: Backend, path: Path) -> None:
    from connectgen.files import FileError, replace_file
    from connectgen.mock.recording import coverage_as_markdown

    if backend.loaded is None:
        return
    report = backend.loaded.recording.coverage()
    text = coverage_as_markdown(report) if path.suffix == ".md" else json.dumps(report, indent=2) + "\n"
    try:
        replace_file(path, text)
    except FileError as error:
        click.echo(str(error), err=True)
        sys.exit(3)
