"""No name of the left columns of the two name tables is left in code, templates, catalogue, docs, tests or packages."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from support.command import ROOT

NAMES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("old_names.yaml").read_text("utf-8"))
HOLD_THEM = ("CHANGELOG.md", "docs/vocabulary.md", "tests/prose/old_names.yaml", "tests/prose/test_old_names.py")
TEXTS = {"", ".py", ".md", ".yaml", ".yml", ".toml", ".jinja", ".json", ".txt", ".ambr", ".html", ".css", ".js", ".lua"}
_BEFORE = re.compile(r"^(?:\\b|\(\?<!\[.*?\]\))")
"""What a pattern asks first of the character before: without it, a text is searched for the name's first letters."""
PATTERNS = [
    (rule, re.compile(_BEFORE.sub("", rule["pattern"])), re.compile(rule["pattern"])) for rule in NAMES["anywhere"]
]
KEYS = re.compile(rf"(?:^|[{{,])\s*(?:- )?({'|'.join(NAMES['keys'])}):(?=\s)", re.MULTILINE)
DEFINED = re.compile(rf"(?:def|class)\s+_*(?:{'|'.join([*NAMES['functions'], *NAMES['classes']])})_*\b")
"""Stands in each module that defines an old name, and seldom in another."""


class Found(NamedTuple):
    """An old name, and where it is."""

    name: str
    place: str
    line: str


def own_files() -> list[Path]:
    """The text files of the project, as far as people write them."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = [name for name in done.stdout.split("\0") if name and name not in HOLD_THEM]
    return [path for name in names if (path := ROOT / name).suffix in TEXTS and path.is_file()]


def names_in(path: Path, text: str) -> Iterator[Found]:
    """The old names in a file."""
    for rule, wider, pattern in PATTERNS:
        for match in pattern.finditer(text) if wider.search(text) else ():
            line = text[text.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0]
            if "but" not in rule or not re.search(rule["but"], line):
                yield Found(rule["name"], f"{path}:{text.count(chr(10), 0, match.start()) + 1}", line.strip()[:100])
    if path.suffix in (".yaml", ".yml"):
        for match in KEYS.finditer(text):
            yield Found(f"{match[1]}:", f"{path}:{text.count(chr(10), 0, match.start(1)) + 1}", "")
    if path.suffix == ".py":
        if path.stem.strip("_") in NAMES["modules"]:
            yield Found(path.stem, str(path), "")
        if DEFINED.search(text):
            yield from definitions_in(path, text)


def definitions_in(path: Path, text: str) -> Iterator[Found]:
    """The functions and classes of a module that have an old name."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            kind = "classes" if isinstance(node, ast.ClassDef) else "functions"
            if node.name.strip("_") in NAMES[kind]:
                yield Found(node.name, f"{path}:{node.lineno}", "")


def test_no_file_of_the_project_holds_an_old_name() -> None:
    files = own_files()
    assert len(files) > 1_000
    assert [found for path in files for found in names_in(path, path.read_text("utf-8"))] == []


def test_no_file_of_a_generated_package_holds_an_old_name(small_packages: Path) -> None:
    files = [path for path in small_packages.rglob("*") if path.suffix in TEXTS and path.is_file()]
    assert len(files) > 50
    assert [found for path in files for found in names_in(path, path.read_text("utf-8"))] == []
    assert [path for path in files if re.search(r"_[0-9]+\.py$", path.name)] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "raise ConnectError('x')"),
        ("a.py", "from sf_connect.core import PagedItems"),
        ("a.py", "def _told() -> None: ..."),
        ("a.py", "class Limits: ..."),
        ("sending.py", ""),
        ("a.md", "a `RetryPolicy(first_wait=1)`"),
        ("a.yaml", "GET: {name: list, paging: {style: offset}}"),
        ("a.yaml", "discriminator:\n  otherwise: Plain"),
        ("a.jinja", "class {{ name }}Operations1(SyncGroup): # UsersOperations1"),
    ],
)
def test_an_old_name_is_found(name: str, text: str) -> None:
    assert list(names_in(Path(name), text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "errors = httpx2.ConnectError, SFConnectError, msgspec.DecodeError"),
        ("a.py", "ids = found(more='x')"),
        ("a.yaml", "summary: For more: see there"),
        ("a.md", "ConnectApiError, ResponseDecodeError, users.py, AnyFeedItem"),
    ],
)
def test_names_of_others_are_no_old_names(name: str, text: str) -> None:
    assert list(names_in(Path(name), text)) == []
