"""Which version each distribution gets: the released one while its content is the same, else the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from connectgen.wheels.distributions import CORE, Distribution, core_of, hashes_of
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.projects import core_range, declared_version
from connectgen.wheels.record import Entry, Record


@dataclass(frozen=True, slots=True)
class Planned:
    """One distribution as it is now.

    Attributes:
        distribution: what it is.
        content: the hash of what is in it, words not counted.
        whole: the hash of what is in it, words included.
        version: the version that it has, or will have once it is released.
        core: for a client, the version of core that it needs at least.
        released: what the record says of it, None where it was never released.
        changed: whether this version is not the released one.
    """

    distribution: Distribution
    content: str
    whole: str
    version: str
    core: str | None
    released: Entry | None
    changed: bool

    @property
    def name(self) -> str:
        """The distribution's name."""
        return self.distribution.name


def planned_versions(
    found: Iterable[Distribution], root: Path, record: Record, links: Mapping[str, str]
) -> list[Planned]:
    """Give each distribution its version.

    Args:
        found: the distributions.
        root: the repository.
        record: what was released last.
        links: the links that the metadata gets.

    Raises:
        ReleaseError: clients do not accept the version of core, or a file is not as it must be.
    """
    core = _planned(core_of(root), record, links, None)
    plan = [core if item.name == CORE else _planned(item, record, links, core.version) for item in found]
    for item in plan:
        accepted = core_range(item.distribution) if item.distribution.version else None
        if accepted is not None and not accepted.contains(core.version):
            raise ReleaseError(
                f"{item.name} accepts {CORE}{accepted}, and {CORE} is {core.version}: "
                "write a range with it in templates/python/pyproject.toml.jinja, and run make generate"
            )
    return plan


def _planned(item: Distribution, record: Record, links: Mapping[str, str], core: str | None) -> Planned:
    hashes = hashes_of(item, links)
    content, whole = hashes.content, hashes.whole
    released = record.get(item.name)
    same = released if released and released.content == content else None
    if item.version:
        if core is None or core_range(item) is None:
            raise ReleaseError(f"{item.folder / 'pyproject.toml'}: does not require {CORE}; run make generate")
        if same:
            return Planned(item, content, whole, same.version, same.core or core, same, changed=False)
        return Planned(item, content, whole, _next_client(item.version, released), core, released, changed=True)
    declared = declared_version(item)
    if same and declared <= Version(same.version):
        return Planned(item, content, whole, same.version, None, same, changed=False)
    return Planned(item, content, whole, str(_next(declared, released)), None, released, changed=True)


def _next_client(version: int, released: Entry | None) -> str:
    """`67.0.N`: the first is 67.0.0."""
    return f"{version}.0.{Version(released.version).micro + 1 if released else 0}"


def _next(declared: Version, released: Entry | None) -> Version:
    """What a person wrote where that is newer, else the next patch."""
    if released is None:
        return declared
    last = Version(released.version)
    return max(declared, Version(f"{last.major}.{last.minor}.{last.micro + 1}"))
