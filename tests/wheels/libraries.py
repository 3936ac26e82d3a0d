"""Wheels of the libraries that are installed here, packed again from their files: pip then needs no network."""

from __future__ import annotations

import tomllib
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def needed_by(*projects: Path) -> list[str]:
    """The names of the libraries that some projects need, but their own core.

    Args:
        projects: their `pyproject.toml` files.
    """
    found = [tomllib.loads(path.read_text(encoding="utf-8"))["project"]["dependencies"] for path in projects]
    return sorted({Requirement(text).name for texts in found for text in texts})


def pack_libraries(names: Iterable[str], folder: Path) -> None:
    """Pack some libraries and all that they need, a wheel each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, found in sorted(_closure(names).items()):
        _pack(name, found, folder)


def _closure(names: Iterable[str]) -> dict[str, Distribution]:
    found: dict[str, Distribution] = {}
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        for text in found[name].requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(requirement.name))
    return found


def _pack(name: str, found: Distribution, folder: Path) -> None:
    tags = [
        line.partition(": ")[2] for line in (found.read_text("WHEEL") or "").splitlines() if line.startswith("Tag: ")
    ]
    path = folder / f"{name.replace('-', '_')}-{found.version}-{tags[0]}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in found.files or []:
            source = Path(str(file.locate()))
            if ".." not in file.parts and file.suffix != ".pyc" and source.is_file():
                archive.write(source, file.as_posix())
