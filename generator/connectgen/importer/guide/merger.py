"""Merges what the guide says into the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from connectgen.importer import merger
from connectgen.importer.guide.placement import place_of
from connectgen.importer.guide.translation import translate
from connectgen.importer.merger import MergeReport
from connectgen.importer.questions import SOURCE, Answer, Question, nobody
from connectgen.importer.releases import covered_versions
from connectgen.importer.source import Source
from connectgen.importer.wanted import Wanted

if TYPE_CHECKING:
    from connectgen.importer.guide.facts import GuideFacts

_SILENT = frozenset({"schema"})
"""Keys of which the guide says nothing: the vendor's OpenAPI files do."""


def merge_guide(
    facts: GuideFacts,
    spec_dir: Path,
    dry_run: bool,
    *,
    accept_changes: bool = False,
    before_writing: Callable[[MergeReport, dict[str, str]], None] = lambda _report, _texts: None,
) -> MergeReport:
    """Bring the guide's facts into the catalogue.

    Args:
        facts: what the reader took from the pages.
        spec_dir: the catalogue's folder.
        dry_run: report only, write nothing.
        accept_changes: where a fact differs and bears no person's note, take the source's side instead of asking.
        before_writing: is called with what will be done; where it raises, nothing is written.

    Returns:
        What was done, and what is left to decide.

    Raises:
        YamlFileError: a file cannot be read or written. Files written before it stay; each is whole.
    """
    wanted = translate(facts, covered_versions(spec_dir))
    return merge_wanted(wanted, spec_dir, dry_run, accept_changes=accept_changes, before_writing=before_writing)


def merge_wanted(
    wanted: Wanted,
    spec_dir: Path,
    dry_run: bool,
    *,
    accept_changes: bool = False,
    before_writing: Callable[[MergeReport, dict[str, str]], None] = lambda _report, _texts: None,
) -> MergeReport:
    """The same, from entries in the catalogue's terms."""
    source = Source(place_of=place_of, silent=_SILENT)
    return merger.merge_wanted(
        wanted,
        spec_dir,
        dry_run,
        source,
        decide=_source_wins if accept_changes else nobody,
        before_writing=before_writing,
    )


def _source_wins(question: Question) -> Answer | None:
    """Takes the source's side where no person's note contradicts it."""
    return None if question.kept_by_person else Answer(SOURCE, in_bulk=True)
