"""Runs what proves verdicts: type checkers over callers of generated packages, mocks of both catalogues, interfaces."""

from __future__ import annotations

import ast
import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import httpx2
import uvicorn

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.model import Catalogue
from connectgen.locations import default_templates
from connectgen.mock.app import application
from connectgen.mock.backend import Backend
from connectgen.mock.settings import Settings
from connectgen.python.formatting import Unformatted
from connectgen.python.packages import PackageMaker
from connectgen.resolver import surface_at
from diff.proofs import PROOFS, Ask, Proof
from support.command import ROOT

VERSION = 66
CODE = ("breaks", "keeps", "brings")
SIDES = ("before", "after")
_HEAD = """\
import datetime
from typing import TYPE_CHECKING
from sf_connect.core import Upload
from sf_connect.{package} import Connect, models as m

if TYPE_CHECKING:
    from typing_extensions import assert_never

def caller(client: Connect, poll: m.Poll, opened: m.OpenPoll, closed: m.ClosedPoll, when: datetime.datetime) -> None:
"""
_PYRIGHT: Mapping[str, object] = {
    "include": ["callers"],
    "typeCheckingMode": "strict",
    "pythonVersion": "3.11",
    "extraPaths": ["."],
    # What is needless breaks nobody.
    "reportUnusedVariable": False,
    "reportUnusedExpression": False,
    "reportUnusedImport": False,
    "reportUnnecessaryIsInstance": False,
    "reportUnnecessaryComparison": False,
}
Failed = frozenset[tuple[str, str, str]]
"""The rule, the kind of code and the side, where a checker refuses it."""


class Workshop:
    """Both catalogues of every proof, their packages, and the code that calls them.

    Args:
        root: an empty folder.
        proofs: what is proven, by rule.
    """

    def __init__(self, root: Path, proofs: Mapping[str, Proof] = PROOFS) -> None:
        self.code = root / "code"
        self.catalogues: dict[tuple[str, str], Catalogue] = {}
        self.packages: dict[tuple[str, str], Mapping[str, str]] = {}
        copytree(
            ROOT / "core/sf_connect/core",
            self.code / "sf_connect/core",
            ignore=ignore_patterns("__pycache__"),
        )
        made: dict[str, tuple[str, Catalogue, Mapping[str, str]]] = {}  # before a change, most are the same
        for rule, proof in proofs.items():
            for side, folder in zip(SIDES, proof.write(root / "catalogues" / rule), strict=True):
                content = _content(folder)
                if content not in made:
                    catalogue = load_catalogue(folder)
                    made[content] = f"package{len(made)}", catalogue, _package(catalogue)
                    self._write_package(made[content][2], made[content][0])
                name, self.catalogues[rule, side], self.packages[rule, side] = made[content]
                self._write_callers(rule, proof, side, name)

    def _write_package(self, package: Mapping[str, str], name: str) -> None:
        for path, text in package.items():
            _write(self.code / "sf_connect" / name / path, text)

    def _write_callers(self, rule: str, proof: Proof, side: str, name: str) -> None:
        for kind in CODE:
            written = getattr(proof, kind)
            if written:
                lines = "".join(f"    {line}\n" for line in written.splitlines())
                path = self.code / "callers" / f"{rule.replace('-', '_')}__{kind}__{side}.py"
                _write(path, _HEAD.format(package=name) + lines)

    def pyright(self) -> Failed:
        """What pyright refuses."""
        _write(self.code / "pyrightconfig.json", json.dumps(_PYRIGHT))
        program = ROOT / "node_modules/.bin/pyright"
        command = [
            program,
            "--pythonpath",
            sys.executable,
            "--outputjson",
            "-p",
            str(self.code),
        ]
        done = subprocess.run(command, capture_output=True, check=False, cwd=self.code)
        report = json.loads(done.stdout)
        assert report["summary"]["filesAnalyzed"] == len(list((self.code / "callers").iterdir()))
        return _failed(one["file"] for one in report["generalDiagnostics"] if one["severity"] == "error")

    def mypy(self) -> Failed:
        """What mypy refuses."""
        options = [
            "--strict",
            "--namespace-packages",
            "--explicit-package-bases",
            "--follow-imports=silent",
        ]
        command = [
            sys.executable,
            "-m",
            "mypy",
            *options,
            "--config-file=",
            f"--cache-dir={ROOT / '.cache' / 'mypy-proofs'}",
            "callers",
        ]
        done = subprocess.run(command, capture_output=True, check=False, cwd=self.code, text=True)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return _failed(line.partition(":")[0] for line in done.stdout.splitlines() if ": error:" in line)

    def interface(self, rule: str, side: str) -> str:
        """What a checker sees of a package: no words, no bodies, nothing that only the runtime reads."""
        texts = self.packages[rule, side]
        return "\n".join(f"# {path}\n{_seen(texts[path])}" for path in sorted(texts))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _content(folder: Path) -> str:
    """All files of a catalogue."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return "\n".join(f"# {path.relative_to(folder)}\n{path.read_text(encoding='utf-8')}" for path in paths)


def _package(catalogue: Catalogue) -> Mapping[str, str]:
    every = [surface_at(catalogue, version) for version in catalogue.versions]
    maker = PackageMaker(every, default_templates(), None, Unformatted())
    files = next(iter(maker.make([VERSION])))[1]
    inside = f"sf_connect/v{VERSION}/"
    return {path.removeprefix(inside): text for path, text in files.items() if path.endswith(".py")}


def _failed(files: Iterator[str]) -> Failed:
    found: set[tuple[str, str, str]] = set()
    for file in files:
        rule, kind, side = Path(file).stem.split("__")
        found.add((rule.replace("_", "-"), kind, side))
    return frozenset(found)


def _without_body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
    """A function without its body, and without the notice that it is deprecated, which callers switch on or not."""
    node.body = [ast.Expr(ast.Constant(...))]
    node.decorator_list = [one for one in node.decorator_list if "deprecated" not in ast.unparse(one)]
    return node


class _Seen(ast.NodeTransformer):
    """Leaves what a checker sees."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return _without_body(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        node.names = [one for one in node.names if one.name != "deprecated"]
        return node if node.names else None

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return _without_body(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        return None if isinstance(node.targets[0], ast.Name) and node.targets[0].id.startswith("_") else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        own = isinstance(node.target, ast.Name) and (
            node.target.id.startswith("_") or node.target.id == "retired_in"  # a value, of the type str | None
        )
        return None if own else node

    def visit_If(self, node: ast.If) -> ast.AST:
        node.orelse = []  # only the runtime goes there
        return self.generic_visit(node)


def _seen(text: str) -> str:
    return ast.unparse(_Seen().visit(ast.parse(text)))


class Mocks:
    """Many mocks behind one socket: a header names whose catalogue responds."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._applications: dict[str, Any] = {}
        self._http = httpx2.Client(timeout=30, headers={"Authorization": "Bearer mock-token"})
        self.url = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The ASGI application."""
        name = dict(scope["headers"])[b"x-mock"].decode()
        await self._applications[name](scope, receive, send)

    def close(self) -> None:
        """Close the connections of the caller."""
        self._http.close()

    def works(self, rule: str, side: str, proof: Proof, ask: Ask) -> bool:
        """Whether a caller can use the response to a request, all the times that it is sent."""
        name = f"{rule}/{side}/{sorted(proof.settings.items())}"
        if name not in self._applications:
            catalogue = self._workshop.catalogues[rule, side]
            backend = Backend(Settings(**proof.settings), lambda: catalogue)
            assert backend.load() is None
            self._applications[name] = application(backend)
        url = f"{self.url}/services/data/v{VERSION}.0{ask.path}"
        more = {
            "params": ask.params,
            "headers": {**ask.headers, "x-mock": name},
            "json": ask.json,
            "files": ask.files,
        }
        given = [self._http.request(ask.method, url, **more) for _ in range(ask.times)]  # type: ignore[arg-type]
        return all(ask.fits(one) for one in given) and (ask.times == 1 or len({one.text for one in given}) == 1)


@contextmanager
def serving(workshop: Workshop) -> Iterator[Mocks]:
    """Serve mocks over loopback."""
    mocks = Mocks(workshop)
    config = uvicorn.Config(mocks, port=0, lifespan="off", log_config=None, access_log=False, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive()
    mocks.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield mocks
    mocks.close()
    server.should_exit = True
    thread.join()
