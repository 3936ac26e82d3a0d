"""The patch that an upgrade is: unified, as `git apply` and `patch -p1` take it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from connectgen.diff.usage.lines import lines_of


def patch(contents: Mapping[Path, tuple[str, str, str]], folder: Path) -> str:
    """The differences of files, in the order of their names.

    Args:
        contents: the old and the new text of each.
        folder: paths are shown from here.
    """
    return "".join(_of_file(path.relative_to(folder).as_posix(), *contents[path][:2]) for path in sorted(contents))


def _of_file(name: str, before: str, after: str) -> str:
    shown = f"a/{name}", f"b/{name}"
    result: list[str] = []
    for line in difflib.unified_diff(lines_of(before), lines_of(after), *shown):
        result.append(line)
        if not line.endswith("\n"):
            result.append("\n\\ No newline at end of file\n")
    return "".join(result)
