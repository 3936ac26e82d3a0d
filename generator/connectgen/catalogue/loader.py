"""Loads the catalogue: files to values, values to the immutable model, every fault with its file and line."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from os import cpu_count
from pathlib import Path
from typing import Any, cast

from connectgen import cache
from connectgen.catalogue import building
from connectgen.catalogue.enumerations import with_values
from connectgen.catalogue.faults import CatalogueError, Fault, in_reading_order, quoted
from connectgen.catalogue.model import (
    Catalogue,
    Enumeration,
    Family,
    Group,
    Location,
    Omitted,
    Release,
    StatusCode,
    TypeDefinition,
)
from connectgen.catalogue.overlay import with_enumerations, with_groups, with_types
from connectgen.catalogue.overlay_versions import Key, Source, keys_of, settle
from connectgen.catalogue.pending_validation import PendingValidation
from connectgen.catalogue.schemas import schema_faults, unusable_schemas
from connectgen.catalogue.short_form import expand
from connectgen.catalogue.yaml_reader import LineDict, read_yaml
from connectgen.naming import is_keyword
from connectgen.workers import workers

FORMAT = 2
"""The format of the files that this generator reads; `releases.yaml` names it."""
_FORMAT_RULE = "format"
_WHOLE = ("releases.yaml", "status_codes.yaml", "notes.yaml")
"""Files of a catalogue that an overlay has not."""
_PARALLEL_FROM = 400_000
"""Bytes of YAML from which a second process pays."""


@dataclass(frozen=True, slots=True)
class FileContents:
    """What one file adds to the catalogue."""

    releases: tuple[Release, ...] = ()
    status_codes: tuple[StatusCode, ...] = ()
    group: Group | None = None
    types: tuple[TypeDefinition, ...] = ()
    enumerations: tuple[Enumeration, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    families: tuple[Family, ...] = ()
    omitted: tuple[Omitted, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    kind: str
    path: Path
    name: str
    digest: str = field(default="")
    folder: str = ""
    """How messages name the overlay that the file is of, `ours/`; empty for the catalogue's own."""


def load_catalogue(
    root: Path,
    cache_directory: Path | None = None,
    *,
    keep: bool = True,
    overlay: Path | None = None,
    pending: PendingValidation | None = None,
) -> Catalogue:
    """Load and validate the whole catalogue.

    Args:
        root: the folder that holds `releases.yaml`, `resources/` and so on.
        cache_directory: where parsed files are remembered by their content; None remembers nothing.
        keep: whether to remember what is parsed now.
        overlay: a folder with corrections and additions in the same format, laid over the catalogue.
        pending: the context in which the caller uses the catalogue already, while the rules are applied to it.

    Raises:
        CatalogueError: the catalogue has faults, all of them listed.
    """
    catalogue, faults = check_catalogue(root, cache_directory, keep=keep, overlay=overlay, again=False, pending=pending)
    if faults or catalogue is None:
        raise CatalogueError(faults)
    return catalogue


def check_catalogue(
    root: Path,
    cache_directory: Path | None = None,
    *,
    keep: bool = True,
    overlay: Path | None = None,
    again: bool = True,
    pending: PendingValidation | None = None,
) -> tuple[Catalogue | None, list[Fault]]:
    """Load the catalogue and collect all faults; the catalogue is None where its files cannot be read as such.

    Args:
        root: the folder that holds `releases.yaml`, `resources/` and so on.
        cache_directory: where parsed files are remembered by their content; None remembers nothing.
        keep: whether to remember what is parsed now.
        overlay: a folder with corrections and additions in the same format; None for none.
        again: whether the rules are applied also where they found nothing in the very same files.
        pending: what applies the rules later, to files that have no other faults; None to apply them here.
    """
    files, faults = _find_files(root)
    if overlay is not None:
        more, more_faults = _find_overlay(overlay)
        files += more
        faults += more_faults
    faults += unusable_schemas(_schema_directory(root), root)
    if faults:
        return None, faults
    contents, state = _read_all(root, files, cache_directory, keep=keep)
    if overlay is not None:
        contents = _with_one_range(files, contents)
    faults = [fault for content in contents for fault in content.faults]
    if any(fault.rule == _FORMAT_RULE for fault in faults):
        return None, [fault for fault in faults if fault.rule == _FORMAT_RULE]
    groups, types_of_both, enumerations_of_both = _laid_over(files, contents)
    types, second_definitions = _by_name(types_of_both, faults)
    enumerations = _enumerations_by_name(enumerations_of_both, types, faults)
    if any(fault.location.file == "releases.yaml" for fault in faults):
        return None, in_reading_order(faults)
    catalogue = Catalogue(
        releases=tuple(release for content in contents for release in content.releases),
        status_codes=tuple(code for content in contents for code in content.status_codes),
        groups=groups,
        types=types,
        omitted=tuple(omitted for content in contents for omitted in content.omitted),
        enumerations=enumerations,
        notes={code: text for content in contents for code, text in content.notes.items()},
        families={family.name: family for content in contents for family in content.families},
    )
    catalogue = with_values(catalogue)
    unread = [file.path for file, content in zip(files, contents, strict=True) if content.faults]
    if unread:
        from connectgen.catalogue.validator import validate

        text = _text_of(unread)
        faults += [fault for fault in validate(catalogue, second_definitions) if not _may_follow(fault, text)]
    elif again or faults or not _was_valid(cache_directory, state):
        noted = cache_directory / "catalogue" / state if keep and not faults and cache_directory else None
        faults += _found_by_rules(catalogue, second_definitions, noted, pending if not faults else None)
    return catalogue, in_reading_order(faults)


def _by_name(
    definitions: Iterable[TypeDefinition], faults: list[Fault]
) -> tuple[dict[str, TypeDefinition], list[TypeDefinition]]:
    """Types by name, and those whose name an earlier one has; each of these is added to the faults."""
    types: dict[str, TypeDefinition] = {}
    second: list[TypeDefinition] = []
    for definition in definitions:
        if definition.name in types:
            first = types[definition.name].location
            message = f"the type {definition.name} is already defined in {first}"
            faults.append(Fault(definition.location, message, "rename one, or remove it"))
            second.append(definition)
        types.setdefault(definition.name, definition)
    return types, second


def _enumerations_by_name(
    definitions: Iterable[Enumeration], types: Mapping[str, TypeDefinition], faults: list[Fault]
) -> dict[str, Enumeration]:
    """Enumerations by name; one whose name a type or an earlier one has is added to the faults."""
    enumerations: dict[str, Enumeration] = {}
    for one in definitions:
        if one.name in types or one.name in enumerations:
            first = (enumerations.get(one.name) or types[one.name]).location
            message = f"the enumeration {one.name} has the name of what is defined in {first}"
            faults.append(Fault(one.location, message, "rename one, or remove it"))
        enumerations.setdefault(one.name, one)
    return enumerations


def _found_by_rules(
    catalogue: Catalogue,
    second_definitions: Sequence[TypeDefinition],
    noted: Path | None,
    pending: PendingValidation | None,
) -> list[Fault]:
    """The faults that the rules find, unless a pending validation finds them; where there are none, a file notes it."""
    from connectgen.catalogue.validator import validate

    def note() -> None:
        if noted:
            cache.store(noted, value=True)

    if pending is not None:
        pending.begin(partial(validate, catalogue, second_definitions), len(catalogue.types), note)
        return []
    faults = validate(catalogue, second_definitions)
    if not faults:
        note()
    return faults


def _may_follow(fault: Fault, unread: str | None) -> bool:
    """Whether a fault may exist only because some files, of this text, could not be used."""
    return fault.needs_all or (fault.type_name is not None and (unread is None or fault.type_name in unread))


def _text_of(paths: Iterable[Path]) -> str | None:
    """The content of some files, None where that cannot be known: an empty file may have held anything."""
    try:
        texts = [path.read_text(encoding="utf-8") for path in paths]
    except (OSError, UnicodeDecodeError):
        return None
    is_empty = any(all(not line.strip() or line.startswith("#") for line in text.splitlines()) for text in texts)
    return None if is_empty else "".join(texts)


def _find_files(root: Path) -> tuple[list[_File], list[Fault]]:
    if not root.is_dir():
        return [], [Fault(Location(str(root), 1), "is no folder", "name the catalogue's folder (usually spec)")]
    files = [_File("releases", root / "releases.yaml", "releases.yaml")]
    files.append(_File("status_codes", root / "status_codes.yaml", "status_codes.yaml"))
    files += [
        _File(kind, path, path.name) for kind in ("notes", "families") if (path := root / f"{kind}.yaml").is_file()
    ]
    faults: list[Fault] = []
    for kind, depth in (("resources", 2), ("types", 2), ("enumerations", 1)):
        for path in sorted((root / kind).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_dir() and path.suffix != ".yaml":
                continue
            if path.suffix != ".yaml" or len(path.relative_to(root / kind).parts) != depth:
                remedy = f"keep files as {kind}/<family>{'/<group>' if depth == 2 else ''}.yaml"
                faults.append(Fault(Location(name, 1), "does not belong here", remedy))
                continue
            if not (_is_name(path.stem) and (depth == 1 or _is_name(path.parent.name))):
                remedy = "name folder and file with small letters, digits and underscores; they are Python names"
                faults.append(Fault(Location(name, 1), "its name cannot be a family's and a group's", remedy))
                continue
            files.append(_File(kind, path, name))
    faults.extend(
        Fault(Location(file.name, 1), "is missing", "write it (docs/catalogue-format.md)")
        for file in files[:2]
        if not file.path.is_file()
    )
    return files, faults


def _find_overlay(root: Path) -> tuple[list[_File], list[Fault]]:
    """An overlay's files: resources, types and enumerations; what belongs to the whole catalogue is not among them."""
    if not root.is_dir():
        return [], [Fault(Location(str(root), 1), "is no folder", "name the overlay's folder")]
    folder = f"{root.as_posix()}/"
    files, faults = _find_files(root)
    kept = [replace(file, folder=folder) for file in files if file.kind in ("resources", "types", "enumerations")]
    faults = [replace(fault, location=replace(fault.location, folder=folder)) for fault in faults]
    faults = [fault for fault in faults if fault.location.file not in _WHOLE]
    for name in _WHOLE:
        if (root / name).exists():
            message = "belongs to the whole catalogue, and an overlay cannot have it"
            faults.append(Fault(Location(name, 1, folder), message, "remove it from the overlay"))
    if not kept and not faults:
        message = "holds no files of resources, types or enumerations"
        faults.append(Fault(Location(root.as_posix(), 1), message, "name the overlay's folder"))
    return kept, faults


def _laid_over(
    files: list[_File], contents: list[FileContents]
) -> tuple[tuple[Group, ...], tuple[TypeDefinition, ...], tuple[Enumeration, ...]]:
    """Groups, types and enumerations of all files, the overlay's laid over the catalogue's."""
    both = [
        [content for file, content in zip(files, contents, strict=True) if bool(file.folder) is over]
        for over in (False, True)
    ]
    groups = [tuple(content.group for content in some if content.group) for some in both]
    types = [tuple(one for content in some for one in content.types) for some in both]
    enumerations = [tuple(one for content in some for one in content.enumerations) for some in both]
    if not both[1]:
        return groups[0], types[0], enumerations[0]
    return with_groups(*groups), with_types(*types), with_enumerations(*enumerations)


def _with_one_range(files: list[_File], contents: list[FileContents]) -> list[FileContents]:
    """The contents, where entries that an overlay and the catalogue both have are built with one range."""
    places: dict[Key, list[int]] = defaultdict(list)
    for index, content in enumerate(contents):
        for key in keys_of(content.group, content.types):
            places[key].append(index)
    again = sorted({one for found in places.values() if len(found) > 1 and files[found[-1]].folder for one in found})
    values = {index: read_yaml(files[index].path, files[index].name)[0] for index in again}
    sources = {index: Source(files[index].name, files[index].folder, value) for index, value in values.items() if value}
    settle(tuple(sources.values()))
    built = list(contents)
    for index, source in sources.items():
        content = _with_folder(_contents_of(source.value, files[index]), source.folder)
        built[index] = replace(content, faults=(*content.faults, *source.faults))
    return built


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_]*", text) is not None and not is_keyword(text)


def _was_valid(cache_directory: Path | None, state: str) -> bool:
    """Whether the rules found nothing in files of this state."""
    return cache_directory is not None and cache.load(cache_directory / "catalogue" / state) is True


def _read_all(
    root: Path, files: list[_File], cache_directory: Path | None, *, keep: bool
) -> tuple[list[FileContents], str]:
    """What all files say, and a digest of the files and of the code that judges them."""
    schema_digest = _code_digest() + "".join(
        _digest(path.read_bytes()) for path in sorted(_schema_directory(root).glob("*.json"))
    )
    results: dict[str, FileContents] = {}
    missing: list[_File] = []
    digests = [_rules_digest()]
    for file in files:
        try:
            digest = _digest((schema_digest + file.folder + file.name).encode() + file.path.read_bytes())
        except OSError:  # reading it says why
            digest = ""
        digests.append(digest)
        remembered = _load(cache_directory, digest) if digest else None
        if remembered is None:
            missing.append(replace(file, digest=digest))
        else:
            results[file.folder + file.name] = remembered
    for file, data in zip(missing, _read_missing(root, missing), strict=True):
        content = cast("FileContents", cache.unpacked(data))
        results[file.folder + file.name] = content
        if keep and cache_directory and not content.faults:
            cache.store_packed(_place(cache_directory, file.digest), data)
    return [results[file.folder + file.name] for file in files], _digest("".join(digests).encode())


def _read_missing(root: Path, missing: list[_File]) -> Iterable[bytes]:
    """The content of each file, packed: by whoever reads it, once for the way between processes and for the memory."""
    schema_directory = _schema_directory(root)
    count = min(cpu_count() or 1, 8)
    if count == 1 or sum(file.path.stat().st_size for file in missing if file.digest) < _PARALLEL_FROM:
        return [_read_packed(schema_directory, file.kind, file.path, file.name, file.folder) for file in missing]
    with workers(count) as pool:
        arguments = zip(
            *((schema_directory, file.kind, file.path, file.name, file.folder) for file in missing), strict=True
        )
        return list(pool.map(_read_packed, *arguments, chunksize=4))


def _read_packed(schema_directory: Path, kind: str, path: Path, name: str, folder: str) -> bytes:
    return cache.packed(read_file(schema_directory, kind, path, name, folder))


def read_file(schema_directory: Path, kind: str, path: Path, name: str, folder: str = "") -> FileContents:
    """Read one file by its schema (one of `schemas.SCHEMAS`) on its own; `folder` is how messages name its overlay."""
    return _with_folder(_read_file(schema_directory, kind, path, name, folder), folder)


def _with_folder(content: FileContents, folder: str) -> FileContents:
    """The content, where each fault names the overlay."""
    if not folder or not content.faults:
        return content
    faults = (replace(fault, location=replace(fault.location, folder=folder)) for fault in content.faults)
    return replace(content, faults=tuple(faults))


def _read_file(schema_directory: Path, kind: str, path: Path, name: str, folder: str) -> FileContents:
    value, faults = read_yaml(path, name)
    if not faults and kind == "releases":
        faults = _format_faults(value, name)
    if not faults:
        faults = schema_faults(schema_directory, kind, value, name)
    if faults:
        return FileContents(faults=tuple(faults))
    return _contents_of(value, _File(kind, path, name, folder=folder))


def _contents_of(value: Any, file: _File) -> FileContents:
    """What a value that its schema accepts adds to the catalogue."""
    value, faults = expand(file.kind, value, file.name)
    if faults:
        return FileContents(faults=tuple(faults))
    built = building.Builder(file.name, file.folder)
    match file.kind:
        case "releases":
            return FileContents(releases=built.releases(value), faults=tuple(built.faults))
        case "status_codes":
            return FileContents(status_codes=built.status_codes(value), faults=tuple(built.faults))
        case "resources":
            group = built.group(file.path.parent.name, file.path.stem, value)
            return FileContents(group=group, omitted=built.omitted(value), faults=tuple(built.faults))
        case "enumerations":
            return FileContents(enumerations=built.enumerations(value), faults=tuple(built.faults))
        case "notes":
            return FileContents(notes=dict(value["notes"]))
        case "families":
            return FileContents(families=built.families(value))
        case _:
            types, omitted = built.types(value), built.omitted(value)
            return FileContents(types=types, omitted=omitted, faults=tuple(built.faults))


def _format_faults(value: Any, name: str) -> list[Fault]:
    """Refuse the files of another generator: what their keys mean may differ."""
    if not isinstance(value, LineDict) or value.get("format") == FORMAT:
        return []
    found = value.get("format")
    message = "the format is missing" if found is None else f"the catalogue is in the format {quoted(found)}"
    remedy = f"bring the files to it (docs/catalogue-format.md), then write format: {FORMAT}"
    message += f", and this generator reads format {FORMAT}"
    return [Fault(Location(name, value.line_of("format")), message, remedy, rule=_FORMAT_RULE)]


def _schema_directory(root: Path) -> Path:
    """The schemas beside the catalogue, or those of the project for a catalogue that has none of its own."""
    own = root / "schema"
    if own.is_dir():
        return own
    here = Path(__file__).resolve()
    candidates = (here.parents[3] / "spec" / "schema", here.parents[1] / "_data" / "spec" / "schema")
    return next((candidate for candidate in candidates if candidate.is_dir()), own)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@functools.cache
def _code_digest() -> str:
    folder = Path(__file__).parent
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))).hexdigest()


def _rules_digest() -> str:
    """Of all code that the rules are made of."""
    folder = Path(__file__).parent
    paths = [*sorted(folder.rglob("*.py")), folder.parent / "naming.py", folder.parent / "reserved.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _load(cache_directory: Path | None, digest: str) -> FileContents | None:
    remembered = cache.load(_place(cache_directory, digest)) if cache_directory else None
    return remembered if isinstance(remembered, FileContents) else None


def _place(cache_directory: Path, digest: str) -> Path:
    return cache_directory / "catalogue" / digest
