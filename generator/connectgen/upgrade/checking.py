"""Asks a type checker what is wrong in code beside a client: what was right with the old one must be with the new."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from connectgen.diff.usage.checkers import Pyrefly
from connectgen.diff.usage.confirming import runtime

_VERSION = re.compile(r"\bv\d\d\b")


@dataclass(frozen=True, slots=True, order=True)
class Error:
    """An error that a type checker reports: the file among the copies, its line, and the message."""

    file: str
    line: int
    message: str


def errors_of(code: Mapping[Path, str], package: Mapping[str, str]) -> list[Error]:
    """What a type checker calls an error.

    Args:
        code: files by their path in the application's folder.
        package: the client's package.

    Raises:
        CheckerError: it could not do its work, or the runtime is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="connectgen-") as name:
        workplace = Path(name).resolve()
        client, root = workplace / "client", workplace / "code"
        for path, text in package.items():
            if path.startswith("sf_connect/v"):
                _write(client / path, text)
        shutil.copytree(runtime(), client / "sf_connect" / "core", ignore=shutil.ignore_patterns("__pycache__"))
        for file, text in code.items():
            _write(root / file, text)
        roots = [root, client, *(root / one for one in ("src", "lib", "app") if (root / one).is_dir())]
        found = Pyrefly().errors(root, roots, workplace)
        return [Error(str(one.path.relative_to(root)), one.line, _without(workplace, one.message)) for one in found]


def new_errors(before: list[Error], after: list[Error]) -> list[Error]:
    """The errors that are new; the version that a message names says nothing."""
    known = Counter((one.file, one.line, _VERSION.sub("v", one.message)) for one in before)
    found: list[Error] = []
    for one in sorted(after):
        key = one.file, one.line, _VERSION.sub("v", one.message)
        if known[key]:
            known[key] -= 1
        else:
            found.append(one)
    return found


def _without(workplace: Path, message: str) -> str:
    """A message without the name of the folder, which is another one each time."""
    return message.replace(f"{workplace}/", "").replace(str(workplace), ".")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
