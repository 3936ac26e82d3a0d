"""Looks at an application: what it uses of a client, which of it is certain, and what could not be understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from connectgen.diff.change import Change, UsePlace
from connectgen.diff.rules import VERDICTS, Verdict, worst
from connectgen.diff.usage.checkers import Checker, CheckerError
from connectgen.diff.usage.client_names import ClientNames, field_name
from connectgen.diff.usage.confirming import confirm
from connectgen.diff.usage.follow import follow
from connectgen.diff.usage.looked_at import LookedAt, count
from connectgen.diff.usage.matching import Found, Matcher, concerns_code
from connectgen.diff.usage.notes import Notes, Use
from connectgen.diff.usage.project import Project, deeply, read_project
from connectgen.diff.usage.wanted import Confirmed, is_another, is_confirmed, unseen, wanted_by
from connectgen.surface import Surface


class NoCodeError(ValueError):
    """A folder has no Python files, or none that uses a client."""


@dataclass(frozen=True, slots=True)
class Concern:
    """One use that a change concerns.

    Attributes:
        use: the use.
        is_certain: whether a type checker confirms it; otherwise it is possible.
        is_silent: whether the code goes on without an exception or a type error, and does something else.
    """

    use: Use
    is_certain: bool
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in the code of a folder.

    Attributes:
        concerned: each change that concerns it, with the uses.
        looked_at: what was looked at.
        uses: all uses of a client, concerned or not.
        place: the file and the line where a person finds a line of code; of a notebook, in its cell.
    """

    concerned: Sequence[tuple[Change, Sequence[Concern]]]
    looked_at: LookedAt
    uses: Iterable[Use]
    place: Callable[[str, int], tuple[str, int]]


def narrow(
    changes: Sequence[Change],
    folder: Path,
    sides: tuple[Surface, Surface],
    every: Sequence[Surface],
    *,
    checker: Checker | None,
    package: Callable[[], Mapping[str, str]],
    weighed: Iterable[str] = (),
) -> tuple[list[Change], LookedAt]:
    """The changes that concern the code of a folder, each with the places, and what was looked at.

    Args:
        changes: all changes.
        folder: the application's folder; nothing in it is executed.
        sides: the version that the code is written for, and the one that it is to use next.
        every: all versions of that catalogue.
        checker: separates certain uses from possible ones, or None.
        package: gives the files of the client's package of that version; asked for where there is a checker.
        weighed: rules whose severity the caller decided.

    Raises:
        NoCodeError: the folder has no Python files, or none that uses a client.
    """
    found = examine(changes, folder, sides, every, checker=checker, package=package)
    decided = frozenset(weighed)
    kept = [
        _with_uses(change, uses, found.place, is_decided=change.rule.id in decided) for change, uses in found.concerned
    ]
    return kept, found.looked_at


def examine(
    changes: Sequence[Change],
    folder: Path,
    sides: tuple[Surface, Surface],
    every: Sequence[Surface],
    *,
    checker: Checker | None,
    package: Callable[[], Mapping[str, str]],
) -> Examined:
    """The uses that changes concern in the code of a folder, each by the spot of its name; see `narrow`.

    Raises:
        NoCodeError: the folder has no Python files, or none that uses a client.
    """
    concerned = [change for change in changes if concerns_code(change)]
    names = ClientNames(sides[0], every)
    project = read_project(folder, _words(concerned, names))
    notes = deeply(lambda: follow(project, names))
    _check(folder, project, notes)
    found = _matching(concerned, names, notes, sides[1])
    confirmed: Confirmed = {}
    remark: str | None = "install the extra used-by, `pip install 'connectgen[used-by]'`, for a type checker"
    name: str | None = None
    if checker is not None:
        try:
            wanted = wanted_by(concerned, [one.use for _, several in found for one in several], names)
            confirmed = confirm(checker, project, folder, package(), names, wanted) if concerned else {}
            name, remark = checker.name, None
        except CheckerError as error:
            remark = str(error)
    if more := list(unseen(confirmed, notes.uses, names, project.modules.values())):
        for use in more:
            notes.add(use)
        found = _matching(concerned, names, notes, sides[1])
    judged = [(change, _judged(change, uses, confirmed, names, certain=name is not None)) for change, uses in found]
    unclear = tuple((":".join(map(str, project.place(*at))), why) for at, why in sorted(notes.unclear.items()))
    looked = LookedAt(project.files, len(notes.calls), unclear, tuple(sorted(set(project.unreadable))), name, remark)
    return Examined([(change, uses) for change, uses in judged if uses], looked, notes.uses, project.place)


def _judged(
    change: Change, found: Sequence[Found], confirmed: Confirmed, names: ClientNames, *, certain: bool
) -> list[Concern]:
    return [
        Concern(one.use, certain and not one.is_possible and is_confirmed(one.use, confirmed, names), one.is_silent)
        for one in found
        if not is_another(one.use, change.subject, confirmed, names)
    ]


def _matching(
    changes: Sequence[Change], names: ClientNames, notes: Notes, after: Surface
) -> list[tuple[Change, list[Found]]]:
    matcher = Matcher(names, notes, after)
    return [(change, matcher.matching(change)) for change in changes]


def _check(folder: Path, project: Project, notes: Notes) -> None:
    if not project.files:
        raise NoCodeError(f"{folder} holds no Python files; name the folder of the application's code")
    if not project.versions and not notes.calls and not project.unreadable:
        raise NoCodeError(
            f"none of the {count(project.files, 'Python file')} in {folder} uses a client (sf_connect.v…); "
            "name the folder of the application's code"
        )


def _with_uses(
    change: Change, found: Sequence[Concern], place: Callable[[str, int], tuple[str, int]], *, is_decided: bool
) -> Change:
    places: dict[tuple[str, int], UsePlace] = {}
    for one in found:
        key = (one.use.spot.file, one.use.line)
        if key not in places or (one.is_certain and not places[key].is_certain):
            places[key] = UsePlace(*place(*key), is_certain=one.is_certain, how=_HOW[one.use.action])
    is_silent = any(one.is_silent for one in found)
    severity: Verdict = worst(change.rule.source, change.rule.behaviour)
    if is_silent:
        severity = "breaking"
    severity = VERDICTS[max(VERDICTS.index(severity), VERDICTS.index(change.most))]
    return replace(
        change,
        uses=tuple(places[key] for key in sorted(places)),
        is_silent=is_silent,
        severity=change.severity if is_decided else severity,
    )


_HOW = {
    "family": "names", "group": "names", "operation": "calls", "call": "calls", "argument": "passes",
    "class": "names", "test": "tests", "construct": "constructs", "read": "reads", "write": "writes",
    "pass": "passes", "compare": "compares", "override": "names",
}  # fmt: skip


def _words(changes: Iterable[Change], names: ClientNames) -> frozenset[str]:
    """Names of which code must have one to concern a change; a method's name alone says too little."""
    words = set(names.families)
    for change in changes:
        subject = change.subject.partition("=")[0].partition(" ")[0].partition("(")[0]
        if subject[:1].islower():
            words.update(subject.split(".")[:2])
        else:
            name, _, attribute = subject.partition(".")
            words.update((name, field_name(attribute) if attribute else name))
    return frozenset(words - {""})
