"""Reads the rows of a table of properties or parameters."""

from __future__ import annotations

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
    head = {name.lower(): position for position, name in enumerate(table.head)}

    def cell(row: list[str], *names: str) -> str:
        position = next((head[name] for name in names if name in head), None)
        return row[position] if position is not None and position < len(row) else ""

    for row in table.rows:
        name = clean(row[0]).replace(" ", "")
        raw_type = cell(row, "type", "return type", "value", "values")
        expression, unsure = types.read(raw_type, is_input=is_input)
        available = cell(row, "available version", "available since", "available versions", "version")
        group_cell = cell(row, *_GROUP_HEADINGS)
        since, until = versions(clean(available))
        if "?" in expression:
            unsure = "its type could not be read"
        description = cell(row, "description")
        bounds = limits(description, expression) if is_input else {}
        facts.append(
            ValueFact(
                name=name,
                type=expression,
                required=required(cell(row, *_REQUIRED_HEADINGS)) if is_input else False,
                since=since,
                until=until,
                groups=filter_groups(clean(group_cell) or (clean(available) if "," in available else "")),
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


def root_tag(lines: list[str], start: int) -> str | None:
    """The root element's name below the line `Root XML tag`."""
    for line in lines[start + 1 : start + 6]:
        if line.startswith("<") and line.strip("<>/ ").isalnum():
            return line.strip("<>/ ")
    return None
