"""The import of a vendor's OpenAPI file: the file in, the catalogue out, and what is left to decide."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from connectgen.catalogue.loader import check_catalogue
from connectgen.counting import counted_kind
from connectgen.files import replace_file
from connectgen.importer.merger import MergeReport, plan_merge
from connectgen.importer.openapi.document import Document, read_document
from connectgen.importer.openapi.known import families_of, known_of
from connectgen.importer.openapi.releases import FILE, newest_release, with_release
from connectgen.importer.openapi.translation import Translation, translate
from connectgen.importer.reporting import outcome
from connectgen.importer.source import Source
from connectgen.locations import default_cache

_SILENT = frozenset(
    [
        "since",
        "until",
        "guide",
        "site",
        "requires",
        "group",
        "xml",
        "required",
        "schema",
        "minimum",
        "maximum",
        "default",
    ]
)
"""Keys of which a file often says nothing; what a person wrote is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What a person asked for.

    Attributes:
        file: the OpenAPI file.
        family: the family to which its operations belong.
        spec_dir: the catalogue's folder.
        release: the version that the file describes, where it is to enter the catalogue.
        complete: whether the file has all of the family.
        new_family: whether the family may be new.
        dry_run: show only.
        report_file: where the full report goes.
    """

    file: Path
    family: str
    spec_dir: Path
    release: int | None = None
    complete: bool = False
    new_family: bool = False
    dry_run: bool = False
    report_file: Path | None = None


class ImportFaultError(Exception):
    """The import cannot be done; the message is for the person who asked, one line a fault."""


def import_openapi(request: ImportRequest) -> Iterator[str]:
    """Read a file into the catalogue; gives the lines that report what was done.

    Raises:
        SourceError: the file is at fault.
        YamlFileError: the catalogue cannot be read or written.
        ImportFaultError: what was asked for does not fit, or would leave the catalogue at fault. Nothing was written.
    """
    _check_family(request)
    document = read_document(request.file)
    newest = newest_release(request.spec_dir)
    version = _version(document, request.release, newest)
    known = known_of(request.spec_dir, request.family)
    translation = translate(document, request.family, known, newest=max(newest, version), version=version)
    source = Source(
        place_of=translation.place_of,
        family=request.family,
        silent=_SILENT,
        version=version,
        complete=request.complete,
    )
    totals = len(translation.wanted.resources)
    report, texts = plan_merge(translation.wanted, request.spec_dir, source)
    if version > newest:
        texts = {FILE: with_release(request.spec_dir, version), **texts}
        report.written.insert(0, FILE)
    _check_result(request.spec_dir, texts)
    if not request.dry_run:
        for name, text in texts.items():
            replace_file(request.spec_dir / name, text)
    lines = [*_figures(translation, report, totals), *outcome(report, dry_run=request.dry_run)]
    if request.report_file:
        replace_file(request.report_file, "\n".join(_full_report(request, lines, report)) + "\n")
        lines.append(f"The full report is in {request.report_file}")
    yield from lines


def _check_family(request: ImportRequest) -> None:
    families = families_of(request.spec_dir)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", request.family):
        raise ImportFaultError(f"{request.family!r} cannot be a family: use small letters, digits and underscores")
    if request.family not in families and not request.new_family:
        close = get_close_matches(request.family, families, 1)
        meant = f"did you mean {close[0]}? The families are" if close else "the families are"
        raise ImportFaultError(
            f"there is no family {request.family}: {meant} {', '.join(families)}; --new-family adds one"
        )


def _version(document: Document, release: int | None, newest: int) -> int:
    """The API version that a file describes."""
    info = document.object_at(document.root, "info")
    written = str(info.get("version", ""))
    own = int(float(written)) if re.fullmatch(r"v?([2-9]\d|1\d\d)(\.0)?", written) else None
    line = info.line_of("version")
    if release is not None and own is not None and own != release:
        raise document.error(
            line, f"describes {own}.0, not {release}.0", "give the file of that release, or leave --release out"
        )
    if release is not None and release > newest + 1:
        raise ImportFaultError(f"--release {release}.0: the newest version is {newest}.0, so {newest + 1}.0 comes next")
    if release is None and own is not None and own > newest:
        raise document.error(
            line,
            f"describes {own}.0, but the newest version in the catalogue is {newest}.0",
            f"give --release {newest + 1}.0",
        )
    return release or own or newest


def _check_result(spec_dir: Path, texts: Mapping[str, str]) -> None:
    """Refuse what would leave the catalogue at fault, before anything is written."""
    if not texts:
        return
    with tempfile.TemporaryDirectory(prefix="connectgen-") as folder:
        copy = Path(folder) / "spec"
        shutil.copytree(spec_dir, copy, ignore=shutil.ignore_patterns(".*"))
        for name, text in texts.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_text(text, encoding="utf-8")
        _, faults = check_catalogue(copy, default_cache())
    if not faults:
        return
    # What was at fault before is no matter of this import; its line may have moved.
    before = {(fault.location.file, fault.message) for fault in check_catalogue(spec_dir, default_cache())[1]}
    new = [fault for fault in faults if (fault.location.file, fault.message) not in before]
    if new:
        shown = "\n".join(str(fault) for fault in new[:10]) + ("\n…" if len(new) > 10 else "")
        raise ImportFaultError(f"{shown}\nthe catalogue would be at fault; nothing was written")


def _figures(translation: Translation, report: MergeReport, resources: int) -> Iterator[str]:
    described, taken = translation.schemas
    yield f"Read: {resources} paths, {report.totals['operations']} operations, {taken} of {described} schemas"
    yield "Facts taken: " + ", ".join(counted_kind(count, kind) for kind, count in report.totals.items())
    if translation.still_to_come:
        yield f"{translation.still_to_come} things come with a later version and were left out"
    if report.remarks:
        yield f"Decided on the way: {len(report.remarks)} (--report FILE lists them)"


def _full_report(request: ImportRequest, lines: list[str], report: MergeReport) -> Iterator[str]:
    yield f"# Import of {request.file.name} as {request.family}"
    yield ""
    yield from (f"- {line.strip()}" for line in lines if not line.startswith(" "))
    sections = {
        "Questions": [f"`{question.where}`: {question.text}" for question in report.questions],
        "Decided on the way": [f"`{remark.page}`: {remark.text}" for remark in report.remarks],
        "Ended": [f"`{name}`" for name in report.ended],
        "Only in the catalogue": [f"`{name}`" for name in report.only_in_catalogue],
        **{f"Added: {kind}": [f"`{name}`" for name in names] for kind, names in report.added.items()},
    }
    for title, items in sections.items():
        if items:
            yield from ("", f"## {title}", "", *(f"- {item}" for item in items))
