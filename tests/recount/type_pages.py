"""Counts the properties of pages that describe a request or response body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from connectgen.naming import type_name
from recount import cells
from recount.comparison import Owner, Row, compare
from recount.counts import Recount
from recount.pages import Page, Table, plain
from recount.spec_files import Catalogue

_NAME = re.compile(r"[A-Za-z_][\w.:-]*$")


def named_rows(table: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rows of a table whose first cell is a name; those that ended before 30.0 are left out."""
    for row in table.rows:
        name = plain(row[0]) if row else ""
        version = cells.version_range(table.cell(row, "available", "version"))
        if _NAME.match(name) and not (version and version.ended_before_the_first):
            yield name, row


def lists_properties(table: Table) -> bool:
    """Whether a table lists properties of a request or response body."""
    return table.head[:2] in (("Property", "Type"), ("Property Name", "Type"), ("Name", "Type"))


def count_type(page: Page, catalogue: Catalogue, result: Recount) -> None:
    """Look for each row of a page's tables among the properties of the type that is named after the page."""
    linked = catalogue.linked(page.links)
    for table in page.tables:
        if lists_properties(table):
            takes = bool(page.is_input or table.column("required") is not None or re.search(r"\bInput\b", page.title))
            name = type_name(page.title, is_input=takes)
            count_properties(Row(table, (), f"{page.file} {name}", linked), [name], catalogue, result)


def count_properties(of: Row, names: list[str], catalogue: Catalogue, result: Recount) -> None:
    """Look for each row of a table among the properties of types; `of` stands for the rows and has no cells."""
    for name, row in named_rows(of.table):
        having = [one for one in names if name in catalogue.properties(one)]
        because = next((why for one in names for why in _left_out(catalogue, one, name)), None)
        result["properties"].see(bool(having), f"{of.entry}.{name}", because=because)
        if having:
            definition = catalogue.types[having[0]]
            owner = Owner(having[0], definition.get("since"), definition.get("until"))
            known = catalogue.properties(having[0])[name]
            for one in having:
                result.note(one, name)
            shown = replace(of, cells=row, entry=f"{of.entry}.{name}")
            compare(shown, known, owner, result, is_input=having[0].endswith("Input"))


def _left_out(catalogue: Catalogue, type_: str, name: str) -> Iterator[str]:
    for key in (f"{type_}.{name}", type_):
        if key in catalogue.omitted:
            yield catalogue.omitted[key]
