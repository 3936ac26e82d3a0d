"""One self-contained page with search and filters; it asks nothing of the network."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectgen.diff.report import Report, describe_change
from connectgen.locations import default_templates


def html(report: Report, templates: Path | None = None) -> str:
    """The whole report. Everything from the catalogue is escaped."""
    folder = (templates or default_templates()) / "diff"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    entries = [
        {
            "change": change,
            "said": describe_change(change),
            "operations": list(dict.fromkeys(reach.operation for reach in change.reaches)),
            "directions": sorted({reach.direction for reach in change.reaches}),
        }
        for change in report.changes
    ]
    families = sorted({family for change in report.changes for family in change.families})
    return environment.get_template("report.html.jinja").render(report=report, entries=entries, families=families)
