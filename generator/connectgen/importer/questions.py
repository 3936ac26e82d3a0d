"""What an import asks a person: of which kind a question is, how urgent, and how it may be answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby


class Kind(StrEnum):
    """The kinds of questions, the most urgent first: what depends on the answer is larger the further up it is."""

    MATCH = "match"
    END = "end"
    TYPE = "type"
    REQUIRED = "required"
    UNDATED = "undated"
    DATE = "date"
    VALUES = "values"
    DIFFERENCE = "difference"
    NOTE = "note"


HEADINGS = {
    Kind.MATCH: "Is it the same type?",
    Kind.END: "Has it ended?",
    Kind.TYPE: "Which type is right?",
    Kind.REQUIRED: "Is it required?",
    Kind.UNDATED: "New, but since when?",
    Kind.DATE: "Which version is right?",
    Kind.VALUES: "Values that the source no longer lists",
    Kind.DIFFERENCE: "Which side is right?",
    Kind.NOTE: "Notes of the catalogue to look at again",
}
"""A heading for each kind, as the report and the answers file show it."""

SOURCE, CATALOGUE = "source", "catalogue"
"""Answers to a difference: which side is right. Of something new, `catalogue` leaves it out."""
YES, NO = "yes", "no"
"""Answers to the question whether two types are the same."""
ALWAYS = "always"
"""An answer to the question since when something exists: as long as what it belongs to."""

CHOICES: dict[Kind, tuple[str, ...]] = {
    Kind.MATCH: (YES, NO),
    Kind.TYPE: (SOURCE, CATALOGUE, "the version with which it changed, such as 67.0"),
    Kind.UNDATED: ("a version such as 67.0", ALWAYS, CATALOGUE),
    Kind.NOTE: (CATALOGUE,),
}
"""What may be answered; `source` and `catalogue` where nothing else is named."""
_VERSION = re.compile(r"[1-9][0-9]{1,2}(\.0)?")
_DATED = frozenset([Kind.TYPE, Kind.UNDATED])
_ALSO_TAKEN: dict[Kind, tuple[str, ...]] = {Kind.UNDATED: (SOURCE,)}
"""Shorter ways to say what a choice says."""


def is_choice(kind: Kind, choice: str) -> bool:
    """Whether a text answers the questions of a kind.

    Args:
        kind: what is asked.
        choice: the text of the answer.
    """
    if kind in _DATED and _VERSION.fullmatch(choice):
        return True
    return choice in CHOICES.get(kind, (SOURCE, CATALOGUE)) or choice in _ALSO_TAKEN.get(kind, ())


def describe_choices(kind: Kind) -> str:
    """What may be answered, in words: `source or catalogue`."""
    *others, last = CHOICES.get(kind, (SOURCE, CATALOGUE))
    return f"{', '.join(others)} or {last}" if others else last


@dataclass(frozen=True, slots=True)
class Question:
    """A difference that a person has to decide.

    Attributes:
        where: the entry, for example `FeedItem body`.
        text: what differs.
        kept_by_person: whether the entry carries a person's note, so that it is never changed without asking.
        kind: what is asked.
        key: what of the entry is asked about, where several things may be.
    """

    where: str
    text: str
    kept_by_person: bool = False
    kind: Kind = Kind.DIFFERENCE
    key: str = ""

    @property
    def name(self) -> str:
        """The name of the question in an answers file, the same in every run."""
        return f"{self.where} ({self.key})" if self.key else self.where

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be answered."""
        return CHOICES.get(self.kind, (SOURCE, CATALOGUE))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered.

    Attributes:
        choice: one of the question's choices, or a version.
        because: the reason, which the catalogue keeps.
        in_bulk: whether it holds for all questions of a kind rather than for this one.
    """

    choice: str
    because: str | None = None
    in_bulk: bool = False


Decide = Callable[[Question], Answer | None]
"""Gives the answer to a question, None where there is none yet."""


def nobody(question: Question) -> Answer | None:
    """Answers nothing."""
    return None


def ranked(questions: Iterable[Question]) -> list[Question]:
    """The most urgent first; questions of a kind in the order in which they came up, each once."""
    order = list(Kind)
    return sorted(dict.fromkeys(questions), key=lambda question: order.index(question.kind))


def grouped(questions: Iterable[Question]) -> list[tuple[Kind, list[Question]]]:
    """The questions of each kind, the most urgent kind first."""
    return [(kind, list(same)) for kind, same in groupby(ranked(questions), key=lambda question: question.kind)]
