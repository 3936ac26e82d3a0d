"""Replace each `connectgen … --help` that docs/ shows by what the command prints now: `python tests/show_help.py`.

Run it after a change of a help text, and read the difference.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support.command import ROOT, connectgen, environment

SHOWN_HELP = re.compile(r"^    \$ connectgen ([a-z ]*)--help\n((?:(?:    (?!\$ ).*)?\n)*)", re.MULTILINE)


def current_help(command: str) -> str:
    """What `connectgen COMMAND --help` prints on a terminal of 80 columns."""
    printed = connectgen(*command.split(), "--help", cwd=ROOT, env=environment(COLUMNS="80")).stdout
    return printed.replace("python -m connectgen", "connectgen").strip()


def with_current_help(text: str) -> str:
    """The text of a page with the help of today; blank lines after a block stay as they are."""

    def block(match: re.Match[str]) -> str:
        command, shown = match.groups()
        lines = (f"    {line}".rstrip() for line in current_help(command).splitlines())
        blank = shown[len(shown.rstrip("\n")) + 1 :]
        return f"    $ connectgen {command}--help\n" + "\n".join(lines) + "\n" + blank

    return SHOWN_HELP.sub(block, text)


def main() -> None:
    """Rewrite the pages that show an old help."""
    for page in sorted((ROOT / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        if (current := with_current_help(text)) != text:
            page.write_text(current, encoding="utf-8")
            print(f"{page.relative_to(ROOT)}: shows the help of today")


if __name__ == "__main__":
    main()
