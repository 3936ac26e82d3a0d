"""Everything of a real client that can be used is found and marked, wherever its modules are."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from connectgen.diff.usage.client_names import ClientNames
from connectgen.diff.usage.marks import MARK, Marker, Wanted
from connectgen.iterators import has_pages, waits_of
from connectgen.locations import default_templates
from connectgen.python.formatting import Unformatted
from connectgen.python.packages import PackageMaker
from connectgen.surface import SurfaceOperation
from support.real import real_surface, real_surfaces

VERSION = 45


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[ClientNames, dict[str, str]]:
    every = real_surfaces()
    names = ClientNames(real_surface(VERSION), every)
    package = dict(next(iter(PackageMaker(every, default_templates(), None, Unformatted()).make([VERSION])))[1])
    fields = {(found.owner, name) for one in names.types for name, found in names.fields(one).items()}
    wanted = Wanted(
        names.families, names.groups, frozenset(names.operations), frozenset(names.types), frozenset(fields)
    )
    return names, Marker(package, names, wanted).marked()


def test_every_operation_group_and_family_is_marked_for_both_clients(
    marked: tuple[ClientNames, dict[str, str]],
) -> None:
    names, files = marked
    found = Counter(re.findall(rf'deprecated\("{MARK}(\w+ [\w.]+)"\)', "\n".join(files.values())))
    expected = {f"family {name}": 2 for name in names.families} | {f"group {name}": 2 for name in names.groups}
    for name, operation in names.operations.items():
        written = 3 if takes_body_or_form(operation) else 1  # an overload for each, and the method itself
        expected[f"operation {name}"] = 2 * (written + has_pages(operation) + len(waits_of(operation)))
    lacking = {what: number for what, number in expected.items() if found[what] != number}
    assert len(expected) > 500
    assert sum(map(takes_body_or_form, names.operations.values())) > 50
    assert lacking == {}


def takes_body_or_form(operation: SurfaceOperation) -> bool:
    """Whether an operation can be called with a body, or with form fields instead."""
    may_lack = operation.body is not None and operation.body.required is not True
    return may_lack and any(one.place == "form" for one in operation.parameters)


def test_every_class_and_field_is_marked(marked: tuple[ClientNames, dict[str, str]]) -> None:
    names, files = marked
    text = "\n".join(files.values())
    found = set(re.findall(rf'deprecated\("{MARK}(\w+ [\w.]+)"\)', text))
    written = {one for one in names.types if f"class {one}(" in text}
    assert len(written) > 490
    assert {f"class {one}" for one in written} <= found
    fields = {(one.owner, name) for owner in written for name, one in names.fields(owner).items()}
    assert (
        sorted(
            f"{verb} {'.'.join(one)}"
            for one in fields
            for verb in ("read", "write")
            if f"{verb} {'.'.join(one)}" not in found
        )
        == []
    )


def test_marked_files_are_python(marked: tuple[ClientNames, dict[str, str]]) -> None:
    for path, text in marked[1].items():
        if Path(path).suffix == ".py":
            ast.parse(text, filename=path)
