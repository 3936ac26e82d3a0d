"""black, as a library: whole code, many units of code together, and how many blank lines are between two units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from connectgen.python.known_layouts import KnownLayouts
from connectgen.python.line_breaks import LINE_LENGTH
from connectgen.python.statements import STEP, Unit, divide, indent_in, join

if TYPE_CHECKING:
    from black.mode import Mode

_FIRST = "pass\n"
"""A statement before others, so that none of them becomes a docstring."""


class InvalidCodeError(Exception):
    """What is to be formatted is no Python; the message says where."""


class _Carrier(NamedTuple):
    """A statement that has a unit in it: a header has a body, and a docstring a header."""

    blocks: str
    code: str
    units: int
    place: int
    """Which of its units is the carried one."""


def format_code(code: str) -> str:
    """Code as black lays it out.

    Raises:
        InvalidCodeError: it is no Python.
    """
    import black  # a run that knows all layouts does without it
    from black.parsing import InvalidInput

    try:
        return black.format_str(code, mode=_mode())
    except InvalidInput as error:
        raise InvalidCodeError(str(error).splitlines()[0]) from None


@cache
def _mode() -> Mode:
    from black.mode import Mode, TargetVersion

    return Mode(target_versions={TargetVersion.PY311}, line_length=LINE_LENGTH)


def format_units(units: Iterable[Unit]) -> Mapping[Unit, str]:
    """The lines of units as black lays them out, without those that it cannot format alone.

    A call of black takes as long as several statements. Therefore those are formatted together that can follow one
    another with the same number of blank lines before each.
    """
    together: dict[tuple[object, ...], dict[Unit, _Carrier]] = {}
    for unit in units:
        carrier = _carrier(unit)
        alone = unit.code if _is_of_module(unit) else None  # a module begins with one docstring
        is_import = unit.syntax.startswith("Import")  # behind which other statements have a blank line
        group = (carrier.blocks, carrier.units, carrier.place, _blank_lines_before(unit), is_import, alone)
        together.setdefault(group, {})[unit] = carrier
    texts: dict[Unit, str] = {}
    for carriers in together.values():
        texts.update(_format_together(carriers))
    return texts


class BlankLines:
    """How many blank lines black leaves between two units: that depends on what they are, not on their texts.

    Args:
        layouts: what black said before.
    """

    def __init__(self, layouts: KnownLayouts) -> None:
        self._layouts = layouts
        self._known: dict[tuple[object, ...], int | None] = {}

    def between(self, before: Unit, unit: Unit, blank_lines: int) -> int | None:
        """Their number where there are some; None where black makes something else of the two.

        Args:
            before: a unit.
            unit: the one that follows it, in the same block, in the one that it opens, or in one around it.
            blank_lines: how many are between them.
        """
        key = (*before[:3], *unit[:3], blank_lines)
        if key not in self._known:
            said = self._layouts.said_to(key)
            if said is None:
                said = _blank_lines_between(before, unit, blank_lines)
                self._layouts.keep(key, said)
            self._known[key] = said
        return self._known[key]


def _blank_lines_between(before: Unit, unit: Unit, blank_lines: int) -> int | None:
    first = "" if before.role == "docstring" else indent_in(before.blocks) + _FIRST
    code = before.blocks + first + join([(before.code, 0), (_with_body(unit), blank_lines)])
    pieces = divide(format_code(code)) or ()
    place = before.blocks.count("\n") + bool(first) + 1
    is_kept = len(pieces) > place and pieces[place].unit[:3] == unit[:3]
    return pieces[place].blank_lines if is_kept else None


def _format_together(carriers: Mapping[Unit, _Carrier]) -> Mapping[Unit, str]:
    """Format units that can be together; nothing where black makes something else of one."""
    unit, carrier = next(iter(carriers.items()))
    opening = "" if _is_of_module(unit) else carrier.blocks + indent_in(carrier.blocks) + _FIRST
    code = opening + join((carrier.code, _blank_lines_before(unit)) for unit, carrier in carriers.items())
    try:
        formatted = [piece.unit for piece in divide(format_code(code)) or ()]
    except InvalidCodeError:
        return {}
    own = formatted[opening.count("\n") :][carrier.place :: carrier.units]
    is_kept = len(formatted) == opening.count("\n") + carrier.units * len(carriers)
    if not is_kept or any(one[:3] != other[:3] for one, other in zip(carriers, own, strict=True)):
        return {}
    return {one: other.code for one, other in zip(carriers, own, strict=True)}


def _is_of_module(unit: Unit) -> bool:
    """Whether it is a module's docstring."""
    return unit.role == "docstring" and not unit.blocks


def _carrier(unit: Unit) -> _Carrier:
    if unit.role == "header":
        return _Carrier(unit.blocks, _with_body(unit), 2, 0)
    if unit.role == "docstring" and unit.blocks:
        *outer, header = unit.blocks.splitlines(keepends=True)
        return _Carrier("".join(outer), header + unit.code, 2, 1)
    return _Carrier(unit.blocks, unit.code, 1, 0)


def _with_body(unit: Unit) -> str:
    return f"{unit.code}\n{indent_in(unit.blocks)}{STEP}pass" if unit.role == "header" else unit.code


def _blank_lines_before(unit: Unit) -> int:
    """How many blank lines black leaves before a unit's carrier where others like it are before it."""
    is_in_definition = unit.role == "docstring" and unit.blocks.rstrip().endswith(("class _:", "def _():"))
    if unit.syntax.endswith("Def") or is_in_definition:
        return 1 if _carrier(unit).blocks else 2
    return 0
