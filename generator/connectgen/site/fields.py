"""Properties of types as rows: for the type's own page, inside an operation's page, and one level below that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from connectgen.catalogue.types import names_in
from connectgen.site.context import Context
from connectgen.site.history import Interval, Stretch
from connectgen.site.values import Row, rows_of

_MOST_BELOW = 60
"""How many properties one level below are in the page itself; larger types are opened from their data."""


class Fields:
    """Writes the properties of types; the same type is written once, wherever it is shown."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rows: dict[str, list[Row]] = {}
        self._shown: dict[tuple[str, str], Markup] = {}

    def rows(self, name: str) -> list[Row]:
        """The properties of a type, its own first, then the inherited ones."""
        if name not in self._rows:
            timeline = self._context.history.types[name]
            stretches = [Stretch(one.since, one.until, one.fact.properties) for one in timeline.stretches]
            own = rows_of(stretches, self._context.history.catalogue)
            known = {row.name for row in own}
            self._rows[name] = [*own, *(row for row in self._inherited(name) if row.name not in known)]
        return self._rows[name]

    def _inherited(self, name: str) -> Sequence[Row]:
        timeline = self._context.history.types[name]
        found: list[Row] = []
        for base in dict.fromkeys(one.fact.extends for one in timeline.stretches):
            if base is None or base not in self._context.history.types:
                continue
            found += [replace(row, inherited=row.inherited or base) for row in self.rows(base)]
        return found

    def page(self, name: str) -> Markup:
        """The rows of a type's own page."""
        return self._rendered(name, "page")

    def inside(self, name: str) -> Markup:
        """The rows of a type in an operation's page, with one level below."""
        return self._rendered(name, "inside")

    def below(self, name: str) -> Markup:
        """The rows of a type one level below."""
        return self._rendered(name, "below")

    def _rendered(self, name: str, form: str) -> Markup:
        key = (name, form)
        if key not in self._shown:
            inner: dict[str, list[str]] = {}
            if form == "inside":
                inner = {row.name: self.inner_types(row) for row in self.rows(name)}
            self._shown[key] = self._context.part(
                f"{'rows' if form != 'below' else 'rows_below'}.html.jinja",
                rows=self.rows(name),
                owner=self.intervals(name),
                form=form,
                inner=inner,
                below=self.below,
                of=name,
            )
        return self._shown[key]

    def inner_types(self, row: Row) -> list[str]:
        """The types of a property that are small enough to be in the page."""
        found = (name for variant in row.variants[-1:] for name in names_in(variant.type))
        return [name for name in dict.fromkeys(found) if 0 < len(self.rows(name)) <= _MOST_BELOW][:3]

    def intervals(self, name: str) -> tuple[Interval, ...]:
        """The versions that have a type."""
        return self._context.history.types[name].intervals
