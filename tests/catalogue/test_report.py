"""The report of a catalogue: its figures, what its notes say, and what is wrong with its arguments."""

from __future__ import annotations

from pathlib import Path

from support.command import ROOT, SMALL_CATALOGUE, connectgen
from support.undocumented import small_catalogue_with_compost


def test_the_small_catalogue_in_figures(tmp_path: Path) -> None:
    result = connectgen("report", "--catalogue", str(SMALL_CATALOGUE), cwd=tmp_path)
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert "| garden | 1 | 5 | 10 | 19 | 13 | 38 |" in lines
    ways = "3 next-token, 1 next-url, 1 none, 2 offset, 1 page-number"
    assert f"Operations that return collections, by the way they page: {ways}." in lines
    assert "## Coverage of the guide" not in lines
    assert "- `Plant.extra`: The garden centre may put anything here." in lines
    moved = "/garden/plants/{plantId}/move/{pageSize}"
    assert f"- `{moved} plantId`: was type: String. The guide's examples hold ids." in lines
    assert f"- `PUT {moved} import`: The page says import, its example imports." in lines
    assert "- `GET /garden/scarecrow`: source: an old letter" in lines
    assert "- `Rake`: The guide describes it, no resource returns it." in lines


def test_what_is_undocumented_and_who_says_so_is_counted_apart(tmp_path: Path) -> None:
    catalogue = small_catalogue_with_compost(tmp_path)
    lines = connectgen("report", "--catalogue", str(catalogue), cwd=tmp_path).stdout.splitlines()
    start = lines.index("## Undocumented")
    assert lines[start + 4 : start + 8] == ["| family | operations |", "|---|---|", "| garden | 2 |", "| **all** | 2 |"]
    assert "Used by these alone: 1 type." in lines
    assert "| a gardener's program | 1 | 0 | 1 |" in lines
    assert [line for line in lines if line.startswith("## Unsure")] == ["## Unsure: 1, and 1 on what is undocumented"]


def test_a_page_that_the_catalogue_lacks_is_named(tmp_path: Path) -> None:
    guide = tmp_path / "guide"
    guide.mkdir()
    (guide / "rake.md").write_text(
        "# Rake\n\n| Property | Type | Description | Filter Group and Version | Available Version |\n"
        "| --- | --- | --- | --- | --- |\n| teeth | Integer | | Small, 31.0 | 31.0 |\n",
        encoding="utf-8",
    )
    (guide / "spade.md").write_text((guide / "rake.md").read_text(encoding="utf-8").replace("Rake", "Spade"))
    arguments = (
        "report",
        "--catalogue",
        str(SMALL_CATALOGUE),
        "--guide",
        str(guide),
        "--output",
        "report.md",
    )
    assert connectgen(*arguments, cwd=tmp_path).returncode == 0
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "- 1 of 2 pages of request and response bodies are held\n- not held: `spade`: Spade: not held\n" in text


def test_a_folder_without_pages_and_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    report = ("report", "--catalogue", str(SMALL_CATALOGUE))
    no_pages = connectgen(*report, "--guide", str(tmp_path), cwd=tmp_path)
    assert no_pages.returncode == 2
    assert "holds no pages" in no_pages.stderr
    for guide, words in (
        ("nosuch", "is no folder"),
        (ROOT / "docs", "no page (*.md) there describes a resource or a type"),
    ):
        wrong = connectgen(*report, "--guide", str(guide), cwd=tmp_path)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert f"{guide}: {words}; name the folder that holds the guide's pages" in wrong.stderr
    (tmp_path / "file").touch()
    refused = connectgen(*report, "--output", "file/report.md", cwd=tmp_path)
    assert refused.returncode == 3
    assert refused.stderr.startswith("file/report.md: cannot be written")
    assert "Traceback" not in refused.stderr
