"""Assembles the files of every version's package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from connectgen.find.index import IndexMaker
from connectgen.naming import class_name
from connectgen.python.docstrings import docstring_of_summary
from connectgen.python.family_modules import FamilyModules
from connectgen.python.file_texts import FileText, FileTexts, KnownTexts
from connectgen.python.formatting import FragmentFormatter
from connectgen.python.fragments import Fragments, with_items
from connectgen.python.group_modules import GroupModules
from connectgen.python.keys import Keys, plain
from connectgen.python.model_modules import ModelModules
from connectgen.python.templates import Templates
from connectgen.surface import Surface, SurfaceGroup
from connectgen.texts import sentence

Files = Mapping[str, str]


class PackageMaker:
    """Generates the packages of some versions; what they have in common is rendered and formatted once.

    Args:
        surfaces: all versions of the catalogue (modules of types are assigned over all of them).
        templates: the folder of templates.
        cache: the folder in which formatted fragments and the hashes of texts are remembered, or None.
        formatter: formats fragments, instead of black.
        generator: a hash of all that makes texts of surfaces; without it, no hash of a text is remembered.
    """

    def __init__(
        self,
        surfaces: Sequence[Surface],
        templates: Path,
        cache: Path | None,
        formatter: FragmentFormatter | None = None,
        generator: str = "",
    ) -> None:
        self._surfaces = {surface.version: surface for surface in surfaces}
        self._templates = Templates(templates)
        self._formatter = formatter or FragmentFormatter(cache / "fragments.pickle" if cache else None)
        self._fragments = Fragments(surfaces, self._templates, self._formatter)
        self._known = KnownTexts(cache / "texts.pickle" if cache and generator else None)
        self._keys = Keys(self._fragments, generator)
        self._groups = GroupModules(self._fragments, surfaces, self._keys, self._known)
        self._models = ModelModules(self._fragments, self._keys, self._known)
        self._index = IndexMaker(self._fragments.iterators, self._fragments.mentions)
        self._family_modules = FamilyModules(self._fragments, self._keys, self._known)

    def make(self, versions: Iterable[int]) -> Iterable[tuple[int, Files]]:
        """The files of each version's package, by their path in it."""
        for version, files in self.planned(versions):
            yield version, {path: file.text for path, file in files.items()}

    def planned(self, versions: Iterable[int]) -> Iterable[tuple[int, FileTexts]]:
        """The files of each version's package; those are made that nothing is known of, and those that are used."""
        planned = {version: dict(self._package(self._surfaces[version])) for version in versions}
        with self._formatter.working():
            for files in planned.values():
                for file in files.values():
                    file.begin()
            for version in list(planned):
                yield version, planned.pop(version)

    def store(self, *, forget_others: bool) -> None:
        """Keep formatted fragments and hashes for the next run; forget those that a run over all had no use for."""
        self._formatter.store(forget_others=forget_others and self._known.made_all)
        self._known.store(forget_others=forget_others)

    def _package(self, surface: Surface) -> Iterable[tuple[str, FileText]]:
        version = f"{surface.version}.0"
        root = f"sf_connect/v{surface.version}"
        about = {
            "version": version,
            "distribution": f"sf-connect-v{surface.version}",
            "package": f"sf_connect.v{surface.version}",
            "release": surface.release.name,
            "retired_in": (surface.release.retired_in if surface.release.status == "retired" else None),
        }
        parts: list[FileText] = []
        families: dict[str, list[SurfaceGroup]] = {}
        for group in surface.groups:
            families.setdefault(group.family, []).append(group)
        named = [
            {
                "name": name,
                "module": name,
                "class_name": f"{class_name(name)}Family",
                "documentation": docstring_of_summary(_summary_of_family(surface, name), 8),
            }
            for name in sorted(families)
        ]
        yield "pyproject.toml", self._static("pyproject.toml.jinja", **about)
        yield "README.md", self._static("README.md.jinja", shows_users=self._shows_users(surface), **about)
        yield f"{root}/py.typed", FileText.of("")
        yield f"{root}/__init__.py", self._code("sf_connect/version/__init__.py.jinja", **about)
        yield f"{root}/__main__.py", self._code("sf_connect/version/__main__.py.jinja", **about)
        yield f"{root}/client.py", self._code("sf_connect/version/client.py.jinja", families=named, **about)
        yield f"{root}/families/__init__.py", FileText.of('"""Families of operations."""\n')
        yield f"{root}/groups/__init__.py", FileText.of('"""Groups of operations, by family."""\n')
        for family, groups in sorted(families.items()):
            yield f"{root}/families/{family}.py", self._family_modules.of(
                family, _summary_of_family(surface, family), groups
            )
            yield f"{root}/groups/{family}/__init__.py", FileText.of(f'"""Groups of {family}."""\n')
            for group in groups:
                for path, text in self._groups.of(group, with_items(group, surface)):
                    parts.append(text)
                    yield f"{root}/groups/{family}/{path}", text
        for path, text in self._models.files(surface, f"{root}/models"):
            parts.append(text)
            yield path, text
        # The search finds the operations and types of these modules, so its index follows from what they do, and from
        # the order of operations, which may be in several modules.
        order = [
            f"{group.family}.{group.name}: {' '.join(one.name for one in group.operations)}" for group in surface.groups
        ]
        key = partial(self._keys.of, "search", (), [part.key for part in parts], order)
        yield f"{root}/_index.json", self._known.text(key, lambda: self._index.text([surface]))

    def _shows_users(self, surface: Surface) -> bool:
        """Whether the version has what the README's example calls."""
        users = next((group for group in surface.groups if (group.family, group.name) == ("chatter", "users")), None)
        if users is None:
            return False
        names = {operation.name for operation in users.operations}
        iterators = self._fragments.iterators["chatter", "users"]
        return {"get", "list_followers"} <= names and iterators["list_followers"] == "iter_followers"

    def _static(self, template: str, **values: object) -> FileText:
        return self._known.text(
            lambda: self._keys.of("static", (), template, plain(values)),
            lambda: self._templates.render_values(template, values),
        )

    def _code(self, template: str, **values: object) -> FileText:
        return self._known.text(
            lambda: self._keys.of("code", (), template, plain(values)),
            lambda: self._fragments.formatted(self._templates.render_values(template, values)),
        )


def _summary_of_family(surface: Surface, family: str) -> str:
    """What can be done in a family, or what it is called where the catalogue does not describe it."""
    described = surface.families.get(family)
    return sentence(described.summary) if described else f"Groups of {family}."
