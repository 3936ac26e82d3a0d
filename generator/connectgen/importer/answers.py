"""The answers to an import's questions: a file that a person fills in and commits, and what is accepted in bulk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from connectgen.importer.emit import is_list, is_mapping, quoted
from connectgen.importer.questions import (
    CATALOGUE,
    HEADINGS,
    SOURCE,
    YES,
    Answer,
    Kind,
    Question,
    describe_choices,
    grouped,
    is_choice,
)
from connectgen.importer.yaml_files import Plain, YamlFileError, read_plain

ACCEPTABLE: Mapping[str, Mapping[Kind, str]] = {
    "additions": {Kind.UNDATED: SOURCE},
    "ends": {Kind.END: SOURCE, Kind.VALUES: SOURCE},
    "matches": {Kind.MATCH: YES},
}
"""What `--accept` takes, with the kinds of questions that it answers: additions, ends, matches."""


@dataclass(slots=True)
class Answers:
    """What was answered.

    Attributes:
        single: answers by the name of their question.
        bulk: answers for all questions of a kind that have none of their own.
        allowed: names of what may change in older versions.
        accepted: what is accepted in bulk.
    """

    single: dict[tuple[Kind, str], Answer] = field(default_factory=dict[tuple[Kind, str], Answer])
    bulk: dict[Kind, Answer] = field(default_factory=dict[Kind, Answer])
    allowed: list[str] = field(default_factory=list[str])
    accepted: frozenset[str] = frozenset()

    def decide(self, question: Question) -> Answer | None:
        """The answer to a question, None where there is none."""
        own = self.single.get((question.kind, question.name))
        if own is not None or question.kept_by_person:
            return own
        if question.kind in self.bulk:
            return self.bulk[question.kind]
        for name in self.accepted:
            if question.kind in ACCEPTABLE[name]:
                return Answer(ACCEPTABLE[name][question.kind], in_bulk=True)
        return None


def read_answers(path: Path | None, accepted: Collection[str] = (), allowed: Collection[str] = ()) -> Answers:
    """Read an answers file; one that does not exist yet has no answers.

    Raises:
        YamlFileError: it is not as `write_answers` writes it.
    """
    answers = Answers(accepted=frozenset(accepted), allowed=list(allowed))
    if path is None or not path.exists():
        return answers
    document = read_plain(path)
    unknown = set(document) - {"allow_changes", "bulk", "answers"}
    if unknown:
        raise YamlFileError(f"{path}: does not know {min(unknown)!r}; it has allow_changes, bulk and answers")
    answers.allowed += [str(name) for name in _list(path, document, "allow_changes")]
    for kind, choice in _mapping(path, document, "bulk").items():
        if choice is not None:
            answers.bulk[_kind(path, kind)] = Answer(_choice(path, _kind(path, kind), kind, choice), in_bulk=True)
    for written, entries in _mapping(path, document, "answers").items():
        kind = _kind(path, written)
        if not is_mapping(entries):
            raise YamlFileError(f"{path}: {kind} holds no questions; write them as the import does")
        for name, entry in entries.items():
            if (answer := _single(path, kind, name, entry)) is not None:
                answers.single[kind, name] = answer
    return answers


_KEYS = ("question", "choices", "answer", "because")
_WITH_REASON = frozenset([Kind.TYPE, Kind.REQUIRED, Kind.DATE, Kind.DIFFERENCE])
"""Questions where the catalogue stays as it is only with a reason, which it keeps."""


def _single(path: Path, kind: Kind, name: str, entry: Any) -> Answer | None:
    """The answer to one question, None where it has none.

    Raises:
        YamlFileError: it is nothing that may be answered.
    """
    if not is_mapping(entry):
        raise YamlFileError(f"{_place(path, name)}: {name} is no question; write it as the import does")
    unknown = [key for key in entry if key not in _KEYS]
    if unknown:
        place = _place(path, name, unknown[0])
        raise YamlFileError(f"{place}: does not know {unknown[0]!r}; a question has {', '.join(_KEYS)}")
    if entry.get("answer") is None:
        return None
    because = entry.get("because")
    choice = _choice(path, kind, name, entry["answer"])
    if choice == CATALOGUE and not because and (kind in _WITH_REASON or name.endswith("(until)")):
        raise YamlFileError(f"{_place(path, name, 'answer')}: {CATALOGUE} needs a reason; add because: … below it")
    return Answer(choice, None if because is None else str(because))


def _place(path: Path, name: str, key: str = "") -> str:
    """The file with the line of a question, or of one of its keys; without a line where it is written otherwise."""
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line.strip().strip("\"'").startswith(name)]
    if not starts:
        return str(path)
    found = (number for number in range(starts[0], len(lines)) if lines[number].strip().startswith(f"{key}:"))
    return f"{path}:{(next(found, starts[0]) if key else starts[0]) + 1}"


def answers_text(title: str, answers: Answers, questions: Iterable[Question], old: Plain) -> str:
    """The text of an answers file: all questions, those that were answered with their answers.

    Args:
        title: what was imported, for the first line.
        answers: what was answered so far.
        questions: all questions of the import, answered or not.
        old: what the file held before; answers whose question did not come up again stay.
    """
    lines = [f"# {title}", "# answer: one of the choices; because: why, where the catalogue is right."]
    lines += ["allow_changes:", *(f"  - {quoted(name)}" for name in dict.fromkeys(answers.allowed))]
    if not answers.allowed:
        lines[-1] += " []"
    lines.append("bulk:  # one answer for all questions of a kind that have none of their own")
    kept = cast("dict[str, Plain]", old.get("answers") or {})
    by_kind = {kind: list(same) for kind, same in grouped(questions)}
    kinds = [kind for kind in Kind if kind in by_kind or kind in answers.bulk or kept.get(kind)]
    lines += [f"  {kind}: {_format_answer(answers.bulk.get(kind))}" for kind in kinds]
    lines[-1 - len(kinds)] += "" if kinds else " {}"
    lines.append("answers:" if kinds else "answers: {}")
    for kind in kinds:
        lines.append(f"  {kind}:  # {HEADINGS[kind]}")
        names = {question.name: question for question in by_kind.get(kind, [])}
        for name, question in names.items():
            lines += _entry(name, question.text, question.choices, answers.single.get((kind, name)))
        for name, entry in (kept.get(kind) or {}).items():
            if name not in names and is_mapping(entry) and (kind, name) in answers.single:
                lines += _entry(name, str(entry.get("question", "")), (), answers.single.get((kind, name)))
        if lines[-1].startswith(f"  {kind}:"):
            lines[-1] = f"  {kind}: {{}}  # {HEADINGS[kind]}"
    return "\n".join(lines) + "\n"


def _entry(name: str, text: str, choices: tuple[str, ...], answer: Answer | None) -> list[str]:
    lines = [f"    {quoted(name)}:", f"      question: {quoted(text)}"]
    if choices:
        lines.append(f"      choices: [{', '.join(quoted(choice) for choice in choices)}]")
    lines.append(f"      answer: {_format_answer(answer)}")
    if answer and answer.because:
        lines.append(f"      because: {quoted(answer.because)}")
    return lines


def _format_answer(answer: Answer | None) -> str:
    return "null" if answer is None else quoted(answer.choice)


def _choice(path: Path, kind: Kind, name: str, value: Any) -> str:
    """An answer as text; YAML reads `yes` and `no` as truth values.

    Raises:
        YamlFileError: it is none of the choices.
    """
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    if not is_choice(kind, text):
        place = _place(path, name, "" if name == kind else "answer")
        raise YamlFileError(f"{place}: {text!r} is no answer to {name}; write {describe_choices(kind)}")
    return text


def _kind(path: Path, text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise YamlFileError(f"{path}: there is no kind of questions {text!r}; they are {', '.join(Kind)}") from None


def _mapping(path: Path, document: Plain, key: str) -> Plain:
    value: Any = document.get(key) or {}
    if not is_mapping(value):
        raise YamlFileError(f"{path}: {key} is no mapping; write it as the import does")
    return value


def _list(path: Path, document: Plain, key: str) -> list[Any]:
    value: Any = document.get(key) or []
    if not is_list(value):
        raise YamlFileError(f"{path}: {key} is no list; write it as the import does")
    return value
