"""The arguments of a generated method are in an order that Python takes, whatever the catalogue asks for together."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from support.command import connectgen, generate_arguments

pytestmark = pytest.mark.usefixtures("remembered")

FORM = "name: {type: String, in: form, required: true}"
PARTS = "        parts: {photo: {required: true}}\n        body: PlantInput\n        returns: Plant\n"
Edit = Callable[[str, str, str], None]
PLANTS = "resources/garden/plants.yaml"


@pytest.mark.parametrize(
    ("with_query", "with_part"),
    [pair for pair in itertools.product((True, False), repeat=2) if any(pair)],
)
def test_an_optional_body_stands_behind_what_must_be_given(
    catalogue: Path, edit: Edit, tmp_path: Path, with_query: bool, with_part: bool
) -> None:
    """A body that is a form's alternative may be left out; nothing that must be given may follow it by position."""
    if with_query:
        edit(PLANTS, FORM, f"{FORM}\n          bed: {{type: String, required: true}}")
    if with_part:
        edit(PLANTS, "        body: PlantInput\n        returns: Plant\n", PARTS)
    done = connectgen(*generate_arguments(catalogue, tmp_path / "out", "33.0"), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr

    text = (tmp_path / "out/sf-connect-v33/sf_connect/v33/groups/garden/plants.py").read_text(encoding="utf-8")
    methods = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "create"
    ]
    assert len(methods) == 6  # each of both with an overload for a body, and one for a form
    for method in (one for one in methods if "overload" not in map(ast.unparse, one.decorator_list)):
        positional = [argument.arg for argument in method.args.args]
        assert positional == ["self", *(["photo"] if with_part else []), "body"]
        assert len(method.args.defaults) == 1
        assert ("bed" in [argument.arg for argument in method.args.kwonlyargs]) is with_query
