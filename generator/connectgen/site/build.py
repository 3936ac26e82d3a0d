"""Builds the site: every page and every file of data, written only where it differs from what is there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectgen.catalogue.model import Catalogue
from connectgen.files import FileError, describe_failure, replace_file
from connectgen.find.index import IndexMaker
from connectgen.site.context import Context, context_of
from connectgen.site.data import bars, search_data, site_data, type_data
from connectgen.site.families import family_view, home_view
from connectgen.site.fields import Fields
from connectgen.site.operations import OperationPages
from connectgen.site.types import TypePages

_SCRIPTS = ("theme.js", "search.js", "compare.js")


@dataclass(slots=True)
class Written:
    """What a build did."""

    files: int = 0
    written: int = 0
    removed: int = 0
    size: int = 0


class Builder:
    """Makes the files of a site.

    Args:
        context: what pages are made from.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._fields = Fields(context)
        self._operations = OperationPages(context, self._fields)
        self._types = TypePages(context, self._fields)

    def tasks(self) -> list[tuple[str, str]]:
        """Everything that is to be made: a kind of page, and its name."""
        history = self._context.history
        kinds: Mapping[str, Sequence[str]] = {
            "operations": list(history.operations),
            "types": list(history.types),
            "values": list(history.enumerations),
            "families": list(self._context.families),
            "one": ["home", "statuses", "assets", "search", "type data"],
        }
        return [(kind, name) for kind, names in kinds.items() for name in names]

    def files(self, kind: str, name: str) -> Iterator[tuple[str, str]]:
        """The files of a task, each by its path in the site."""
        context = self._context
        match kind:
            case "operations":
                yield f"operations/{name}.html", self._operations.page(name)
            case "types":
                yield f"types/{name}.html", self._types.page(name)
            case "values":
                yield f"values/{name}.html", self._types.enumeration(name)
            case "families":
                view = family_view(context, name)
                yield f"families/{name}.html", context.render("family.html.jinja", view=view)
            case _:
                yield from self._one(name)

    def _one(self, name: str) -> Iterator[tuple[str, str]]:
        context = self._context
        match name:
            case "home":
                yield "index.html", context.render("home.html.jinja", "", view=home_view(context))
            case "statuses":
                statuses = context.history.catalogue.status_codes
                yield "statuses.html", context.render("statuses.html.jinja", "", statuses=statuses)
            case "search":
                index = IndexMaker(context.iterators, context.writers.mentions)
                yield "data/search.js", search_data(context, index)
            case "type data":
                yield from type_data(context, self._fields)
            case _:
                yield from self._assets()

    def _assets(self) -> Iterator[tuple[str, str]]:
        folder = self._context.templates / "site" / "assets"
        for script in _SCRIPTS:
            if (folder / script).is_file():
                yield f"assets/{script}", (folder / script).read_text(encoding="utf-8")
        known = json.dumps(site_data(self._context), ensure_ascii=True, separators=(",", ":"))
        text = (folder / "site.js").read_text(encoding="utf-8")
        yield "assets/site.js", f"window.connectSite = {known};\n{text}"
        yield "assets/site.css", (folder / "site.css").read_text(encoding="utf-8") + bars(self._context)


def build(catalogue: Catalogue, templates: Path, out: Path, catalogue_name: str) -> Written:
    """Build the site of a validated catalogue.

    Args:
        catalogue: the catalogue.
        templates: the folder of templates.
        out: the site's folder; what is in it and is not the site's is removed.
        catalogue_name: how the catalogue's folder is named in pages, `spec/`.

    Raises:
        FileError: the disk refused.
    """
    builder = Builder(context_of(catalogue, templates, catalogue_name))
    done = Written()
    kept: set[Path] = set()
    for kind, name in builder.tasks():
        for path, text in builder.files(kind, name):
            kept.add(out / path)
            _write(out / path, text, done)
    _remove_others(out, kept, done)
    return done


def _write(path: Path, text: str, done: Written) -> None:
    data = text.encode()
    done.files += 1
    done.size += len(data)
    try:
        is_same = path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        is_same = False
    if not is_same:
        replace_file(path, data)
        done.written += 1


def _remove_others(out: Path, kept: set[Path], done: Written) -> None:
    try:
        for path in sorted(out.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path not in kept:
                path.unlink()
                done.removed += 1
    except OSError as error:
        raise FileError(describe_failure(error, out)) from error
