"""The generator's layers: what imports what, read from every import statement of its modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

GENERATOR = Path(__file__).parents[1] / "generator"

# The layers of docs/architecture.md, lowest first. A part imports from lower ones only; so no
# consumer of the Surface imports another.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"reserved"}),
    frozenset({"counting", "files", "graph", "identifiers", "locations", "naming", "texts", "workers"}),
    frozenset({"cache"}),
    frozenset({"catalogue"}),
    frozenset({"stretches", "surface"}),
    frozenset({"narrowing", "resolver_enumerations", "resolver_references"}),
    frozenset({"iterators", "mentions", "resolver", "samples"}),
    frozenset({"undocumented"}),
    frozenset({"find"}),
    frozenset({"diff", "importer", "lint", "mock", "openapi", "python", "report"}),
    frozenset({"show", "site", "upgrade", "wheels"}),
    frozenset({"releasing"}),
    frozenset({"cli"}),
    frozenset({"__main__"}),
)
WHEELS_STAND_ON = {"python", "diff"}
UPGRADE_STANDS_ON = {"diff"}

Imports = Mapping[str, frozenset[str]]


def modules_below(root: Path) -> dict[str, Path]:
    """Every module of a source folder by its dotted name."""
    found: dict[str, Path] = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported_names(source: str, module: str) -> Iterator[str]:
    """Everything that a module imports: at its top, inside functions and for type checkers alike."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(module.split(".")[: -node.level]) if node.level else ""
            origin = ".".join(part for part in (base, node.module) if part)
            yield from (f"{origin}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.endswith("."):
            yield node.value  # `cli.main` names the modules of commands in a table


def imports_of(modules: Mapping[str, Path]) -> Imports:
    """Which of these modules each of them imports."""

    def module_of(name: str) -> str | None:
        return name if name in modules else name.rpartition(".")[0] if name.rpartition(".")[0] in modules else None

    found: dict[str, frozenset[str]] = {}
    for module, path in modules.items():
        names = {module_of(name) for name in imported_names(path.read_text(encoding="utf-8"), module)}
        found[module] = frozenset(name for name in names if name is not None and name != module)
    return found


def circle_in(imports: Imports) -> list[str]:
    """Modules that import each other in a circle, if there are such."""
    done: set[str] = set()

    def search(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        for other in sorted(imports[module]):
            if circle := search(other, [*path, module]):
                return circle
        done.add(module)
        return []

    return next((circle for module in sorted(imports) if (circle := search(module, []))), [])


def part_of(module: str) -> str:
    """The part of the generator that a module belongs to: `python` for `connectgen.python.writer`."""
    return [*module.split("."), ""][1]


def upward_imports(imports: Imports) -> list[str]:
    """Imports that do not lead from a layer to a lower one."""
    level = {part: number for number, parts in enumerate(LAYERS) for part in parts}
    found: list[str] = []
    for module, others in sorted(imports.items()):
        here = part_of(module)
        there = sorted(part for other in others if (part := part_of(other)) and part != here)
        found += [f"{module} imports {part}" for part in there if here and level[part] >= level[here]]
    return found


@pytest.fixture(scope="module")
def imports() -> Imports:
    return imports_of(modules_below(GENERATOR))


def test_every_part_of_the_generator_has_a_layer(imports: Imports) -> None:
    parts = {part_of(module) for module in imports} - {""}
    assert parts == frozenset().union(*LAYERS)


def test_modules_import_in_no_circle(imports: Imports) -> None:
    assert circle_in(imports) == []


def test_layers_import_downwards_and_no_consumer_imports_another(imports: Imports) -> None:
    assert upward_imports(imports) == []


def test_wheels_stand_on_python_and_diff_alone(imports: Imports) -> None:
    consumers = next(layer for layer in LAYERS if "diff" in layer)
    below = {part_of(other) for module, others in imports.items() if part_of(module) == "wheels" for other in others}
    assert below & consumers == WHEELS_STAND_ON


def test_upgrade_stands_on_diff_alone(imports: Imports) -> None:
    consumers = next(layer for layer in LAYERS if "diff" in layer)
    below = {part_of(other) for module, others in imports.items() if part_of(module) == "upgrade" for other in others}
    assert below & consumers == UPGRADE_STANDS_ON


def test_only_commands_and_the_terminals_format_know_of_click() -> None:
    users = {module for module, path in modules_below(GENERATOR).items() if "import click" in path.read_text("utf-8")}
    assert {module for module in users if part_of(module) != "cli"} == {"connectgen.diff.formats.terminal"}


@pytest.mark.parametrize(
    "line",
    [
        "from connectgen.b import name",
        "from connectgen import b",
        "import connectgen.b",
        "def late():\n    from connectgen.b import name",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from connectgen.b import name",
        "from .b import name",
    ],
)
def test_every_form_of_import_counts(tmp_path: Path, line: str) -> None:
    """The test itself: a circle of two modules is found, however it is imported."""
    folder = tmp_path / "connectgen"
    folder.mkdir()
    (folder / "a.py").write_text(line, encoding="utf-8")
    (folder / "b.py").write_text("from connectgen.a import other", encoding="utf-8")
    assert circle_in(imports_of(modules_below(tmp_path))) == ["connectgen.a", "connectgen.b", "connectgen.a"]


def test_an_import_upwards_or_of_another_consumer_is_found() -> None:
    crossing: Imports = {
        "connectgen.surface": frozenset({"connectgen.python.writer"}),
        "connectgen.diff.reach": frozenset({"connectgen.python.writer", "connectgen.surface"}),
        "connectgen.python.writer": frozenset(),
    }
    assert upward_imports(crossing) == ["connectgen.diff.reach imports python", "connectgen.surface imports python"]
