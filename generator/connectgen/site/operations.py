"""Pages of operations: one for all versions of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from markupsafe import Markup

from connectgen.catalogue.types import Scalar, ScalarType, TypeExpression, names_in
from connectgen.python.docstrings import GUIDE
from connectgen.python.operation_views import operation_view
from connectgen.python.views import OperationView
from connectgen.python.waiter_views import waiting_lines
from connectgen.samples.responses import Responses
from connectgen.site.calls import SampleCall, sample_call
from connectgen.site.changes import is_news, log_of
from connectgen.site.context import Context
from connectgen.site.fields import Fields
from connectgen.site.history import Interval, Stretch, Timeline, merged
from connectgen.site.values import Row, part_rows, rows_of
from connectgen.surface import SurfaceOperation, SurfaceType
from connectgen.texts import sentence

_PLACES = (("path", "Path"), ("query", "Query"), ("header", "Headers"), ("form", "Form fields"))
_INSIDE = 48_000
"""How many characters the properties of a result may have in the page; those of others are opened from their data."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where an operation is called, in some versions."""

    method: str
    path: str
    site: bool
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """The method in Python, in some versions."""

    since: int
    until: int
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What an operation returns, in some versions."""

    since: int
    until: int
    status: tuple[int, ...]
    type: TypeExpression | None
    parts: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another operation of the group."""

    name: str
    short: str
    ended: bool


@dataclass(frozen=True, slots=True)
class OperationPage:
    """Everything that the page of an operation shows."""

    name: str
    family: str
    group: str
    summary: str
    description: str
    stage: str
    replacement: str
    intervals: tuple[Interval, ...]
    paths: tuple[Route, ...]
    signatures: tuple[Signature, ...]
    inputs: tuple[tuple[str, Markup], ...]
    results: tuple[Result, ...]
    facts: tuple[tuple[str, str], ...]
    errors: tuple[tuple[int, str], ...]
    log: Markup
    siblings: tuple[Sibling, ...]
    guide: str
    location: str
    sample: SampleCall
    response_sample: str


class OperationPages:
    """Writes pages of operations."""

    def __init__(self, context: Context, fields: Fields) -> None:
        self._context = context
        self._fields = fields

    def page(self, name: str) -> str:
        """The page of an operation as HTML."""
        return self._context.render("operation.html.jinja", view=self.view(name))

    def view(self, name: str) -> OperationPage:
        """What the page of an operation shows."""
        timeline = self._context.history.operations[name]
        operation = timeline.newest
        types = self._context.by_version[timeline.last].types
        iterator = self._context.iterators[operation.family, operation.group].get(operation.name, "")
        sample = sample_call(operation, timeline.last, types, iterator if operation.pagination else "")
        return OperationPage(
            name=name,
            family=operation.family,
            group=operation.group,
            summary=sentence(operation.summary),
            description=sentence(operation.description) if operation.description else "",
            stage=operation.stage or "",
            replacement=_replacement(operation),
            intervals=timeline.intervals,
            paths=tuple(_routes(timeline)),
            signatures=tuple(self._signatures(timeline, iterator)),
            inputs=tuple(self._inputs(timeline)),
            results=tuple(self._results(timeline)),
            facts=tuple(_facts(operation, iterator)),
            errors=tuple(sorted((code, sentence(text)) for code, text in operation.special_status.items())),
            log=self._log(name, timeline),
            siblings=tuple(self._siblings(operation)),
            guide=GUIDE.format(operation.guide) if operation.guide else "",
            location=str(operation.location),
            sample=sample,
            response_sample=_response_sample(operation, types),
        )

    def _signatures(self, timeline: Timeline[SurfaceOperation], iterator: str) -> Iterator[Signature]:
        found: list[Signature] = []
        for one in timeline.stretches:
            view = operation_view(one.fact, self._context.writers, iterator or None).view
            text = _signature(one.fact, cast("OperationView", view))
            if found and found[-1].text == text and found[-1].until == one.since - 1:
                found[-1] = Signature(found[-1].since, one.until, text)
            else:
                found.append(Signature(one.since, one.until, text))
        return iter(found)

    def _inputs(self, timeline: Timeline[SurfaceOperation]) -> Iterator[tuple[str, Markup]]:
        catalogue = self._context.history.catalogue
        for place, title in _PLACES:
            stretches = [
                Stretch(
                    one.since, one.until,
                    one.fact.path_parameters if place == "path"
                    else tuple(item for item in one.fact.parameters if item.place == place),
                )
                for one in timeline.stretches
            ]  # fmt: skip
            rows = rows_of(stretches, catalogue, is_argument=True)
            if rows:
                yield title, self._rows(rows, timeline)
        bodies = [
            Stretch(one.since, one.until, (one.fact.body,) if one.fact.body else ()) for one in timeline.stretches
        ]
        rows = rows_of(bodies, catalogue)
        if rows:
            inside = Markup('<div class="nest">{}</div>').format(self._properties(rows[0].newest.type))
            yield "Body", self._rows(rows, timeline) + inside
        parts = part_rows(
            [Stretch(one.since, one.until, one.fact.parts) for one in timeline.stretches], Scalar(ScalarType.BINARY)
        )
        if parts:
            yield "Files", self._rows(parts, timeline)

    def _rows(self, rows: list[Row], timeline: Timeline[SurfaceOperation]) -> Markup:
        return self._context.part(
            "rows.html.jinja", rows=rows, owner=timeline.intervals, form="page", inner={}, below=None, of=""
        )

    def _properties(self, expression: TypeExpression) -> Markup:
        """The properties of the types in a body or result, as many as a page can bear."""
        parts: list[Markup] = []
        for name in dict.fromkeys(names_in(expression)):
            inside = self._fields.inside(name)
            if sum(map(len, parts)) + len(inside) > _INSIDE:
                inside = self._fields.below(name)
            if sum(map(len, parts)) + len(inside) <= _INSIDE:
                several = any(True for other in names_in(expression) if other != name)
                heading = Markup("<h4>{}</h4>").format(name) if several else Markup("")
                parts.append(heading + inside)
        return Markup("").join(parts)

    def _results(self, timeline: Timeline[SurfaceOperation]) -> Iterator[Result]:
        kept: list[tuple[int, int, tuple[int, ...], TypeExpression | None]] = []
        for one in timeline.stretches:
            last = kept[-1] if kept else None
            if last and last[1] == one.since - 1 and last[2:] == (one.fact.status, one.fact.returns):
                kept[-1] = (last[0], one.until, *last[2:])
            else:
                kept.append((one.since, one.until, one.fact.status, one.fact.returns))
        for number, (since, until, status, returns) in enumerate(kept):
            is_newest = number == len(kept) - 1
            parts = (self._properties(returns),) if returns is not None and is_newest else ()
            yield Result(since, until, status, returns, parts)

    def _log(self, name: str, timeline: Timeline[SurfaceOperation]) -> Markup:
        changes = [change for change in self._context.changes_of.get(name, ()) if is_news(change)]
        named = [one.body.type for one in [timeline.newest] if one.body]
        named += [timeline.newest.returns] if timeline.newest.returns else []
        others = {
            other: [change for change in self._context.changes_of.get(other, ()) if is_news(change)]
            for expression in named
            for other in names_in(expression)
        }
        log = log_of(changes, others)
        first, last = timeline.intervals[0][0], timeline.last + 1
        log = [(version, said) for version, said in log if first < version <= last]
        return self._context.part("history.html.jinja", log=log) if log else Markup("")

    def _siblings(self, operation: SurfaceOperation) -> Iterator[Sibling]:
        for name in self._context.families[operation.family][operation.group]:
            timeline = self._context.history.operations[name]
            yield Sibling(name, timeline.newest.name, timeline.last < self._context.history.newest)


def _response_sample(operation: SurfaceOperation, types: Mapping[str, SurfaceType]) -> str:
    """JSON of a response; empty where it has none."""
    if operation.returns in (None, Scalar(ScalarType.BINARY)) or operation.method == "HEAD":
        return ""
    return json.dumps(Responses(types).of(operation), indent=2, ensure_ascii=False)


def _replacement(operation: SurfaceOperation) -> str:
    if not operation.replaced_by:
        return ""
    if operation.is_replaced:
        return f"Use `{operation.replaced_by}` instead."
    return f"From {operation.span.until + 1}.0 use `{operation.replaced_by}`."


def _routes(timeline: Timeline[SurfaceOperation]) -> Iterator[Route]:
    found: dict[tuple[str, str, bool], list[Interval]] = {}
    for one in timeline.stretches:
        key = (one.fact.method, one.fact.path, one.fact.site)
        found.setdefault(key, []).append((one.since, one.until))
    for (method, path, site), intervals in found.items():
        yield Route(method, path, site, merged(intervals))


def _signature(operation: SurfaceOperation, view: OperationView) -> str:
    """The method's call with its types, an argument a line."""
    shown = ""
    is_named = False
    for argument in view.arguments:
        if not argument.positional and not is_named:
            shown += "    *,\n"
            is_named = True
        default = f" = {argument.default}" if argument.default is not None else ""
        shown += f"    {argument.name}: {_short(argument.annotation)}{default},\n"
    return f"client.{operation.family}.{operation.group}.{view.name}(\n{shown}) -> {view.result}"


def _short(annotation: str) -> str:
    """An annotation without a long list of values, which the parameter itself shows."""
    begin = annotation.find("Literal[")
    if begin < 0 or len(annotation) < 100:
        return annotation
    end = annotation.index("]", begin)
    values = annotation[begin + 8 : end].split(", ")
    return f"{annotation[: begin + 8]}{', '.join(values[:3])}, …{annotation[end:]}"


def _facts(operation: SurfaceOperation, iterator: str) -> Iterable[tuple[str, str]]:
    """How an operation behaves: what it needs, its pages, waiting, retries."""
    if operation.stage == "undocumented":
        yield "Undocumented", "No reference of Salesforce describes it: it may change or end without notice."
    if operation.aliases:
        yield "Also at", ", ".join(f"`{path}`" for path in operation.aliases)
    if operation.requires_chatter:
        yield "Needs", "Chatter in the org; calls count against its rate limit."
    if operation.site:
        yield "Sites", "Also inside an Experience Cloud site: `client.site(id)`."
    yield from _pages(operation, iterator)
    for line in waiting_lines(operation):
        yield "Waiting", line
    retries = {
        "safe": "Safe to retry: the client does so after a broken connection or an overloaded server.",
        "unsafe": "Not retried after it may have reached the server.",
        "key": "Safe to retry with an idempotency key.",
    }[operation.retry]
    if operation.retry_statuses:
        retries += f" Retried after the status {', '.join(map(str, operation.retry_statuses))}."
    if operation.idempotency:
        where = "header" if operation.idempotency.place == "header" else "property"
        retries += f" The key is in the {where} `{operation.idempotency.name}`."
    yield "Retries", retries
    formats = "JSON and XML." if operation.xml else "JSON only."
    yield "Formats", formats
    if not operation.batch:
        yield "Batch", "Cannot be part of a batch."


def _pages(operation: SurfaceOperation, iterator: str) -> Iterable[tuple[str, str]]:
    pagination = operation.pagination
    if pagination is None:
        return
    if pagination.style == "none":
        yield "Pages", "All in one response."
        return
    ways = {
        "next-url": f"`{pagination.next}` has the URL of the next page",
        "next-token": f"`{pagination.next}` has the token of the next page, for `{pagination.parameter}`",
        "page-number": f"`{pagination.parameter}` is the number of the page, from {pagination.first_page}",
        "offset": f"`{pagination.parameter}` is how many items to skip",
    }
    shown = ways[pagination.style]
    shown += f"; `{pagination.size}` sets how many items a page has" if pagination.size else ""
    shown += f". `{iterator}` iterates over all." if iterator else "."
    yield "Pages", shown
