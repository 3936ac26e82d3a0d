"""Reports have a length that a person, and a comment on a pull request, can take; what is left out is said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from connectgen.diff.formats import markdown as markdown_module
from connectgen.diff.formats.html import html
from connectgen.diff.formats.markdown import MOST_BYTES, markdown
from connectgen.diff.formats.terminal import MOST_LINES, terminal
from connectgen.diff.report import Layout
from connectgen.diff.sections import GROUPINGS, Grouping
from diff.reports import report_of

PAIRS = [(30, 67), (67, 30), (45, 67), (67, 45), (31, 32), (32, 31), (59, 60), (66, 67), (38, 39)]
COUNTED = re.compile(r"^([\d,]+) of ([\d,]+) entries are only counted here", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")


@pytest.mark.parametrize("grouping", GROUPINGS)
@pytest.mark.parametrize("pair", PAIRS)
def test_markdown_is_short_enough_for_a_comment(pair: tuple[int, int], grouping: Grouping) -> None:
    report = report_of(*pair)
    text = markdown(report, Layout(grouping))
    assert len(text.encode()) <= 60_000
    assert len(text) < 65_536
    outside = _CODE.sub("", text)
    assert outside.count("<details>") == outside.count("</details>") == outside.count("<summary>")
    headings = re.findall(r"^## \S* ?(.+): ([\d,]+)$", text, re.MULTILINE)
    assert sum(int(number.replace(",", "")) for _, number in headings) == len(report.changes)
    counted = COUNTED.search(text)
    whole = len(text.encode()) < MOST_BYTES / 2
    assert whole or counted
    if counted:
        assert counted[2] == f"{len(report.changes):,}"
        assert f"`connectgen diff {report.before} {report.after} --format markdown --full`" in text


def test_what_breaks_callers_is_whole_in_a_comment() -> None:
    text = markdown(report_of(45, 67))
    assert "`unfollow_post_author`" in text
    assert "`experience.sites.head_list`" in text


@pytest.mark.parametrize("pair", [(45, 67), (67, 30)])
def test_full_markdown_has_every_change(pair: tuple[int, int]) -> None:
    report = report_of(*pair)
    text = markdown(report, Layout(is_full=True))
    assert text.count("\n- **") == len(report.changes)
    assert not COUNTED.search(text)


def test_what_fits_in_no_way_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_module, "MOST_BYTES", 3_000)
    report = report_of(30, 67)
    text = markdown(report)
    assert len(text.encode()) <= 3_000
    left_out = re.search(r"([\d,]+) of 4,263 entries are only counted here and ([\d,]+) are left out", text)
    assert left_out
    counted, lost = (int(number.replace(",", "")) for number in left_out.groups())
    assert counted + lost == 4_263
    assert lost > 0


@pytest.mark.parametrize("grouping", GROUPINGS)
@pytest.mark.parametrize("pair", PAIRS)
def test_a_terminal_shows_no_more_than_a_reader_takes(pair: tuple[int, int], grouping: Grouping) -> None:
    report = report_of(*pair)
    text = terminal(report, Layout(grouping), colour=False)
    lines = text.splitlines()
    assert max(len(line) for line in lines if "/" not in line) <= 80
    assert len(lines) <= MOST_LINES + 260  # figures of 37 versions, and a line for each family of each of them
    assert lines[1] == lines[-1] == report.summary
    if len(report.changes) > 1_000:
        assert COUNTED.search(text)


def test_full_shows_each_change_on_the_terminal() -> None:
    report = report_of(45, 67)
    text = terminal(report, Layout(is_full=True), colour=False)
    found = re.findall(r"^    (?:BREAKING|WARNING|info|none) (.*?): .* \[([a-z0-9-]+)\]$", text, re.MULTILINE)
    assert sorted(f"{rule}:{subject}" for subject, rule in found) == sorted(change.id for change in report.changes)


def test_a_list_for_an_application_is_never_cut() -> None:
    report = replace(report_of(45, 67), narrowed_to="app")
    assert not COUNTED.search(terminal(report, colour=False))


def test_a_summary_has_figures_alone() -> None:
    report = report_of(45, 67)
    for text in (terminal(report, Layout(is_summary=True), colour=False), markdown(report, Layout(is_summary=True))):
        assert "service" in text
        assert "62.0" in text
        assert "head_list" not in text
        assert len(text.splitlines()) < 70


def test_causes_come_first_in_every_layout() -> None:
    report = report_of(45, 67)
    for text in (terminal(report, colour=False), markdown(report)):
        social = text[text.index("service.social") :]
        assert 0 < social.index("The whole group is gone.") < social.index("19 operations gone")
        assert social.index("19 operations gone") < social.index("22 types gone")
    page = html(report)
    cause = page.index('id="group-removed:service.social"')
    assert cause < page.index('id="operation-removed:service.social.enable"')
    assert cause < page.index('id="type-removed:LikeIntents"')


def test_advice_for_several_is_said_after_them() -> None:
    for text in (terminal(report_of(35, 36), colour=False), markdown(report_of(35, 36))):
        advice = "To do for these 2: Change requests of your own; the client knows the path."
        moved, _, rest = " ".join(text.split()).partition("files.folders.delete")
        assert "files.folders.create_item" in moved
        assert advice in rest
