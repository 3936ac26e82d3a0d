"""Makes the files of a site: what there is to make, and each of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from connectgen import cache as memory
from connectgen.find.index import IndexMaker
from connectgen.site.comparisons import comparison_data
from connectgen.site.context import Context
from connectgen.site.data import bars, search_data, site_data, type_data
from connectgen.site.families import family_view, home_view
from connectgen.site.fields import Fields
from connectgen.site.guides import Guides
from connectgen.site.inputs import digest_of_comparisons
from connectgen.site.matrix import family_lines, resource_lines
from connectgen.site.operations import OperationPages
from connectgen.site.releases import release_rows, release_view
from connectgen.site.types import TypePages

_SCRIPTS = ("theme.js", "search.js", "compare.js")


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is made as a whole: a sort of file, and which one."""

    kind: str
    name: str
    is_heavy: bool = False


class Builder:
    """Makes the files of a site.

    Args:
        context: what pages are made from.
        guides: the guides.
        cache: where comparisons are remembered between runs, or None.
    """

    def __init__(self, context: Context, guides: Guides, cache: Path | None) -> None:
        self._context = context
        self._guides = guides
        self._cache = cache
        self._fields = Fields(context)
        self._operations = OperationPages(context, self._fields)
        self._types = TypePages(context, self._fields)

    def prepare(self) -> None:
        """Find out what all pages need, before the work is divided."""
        context = self._context
        _ = context.changes_of, context.iterators, context.writers, context.families

    def tasks(self) -> Iterator[Task]:
        """Everything that is to be made."""
        history = self._context.history
        yield Task("comparisons", "compare", is_heavy=True)
        yield Task("comparisons", "compare-back", is_heavy=True)
        for kind, names in (
            ("operation", history.operations),
            ("type", history.types),
            ("values", history.enumerations),
            ("family", self._context.families),
            ("release", [str(release.version) for release in history.releases]),
            ("pages", ["home", "statuses", "releases", "matrix", "compare", "guides"]),
            ("data", ["assets", "search", "types"]),
        ):
            yield from (Task(kind, name) for name in names)

    def files(self, task: Task) -> Iterable[tuple[str, str]]:
        """The files of a task, each by its path in the site."""
        name = task.name
        match task.kind:
            case "operation":
                return [(f"operations/{name}.html", self._operations.page(name))]
            case "type":
                return [(f"types/{name}.html", self._types.page(name))]
            case "values":
                return [(f"values/{name}.html", self._types.enumeration(name))]
            case "release":
                view = release_view(self._context, int(name))
                return [(f"versions/{name}.0.html", self._context.render("release.html.jinja", view=view))]
            case "comparisons":
                return [(f"data/{name}.js", self._comparisons(backwards=name == "compare-back"))]
            case "family":
                return self._family(name)
            case "pages":
                return self._pages(name)
            case _:
                return self._data(name)

    def _family(self, name: str) -> Iterator[tuple[str, str]]:
        context = self._context
        yield f"families/{name}.html", context.render("family.html.jinja", view=family_view(context, name))
        groups = list(resource_lines(context, name))
        yield f"matrix/{name}.html", context.render("matrix_family.html.jinja", family=name, groups=groups)

    def _pages(self, name: str) -> Iterator[tuple[str, str]]:
        context = self._context
        match name:
            case "home":
                yield "index.html", context.render("home.html.jinja", "", view=home_view(context))
            case "statuses":
                statuses = context.history.catalogue.status_codes
                yield "statuses.html", context.render("statuses.html.jinja", "", statuses=statuses)
            case "releases":
                rows = list(release_rows(context))
                yield "versions/index.html", context.render("releases.html.jinja", rows=rows)
            case "matrix":
                yield "matrix.html", context.render("matrix.html.jinja", "", lines=list(family_lines(context)))
            case "compare":
                yield "compare.html", context.render("compare.html.jinja", "")
            case _:
                for guide in self._guides.guides():
                    for part in guide.parts:
                        yield f"guides/{part.name}.html", context.render("guide.html.jinja", guide=guide, part=part)

    def _data(self, name: str) -> Iterator[tuple[str, str]]:
        match name:
            case "search":
                index = IndexMaker(self._context.iterators, self._context.writers.mentions)
                yield "data/search.js", search_data(self._context, index)
            case "types":
                yield from type_data(self._context, self._fields)
            case _:
                yield from self._assets()

    def _assets(self) -> Iterator[tuple[str, str]]:
        folder = self._context.templates / "site" / "assets"
        for script in _SCRIPTS:
            yield f"assets/{script}", (folder / script).read_text(encoding="utf-8")
        known = json.dumps(site_data(self._context), ensure_ascii=True, separators=(",", ":"))
        text = (folder / "site.js").read_text(encoding="utf-8")
        yield "assets/site.js", f"window.connectSite = {known};\n{text}"
        yield "assets/site.css", (folder / "site.css").read_text(encoding="utf-8") + bars(self._context)

    def _comparisons(self, *, backwards: bool) -> str:
        """All comparisons in a direction, as an earlier run made them or anew."""
        if self._cache is None:
            return comparison_data(self._context, backwards=backwards)
        name = f"{'back' if backwards else 'forth'}-{digest_of_comparisons(self._context.history)}"
        place = self._cache / "site" / name
        known = memory.load(place)
        if isinstance(known, str):
            return known
        text = comparison_data(self._context, backwards=backwards)
        memory.store(place, text)
        for old in place.parent.glob(f"{name.partition('-')[0]}-*"):
            if old.name != name:
                old.unlink(missing_ok=True)
        return text
