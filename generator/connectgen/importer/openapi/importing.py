"""Brings a vendor's OpenAPI file into the catalogue: reads, asks, checks, writes, and reports what was done."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches, unified_diff
from pathlib import Path

from connectgen.catalogue.loader import check_catalogue
from connectgen.files import replace_file
from connectgen.importer.answers import answers_text, read_answers
from connectgen.importer.checking import ImportFaultError, check_result
from connectgen.importer.merger import MergeReport, plan_merge
from connectgen.importer.openapi.document import Document, read_document
from connectgen.importer.openapi.known import families_of, known_of
from connectgen.importer.openapi.reporting import figures, full_report
from connectgen.importer.openapi.translation import Translation, translate
from connectgen.importer.openapi.unread import unread_fields
from connectgen.importer.past import (
    PastChange,
    changes_of_the_past,
    check_allowed,
    name_in_catalogue,
    not_allowed,
    refusal,
)
from connectgen.importer.paths import path_shape
from connectgen.importer.questions import Answer, Decide, Kind, Question
from connectgen.importer.releases import FILE, covered_versions, with_release
from connectgen.importer.reporting import outcome
from connectgen.importer.source import Source, name_of_file
from connectgen.importer.wanted import Remark
from connectgen.importer.yaml_files import Plain, read_plain
from connectgen.locations import default_cache

_SILENT = frozenset(
    [
        "since",
        "until",
        "guide",
        "site",
        "requires",
        "group",
        "xml",
        "required",
        "schema",
        "minimum",
        "maximum",
        "default",
    ]
)
"""Keys of which a file often says nothing; what a person wrote then stays."""
_ROUNDS = 20
"""How often answers may bring up new questions."""

Ask = Callable[[Question], "Answer | None"]


class ImportRefusedError(Exception):
    """The import was refused; `lines` say what it found, and the message why it was refused and what to do."""

    def __init__(self, message: str, lines: list[str]) -> None:
        super().__init__(message)
        self.lines = lines


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What a person asked for.

    Attributes:
        file: the OpenAPI file.
        family: the family to which its operations belong.
        spec_dir: the catalogue's folder.
        release: the version that the file describes, where it is to enter the catalogue.
        complete: whether all of the family is in the file.
        new_family: whether the family may be new.
        dry_run: show only.
        show_diff: whether to show the changes of the YAML files.
        report_file: where the full report goes.
        answers_file: where answers are read from, and all questions are written to.
        accept: what is accepted in bulk: additions, ends, matches.
        allow_changes: names of what may change in older versions.
        ask: asks a person on the terminal; None where there is nobody.
    """

    file: Path
    family: str
    spec_dir: Path
    release: int | None = None
    complete: bool = False
    new_family: bool = False
    dry_run: bool = False
    show_diff: bool = False
    report_file: Path | None = None
    answers_file: Path | None = None
    accept: Collection[str] = ()
    allow_changes: Collection[str] = ()
    ask: Ask | None = None


@dataclass(slots=True)
class _Plan:
    """What an import would do."""

    translation: Translation
    report: MergeReport
    texts: dict[str, str]
    questions: list[Question]
    asked: list[Question] = field(default_factory=list[Question])


def import_openapi(request: ImportRequest) -> Iterator[str]:
    """Read a file into the catalogue; gives the lines that say what was done.

    Raises:
        SourceError: the file is at fault.
        YamlFileError: the catalogue or the answers cannot be read or written.
        ImportFaultError: what was asked for does not fit.
        UnknownNameError: nothing has a name that was to be allowed.
        ImportRefusedError: the import would change the past, leave the catalogue at fault, or waits for an answer on
            which all else depends. Nothing was written but the report and the questions.
    """
    yield from _Import(request).run()


class _Import:
    def __init__(self, request: ImportRequest) -> None:
        self._request = request
        _check_family(request)
        self._document = read_document(request.file)
        self._covered = covered_versions(request.spec_dir)
        self._newest = self._covered.until
        self._version = _version(self._document, request.release, self._newest)
        self._answers = read_answers(request.answers_file, request.accept, request.allow_changes)
        self._before, _ = check_catalogue(request.spec_dir, default_cache(), again=False)
        groups = self._before.groups if self._before else ()
        self._is_new = request.new_family and not any(group.family == request.family for group in groups)

    def run(self) -> list[str]:
        request = self._request
        plan = self._plan()
        past: list[PastChange] = []
        refused: ImportFaultError | ImportRefusedError | None = None
        try:
            self._refuse_waiting(plan)
            past = self._check(plan)
        except (ImportFaultError, ImportRefusedError) as error:
            refused = error
        only_shown = request.dry_run or refused is not None or bool(past)
        lines = [*figures(plan.translation, plan.report), *outcome(plan.report, dry_run=only_shown)]
        if request.show_diff:
            lines += self._diff(plan)
        lines += self._write_questions(plan, lines, past)
        if refused is not None or past:
            raise ImportRefusedError(str(refused) if refused else refusal(past, file=True), lines)
        if not request.dry_run:
            for name, text in plan.texts.items():
                replace_file(request.spec_dir / name, text)
        return lines

    # Planning

    def _plan(self) -> _Plan:
        """Plan with the answers at hand; where there is a person, ask and plan again until nothing is left to ask."""
        plan = self._planned()
        passed: set[tuple[Kind, str]] = set()
        for _ in range(_ROUNDS):
            open_questions = [
                one for one in plan.report.questions if (one.kind, one.name) not in passed and one.choices
            ]
            if self._request.ask is None or not open_questions:
                break
            for question in open_questions:
                passed.add((question.kind, question.name))
                answer = self._request.ask(question)
                if answer is not None:
                    self._answers.single[question.kind, question.name] = answer
            plan = self._planned()
        return plan

    def _planned(self) -> _Plan:
        request = self._request
        asked: dict[Question, None] = {}
        decide = self._noting(asked)
        paths = {path_shape(path) for path in self._document.object_at(self._document.root, "paths")}
        known = known_of(request.spec_dir, request.family, self._before, paths)
        newest = max(self._newest, self._version)
        translation = translate(
            self._document, request.family, known, newest=newest, version=self._version, decide=decide
        )
        translation.wanted.remarks += [Remark(where, text) for where, text in unread_fields(self._document)]
        source = Source(
            place_of=translation.place_of,
            family=request.family,
            silent=_SILENT,
            version=self._version,
            complete=request.complete,
            name=name_of_file(request.family, self._version),
            oldest=self._covered.since,
            files=frozenset(known.files),
        )
        report, texts = plan_merge(translation.wanted, request.spec_dir, source, decide=decide)
        report.questions = [*translation.questions, *report.questions]
        if self._version > self._newest:
            texts = {FILE: with_release(request.spec_dir, self._version), **texts}
            report.written.insert(0, FILE)
        return _Plan(translation, report, texts, report.questions, list(asked))

    def _noting(self, asked: dict[Question, None]) -> Decide:
        def decide(question: Question) -> Answer | None:
            asked[question] = None
            return self._answers.decide(question)

        return decide

    # Checks

    def _refuse_waiting(self, plan: _Plan) -> None:
        waiting = [question for question in plan.questions if question.kind == Kind.MATCH]
        if waiting:
            raise ImportRefusedError(
                f"{len(waiting)} of the questions must be answered first: which types are the same; nothing was"
                " written; answer them in the file of --answers, or take all with --accept matches",
                [],
            )

    def _check(self, plan: _Plan) -> list[PastChange]:
        """Check the catalogue as it would be; gives what would change in older versions and nobody allowed."""
        after = check_result(self._request.spec_dir, plan.texts) if plan.texts else None
        check_allowed(self._request.allow_changes, (one for one in (self._before, after) if one))
        if self._before is None or after is None:
            return []
        new_family = self._request.family if self._is_new else None
        if new_family and all(name == FILE or f"/{new_family}/" in name for name in plan.texts):
            return []  # what is new is separate from all that was
        changes = changes_of_the_past(self._before, after, self._version, {new_family} if new_family else ())
        decided = {name_in_catalogue(after, where) for where in plan.report.decided}
        allowed = [*self._answers.allowed, *(name for name in decided if name)]
        return not_allowed(changes, allowed, additions="additions" in self._answers.accepted)

    # What a person gets

    def _diff(self, plan: _Plan) -> Iterator[str]:
        for name, text in plan.texts.items():
            path = self._request.spec_dir / name
            old = path.read_text(encoding="utf-8") if path.exists() else ""
            lines = unified_diff(old.splitlines(), text.splitlines(), f"a/{name}", f"b/{name}", lineterm="")
            yield from lines

    def _write_questions(self, plan: _Plan, lines: list[str], past: list[PastChange]) -> Iterator[str]:
        """Write the report and the answers file, also where the import is refused."""
        request = self._request
        if request.report_file:
            text = "\n".join(full_report(request.file.name, request.family, lines, plan.report, past)) + "\n"
            replace_file(request.report_file, text)
            yield f"The full report is in {request.report_file}"
        if request.answers_file:
            yield from self._write_answers(request.answers_file, plan)

    def _write_answers(self, path: Path, plan: _Plan) -> Iterator[str]:
        """Write all questions to the file of answers; a dry run leaves one that exists as it is."""
        old: Plain = read_plain(path) if path.exists() else {}
        title = f"Questions of importing {self._request.file.name} as {self._request.family}, with their answers."
        questions = [*plan.questions, *(one for one in plan.asked if one not in set(plan.questions))]
        text = answers_text(title, self._answers, questions, old)
        is_new = not path.exists()
        differs = is_new or path.read_text(encoding="utf-8") != text
        is_kept = self._request.dry_run and not is_new
        if differs and not is_kept:
            replace_file(path, text)
        if plan.questions and differs and is_kept:
            yield f"{path} is left as it is; without --dry-run it gets the questions"
        elif plan.questions:
            yield f"The questions are in {path}; answer them there, and import again"


def _check_family(request: ImportRequest) -> None:
    families = families_of(request.spec_dir)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", request.family):
        raise ImportFaultError(f"{request.family!r} cannot be a family: use small letters, digits and underscores")
    if request.family not in families and not request.new_family:
        close = get_close_matches(request.family, families, 1)
        meant = f"did you mean {close[0]}? The families are" if close else "the families are"
        raise ImportFaultError(
            f"there is no family {request.family}: {meant} {', '.join(families)}; --new-family adds one"
        )


def _version(document: Document, release: int | None, newest: int) -> int:
    """The API version that a file describes."""
    info = document.object_at(document.root, "info")
    written = str(info.get("version", ""))
    found = re.fullmatch(r"v?([2-9]\d|1\d\d)(?:\.0)*", written.strip(), re.IGNORECASE)
    own = int(found[1]) if found else None
    line = info.line_of("version")
    if release is not None and own is not None and own != release:
        raise document.error(
            line, f"describes {own}.0, not {release}.0", "give the file of that release, or leave --release out"
        )
    if release is not None and release > newest + 1:
        raise ImportFaultError(f"--release {release}.0: the newest version is {newest}.0, so {newest + 1}.0 comes next")
    if release is None and own is not None and own > newest:
        raise document.error(
            line,
            f"describes {own}.0, but the newest version in the catalogue is {newest}.0",
            f"begin it with connectgen release begin {newest + 1}.0, or give --release {newest + 1}.0",
        )
    return release or own or newest
