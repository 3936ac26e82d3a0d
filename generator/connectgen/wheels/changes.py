"""What changed in a distribution since it was released last, and whether that breaks the code of those who use it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.model import Catalogue
from connectgen.diff.change import Change
from connectgen.diff.compare import compare
from connectgen.diff.report import describe_change
from connectgen.diff.sides import Side, SideError, SideLoadError, load_side
from connectgen.iterators import names_of_iterators, waits_of
from connectgen.resolver import surface_at
from connectgen.surface import Surface
from connectgen.undocumented import undocumented
from connectgen.wheels import git
from connectgen.wheels.client_interface import interface_additions, interface_breaks, interface_of
from connectgen.wheels.distributions import CORE, UMBRELLA
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.former import FormerClients
from connectgen.wheels.record import Entry
from connectgen.wheels.versions import Planned

_SOURCES_OF_GENERATOR = ("generator/connectgen", "spec", "templates", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in one distribution.

    Attributes:
        reason: why it is released, in a few words.
        entries: what changed, an entry each in a few words; of a client by the rules of `connectgen diff`.
        breaking: those of them that break the code of those who use it.
        remedy: what to do about those; empty where there are none.
        found: of a client, what `connectgen diff` finds.
        gone: of a client, what broke in Python though templates or generator alone changed.
        new: of a client, what templates or generator alone added in Python.
    """

    reason: str
    entries: tuple[str, ...] = ()
    breaking: tuple[str, ...] = ()
    remedy: str = ""
    found: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


class Comparison:
    """Compares distributions with what was released last; a catalogue of an earlier commit is loaded once.

    Args:
        root: the repository.
        plan: its distributions.
        cache: where work is remembered.
    """

    def __init__(self, root: Path, plan: Sequence[Planned], cache: Path) -> None:
        self._root = root
        self._plan = plan
        self._cache = cache
        self._former = FormerClients(root, cache)
        self._now: Catalogue | None = None
        self._then: dict[str, Catalogue] = {}

    def changes(self) -> dict[str, Changes]:
        """What changed in each distribution since it was released last, by name.

        Raises:
            ReleaseError: what was released cannot be determined: its commit is not in this clone.
            CatalogueError: the catalogue has faults.
        """
        return {planned.name: self._changes_of(planned) for planned in self._plan}

    def _changes_of(self, planned: Planned) -> Changes:
        released = planned.released
        if planned.repeats:
            return self._of_repeated(planned, planned.repeats)
        if released is None:
            return Changes("first release")
        if not planned.changed:
            return Changes("unchanged")
        if planned.distribution.version:
            if planned.content == released.content:
                return Changes(f"it needs {CORE} {released.core}, which was withdrawn")
            return self._of_client(planned, planned.distribution.version, released)
        if planned.name == CORE:
            return self._of_core(planned, released)
        sources = ["umbrella"] if planned.name == UMBRELLA else _SOURCES_OF_GENERATOR
        files = git.changed_since(released.commit, self._root, sources)
        return Changes(_counted(files) or "its version was raised", tuple(files))

    def _of_repeated(self, planned: Planned, yanked: str) -> Changes:
        remedy = f"correct what {yanked} was withdrawn for; a reason lets it be released again as it is"
        return Changes(f"nothing changed since {yanked}, which was withdrawn", (), (f"is as in {yanked}",), remedy)

    def _of_client(self, planned: Planned, version: int, released: Entry) -> Changes:
        if self._now is None:
            self._now = load_catalogue(self._root / "spec", self._cache)
        then = self._catalogue_at(released.commit, version)
        found = compare(surface_at(then, version), surface_at(self._now, version))
        breaking = [
            _format_change(change)
            for change in found
            if change.rule.source == "breaking" and not change.is_undocumented
        ]
        remedy = f"connectgen diff {version}.0@{released.commit[:12]} {version}.0 shows all" if breaking else ""
        hidden = undocumented_names(surface_at(then, version))
        in_python, new = self._changes_in_python(planned, version, released)
        gone = tuple(line for line in in_python if _name_in(line) not in hidden)
        if gone:
            remedy = remedy or "templates or generator changed what its users write"
            breaking += gone
        if found:
            entries = dict.fromkeys([*map(_format_change, found), *breaking])
            reason = f"catalogue: {_counted_changes(found)}"
            return Changes(reason, tuple(entries), tuple(breaking), remedy, tuple(found), gone=gone)
        if gone:
            return Changes("its Python interface changed", gone, tuple(breaking), remedy, gone=gone, new=new)
        files = git.changed_since(released.commit, self._root, ["spec", "templates", "generator/connectgen"])
        outside = [path for path in files if not path.startswith("spec/")]
        words = "words in the catalogue" if len(outside) < len(files) else ""
        code = "templates or generator" if outside else ""
        return Changes(", ".join(filter(None, [words, code])) or "metadata", tuple(files), new=new)

    def _changes_in_python(
        self, planned: Planned, version: int, released: Entry
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is gone and what is new, unseen by the comparison of catalogues: templates or generator changed."""
        if not git.changed_since(released.commit, self._root, ["templates/python", "generator/connectgen"]):
            return (), ()
        others = [
            one.distribution.version
            for one in self._plan
            if one.changed and one.distribution.version and one.released and one.released.commit == released.commit
        ]
        try:
            before = interface_of(self._former.modules(released.commit, version, others))
        except ReleaseError as error:
            return (f"what changed in Python cannot be determined: {error}",), ()
        after = interface_of(planned.distribution.folder / planned.distribution.package)
        return tuple(interface_breaks(before, after)), tuple(interface_additions(before, after))

    def _catalogue_at(self, commit: str, version: int) -> Catalogue:
        if commit not in self._then:
            try:
                self._then[commit] = load_side(Side(version, commit), self._root / "spec", self._cache)
            except SideError:
                raise ReleaseError(git.not_at_hand(commit)) from None
            except SideLoadError as error:
                raise ReleaseError(str(error)) from None
        return self._then[commit]

    def _of_core(self, planned: Planned, released: Entry) -> Changes:
        from connectgen.wheels.interface import breaks_and_news

        with tempfile.TemporaryDirectory(prefix="connectgen-") as folder:
            git.extract(released.commit, self._root, "core/sf_connect", Path(folder))
            sides = Path(folder) / "core", self._root / "core"
            gone, added = breaks_and_news("sf_connect.core", *sides)
        new = [f"{path}: is new" for path in added]
        least, asking = _least_version(Version(released.version), gone, new)
        reason = "its public interface changed" if gone or new else "its code, words or metadata changed"
        if Version(planned.version) >= least:
            return Changes(reason, (*gone, *new))
        remedy = f"core/pyproject.toml: raise version to {least}, as semantic versioning asks"
        return Changes(reason, (*gone, *new), tuple(asking), remedy)


def _least_version(released: Version, gone: list[str], new: list[str]) -> tuple[Version, list[str]]:
    """The least version that semantic versioning allows, and what asks for it; below 1.0 a minor version may break."""
    major, minor = released.major, released.minor
    if gone:
        return Version(f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"), gone
    if new and major:
        return Version(f"{major}.{minor + 1}.0"), new
    return released, []


def undocumented_names(surface: Surface) -> frozenset[str]:
    """What of a client's Python interface is undocumented, which may change: methods and models as users write them."""
    hidden = undocumented(surface)
    iterators = names_of_iterators([surface])
    names = {*hidden.operations, *(f"models.{name}" for name in hidden.types)}
    for group in surface.groups:
        own = iterators[group.family, group.name]
        for operation in group.operations:
            if f"{group.family}.{group.name}.{operation.name}" in hidden.operations:
                twins = [*waits_of(operation), *([own[operation.name]] if operation.name in own else [])]
                names |= {f"{group.family}.{group.name}.{twin}" for twin in twins}
    return frozenset(names)


def _name_in(line: str) -> str:
    """The name at the beginning of a line about the Python interface."""
    return line.partition(":")[0].partition("(")[0].removeprefix("await ")


def _format_change(change: Change) -> str:
    return f"{change.rule.id} {change.subject}: {describe_change(change)}"


def _counted_changes(changes: list[Change]) -> str:
    rules: dict[str, int] = {}
    for change in changes:
        rules[change.rule.id] = rules.get(change.rule.id, 0) + 1
    shown = [f"{count} × {rule}" for rule, count in sorted(rules.items(), key=lambda item: (-item[1], item[0]))]
    return ", ".join(shown[:4]) + (f" and {len(shown) - 4} other types of change" if len(shown) > 4 else "")


def _counted(files: list[str]) -> str:
    return f"{len(files)} file{'s' if len(files) != 1 else ''} changed" if files else ""


def refusals(changes: Mapping[str, Changes]) -> list[str]:
    """What speaks against a release, a few lines each distribution; none where nothing does."""
    lines: list[str] = []
    for name, found in changes.items():
        if found.remedy:
            lines += [f"{name}: {entry}" for entry in found.breaking[:10]]
            if len(found.breaking) > 10:
                lines.append(f"{name}: … and {len(found.breaking) - 10} more")
            lines.append(f"{name}: {found.remedy}")
    return lines
