"""The guide's JSON examples decode into their types' classes; inputs encode again, and the mock takes the requests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sf_connect.testing import MockServer
from support.command import ROOT, bytecode_of, environment
from support.versions import NEWEST, VERSIONS

GUIDE = ROOT.parent / "shared" / "guide" / "pages"
DIFFERENCES = ROOT / "tests" / "examples" / "differences.yaml"
WHAT = {
    "unreadable": "no JSON, even when mended",
    "misfits": "JSON that fits no type its page tells",
    "faults": "fits its type, but is not decoded and encoded as it should be",
}
REFUSED = "refused by the mock"
needs_guide = pytest.mark.skipif(not GUIDE.is_dir(), reason="the guide's pages are not at hand")


def decoded(packages: Path, *guides: Path) -> dict[str, Any]:
    """What became of the examples of each guide, in an interpreter with the packages of all versions."""
    own = environment(**bytecode_of(packages))
    folders = [str(ROOT / "tests"), *(str(packages / f"sf-connect-v{version}") for version in VERSIONS)]
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], *folders])
    command = [sys.executable, "-m", "examples.decoder", *map(str, guides)]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def sent(packages: Path, address: str, *guides: Path) -> dict[str, Any]:
    """What a mock took of the requests among each guide's examples, from clients of all versions."""
    own = environment(**bytecode_of(packages))
    folders = [str(ROOT / "tests"), *(str(packages / f"sf-connect-v{version}") for version in VERSIONS)]
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], *folders])
    command = [sys.executable, "-m", "examples.sender", address, *map(str, guides)]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lost(packages: Path, version: int, spec: Path, *names: str) -> dict[str, Any]:
    """What a version's client loses of full values of response types, in an interpreter with its package."""
    own = environment(**bytecode_of(packages))
    folders = [str(ROOT / "tests"), str(packages / f"sf-connect-v{version}")]
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], *folders])
    command = [sys.executable, "-m", "examples.samples", str(version), str(spec), *names]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("version", [31, NEWEST])
def test_no_response_type_loses_anything_in_any_nesting(packages: Path, version: int) -> None:
    """Variants inside variants, in lists and maps, types that extend others, types without properties."""
    found = lost(packages, version, ROOT / "spec")
    assert found["lost"] == []
    assert found["types"] > 150


def test_a_property_that_a_class_lacks_is_found(packages: Path, tmp_path: Path) -> None:
    spec = shutil.copytree(ROOT / "spec", tmp_path / "spec")
    file = spec / "types/chatter/shared.yaml"
    text = file.read_text(encoding="utf-8")
    start = "  Like:\n"
    before, _, rest = text.partition(start)
    assert rest
    head, _, tail = rest.partition("    properties:\n")
    file.write_text(f"{before}{start}{head}    properties:\n      newer: String\n{tail}", encoding="utf-8")
    assert lost(packages, NEWEST, spec, "Like")["lost"] == ["Like: /newer is lost"]


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    """A mock of the real catalogue."""
    with MockServer(("--seed", "1")) as server:
        yield server


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A guide with one request that the mock takes, and one that it refuses."""
    folder = tmp_path_factory.mktemp("requests")
    for name, subject in {"good": "me", "bad": "nobody"}.items():
        body = json.dumps({"feedElementType": "FeedItem", "subjectId": subject})
        (folder / f"{name}.md").write_text(page("Feed Item Input", body), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A guide in which a type lacks a property, a text is no time, a text a number: each in a page of its own."""
    bodies = {
        "good": '{"id": "0I7000000000000", "user": {"name": "x", "isActive": true}}',
        "broken": '{"id": ',
        "unknown": '{"id": "0I7000000000000", "colour": "red"}',
        "number": '{"id": 7}',
        "time": '{"createdDate": "the day before"}',
    }
    folder = tmp_path_factory.mktemp("wrong")
    for name, body in bodies.items():
        text = page("Comment" if name == "time" else "Like", body)
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def page(title: str, body: str) -> str:
    """A page of a guide with one example."""
    return f"# {title}\n\n> A page.\n\n# {title}\n\nA page.\n\n## Code Examples\n\n```\n{body}\n```\n"


@pytest.fixture(scope="module")
def examples(packages: Path, wrong: Path) -> dict[str, Any]:
    """What became of all examples, by the guide that they are of; one process reads the catalogue for all."""
    return decoded(packages, wrong, *([GUIDE] if GUIDE.is_dir() else []))


@pytest.fixture(scope="module")
def taken(packages: Path, mock: MockServer, requests: Path) -> dict[str, Any]:
    """What the mock took of all requests."""
    return sent(packages, mock.url, requests, *([GUIDE] if GUIDE.is_dir() else []))


@needs_guide
@pytest.mark.parametrize("kind", WHAT)
def test_every_example_is_a_body_of_its_type_or_listed(examples: dict[str, Any], kind: str) -> None:
    """What is wrong with the others is in differences.yaml, and nothing else is."""
    compare_with_listed(kind, WHAT[kind], examples[str(GUIDE)][kind])


def compare_with_listed(kind: str, what: str, found: dict[str, str]) -> None:
    listed: dict[str, str] = yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8")).get(kind) or {}
    new = [f"{example}: {found[example]}" for example in found if example not in listed]
    assert not new, f"{what}, and not in differences.yaml:\n" + "\n".join(new)
    settled = [example for example in listed if example not in found]
    assert not settled, "in differences.yaml, but no longer so; take them out:\n" + "\n".join(settled)


@needs_guide
def test_every_request_is_taken_by_the_mock_or_listed(taken: dict[str, Any]) -> None:
    """Built as inputs, sent by the client of the newest version that they fit."""
    found = taken[str(GUIDE)]
    compare_with_listed("refused", REFUSED, found["refused"])
    assert found["sent"] >= 550


@needs_guide
def test_most_examples_are_read_and_fit(examples: dict[str, Any]) -> None:
    """A reader that found few would prove little."""
    found = examples[str(GUIDE)]
    left = sum(len(found[kind]) for kind in WHAT)
    assert found["examples"] - left >= 790
    assert found["inputs"] >= 400


def test_a_request_that_the_mock_refuses_is_found(taken: dict[str, Any], requests: Path) -> None:
    found = taken[str(requests)]
    assert found["sent"] == 2
    assert list(found["refused"]) == ["bad#1"]
    assert "body.subjectId must be a record id" in found["refused"]["bad#1"]


def test_what_is_wrong_with_an_example_is_found(examples: dict[str, Any], wrong: Path) -> None:
    found = examples[str(wrong)]
    assert [*found["unreadable"]] == ["broken#1"]
    assert sorted(found["misfits"]) == ["number#1", "unknown#1"]
    assert "kept as it came though it is a DateTime" in found["faults"].pop("time#1")
    assert not found["faults"]
