"""Pages of types and of named lists of values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from connectgen.catalogue.model import FOREVER, Open
from connectgen.python.docstrings import GUIDE
from connectgen.python.model_views import field_names
from connectgen.samples.requests import Samples
from connectgen.samples.responses import Responses
from connectgen.samples.values import plain
from connectgen.site.changes import is_news, log_of
from connectgen.site.context import Context
from connectgen.site.fields import Fields
from connectgen.site.history import Interval, Timeline, merged
from connectgen.site.samples import python
from connectgen.site.values import KnownValueRow
from connectgen.surface import SurfaceType
from connectgen.texts import sentence

_OPEN: dict[Open, str] = {
    "requests": "A request may hold other values too.",
    "responses": "A response may hold values that are not listed.",
    "both": "Requests and responses may hold other values too.",
    "none": "These are all values.",
}


@dataclass(frozen=True, slots=True)
class TypePage:
    """Everything that the page of a type shows."""

    name: str
    family: str
    summary: str
    is_input: bool
    intervals: tuple[Interval, ...]
    version: int
    replacement: str
    extends: str
    discriminator: str
    fallback: str
    variants: tuple[tuple[str, str, tuple[Interval, ...]], ...]
    subtypes: tuple[str, ...]
    rows: Markup
    users: tuple[str, ...]
    log: Markup
    guide: str
    location: str
    sample: str
    python: str


@dataclass(frozen=True, slots=True)
class EnumerationPage:
    """Everything that the page of a list of values shows."""

    name: str
    family: str
    summary: str
    open: str
    values: tuple[KnownValueRow, ...]
    users: tuple[tuple[str, str], ...]
    location: str
    sample: str


class TypePages:
    """Writes pages of types and of lists of values."""

    def __init__(self, context: Context, fields: Fields) -> None:
        self._context = context
        self._fields = fields
        self._subtypes: dict[str, list[str]] = {}
        self._of_enumeration: dict[str, list[tuple[str, str]]] = {}
        for name, timeline in context.history.types.items():
            if timeline.newest.extends:
                self._subtypes.setdefault(timeline.newest.extends, []).append(name)
            for item in timeline.newest.properties:
                if item.enumeration:
                    self._of_enumeration.setdefault(item.enumeration, []).append((name, item.name))
        for name, operation in context.history.operations.items():
            for parameter in (*operation.newest.path_parameters, *operation.newest.parameters):
                if parameter.enumeration:
                    self._of_enumeration.setdefault(parameter.enumeration, []).append((name, parameter.name))

    def page(self, name: str) -> str:
        """The page of a type as HTML."""
        return self._context.render("type.html.jinja", view=self.view(name))

    def view(self, name: str) -> TypePage:
        """What the page of a type shows."""
        timeline = self._context.history.types[name]
        resolved = timeline.newest
        discriminator = resolved.discriminator
        return TypePage(
            name=name,
            family=self._context.history.family_of(resolved.location.file),
            summary=sentence(resolved.summary) if resolved.summary else "",
            is_input=resolved.is_input,
            intervals=timeline.intervals,
            version=timeline.last,
            replacement=resolved.replaced_by or "",
            extends=resolved.extends or "",
            discriminator=discriminator.property if discriminator else "",
            fallback=(discriminator.fallback or "") if discriminator else "",
            variants=tuple(_variants(timeline)),
            subtypes=tuple(self._subtypes.get(name, ())),
            rows=self._fields.page(name) if self._fields.rows(name) else Markup(""),
            users=tuple(self._context.history.used_by.get(name, ())),
            log=self._log(name),
            guide=GUIDE.format(resolved.guide) if resolved.guide else "",
            location=str(resolved.location),
            sample=self._sample(timeline),
            python=self._python(timeline),
        )

    def _sample(self, timeline: Timeline[SurfaceType]) -> str:
        types = self._context.by_version[timeline.last].types
        name = timeline.newest.name
        is_input = timeline.newest.is_input
        made = plain(Samples(types, timeline.last).object(name)) if is_input else Responses(types).of_type(name)
        return json.dumps(made, indent=2, ensure_ascii=False)

    def _python(self, timeline: Timeline[SurfaceType]) -> str:
        if not timeline.newest.is_input:
            return ""
        types = self._context.by_version[timeline.last].types
        return python(Samples(types, timeline.last, field_names).object(timeline.newest.name), 0, 72)

    def _log(self, name: str) -> Markup:
        log = log_of([change for change in self._context.changes_of.get(name, ()) if is_news(change)], {})
        return self._context.part("history.html.jinja", log=log) if log else Markup("")

    def enumeration(self, name: str) -> str:
        """The page of a list of values as HTML."""
        return self._context.render("enumeration.html.jinja", view=self.enumeration_view(name))

    def enumeration_view(self, name: str) -> EnumerationPage:
        """What the page of a list of values shows."""
        history = self._context.history
        enumeration = history.enumerations[name]
        users = self._of_enumeration.get(name, ())
        values: list[KnownValueRow] = []
        for one in enumeration.values:
            until = history.newest if one.span.until >= FOREVER else one.span.until
            intervals = ((max(one.span.since, history.first), until),)
            meaning = sentence(one.description) if one.description else ""
            meaning += f" Use `{one.replaced_by}` instead." if one.replaced_by else ""
            values.append(KnownValueRow(one.value, meaning.strip(), intervals, is_new=False))
        return EnumerationPage(
            name=name,
            family=history.family_of(enumeration.location.file),
            summary=sentence(enumeration.summary) if enumeration.summary else "",
            open=_OPEN[enumeration.open],
            values=tuple(values),
            users=tuple(users),
            location=str(enumeration.location),
            sample=json.dumps(
                {users[0][1] if users else "value": enumeration.values[0].value}, indent=2, ensure_ascii=False
            ),
        )


def _variants(timeline: Timeline[SurfaceType]) -> Iterator[tuple[str, str, tuple[Interval, ...]]]:
    found: dict[tuple[str, str], list[Interval]] = {}
    for one in timeline.stretches:
        if one.fact.discriminator:
            for value, name in one.fact.discriminator.values.items():
                found.setdefault((value, name), []).append((one.since, one.until))
    for (value, name), intervals in found.items():
        yield value, name, merged(intervals)
