"""Decides in which file a type is: that of the group whose operations reach it, or a shared one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import count, takewhile
from typing import Any, cast

from connectgen.catalogue.types import names_in, parse_type
from connectgen.graph import reachable
from connectgen.importer import explanations
from connectgen.importer.emit import LINE_LENGTH, is_list, is_mapping
from connectgen.importer.place import PlaceOf
from connectgen.importer.wanted import Wanted
from connectgen.importer.yaml_files import Plain

MAX_LINES = 1_450
"""A file of types is split before it grows longer."""

_UNREFERENCED_FILE = "platform/unreferenced"


def mark_unreferenced(wanted: Wanted) -> None:
    """Write `unreferenced` at types that no operation reaches, nor another type like it."""
    from_operations = _closure(wanted, _roots(wanted))
    lonely = [name for name in sorted(wanted.types) if name not in from_operations]
    referenced = {inner for name in lonely for inner in references_of(wanted.types[name]) if inner != name}
    marked = [name for name in lonely if name not in referenced]
    # What is left are circles: the first of each circle is marked too.
    reached = _closure(wanted, marked)
    for name in lonely:
        if name not in reached and name not in marked:
            marked.append(name)
            reached |= _closure(wanted, [name])
    for name in marked:
        wanted.types[name]["unreferenced"] = explanations.unreferenced()


def types_of_parameters(wanted: Wanted) -> set[str]:
    """The types to which parameters and form fields alone lead: these are sent as text, so nothing needs the types."""
    bodies, texts = list[str](), list[str]()
    for entry in wanted.resources.values():
        operations = cast("dict[str, Plain]", entry["operations"]).values()
        for key in ("body", "returns"):
            bodies += [name for operation in operations for name in names_of_facts(operation.get(key, []))]
        for owner in (entry, *operations):
            facts = cast("Plain", owner.get("parameters") or {}).values()
            texts += [name for fact in facts for name in names_of_facts(fact)]
    return _closure(wanted, texts) - _closure(wanted, bodies)


def files_of_types(
    wanted: Wanted,
    known: Mapping[str, str],
    place_of: PlaceOf,
    family: str | None = None,
    lines_of: Callable[[str], int] = lambda _file: 0,
) -> dict[str, str]:
    """The file of each type that the catalogue does not have yet; none grows over `MAX_LINES` by new types.

    Args:
        wanted: all entries.
        known: the types that the catalogue has, with their files.
        place_of: gives the family and group of a path.
        family: the only family of the source, where it has one; what nothing reaches goes to its shared types.
        lines_of: gives the number of lines of a file that the catalogue has.

    Returns:
        A file, relative to the catalogue's folder, for each type that is not in `known`.
    """
    homes = _homes(wanted, place_of, f"{family}/shared" if family else _UNREFERENCED_FILE)
    by_home: dict[str, list[str]] = defaultdict(list)
    for name in sorted(wanted.types):
        if name not in known:
            by_home[homes[name]].append(name)
    files: dict[str, str] = {}
    for home, names in sorted(by_home.items()):
        firsts = _first_types(home, known) or dict.fromkeys(_files_of_others(home, lines_of), "")
        if firsts:
            parts = _Parts(home, firsts, {part: lines_of(part) for part in firsts})
            files.update({name: parts.take(name, _lines(wanted.types[name])) for name in names})
        else:
            files.update(_split(home, names, wanted))
    return files


def references_of(entry: Plain) -> Iterator[str]:
    """The names of the types that a type refers to."""
    for written in cast("Plain", entry.get("properties") or {}).values():
        yield from names_of_facts(written)
    if "extends" in entry:
        yield str(entry["extends"])
    discriminator = cast("Plain", entry.get("discriminator") or {})
    yield from cast("Plain", discriminator.get("values") or {}).values()
    if "fallback" in discriminator:
        yield str(discriminator["fallback"])


def names_of_facts(written: Any) -> Iterator[str]:
    """The names of types in a fact: short form, mapping, or list."""
    items = written if is_list(written) else [written]
    for item in items:
        yield from _names(str(item["type"] if is_mapping(item) else item))


@lru_cache(maxsize=4096)
def _names(expression: str) -> tuple[str, ...]:
    return tuple(names_in(parse_type(expression)))


def names_of_operation(operation: Plain) -> Iterator[str]:
    """The names of types that an operation refers to directly."""
    for key in ("body", "returns"):
        if key in operation:
            yield from names_of_facts(operation[key])
    for written in cast("Plain", operation.get("parameters") or {}).values():
        yield from names_of_facts(written)


def _roots(wanted: Wanted) -> list[str]:
    return [
        name
        for entry in wanted.resources.values()
        for operation in cast("Plain", entry["operations"]).values()
        for name in names_of_operation(operation)
    ]


def _closure(wanted: Wanted, names: Iterable[str]) -> set[str]:
    """What types reach, themselves included, as far as the source describes them."""
    reached = reachable(names, lambda name: references_of(wanted.types[name]) if name in wanted.types else ())
    return reached & wanted.types.keys()


def _homes(wanted: Wanted, place_of: PlaceOf, elsewhere: str) -> dict[str, str]:
    """`family/group` of each type."""
    groups: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for entry in wanted.resources.values():
        place = place_of(str(entry["path"]))
        roots = [name for operation in entry["operations"].values() for name in names_of_operation(operation)]
        for name in _closure(wanted, roots):
            groups[name].add((place.family, place.group))
    for name, entry in sorted(wanted.types.items()):
        # Types that only an unreferenced one reaches go with it.
        if "unreferenced" in entry:
            for inner in _closure(wanted, [name]):
                if not groups[inner]:
                    groups[inner] = {("", "")}
    is_single = elsewhere != _UNREFERENCED_FILE
    return {name: _home(groups[name], elsewhere, is_single=is_single) for name in wanted.types}


def _home(groups: set[tuple[str, str]], elsewhere: str, *, is_single: bool) -> str:
    """`family/group` of a type; of a source with a single family it stays in that family."""
    families = {family for family, _ in groups}
    if families in (set[str](), {""}):
        return elsewhere
    if len(families) > 1:
        return elsewhere if is_single else "platform/shared"
    family = families.pop()
    return f"{family}/{next(iter(groups))[1]}" if len(groups) == 1 else f"{family}/shared"


def _home_of_file(file: str) -> str:
    """`types/feeds/shared_2.yaml` → `feeds/shared`."""
    stem = file.removeprefix("types/").removesuffix(".yaml")
    head, _, number = stem.rpartition("_")
    return head if head and number.isdigit() else stem


def _first_types(home: str, known: Mapping[str, str]) -> dict[str, str]:
    """The files that a home has, each with its first type in the alphabet."""
    firsts: dict[str, str] = {}
    for name in sorted(known):
        if _home_of_file(known[name]) == home:
            firsts.setdefault(known[name], name)
    return firsts


def _files_of_others(home: str, lines_of: Callable[[str], int]) -> Iterator[str]:
    """The files of a home that is not of the source's family: what they have is not known."""
    return takewhile(lines_of, (_part(home, number) for number in count(1)))


class _Parts:
    """The files of a home: a new type goes beside those that come before it in the alphabet, while there is room.

    Args:
        home: `family/group`.
        firsts: the files that there are, with the first type of each.
        lines: how long they are.
    """

    def __init__(self, home: str, firsts: Mapping[str, str], lines: dict[str, int]) -> None:
        self._home = home
        self._firsts = firsts
        self._lines = lines

    def take(self, name: str, lines: int) -> str:
        """The file for a type of so many lines: where the usual one and the last one are full, a new one."""
        before = [part for part in self._firsts if self._firsts[part] <= name]
        usual = max(before, key=self._firsts.__getitem__) if before else min(self._firsts, key=self._firsts.__getitem__)
        last = max(self._lines, key=_number)
        part = next((one for one in (usual, last) if self._lines[one] + lines <= MAX_LINES), None)
        part = part or _part(self._home, _number(last) + 1)
        self._lines[part] = self._lines.get(part, 0) + lines
        return part


def _part(home: str, number: int) -> str:
    return f"types/{home}.yaml" if number == 1 else f"types/{home}_{number}.yaml"


def _number(part: str) -> int:
    """Which of its home's files one is."""
    number = part.removesuffix(".yaml").rpartition("_")[2]
    return int(number) if number.isdigit() else 1


def _lines(entry: Plain) -> int:
    """About how many lines a type takes: one a property that fits, one a key of others."""
    rows = cast("Plain", entry.get("properties") or {}).values()
    long = sum(len(row) for row in rows if is_mapping(row) and len(str(row)) > LINE_LENGTH)
    return len(entry) + len(rows) + 1 + long


def _split(home: str, names: list[str], wanted: Wanted) -> dict[str, str]:
    """Spread types over as many files as they need, in the order of the alphabet, each about as long as the others."""
    lengths = {name: _lines(wanted.types[name]) for name in names}
    total = sum(lengths.values())
    parts = -(-total // MAX_LINES)
    files: dict[str, str] = {}
    used, part = 0, 1
    for name in names:
        if (used and used + lengths[name] > MAX_LINES) or used >= -(-total // parts):
            used, part = 0, part + 1
        used += lengths[name]
        files[name] = _part(home, part)
    return files
