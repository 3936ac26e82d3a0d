"""Measures `connectgen upgrade` over an application of 100,000 lines, in which every file uses the client."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import NEWEST, ROOT, Figure, environment
from benchmarks.processes import run
from benchmarks.used_by import write_application

_OLD = 45
_USES = """\
from sf_connect.v38.models import FeedItem


def shareable_{n}(items: list[FeedItem]) -> list[bool]:
    return [bool(item.can_share) for item in items if item.can_share is not None]
"""


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure with the catalogue's files remembered.

    Args:
        workplace: working directory.
        repeats: not used: one run takes long enough.
    """
    del repeats
    folder = workplace / "application"
    write_application(folder)
    for number, path in enumerate(sorted(folder.rglob("*.py"))):
        text = path.read_text(encoding="utf-8").replace(f"sf_connect.v{_OLD}", "sf_connect.v38")
        path.write_text(text + _USES.format(n=number), encoding="utf-8")
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in folder.rglob("*.py"))
    versions = ["--from", "38.0", "--to", f"{NEWEST}.0", "--catalogue", str(ROOT / "spec")]
    command = [sys.executable, "-m", "connectgen", "upgrade", "application", *versions]
    done = run(command, cwd=workplace, env=environment())
    code = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))]
    yield Figure(f"upgrade 38.0 {NEWEST}.0, {lines:,} lines", done.seconds, "s", 60)
    yield Figure("its processor time, all processes", done.processor, "s")
    yield Figure(
        "properties rewritten", sum(text.count("item.is_sharable") for text in code), "", at_least=2 * len(code)
    )
    yield Figure("calls commented", sum(text.count("# connectgen operation-removed") for text in code), "", at_least=1)
