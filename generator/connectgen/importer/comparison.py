"""Compares what the catalogue says with what a source says, entry by entry: what to add, what to ask, what to leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from connectgen.catalogue.model import FOREVER
from connectgen.importer.comparing import (
    PERSONS_KEYS,
    before_correction,
    format_value,
    is_open,
    is_persons,
    refines,
    source_part,
)
from connectgen.importer.emit import is_list, is_mapping, ordered
from connectgen.importer.questions import ALWAYS, CATALOGUE, SOURCE, Answer, Decide, Kind, Question
from connectgen.importer.ranges import span_of
from connectgen.importer.relative import Owners, facts_of, settled_entry, settled_fact, shortest
from connectgen.importer.source import Source, is_of_file
from connectgen.importer.values import ended_value, merged_values, value_names, with_words, without_words
from connectgen.importer.yaml_files import Change, Plain, Step

_TABLES = ("parameters", "operations", "properties", "parts")
_FACT_TABLES = frozenset({"parameters", "properties", "body", "returns"})
_DATED_TABLES = frozenset({"parameters", "properties", "operations"})
_ADDED_WHERE_MISSING = frozenset(
    ["group", "values", "default", "minimum", "maximum", "max_items", "max_length", "schema"]
)
_KINDS = {"type": Kind.TYPE, "required": Kind.REQUIRED, "since": Kind.DATE, "until": Kind.END}


@dataclass(slots=True)
class Comparison:
    """The outcome for one file: edits, questions, and how many facts were added or agree with a correction."""

    changes: list[Change] = field(default_factory=list[Change])
    questions: list[Question] = field(default_factory=list[Question])
    added: list[str] = field(default_factory=list[str])
    updated: list[str] = field(default_factory=list[str])
    ended: list[str] = field(default_factory=list[str])
    decided: list[str] = field(default_factory=list[str])
    corrections_kept: int = 0
    changed_with: float | None = None
    """The version with which a fact got another type, as a person said."""
    only_here: list[str] = field(default_factory=list[str])

    def take(self, other: Comparison) -> None:
        """Take over everything but the edits."""
        self.questions += other.questions
        self.added += other.added
        self.updated += other.updated
        self.ended += other.ended
        self.decided += other.decided
        self.corrections_kept += other.corrections_kept
        self.only_here += other.only_here


class Comparer:
    """Compares entries of one file.

    Args:
        decide: gives a person's answer to a question.
        source: what is to be known of the source, where it is more than nothing.
        since_corrected: a person corrected since when the owner exists, so that what is in it may say its own versions.
        noted: whether the entry was read from another source, so that what this one brings says where it is from.
    """

    def __init__(
        self, *, decide: Decide, source: Source | None = None, since_corrected: bool = False, noted: bool = False
    ) -> None:
        self._decide = decide
        self._noted = noted and source is not None and source.name is not None
        self._source = source
        self._silent = source.silent if source else frozenset[str]()
        self._version = source.version if source else None
        self._since_corrected = since_corrected
        self.result = Comparison()

    def compare(
        self, existing: Plain, wanted: Plain, path: tuple[Step, ...], where: str, owners: Owners | None = None
    ) -> None:
        """Compare an entry (resource, operation, type, fact) and all that is in it."""
        owners = owners or Owners()
        self._noted |= "guide" in existing and self._source is not None and self._source.name is not None
        self._since_corrected |= "since" in (existing.get("was") or {})
        keys = [key for key in wanted if key not in _TABLES and key not in PERSONS_KEYS]
        keys += [key for key in existing if key not in wanted and key not in _TABLES and key not in PERSONS_KEYS]
        inside = owners.inside(existing, wanted)
        for key in keys:
            if key in ("since", "until"):
                self._bound(existing, wanted, key, path, where, owners)
            else:
                self._key(existing, wanted, key, path, where, inside)
        if existing.get("stage") == "undocumented" and "stage" not in wanted:
            self._documented(existing, path, where)
        for table in _TABLES:
            if table in wanted or table in existing:
                self._table(existing, wanted, table, path, where, inside)
        if "discriminator" in wanted:
            self._variants(existing, wanted["discriminator"], path, where)

    def _documented(self, existing: Plain, path: tuple[Step, ...], where: str) -> None:
        """An operation that no reference had is in this source: whether it is a reference, a person says."""
        if not self._corrected(existing, "stage", None, where):
            text = "stage is undocumented here, and the source describes it"
            question = Question(where, text, self._is_persons(existing), Kind.DIFFERENCE, "stage")
            self._differs(Change((*path, "stage"), None), question, existing, None)

    # Versions

    def _bound(
        self, existing: Plain, wanted: Plain, key: str, path: tuple[Step, ...], where: str, owners: Owners
    ) -> None:
        """`since` or `until`, each with the versions that follow from the owner."""
        here, there = existing.get(key), wanted.get(key)
        if here == there or self._corrected(existing, key, there, where):
            return
        ours: int = getattr(span_of(existing, owners.here).within(owners.here), key)
        theirs: int = getattr(span_of(wanted, owners.there).within(owners.here), key)
        if there is None:
            noted = self._is_persons(existing) or (key == "since" and self._since_corrected)
            ends_with_owner = key == "until" and ours == theirs == owners.here.until
            if key in self._silent or noted or ends_with_owner or (self._source is None and ours == theirs):
                return
        elif self._version is not None and self._same_bound(key, ours, theirs):
            return
        value = None if there is None or theirs == getattr(owners.here, key) else float(theirs)
        text = f"{key} is {format_value(here if here is not None or not 0 < ours < FOREVER else float(ours))} here,"
        question = Question(
            where, f"{text} the source says {format_value(there)}", self._is_persons(existing), _KINDS[key], key
        )
        self._differs(Change((*path, key), value), question, existing, there)

    def _same_bound(self, key: str, ours: int, theirs: int) -> bool:
        """Whether two bounds mean the same in the versions that the catalogue and the source have in common."""
        oldest = self._source.oldest if self._source else 0
        if key == "since":
            return max(ours, oldest) == max(theirs, oldest)
        return min(ours, FOREVER) == min(theirs, FOREVER)

    # Keys

    def _key(
        self, existing: Plain, wanted: Plain, key: str, path: tuple[Step, ...], where: str, inside: Owners
    ) -> None:
        here, there = existing.get(key), wanted.get(key)
        if key in _FACT_TABLES and here is not None and there is not None:
            self._fact(here, there, (*path, key), f"{where} {key}", inside)
            return
        if key == "values" and is_list(here) and is_list(there):
            if without_words(here) == there or self._corrected(existing, key, there, where):
                return
            there = with_words(there, here)
        if here == there or self._corrected(existing, key, there, where) or refines(key, here, there):
            return
        if (there is None and key in self._silent) or (key == "required" and there is False and self._version):
            return
        persons = self._is_persons(existing)
        if key == "values" and self._version and is_list(here) and is_list(there):
            self._values(existing, here, there, path, where, inside)
            return
        if there is None and (persons or (is_mapping(here) and self._is_persons(here))):
            return  # the source is silent, and a person said why
        if here is None and self._version is not None and (key in _ADDED_WHERE_MISSING or key in _FACT_TABLES):
            self._add_missing(existing, key, there, path, where, inside)
            return
        text = f"{key} is {format_value(here)} here, the source says {format_value(there)}"
        kind = _KINDS.get(key, Kind.DIFFERENCE)
        self._differs(Change((*path, key), there), Question(where, text, persons, kind, key), existing, there)

    def _add_missing(
        self, existing: Plain, key: str, there: Any, path: tuple[Step, ...], where: str, inside: Owners
    ) -> None:
        """What is merely missing here and stated there is an addition."""
        if key in _FACT_TABLES:
            there = settled_fact(key, there, inside.here)
        self.result.changes.append(Change((*path, key), there))
        self.result.added.append(f"{where} {key}")

    def _corrected(self, existing: Plain, key: str, there: Any, where: str) -> bool:
        """Whether a person corrected this key; asks where the source no longer says what was corrected."""
        was = existing.get("was")
        if not is_mapping(was) or key not in was:
            return False
        of_file = is_of_file(str(existing.get("source", ""))) and bool(self._source and self._source.name)
        if of_file:
            return False  # it was this source that corrected another
        if there == was[key]:
            self.result.corrections_kept += 1
        elif is_of_file(str(existing.get("because", ""))) and (
            there == existing.get(key) or refines(key, existing.get(key), there)
        ):
            return True  # it was the other source that was corrected
        elif there == existing.get(key):
            text = f"the source now says what the correction of {key} says; `was` can be removed"
            self._asked(Question(where, text, kept_by_person=True, kind=Kind.NOTE, key=key))
        elif there is not None or self._source is None or self._source.name is None:
            text = (
                f"{key} was corrected from {format_value(was[key])} to {format_value(existing.get(key))},"
                f" but the source now says {format_value(there)}"
            )
            self._asked(Question(where, text, kept_by_person=True, kind=Kind.NOTE, key=key))
        return True

    # Tables

    def _table(
        self, existing: Plain, wanted: Plain, table: str, path: tuple[Step, ...], where: str, inside: Owners
    ) -> None:
        here = cast("Plain", existing.get(table) or {})
        there = cast("Plain", wanted.get(table) or {})
        missing = [name for name in there if name not in here]
        brought = {name: self._new(there[name], table, f"{where} {name}", existing, inside) for name in missing}
        new = {name: value for name, value in brought.items() if value is not None}
        if new and not here:
            self.result.changes.append(Change((*path, table), new))
        elif new:
            self.result.changes.extend(Change((*path, table, name), value) for name, value in new.items())
        self.result.added.extend(f"{where} {name}" for name in new)
        for name, value in here.items():
            if name not in there:
                self._only_here(value, (*path, table, name), where)
            elif table in _FACT_TABLES:
                self._fact(value, there[name], (*path, table, name), f"{where} {name}", inside)
            else:
                self.compare(value, there[name], (*path, table, name), f"{where} {name}", inside)

    def _new(self, value: Any, table: str, where: str, existing: Plain, inside: Owners) -> Any | None:
        """An entry that only the source has, as it is to be added; None where that waits for an answer."""
        if self._version is None or table not in _DATED_TABLES or (table == "parameters" and "path" in existing):
            return value
        stated = any("since" in fact for fact in ([value] if table == "operations" else facts_of(value)))
        if not stated and inside.here.since < self._version:
            value = self._dated(value, table, where)
        if value is None:
            return None
        if table == "operations":
            entry = settled_entry(cast("Plain", value), inside.here)
            return {**entry, "source": self._source.name} if entry and self._noted and self._source else entry
        fact = settled_fact(table, value, inside.here)
        if fact is None:
            return None
        if self._noted and self._source:
            return shortest([{**one, "source": self._source.name} for one in facts_of(fact)])
        return fact

    def dated(self, operation: Plain, where: str) -> Plain | None:
        """An operation of a new resource, with the version that a person gave where the source gives none."""
        return operation if "since" in operation else self._dated(operation, "operations", where)

    def _dated(self, value: Any, table: str, where: str) -> Any | None:
        """Something new of which the source does not say since when it exists: with the version that a person gave."""
        answer = self._asked(Question(where, "is new here, and the source gives no version", kind=Kind.UNDATED))
        version = self._version_of(answer)
        if answer is None or version is None:
            return None
        versions: Plain = {"since": version} if version else {}
        if answer.because:
            versions["unsure"] = answer.because
        elif version and answer.in_bulk:
            versions["unsure"] = "importer: the file names no version"
        if table == "operations":
            return {**cast("Plain", value), **versions}
        return shortest([{**fact, **versions} for fact in facts_of(value)])

    def _version_of(self, answer: Answer | None) -> float | None:
        """The version of an answer: 0 for as long as the owner exists, None where it is none."""
        if answer is None:
            return None
        if answer.choice == ALWAYS:
            return 0.0
        if answer.choice == SOURCE and self._version is not None:
            return float(self._version)
        try:
            version = float(answer.choice)
        except ValueError:
            return None
        return version if self._version is None or version <= self._version else None

    def _asked(self, question: Question) -> Answer | None:
        """The answer to a question; where there is none, the question is left for a person."""
        answer = self._decide(question)
        if answer is None:
            self.result.questions.append(question)
        elif not answer.in_bulk:
            self.result.decided.append(question.where)
        return answer

    # What ends

    def _only_here(self, value: Any, path: tuple[Step, ...], where: str) -> None:
        facts = facts_of(value) if path[-2] in _FACT_TABLES else [cast("Plain", value)]
        if any(("source" in fact or "because" in fact) and self._is_persons(fact) for fact in facts):
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
        if self._version is None or _is_undocumented(value):
            return
        last = float(self._version - 1)
        facts = facts_of(value) if path[-2] in _FACT_TABLES else [cast("Plain", value)]
        newest = facts[-1]
        if "until" in newest:
            return
        if float(newest.get("since", 0.0)) > last or self._is_persons(newest):
            text = f"the source does not have it any more; end it with until: {last}, or say because"
            question = Question(where, text, self._is_persons(newest), Kind.END)
            answer = self._asked(question)
            if answer is None or answer.choice != SOURCE or float(newest.get("since", 0.0)) > last:
                return
        self.result.ended.append(where)
        if path[-2] not in _FACT_TABLES:
            self.result.changes.append(Change((*path, "until"), last))
            return
        ended = [*facts[:-1], ordered({**newest, "until": last})]
        self.result.changes.append(Change(path, ended[0] if len(ended) == 1 else ended))

    # Values and variants

    def _values(
        self, fact: Plain, here: list[Any], there: list[Any], path: tuple[Step, ...], where: str, inside: Owners
    ) -> None:
        """Known values: new ones begin with the version that the source or a person says; gone ones end."""
        version, persons = cast("int", self._version), self._is_persons(fact)
        begun = max(float(fact.get("since", 0.0)), float(inside.here.since))
        new = [name for name in value_names(there) if name not in value_names(here)]
        stated = {str(item["value"]) for item in there if is_mapping(item) and "since" in item}
        undated = [name for name in new if name not in stated]
        since: float | None = begun
        if undated and begun < version:
            text = f"the values {', '.join(undated)} are new here, and the source gives no version"
            since = self._version_of(self._asked(Question(where, text, persons, Kind.UNDATED, "values")))
        kept = [item for item in there if since is not None or value_names([item])[0] not in undated]
        merged, new = merged_values(here, kept, max(since or 0.0, begun), begun)
        gone = [name for name in value_names(here, living=True) if name not in value_names(there)]
        ended = bool(gone and self._source and self._source.complete and not persons)
        if gone and not ended:
            text = f"the source does not list the values {', '.join(gone)}"
            answer = self._asked(Question(where, text, persons, Kind.VALUES, "values gone"))
            ended = answer is not None and answer.choice == SOURCE
        if ended:
            merged = [
                (ended_value(item, version) if set(value_names([item], living=True)) & set(gone) else item)
                for item in merged
            ]
            self.result.ended += [f"{where} value {name}" for name in gone]
        self.result.added += [f"{where} value {name}" for name in new]
        if merged != here:
            self.result.changes.append(Change((*path, "values"), merged))

    def _variants(self, existing: Plain, wanted: Plain, path: tuple[Step, ...], where: str) -> None:
        """The variants of a discriminated union: new ones are added, others that differ are asked."""
        here = cast("Plain | None", existing.get("discriminator"))
        if here is None:
            text = f"the source has a discriminator for its variants: {format_value(wanted)}"
            question = Question(where, text, self._is_persons(existing), key="discriminator")
            self._differs(Change((*path, "discriminator"), wanted), question, existing, None)
            return
        known, stated = cast("Plain", here["values"]), cast("Plain", wanted["values"])
        new = {value: name for value, name in stated.items() if value not in known}
        if new and here["property"] == wanted["property"]:
            self.result.changes.append(Change((*path, "discriminator"), {**here, "values": {**known, **new}}))
            self.result.added += [f"{where} variant {value}" for value in new]
        for value, name in stated.items():
            if value in known and known[value] != name:
                text = f"the variant {value} is {known[value]} here, the source says {name}"
                question = Question(where, text, self._is_persons(existing), Kind.TYPE, f"variant {value}")
                self.result.questions.append(question)

    # Facts

    def _fact(self, here: Any, there: Any, path: tuple[Step, ...], where: str, inside: Owners) -> None:
        """Compare facts in any of their three forms: a type, a mapping, a list of mappings with ranges."""
        if here == there:
            return
        mine, theirs = facts_of(here), facts_of(there)
        if len(mine) == 1 and len(theirs) == 1:
            self._single_fact(mine[0], theirs[0], path, where, inside)
            return
        if [source_part(fact) for fact in mine] == [source_part(fact) for fact in theirs]:
            return
        if any("was" in fact for fact in mine) and [before_correction(fact) for fact in mine] == [
            source_part(fact) for fact in theirs
        ]:
            self.result.corrections_kept += 1
            return
        by_person = any(self._is_persons(fact) for fact in mine)
        ours = {str(fact["type"]) for fact in mine}
        among = {option for text in ours for option in text.split(" | ")} | ours
        if by_person and all(str(fact["type"]) in among or is_open(fact["type"]) for fact in theirs):
            return  # the source's fact is among those of a person, who said why there are several
        if self._version is not None and len(theirs) == 1 and self._says_current(mine, theirs[0], inside):
            return
        text = f"has {format_value(here)} here, the source says {format_value(there)}"
        question = Question(where, text, by_person, Kind.TYPE)
        self._differs(Change(path, there), question, None, None)

    def _says_current(self, mine: list[Plain], there: Plain, inside: Owners) -> bool:
        """Whether a source that knows one version says what the catalogue says of that version."""
        version = self._version or 0
        current = [fact for fact in mine if version in span_of(fact, inside.here)]
        return any(fact["type"] == there["type"] or refines("type", fact["type"], there["type"]) for fact in current)

    def _single_fact(self, mine: Plain, theirs: Plain, path: tuple[Step, ...], where: str, inside: Owners) -> None:
        inner = Comparer(
            decide=self._decide, source=self._source, since_corrected=self._since_corrected, noted=self._noted
        )
        inner.compare(mine, theirs, path, where, inside)
        self.result.take(inner.result)
        if inner.result.changed_with:
            self._split(mine, theirs, path, where, inner.result.changed_with)
            return
        if not inner.result.changes:
            return
        new = dict(mine)
        for change in inner.result.changes:
            new[str(change.path[-1])] = change.value
        # Notes of our own go with the fact that they explained.
        touched = {str(change.path[-1]) for change in inner.result.changes}
        explained = self._version is None or bool(touched & {"type", "since"})
        for note in ("because", "unsure", "was"):
            if note in touched:
                continue
            if note in theirs:
                new[note] = theirs[note]
            elif explained:
                new.pop(note, None)
        new = ordered({key: value for key, value in new.items() if value is not None})
        self.result.changes.append(Change(path, new["type"] if set(new) == {"type"} else new))

    def _split(self, mine: Plain, theirs: Plain, path: tuple[Step, ...], where: str, version: float) -> None:
        """Let a fact hold up to a version, and the source's from then on."""
        new = {**{key: value for key, value in theirs.items() if key not in ("since", "until")}, "since": version}
        self.result.changes.append(Change(path, [ordered({**mine, "until": version - 1}), ordered(new)]))
        self.result.updated.append(f"{where}: has another type since {version}")

    # Answers

    def _is_persons(self, fact: Plain) -> bool:
        return is_persons(fact, self._source)

    def _differs(self, change: Change, question: Question, existing: Plain | None, there: Any) -> None:
        """Take the side that a person chose, and note the other; without an answer the difference is asked."""
        answer = self._decide(question)
        if answer is not None and answer.choice == SOURCE:
            self.result.changes.append(change)
            self.result.updated.append(f"{question.where}: {question.text}")
            notes = self._notes_of_source(str(change.path[-1]), existing, answer)
        elif answer is not None and answer.choice == CATALOGUE and answer.because:
            notes = self._notes_of_catalogue(str(change.path[-1]), existing, there, answer.because) if existing else {}
        elif answer is not None and question.kind == Kind.TYPE and existing and self._version_of(answer):
            self.result.changed_with = self._version_of(answer)
            return
        else:
            self.result.questions.append(question)
            return
        if answer.in_bulk is False:
            self.result.decided.append(question.where)
        self.result.changes += [Change((*change.path[:-1], key), value) for key, value in notes.items()]

    def _notes_of_source(self, key: str, existing: Plain | None, answer: Answer) -> Plain:
        """What is noted where a vendor's file was right: what was here before, and which file it was."""
        if not self._noted or self._source is None or existing is None:
            return {}
        notes: Plain = {"source": self._source.name}
        if key in existing and key != "discriminator":
            notes["was"] = {**cast("Plain", existing.get("was") or {}), key: existing[key]}
        if answer.because:
            notes["because"] = answer.because
        return notes

    def _notes_of_catalogue(self, key: str, existing: Plain, there: Any, because: str) -> Plain:
        """What is noted where the catalogue was right: what the source says, and why it is not so."""
        name = self._source.name if self._source else None
        was = cast("Plain", existing.get("was") or {})
        reason = f"{name} errs: {because}" if name else because
        return {"was": {**was, key: there} if there is not None else was or None, "because": reason}


def _is_undocumented(entry: Any) -> bool:
    """Whether it is an operation, or a resource of operations, that no source of documents can be expected to have."""
    if not is_mapping(entry):
        return False
    operations = entry.get("operations")
    if is_mapping(operations):
        return all(_is_undocumented(operation) for operation in operations.values())
    return entry.get("stage") == "undocumented"
