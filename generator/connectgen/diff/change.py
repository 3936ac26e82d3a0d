"""One entry of a comparison: a cause, what it was and is, and every operation that it reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from connectgen.catalogue.model import Location
from connectgen.diff.rules import Rule, Verdict


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """An operation that a change reaches, and whether by what it takes or by what it gives."""

    operation: str
    direction: Literal["request", "response"]


@dataclass(frozen=True, slots=True, order=True)
class UsePlace:
    """A place in code that a change concerns.

    Attributes:
        file: the file.
        line: the line.
        is_certain: whether a type checker confirms it; otherwise it is possible.
        how: what the code does there: names, calls, passes, reads, writes, constructs, tests, compares.
    """

    file: str
    line: int
    is_certain: bool
    how: str

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return self.place if self.is_certain else f"{self.place} (possible)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One cause.

    Attributes:
        rule: the kind of change.
        subject: what changed: `feeds.elements.create`, `feeds.elements.create(scope)`, `FeedItem.body`, `Kind=Value`.
        before: what it was, where a few words can say it.
        after: what it is now.
        replacement: what to use instead, where the catalogue knows.
        path: the path of the operation, where it is about one.
        families: the families of the operations that it reaches.
        reaches: those operations.
        location: where the catalogue says so.
        landed: the version in which it landed; None where both sides are the same version.
        is_backwards: whether it was compared from newer to older, so that it undoes what landed.
        severity: the rule's, unless the caller weighs it otherwise.
        uses: places in the code that the comparison was narrowed to.
        is_silent: whether that code goes on without an exception or a type error, and does something else.
        most: the worst that it can be.
        is_undocumented: whether it concerns what is undocumented, which may change in any release.
    """

    rule: Rule
    subject: str
    before: str | None = None
    after: str | None = None
    replacement: str | None = None
    path: str | None = None
    families: tuple[str, ...] = ()
    reaches: tuple[Reach, ...] = ()
    location: Location
    landed: int | None = None
    is_backwards: bool = False
    severity: Verdict
    uses: tuple[UsePlace, ...] = field(default=())
    is_silent: bool = False
    most: Verdict = "breaking"
    is_undocumented: bool = False

    @property
    def id(self) -> str:
        """What an ignore file names: the rule and the subject."""
        return f"{self.rule.id}:{self.subject}"
