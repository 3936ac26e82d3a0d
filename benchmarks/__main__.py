"""Prints the machine's description, the median of every measurement, and what is worse than the committed figures."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import (
    bodies,
    client,
    connections,
    diff,
    downloads,
    editors,
    generation,
    generators,
    importing,
    mock,
    openapi,
    packages,
    runtime,
    searching,
    site,
    upgrade,
    used_by,
)
from benchmarks.committed import committed_figures, worse
from benchmarks.figures import Figure
from benchmarks.machine import description, memory


def main() -> None:
    """Measure in a temporary folder and print a line a figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="how often a short measurement is made")
    parser.add_argument(
        "only",
        nargs="*",
        choices=[
            "generation",
            "generators",
            "client",
            "runtime",
            "connections",
            "downloads",
            "bodies",
            "packages",
            "openapi",
            "diff",
            "used-by",
            "upgrade",
            "find",
            "site",
            "mock",
            "importing",
            "editors",
            [],
        ],
        help="a part; all by default",
    )
    arguments = parser.parse_args()
    print(description())
    print(f"medians of up to {arguments.repeats} runs")
    parts = {
        "generation": generation.figures,
        "generators": generators.figures,
        "client": client.figures,
        "runtime": runtime.figures,
        "connections": connections.figures,
        "downloads": downloads.figures,
        "mock": mock.figures,
        "bodies": bodies.figures,
        "packages": packages.figures,
        "openapi": openapi.figures,
        "importing": importing.figures,
        "editors": editors.figures,
        "diff": diff.figures,
        "used-by": used_by.figures,
        "upgrade": upgrade.figures,
        "find": searching.figures,
        "site": site.figures,
    }
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        for name in arguments.only or parts:
            for figure in parts[name](Path(folder), arguments.repeats):
                print(figure.line(), flush=True)
                figures.append(figure)
    losses = list(worse(figures, committed_figures()))
    print(f"worse than committed by more than the spread: {len(losses) or 'nothing'}")
    for loss in losses:
        print(f"  {loss}")


if __name__ == "__main__":
    main()
