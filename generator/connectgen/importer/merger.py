"""Merges what a source says into the catalogue's files: adds the new, asks about differences, keeps decisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from connectgen.files import replace_file
from connectgen.importer.addresses import address
from connectgen.importer.comparison import Comparer, Question
from connectgen.importer.decisions import leave_out
from connectgen.importer.emit import emit_document, is_list, is_mapping, ordered
from connectgen.importer.operation_names import NameRequest, name_operation
from connectgen.importer.source import Source
from connectgen.importer.type_files import files_of_types, mark_unreferenced
from connectgen.importer.wanted import Remark, Wanted
from connectgen.importer.yaml_files import (
    Change,
    Plain,
    YamlFileError,
    apply_changes,
    check_meaning,
    edit_text,
    read_plain,
)


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
        unlisted: paths whose prefix the table of families lacks, with the place chosen for them.
        totals: size of what the source wants in the catalogue, by type.
    """

    written: list[str] = field(default_factory=list[str])
    added: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    updated: list[str] = field(default_factory=list[str])
    ended: list[str] = field(default_factory=list[str])
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
    accept_changes: bool = False,
    before_writing: Callable[[MergeReport], None] = lambda _: None,
) -> MergeReport:
    """Bring what a source says into the catalogue.

    Args:
        wanted: what the source says, as entries in the catalogue's terms.
        spec_dir: the catalogue's folder.
        dry_run: report only, write nothing.
        source: what is to be known of the source.
        accept_changes: where a fact differs and bears no person's note, take the source's side instead of asking.
        before_writing: called with what will be done; where it raises, nothing is written.

    Returns:
        What was done, and what is left to decide.

    Raises:
        YamlFileError: a file cannot be read or written. Files written before it stay; each is whole.
    """
    report, texts = plan_merge(wanted, spec_dir, source, accept_changes=accept_changes)
    before_writing(report)
    if not dry_run:
        for name, text in texts.items():
            replace_file(spec_dir / name, text)
    return report


def plan_merge(
    wanted: Wanted, spec_dir: Path, source: Source, *, accept_changes: bool = False
) -> tuple[MergeReport, dict[str, str]]:
    """The same without writing: the report, and the new text of each file that changes, by its name."""
    merge = _Merge(wanted, spec_dir, source, accept_changes=accept_changes)
    merge.resources()
    merge.types()
    merge.finish()
    texts = merge.texts()
    merge.report.written = list(texts)
    return merge.report, texts


class _Merge:
    def __init__(self, wanted: Wanted, spec_dir: Path, source: Source, *, accept_changes: bool) -> None:
        self._wanted = wanted
        self._root = spec_dir
        self._source = source
        self._accept = accept_changes
        self._old = {name: read_plain(spec_dir / name) for name in _file_names(spec_dir, source.family)}
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
                elif self._source.family is None or self._source.complete:
                    text = f"the source does not say it (any more), but omitted names it ({because}); remove that"
                    self.report.questions.append(Question(f"{file}: {entry}", text, kept_by_person=True))

    # Resources

    def resources(self) -> None:
        """Compare and add resources, in the order of their paths, so that names do not depend on the order of pages."""
        known = {address(path): (file, index) for file, index, path in _addresses(self._old)}
        for path in sorted(self._wanted.resources, key=_path_order):
            entry = self._wanted.resources[path]
            found = known.get(address(path))
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
        self._name_operations(entry, file, {})
        entry = ordered(entry)
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

    # Types

    def types(self) -> None:
        """Compare and add types; a new one is put in the file of the group whose operations reach it."""
        known = {
            name: file for file, document in self._old.items() for name in cast("Plain", document.get("types") or {})
        }
        mark_unreferenced(self._wanted)
        places = files_of_types(self._wanted, known, self._source.place_of, self._source.family)
        for name in sorted(self._wanted.types):
            entry = ordered(self._wanted.types[name])
            if name in known:
                file = known[name]
                self._compare(file, self._old[file]["types"][name], entry, ("types", name), name)
                continue
            self._count("types", name)
            file = places[name]
            if file in self._old:
                self._changes.setdefault(file, []).append(Change(("types", name), entry))
            else:
                self._new.setdefault(file, {"types": {}})["types"][name] = entry

    def _compare(self, file: str, existing: Plain, wanted: Plain, path: tuple[str | int, ...], where: str) -> None:
        comparer = Comparer(accept_changes=self._accept, source=self._source)
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

    # The end

    def finish(self) -> None:
        """Report what only the catalogue has, and count what the source wants."""
        wanted = {address(path) for path in self._wanted.resources}
        for file, document in self._old.items():
            for index, entry in enumerate(cast("list[Plain]", document.get("resources") or [])):
                missing = [path for path in _paths(entry) if address(path) not in wanted]
                if len(missing) == len(_paths(entry)):
                    self._gone(file, entry, ("resources", index))
                self.report.only_in_catalogue += missing
        for document in self._old.values():
            self.report.only_in_catalogue += [
                name for name in cast("Plain", document.get("types") or {}) if name not in self._wanted.types
            ]
        operations = [
            operation for entry in self._wanted.resources.values() for operation in entry["operations"].values()
        ]
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
        comparer = Comparer(accept_changes=self._accept, source=self._source)
        comparer.end(entry, path, str(entry["path"]))
        self._changes.setdefault(file, []).extend(comparer.result.changes)
        self.report.ended += comparer.result.ended
        self.report.questions += comparer.result.questions

    def texts(self) -> dict[str, str]:
        """The new text of every file that changes, each read back and compared with what it means."""
        texts: dict[str, str] = {}
        for file, changes in self._changes.items():
            if not changes:
                continue
            old = (self._root / file).read_text(encoding="utf-8")
            texts[file] = edit_text(old, changes)
            check_meaning(self._root / file, texts[file], apply_changes(self._old[file], changes))
        for file, document in self._new.items():
            if (self._root / file).exists():
                raise YamlFileError(
                    f"{self._root / file}: exists where a new file would be written; nothing was changed"
                )
            texts[file] = emit_document(file.split("/")[0], document)
            check_meaning(self._root / file, texts[file], document)
        return dict(sorted(texts.items()))

    def _count(self, kind: str, name: str) -> None:
        self.report.added.setdefault(kind, []).append(name)


def _path_order(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


def _file_names(root: Path, family: str | None) -> list[str]:
    return sorted(
        path.relative_to(root).as_posix()
        for kind in ("resources", "types")
        for path in (root / kind).glob(f"{family or '*'}/*.yaml")
    )


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
