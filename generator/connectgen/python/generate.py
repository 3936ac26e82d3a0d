"""Generation from end to end: what must be made, made, compared, written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connectgen.python.writer import PackageFolder, known_packages

Progress = Callable[[str, int, int], None]


class GenerationError(Exception):
    """Generation cannot go on; each line says what is wrong and what to do."""


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
    progress: Progress = lambda _package, _done, _all: None,
) -> GenerateReport:
    """Write the packages of some versions.

    Args:
        catalogue: the catalogue's folder.
        templates: the templates' folder.
        out: where packages go, one folder each.
        versions: whole numbers, 67 for 67.0; all of the catalogue where empty.
        check: write nothing, only tell what is not up to date.
        cache: where work is remembered, or None.
        force: write over files that a person changed.
        progress: told of each package when it is done: its name, how many are done, how many there are.

    Raises:
        CatalogueError: the catalogue has faults.
        UnknownVersionError: the catalogue lacks a version.
        GenerationError: a person changed files of the output.
    """
    inputs = _inputs(catalogue, templates)
    report = GenerateReport()
    everything = not versions
    if everything:
        names = known_packages(out)
        folders = [PackageFolder(out, name) for name in names]
        state = _all_known(out, inputs)
        if state and all(folder.is_current(inputs) for folder in folders) and not _changed(folders):
            report.kept = names
            return report
    _generate(
        catalogue, templates, out, versions, inputs, report, check=check, cache=cache, force=force, progress=progress
    )
    return report


def _generate(
    catalogue: Path,
    templates: Path,
    out: Path,
    versions: Sequence[int],
    inputs: str,
    report: GenerateReport,
    *,
    check: bool,
    cache: Path | None,
    force: bool,
    progress: Progress,
) -> None:
    from connectgen.catalogue.loader import load_catalogue
    from connectgen.python.packages import PackageMaker
    from connectgen.resolver import surface_at

    loaded = load_catalogue(catalogue, cache)
    wanted = sorted(set(versions or loaded.versions))
    for version in wanted:
        surface_at(loaded, version)
    folders = {version: PackageFolder(out, f"sf-connect-v{version}") for version in wanted}
    if not check:
        for folder in folders.values():
            folder.mend()
        changed = _changed(folders.values())
        if changed and not force:
            raise GenerationError(
                "\n".join(
                    f"{path}: changed since it was generated; move it away, or write over it with --force"
                    for path in changed[:20]
                )
            )
    surfaces = [surface_at(loaded, version) for version in loaded.versions]
    maker = PackageMaker(surfaces, templates, cache / "pieces.pickle" if cache else None)
    for done, (version, files) in enumerate(maker.make(wanted), 1):
        folder = folders[version]
        name = folder.path.name
        by_hand = [path.relative_to(folder.path).as_posix() for path in _changed([folder])]
        differing = sorted({*folder.differences(files), *by_hand})
        if check:
            if differing:
                report.outdated[name] = differing
        elif differing:
            report.written[name] = folder.write(files, inputs)
        else:
            folder.touch(files, inputs)
            report.kept.append(name)
        progress(name, done, len(wanted))
    maker.remember()
    if not versions:
        _settle(out, {folder.path.name for folder in folders.values()}, inputs, report, check=check)


def _settle(out: Path, current: set[str], inputs: str, report: GenerateReport, *, check: bool) -> None:
    """Packages of versions that the catalogue no longer has; then the note that all is made."""
    for name in known_packages(out):
        if name not in current and name.startswith("sf-connect-v"):
            if check:
                report.outdated[name] = ["no such version any more"]
            else:
                PackageFolder(out, name).remove()
                report.removed.append(name)
    if not check:
        _note(out).write_text(inputs, encoding="utf-8")


def _note(out: Path) -> Path:
    return out / ".connectgen" / "inputs"


def _all_known(out: Path, inputs: str) -> bool:
    try:
        return _note(out).read_text(encoding="utf-8") == inputs
    except OSError:
        return False


def _changed(folders: Iterable[PackageFolder]) -> list[Path]:
    return [path for folder in folders for path in folder.changed_by_hand()]


def _inputs(catalogue: Path, templates: Path) -> str:
    """One hash of all that the output depends on: catalogue, templates, generator, formatter."""
    from importlib.metadata import version

    digest = hashlib.blake2b(digest_size=20)
    for package in ("black", "jinja2"):
        digest.update(f"{package} {version(package)}\n".encode())
    package_folder = Path(__file__).parents[1]
    for root, pattern in ((catalogue, "*.yaml"), (catalogue, "*.json"), (templates, "*"), (package_folder, "*.py")):
        for path in sorted(root.rglob(pattern)):
            if path.is_file():
                digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
                digest.update(hashlib.blake2b(path.read_bytes(), digest_size=20).digest())
    return digest.hexdigest()
