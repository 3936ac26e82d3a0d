"""`connectgen find`: the operation that words, a name or a pasted URL mean, and its call in Python."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from connectgen.cli.options import catalogue_option
from connectgen.cli.short_run import one_short_run
from connectgen.find.prebuilt import index_of
from connectgen.find.search import as_json_object, as_lines
from connectgen.locations import default_cache


@click.command("find")
@click.argument("search", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=5, show_default=True, help="The most results.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@catalogue_option
@one_short_run()
def find_command(search: tuple[str, ...], limit: int, as_json: bool, catalogue: Path) -> None:
    """Find the operation that SEARCH means, best first: its call in Python, what it does, and its versions.

    SEARCH is words in any order ("follow a record"), a name of Python or the API (of an operation, argument, type,
    property or value), or a URL with or without method, host, site, ids and query. Small typing errors do no harm.

    Exit code 0: found; 1: nothing found, or the catalogue has faults; 2: wrong usage.
    """
    from connectgen.catalogue.faults import CatalogueError

    try:
        index = index_of(catalogue, default_cache(), lambda: _made_index(catalogue))
    except CatalogueError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    text = " ".join(search)
    found = index.search(text, limit)
    if as_json:
        click.echo(json.dumps([as_json_object(one) for one in found], indent=2, ensure_ascii=False))
    for one in [] if as_json else found:
        click.echo(as_lines(one))
    if not found:
        click.echo(f"nothing found for {text!r}: use fewer or other words, or paste a URL", err=True)
        sys.exit(1)


def _made_index(catalogue: Path) -> str:
    """The index of all versions of a catalogue."""
    from connectgen.catalogue.loader import load_catalogue
    from connectgen.find.index import IndexMaker
    from connectgen.iterators import names_of_iterators
    from connectgen.mentions import Mentions
    from connectgen.resolver import surface_at

    loaded = load_catalogue(catalogue, default_cache())
    surfaces = [surface_at(loaded, version) for version in loaded.versions]
    return IndexMaker(names_of_iterators(surfaces), Mentions(surfaces)).text(surfaces)
