"""How core's modules may import each other: packages only downwards, and no circle, whatever kind the import is."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sf_connect.core

CORE = Path(sf_connect.core.__file__).parent
LEVELS = (
    "series",
    "exceptions",
    "wire",
    "request",
    "transport",
    "features",
    "groups",
    "auth",
    "base",
    "client_requests",
    "client",
    "async_client",
    "cli",
    "__init__",
)
"""From the lowest upwards; `__init__` is the public face."""
SLOW = ("httpx2", "msgspec")
Imports = Mapping[str, frozenset[str]]


def module_imports(folder: Path) -> Imports:
    """What each module imports of the others, at its top, in functions and for type checkers alike."""
    files = {
        path.relative_to(folder).with_suffix("").as_posix().replace("/", "."): path for path in folder.rglob("*.py")
    }
    files = {name: path for name, path in files.items() if not name.endswith(".__init__")}
    return {name: frozenset(_imported(ast.parse(path.read_text("utf-8")), files)) for name, path in files.items()}


def _imported(tree: ast.AST, known: Mapping[str, object]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "core imports by absolute names"
            names = [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            inside = name.removeprefix("sf_connect.core").removeprefix(".")
            if name == "sf_connect.core":
                if not any(f"sf_connect.core.{module}" in names for module in known):
                    yield "__init__"
            elif name.startswith("sf_connect.core.") and inside in known:
                yield inside


def upward_imports(imports: Imports) -> list[str]:
    """The imports that go from a lower level to a higher one."""
    levels = {name: LEVELS.index(name.partition(".")[0]) for name in imports}
    return sorted(
        f"{name} imports {other}"
        for name, others in imports.items()
        for other in others
        if levels[other] > levels[name]
    )


def circle(imports: Imports) -> list[str]:
    """The modules of a circle; empty where there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_modules_import_only_downwards() -> None:
    imports = module_imports(CORE)
    assert len(imports) > 30
    assert upward_imports(imports) == []


def test_no_modules_import_each_other_in_a_cycle() -> None:
    assert circle(module_imports(CORE)) == []


def test_groups_features_and_logins_know_the_object_that_sends_their_calls_by_its_protocol_only() -> None:
    imports = module_imports(CORE)
    concrete = {"client", "async_client", "base", "transport.dispatchers", "transport.sessions"}
    users = {name for name, others in imports.items() if others & concrete}
    assert {name for name in users if name.partition(".")[0] in ("groups", "features", "auth")} == {
        "features.call_recording"  # tells a synchronous operation from an asynchronous one by the class
    }
    assert {"groups", "features.pagination", "features.batch", "features.downloads"} <= {
        name for name, others in imports.items() if "transport.senders" in others
    }


def test_a_cycle_and_an_upward_import_are_found(tmp_path: Path) -> None:
    (tmp_path / "wire").mkdir()
    (tmp_path / "wire/a.py").write_text("def f():\n    from sf_connect.core.wire import b\n")
    (tmp_path / "wire/b.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sf_connect.core.wire.a import f\n"
        "    from sf_connect.core.client import Client\n"
    )
    (tmp_path / "client.py").write_text("from sf_connect.core import X\n")
    (tmp_path / "__init__.py").write_text("")
    imports = module_imports(tmp_path)
    assert upward_imports(imports) == ["client imports __init__", "wire.b imports client"]
    assert set(circle(imports)) == {"wire.a", "wire.b"}


def test_functions_import_late_only_what_is_slow_to_import() -> None:
    """httpx2, msgspec, modules of core that need one of them, and what few calls need."""
    imports = module_imports(CORE)
    slow = {name for name in imports if _needs(name, imports)}
    allowed = {
        "ast", "asyncio", "difflib", "inspect", "oauthlib", "jwt", "cryptography", "pandas", "pyarrow", "webbrowser",
        *SLOW,
    }  # fmt: skip
    for name in imports:
        tree = ast.parse((CORE / f"{name.replace('.', '/')}.py").read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.ImportFrom) and str(node.module).startswith("sf_connect"):
                        module = str(node.module).removeprefix("sf_connect.core.")
                        assert module in slow or module in WITH_CLIENT, f"{name} imports {module} in a function"
                    elif isinstance(node, ast.Import | ast.ImportFrom):
                        roots = [node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
                        assert {str(root).partition(".")[0] for root in roots} <= allowed, f"{name}: {roots}"


def test_each_late_import_says_why() -> None:
    """A comment on its line, or above the first of several in a row."""
    silent: list[str] = []
    for path in sorted(CORE.rglob("*.py")):
        text = path.read_text("utf-8")
        late = {
            line
            for function in ast.walk(ast.parse(text))
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for line in range(node.lineno, int(node.end_lineno or node.lineno) + 1)
        }
        lines = ["", *text.splitlines()]
        for number in sorted(late):
            first = next(line for line in range(number, 0, -1) if line - 1 not in late)
            if not any("late: " in lines[line].lower() for line in (number, first - 1)):
                silent.append(f"{path.relative_to(CORE)}:{number}")
    assert silent == []


WITH_CLIENT = {
    "exceptions", "request.retry_policy", "transport.tokens", "transport.hooks", "auth.flows", "auth.command_line",
    "auth.login", "auth.settings", "auth.environment", "auth.browser", "auth.token_cache", "request.urls",
    "request.property_paths", "wire.xml_bodies", "transport.secrets", "features.custom_requests", "features.spans",
}  # fmt: skip
"""Modules that need neither, but whose own imports only a client or few calls need: json, dataclasses, urllib.parse…"""


def _needs(name: str, imports: Imports) -> bool:
    text = (CORE / f"{name.replace('.', '/')}.py").read_text("utf-8")
    return any(
        (isinstance(node, ast.Import) and {alias.name.partition(".")[0] for alias in node.names} & set(SLOW))
        or (isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] in SLOW)
        for node in ast.parse(text).body
    ) or any(_needs(other, imports) for other in imports[name] if _is_at_top(text, other))


def _is_at_top(text: str, module: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and f"sf_connect.core.{module}" in (node.module, f"{node.module}.{node.names[0].name}")
        for node in ast.parse(text).body
    )


@pytest.mark.parametrize("name", sf_connect.core.__all__)
def test_every_public_name_is_importable(name: str) -> None:
    assert getattr(sf_connect.core, name) is not None
