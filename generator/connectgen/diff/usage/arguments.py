"""What calls pass: by position, by keyword, unpacked, or perhaps."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace

from connectgen.diff.usage.expressions import Expressions
from connectgen.diff.usage.members import bases_of
from connectgen.diff.usage.things import (
    NOTHING,
    UNKNOWN,
    AppObject,
    Returning,
    Row,
    Table,
    Text,
    Value,
    is_ours,
    items_of,
    join,
)


@dataclass(frozen=True, slots=True)
class Passed:
    """What a call passes."""

    positional: tuple[Value, ...]
    keywords: tuple[tuple[str, Value, int], ...]
    """Each with the line that is reported."""
    is_open: bool
    """Whether anything may be passed besides."""
    nodes: tuple[ast.expr, ...] = ()
    maybe: frozenset[str] = frozenset()
    """Keywords that may be passed, or not."""
    literal: frozenset[str] = frozenset()
    """Keywords whose value is a literal."""
    is_partial: bool = False
    """Whether the rest is passed elsewhere."""
    is_rest: bool = False
    """Whether it is the rest of what was passed elsewhere."""

    def without(self, count: int) -> Passed:
        """The same without the first arguments."""
        return replace(self, positional=self.positional[count:], nodes=self.nodes[count:])

    @property
    def names(self) -> frozenset[str]:
        """The keywords that are passed in any case."""
        return frozenset(name for name, _, _ in self.keywords) - self.maybe

    def everything(self) -> Iterable[Value]:
        """All values."""
        yield from self.positional
        yield from (value for _, value, _ in self.keywords)


class Arguments(Expressions):
    """Reads what is passed."""

    def _passed(self, node: ast.Call) -> Passed:
        positional: list[Value] = []
        is_open, maybe, literal = False, set[str](), set[str]()
        first = [self.value(one) for one in node.args if not _is_late(one)]
        for one in node.args:
            if isinstance(one, ast.Starred):
                value = self.value(one.value)
                positional += next((thing.items for thing in value if isinstance(thing, Row)), (items_of(value),))
            elif isinstance(one, ast.Lambda):
                positional.append(self.lambda_value(one, _given_to_lambda(first)))
            elif isinstance(one, ast.Call) and is_getter(one):
                positional.append(self.attribute_getter(one, next(iter(_given_to_lambda(first)), None)))
            else:
                positional.append(first[sum(not _is_late(x) for x in node.args[: node.args.index(one)])])
        keywords: list[tuple[str, Value, int]] = []
        for keyword in node.keywords:
            line = keyword.lineno
            if keyword.arg is not None:
                given = keyword.value
                if isinstance(given, ast.Lambda):
                    value = self.lambda_value(given, _given_to_lambda(first))
                elif isinstance(given, ast.Call) and is_getter(given):
                    value = self.attribute_getter(given, next(iter(_given_to_lambda(first)), None))
                else:
                    value = self.value(given)
                if isinstance(given, ast.Constant):
                    literal.add(keyword.arg)
                keywords.append((keyword.arg, value, line))
                continue
            known, unsure = self._unpacked(self.value(keyword.value), line)
            is_open = is_open or known is None
            keywords += known or []
            maybe |= unsure
        return Passed(
            tuple(positional), tuple(keywords), is_open, tuple(node.args), frozenset(maybe), frozenset(literal)
        )

    def attribute_getter(self, node: ast.Call, given: Value | None) -> Value:
        """`attrgetter("text")`: a function that reads what it is called with; None where that is not known."""
        base = UNKNOWN if given is None else given
        found = NOTHING
        for one in node.args:
            names = [thing.text for thing in self.value(one) if isinstance(thing, Text)]
            if not names and is_ours(base):
                self.unclear(node, "attrgetter with a name that is not literal")
            for text in names:
                reached = base
                for part in text.split("."):
                    reached = self.attribute(reached, part, node)
                found |= reached
        return frozenset([Returning(found)])

    def _unpacked(self, value: Value, line: int) -> tuple[list[tuple[str, Value, int]] | None, set[str]]:
        """What `**value` passes (None where that is not known), and which of it may be missing."""
        for thing in value:
            match thing:
                case Table(_, keys) if keys is not None:
                    return [(key, held, line) for key, held in keys], set()
                case AppObject(info) if info.is_typed_dict:
                    names = [key for one in bases_of(info) for key in one.annotated]
                    return [(name, NOTHING, line) for name in names], set(names)
                case _:
                    pass
        return None, set()


def _given_to_lambda(first: list[Value]) -> list[Value]:
    """What a function that is passed beside other things gets: an item of them; who knows what where there are none."""
    items = join(items_of(value) for value in first)
    return [] if not items and (not first or any(is_ours(value) for value in first)) else [items]


def _is_late(node: ast.expr) -> bool:
    """Whether it is read after the others: what it gets is what they are, or it stands for several."""
    return isinstance(node, ast.Lambda | ast.Starred) or is_getter(node)


def is_getter(node: ast.expr) -> bool:
    """Whether it is a call of `operator.attrgetter`."""
    return isinstance(node, ast.Call) and ends_with(node.func, "attrgetter") and bool(node.args)


def ends_with(node: ast.expr, name: str) -> bool:
    """Whether a name, or the last one of a chain, is this one."""
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) == name
