"""What is to be changed in a file: each edit names what it replaces, so that it is made there or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class At:
    """Where a name ends in a file: its line, and the column after it in bytes."""

    line: int
    end: int


@dataclass(frozen=True, slots=True)
class Rename:
    """A name, an attribute, a keyword of a class pattern, or the text in a `getattr`, gets another name."""

    at: At
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RenameKeyword:
    """A keyword of the call whose function ends at a place gets another name."""

    at: At
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Reroute:
    """A method becomes another one, perhaps of another group: `feeds.items.delete` → `feeds.elements.delete`.

    Attributes:
        at: where the method's name ends.
        old: family, group and method as the code has them.
        new: the same as the code is to have them.
        keywords: keywords of the call that get another name.
        unused: whether the result must be unused for the two to be the same.
        accepts: the names that a call may pass; None where any it passed before may stay.
        positions: how many arguments may be passed by position.
    """

    at: At
    old: tuple[str, str, str]
    new: tuple[str, str, str]
    keywords: tuple[tuple[str, str], ...]
    unused: bool
    accepts: frozenset[str] | None
    positions: int


@dataclass(frozen=True, slots=True)
class ByKeyword:
    """Arguments of a call that were passed by position are passed by keyword, from the first that must be on.

    Attributes:
        at: where the function's name ends.
        names: what the positions are called, in their order.
        first: the first position that becomes a keyword.
    """

    at: At
    names: tuple[str, ...]
    first: int


Edit = Rename | RenameKeyword | Reroute | ByKeyword


@dataclass(frozen=True, slots=True)
class Note:
    """A comment above a statement, and why: `rule` and `subject` name the change.

    Attributes:
        line: the line that it is about, or the first one of the statement.
        rule: the rule.
        subject: what changed.
        sentence: what a person is to do.
        is_imported: whether the place names something that an import of the file brings: the comment is at the import.
    """

    line: int
    rule: str
    subject: str
    sentence: str
    is_imported: bool = False

    @property
    def text(self) -> str:
        """The comment."""
        return f"# connectgen {self.rule}: {self.sentence}"


@dataclass(slots=True)
class Step:
    """One edit, and the comment that takes its place where it cannot be made."""

    edit: Edit
    otherwise: Note


@dataclass(slots=True)
class FilePlan:
    """Everything that is to be done in one file.

    Attributes:
        steps: edits.
        notes: comments.
    """

    steps: list[Step] = field(default_factory=list[Step])
    notes: list[Note] = field(default_factory=list[Note])
