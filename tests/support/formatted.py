"""Whether black would change generated code, asked as a person would: of whole files."""

from __future__ import annotations

from pathlib import Path

import black

from connectgen.python.line_breaks import LINE_LENGTH

_MODE = black.Mode(target_versions={black.TargetVersion.PY311}, line_length=LINE_LENGTH)


def assert_black_changes_nothing(folder: Path) -> None:
    """Every Python file below a folder is as black leaves it.

    Args:
        folder: it has at least one.
    """
    paths = sorted(folder.rglob("*.py"))
    assert paths
    for path in paths:
        code = path.read_text(encoding="utf-8")
        assert black.format_str(code, mode=_MODE) == code, path
