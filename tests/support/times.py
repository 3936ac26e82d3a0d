"""Which tests cost what: processor time of each one, children included; a plugin of `make test-times`.

Wall time says little on a machine that does other things, or with several processes. What a fixture of a file or of the
whole run costs is counted with the test that asks for it first.
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest

VARIABLE = "CONNECTGEN_TEST_TIMES"
"""Names the file to which each process of a run adds a line for each test."""


class Times:
    """Adds to a file what each test took.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Measure a test with its fixtures."""
        os.environ.pop(VARIABLE, None)  # what a test runs by pytest is not counted twice
        before, began = os.times(), time.monotonic()
        try:
            return (yield)
        finally:
            after = os.times()
            own = after.user + after.system - before.user - before.system
            children = after.children_user + after.children_system - before.children_user - before.children_system
            line = f"{own:.2f}\t{children:.2f}\t{time.monotonic() - began:.2f}\t{item.nodeid}\n"
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line)


def table(text: str, most: int = 60) -> str:
    """List the files that take most, in seconds: processor time of pytest itself and of its children, wall time.

    Args:
        text: what `Times` wrote.
        most: how many files to list.
    """
    files: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0])
    for line in text.splitlines():
        *seconds, name = line.split("\t", 3)
        of_file = files[name.partition("::")[0]]
        for place, value in enumerate((*seconds, 1)):
            of_file[place] += float(value)
    total = [sum(values) for values in zip(*files.values(), strict=True)] or [0.0, 0.0, 0.0, 0]
    ordered = sorted(files.items(), key=lambda entry: -entry[1][0] - entry[1][1])
    head = f"{'own':>8} {'children':>9} {'wall':>8} {'tests':>6}"
    rows = [_row(values, name) for name, values in ordered[:most]]
    return "\n".join([head, *rows, _row(total, f"all {len(files)} files")])


def _row(values: list[float], name: str) -> str:
    own, children, wall, count = values
    return f"{own:8.1f} {children:9.1f} {wall:8.1f} {count:6.0f}  {name}"


if __name__ == "__main__":
    print(table(Path(sys.argv[1]).read_text(encoding="utf-8")))
