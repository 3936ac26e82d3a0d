"""Generation from end to end: what must be made, made, compared, written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from connectgen.counting import counted
from connectgen.files import replace_file
from connectgen.python.faults import GenerationError
from connectgen.python.file_texts import FileTexts
from connectgen.python.writer import PackageFolder, known_packages, lock, unfinished_packages

if TYPE_CHECKING:
    from connectgen.catalogue.model import Catalogue
    from connectgen.python.packages import PackageMaker
    from connectgen.surface import Surface

Progress = Callable[[str, int, int, str], None]
_SHOWN = 3
"""How many files of a package are named."""


@dataclass
class GenerateReport:
    """What a run did, by package."""

    written: dict[str, int] = field(default_factory=dict[str, int])
    kept: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])
    outdated: dict[str, list[str]] = field(default_factory=dict[str, list[str]])


def generate(
    catalogue: Path,
    templates: Path,
    out: Path,
    versions: Sequence[int] = (),
    *,
    check: bool = False,
    cache: Path | None = None,
    force: bool = False,
    overlay: Path | None = None,
    documented_only: bool = False,
    progress: Progress = lambda _package, _done, _all, _why: None,
    waiting: Callable[[], None] = lambda: None,
) -> GenerateReport:
    """Write the packages of some versions.

    Args:
        catalogue: the catalogue's folder.
        templates: the templates' folder.
        out: where packages go, one folder each.
        versions: whole numbers, 67 for 67.0; all of the catalogue where empty.
        check: write nothing, only report what is not up to date.
        cache: where work is remembered, or None.
        force: write over files that a person changed.
        overlay: a folder that is laid over the catalogue, or None.
        documented_only: leave out operations that no reference has, and the types that only they use.
        progress: called for each package when it is done: its name, how many are done, how many there are, and why it
            was written; empty where it was not.
        waiting: called where another run writes to the same folder, before waiting for its end.

    Raises:
        CatalogueError: the catalogue has faults.
        UnknownVersionError: the catalogue lacks a version.
        GenerationError: a person changed files of the output, or a template is at fault.
        OSError: the disk refused; each package is as it was, or as it is to be.
    """
    generator = _generator(templates)
    inputs = _inputs(catalogue, overlay, generator) + (" documented" if documented_only else "")
    everything = not versions
    if everything and (kept := _all_current(out, inputs, check=check)) is not None:
        return GenerateReport(kept=kept)
    from connectgen.catalogue.loader import load_catalogue
    from connectgen.catalogue.pending_validation import PendingValidation
    from connectgen.python.packages import PackageMaker

    pending = PendingValidation()
    loaded = load_catalogue(catalogue, cache, keep=not check, overlay=overlay, pending=pending)
    wanted = sorted(set(versions or loaded.versions))
    with pending:
        surfaces = _surfaces(loaded, wanted, documented_only=documented_only)
        maker = PackageMaker(surfaces, templates, cache, generator=generator)
    folders = {version: PackageFolder(out, f"sf-connect-v{version}") for version in wanted}
    report = GenerateReport()
    if check:
        _compare(maker, folders, report, progress)
        if everything:
            report.outdated.update((name, ["no such version any more"]) for name in _former_versions(out, folders))
        return report
    with lock(out, waiting):
        for name in unfinished_packages(out):
            PackageFolder(out, name).recover()
        if not force:
            _refuse_changed(folders.values())
            _refuse_unmanaged(maker, folders)
        _write(maker, folders, inputs, report, progress)
        if everything:
            _remove_former(out, folders, report)
            replace_file(_note(out), inputs)
    maker.store(forget_others=everything and not documented_only)
    return report


def _all_current(out: Path, inputs: str, *, check: bool) -> list[str] | None:
    """The existing packages, where all of them are as these inputs make them; None where there is work to do."""
    names = known_packages(out)
    folders = [PackageFolder(out, name) for name in names]
    if not _all_known(out, inputs) or (not check and unfinished_packages(out)):
        return None
    return names if all(folder.is_current(inputs) for folder in folders) and not _changed(folders) else None


def _surfaces(catalogue: Catalogue, wanted: Sequence[int], *, documented_only: bool) -> list[Surface]:
    """What exists at each version of a catalogue; a wanted version that the catalogue lacks is refused first."""
    from connectgen.resolver import surface_at
    from connectgen.undocumented import documented

    for version in wanted:
        surface_at(catalogue, version)
    surfaces = [surface_at(catalogue, version) for version in catalogue.versions]
    return [documented(surface) for surface in surfaces] if documented_only else surfaces


def _remove_former(out: Path, folders: _Folders, report: GenerateReport) -> None:
    for name in _former_versions(out, folders):
        PackageFolder(out, name).remove()
        report.removed.append(name)


_Folders = Mapping[int, PackageFolder]


def _compare(maker: PackageMaker, folders: _Folders, report: GenerateReport, progress: Progress) -> None:
    for done, (version, files) in enumerate(maker.planned(folders), 1):
        folder = folders[version]
        differing = _differing(folder, files)
        if differing:
            report.outdated[folder.path.name] = differing
        progress(folder.path.name, done, len(folders), "")


def _write(maker: PackageMaker, folders: _Folders, inputs: str, report: GenerateReport, progress: Progress) -> None:
    for done, (version, files) in enumerate(maker.planned(folders), 1):
        folder = folders[version]
        name = folder.path.name
        differing = _differing(folder, files)
        why = _why(folder, files, differing)
        if not differing:
            folder.touch(files, inputs)
            report.kept.append(name)
        else:
            report.written[name] = folder.write(files, inputs)
        progress(name, done, len(folders), why)


def _why(folder: PackageFolder, files: FileTexts, differing: Sequence[str]) -> str:
    """Why a package is written: it is new, or which of its files are new, changed or gone."""
    if not differing:
        return ""
    if not folder.path.exists():
        return f"new, {counted(len(files), 'file')}"
    there = {path for path in differing if (folder.path / path).exists()}
    parts = {
        "changed": [path for path in differing if path in files and path in there],
        "new": [path for path in differing if path in files and path not in there],
        "gone": [path for path in differing if path not in files],
    }
    return ", ".join(
        f"{counted(len(paths), 'file')} {what} ({_named(paths)})" for what, paths in parts.items() if paths
    )


def _named(paths: Sequence[str]) -> str:
    """The first of some files, without the folder that all modules are in."""
    shown = [re.sub(r"^sf_connect/v\d+/", "", path) for path in paths[:_SHOWN]]
    return ", ".join(shown) + (" …" if len(paths) > _SHOWN else "")


def _differing(folder: PackageFolder, files: FileTexts) -> list[str]:
    by_hand = [path.relative_to(folder.path).as_posix() for path in _changed([folder])]
    return sorted({*folder.differences(files), *by_hand})


def _refuse_changed(folders: Iterable[PackageFolder]) -> None:
    _refuse([f"{path}: changed since it was generated" for path in _changed(folders)])


def _refuse_unmanaged(maker: PackageMaker, folders: _Folders) -> None:
    """Refuse to replace what may be a person's; what is as it would be written is taken over in any case."""
    unmanaged = {version: folder for version, folder in folders.items() if folder.is_unmanaged()}
    if unmanaged:
        other = [version for version, files in maker.planned(unmanaged) if unmanaged[version].differences(files)]
        _refuse([f"{unmanaged[version].path}: exists, and nothing shows that it was generated" for version in other])


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        more = [f"… and {len(faults) - 20} more"] if len(faults) > 20 else []
        lines = [f"{fault}; move it away, or write over it with --force" for fault in faults[:20]]
        raise GenerationError("\n".join([*lines, *more]))


def _former_versions(out: Path, folders: _Folders) -> list[str]:
    """Packages of versions that the catalogue no longer has."""
    current = {folder.path.name for folder in folders.values()}
    return [name for name in known_packages(out) if name not in current and name.startswith("sf-connect-v")]


def _note(out: Path) -> Path:
    return out / ".connectgen" / "inputs"


def _all_known(out: Path, inputs: str) -> bool:
    try:
        return _note(out).read_text(encoding="utf-8") == inputs
    except (OSError, UnicodeDecodeError):
        return False


def _changed(folders: Iterable[PackageFolder]) -> list[Path]:
    return [path for folder in folders for path in folder.changed_by_hand()]


def _inputs(catalogue: Path, overlay: Path | None, generator: str) -> str:
    """One hash of all that the output depends on: the catalogue, and what renders it."""
    sources = [(catalogue, "*.yaml"), (catalogue, "*.json"), *([(overlay, "*")] if overlay else [])]
    return _hash_of_files(sources, generator)


def _generator(templates: Path) -> str:
    """One hash of all that packages follow from beside the catalogue: templates, generator, formatter."""
    from importlib.metadata import version

    versions = " ".join(f"{package} {version(package)}" for package in ("black", "jinja2"))
    return _hash_of_files([(templates, "*"), (Path(__file__).parents[1], "*.py")], versions)


def _hash_of_files(sources: Iterable[tuple[Path, str]], begin: str) -> str:
    """One hash of a text and of some folders' files whose names are as a pattern says."""
    digest = hashlib.blake2b(f"{begin}\n".encode(), digest_size=20)
    for root, pattern in sources:
        for path in sorted(root.rglob(pattern)):
            if path.is_file():
                digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
                digest.update(hashlib.blake2b(path.read_bytes(), digest_size=20).digest())
    return digest.hexdigest()
