"""The real catalogue is good by every rule of the linter, and its report in docs/ is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectgen.importer.emit import LINE_LENGTH
from connectgen.importer.short_files import ShortFiles, emit_short
from connectgen.lint.all_rules import RULES
from connectgen.lint.rules import lint
from support.command import ROOT, connectgen, environment, in_this_process
from support.real import real_catalogue

SPEC = ROOT / "spec"
GUIDE = ROOT.parent / "shared" / "guide" / "pages"


def test_the_linter_finds_nothing() -> None:
    found = lint(real_catalogue(), RULES)
    assert [str(one) for one in found if not one.is_warning] == []


def test_no_line_is_long() -> None:
    files = [path for path in SPEC.rglob("*.yaml") if "imports" not in path.relative_to(SPEC).parts[:1]]
    lines = [(path, line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 30_000
    assert [
        f"{path}: {line}"
        for path, line in lines
        if len(line) > LINE_LENGTH and not (" | " in line or "http" in line)  # long unions and URLs cannot be broken
    ] == []


@pytest.mark.parametrize("folder", ["resources", "types"])
def test_every_file_says_each_thing_once(folder: str) -> None:
    """No file would be shorter if an importer wrote it: defaults, shared parameters, HEAD and groups are said once."""
    files = ShortFiles(SPEC)
    longer: list[str] = []
    for path in sorted((SPEC / folder).rglob("*.yaml")):
        name = path.relative_to(SPEC).as_posix()
        text = path.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines()[1:] if not line.lstrip().startswith("#")]
        shortest = emit_short(folder, files.written_out(name)).count("\n") - 1
        if len(lines) > shortest:
            longer.append(f"{name} has {len(lines)} lines, {shortest} would do")
    assert longer == []


@pytest.mark.skipif(not GUIDE.is_dir(), reason="the guide's pages are not at hand")
def test_the_report_is_up_to_date(tmp_path: Path) -> None:
    """`make report` writes it anew."""
    (tmp_path / ".cache").symlink_to(ROOT / ".cache")
    report = ["report", "--guide", str(GUIDE), "--output", "catalogue.md"]
    result = in_this_process(report, tmp_path, environment())
    assert result.returncode == 0, result.stderr
    written = (tmp_path / "catalogue.md").read_text(encoding="utf-8")
    assert written == (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8"), "run `make report`"


@pytest.mark.skipif(not GUIDE.is_dir(), reason="the guide's pages are not at hand")
def test_an_import_of_the_guide_changes_and_asks_nothing(tmp_path: Path) -> None:
    """What the importer reads agrees with the catalogue, or a person said why not."""
    result = connectgen("import", "guide", str(GUIDE), "--catalogue", str(ROOT / "spec"), "--dry-run", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "0 files would be written" in result.stdout
    assert " question" not in result.stdout, result.stdout
