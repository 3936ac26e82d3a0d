"""What validates also generates, imports and loses nothing: random catalogues with awkward names and references."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from connectgen.catalogue.loader import check_catalogue
from connectgen.cli import main
from connectgen.naming import is_reserved_type
from examples.samples import losses
from support.command import SMALL_CATALOGUE
from support.forked import in_fork
from support.formatted import assert_black_changes_nothing
from support.importing import import_all, importable

FIRST, LAST = 30, 33
SCALARS = ["String", "Id", "Boolean", "Integer", "Long", "Double", "Decimal", "Date", "DateTime", "Url"]
TEXTS = {"String", "Id", "Date", "DateTime", "Url"}
AWKWARD_TYPES = [
    "List",
    "Dict",
    "Literal",
    "Model",
    "None",
    "Field",
    "Operation",
    "Struct",
    "Str",
    "Self",
    "Type",
]
AWKWARD_NAMES = [
    "id",
    "type",
    "list",
    "class",
    "from",
    "None",
    "self",
    "options",
    "str",
    "int",
    "_x",
    "URL",
    "aB",
    "a_b",
    "x-y",
]
names = st.sampled_from(AWKWARD_NAMES) | st.from_regex(r"[A-Za-z][A-Za-z0-9_.$:@-]{0,12}", fullmatch=True)
texts = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["C"]), min_size=1, max_size=40
).filter(
    lambda text: text.lower() not in ("y", "n")
)  # which the validator wants in quotes, and PyYAML does not quote
versions = st.integers(FIRST, LAST).map(float)


def type_expressions(known: list[str]) -> st.SearchStrategy[str]:
    """Scalars, known types, and lists, maps and unions of them; without known types what a parameter may be."""
    single = st.sampled_from(SCALARS + known * 3)
    if not known:
        union = st.lists(single, min_size=2, max_size=3, unique=True).map(" | ".join)
        return st.one_of(single, single.map("list<{}>".format), union)
    return st.one_of(
        single,
        single.map("list<{}>".format),
        single.map("map<{}>".format),
        single.map("list<map<{}>>".format),
        st.lists(single, min_size=2, max_size=3, unique=True).filter(_differ_in_json).map(" | ".join),
    )


def _differ_in_json(options: list[str]) -> bool:
    """Whether at most one of a union's options is text in a response; the validator refuses others."""
    return len(TEXTS.intersection(options)) <= 1


@st.composite
def spans(draw: st.DrawFn) -> dict[str, float]:
    """Nothing, a beginning, an end, or both."""
    since, until = sorted((draw(versions), draw(versions)))
    return draw(st.sampled_from([{}, {}, {"since": since}, {"until": until}, {"since": since, "until": until}]))


@st.composite
def values(draw: st.DrawFn, known: list[str], *, request: bool) -> Any:
    """A property or parameter: a type, one fact, or two facts one after the other."""
    kind = draw(st.integers(0, 5))
    expression = draw(type_expressions(known))
    if kind == 0:
        return expression
    if kind == 1:
        change = draw(st.integers(FIRST, LAST - 1))
        return [
            {"type": expression, "until": float(change)},
            {"type": draw(type_expressions(known)), "since": float(change + 1)},
        ]
    fact: dict[str, Any] = {"type": expression, **draw(spans())}
    if draw(st.booleans()):
        fact["description"] = draw(texts)
    if expression == "String" and draw(st.booleans()):
        fact["values"] = draw(st.lists(texts, min_size=1, max_size=3, unique=True))
    if request and draw(st.booleans()):
        by_method = [{"POST": True}] if known else []  # a parameter has one method already
        fact["required"] = draw(st.sampled_from([True, "conditional", *by_method]))
    return fact


@st.composite
def type_files(draw: st.DrawFn, *, request: bool) -> dict[str, Any]:
    """Types that may refer to one another in circles; the first refers to all, so that nothing is left over."""
    suffix = "Input" if request else ""
    plain = st.sampled_from(AWKWARD_TYPES) | st.from_regex(r"[A-Z][A-Za-z0-9]{0,8}", fullmatch=True).filter(
        lambda name: not name.endswith("Input") and name not in {*SCALARS, "Binary", "Any", "Root"}
    )
    plain = plain.filter(lambda name: not is_reserved_type(name + suffix))
    known = [name + suffix for name in draw(st.lists(plain, min_size=1, max_size=5, unique_by=str.lower))]
    root = "Root" + suffix
    types: dict[str, Any] = {root: {"properties": {f"p{index}": f"list<{name}>" for index, name in enumerate(known)}}}
    for index, name in enumerate(known):
        definition: dict[str, Any] = {
            "properties": draw(st.dictionaries(names, values(known, request=request), max_size=4))
        }
        if draw(st.booleans()):
            definition["summary"] = draw(texts)
        if index and draw(st.booleans()):
            definition["extends"] = draw(st.sampled_from(known[:index]))
        types[name] = definition
    _give_variants(draw, types, known)
    return {"types": types}


def _give_variants(draw: st.DrawFn, types: dict[str, Any], known: list[str]) -> None:
    """Make some types unions of others, which have no variants themselves, and have the property that tells them."""
    holders = [name for name in known if draw(st.integers(0, 3)) == 0]
    others = [name for name in known if name not in holders]
    for number, name in enumerate(holders if others else []):
        chosen = draw(st.lists(st.sampled_from(others), min_size=1, max_size=3, unique=True))
        told_by = draw(names)
        if any(told_by in definition["properties"] for definition in types.values()):
            told_by = f"told{number}By"
        types[name]["discriminator"] = {"property": told_by, "values": dict(zip("ABC", chosen, strict=False))}
        for one in (name, *chosen):
            if not any(told_by in types[above]["properties"] for above in _line(types, one)):
                types[one]["properties"][told_by] = "String"


def _line(types: dict[str, Any], name: str | None) -> Iterator[str]:
    """A type, the one that it extends, and so on."""
    while name:
        yield name
        name = types[name].get("extends")


@st.composite
def catalogues(draw: st.DrawFn) -> dict[str, Any]:
    """Files of a catalogue by their path, without releases and status codes."""
    responses, requests = draw(type_files(request=False)), draw(type_files(request=True))
    known, inputs = list(responses["types"]), list(requests["types"])
    operations: dict[str, Any] = {
        "GET": {"name": "read", "summary": draw(texts), "returns": "Root"},
        "POST": {"name": "send", "summary": draw(texts), "body": "RootInput"},
    }
    for method in draw(st.lists(st.sampled_from(["PUT", "PATCH", "DELETE", "HEAD"]), unique=True)):
        operations[method] = {"name": f"do_{method.lower()}", "summary": draw(texts), **draw(spans())}
        if method in ("PUT", "PATCH"):
            operations[method]["body"] = draw(st.sampled_from(inputs))
        if method != "HEAD":
            operations[method]["returns"] = draw(type_expressions(known))
    for operation in operations.values():
        operation["parameters"] = draw(st.dictionaries(names, values([], request=True), max_size=3))
    resource = {
        "path": "/random/{thingId}",
        "parameters": {"thingId": draw(st.sampled_from(["Id", "String", "Integer", "list<Id>"]))},
        "operations": operations,
    }
    resource |= draw(st.sampled_from([{}, {"site": "optional"}, {"requires": ["chatter"]}]))
    return {
        "resources/random/things.yaml": {"summary": draw(texts), "resources": [resource]},
        "types/random/things.yaml": responses,
        "types/random/inputs.yaml": requests,
    }


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],  # a failing catalogue is small enough to read; shrinking would take minutes
)
@given(files=catalogues())
def test_what_validates_generates_imports_and_loses_nothing(files: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        catalogue, out = Path(folder, "catalogue"), Path(folder, "generated")
        catalogue.mkdir()
        for name in ("releases.yaml", "status_codes.yaml"):
            shutil.copy(SMALL_CATALOGUE / name, catalogue / name)
        for name, content in files.items():
            path = catalogue / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
        _, faults = check_catalogue(catalogue)
        if faults:
            note("refused: " + "; ".join(map(str, faults)))
            return
        note(yaml.safe_dump(files, sort_keys=False, allow_unicode=True))

        done = CliRunner().invoke(
            main, ["generate", "--no-cache", "--catalogue", str(catalogue), "--out", str(out)], catch_exceptions=False
        )
        assert done.exit_code == 0, done.output
        assert_black_changes_nothing(out / f"sf-connect-v{LAST}")
        assert in_fork(partial(import_and_lose_nothing, catalogue, out)) == ""


def import_and_lose_nothing(catalogue: Path, packages: Path) -> None:
    """Import all modules of all clients, and send full values of all types through two of these, in any nesting."""
    sys.dont_write_bytecode = True
    versions = range(FIRST, LAST + 1)
    with importable(packages, versions):
        for version in versions:
            import_all(packages / f"sf-connect-v{version}")
        for version in (FIRST, LAST):
            assert [lost for lost in losses(version, catalogue) if lost] == []


def test_random_catalogues_are_mostly_valid() -> None:
    """The test above would prove nothing if the validator refused nearly all that it makes."""
    valid: list[bool] = []

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(files=catalogues())
    def look(files: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("releases.yaml", "status_codes.yaml"):
                shutil.copy(SMALL_CATALOGUE / name, Path(folder, name))
            for name, content in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
            valid.append(not check_catalogue(Path(folder))[1])

    look()
    assert sum(valid) * 2 > len(valid), f"{sum(valid)} of {len(valid)} are valid"
