"""Asks a type checker which uses are certain: over a copy of the code, beside a marked copy of the old client."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from connectgen.diff.usage.checkers import Checker, CheckerError
from connectgen.diff.usage.client_names import ClientNames
from connectgen.diff.usage.marks import MARK, Marker, Wanted
from connectgen.diff.usage.project import Project
from connectgen.diff.usage.things import Module, Spot
from connectgen.diff.usage.wanted import Confirmed
from connectgen.locations import checkout


def confirm(
    checker: Checker, project: Project, folder: Path, files: Mapping[str, str], names: ClientNames, wanted: Wanted
) -> Confirmed:
    """What the checker says is used, by the spot of the name.

    Args:
        checker: the type checker.
        project: the application's modules.
        folder: their folder.
        files: the old client's package, by path.
        names: what that client calls things.
        wanted: what is to be marked.

    Raises:
        CheckerError: the checker could not do its work, or the runtime is not installed.
    """
    core = runtime()
    with tempfile.TemporaryDirectory(prefix="connectgen-") as name:
        workplace = Path(name).resolve()
        client = workplace / "client"
        _write_client(client, Marker(files, names, wanted).marked(), project.versions)
        shutil.copytree(core, client / "sf_connect" / "core", ignore=shutil.ignore_patterns("__pycache__"))
        code = workplace / "code"
        moved = {module.shown: _copy(module, folder, code) for module in project.modules.values()}
        roots = [code, client, *_roots(code, project), folder]
        found: dict[Spot, set[str]] = {}
        originals = {(code / module.path.relative_to(folder)).resolve(): module for module in project.modules.values()}
        lines: dict[Path, list[str]] = {}
        for report in checker.deprecated(code, roots, workplace):
            module = originals.get(report.path)
            if module is None or MARK not in report.message:
                continue
            if report.path not in lines:
                lines[report.path] = report.path.read_text(encoding="utf-8", errors="replace").split("\n")
            text = lines[report.path][report.line - 1] if report.line <= len(lines[report.path]) else ""
            end = len(text[: report.column].encode())
            spot = moved[module.shown].get((report.line, end), Spot(module.shown, report.line, end))
            what = report.message.partition(MARK)[2].strip().strip("`\"'")
            found.setdefault(spot, set()).add(what)
        return {spot: frozenset(what) for spot, what in found.items()}


def _write_client(root: Path, files: Mapping[str, str], versions: Iterable[str]) -> None:
    """Under every version that the code imports: it is read as code for the one that is compared."""
    inside = {path: text for path, text in files.items() if path.startswith("sf_connect/v")}
    for package in sorted(versions):
        for path, text in inside.items():
            target = root / package.replace(".", "/") / path.partition("/")[2].partition("/")[2]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")


def runtime() -> Path:
    """The folder of the runtime that clients import.

    Raises:
        CheckerError: it is not installed.
    """
    root = checkout()
    if root is not None and (root / "core" / "sf_connect" / "core").is_dir():
        return root / "core" / "sf_connect" / "core"
    try:
        found = importlib.util.find_spec("sf_connect.core")
    except ModuleNotFoundError:
        found = None
    if found is None or not found.origin:
        raise CheckerError("sf-connect-core is not installed beside connectgen")
    return Path(found.origin).parent


def _roots(code: Path, project: Project) -> Sequence[Path]:
    """Folders that imports may start from: `src` and the like, beside the folder itself."""
    tops = {module.path.relative_to(module.path.anchor).parts for module in project.modules.values()}
    del tops
    return [code / name for name in ("src", "lib", "app") if (code / name).is_dir()]


def _copy(module: Module, folder: Path, code: Path) -> Mapping[tuple[int, int], Spot]:
    """Copy a file; `getattr(x, "name")` becomes `x.name` in the same place, and so does `hasattr`. Gives the spots."""
    target = code / module.path.relative_to(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    source = module.source()
    moved: dict[tuple[int, int], Spot] = {}
    if b"getattr" in source or b"hasattr" in source:
        lines = source.splitlines(keepends=True)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and _is_plain_getattr(node):
                _rewrite(node, lines, moved, module.shown)
        source = b"".join(lines)
    target.write_bytes(source)
    return moved


def _is_plain_getattr(node: ast.Call) -> bool:
    named = isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr") and len(node.args) in (2, 3)
    if not named or node.keywords or node.lineno != node.end_lineno:
        return False
    name = node.args[1]
    return isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value.isidentifier()


def _rewrite(node: ast.Call, lines: list[bytes], moved: dict[tuple[int, int], Spot], shown: str) -> None:
    line = lines[node.lineno - 1]
    start, end = node.col_offset, node.end_col_offset or node.col_offset
    receiver, name = node.args[0], node.args[1]
    if not isinstance(name, ast.Constant):
        return
    inner = line[receiver.col_offset : receiver.end_col_offset]
    written = b"(" + inner + b")." + str(name.value).encode()
    if len(written) > end - start:
        return
    lines[node.lineno - 1] = line[:start] + written + b" " * (end - start - len(written)) + line[end:]
    moved[node.lineno, start + len(written)] = Spot(shown, node.lineno, end)
