"""Comparisons as release notes: nothing is lost, causes come first, what follows is folded, what to do is said once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.diff.change import Change, UsePlace
from connectgen.diff.formats.words import in_reading_order
from connectgen.diff.notes import GroupNotes, Section
from connectgen.diff.report import Report
from connectgen.diff.sections import GROUPINGS, Grouping
from connectgen.diff.sentences import counted_changes, sentence_of, subject_of
from connectgen.site.context import Context
from connectgen.site.history import history_of
from connectgen.site.releases import release_view
from diff.reports import report_of
from diff.small import write
from diff.test_command import EDITS
from diff.test_rules import differences
from support.command import ROOT


def groups_of(sections: list[Section]) -> list[GroupNotes]:
    return [notes for section in sections for groups in section.families.values() for notes in groups]


def entries_of(notes: GroupNotes) -> list[Change]:
    """The changes of a group in the order that a reader meets them, those of folds included."""
    own = [change for entry in (*notes.operations, *notes.types) for change in entry.changes]
    return [*own, *(change for fold in notes.folds for change in fold.changes)]


@pytest.mark.parametrize("pair", [(30, 67), (67, 30), (45, 67), (66, 67)])
@pytest.mark.parametrize("grouping", GROUPINGS)
def test_every_change_is_in_the_notes_once(pair: tuple[int, int], grouping: Grouping) -> None:
    report = report_of(*pair)
    sections = report.sections(grouping)
    wanted = Counter(change.id for change in report.changes)
    assert Counter(change.id for section in sections for change in section.changes) == wanted
    assert Counter(change.id for notes in groups_of(sections) for change in notes.changes) == wanted
    assert Counter(change.id for notes in groups_of(sections) for change in entries_of(notes)) == wanted
    assert Counter(change.id for notes in groups_of(sections) for change in in_reading_order(notes)) == wanted


@pytest.mark.parametrize("pair", [(30, 67), (45, 67), (67, 45)])
def test_what_follows_comes_after_its_cause_and_is_folded(pair: tuple[int, int]) -> None:
    """Half of what breaks callers from 45.0 to 67.0 follows from a group that is gone."""
    sections = report_of(*pair).sections("severity")
    found = 0
    for notes in groups_of(sections):
        order = [change.subject for change in entries_of(notes)]
        for number, change in enumerate(entries_of(notes)):
            if change.rule.id == "operation-removed":
                group = change.subject.rpartition(".")[0]
                causes = [order.index(one) for one in (group, group.partition(".")[0]) if one in order]
                assert all(cause < number for cause in causes), change.subject
                found += bool(causes)
    assert found >= 23
    breaking = sections[0]
    entries = [entry for notes in groups_of([breaking]) for entry in (*notes.operations, *notes.types)]
    assert len(entries) < breaking.count
    assert not [owner for entry in entries for owner in entry.owners if is_a_type_without_advice(entry.changes, owner)]


def is_a_type_without_advice(changes: tuple[Change, ...], owner: str) -> bool:
    """Whether an entry is about a type that is gone, without saying what to use instead: it belongs into a fold."""
    own = [change for change in changes if subject_of(change).owner == owner]
    return all(change.rule.id == "type-removed" and not change.replacement for change in own)


def test_the_breaking_changes_of_45_to_67_are_three_groups_with_what_follows_folded() -> None:
    breaking = report_of(45, 67).sections("severity")[0]
    shown = {
        notes.title: ([entry.owners for entry in notes.operations], [fold.label for fold in notes.folds])
        for notes in groups_of([breaking])
    }
    assert shown == {
        "experience.sites": ([("experience.sites.head_list",)], []),
        "platform.async_queries": ([("platform.async_queries",)], ["4 operations gone", "3 types gone"]),
        "service.social": ([("service.social",)], ["19 operations gone", "22 types gone"]),
    }


def test_what_to_do_is_said_once_in_an_entry_and_not_again_where_the_group_is_gone() -> None:
    for section in report_of(30, 67).sections("severity"):
        for notes in groups_of([section]):
            for entry in (*notes.operations, *notes.types):
                advice = [said.do for said in entry.said if said.do]
                assert len(advice) == len(set(advice)), entry.owners
                assert {sentence_of(change).do for change in entry.changes} - {""} == set(advice), entry.owners
            if any(notes.title in entry.owners for entry in notes.operations):
                assert not [fold.do for fold in notes.folds if fold.do and "undocumented" not in fold.do]


def test_operations_of_which_the_same_is_said_are_one_entry() -> None:
    breaking = report_of(35, 36).sections("severity")[0]
    (notes,) = (one for one in groups_of([breaking]) if one.title == "files.folders")
    assert ("files.folders.create_item", "files.folders.list_items") in [entry.owners for entry in notes.operations]


def test_a_used_change_keeps_its_own_entry() -> None:
    """In a list for an application nothing that its code uses is folded away."""
    report = report_of(45, 67)
    used = [replace(one, uses=(UsePlace("app.py", 3, True, "calls"),)) for one in report.changes[:51]]
    sections = Report("45.0", "67.0", used, families=report.families).sections("severity")
    assert [fold for notes in groups_of(sections) for fold in notes.folds] == []
    assert all(said.uses for notes in groups_of(sections) for entry in notes.operations for said in entry.said)


def test_the_site_and_the_command_have_the_same_notes(tmp_path: Path) -> None:
    root = write(tmp_path / "spec", *EDITS)
    catalogue = load_catalogue(root)
    context = Context(history_of(catalogue), ROOT / "templates")
    report = Report("66.0", "67.0", context.jumps.compare(66, 67), families=frozenset({"votes"}))
    assert list(release_view(context, 67).sections) == report.sections("severity")
    assert report.sections("severity")


def test_changes_are_counted_in_words(tmp_path: Path) -> None:
    changes = differences(
        write(tmp_path / "before"),
        write(
            tmp_path / "after",
            ("          since: DateTime\n", ""),
            ("      friends: list<Poll>\n", "      friends: list<Poll>\n      fans: Long\n      foes: Long\n"),
            ('values: ["New", "Old"]', 'values: ["New", "Old", "Odd"]'),
        ),
    )
    assert counted_changes(changes) == "1 parameter gone, 2 new properties, 1 new value"


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_sections_are_what_was_asked_for(grouping: Grouping) -> None:
    titles = [section.title for section in report_of(45, 67).sections(grouping)]
    match grouping:
        case "severity":
            assert titles == ["Breaking", "New", "Changed"]
        case "family":
            assert titles == sorted(titles)
            assert "commerce" in titles
        case "version":
            assert titles == [f"{version}.0" for version in range(46, 68)]
            back = [section.title for section in report_of(67, 45).sections("version")]
            assert back == titles[::-1]
        case "rule":
            assert titles[0] == "operation-removed"
            assert all(re.fullmatch(r"[a-z-]+", title) for title in titles)


def test_figures_by_family_and_version_add_up() -> None:
    report = report_of(30, 67)
    for rows in (report.by_family, report.by_version):
        assert sum(row.breaking for row in rows) == report.counts["breaking"]
        assert sum(row.warnings for row in rows) == report.counts["warning"]
        assert sum(row.breaking + row.warnings + row.others for row in rows) == len(report.changes)
    by_section = {
        section.title: section.count for section in report.sections("family") if section.title != "The release"
    }
    assert by_section == {
        row.name: row.breaking + row.warnings + row.others for row in report.by_family if row.name[0] != "("
    }
