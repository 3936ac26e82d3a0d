"""What is done in each file: edits where they are certain, comments where a person is needed, a list of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connectgen.diff.change import Change
from connectgen.diff.usage.client_names import ClientNames
from connectgen.diff.usage.lines import Statements
from connectgen.diff.usage.looking import Concern
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.things import Spot
from connectgen.upgrade.advice import advice, sentence
from connectgen.upgrade.edits import At, ByKeyword, Edit, FilePlan, Note, Rename, RenameKeyword, Reroute, Step
from connectgen.upgrade.replacing import Replacer

_IN_CHAINS = ("group-removed", "family-removed")
_READ = re.compile(rb"""(?:get|has)attr\([ ]*([\w.]+)[ ]*,[ ]*["'](\w+)["'][^()]*\)$|([\w.]+)$""")
"""What is read, at the end of a text: `item.likes`, or `getattr(item, "likes", None)`."""


@dataclass(frozen=True, slots=True, order=True)
class Listed:
    """A place that a change only may concern."""

    file: str
    line: int
    rule: str
    subject: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.subject} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Possible:
    """What would be done at a use that is not certain.

    Attributes:
        name: the name that an error at this place must mention.
        step: an edit, or None where there is only a comment.
        note: the comment.
        listed: how it is listed meanwhile.
    """

    name: str
    step: Step | None
    note: Note
    listed: Listed


@dataclass(slots=True)
class Plan:
    """What is to be done.

    Attributes:
        files: what in each file.
        conditional: comments that are made where a type checker reports an error only.
        possible: what would be done where a use is not certain, if a type checker reports an error there.
        listed: places that are not touched.
    """

    files: dict[str, FilePlan] = field(default_factory=dict[str, FilePlan])
    conditional: dict[str, list[Note]] = field(default_factory=dict[str, list[Note]])
    possible: dict[str, list[Possible]] = field(default_factory=dict[str, list["Possible"]])
    listed: set[Listed] = field(default_factory=set[Listed])

    def of(self, file: str) -> FilePlan:
        """The plan of a file."""
        return self.files.setdefault(file, FilePlan())


@dataclass(frozen=True, slots=True)
class Versions:
    """The two versions, as comments name them."""

    old: str
    new: str


class Planner:
    """Makes a plan of what changes concern.

    Args:
        replacer: finds edits.
        names: what the old client calls things.
        versions: the two versions.
        texts: the lines of each file.
        statements: where its statements are.
        uses: every use of the client.
    """

    def __init__(
        self,
        replacer: Replacer,
        names: ClientNames,
        versions: Versions,
        texts: Mapping[str, Sequence[str]],
        statements: Mapping[str, Statements],
        uses: Iterable[Use],
    ) -> None:
        self._replacer = replacer
        self._names = names
        self._versions = versions
        self._texts = texts
        self._statements = statements
        self._owners: dict[Spot, set[str]] = {}
        for use in uses:
            if use.action in ("read", "write", "pass") and use.detail:
                self._owners.setdefault(use.spot, set()).add(f"{use.name}.{use.detail}")
        self.plan = Plan()

    def add(self, concerned: Iterable[tuple[Change, Sequence[Concern]]]) -> Plan:
        """Plan everything that changes concern."""
        found = [(change, one) for change, several in concerned for one in several]
        self._renamed = {
            (one.use.spot, f"{one.use.name}.{one.use.detail}")
            for change, one in found
            if one.use.name and change.rule.id.endswith("property-removed")
        }
        certain = {(one.use.spot, change.rule.id, change.subject) for change, one in found if one.is_certain}
        spoken = {self._expression(change, one.use) for change, one in found if one.is_certain}
        for change, one in found:
            if one.is_certain or (one.use.name and self._expression(change, one.use) in spoken):
                self._certain(change, one.use)
            elif (one.use.spot, change.rule.id, change.subject) not in certain:
                self._list(change, one.use)
                self._possible(change, one.use)
        self._settle()
        return self.plan

    def _expression(self, change: Change, use: Use) -> tuple[str, tuple[int, int] | None, bytes, str]:
        """What is read, as the code has it, and in which function: a checker that has narrowed it reports it once."""
        before = self._texts[use.spot.file][use.spot.line - 1].encode()[: use.spot.end]
        found = _READ.search(before)
        text = b".".join(one for one in found.groups() if one) if found else str(use.spot).encode()
        return (use.spot.file, self._statements[use.spot.file].top(use.spot.line), text, change.id)

    def _list(self, change: Change, use: Use) -> None:
        if change.rule.source in ("breaking", "warning") or change.rule.behaviour in ("breaking", "warning"):
            self.plan.listed.add(Listed(use.spot.file, use.line, change.rule.id, change.subject))

    def _possible(self, change: Change, use: Use) -> None:
        text = sentence(change, self._versions.old, self._versions.new)
        if text is None or not use.name:
            return
        note = self._note(change, use, text)
        edit = self._fitting(self._replacer.edits(change, use), use)
        step = Step(edit, note) if edit is not None else None
        listed = Listed(use.spot.file, use.line, change.rule.id, change.subject)
        name = use.detail or use.name.rpartition(".")[2]
        self.plan.possible.setdefault(use.spot.file, []).append(Possible(name, step, note, listed))

    def _note(self, change: Change, use: Use, text: str) -> Note:
        before = self._texts[use.spot.file][use.spot.line - 1].encode()[: use.spot.end]
        is_bare = change.rule.id == "type-removed" and not before.removesuffix(change.subject.encode()).endswith(b".")
        return Note(use.spot.line, change.rule.id, change.subject, text, is_imported=is_bare)

    def _certain(self, change: Change, use: Use) -> None:
        text = sentence(change, self._versions.old, self._versions.new)
        if text is None:
            self._list(change, use)
            return
        note = self._note(change, use, text)
        edit = self._fitting(self._replacer.edits(change, use), use)
        if edit is not None and self._is_whole(use):
            self.plan.of(use.spot.file).steps.append(Step(edit, note))
        elif advice()[change.rule.id].if_reported and not use.is_hidden:
            self.plan.conditional.setdefault(use.spot.file, []).append(note)
        else:
            self.plan.of(use.spot.file).notes.append(note)

    def _is_whole(self, use: Use) -> bool:
        """Whether every type that a property may be read of here lost it."""
        if use.action not in ("read", "write") or not use.name:
            return True
        here = self._owners.get(use.spot, set())
        others = {one for one in here if not one.startswith(".") and one.endswith(f".{use.detail}")}
        return all((use.spot, one) in self._renamed for one in others)

    def _fitting(self, edits: Iterable[Edit], use: Use) -> Edit | None:
        """The edit whose old name the code has at its place."""
        line = self._texts[use.spot.file][use.spot.line - 1].encode()
        for edit in edits:
            match edit:
                case Reroute(_, old):
                    fits = line[: edit.at.end].endswith(old[-1].encode())
                case Rename() | RenameKeyword() | ByKeyword():
                    fits = True
            if fits:
                return edit
        return None

    def _settle(self) -> None:
        """Leave each place one edit; where two disagree, there is none."""
        for plan in self.plan.files.values():
            by_place: dict[tuple[At, type], list[Step]] = {}
            for step in plan.steps:
                by_place.setdefault((step.edit.at, type(step.edit)), []).append(step)
            plan.steps = []
            for several in by_place.values():
                if len({repr(step.edit) for step in several}) == 1 or all(_is_keyword(step.edit) for step in several):
                    plan.steps += {repr(step.edit): step for step in several}.values()
                else:
                    plan.notes += [step.otherwise for step in several]


def _is_keyword(edit: Edit) -> bool:
    return isinstance(edit, RenameKeyword)


def in_chain(note: Note) -> bool:
    """Whether a comment is about a family or a group, which a call of one of its operations names on its way."""
    return note.rule in _IN_CHAINS
