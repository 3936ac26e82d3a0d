"""What in the distribution `sf-connect` follows the list of releases: version, extras, table, list of clients."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectgen.catalogue.model import Release
from connectgen.diff.formats.markdown import escaped

FOLDER = "umbrella"


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of a file that is written from the list of releases.

    Attributes:
        file: the file, in the distribution's folder.
        pattern: finds the part.
        text: what it reads, from the releases and what was found.
    """

    file: str
    pattern: re.Pattern[str]
    text: Callable[[Sequence[Release], str], str]


def _version(releases: Sequence[Release], found: str) -> str:
    """`67.0.N` belongs to the list that ends with 67.0; a person may have raised N."""
    newest = releases[-1].version
    return found if found.startswith(f'version = "{newest}.0.') else f'version = "{newest}.0.0"'


def _extras(releases: Sequence[Release], _found: str) -> str:
    return "".join(f'v{one.version} = ["sf-connect-v{one.version}"]\n' for one in releases)


def _row(release: Release) -> str:
    retired = f" (retired in {escaped(release.retired_in)})" if release.retired_in else ""
    return f"| {release.version}.0 | {escaped(release.name)} | `pip install sf-connect-v{release.version}`{retired} |\n"


def _client(release: Release) -> str:
    retired = f", retired_in={_literal(release.retired_in)}" if release.retired_in else ""
    return f'    Client("{release.version}.0", {_literal(release.name)}{retired}),\n'


def _literal(text: str) -> str:
    """A string of Python; JSON's is one."""
    return json.dumps(text)


_PLACES = (
    _Place("pyproject.toml", re.compile(r'^version = "[^"\n]*"', re.MULTILINE), _version),
    _Place("pyproject.toml", re.compile(r"(?:^v\d+ = .*\n)+", re.MULTILINE), _extras),
    _Place(
        "README.md",
        re.compile(r"(?:^\| \d+\.0 \|.*\n)+", re.MULTILINE),
        lambda releases, _found: "".join(map(_row, reversed(releases))),
    ),
    _Place(
        "README.md",
        re.compile(r"sf-connect-v\d+(?=\n    pip)|(?<=sf-connect\[)v\d+|(?<=sf_connect\.)v\d+"),
        lambda releases, found: re.sub(r"\d+", str(releases[-1].version), found),
    ),
    _Place(
        "sf_connect/clients/releases.py",
        re.compile(r"(?:^    Client\(.*\n)+", re.MULTILINE),
        lambda releases, _found: "".join(map(_client, releases)),
    ),
)


def outdated_umbrella(root: Path, releases: Sequence[Release]) -> Iterator[tuple[Path, str]]:
    """The files that do not follow the list of releases, each with the text that it should have.

    Args:
        root: the repository.
        releases: the releases, the oldest first.
    """
    for file in dict.fromkeys(place.file for place in _PLACES):
        path = root / FOLDER / file
        if not path.is_file():
            continue  # whoever needs the distribution says that it is missing
        before = now = path.read_text(encoding="utf-8")
        for place in _PLACES:
            if place.file == file:
                now = _with_place(place, releases, now)
        if now != before:
            yield path, now


def _with_place(place: _Place, releases: Sequence[Release], text: str) -> str:
    return place.pattern.sub(lambda match: place.text(releases, match[0]), text)
