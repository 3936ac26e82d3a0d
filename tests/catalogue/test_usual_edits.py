"""The diffs of docs/change-the-catalogue.md apply to the catalogue, which has no faults after each."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from connectgen.catalogue.loader import check_catalogue
from support.command import ROOT

PAGE = (ROOT / "docs" / "change-the-catalogue.md").read_text(encoding="utf-8")
DIFFS = re.findall(
    r"^## (.+?)$.*?^```diff\n--- a/spec/(\S+)\n\+\+\+ b/spec/\2\n@@\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL
)


def applied(text: str, diff: str) -> str:
    """The text with the hunk's new lines in the place of its old ones, which stand there once."""
    lines = diff.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] != "+")
    new = "".join(line[1:] for line in lines if line[0] != "-")
    assert text.count(old) == 1, f"the diff does not fit:\n{old}"
    return text.replace(old, new)


def test_the_page_shows_five_edits() -> None:
    assert len(DIFFS) == PAGE.count("```diff") == 5


@pytest.mark.parametrize(("file", "diff"), [one[1:] for one in DIFFS], ids=[one[0] for one in DIFFS])
def test_a_usual_edit_leaves_no_fault(tmp_path: Path, file: str, diff: str) -> None:
    spec = tmp_path / "spec"
    shutil.copytree(ROOT / "spec", spec)
    path = spec / file
    path.write_text(applied(path.read_text(encoding="utf-8"), diff), encoding="utf-8")
    _, faults = check_catalogue(spec, ROOT / ".cache")
    assert [str(fault) for fault in faults] == []
