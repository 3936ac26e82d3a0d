"""What the catalogue has of what a file may speak of: types, operations wherever they are, names persons gave."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from connectgen.catalogue.model import Catalogue, Operation, TypeDefinition
from connectgen.catalogue.types import names_in
from connectgen.importer.emit import is_mapping
from connectgen.importer.paths import path_shape
from connectgen.importer.yaml_files import Plain, read_plain


@dataclass(slots=True)
class Known:
    """What the catalogue has.

    Attributes:
        type_names: the type's name by the schema it was imported from, and whether it is sent.
        taken: the names of all types of the catalogue, those of other families too.
        discriminators: the discriminator of each discriminated type, by its name.
        properties: the properties of each type, inherited ones too, each with the types that it names.
        own: the types of the family, and those of its operations.
        uses: the types that each operation takes and gives: method and path, then whether it is sent.
        groups: the family and group of each path.
        files: files of other families that hold operations of the file, and types of theirs.
        json_only: whether all operations of the family take and give JSON alone.
    """

    type_names: dict[tuple[str, bool], str] = field(default_factory=dict[tuple[str, bool], str])
    taken: set[str] = field(default_factory=set[str])
    discriminators: dict[str, Plain] = field(default_factory=dict[str, Plain])
    properties: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict[str, dict[str, tuple[str, ...]]])
    own: set[str] = field(default_factory=set[str])
    uses: dict[tuple[str, str], dict[bool, tuple[str, ...]]] = field(
        default_factory=dict[tuple[str, str], dict[bool, tuple[str, ...]]]
    )
    groups: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    files: set[str] = field(default_factory=set[str])
    json_only: bool = False

    def group_of_tag(self, family: str, tagged: dict[str, list[str]]) -> dict[str, str]:
        """Where the paths of each tag are already, most of them.

        Args:
            family: the family whose groups count.
            tagged: paths by tag.
        """
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for tag, paths in tagged.items():
            places = [self.groups[path_shape(path)] for path in paths if path_shape(path) in self.groups]
            counted[tag].update(group for own, group in places if own == family)
        return {tag: counts.most_common(1)[0][0] for tag, counts in counted.items() if counts}

    def body_with(self, operation: tuple[str, str], names: set[str]) -> str | None:
        """The type that an operation takes, where most of some names are properties of it."""
        taken = self.uses.get(operation, {}).get(True, ())
        if len(taken) != 1 or not names:
            return None
        return taken[0] if 2 * len(names & set(self.properties.get(taken[0], ()))) >= len(names) else None


def known_of(spec_dir: Path, family: str, catalogue: Catalogue | None, paths: set[str]) -> Known:
    """Read what the catalogue knows.

    Args:
        spec_dir: the catalogue's folder.
        family: the family to which the file belongs.
        catalogue: what was loaded from the folder, None where it is at fault.
        paths: those of the file, as `address` writes them.

    Raises:
        YamlFileError: a file cannot be read.
    """
    known = Known()
    if catalogue is not None:
        _Reader(known, catalogue, family, paths).read()
    for path in sorted((spec_dir / "types" / family).glob("*.yaml")):
        known.files.add(path.relative_to(spec_dir).as_posix())
    for name in sorted(name for name in known.files if name.startswith("types/")):
        for own, entry in cast("dict[str, Plain]", read_plain(spec_dir / name).get("types") or {}).items():
            schema = entry.get("schema")
            if schema:
                known.type_names[str(schema), own.endswith("Input")] = own
            if is_mapping(entry.get("discriminator")):
                known.discriminators[own] = entry["discriminator"]
    known.files = {name for name in known.files if name.split("/")[1] != family}
    return known


class _Reader:
    def __init__(self, known: Known, catalogue: Catalogue, family: str, paths: set[str]) -> None:
        self._known = known
        self._catalogue = catalogue
        self._family = family
        self._paths = paths

    def read(self) -> None:
        known = self._known
        known.taken = {*self._catalogue.types, *self._catalogue.enumerations}
        known.properties = {name: self._properties(one) for name, one in self._catalogue.types.items()}
        only_json: list[bool] = []
        for group in self._catalogue.groups:
            for resource in group.resources:
                here = [path_shape(ranged.value) for ranged in resource.paths]
                for own in here:
                    known.groups[own] = (group.family, group.name)
                    for operation in resource.operations:
                        known.uses[operation.method, own] = _uses(operation)
                is_own = group.family == self._family
                only_json += [not operation.xml for operation in resource.operations if is_own]
                if not is_own and set(here) & self._paths:
                    known.files.add(group.location.file)
                    self._own(
                        name for operation in resource.operations for used in _uses(operation).values() for name in used
                    )
        known.own |= {
            name
            for name, one in self._catalogue.types.items()
            if one.location.file.startswith(f"types/{self._family}/")
        }
        known.json_only = bool(only_json) and all(only_json)

    def _own(self, names: Iterator[str] | list[str]) -> None:
        """Types of another family's operations, and those that they name: the file may speak of them."""
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in self._known.own or name not in self._catalogue.types:
                continue
            self._known.own.add(name)
            self._known.files.add(self._catalogue.types[name].location.file)
            waiting += [inner for named in self._known.properties[name].values() for inner in named]
            waiting += [self._catalogue.types[name].extends or ""]

    def _properties(self, definition: TypeDefinition) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        base: TypeDefinition | None = definition
        while base is not None:
            for item in base.properties:
                found.setdefault(item.name, tuple(names_in(item.type)))
            base = self._catalogue.types.get(base.extends or "")
        return found


def _uses(operation: Operation) -> dict[bool, tuple[str, ...]]:
    sides = {True: operation.bodies, False: operation.returns}
    return {
        side: tuple(name for value in values[-1:] for name in names_in(value.type)) for side, values in sides.items()
    }


def families_of(spec_dir: Path) -> list[str]:
    """The families of the catalogue."""
    return sorted(path.name for path in (spec_dir / "resources").glob("*") if path.is_dir())
