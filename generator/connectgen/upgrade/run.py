"""An upgrade from beginning to end: looked at, planned, tried with a type checker, and only then written."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path

from connectgen.diff.change import Change
from connectgen.diff.usage.checkers import CheckerError, find_checker
from connectgen.diff.usage.client_names import ClientNames
from connectgen.diff.usage.looking import NoCodeError, examine
from connectgen.diff.usage.project import files_beside, python_files
from connectgen.surface import Surface
from connectgen.upgrade.advice import python_subject
from connectgen.upgrade.checking import Error, errors_of, new_errors
from connectgen.upgrade.client_imports import ClientImports, Exports, mentions, steps_of
from connectgen.upgrade.edits import FilePlan, Note
from connectgen.upgrade.pins import Pins
from connectgen.upgrade.planning import Plan, Planner, Versions, in_chain
from connectgen.upgrade.replacing import Replacer, Side
from connectgen.upgrade.rewriting import LayoutError, rewrite
from connectgen.upgrade.signatures import Signatures
from connectgen.upgrade.sources import CodeFile, Sources, read_sources, texts_of, versions_in

_BY_HAND = "names the client; change it by hand"


class NoCheckerError(Exception):
    """There is no type checker."""


@dataclass(frozen=True, slots=True)
class Client:
    """A version of the client.

    Attributes:
        surface: what it has.
        package: its files.
    """

    surface: Surface
    package: Mapping[str, str]

    @property
    def version(self) -> int:
        """The version, 45."""
        return self.surface.version


@dataclass(frozen=True, slots=True)
class Clients:
    """What an upgrade knows of the clients.

    Attributes:
        old: the version that the code is written for.
        new: the version that it is to use.
        every: all versions.
        changes: what differs between the two.
    """

    old: Client
    new: Client
    every: Sequence[Surface]
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Commented:
    """A comment, and where it is in the file as it was."""

    place: str
    rule: str
    text: str


@dataclass(slots=True)
class Upgrade:
    """What an upgrade does.

    Attributes:
        files: how many files were looked at.
        contents: the new content of each file that changes, with the old one.
        rewritten: how many places were rewritten.
        comments: the places that a person has to work through.
        listed: places that only may be concerned.
        left_alone: what could not be read, and why.
        others: how many files use the client of another version than either, by that version.
    """

    files: int
    contents: dict[Path, tuple[str, str, str]] = field(default_factory=dict[Path, tuple[str, str, str]])
    rewritten: int = 0
    comments: list[Commented] = field(default_factory=list[Commented])
    listed: list[str] = field(default_factory=list[str])
    left_alone: list[str] = field(default_factory=list[str])
    others: dict[int, int] = field(default_factory=dict[int, int])


def upgrade(folder: Path, versions: tuple[int, int], clients: Callable[[], Clients]) -> Upgrade:
    """Find out what an upgrade of a folder does; nothing is written.

    Args:
        folder: the application's folder; nothing in it is executed.
        versions: the version that the code is written for, and the one that it is to use.
        clients: makes both clients, which takes a while: called where a file uses the older one.

    Raises:
        NoCheckerError: no type checker is installed: without one nothing is certain.
        CheckerError: it could not do its work.
    """
    if find_checker() is None:
        raise NoCheckerError
    with tempfile.TemporaryDirectory(prefix="connectgen-") as name:
        copies = Path(name).resolve()
        sources = read_sources(folder, copies, versions[0])
        others = {version: number for version, number in sources.others.items() if version != versions[1]}
        result = Upgrade(sources.number, left_alone=list(sources.left_alone), others=others)
        if any(file.versions for file in sources.files.values()):
            work = _Work(copies, sources, clients())
            work.plan()
            work.run(result)
    _pins(folder, versions, result)
    _scripts(folder, versions, sources, result)
    _stubs(folder, versions[0], result)
    return result


def _stubs(folder: Path, version: int, result: Upgrade) -> None:
    """List the lines of stubs, and of scripts without a window, that name the client: nobody rewrites them."""
    for path in files_beside(folder):
        try:
            lines = path.read_bytes().decode("utf-8", errors="replace").splitlines()
        except OSError as error:
            result.left_alone.append(f"{path}: cannot be read ({error.strerror})")
            continue
        named = [number for number, line in enumerate(lines, 1) if version in versions_in(line)]
        result.listed += [f"{path}:{number}: names the client; change it by hand [mention]" for number in named]


def _pins(folder: Path, versions: tuple[int, int], result: Upgrade) -> None:
    for found in Pins(*versions).find(folder):
        if found.after != found.before:
            result.contents[found.path] = (found.before, found.after, "utf-8")
            result.rewritten += len(_changed_lines(found.before, found.after))
        result.listed += [f"{found.path}:{line}: {why} [pin]" for line, why in found.left]


def _scripts(folder: Path, versions: tuple[int, int], sources: Sources, result: Upgrade) -> None:
    """Pins in the metadata of scripts; where the code is left alone, they are listed."""
    pins = Pins(*versions)
    read = {file.path: file.source for file in sources.files.values() if file.notebook is None}
    for path in python_files(folder):
        source = read.get(path)
        if source is None or any(line.startswith(f"{path}: ") for line in result.left_alone):
            text = _text_of(path)
            moved, left = pins.moved_script(text)
            left = (*left, *((line, _BY_HAND) for line in _changed_lines(text, moved)))
        else:
            before, text, encoding = result.contents.get(path, (source.text, source.text, source.encoding))
            moved, left = pins.moved_script(text)
            if moved != text:
                result.contents[path] = (before, moved, encoding)
                result.rewritten += len(_changed_lines(text, moved))
        result.listed += [f"{path}:{line}: {why} [pin]" for line, why in left]


def _text_of(path: Path) -> str:
    """What a file holds; nothing where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return ""


def _changed_lines(before: str, after: str) -> list[int]:
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return [number for number, (old, new) in enumerate(pairs, 1) if old != new]


class _Work:
    """The upgrade of the code.

    Args:
        copies: the folder of the copies.
        sources: what was read.
        clients: both versions, and what differs.
    """

    def __init__(self, copies: Path, sources: Sources, clients: Clients) -> None:
        self._copies = copies
        self._sources = sources
        self._clients = clients.old, clients.new
        self._every = clients.every
        self._changes = clients.changes
        self._plan = Plan()
        self._left: dict[str, str] = {}
        self._unclear: tuple[tuple[str, str], ...] = ()

    def plan(self) -> None:
        """Plan what the changes concern, and the imports."""
        old, new = self._clients
        sides = [
            Side(one.surface, ClientNames(one.surface, self._every), Signatures(one.package)) for one in self._clients
        ]
        try:
            examined = examine(
                self._changes, self._copies, (old.surface, new.surface), self._every,
                checker=find_checker(), package=lambda: old.package,
            )  # fmt: skip
        except NoCodeError:
            return
        if examined.looked_at.checker is None:
            raise CheckerError(examined.looked_at.remark or "the type checker failed")
        self._unclear = examined.looked_at.unclear
        planner = Planner(
            Replacer(sides[0], sides[1]), sides[0].names, Versions(f"{old.version}.0", f"{new.version}.0"),
            texts_of(self._sources.files), {name: file.statements for name, file in self._sources.files.items()},
            examined.uses,
        )  # fmt: skip
        self._plan = planner.add(examined.concerned)
        exports = Exports(old.package, old.version), Exports(new.package, new.version)
        for name, file in self._sources.files.items():
            if not file.versions:
                continue
            imports = ClientImports(file.tree, file.lines, old.version, new.version, exports)
            plan = self._plan.of(name)
            plan.steps += steps_of(list(dict.fromkeys(imports.edits())), f"v{old.version}", f"v{new.version}")
            plan.notes += imports.notes(frozenset(old.surface.types))
            plan.notes += [
                Note(line, "import-moved", f"sf_connect.v{old.version}", f"import this from sf_connect.v{new.version}.")
                for line in imports.unsure
            ]

    def run(self, result: Upgrade) -> None:
        """Make the edits, try them, and put the comments."""
        before = errors_of(self._codes({}), self._clients[0].package)
        while True:  # each time, what was in the shadow of an error comes to light; no edit is made or taken back twice
            tried = {name: self._edited(name) for name in self._sources.files}
            found = new_errors(before, errors_of(self._codes(tried), self._clients[1].package))
            reported = self._by_statement(found)
            made = self._make_more(reported)
            if not self._take_back(reported, made) and not made:
                break
        self._judge(reported)
        for name, file in self._sources.files.items():
            if name in self._left:
                result.left_alone.append(f"{file.path}: {self._left[name]}")
            else:
                self._finish(name, file, result)
        places = [(self._sources.place(one.file, one.line), one) for one in sorted(self._plan.listed)]
        result.listed += [f"{place}: {python_subject(one.subject)} [{one.rule}]" for place, one in places]
        for name, file in self._sources.files.items():
            plan = self._plan.files.get(name)
            edited = {step.edit.at.line for step in plan.steps} if plan else set[int]()
            lines = mentions(file.tree, self._clients[0].version)
            result.listed += [
                f"{file.place(one)}: names the version in a text [mention]" for one in lines if one not in edited
            ]
        result.listed += [self._where(place, why) for place, why in self._unclear]

    def _where(self, place: str, why: str) -> str:
        file, _, line = place.rpartition(":")
        return f"{self._sources.place(file, int(line))}: {why} [not-understood]"

    def _edited(self, name: str) -> str:
        """A file's code with its edits; those that are refused become comments."""
        file, plan = self._sources.files[name], self._plan.files.get(name)
        if plan is None or not plan.steps:
            return file.source.text
        try:
            done = rewrite(file.source.text, file.statements, [step.edit for step in plan.steps], [])
        except LayoutError as error:
            self._leave(name, str(error))
            return file.source.text
        if done.refused:
            _refuse(plan, done.refused)
            return self._edited(name)
        return done.text

    def _leave(self, name: str, why: str) -> None:
        """Leave a file alone after all."""
        for part in (self._plan.files, self._plan.conditional, self._plan.possible):
            part.pop(name, None)
        self._left[name] = why

    def _codes(self, texts: Mapping[str, str]) -> dict[Path, str]:
        return {
            file.copy.relative_to(self._copies): texts.get(name, file.source.text)
            for name, file in self._sources.files.items()
        }

    def _by_statement(self, errors: Iterable[Error]) -> dict[str, dict[int, list[Error]]]:
        """Errors by the file, and by the first line of the statement."""
        reported: dict[str, dict[int, list[Error]]] = {}
        for error in errors:
            name = str(self._copies / error.file)
            if name in self._left:
                continue
            anchor = self._sources.files[name].statements.anchor(error.line) or error.line
            reported.setdefault(name, {}).setdefault(anchor, []).append(error)
        return reported

    def _make_more(self, reported: Mapping[str, Mapping[int, Sequence[Error]]]) -> set[tuple[str, int]]:
        """Make what was only possible and an error confirms; the statements that have more edits than before."""
        more: set[tuple[str, int]] = set()
        for name, anchors in reported.items():
            statements = self._sources.files[name].statements
            for one in list(self._plan.possible.get(name, ())):
                anchor = statements.anchor(one.note.line) or one.note.line
                errors = anchors.get(anchor, ())
                if not any(re.search(rf"`{re.escape(one.name)}`", error.message) for error in errors):
                    continue
                self._plan.possible[name].remove(one)
                self._plan.listed.discard(one.listed)
                if one.step is None:
                    self._plan.of(name).notes.append(one.note)
                else:
                    self._plan.of(name).steps.append(one.step)
                    more.add((name, anchor))
        return more

    def _take_back(
        self, reported: Mapping[str, Mapping[int, Sequence[Error]]], made: AbstractSet[tuple[str, int]]
    ) -> bool:
        """Take edits back that a type checker refuses: their comments are made if it refuses what was before, too.

        Where more edits were made, these are tried first.
        """
        more = False
        for name, anchors in reported.items():
            plan, statements = self._plan.of(name), self._sources.files[name].statements
            for anchor in anchors.keys() - self._explained(name) - {line for file, line in made if file == name}:
                doubtful = {
                    number
                    for number, step in enumerate(plan.steps)
                    if statements.anchor(step.edit.at.line) == anchor and step.otherwise.rule != "import-moved"
                }
                self._plan.conditional.setdefault(name, []).extend(
                    plan.steps[one].otherwise for one in sorted(doubtful)
                )
                plan.steps = [step for number, step in enumerate(plan.steps) if number not in doubtful]
                more = more or bool(doubtful)
        return more

    def _explained(self, name: str) -> set[int]:
        """The statements that have a comment."""
        statements = self._sources.files[name].statements
        return {statements.anchor(note.line) or note.line for note in self._plan.of(name).notes}

    def _judge(self, reported: Mapping[str, Mapping[int, Sequence[Error]]]) -> None:
        """Comment what a type checker refuses: as the change says that concerns it, or as the checker does."""
        for name, notes in self._plan.conditional.items():
            statements, anchors = self._sources.files[name].statements, reported.get(name, {})
            refused = [note for note in notes if (statements.anchor(note.line) or note.line) in anchors]
            self._plan.of(name).notes.extend(refused)
        for name, anchors in reported.items():
            explained = self._explained(name)
            for anchor, errors in anchors.items():
                if anchor not in explained:
                    first = errors[0].message.strip().splitlines()[0].rstrip(". ")
                    note = Note(errors[0].line, "type-error", "", f"a type checker says: {first}; adapt this.")
                    self._plan.of(name).notes.append(note)

    def _finish(self, name: str, file: CodeFile, result: Upgrade) -> None:
        plan = self._plan.files.get(name, FilePlan())
        notes = _placed(plan, file)
        done = rewrite(file.source.text, file.statements, [step.edit for step in plan.steps], notes)
        result.comments += [Commented(file.place(note.line), note.rule, note.text) for note in notes]
        result.rewritten += len(plan.steps)
        if file.notebook is None:
            if done.text != file.source.text:
                result.contents[file.path] = (file.source.text, done.text, file.source.encoding)
            return
        pins = Pins(self._clients[0].version, self._clients[1].version)
        for cell in file.notebook.cells:
            for number, line in cell.magics.items():
                if "pip" in line and file.versions:
                    cell.magics[number] = pins.moved_line(line)
        starts = [cell.start + sum(note.line < cell.start for note in notes) for cell in file.notebook.cells]
        text = file.notebook.rewritten(done.text, starts)
        if text != file.notebook.text:
            result.contents[file.path] = (file.notebook.text, text, "utf-8")


def _refuse(plan: FilePlan, numbers: Iterable[int]) -> None:
    refused = set(numbers)
    plan.notes += [plan.steps[number].otherwise for number in sorted(refused)]
    plan.steps = [step for number, step in enumerate(plan.steps) if number not in refused]


def _placed(plan: FilePlan, file: CodeFile) -> list[Note]:
    """The comments at the first lines of their statements, each once, in their order."""
    moved = {step.otherwise.line for step in plan.steps if step.otherwise.rule.startswith("operation-")}
    found: dict[tuple[int, str], Note] = {}
    spoken = {note.line for note in plan.notes if note.rule.startswith("operation-")}
    imported = _imported(file.tree, plan.notes)
    for note in sorted(plan.notes, key=lambda one: (one.line, one.rule, one.subject)):
        if in_chain(note) and note.line in moved | spoken:
            continue
        if note.is_imported and note.subject in imported and note.line not in imported[note.subject]:
            continue
        anchor = file.statements.anchor(note.line) or note.line
        placed = replace(note, line=anchor)
        if not _is_said(file.lines, anchor, placed.text):
            found.setdefault((anchor, placed.text), placed)
    return list(found.values())


def _imported(tree: ast.Module, notes: Iterable[Note]) -> dict[str, set[int]]:
    """Types that are gone and imported by name, with the lines of the import: no more needs to be said of them."""
    gone = {note.subject for note in notes if note.rule == "type-removed"}
    found: dict[str, set[int]] = {}
    for node in ast.walk(tree) if gone else ():
        if isinstance(node, ast.ImportFrom):
            for one in node.names:
                if one.name in gone:
                    found.setdefault(one.name, set()).add(one.lineno)
    return found


def _is_said(lines: Sequence[str], anchor: int, text: str) -> bool:
    """Whether a statement has a comment already, from another run."""
    number = anchor - 2
    while number >= 0 and lines[number].lstrip().startswith("#"):
        if lines[number].strip() == text:
            return True
        number -= 1
    return False
