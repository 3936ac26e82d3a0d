"""Compares what the catalogue says with what a source says, entry by entry: what to add, what to ask, what to leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from connectgen.importer.emit import is_list, is_mapping, ordered
from connectgen.importer.reasons import is_own_reason
from connectgen.importer.source import Source
from connectgen.importer.values import ended_value, merged_values, value_names
from connectgen.importer.yaml_files import Change, Plain, Step

# What a person decides; the importer writes it once, with the entry.
PERSONS_KEYS = frozenset(
    [
        "name",
        "summary",
        "description",
        "condition",
        "pagination",
        "discriminator",
        "extends",
        "retry",
        "idempotency",
        "retry_statuses",
        "special_status",
        "status",
        "stage",
        "replaced_by",
        "failure",
        "batch",
        "json_part",
        "unreferenced",
        "item",
        "was",
        "because",
        "unsure",
        "source",
        "site_since",
        "formerly",
    ]
)
# What a person adds where the source is silent, or says it in prose that the reader does not understand.
_ADDITIONS = frozenset(["values", "default", "minimum", "maximum", "max_items", "max_length", "in", "item", "xml"])
_FINER_THAN_STRING = frozenset(["Id", "Date", "DateTime", "Url", "Decimal"])
_TABLES = ("parameters", "operations", "properties", "parts")
_FACT_TABLES = frozenset({"parameters", "properties", "body", "returns"})


@dataclass(frozen=True, slots=True)
class Question:
    """A difference that a person has to decide.

    Attributes:
        where: the entry, for example `FeedItem.body`.
        text: what differs.
        kept_by_person: whether the entry carries a person's note, so that it is never changed without asking.
    """

    where: str
    text: str
    kept_by_person: bool = False


@dataclass(slots=True)
class Comparison:
    """The outcome for one file: edits, questions, and how many facts were added or agree with a correction."""

    changes: list[Change] = field(default_factory=list[Change])
    questions: list[Question] = field(default_factory=list[Question])
    added: list[str] = field(default_factory=list[str])
    updated: list[str] = field(default_factory=list[str])
    ended: list[str] = field(default_factory=list[str])
    corrections_kept: int = 0
    only_here: list[str] = field(default_factory=list[str])


class Comparer:
    """Compares entries of one file.

    Args:
        accept_changes: take the source's side where no person's note contradicts it.
        source: what is to be known of the source, where it is more than nothing.
        since_corrected: a person corrected since when the owner exists, so that what is in it may say its own versions.
    """

    def __init__(self, *, accept_changes: bool, source: Source | None = None, since_corrected: bool = False) -> None:
        self._accept = accept_changes
        self._source = source
        self._silent = source.silent if source else frozenset[str]()
        self._version = source.version if source else None
        self._since_corrected = since_corrected
        self.result = Comparison()

    def compare(self, existing: Plain, wanted: Plain, path: tuple[Step, ...], where: str) -> None:
        """Compare an entry (resource, operation, type, fact) and all that is in it."""
        self._since_corrected |= "since" in (existing.get("was") or {})
        keys = [key for key in wanted if key not in _TABLES and key not in PERSONS_KEYS]
        keys += [key for key in existing if key not in wanted and key not in _TABLES and key not in PERSONS_KEYS]
        for key in keys:
            self._key(existing, wanted, key, path, where)
        for table in _TABLES:
            if table in wanted or table in existing:
                self._table(existing, wanted, table, path, where)
        if "discriminator" in wanted:
            self._kinds(existing, wanted["discriminator"], path, where)

    def _key(self, existing: Plain, wanted: Plain, key: str, path: tuple[Step, ...], where: str) -> None:
        here, there = existing.get(key), wanted.get(key)
        if key in _FACT_TABLES and here is not None and there is not None:
            self._fact(here, there, (*path, key), f"{where} {key}")
            return
        if here == there or self._corrected(existing, key, there, where) or _refines(key, here, there):
            return
        if there is None and key in self._silent:
            return
        if key == "values" and self._version and not _is_persons(existing) and is_list(here) and is_list(there):
            self._values(existing, here, there, path, where)
            return
        noted = _is_persons(existing) or (is_mapping(here) and _is_persons(here))
        if there is None and (noted or (key == "since" and self._since_corrected)):
            return  # the source is silent, and a person said why
        protected = _is_persons(existing)
        text = f"{key} is {_format_value(here)} here, the source says {_format_value(there)}"
        self._differs(Change((*path, key), there), Question(where, text, protected))

    def _corrected(self, existing: Plain, key: str, there: Any, where: str) -> bool:
        """Whether a person corrected this key; asks where the source no longer says what was corrected."""
        was = existing.get("was")
        if not is_mapping(was) or key not in was:
            return False
        if there == was[key]:
            self.result.corrections_kept += 1
        elif there == existing.get(key):
            text = f"the source now says what the correction of {key} says; `was` can be removed"
            self.result.questions.append(Question(where, text, kept_by_person=True))
        else:
            text = (
                f"{key} was corrected from {_format_value(was[key])} to {_format_value(existing.get(key))},"
                f" but the source now says {_format_value(there)}"
            )
            self.result.questions.append(Question(where, text, kept_by_person=True))
        return True

    def _table(self, existing: Plain, wanted: Plain, table: str, path: tuple[Step, ...], where: str) -> None:
        here = cast("Plain", existing.get(table) or {})
        there = cast("Plain", wanted.get(table) or {})
        new = {name: there[name] for name in there if name not in here}
        if new and not here:
            self.result.changes.append(Change((*path, table), new))
        elif new:
            self.result.changes.extend(Change((*path, table, name), value) for name, value in new.items())
        self.result.added.extend(f"{where} {name}" for name in new)
        for name, value in here.items():
            if name not in there:
                self._only_here(value, (*path, table, name), where)
            elif table in _FACT_TABLES:
                self._fact(value, there[name], (*path, table, name), f"{where} {name}")
            else:
                self.compare(value, there[name], (*path, table, name), f"{where} {name}")

    def _only_here(self, value: Any, path: tuple[Step, ...], where: str) -> None:
        facts = _facts(value) if path[-2] in _FACT_TABLES else [cast("Plain", value)]
        if any("source" in fact or "because" in fact for fact in facts):
            return
        name = f"{where} {path[-1]}"
        self.result.only_here.append(name)
        if self._source and self._source.complete:
            self._end(value, path, name)

    def end(self, entry: Plain, path: tuple[Step, ...], where: str) -> None:
        """End a whole entry, where the source is known to be complete."""
        if self._source and self._source.complete:
            self._end(entry, path, where)

    def _end(self, value: Any, path: tuple[Step, ...], where: str) -> None:
        """Let something that a complete source lacks end with the version before the source's."""
        if self._version is None:
            return
        last = float(self._version - 1)
        facts = _facts(value) if path[-2] in _FACT_TABLES else [cast("Plain", value)]
        newest = facts[-1]
        if "until" in newest:
            return
        if float(newest.get("since", 0.0)) > last or _is_persons(newest):
            text = f"the source does not have it any more; end it with until: {last}, or say because"
            self.result.questions.append(Question(where, text, _is_persons(newest)))
            return
        self.result.ended.append(where)
        if path[-2] not in _FACT_TABLES:
            self.result.changes.append(Change((*path, "until"), last))
            return
        ended = [*facts[:-1], ordered({**newest, "until": last})]
        self.result.changes.append(Change(path, ended[0] if len(ended) == 1 else ended))

    def _values(self, fact: Plain, here: list[Any], there: list[Any], path: tuple[Step, ...], where: str) -> None:
        """Known values: new ones begin with the source's version; gone ones end where the source is complete."""
        version = cast("int", self._version)
        merged, new = merged_values(here, there, version, float(fact.get("since", 0.0)))
        gone = [name for name in value_names(here, living=True) if name not in value_names(there)]
        if gone and self._source and self._source.complete:
            merged = [ended_value(item, version) if item in gone else item for item in merged]
            self.result.ended += [f"{where} value {name}" for name in gone]
        elif gone:
            text = f"the source does not list the values {', '.join(gone)}"
            self.result.questions.append(Question(where, text))
        self.result.added += [f"{where} value {name}" for name in new]
        if merged != here:
            self.result.changes.append(Change((*path, "values"), merged))

    def _kinds(self, existing: Plain, wanted: Plain, path: tuple[Step, ...], where: str) -> None:
        """The variants of a union: new ones are added, others that differ become questions."""
        here = cast("Plain | None", existing.get("discriminator"))
        if here is None:
            self._differs(
                Change((*path, "discriminator"), wanted),
                Question(where, f"the source has a discriminator: {_format_value(wanted)}", _is_persons(existing)),
            )
            return
        known, told = cast("Plain", here["values"]), cast("Plain", wanted["values"])
        new = {value: name for value, name in told.items() if value not in known}
        if new and here["property"] == wanted["property"]:
            self.result.changes.append(Change((*path, "discriminator"), {**here, "values": {**known, **new}}))
            self.result.added += [f"{where} kind {value}" for value in new]
        for value, name in told.items():
            if value in known and known[value] != name:
                text = f"the variant {value} is {known[value]} here, the source says {name}"
                self.result.questions.append(Question(where, text, _is_persons(existing)))

    def _fact(self, here: Any, there: Any, path: tuple[Step, ...], where: str) -> None:
        """Compare facts in any of their three forms: a type, a mapping, a list of mappings with ranges."""
        if here == there:
            return
        mine, theirs = _facts(here), _facts(there)
        if len(mine) == 1 and len(theirs) == 1:
            self._single_fact(here, mine[0], theirs[0], path, where)
            return
        if [_source_part(fact) for fact in mine] == [_source_part(fact) for fact in theirs]:
            return
        if any("was" in fact for fact in mine) and [_before_correction(fact) for fact in mine] == [
            _source_part(fact) for fact in theirs
        ]:
            self.result.corrections_kept += 1
            return
        by_person = any(_is_persons(fact) for fact in mine)
        ours = {str(fact["type"]) for fact in mine}
        if by_person and all(str(fact["type"]) in ours or _is_open(fact["type"]) for fact in theirs):
            return  # the source's fact is among those of a person, who said why there are several
        text = f"has {_format_value(here)} here, the source says {_format_value(there)}"
        self._differs(Change(path, there), Question(where, text, by_person))

    def _single_fact(self, here: Any, mine: Plain, theirs: Plain, path: tuple[Step, ...], where: str) -> None:
        inner = Comparer(accept_changes=self._accept, source=self._source, since_corrected=self._since_corrected)
        inner.compare(mine, theirs, path, where)
        self.result.questions.extend(inner.result.questions)
        self.result.updated.extend(inner.result.updated)
        self.result.added.extend(inner.result.added)
        self.result.ended.extend(inner.result.ended)
        self.result.corrections_kept += inner.result.corrections_kept
        if not inner.result.changes:
            return
        new = dict(mine)
        for change in inner.result.changes:
            new[str(change.path[-1])] = change.value
        # Notes of our own go with the fact that they explained.
        for note in ("because", "unsure", "was"):
            if note in theirs:
                new[note] = theirs[note]
            else:
                new.pop(note, None)
        new = ordered({key: value for key, value in new.items() if value is not None})
        self.result.changes.append(Change(path, new["type"] if set(new) == {"type"} else new))

    def _differs(self, change: Change, question: Question) -> None:
        if self._accept and not question.kept_by_person:
            self.result.changes.append(change)
            self.result.updated.append(f"{question.where}: {question.text}")
        else:
            self.result.questions.append(question)


def _refines(key: str, here: Any, there: Any) -> bool:
    """Whether the catalogue says the same as the source, only more exactly."""
    if key in _ADDITIONS:
        return there is None
    if key == "required":
        return there == "conditional" and is_mapping(here)
    if key != "type" or not isinstance(there, str):
        return False
    finer = re.sub("|".join(rf"\b{name}\b" for name in _FINER_THAN_STRING), "String", str(here))
    return finer == there or _is_open(there)


def _is_open(written: Any) -> bool:
    """Whether a type is Any, or has Any in it: the source does not say what the value is."""
    return "Any" in re.findall(r"\w+", str(written))


def _facts(written: Any) -> list[Plain]:
    items: list[Any] = written if is_list(written) else [written]
    return [cast("Plain", {"type": item} if isinstance(item, str) else item) for item in items]


def _source_part(fact: Plain) -> Plain:
    return {key: value for key, value in fact.items() if key not in PERSONS_KEYS}


def _before_correction(fact: Plain) -> Plain:
    was = cast("Plain", fact.get("was") or {})
    return {key: value for key, value in {**_source_part(fact), **was}.items() if value is not None}


def _is_persons(fact: Plain) -> bool:
    """Whether a fact has a person's note: a reason of their own, a correction, another source."""
    if "source" in fact:
        return True
    if "because" in fact:
        return not is_own_reason(str(fact["because"]))
    return "was" in fact


def _format_value(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, float | int | str):
        return str(value)
    if is_list(value):
        return "[" + ", ".join(_format_value(item) for item in value) + "]"
    return "{" + ", ".join(f"{key}: {_format_value(item)}" for key, item in _pairs(value)) + "}"


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    yield from cast("Plain", value).items()
