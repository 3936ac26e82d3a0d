"""What code uses of a client, each use with where it is and which name a type checker can confirm it by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from connectgen.diff.usage.things import Spot

Action = Literal[
    "family", "group", "operation", "call", "argument", "class", "test", "construct", "read", "write", "pass",
    "compare", "override",
]  # fmt: skip
"""`call` and `construct` carry what is passed; `argument` and `pass` are one thing of it, of an operation and of a
model; `test` is a class in `isinstance` or `match`; `override` is a field or an operation that a derived class has its
own of."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use.

    Attributes:
        action: what the code does.
        name: the family, group, operation or type; empty where an attribute of something unknown is meant.
        detail: the argument, the attribute.
        line: of the place that is reported.
        spot: the name that a type checker can confirm; its file is the place's.
        text: the literal that is passed or compared with; None where there is none.
        passed: all names that are passed.
        maybe: names that may be passed.
        is_partial: whether the rest is passed elsewhere, as with `functools.partial`.
        is_open: whether anything may be passed besides.
        is_sure: whether the imports of the file alone show it, without a type.
        is_hidden: whether a type checker does not see it, so that it reports no error there either.
    """

    action: Action
    name: str
    detail: str
    line: int
    spot: Spot
    text: str | None = None
    passed: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    is_partial: bool = False
    is_open: bool = False
    is_sure: bool = False
    is_hidden: bool = False


@dataclass(slots=True)
class Notes:
    """All that was noted."""

    uses: dict[Use, None] = field(default_factory=dict[Use, None])
    calls: set[Spot] = field(default_factory=set[Spot])
    """Names of operations that are called, known or likely."""
    unclear: dict[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    """Where a client, or something of it, goes where it cannot be followed: the reason by file and line."""
    filtered: bool = False
    """Whether any call asks for less than everything by a filter group."""
    mentions_client: bool = False
    """Whether any file imports a client's package."""

    def add(self, use: Use) -> None:
        """Note a use, once."""
        self.uses[use] = None
