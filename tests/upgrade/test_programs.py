"""Programs in many styles: rewritten as a person expects, right for pyright but for the comments, and they run."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectgen.diff.usage.lines import Statements
from connectgen.diff.usage.notebooks import Notebook
from sf_connect.testing import MockServer
from support.command import ROOT
from support.passed import check_unless_passed
from upgrade.conftest import Clients

PROGRAMS = sorted(path for path in Path(__file__).with_name("programs").glob("p*") if path.is_dir())
COMMENT = re.compile(r"[ \t]*# connectgen [\w-]+: ")
SILENT = "no error says so"
SHADOWED = {"p01_script_31": ("FeedItem.is_liked_by_current_user is gone", "FeedItem.comments is gone")}
"""Comments on what follows from a call that has a comment itself: until that is right, its result is unknown to pyright."""


def version_of(program: Path) -> int:
    """The version that a program was written for: its name ends with it."""
    return int(program.name.rpartition("_")[2])


def files_of(folder: Path) -> dict[str, str]:
    """The files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def write(contents: dict[Path, tuple[str, str, str]]) -> None:
    """Write what an upgrade changes."""
    for path, (_, new, encoding) in contents.items():
        path.write_bytes(new.encode(encoding))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_programs_become_what_a_person_expects(program: Path, clients: Clients, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(program / "before", tmp_path / "app"))
    write(clients.upgrade(folder, version_of(program), 67).contents)
    after = program / "after"
    if os.environ.get("CONNECTGEN_UPDATE_UPGRADES"):
        shutil.rmtree(after, ignore_errors=True)
        shutil.copytree(folder, after)
    assert files_of(folder) == files_of(after), "read the difference; CONNECTGEN_UPDATE_UPGRADES=1 keeps it"
    assert clients.upgrade(folder, version_of(program), 67).contents == {}, "a second run changes something"


def code_of(path: Path) -> str:
    """The Python of a file."""
    text = path.read_text(encoding="utf-8")
    return Notebook(text).code if path.suffix == ".ipynb" else text


def commented(text: str, hidden: tuple[str, ...]) -> set[int]:
    """The first lines of the statements that have a comment which a type checker confirms."""
    statements, lines = Statements(ast.parse(text)), text.split("\n")
    found: set[int] = set()
    for number, line in enumerate(lines, 1):
        if COMMENT.match(line) and not any(word in line for word in (SILENT, *hidden)):
            below = next(n for n in range(number + 1, len(lines)) if not lines[n - 1].lstrip().startswith("#"))
            found.add(statements.anchor(below) or below)
    return found


CHECKING = (Path(__file__), ROOT / "core" / "sf_connect")
"""What pyright's findings depend on beside the code and the packages: how it is run, and core."""


def errors_of(folder: Path, packages: Path) -> Iterator[tuple[Path, int, str]]:
    """What pyright calls an error."""
    settings = {
        "include": ["."], "extraPaths": [str(packages)], "pythonVersion": "3.11",
        "venvPath": str(ROOT), "venv": ".venv", "reportAttributeAccessIssue": "error",
        "reportWildcardImportFromLibrary": "none", "reportPrivateImportUsage": "none",
    }  # fmt: skip
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [str(ROOT / "node_modules" / ".bin" / "pyright"), "--outputjson", "-p", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
    for one in json.loads(done.stdout)["generalDiagnostics"]:
        if one["severity"] == "error":
            yield Path(one["file"]), one["range"]["start"]["line"] + 1, one["message"]


@pytest.mark.node
def test_pyright_reports_exactly_what_has_a_comment(clients: Clients, tmp_path: Path) -> None:
    """Before, it reports nothing; afterwards, the commented statements and no other."""
    versions = {version_of(program) for program in PROGRAMS}
    packages = clients.write(tmp_path / "packages", *versions, 67)
    code = tmp_path / "code"
    expected: dict[str, set[int]] = {}
    statements: dict[str, Statements] = {}
    for program in PROGRAMS:
        for path in sorted(program.rglob("*")):
            if path.suffix not in (".py", ".ipynb"):
                continue
            text = code_of(path)
            target = code / path.relative_to(program.parent).with_suffix(".py")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            if lines := commented(text, SHADOWED.get(program.name, ())):
                expected[str(target)] = lines
            statements[str(target)] = Statements(ast.parse(text))

    def check() -> None:
        found: dict[str, set[int]] = {}
        for path, line, _ in errors_of(code, packages):
            found.setdefault(str(path), set()).add(statements[str(path)].anchor(line) or line)
        shown = {path.removeprefix(f"{code}/"): lines for path, lines in found.items()}
        assert shown == {path.removeprefix(f"{code}/"): lines for path, lines in expected.items()}

    check_unless_passed("upgraded-programs", [*CHECKING, packages, code], check)


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer([]) as server:
        yield server


def runnable() -> list[Path]:
    """The programs without a comment."""
    return [
        program
        for program in PROGRAMS
        if not any(COMMENT.search(line) for text in files_of(program / "after").values() for line in text.split("\n"))
        and program.name != "p10_annotations_31"
    ]


@pytest.mark.parametrize("program", runnable(), ids=lambda path: path.name)
def test_what_has_no_comment_runs_against_the_new_version(
    program: Path, clients: Clients, server: MockServer, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    packages = _installed(clients, tmp_path_factory)
    folder = Path(shutil.copytree(program / "after", tmp_path / "app"))
    command = [sys.executable, "main.py", server.url, server.token]
    for path in folder.glob("*.ipynb"):
        (folder / "main.py").write_text(
            _shown_values(Notebook(path.read_text(encoding="utf-8")).code), encoding="utf-8"
        )
    if tests := list(folder.glob("test_*.py")):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, tests)]
    environment = {**os.environ, "PYTHONPATH": str(packages), "SF_URL": server.url, "SF_TOKEN": server.token}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()


def _shown_values(code: str) -> str:
    """A notebook as a program: the last value of it is printed."""
    return f"{code}\nprint(len(items))\n"


_PACKAGES: list[Path] = []


def _installed(clients: Clients, factory: pytest.TempPathFactory) -> Path:
    if not _PACKAGES:
        _PACKAGES.append(clients.write(factory.mktemp("installed"), 67))
    return _PACKAGES[0]


def test_there_are_enough_programs() -> None:
    assert len(PROGRAMS) >= 12
    assert len(runnable()) >= 8
