"""Which version each distribution gets: the released one while its content is the same, else the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from connectgen.wheels.distributions import CORE, Distribution, core_of, hashes_of
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.projects import core_range, declared_series, declared_version, series_of
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
        repeats: the yanked version whose content it has, None where it has another.
    """

    distribution: Distribution
    content: str
    whole: str
    version: str
    core: str | None
    released: Entry | None
    changed: bool
    repeats: str | None = None

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
    _refuse_other_series(core, plan)
    for item in plan:
        accepted = core_range(item.distribution) if item.distribution.version else None
        if accepted is not None and not accepted.contains(core.version):
            raise ReleaseError(
                f"{item.name} accepts {CORE}{accepted}, and {CORE} is {core.version}: "
                "write a range with it in templates/python/core.jinja, and run make generate"
            )
    return plan


def _refuse_other_series(core: Planned, plan: Iterable[Planned]) -> None:
    """Core and clients name its series in their code: what they say at import must be true."""
    series = series_of(Version(core.version))
    module = core.distribution.folder / "sf_connect" / "core" / "series.py"
    if declared_series(module, "SERIES = ") != series:
        raise ReleaseError(f'{module}: {CORE} is {core.version}, so write SERIES = "{series}"')
    for item in plan:
        package = item.distribution.folder / item.distribution.package / "__init__.py"
        if item.distribution.version and declared_series(package, r'check_series\("[a-z0-9-]+", ') != series:
            raise ReleaseError(
                f"{item.name}: {CORE} is {core.version}: "
                f"write its series, {series}, and its range in templates/python/core.jinja, and run make generate"
            )


def _planned(item: Distribution, record: Record, links: Mapping[str, str], core: str | None) -> Planned:
    hashes = hashes_of(item, links)
    content, whole = hashes.content, hashes.whole
    released, highest = record.released.get(item.name), record.highest(item.name)
    repeats = next((version for version, one in record.yanked_of(item.name).items() if one.content == content), None)
    same = released if released and released.content == content else None
    if item.version:
        if core is None or core_range(item) is None:
            raise ReleaseError(f"{item.folder / 'pyproject.toml'}: does not require {CORE}; run make generate")
        if same and Version(same.core or core) <= Version(core):
            return Planned(item, content, whole, same.version, same.core or core, same, changed=False)
        following = _next_client(item.version, highest)
        return Planned(item, content, whole, following, core, released, changed=True, repeats=repeats)
    declared = declared_version(item)
    if same and declared <= Version(same.version):
        return Planned(item, content, whole, same.version, None, same, changed=False)
    following = str(_next(declared, highest))
    return Planned(item, content, whole, following, None, released, changed=True, repeats=repeats)


def _next_client(version: int, highest: Version | None) -> str:
    """`67.0.N`: the first is 67.0.0; a number that was yanked is used up."""
    return f"{version}.0.{highest.micro + 1 if highest else 0}"


def _next(declared: Version, highest: Version | None) -> Version:
    """What a person wrote where that is newer, else the next patch."""
    if highest is None:
        return declared
    return max(declared, Version(f"{highest.major}.{highest.minor}.{highest.micro + 1}"))
