"""Modules of families: a property for each group, each formatted once over all versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from connectgen.naming import class_name, group_class
from connectgen.python.docstrings import docstring_of_summary
from connectgen.python.file_texts import FileText, KnownTexts
from connectgen.python.fragments import Fragments
from connectgen.python.keys import Keys, plain
from connectgen.surface import SurfaceGroup
from connectgen.texts import sentence

_FOLDER = "sf_connect/version/families"
_PREFIXES = ("", "Async")


class FamilyModules:
    """Makes the modules of families; one that versions have in common is made once.

    Args:
        fragments: what they are put together from.
        keys: makes their keys.
        known: what earlier runs know of their texts.
    """

    def __init__(self, fragments: Fragments, keys: Keys, known: KnownTexts) -> None:
        self._fragments = fragments
        self._keys = keys
        self._known = known
        self._families: dict[object, FileText] = {}

    def of(self, family: str, summary: str, groups: Sequence[SurfaceGroup]) -> FileText:
        """The text of a family's module.

        Args:
            family: its name.
            summary: what its groups do, a sentence.
            groups: its groups in a version.
        """
        key = (family, tuple((group.name, group.summary) for group in groups))
        if key not in self._families:
            listed = list(self._listed(groups))
            self._families[key] = self._known.text(
                lambda: self._keys.of("family", (), family, summary, [plain(one) for one in listed]),
                lambda: self._text(family, summary, listed),
            )
        return self._families[key]

    def _text(self, family: str, summary: str, listed: Sequence[Mapping[str, str]]) -> str:
        named = class_name(family)
        headers = [
            self._code(
                "header",
                class_name=f"{prefix}{named}Family",
                base=f"{prefix or 'Sync'}Family",
                documentation=docstring_of_summary(summary, 4),
            )
            for prefix in _PREFIXES
        ]
        properties = [
            [
                self._code("property", family=family, **{**group, "class_name": prefix + group["class_name"]})
                for group in listed
            ]
            for prefix in _PREFIXES
        ]
        imports = self._code("imports", family=family, groups=listed)
        self._fragments.formatter.announce([imports, *headers, *chain.from_iterable(properties)])
        classes = [
            {"header": self._formatted(header), "properties": [self._formatted(one) for one in own]}
            for header, own in zip(headers, properties, strict=True)
        ]
        return self._fragments.templates.render_values(
            f"{_FOLDER}/family.py.jinja",
            {"name": family, "imports": self._formatted(imports), "classes": classes},
        )

    def _listed(self, groups: Iterable[SurfaceGroup]) -> Iterable[dict[str, str]]:
        for group in groups:
            yield {
                "name": group.name,
                "module": group.name,
                "class_name": group_class(group.name, self._fragments.modules),
                "documentation": docstring_of_summary(sentence(self._fragments.mentions.in_python(group.summary)), 8),
            }

    def _code(self, template: str, **values: object) -> str:
        return self._fragments.templates.render_values(f"{_FOLDER}/{template}.jinja", values)

    def _formatted(self, code: str) -> str:
        return self._fragments.formatted(code).rstrip("\n")
