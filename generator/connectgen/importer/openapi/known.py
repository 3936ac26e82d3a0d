"""What the catalogue knows of a family: the names that persons gave, by which a later import finds its entries."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from connectgen.importer.addresses import address
from connectgen.importer.emit import is_mapping
from connectgen.importer.yaml_files import Plain, read_plain

_TYPE_LINE = re.compile(r"^  ([A-Z][A-Za-z0-9]*):", re.MULTILINE)


@dataclass(slots=True)
class Known:
    """Entries of a family.

    Attributes:
        type_names: the type's name by the schema it was imported from, and whether it is sent.
        taken: the names of all types of the catalogue, those of other families too.
        discriminators: the discriminator of each discriminated type, by its name.
        properties: the names of the properties of each type.
        operations: method and path of each operation.
        groups: the group of each path.
    """

    type_names: dict[tuple[str, bool], str] = field(default_factory=dict[tuple[str, bool], str])
    taken: set[str] = field(default_factory=set[str])
    discriminators: dict[str, Plain] = field(default_factory=dict[str, Plain])
    properties: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    operations: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    groups: dict[str, str] = field(default_factory=dict[str, str])

    def group_of_tag(self, tagged: dict[str, list[str]]) -> dict[str, str]:
        """The place of most paths of each tag.

        Args:
            tagged: paths by tag.
        """
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for tag, paths in tagged.items():
            counted[tag].update(self.groups[address(path)] for path in paths if address(path) in self.groups)
        return {tag: counts.most_common(1)[0][0] for tag, counts in counted.items() if counts}


def known_of(spec_dir: Path, family: str) -> Known:
    """Read what the catalogue knows of a family.

    Raises:
        YamlFileError: a file cannot be read.
    """
    known = Known()
    for path in sorted((spec_dir / "types").glob("*/*.yaml")):
        known.taken.update(_TYPE_LINE.findall(path.read_text(encoding="utf-8", errors="replace")))
    for path in sorted((spec_dir / "types" / family).glob("*.yaml")):
        for name, entry in cast("dict[str, Plain]", read_plain(path).get("types") or {}).items():
            _type(known, name, entry)
    for path in sorted((spec_dir / "resources" / family).glob("*.yaml")):
        for entry in cast("list[Plain]", read_plain(path).get("resources") or []):
            for own in _paths(entry):
                known.groups[address(own)] = path.stem
                known.operations.update((method, address(own)) for method in entry["operations"])
    return known


def _type(known: Known, name: str, entry: Plain) -> None:
    schema = entry.get("schema")
    if schema:
        known.type_names[str(schema), name.endswith("Input")] = name
    if is_mapping(entry.get("discriminator")):
        known.discriminators[name] = entry["discriminator"]
    known.properties[name] = frozenset(cast("Plain", entry.get("properties") or {}))


def _paths(entry: Plain) -> Iterator[str]:
    yield str(entry["path"])
    yield from (str(former["path"]) for former in entry.get("formerly", ()))


def families_of(spec_dir: Path) -> list[str]:
    """The families of the catalogue."""
    return sorted(path.name for path in (spec_dir / "resources").glob("*") if path.is_dir())
