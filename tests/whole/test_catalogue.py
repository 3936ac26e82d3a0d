"""The real catalogue is good by every rule of the linter, and its report in docs/ is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.lint.all_rules import RULES
from connectgen.lint.rules import lint
from support.command import ROOT, connectgen

GUIDE = ROOT.parent / "shared" / "guide" / "pages"


def test_the_linter_finds_nothing() -> None:
    found = lint(load_catalogue(ROOT / "spec"), RULES)
    assert [str(one) for one in found if not one.is_warning] == []


@pytest.mark.skipif(not GUIDE.is_dir(), reason="the guide's pages are not at hand")
def test_the_report_is_up_to_date(tmp_path: Path) -> None:
    """`make report` writes it anew."""
    result = connectgen("report", "--guide", str(GUIDE), "--output", "catalogue.md", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    written = (tmp_path / "catalogue.md").read_text(encoding="utf-8")
    assert written == (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8"), "run `make report`"


@pytest.mark.skipif(not GUIDE.is_dir(), reason="the guide's pages are not at hand")
def test_an_import_of_the_guide_changes_and_asks_nothing(tmp_path: Path) -> None:
    """What the importer reads agrees with the catalogue, or a person said why not."""
    result = connectgen("import", "guide", str(GUIDE), "--catalogue", str(ROOT / "spec"), "--dry-run", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "0 files would be written" in result.stdout
    assert "questions" not in result.stdout, result.stdout
