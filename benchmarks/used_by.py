"""Measures `connectgen diff --used-by` over an application of 100,000 lines with planted uses of what is gone."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import NEWEST, ROOT, Figure, environment
from benchmarks.processes import run
from connectgen.catalogue.loader import load_catalogue
from connectgen.resolver import surface_at

FILES = 232
PLANTED = 900
_OLD, _NEW = 45, NEWEST
_NOISE = '''\
class Worker{n}:
    """Works on rows that have nothing to do with a client."""

    limit: int = {n}

    def __init__(self, rows: list[dict[str, int]], name: str = "worker") -> None:
        self.rows = rows
        self.name = name
        self.items: dict[str, int] = {{}}

    def total(self, factor: int = 2) -> int:
        total = 0
        for row in self.rows:
            if row.get("count", 0) > self.limit:
                total += row["count"] * factor
            elif row.get("id") is not None:
                total -= 1
        return total

    def collect(self) -> dict[str, int]:
        for number, row in enumerate(self.rows):
            self.items[f"{{self.name}}-{{number}}"] = sum(value for value in row.values())
        return {{key: value for key, value in self.items.items() if value}}


def run_{n}(worker: Worker{n}, names: list[str]) -> list[str]:
    found = [name.strip().lower() for name in names if name]
    try:
        found.append(str(worker.total()))
    except (KeyError, ValueError) as error:
        found = [*found, f"{{error}}"]
    return sorted(found, key=len)


'''
_SERVICE = """\
class Service{n}:
    def __init__(self, client: Connect) -> None:
        self.client = client
        self.group = client.{group}

    def typed(self) -> None:
        self.group.{name}

    def passed(self, client: Connect) -> object:
        return [client.{group}.{name}]


def untyped_{n}(client):
    return client.{group}.{name}


"""
_USES_EACH = 3


def write_application(root: Path) -> int:
    """Write the application; gives how many uses are planted."""
    catalogue = load_catalogue(ROOT / "spec", ROOT / ".cache")
    before, after = (
        {
            f"{one.family}.{one.group}.{one.name}"
            for group in surface_at(catalogue, version).groups
            for one in group.operations
        }
        for version in (_OLD, _NEW)
    )
    gone = sorted(before - after)
    planted = 0
    for number in range(FILES):
        lines = [f"from sf_connect.v{_OLD} import Connect\n\n\n"]
        for part in range(12):
            lines.append(_NOISE.format(n=part))
            if planted + _USES_EACH <= PLANTED and part % 8 == 0:
                group, _, name = gone[(number + part) % len(gone)].rpartition(".")
                lines.append(_SERVICE.format(n=part, group=group, name=name))
                planted += _USES_EACH
        folder = root / f"package_{number % 10}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"module_{number}.py").write_text("".join(lines), encoding="utf-8")
    return planted


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure with the catalogue's files remembered.

    Args:
        workplace: working directory.
        repeats: not used: one run takes long enough.
    """
    del repeats
    planted = write_application(workplace / "application")
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in (workplace / "application").rglob("*.py"))
    sides = [f"{_OLD}.0", f"{_NEW}.0"]
    command = [sys.executable, "-m", "connectgen", "diff", *sides, "--catalogue", str(ROOT / "spec")]
    run([*command, "--output", "diff.txt"], cwd=workplace, env=environment())
    command += ["--used-by", "application", "--format", "json", "--output", "diff.json"]
    seconds = run(command, cwd=workplace, env=environment()).seconds
    report = json.loads((workplace / "diff.json").read_text(encoding="utf-8"))
    found = [use for change in report["changes"] if change["rule"] == "operation-removed" for use in change["uses"]]
    yield Figure(f"diff {sides[0]} {sides[1]} --used-by, {lines:,} lines", seconds, "s", 15)
    yield Figure(f"of {planted} planted uses found", len(found), "", at_least=planted)
    yield Figure("of these certain", sum(use["certain"] for use in found), "", at_least=planted * 2 // 3)
