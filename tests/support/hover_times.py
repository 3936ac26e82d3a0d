"""Prints how long pyright's language server takes for hovers: `python -m support.hover_times FILE`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from support.language_server import LanguageServer


def hover_times(file: Path) -> dict[str, list[float]]:
    """Milliseconds for the last name of each indented line: asked for the first time ("new"), and once more ("known").

    The first of all is left out: before it, the server reads the program.

    Args:
        file: a program in a folder with a `pyrightconfig.json`.
    """
    document = {"uri": file.as_uri()}
    lines = file.read_text(encoding="utf-8").splitlines()
    places = [
        {"line": number, "character": line.rindex(".") + 1}
        for number, line in enumerate(lines)
        if line.startswith("    ")
    ]
    with LanguageServer(file.parent) as server:
        server.open(file)
        times: dict[str, list[float]] = {"new": [], "known": []}
        for kind, measured in times.items():
            for place in places:
                began = time.perf_counter()
                shown = server.ask("textDocument/hover", {"textDocument": document, "position": place})
                measured.append((time.perf_counter() - began) * 1000)
                assert shown, f"nothing is shown in line {place['line'] + 1} ({kind})"
    return {"new": times["new"][1:], "known": times["known"]}


if __name__ == "__main__":
    print(json.dumps(hover_times(Path(sys.argv[1]).resolve())))
