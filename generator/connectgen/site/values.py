"""Parameters and properties over all versions: one row each, with what was said of it from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectgen.catalogue.model import Catalogue, Part
from connectgen.catalogue.types import TypeExpression
from connectgen.naming import is_reserved_argument, python_name
from connectgen.python.docstrings import limits_of, size
from connectgen.site.history import Interval, Stretch, merged
from connectgen.surface import SurfaceParameter, SurfaceProperty, SurfaceValue
from connectgen.texts import sentence


@dataclass(frozen=True, slots=True)
class KnownValueRow:
    """A known value, what it means, and the versions that have it."""

    value: str
    meaning: str
    intervals: tuple[Interval, ...]
    is_new: bool
    """Whether it came later than what has it, or went earlier."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What was said of a value from one version to another."""

    since: int
    until: int
    type: TypeExpression
    required: str
    text: str
    limits: str
    place: str


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter, property, body or part over all versions.

    Attributes:
        name: as the API spells it.
        python: as Python spells it; empty where that is the same.
        intervals: the versions that have it.
        variants: what was said of it; the last one is the newest.
        values: its known values.
        enumeration: the named list that they are, empty where they have no name.
        group: the filter group, of properties of responses.
        inherited: the type that it comes from, empty where it is the owner's own.
    """

    name: str
    python: str
    intervals: tuple[Interval, ...]
    variants: tuple[Variant, ...]
    values: tuple[KnownValueRow, ...] = ()
    enumeration: str = ""
    group: str = ""
    inherited: str = ""
    is_ended: bool = False
    """Whether its owner went on without it."""

    @property
    def newest(self) -> Variant:
        """What is said of it now, or was said last."""
        return self.variants[-1]


Found = Iterable[Stretch[Sequence[SurfaceValue]]]


def rows_of(found: Found, catalogue: Catalogue, *, is_argument: bool = False) -> list[Row]:
    """Rows of values, in the order of the newest version; those that ended follow.

    Args:
        found: what values there were in each stretch of versions.
        catalogue: where the values of enumerations are.
        is_argument: whether they are arguments of a method in Python.
    """
    stretches = list(found)
    last = max((stretch.until for stretch in stretches), default=0)
    by_name: dict[str, list[Stretch[SurfaceValue]]] = {}
    for stretch in reversed(stretches):
        for value in stretch.fact:
            by_name.setdefault(value.name, []).append(Stretch(stretch.since, stretch.until, value))
    return [
        _row(name, list(reversed(facts)), catalogue, last, is_argument=is_argument) for name, facts in by_name.items()
    ]


def _row(
    name: str, facts: Sequence[Stretch[SurfaceValue]], catalogue: Catalogue, last: int, *, is_argument: bool
) -> Row:
    newest = facts[-1].fact
    spelled = python_name(name, newest.python_name)
    if is_argument and is_reserved_argument(spelled):
        spelled = f"{spelled}_"
    intervals = merged((one.since, one.until) for one in facts)
    group = newest.group if isinstance(newest, SurfaceProperty) else None
    return Row(
        name=name,
        python="" if spelled == name else spelled,
        intervals=intervals,
        variants=_variants(facts),
        values=_values(facts, intervals, catalogue),
        enumeration=newest.enumeration or "",
        group=group or "",
        is_ended=intervals[-1][1] < last,
    )


def _variants(facts: Sequence[Stretch[SurfaceValue]]) -> tuple[Variant, ...]:
    found: list[Variant] = []
    for one in facts:
        value = one.fact
        variant = Variant(
            one.since, one.until, value.type, _required(value), _text(value), ", ".join(limits_of(value, quote="`")),
            value.place if isinstance(value, SurfaceParameter) else "",
        )  # fmt: skip
        last = found[-1] if found else None
        if last is not None and _meaning(last) == _meaning(variant) and last.until == one.since - 1:
            found[-1] = Variant(last.since, one.until, last.type, last.required, last.text, last.limits, last.place)
        else:
            found.append(variant)
    return tuple(found)


def _meaning(variant: Variant) -> tuple[object, ...]:
    return (variant.type, variant.required, variant.text, variant.limits, variant.place)


def _required(value: SurfaceValue) -> str:
    """Whether it is needed, as a word or two; empty where it is optional."""
    if value.required is True:
        return "required"
    if isinstance(value, SurfaceProperty) and value.required_for:
        return f"required for {' and '.join(value.required_for)}"
    return "conditional" if value.required == "conditional" else ""


def _text(value: SurfaceValue) -> str:
    said = [sentence(value.description)] if value.description else []
    if _required(value) == "conditional":
        said.append(sentence(f"required {value.condition or 'in some cases'}"))
    said += [f"Use `{value.replaced_by}` instead."] if value.replaced_by else []
    return " ".join(said)


def _values(
    facts: Sequence[Stretch[SurfaceValue]], intervals: tuple[Interval, ...], catalogue: Catalogue
) -> tuple[KnownValueRow, ...]:
    known: dict[str, list[Interval]] = {}
    meanings: dict[str, str] = {}
    for one in facts:
        for value in one.fact.values:
            known.setdefault(value, []).append((one.since, one.until))
        meanings.update(one.fact.meanings)
    return tuple(
        KnownValueRow(value, meanings.get(value, ""), spans, spans != intervals)
        for value, found in known.items()
        for spans in [merged(found)]
    )


def part_rows(found: Iterable[Stretch[Sequence[Part]]], type_of_parts: TypeExpression) -> list[Row]:
    """Rows of the binary parts of multipart requests."""
    by_name: dict[str, list[Stretch[Part]]] = {}
    end = 0
    for stretch in found:
        end = max(end, stretch.until)
        for part in stretch.fact:
            by_name.setdefault(part.name, []).append(Stretch(stretch.since, stretch.until, part))
    rows: list[Row] = []
    for name, facts in by_name.items():
        last = facts[-1].fact
        text = sentence(last.description) if last.description else "The file's content."
        text += " The caller names the part." if last.named_by_caller else ""
        limits = f"at most {size(last.max_bytes)}" if last.max_bytes else ""
        intervals = merged((one.since, one.until) for one in facts)
        spelled = python_name(name, None)
        variant = Variant(
            intervals[0][0], intervals[-1][1], type_of_parts, "required" if last.required else "", text, limits, "part"
        )
        is_ended = intervals[-1][1] < end
        rows.append(Row(name, "" if spelled == name else spelled, intervals, (variant,), is_ended=is_ended))
    return rows
