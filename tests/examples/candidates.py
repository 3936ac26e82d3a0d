"""Finds the types that the JSON examples of a page may have."""

from __future__ import annotations

import re
from pathlib import Path

from connectgen.catalogue.model import Catalogue, Operation
from connectgen.catalogue.types import Named, TypeExpression
from connectgen.naming import type_name
from recount.pages import ROOTS, Page, read_page
from recount.spec_files import Catalogue as SpecFiles

_CALL = re.compile(rf"(?:/v\d+\.\d|(?<![\w/.]))(/(?:{'|'.join(sorted(ROOTS))})(?:/[\w$}}{{-]+)+)")


class Candidates:
    """The types of the guide's pages, surest first."""

    def __init__(self, catalogue: Catalogue, guide: Path, spec: Path) -> None:
        self._catalogue = catalogue
        self._guide = guide
        self._spec = SpecFiles.read(spec)
        self._operations: dict[str, list[Operation]] = {}
        self._found: dict[str, list[list[TypeExpression]]] = {}
        for group in catalogue.groups:
            for resource in group.resources:
                self._operations.setdefault(resource.path, []).extend(resource.operations)

    def of(self, page_name: str) -> list[list[TypeExpression]]:
        """Three lists: the types of the page's title; of the calls that it prints; of the pages that it links to."""
        if page_name not in self._found:
            self._found[page_name] = self._find(page_name)
        return self._found[page_name]

    def _find(self, page_name: str) -> list[list[TypeExpression]]:
        path = self._guide / f"{page_name}.md"
        page = read_page(path)
        titled = [type_name(page.title, is_input=is_input) for is_input in (False, True)]
        return [
            [Named(name) for name in titled if name in self._catalogue.types],
            self._of_calls(page, path.read_text(encoding="utf-8")),
            [Named(name) for name in self._spec.linked(page.links).values()],
        ]

    def _of_calls(self, page: Page, text: str) -> list[TypeExpression]:
        uris = [uri for section in page.sections for uri in section.uris]
        uris += _CALL.findall(re.sub("[\u200b\u00ad]", "", text).partition("\n## Related Topics")[0])
        found = dict[TypeExpression, None]()
        for uri in dict.fromkeys(uris):
            for one in self._spec.at(uri):
                for operation in self._operations.get(one.resource["path"], []):
                    found |= dict.fromkeys(value.type for value in (*operation.bodies, *operation.returns))
        return list(found)
