"""Merges what a source says into the catalogue's files: adds the new, asks about differences, keeps decisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from connectgen.files import replace_file
from connectgen.importer.comparison import Comparer
from connectgen.importer.decisions import leave_out
from connectgen.importer.emit import is_list, is_mapping, ordered
from connectgen.importer.operation_names import NameRequest, name_operation
from connectgen.importer.paths import path_shape
from connectgen.importer.possible import begin_early_enough
from connectgen.importer.questions import Decide, Question, nobody, ranked
from connectgen.importer.ranges import ALWAYS
from connectgen.importer.relative import settled_entry, with_common_versions
from connectgen.importer.short_files import ShortFiles, as_in_catalogue, emit_short
from connectgen.importer.source import Source
from connectgen.importer.type_files import files_of_types, mark_unreferenced, references_of
from connectgen.importer.wanted import Remark, Wanted
from connectgen.importer.yaml_files import Change, Plain, YamlFileError


@dataclass(slots=True)
class MergeReport:
    """What a merge did, or would do.

    Attributes:
        written: files that were (or would be) written, relative to the catalogue's folder.
        added: new entries and facts by type: `resources`, `operations`, `types`, `facts`.
        updated: facts changed to what the source says.
        ended: entries and facts that got an `until`, since a complete source no longer has them.
        questions: differences that were left for a person.
        corrections_kept: facts whose correction still contradicts the source.
        only_in_catalogue: entries that the source does not have (any more); kept.
        remarks: decisions of the translation.
        dropped: what was left out, with names, by the reason.
        decided: entries about which a person's answer was taken.
        unlisted: paths whose prefix the table of families lacks, with the place they were put in.
        totals: size of what the source wants in the catalogue: resources, types and so on.
    """

    written: list[str] = field(default_factory=list[str])
    added: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    updated: list[str] = field(default_factory=list[str])
    ended: list[str] = field(default_factory=list[str])
    decided: list[str] = field(default_factory=list[str])
    questions: list[Question] = field(default_factory=list[Question])
    corrections_kept: int = 0
    only_in_catalogue: list[str] = field(default_factory=list[str])
    remarks: list[Remark] = field(default_factory=list[Remark])
    dropped: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    unlisted: list[str] = field(default_factory=list[str])
    totals: dict[str, int] = field(default_factory=dict[str, int])


def merge_wanted(
    wanted: Wanted,
    spec_dir: Path,
    dry_run: bool,
    source: Source,
    *,
    decide: Decide = nobody,
    before_writing: Callable[[MergeReport, dict[str, str]], None] = lambda _report, _texts: None,
) -> MergeReport:
    """Bring what a source says into the catalogue.

    Args:
        wanted: what the source says, as entries in the catalogue's terms.
        spec_dir: the catalogue's folder.
        dry_run: report only, write nothing.
        source: what is to be known of the source.
        decide: gives a person's answers to questions.
        before_writing: is called with what will be done; where it raises, nothing is written.

    Returns:
        What was done, and what is left to decide.

    Raises:
        YamlFileError: a file cannot be read or written. Files written before it stay; each is whole.
    """
    report, texts = plan_merge(wanted, spec_dir, source, decide=decide)
    before_writing(report, texts)
    if not dry_run:
        for name, text in texts.items():
            replace_file(spec_dir / name, text)
    return report


def plan_merge(
    wanted: Wanted, spec_dir: Path, source: Source, *, decide: Decide = nobody
) -> tuple[MergeReport, dict[str, str]]:
    """The same without writing: the report, and the new text of each file that changes, by its name."""
    merge = _Merge(wanted, spec_dir, source, decide=decide)
    merge.resources()
    merge.types()
    merge.finish()
    texts = merge.texts()
    merge.report.written = list(texts)
    return merge.report, texts


class _Merge:
    def __init__(self, wanted: Wanted, spec_dir: Path, source: Source, *, decide: Decide) -> None:
        self._wanted = wanted
        self._root = spec_dir
        self._source = source
        self._decide = decide
        self._files = ShortFiles(spec_dir)
        self._old = {name: self._files.read(name) for name in _file_names(spec_dir, source)}
        self._changes: dict[str, list[Change]] = {}
        self._new: dict[str, Plain] = {}
        self.report = MergeReport(remarks=list(wanted.remarks), dropped=dict(wanted.dropped))
        self._omit()
        self._names = _names_by_group(self._old)

    def _omit(self) -> None:
        """Leave out what a person said is not so; an entry that the source no longer has is asked about."""
        for file, document in self._old.items():
            for entry, because in cast("dict[str, str]", document.get("omitted") or {}).items():
                if leave_out(self._wanted, entry):
                    self.report.corrections_kept += 1
                elif self._source.family is None or (self._source.complete and self._is_own(file)):
                    text = f"the source does not say it (any more), but omitted names it ({because}); remove that"
                    self.report.questions.append(Question(f"{file}: {entry}", text, kept_by_person=True))

    # Resources

    def resources(self) -> None:
        """Compare and add resources, in the order of their paths, so that names do not depend on the order of pages."""
        known = {path_shape(path): (file, index) for file, index, path in _addresses(self._old)}
        for path in sorted(self._wanted.resources, key=_path_order):
            entry = self._wanted.resources[path]
            found = known.get(path_shape(path))
            if found:
                file, index = found
                existing = cast("Plain", self._old[file]["resources"][index])
                self._name_operations(entry, file, existing["operations"])
                existing_path = str(existing["path"])
                self._compare(file, existing, _renamed(entry, existing_path), ("resources", index), existing_path)
            else:
                place = self._source.place_of(path)
                if not place.listed:
                    self.report.unlisted.append(f"{path} → {place.family}.{place.group}")
                self._add_resource(f"resources/{place.family}/{place.group}.yaml", entry)

    def _name_operations(self, entry: Plain, file: str, existing: Plain) -> None:
        taken = self._names.setdefault(file, set())
        place = self._source.place_of(str(entry["path"]))
        for method, operation in cast("dict[str, Plain]", entry["operations"]).items():
            if method in existing:
                operation["name"] = existing[method]["name"]
            else:
                returns = operation.get("returns", "")
                first: Any = returns[0] if is_list(returns) else returns
                type_text = str(first["type"] if is_mapping(first) else first)
                operation["name"] = name_operation(NameRequest(method, str(entry["path"]), place, type_text), taken)
                taken.add(operation["name"])
            entry["operations"][method] = ordered(operation)

    def _add_resource(self, file: str, entry: Plain) -> None:
        if self._source.version is not None:
            dated = self._dated(entry)
            if dated is None:
                return
            entry = with_common_versions(dated)
        self._name_operations(entry, file, {})
        entry = settled_entry(entry, ALWAYS) or entry
        entry = ordered(entry)
        self._wanted.resources[str(entry["path"])] = entry  # what is taken of it decides which types are used
        self._count("resources", str(entry["path"]))
        for method in entry["operations"]:
            self._count("operations", f"{method} {entry['path']}")
        if file in self._old:
            entries = cast("list[Plain]", self._old[file]["resources"])
            order = _path_order(str(entry["path"]))
            position = sum(1 for other in entries if _path_order(str(other["path"])) < order)
            self._changes.setdefault(file, []).append(Change(("resources", position), entry))
        else:
            family, group = file.removesuffix(".yaml").split("/")[1:]
            document = self._new.setdefault(file, {"summary": _group_summary(family, group), "resources": []})
            document["resources"].append(entry)

    def _dated(self, entry: Plain) -> Plain | None:
        """A new resource with the operations of which is known since when they exist; None where none is left."""
        comparer = Comparer(decide=self._decide, source=self._source)
        where = str(entry["path"])
        operations = {
            method: comparer.dated(operation, f"{where} {method}")
            for method, operation in cast("dict[str, Plain]", entry["operations"]).items()
        }
        self.report.questions += comparer.result.questions
        self.report.decided += comparer.result.decided
        left = {method: one for method, one in operations.items() if one is not None}
        return {**entry, "operations": left} if left else None

    # Types

    def types(self) -> None:
        """Compare and add types; a new one is put in the file of the group whose operations reach it."""
        known = {
            name: file for file, document in self._old.items() for name in cast("Plain", document.get("types") or {})
        }
        mark_unreferenced(self._wanted)
        begin_early_enough(self._wanted, self._wanted.types.keys() - known.keys())
        for name in sorted(self._wanted.types):
            if name in known:
                file, existing = known[name], cast("Plain", self._old[known[name]]["types"][name])
                entry = ordered(as_in_catalogue(self._as_here(self._wanted.types[name], existing, known), existing))
                self._compare(file, existing, entry, ("types", name), name)
        places = files_of_types(self._wanted, known, self._source.place_of, self._source.family, self._lines_of)
        for name in self._new_types(known):
            entry = ordered(settled_entry(self._wanted.types[name], ALWAYS) or {})
            if self._source.name and self._has_guide():
                entry["source"] = self._source.name  # beside what was read from the guide
            self._count("types", name)
            file = places[name]
            if file not in self._old and self._source.family and (self._root / file).exists():
                self._old[file] = self._files.read(file)  # of another family, whose operations use the type
            if file in self._old:
                self._changes.setdefault(file, []).append(Change(("types", name), entry))
            else:
                self._new.setdefault(file, {"types": {}})["types"][name] = entry

    def _lines_of(self, file: str) -> int:
        """About how long a file is with what is added to its entries."""
        return self._files.count_lines(file) + len(self._changes.get(file, ()))

    def _as_here(self, entry: Plain, existing: Plain, known: dict[str, str]) -> Plain:
        """A type of the source with the properties written out or inherited as they are in the catalogue."""
        if entry.get("extends") == existing.get("extends"):
            return entry
        table, base = dict(cast("Plain", entry.get("properties") or {})), entry.get("extends")
        while base in self._wanted.types:
            table = {**cast("Plain", self._wanted.types[base].get("properties") or {}), **table}
            base = self._wanted.types[base].get("extends")
        own, base = cast("Plain", existing.get("properties") or {}), existing.get("extends")
        while base in known:
            above = cast("Plain", self._old[known[base]]["types"][base])
            table = {
                name: fact for name, fact in table.items() if name in own or name not in (above.get("properties") or {})
            }
            base = above.get("extends")
        entry = {key: value for key, value in entry.items() if key not in ("extends", "properties")}
        return {**entry, "properties": table} if table else entry

    def _has_guide(self) -> bool:
        """Whether types of the source's family were read from the guide."""
        own = [document for file, document in self._old.items() if self._is_own(file)]
        return any(
            "guide" in entry for document in own for entry in cast("Plain", document.get("types") or {}).values()
        )

    def _new_types(self, known: dict[str, str]) -> list[str]:
        """The types to add: all of them; of a vendor's file those that something in the catalogue names."""
        new = sorted(name for name in self._wanted.types if name not in known)
        if self._source.version is None:
            return new
        brought = frozenset(new)
        added = [change.value for changes in self._changes.values() for change in changes]
        waiting = {name for value in [*added, *self._new.values()] for name in _words(value) if name in brought}
        reached: set[str] = set()
        while waiting:
            name = waiting.pop()
            reached.add(name)
            waiting |= {inner for inner in references_of(self._wanted.types[name]) if inner in brought} - reached
        return [name for name in new if name in reached]

    def _is_own(self, file: str) -> bool:
        return self._source.family in (None, file.split("/")[1])

    def _compare(self, file: str, existing: Plain, wanted: Plain, path: tuple[str | int, ...], where: str) -> None:
        comparer = Comparer(decide=self._decide, source=self._source)
        comparer.compare(existing, wanted, path, where)
        result = comparer.result
        if result.changes:
            self._changes.setdefault(file, []).extend(result.changes)
        for name in result.added:
            self._count("facts", name)
        self.report.updated += result.updated
        self.report.questions += result.questions
        self.report.corrections_kept += result.corrections_kept
        self.report.only_in_catalogue += result.only_here
        self.report.ended += result.ended
        self.report.decided += result.decided

    # The end

    def finish(self) -> None:
        """Report what only the catalogue has, and count what the source wants."""
        wanted = {path_shape(path) for path in self._wanted.resources}
        own = {file: document for file, document in self._old.items() if self._is_own(file)}
        for file, document in own.items():
            for index, entry in enumerate(cast("list[Plain]", document.get("resources") or [])):
                missing = [path for path in _paths(entry) if path_shape(path) not in wanted]
                if len(missing) == len(_paths(entry)):
                    self._gone(file, entry, ("resources", index))
                self.report.only_in_catalogue += missing
        for document in own.values():
            self.report.only_in_catalogue += [
                name for name in cast("Plain", document.get("types") or {}) if name not in self._wanted.types
            ]
        operations = [
            operation for entry in self._wanted.resources.values() for operation in entry["operations"].values()
        ]
        self.report.questions = ranked(self.report.questions)
        self.report.totals = {
            "resources": len(self._wanted.resources),
            "operations": len(operations),
            "parameters": sum(len(operation.get("parameters", ())) for operation in operations),
            "path parameters": sum(len(entry.get("parameters", ())) for entry in self._wanted.resources.values()),
            "types": len(self._wanted.types),
            "properties": sum(len(entry.get("properties", ())) for entry in self._wanted.types.values()),
        }

    def _gone(self, file: str, entry: Plain, path: tuple[str | int, ...]) -> None:
        """End a resource that the source no longer has, where the source is known to be complete."""
        comparer = Comparer(decide=self._decide, source=self._source)
        comparer.end(entry, path, str(entry["path"]))
        self._changes.setdefault(file, []).extend(comparer.result.changes)
        self.report.ended += comparer.result.ended
        self.report.questions += comparer.result.questions
        self.report.decided += comparer.result.decided

    def texts(self) -> dict[str, str]:
        """The new text of every file that changes, each read back and compared with what it means."""
        texts: dict[str, str] = {}
        for file, changes in self._changes.items():
            if not changes:
                continue
            texts[file] = self._files.edited(file, changes)
        for file, document in self._new.items():
            if (self._root / file).exists():
                raise YamlFileError(
                    f"{self._root / file}: exists where a new file would be written; nothing was changed"
                )
            texts[file] = emit_short(file.split("/")[0], document)
        return dict(sorted(texts.items()))

    def _count(self, kind: str, name: str) -> None:
        self.report.added.setdefault(kind, []).append(name)


_PROSE_KEYS = frozenset(["summary", "description", "because", "unsure", "source", "schema", "path", "name"])


def _words(value: Any) -> Iterator[str]:
    """The words of a value's texts but for its prose and what was not taken: all that may name a type."""
    if is_mapping(value):
        for key, inner in value.items():
            if key != "was" and (key not in _PROSE_KEYS or not isinstance(inner, str)):
                yield from _words(inner)
    elif is_list(value):
        for inner in value:
            yield from _words(inner)
    elif isinstance(value, str):
        yield from re.findall(r"\w+", value)


def _path_order(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


def _file_names(root: Path, source: Source) -> list[str]:
    """The files of the source's family, and those of others that hold something of the source."""
    own = {
        path.relative_to(root).as_posix()
        for kind in ("resources", "types")
        for path in (root / kind).glob(f"{source.family or '*'}/*.yaml")
    }
    return sorted(own | source.files)


def _addresses(documents: dict[str, Plain]) -> Iterator[tuple[str, int, str]]:
    """Every path of every resource: file, position in it, path. Former ones too."""
    for file, document in documents.items():
        for index, entry in enumerate(cast("list[Plain]", document.get("resources") or [])):
            for path in _paths(entry):
                yield file, index, path


def _paths(entry: Plain) -> list[str]:
    return [str(entry["path"]), *(str(former["path"]) for former in entry.get("formerly", ()))]


def _names_by_group(documents: dict[str, Plain]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for file, document in documents.items():
        entries = cast("list[Plain]", document.get("resources") or [])
        operations = [cast("dict[str, Plain]", entry["operations"]) for entry in entries]
        names[file] = {str(one["name"]) for of_resource in operations for one in of_resource.values()}
    return names


def _renamed(entry: Plain, path: str) -> Plain:
    """The entry with the placeholders' names that the catalogue already has: they are a person's choice."""
    ours = re.findall(r"\{([^}]*)\}", str(entry["path"]))
    theirs = re.findall(r"\{([^}]*)\}", path)
    names = dict(zip(ours, theirs, strict=False))
    renamed = {**entry, "path": path}
    if "parameters" in entry:
        renamed["parameters"] = {names.get(name, name): fact for name, fact in entry["parameters"].items()}
    return renamed


def _group_summary(family: str, group: str) -> str:
    return f"{family.replace('_', ' ').capitalize()}: {group.replace('_', ' ')}."
