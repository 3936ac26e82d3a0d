"""What must be true of a wheel and a source distribution before anybody gets them: files, metadata, size."""

from __future__ import annotations

import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from connectgen.wheels.distributions import CORE, Distribution
from connectgen.wheels.versions import Planned

MOST_BYTES = 1_600_000
"""How large a client's wheel may be."""
_REQUIRED = (
    "Summary",
    "License-Expression",
    "License-File",
    "Requires-Python",
    "Description-Content-Type",
    "Project-URL",
)
_CLASSIFIERS = (
    "Development Status ::",
    "Intended Audience ::",
    "Programming Language :: Python :: 3",
    "Typing :: Typed",
)


def faults_of(planned: Planned, wheel: Path, sdist: Path) -> list[str]:
    """What is wrong with two files that were built, a line each; none where all is well."""
    names, metadata = _read_wheel(wheel)
    found = [
        *_outside(planned.distribution, wheel, names),
        *_outside_source(planned, sdist),
        *_metadata_faults(planned, metadata),
    ]
    if planned.distribution.version:
        size = wheel.stat().st_size
        if size > MOST_BYTES:
            found.append(f"holds {size:,} bytes; at most {MOST_BYTES:,} are allowed")
    return [f"{planned.name}: {fault}" for fault in found]


def _read_wheel(wheel: Path) -> tuple[list[str], Message]:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        path = next((name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)), None)
        return names, BytesParser().parsebytes(archive.read(path) if path else b"")


def _outside(distribution: Distribution, wheel: Path, names: Iterable[str]) -> Iterator[str]:
    """Files in a wheel that do not belong to the package, and the marker that type checkers look for."""
    stem = "-".join(wheel.name.split("-")[:2])
    allowed = tuple(f"{folder}/" for folder in (distribution.package, *distribution.further, f"{stem}.dist-info"))
    for name in names:
        if not name.startswith(allowed) or ".." in name.split("/"):
            yield f"holds {name}, which lies outside {distribution.package}/"
    if f"{distribution.package}/py.typed" not in names:
        yield f"lacks {distribution.package}/py.typed: type checkers would not look into it"


def _outside_source(planned: Planned, sdist: Path) -> Iterator[str]:
    stem = f"{planned.distribution.stem}-{planned.version}"
    known = {f"{stem}/{relative}" for relative, _ in planned.distribution.files()}
    known |= {f"{stem}/pyproject.toml", f"{stem}/PKG-INFO"}
    with tarfile.open(sdist) as archive:
        names = {member.name for member in archive if member.isfile()}
    yield from (f"its source distribution holds {name}" for name in sorted(names - known))
    yield from (f"its source distribution lacks {name}" for name in sorted(known - names))


def _metadata_faults(planned: Planned, metadata: Message) -> Iterator[str]:
    for field in _REQUIRED:
        if not metadata.get(field):
            yield f"its metadata lacks {field}"
    if canonicalize_name(str(metadata.get("Name", ""))) != planned.name or metadata.get("Version") != planned.version:
        yield f"its metadata names {metadata.get('Name')} {metadata.get('Version')}"
    classifiers = [str(value) for value in metadata.get_all("Classifier", [])]
    for start in _CLASSIFIERS:
        if not any(classifier.startswith(start) for classifier in classifiers):
            yield f"its metadata lacks a classifier that begins with {start}"
    if not str(metadata.get_payload()).strip():
        yield "its metadata lacks a description"
    if planned.core:
        needed = [Requirement(str(text)) for text in metadata.get_all("Requires-Dist", [])]
        cores = [requirement for requirement in needed if requirement.name == CORE]
        if not cores or not cores[0].specifier.contains(planned.core):
            yield f"does not accept {CORE} {planned.core}, which it was made with"
