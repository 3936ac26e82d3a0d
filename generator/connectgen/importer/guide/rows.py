"""Reads the rows of a table of properties or parameters."""

from __future__ import annotations

from collections.abc import Callable

from connectgen.importer.guide.cells import TypeReader, default, filter_groups, limits, required, values, versions
from connectgen.importer.guide.facts import ValueFact
from connectgen.importer.guide.page import Table, clean


def is_property_table(table: Table) -> bool:
    """Whether a table lists properties or parameters."""
    return (
        len(table.head) > 2
        and table.head[0] in ("Property Name", "Property", "Name", "Parameter Name", "Parameter", "Field")
        and not {"Type", "Return Type", "Value", "Values"}.isdisjoint(table.head)
    )


_GROUP_HEADINGS = (
    "filter group and version", "filter group or version", "filter group and name", "filter type and version",
    "filter and version", "filter group", "group and version",
)  # fmt: skip
_REQUIRED_HEADINGS = ("required or optional", "optional or required", "required")


def value_rows(table: Table, types: TypeReader, *, is_input: bool) -> list[ValueFact]:
    """The rows of a table as facts."""
    facts: list[ValueFact] = []
    type_of = _column(table, "type", "return type", "value", "values")
    versions_of = _column(table, "available version", "available since", "available versions", "version")
    group_of = _column(table, *_GROUP_HEADINGS)
    required_of = _column(table, *_REQUIRED_HEADINGS)
    description_of = _column(table, "description")
    for row in table.rows:
        expression, unsure = types.read(type_of(row), is_input=is_input)
        if "?" in expression:
            unsure = "its type could not be read"
        available = versions_of(row)
        since, until = versions(clean(available))
        description = description_of(row)
        bounds = limits(description, expression) if is_input else {}
        facts.append(
            ValueFact(
                name=clean(row[0]).replace(" ", ""),
                type=expression,
                required=required(required_of(row)) if is_input else False,
                since=since,
                until=until,
                groups=filter_groups(clean(group_of(row)) or (clean(available) if "," in available else "")),
                values=values(description) if expression in ("String", "list<String>") else [],
                default=default(description, expression) if is_input else None,
                minimum=bounds.get("minimum"),
                maximum=bounds.get("maximum"),
                max_items=bounds.get("max_items"),
                max_length=bounds.get("max_length"),
                unsure=unsure,
            )
        )
    return facts


def _column(table: Table, *names: str) -> Callable[[list[str]], str]:
    """What gives a row's cell below the first of some headings that a table has; empty where there is none."""
    head = {name.lower(): position for position, name in enumerate(table.head)}
    position = next((head[name] for name in names if name in head), None)
    if position is None:
        return lambda _row: ""
    return lambda row: row[position] if position < len(row) else ""


def root_tag(lines: list[str], start: int) -> str | None:
    """The root element's name below the line `Root XML tag`."""
    for line in lines[start + 1 : start + 6]:
        if line.startswith("<") and line.strip("<>/ ").isalnum():
            return line.strip("<>/ ")
    return None
