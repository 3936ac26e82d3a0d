"""Lets an importer see files with everything written out, and writes what it changes in the short form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from connectgen.catalogue.short_form import expand
from connectgen.catalogue.yaml_reader import LineDict, LineList
from connectgen.importer.emit import emit_document, is_list, is_mapping
from connectgen.importer.shorten import short_resource, short_type, shorten
from connectgen.importer.values import without_words
from connectgen.importer.yaml_files import (
    Change,
    Plain,
    YamlFileError,
    apply_changes,
    check_meaning,
    edit_text,
    parse_plain,
    read_plain,
)

_STATUS = re.compile(r"[1-5][0-9][0-9]")


class ShortFiles:
    """The files of a catalogue, each with what its defaults, parameters and enumerations say filled in.

    Args:
        root: the catalogue's folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lists = {
            name: without_words(entry["values"])
            for path in sorted((root / "enumerations").glob("*.yaml"))
            for name, entry in cast("dict[str, Plain]", read_plain(path)["enumerations"]).items()
        }

    def read(self, name: str) -> Plain:
        """A file with everything written out, without its defaults and shared parameters.

        Raises:
            YamlFileError: it cannot be read.
        """
        return self._filled_in(name, read_plain(self._root / name))

    def count_lines(self, name: str) -> int:
        """How many lines a file has; one that cannot be read has none, and whoever reads it reports that."""
        try:
            return (self._root / name).read_bytes().count(b"\n")
        except OSError:
            return 0

    def written_out(self, name: str) -> Plain:
        """A file with everything written out but the values of enumerations, which are named.

        Raises:
            YamlFileError: it cannot be read.
        """
        return self._written_out(name, read_plain(self._root / name))

    def edited(self, name: str, changes: Sequence[Change]) -> str:
        """The new text of a file: what differs is written in the short form, everything else stays as it is.

        Args:
            name: the file, relative to the catalogue's folder.
            changes: changes of what `read` gives.
        """
        path = self._root / name
        text = path.read_text(encoding="utf-8")
        raw = read_plain(path)
        old = self._filled_in(name, raw)
        inserted = [change for change in changes if isinstance(change.path[-1], int)]
        new = apply_changes(old, [change for change in changes if not isinstance(change.path[-1], int)])
        named = self._written_out(name, raw)
        short_old, short_new = (_short(raw, self._named(document, named)) for document in (old, new))
        additions = [Change(change.path, _short_entry(raw, change.value)) for change in inserted]
        meant = _comparable(apply_changes(new, inserted))
        for before in (short_old, _entries(raw)):
            edits = [*_differences(before, short_new, ()), *additions]
            try:
                made = edit_text(text, edits)
                made_raw = apply_changes(raw, edits)
                check_meaning(path, made, made_raw)
            except (KeyError, IndexError, TypeError, AttributeError):
                continue
            tidied = self._without_unused(name, made, made_raw)
            if self._means(name, made_raw if tidied is made else parse_plain(tidied)) == meant:
                return tidied
        raise YamlFileError(f"{path}: what would be written does not mean what it should; nothing was changed")

    def _without_unused(self, name: str, text: str, raw: Plain) -> str:
        """Remove those of the file's parameters that no entry has any more."""
        shared = cast("Plain", raw.get("parameters") or {})
        if not name.startswith("resources/") or not shared:
            return text
        unused = [parameter for parameter in shared if not _is_used(raw, parameter)]
        if len(unused) == len(shared):
            return edit_text(text, [Change(("parameters",), None)])
        return edit_text(text, [Change(("parameters", parameter), None) for parameter in unused]) if unused else text

    def _means(self, name: str, raw: Plain) -> Plain:
        return _comparable(self._filled_in(name, raw))

    def _filled_in(self, name: str, raw: Plain) -> Plain:
        document = self._written_out(name, raw)
        for fact in _facts(document):
            if isinstance(fact.get("values"), str):
                fact["values"] = self._lists.get(fact["values"], fact["values"])
        return document

    def _written_out(self, name: str, raw: Plain) -> Plain:
        folder = name.split("/")[0]
        document, faults = expand(folder, _lined(raw), name)
        if faults:
            raise YamlFileError(
                f"{self._root / name}:{faults[0].location.line}: {faults[0].message}; {faults[0].remedy}"
            )
        written_out = _simple(cast("Plain", _plain(document)))
        for key in ("defaults", *(("parameters",) if folder == "resources" else ())):
            written_out.pop(key, None)
        return written_out

    def _named(self, document: Plain, named: Plain) -> Plain:
        """The document with an enumeration's name wherever a fact had it and still has its values."""
        names: dict[tuple[str, ...], set[str]] = {}
        for path, fact in _facts_with_paths(named):
            if isinstance(fact.get("values"), str):
                names.setdefault(path, set()).add(fact["values"])
        made = apply_changes(document, [])
        for path, fact in _facts_with_paths(made):
            for name in sorted(names.get(path, ())):
                if fact.get("values") == self._lists.get(name):
                    fact["values"] = name
        return made


def emit_short(folder: str, document: Plain) -> str:
    """A new file in the short form.

    Args:
        folder: `resources` or `types`.
        document: its content, written out.
    """
    return emit_document(folder, shorten(folder, document))


def as_in_catalogue(entry: Plain, existing: Plain) -> Plain:
    """A type of a source that says `since` and `until` once, as the catalogue's does, where its properties have them.

    Args:
        entry: the type as the source has it.
        existing: the same type in the catalogue.
    """
    made = apply_changes(entry, [])
    for key in ("since", "until"):
        if key not in existing:
            continue
        common = [fact for _, fact in _facts_with_paths({"types": {"": made}}) if fact.get(key) == existing[key]]
        for fact in common:
            del fact[key]
        made.setdefault(key, existing[key])
    simple: Plain = _simple({"types": {"": made}})["types"][""]
    return simple


def _short(raw: Plain, document: Plain) -> Plain:
    """The file's entries in the short form, by the defaults and parameters that it has."""
    if "types" in document:
        defaults = cast("Plain", raw.get("defaults") or {})
        types = cast("dict[str, Plain]", document["types"])
        return {**_rest(document), "types": {name: short_type(name, entry, defaults) for name, entry in types.items()}}
    return {**_rest(document), "resources": [_short_entry(raw, entry) for entry in document["resources"]]}


def _rest(document: Plain) -> Plain:
    return {key: value for key, value in document.items() if key not in ("types", "resources")}


def _short_entry(raw: Plain, entry: Plain) -> Plain:
    return short_resource(entry, cast("Plain", raw.get("defaults") or {}), cast("Plain", raw.get("parameters") or {}))


def _entries(raw: Plain) -> Plain:
    """A file as it is, but for what holds for all its entries."""
    hidden = ("defaults", "parameters") if "resources" in raw else ("defaults",)
    return {key: value for key, value in raw.items() if key not in hidden}


def _differences(old: Any, new: Any, path: tuple[str | int, ...]) -> Iterator[Change]:
    if is_mapping(old) and is_mapping(new) and path[-1:] != ("parts",):
        for key, value in new.items():
            if key not in old:
                yield Change((*path, key), value)
            elif old[key] != value:
                yield from _differences(old[key], value, (*path, key))
        yield from (Change((*path, key), None) for key in old if key not in new)
    elif path == ("resources",):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(before, after, (*path, index))
    elif old != new:
        yield Change(path, new)


def _tables(document: Plain) -> Iterator[tuple[tuple[str, ...], Plain]]:
    """Every table of properties or parameters, with the names of its owners."""
    for name, entry in cast("dict[str, Plain]", document.get("types") or {}).items():
        yield (name,), cast("Plain", entry.get("properties") or {})
    for entry in cast("list[Plain]", document.get("resources") or []):
        owner = str(entry["path"])
        yield (owner,), cast("Plain", entry.get("parameters") or {})
        for method, operation in cast("dict[str, Plain]", entry["operations"]).items():
            yield (owner, method), cast("Plain", operation.get("parameters") or {})


def _facts_with_paths(document: Plain) -> Iterator[tuple[tuple[str, ...], Plain]]:
    for owner, table in _tables(document):
        for name, written in table.items():
            for fact in written if is_list(written) else [written]:
                if is_mapping(fact):
                    yield (*owner, name), fact


def _facts(document: Plain) -> Iterator[Plain]:
    yield from (fact for _, fact in _facts_with_paths(document))


def _simple(document: Plain) -> Plain:
    """The document with a type alone for each fact that says nothing else."""
    for _, table in _tables(document):
        for name, written in table.items():
            if is_mapping(written) and set(written) == {"type"}:
                table[name] = written["type"]
    return document


def _comparable(document: Plain) -> Plain:
    """The document without the versions that properties have from their type: saying them again says nothing."""
    made = apply_changes(document, [])
    for entry in cast("dict[str, Plain]", made.get("types") or {}).values():
        for written in cast("Plain", entry.get("properties") or {}).values():
            for fact in written if is_list(written) else [written]:
                if is_mapping(fact) and "since" in fact and fact["since"] == entry.get("since"):
                    del fact["since"]
    return _simple(made)


def _is_used(raw: Plain, parameter: str) -> bool:
    """Whether an entry of a file of resources has one of the file's parameters."""
    for entry in cast("list[Plain]", raw["resources"]):
        paths = [entry["path"], *(former["path"] for former in entry.get("formerly", ()))]
        owners = [entry, *(one for one in entry["operations"].values() if is_mapping(one))]
        own = [cast("Plain", one["parameters"]) for one in owners if is_mapping(one.get("parameters"))]
        if any(is_mapping(table.get(parameter)) and "type" not in table[parameter] for table in own):
            return True
        if parameter not in (entry.get("parameters") or {}) and any(f"{{{parameter}}}" in path for path in paths):
            return True
    return False


def _lined(value: Any) -> Any:
    """Plain values as the catalogue's reader gives them, all in line 1."""
    if is_mapping(value):
        made = LineDict(1)
        made.update({str(key): _lined(item) for key, item in cast("Mapping[Any, Any]", value).items()})
        return made
    if is_list(value):
        items = LineList(1)
        items.extend(_lined(item) for item in value)
        items.lines = [1] * len(items)
        return items
    return value


def _plain(value: Any) -> Any:
    if is_mapping(value):
        return {int(key) if _STATUS.fullmatch(key) else key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if is_list(value) else value
