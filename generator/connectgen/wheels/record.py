"""The record, `published.yaml`: each distribution's last released version, and the hash of what it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from packaging.version import InvalidVersion, Version

from connectgen.catalogue.yaml_reader import LineDict, read_yaml
from connectgen.files import replace_file
from connectgen.wheels.faults import ReleaseError

RECORD = "published.yaml"
_HEAD = """\
# The last released version of each distribution, the hash of what is in it (words do not count), and the
# commit that it was made from. Under `yanked` are versions that were withdrawn: nothing is compared with them.
# `make release` writes this file, `make wheels` and `make publish` compare with it; docs/publishing.md says the rest.
# `core` is the oldest sf-connect-core that a client accepts; `broke` says why a version was let break its users' code.
"""
_KEYS = ("version", "content", "commit", "core", "broke")
_YANKED_KEYS = ("because", "content", "commit", "core")
_CONTENT = re.compile(r"sha256:[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What was released last of one distribution.

    Attributes:
        version: its version.
        content: the hash of what is in it, without words (docstrings, comments, README, CHANGELOG).
        commit: the commit of the repository that it was made from.
        core: for a client, the version of core that it was made with.
        broke: why a version was let break its users' code, by version.
    """

    version: str
    content: str
    commit: str
    core: str | None = None
    broke: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Yanked:
    """A version that was withdrawn.

    Attributes:
        because: why.
        content: the hash of what was in it, without words.
        commit: the commit that it was made from.
        core: for a client, the version of core that it was made with.
    """

    because: str
    content: str
    commit: str
    core: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What was released.

    Attributes:
        released: the last version of each distribution that was not withdrawn, by name.
        yanked: what was withdrawn, by name and version.
    """

    released: Mapping[str, Entry] = field(default_factory=dict[str, Entry])
    yanked: Mapping[str, Mapping[str, Yanked]] = field(default_factory=dict[str, Mapping[str, Yanked]])

    def yanked_of(self, name: str) -> Mapping[str, Yanked]:
        """The withdrawn versions of a distribution."""
        return self.yanked.get(name, {})

    def highest(self, name: str) -> Version | None:
        """The highest version of a distribution that was ever released, withdrawn or not."""
        entry = self.released.get(name)
        versions = [*self.yanked_of(name), *([entry.version] if entry else [])]
        return max(map(Version, versions), default=None)


def read_record(root: Path) -> Record:
    """Read the record of a repository; empty where nothing has been released.

    Raises:
        ReleaseError: it is malformed; a line a fault.
    """
    path = root / RECORD
    if not path.exists():
        return Record()
    value, faults = read_yaml(path, RECORD)
    if faults:
        raise ReleaseError("\n".join(str(fault) for fault in faults))
    if not isinstance(value, LineDict) or not isinstance(value.get("distributions"), LineDict):
        raise ReleaseError(f"{RECORD}:1: holds no table `distributions`; take the file from git again")
    table = cast("LineDict", value["distributions"])
    problems: list[str] = []
    entries = {name: _entry(name, item, table.line_of(name), problems) for name, item in table.items()}
    yanked = _all_yanked(value.get("yanked", LineDict(1)), value, problems)
    if problems:
        raise ReleaseError("\n".join(problems))
    return Record({name: entry for name, entry in entries.items() if entry}, yanked)


def _all_yanked(table: Any, whole: LineDict, problems: list[str]) -> dict[str, dict[str, Yanked]]:
    found: dict[str, dict[str, Yanked]] = {}
    if not isinstance(table, LineDict):
        problems.append(f"{RECORD}:{whole.line_of('yanked')}: yanked is no table; take the file from git again")
        return found
    for name, versions in table.items():
        if not isinstance(versions, LineDict):
            problems.append(f"{RECORD}:{table.line_of(name)}: {name}: lists no versions; take the file from git again")
            continue
        for version, item in versions.items():
            where = f"{RECORD}:{versions.line_of(version)}: {name} {version}"
            if yanked := _yanked(version, item, where, problems):
                found.setdefault(name, {})[version] = yanked
    return found


def _yanked(version: Any, item: Any, where: str, problems: list[str]) -> Yanked | None:
    keys = {"because", "content", "commit"}
    if not isinstance(item, LineDict) or not keys <= set(item) <= set(_YANKED_KEYS) or not _is_version(version):
        problems.append(f"{where}: must be a version with because, content and commit; take it from git")
        return None
    if not _hashes_are_well_formed(item, where, problems):
        return None
    return Yanked(str(item["because"]), item["content"], item["commit"], item.get("core"))


def _entry(name: str, item: Any, line: int, problems: list[str]) -> Entry | None:
    where = f"{RECORD}:{line}: {name}"
    if (
        not isinstance(item, LineDict)
        or not set(item) <= set(_KEYS)
        or not {"version", "content", "commit"} <= set(item)
    ):
        problems.append(
            f"{where}: must have version, content and commit, and may have core and broke; take it from git"
        )
        return None
    if not _hashes_are_well_formed(item, where, problems):
        return None
    for key in ("version", "core"):
        if key in item and not _is_version(item[key]):
            problems.append(f"{where}: {item[key]!r} is no version; take the file from git again")
            return None
    broke: Any = item.get("broke", LineDict(line))
    if not isinstance(broke, LineDict):
        problems.append(f"{where}: broke must give a reason for each version; take the file from git again")
        return None
    reasons = {str(version): str(reason) for version, reason in broke.items()}
    return Entry(item["version"], item["content"], item["commit"], item.get("core"), reasons)


def _hashes_are_well_formed(item: LineDict, where: str, problems: list[str]) -> bool:
    for key, pattern in (("content", _CONTENT), ("commit", _COMMIT)):
        if not isinstance(item[key], str) or not pattern.fullmatch(item[key]):
            problems.append(f"{where}: {item[key]!r} is no {key}; take the file from git again")
            return False
    return True


def _is_version(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(Version(value)) == value
    except InvalidVersion:
        return False


def write_record(root: Path, record: Record) -> None:
    """Put the record in place, whole or not at all.

    Raises:
        FileError: it cannot be written.
    """
    lines = [_HEAD, "distributions:\n" if record.released else "distributions: {}\n"]
    for name, entry in sorted(record.released.items(), key=lambda item: _natural(item[0])):
        values = [f"version: {_quoted(entry.version)}"]
        if entry.core:
            values.append(f"core: {_quoted(entry.core)}")
        values += [f"content: {_quoted(entry.content)}", f"commit: {_quoted(entry.commit)}"]
        if entry.broke:
            reasons = ", ".join(f"{_quoted(version)}: {_quoted(reason)}" for version, reason in entry.broke.items())
            values.append(f"broke: {{{reasons}}}")
        lines.append(f"  {name}: {{{', '.join(values)}}}\n")
    if record.yanked:
        lines.append("yanked:\n")
    for name, versions in sorted(record.yanked.items(), key=lambda item: _natural(item[0])):
        lines.append(f"  {name}:\n")
        for version, yanked in sorted(versions.items(), key=lambda item: Version(item[0])):
            kept = [(key, getattr(yanked, key)) for key in _YANKED_KEYS if getattr(yanked, key) is not None]
            values = [f"{key}: {_quoted(text)}" for key, text in kept]
            lines.append(f"    {_quoted(version)}: {{{', '.join(values)}}}\n")
    replace_file(root / RECORD, "".join(lines))


def _natural(name: str) -> tuple[str, int]:
    head, _, number = name.rpartition("-v")
    return (head, int(number)) if number.isdecimal() else (name, 0)


def _quoted(text: str) -> str:
    """A double-quoted YAML scalar; JSON's is one."""
    return json.dumps(text, ensure_ascii=False)
