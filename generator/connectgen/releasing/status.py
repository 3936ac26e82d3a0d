"""What is still open before an API version can be published: the past, lint, names, enumerations, documents, wheels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.model import Catalogue, Group
from connectgen.counting import counted
from connectgen.diff.sides import Side, SideError, SideLoadError, load_side
from connectgen.importer.past import changes_of_the_past
from connectgen.lint.all_rules import RULES
from connectgen.lint.rules import lint
from connectgen.releasing.enumerations import may_have_grown
from connectgen.releasing.figures import figures_of, outdated
from connectgen.resolver import UnknownVersionError, surface_at
from connectgen.surface import Surface
from connectgen.wheels import git
from connectgen.wheels.changes import Comparison
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.plan import plan_of, reason_of
from connectgen.wheels.state import state_of
from connectgen.wheels.umbrella import outdated_umbrella

State = Literal["done", "open", "look"]
"""`done`: nothing to do; `open`: something must be done; `look`: only a person can decide."""
SHOWN = 10
"""How many items of a point are shown."""


@dataclass(frozen=True, slots=True)
class Point:
    """One of the things that a new version needs.

    Attributes:
        title: what it is about.
        state: whether something is to be done.
        text: what is open, or that nothing is, in a line.
        items: what is meant, one a line.
    """

    title: str
    state: State
    text: str
    items: Sequence[str] = ()

    def lines(self) -> list[str]:
        """The point as it is shown."""
        more = [f"… and {len(self.items) - SHOWN} more"] if len(self.items) > SHOWN else []
        return [
            f"{self.state:<4}  {self.title}: {self.text}",
            *(f"      {item}" for item in [*self.items[:SHOWN], *more]),
        ]


def status(root: Path, generated: Path, version: int, base: str | None, cache: Path) -> list[Point]:
    """What is open before a version can be published.

    Args:
        root: the repository.
        generated: where the clients' packages are.
        version: the API version as a whole number.
        base: the git ref that older versions are compared with; None for the commit before the version began.
        cache: where work is remembered.

    Raises:
        CatalogueError: the catalogue has faults.
        UnknownVersionError: the catalogue lacks the version, or the one before it.
    """
    catalogue = load_catalogue(root / "spec", cache)
    now = surface_at(catalogue, version)
    if version == catalogue.versions[0]:
        raise UnknownVersionError(f"{version}.0 is the first version: there is none before it to compare with")
    before = surface_at(catalogue, version - 1)
    return [
        _release(catalogue, version),
        _past(root, catalogue, version, base, cache),
        _lint(catalogue),
        _names(before, now),
        _enumerations(before, now),
        _documents(root, catalogue, version),
        _reviewed(root, version),
        _wheels(root, generated, catalogue, cache),
    ]


def _release(catalogue: Catalogue, version: int) -> Point:
    release = next(one for one in catalogue.releases if one.version == version)
    lacking = [name for name in ("docs", "first_date") if getattr(release, name) is None]
    if not lacking:
        return Point("release", "done", f"{version}.0 is {release.name}, from {release.first_date}")
    return Point(
        "release", "look", f"spec/releases.yaml: {version}.0 has no {' and no '.join(lacking)}; add what is known"
    )


def _past(root: Path, catalogue: Catalogue, version: int, base: str | None, cache: Path) -> Point:
    title = "older versions"
    try:
        ref = base or git.before_text(root, f"{{version: {version}.0,", "spec/releases.yaml")
        then = load_side(Side(version - 1, ref), root / "spec", cache)
    except (ReleaseError, SideError, SideLoadError) as error:
        return Point(title, "look", f"cannot be compared: {_last_line(error)}; name a git ref with --base")
    found = changes_of_the_past(then, catalogue, version)
    since = f"since {base or ref[:12]}"
    if not found:
        return Point(title, "done", f"unchanged {since}")
    return Point(title, "open", f"{counted(len(found), 'thing')} changed {since}", [str(change) for change in found])


def _last_line(error: Exception) -> str:
    return str(error).splitlines()[-1]


def _lint(catalogue: Catalogue) -> Point:
    found = [str(finding) for finding in lint(catalogue, RULES) if not finding.is_warning]
    return (
        Point("lint", "open", counted(len(found), "finding"), found) if found else Point("lint", "done", "no finding")
    )


def _names(before: Surface, now: Surface) -> Point:
    operations = [name for name in _operations(now) if name not in set(_operations(before))]
    types = [name for name in now.types if name not in before.types]
    if not operations and not types:
        return Point("names", "done", "none is new")
    new = f"{counted(len(operations), 'operation')} and {counted(len(types), 'type')}"
    return Point("names", "look", f"{new} are new; once published their names stay", [*operations, *types])


def _operations(surface: Surface) -> list[str]:
    return [f"{group.family}.{group.name}.{one.name}" for group in surface.groups for one in group.operations]


def _enumerations(before: Surface, now: Surface) -> Point:
    found = may_have_grown(before, now)
    if not found:
        return Point("enumerations", "done", "none that is like one with new values")
    return Point("enumerations", "look", f"{counted(len(found), 'list')} may have grown too", found)


def _documents(root: Path, catalogue: Catalogue, version: int) -> Point:
    number = f"{version}.0"
    old = [*outdated(root, figures_of(catalogue)), *outdated_umbrella(root, catalogue.releases)]
    items = [f"{path.relative_to(root)}: its figures are old; run connectgen release begin {catalogue.versions[-1]}.0"
             for path, _ in old]  # fmt: skip
    listed = _groups_in(_text(root / "docs" / "families.md"))
    items += [
        f"docs/families.md: lacks the group {group.family}.{group.name}; add it to the table of {group.family}: "
        + _row_of(group)
        for group in catalogue.groups
        if (group.family, group.name) not in listed
    ]
    if f"| {number} |" not in _text(root / "docs" / "catalogue.md"):
        items.append(f"docs/catalogue.md: has no figures of {number}; run make report")
    if number not in _text(root / "CHANGELOG.md"):
        items.append(f"CHANGELOG.md: does not name {number}")
    return (
        Point("docs", "open", counted(len(items), "finding"), items) if items else Point("docs", "done", "up to date")
    )


def _groups_in(page: str) -> set[tuple[str, str]]:
    """The groups that a page lists, each in the table below the heading of its family."""
    found: set[tuple[str, str]] = set()
    family = ""
    for line in page.splitlines():
        if line.startswith("## "):
            family = line.removeprefix("## ")
        elif line.startswith("| `"):
            found.add((family, line.split("`")[1]))
    return found


def _row_of(group: Group) -> str:
    """The row of a group in docs/families.md: its name, what it is for, the paths with which its own begin."""
    paths = sorted({re.sub(r"\{[^}]*\}", "{}", resource.path) for resource in group.resources})
    first = [path for path in paths if not any(path.startswith(f"{other}/") for other in paths)]
    return f"| `{group.name}` | {group.summary} | {' · '.join(f'`{path}`' for path in first)} |"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _reviewed(root: Path, version: int) -> Point:
    listing = root / "tests" / "whole" / "listing" / f"v{version}.txt"
    if not listing.parent.is_dir() or listing.is_file():
        return Point("tests", "done", "they keep what the version offers")
    command = "CONNECTGEN_UPDATE_LISTING=1 .venv/bin/python -m pytest tests/whole/test_listing.py"
    return Point("tests", "open", f"{listing.relative_to(root)} is missing; run {command}")


def _wheels(root: Path, generated: Path, catalogue: Catalogue, cache: Path) -> Point:
    missing = [version for version in catalogue.versions if not (generated / f"sf-connect-v{version}").is_dir()]
    if missing:  # comparing would generate them all, which takes long
        lacking = f"{counted(len(missing), 'package')} not generated, {missing[-1]}.0 among them"
        return Point("wheels", "open", f"cannot be planned: {lacking}; run make generate")
    try:
        state = state_of(root, generated, Path("dist"), cache)
        changes = Comparison(root, state.plan, cache).changes()
    except ReleaseError as error:
        lines = str(error).splitlines()
        return Point("wheels", "open", f"cannot be planned: {lines[-1]}", lines[:-1])
    steps = plan_of(state.plan, changes, {})
    if not steps:
        return Point("wheels", "done", "nothing would be published")
    items = [f"{step.planned.name} {step.planned.version}: {reason_of(step)}" for step in steps]
    refused = sum(bool(step.changes.remedy) for step in steps)
    text = f"{len(steps)} would be published" + (
        f", {refused} of them refused: connectgen release plan says why" if refused else ""
    )
    return Point("wheels", "open" if refused else "look", text, items)
