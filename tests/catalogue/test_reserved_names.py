"""The lists of names that the generated client uses itself are those that it uses."""

from __future__ import annotations

import ast
import collections.abc
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from connectgen.cli import main
from connectgen.naming import is_reserved_type
from connectgen.reserved import CLASS_NAMES, CLIENT_NAMES, CLIENT_NAMES_TO_COME, OPERATION_CLASSES, TYPE_NAMES
from sf_connect import core
from sf_connect.core import groups
from support.command import SMALL_CATALOGUE


def test_exactly_the_public_names_of_clients_are_refused_as_families() -> None:
    bases = {base for of_client in (core.SyncClient, core.AsyncClient) for base in of_client.__mro__}
    annotated = {name for base in bases for name in getattr(base, "__annotations__", {})}
    public = {name for name in {*dir(core.SyncClient), *dir(core.AsyncClient), *annotated} if not name.startswith("_")}
    assert public == CLIENT_NAMES - CLIENT_NAMES_TO_COME
    assert not public & CLIENT_NAMES_TO_COME, "it came: it is no longer to come"


def test_every_refused_class_is_of_the_public_face_or_of_python() -> None:
    python = {*typing.__all__, *collections.abc.__all__}
    assert {*core.__all__, *python} >= TYPE_NAMES | OPERATION_CLASSES


@pytest.mark.parametrize("name", ["SyncGroup", "AsyncGroup", "SyncFamily", "AsyncFamily"])
def test_no_public_name_of_a_base_can_be_hidden_by_an_operation_or_a_group(name: str) -> None:
    assert [one for one in dir(getattr(groups, name)) if not one.startswith("_")] == []


def test_every_class_that_generated_modules_import_is_refused_as_a_type(tmp_path: Path) -> None:
    arguments = ["generate", "33.0", "--catalogue", str(SMALL_CATALOGUE), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, [*arguments, "--no-cache"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    used = {name for path in tmp_path.rglob("[gm]*/**/*.py") for name in _imported(path) if name[:1].isupper()}
    refused = {name for name in used if is_reserved_type(name)}
    assert {"Model", "Input", "Operation", "RequestOptions", "SyncGroup", "Listed"} <= used
    assert used == refused, used - refused


def _imported(path: Path) -> Iterator[str]:
    """The names that a module imports from elsewhere than the models of its own package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (alias.asname or alias.name for alias in node.names)


def test_names_that_class_bodies_use_are_refused() -> None:
    assert {"cached_property", "datetime", "builtins"} <= CLASS_NAMES
