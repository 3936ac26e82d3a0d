"""What a source wants in the catalogue, in the catalogue's own terms, before it is merged with what exists."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectgen.importer.yaml_files import Plain


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the translation into the catalogue's terms had to decide: the page, and what and why."""

    page: str
    text: str


@dataclass(slots=True)
class Wanted:
    """Entries as the format writes them, without the names of operations and the places of types.

    Attributes:
        resources: entries by path; operations lack `name`.
        types: entries by name; `unreferenced` is not yet set.
        remarks: decisions that a reader of the report should know.
        dropped: what was left out, by the reason, with the names.
    """

    resources: dict[str, Plain] = field(default_factory=dict[str, Plain])
    types: dict[str, Plain] = field(default_factory=dict[str, Plain])
    remarks: list[Remark] = field(default_factory=list[Remark])
    dropped: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def drop(self, reason: str, name: str) -> None:
        """Count something that does not enter the catalogue."""
        self.dropped.setdefault(reason, []).append(name)
