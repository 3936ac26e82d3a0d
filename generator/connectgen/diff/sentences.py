"""A change in a sentence, and what to do about it: the texts of `sentences.yaml`, filled in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from connectgen.diff.change import Change
from connectgen.diff.rules import rules

_FILE = Path(__file__).with_name("sentences.yaml")
_OPERATION = re.compile(
    r"(?P<owner>[a-z0-9_]+(?:\.[a-z0-9_]+){0,2})(?:\((?P<member>.*?)\)(?=[= ]|$))?(?P<rest>.*)", re.DOTALL
)
_TYPE = re.compile(r"(?P<owner>[A-Za-z0-9]+)(?:\.(?P<member>[^= ]*))?(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a change is about.

    Attributes:
        owner: the operation, type, group or family.
        member: the parameter or property; empty where it is about the owner itself.
        rest: what follows: a value, or which limit.
    """

    owner: str
    member: str
    rest: str

    @property
    def is_type(self) -> bool:
        """Whether the owner is a type."""
        return self.owner[:1].isupper()


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a change says of its owner, and what to do; names are in backquotes."""

    say: str
    do: str
    many: str = ""


def subject_of(change: Change) -> Subject:
    """The parts of a change's subject."""
    pattern = _TYPE if change.subject[:1].isupper() else _OPERATION
    found = pattern.fullmatch(change.subject)
    if found is None:
        return Subject(change.subject, "", "")
    return Subject(found["owner"], found["member"] or "", found["rest"])


def sentence_of(change: Change) -> Sentence:
    """A change in a sentence; the owner is not named, since a heading or column has it."""
    texts = sentences()[change.rule.id]
    words = _words(change)
    if change.replacement:
        return Sentence(texts.say.format_map(words), _instead().format(replacement=_plain(change.replacement)))
    return Sentence(texts.say.format_map(words), texts.do.format_map(words))


def sentences_of(changes: Sequence[Change]) -> list[Sentence]:
    """Changes of one owner, rule and replacement: in one sentence, where the rule has one for several."""
    if len(changes) == 1:
        return [sentence_of(changes[0])]
    many = sentences()[changes[0].rule.id].many
    if not many:
        return [sentence_of(change) for change in changes]
    by_member: dict[str, list[Change]] = {}
    for change in changes:
        by_member.setdefault(subject_of(change).member if "{members}" not in many else "", []).append(change)
    found: list[Sentence] = []
    for several in by_member.values():
        first = sentence_of(several[0])
        words = [_words(change) for change in several]
        listed = {
            name: ", ".join(dict.fromkeys(f"`{one[key]}`" for one in words))
            for name, key in (("members", "member"), ("values", "value"), ("afters", "after"))
        }
        found.append(first if len(several) == 1 else Sentence(many.format_map({**words[0], **listed}), first.do))
    return found


def remarks_of(change: Change) -> str:
    """What else is to be known of a change, in sentences; empty where there is nothing."""
    remarks = cast("dict[str, str]", _document()["remarks"])
    flags = {"silent": change.is_silent, "undocumented": change.is_undocumented}
    return " ".join(remarks[name] for name, is_so in flags.items() if is_so)


def when_of(*changes: Change) -> str:
    """In which versions changes landed, backwards before which it was so; empty where both sides are the same."""
    landed = sorted({f"{change.landed}.0" for change in changes if change.landed is not None})
    if not landed:
        return ""
    name = "landed_before" if changes[0].is_backwards else "landed"
    name += "" if len(landed) == 1 else "_between"
    return cast("str", _document()[name]).format(version=landed[0], first=landed[0], last=landed[-1])


def counted_changes(changes: Iterable[Change]) -> str:
    """How many changes of each type there are: `2 operations gone, 1 new type`."""
    found: Counter[int] = Counter(_count_of(change.rule.id) for change in changes)
    counts = _counts()
    return ", ".join(
        f"{number:,} {counts[index]['one' if number == 1 else 'several']}" for index, number in sorted(found.items())
    )


@cache
def _count_of(rule: str) -> int:
    return next(index for index, one in enumerate(_counts()) if fnmatchcase(rule, one["rules"]))


def _counts() -> Sequence[Mapping[str, str]]:
    return cast("list[dict[str, str]]", _document()["counts"])


def _words(change: Change) -> Mapping[str, str]:
    """What the places in a rule's texts are filled with."""
    subject = subject_of(change)
    value = change.before if change.after is None else change.after
    words = {
        "member": subject.member,
        "value": value or "",
        "limit": subject.rest.strip(),
        "before": change.before or "none",
        "after": change.after or "none",
    }
    return {name: _plain(text) for name, text in words.items()}


def _plain(text: str) -> str:
    """A text without backquotes, which would end a name."""
    return text.replace("`", "ˋ")


@cache
def sentences() -> Mapping[str, Sentence]:
    """The texts of every rule by its id, with places for what a change fills in."""
    document = _document()
    things = cast("dict[str, str]", document["things"])
    found = {rule: _texts(entry) for rule, entry in document["rules"].items()}
    for rule in rules():
        if rule in found:
            continue
        thing = max((name for name in things if rule.startswith(f"{name}-")), key=len, default="")
        texts = document["of_things"].get(rule.removeprefix(f"{thing}-"))
        if texts is None:  # a new rule without a sentence; a test finds it
            found[rule] = Sentence(rules()[rule].explanation.replace("{", "{{").replace("}", "}}"), "")
            continue
        shown = things[thing]
        words = {"{Thing}": shown[:1].upper() + shown[1:], "{thing}": shown}
        found[rule] = _texts({key: _filled(text, words) for key, text in texts.items()})
    return found


def _filled(text: str, words: Mapping[str, str]) -> str:
    for place, word in words.items():
        text = text.replace(place, word)
    return text


def _texts(entry: Mapping[str, str]) -> Sentence:
    return Sentence(entry["say"], entry.get("do", ""), entry.get("many", ""))


@cache
def _instead() -> str:
    return cast("str", _document()["instead"])


@cache
def _document() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = _FILE.read_text(encoding="utf-8")
    return cast("dict[str, Any]", yaml.load(text, Loader=loader))  # noqa: S506  both are safe
