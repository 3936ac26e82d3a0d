"""Examples of bodies: each is as its schema says, the mock takes what is sent, the models read what is received."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
import referencing
from referencing.jsonschema import DRAFT202012

from connectgen.catalogue.loader import load_catalogue
from connectgen.openapi.document import openapi_document
from connectgen.resolver import surface_at
from connectgen.surface import Surface, SurfaceOperation
from mock.least import content_of, least
from openapi.bodies import FORM, JSON, MULTIPART, example_of, media_types
from sf_connect.testing import MockServer
from support.command import ROOT, environment
from support.versions import MIDDLE, NEWEST

Documents = Callable[[int], dict[str, Any]]
EVERY = 1 if os.environ.get("CONNECTGEN_WALK_ALL") else 11
"""One operation in so many is called; all of them where the environment says so (`make walk`)."""
LARGEST = 6_000
"""How many characters of JSON an example may have."""
DEEPEST = 16


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def depth(value: Any) -> int:
    """How many objects and lists are inside one another."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def test_bodies_of_the_small_catalogue(small: Documents) -> None:
    document = small(33)
    create = document["paths"]["/garden/plants"]["post"]
    assert example_of(document, create["requestBody"]["content"][JSON]) == {"kind": "Tree", "name": "Spring launch"}
    assert create["requestBody"]["content"][FORM]["example"] == {"name": "Spring launch"}
    assert example_of(document, create["responses"]["201"]["content"][JSON])["type"] == "Tree"
    assert "example" not in str(create["requestBody"]["content"]["application/xml"])
    upload = document["paths"]["/archive/pictures/{pictureId}"]["post"]["requestBody"]["content"][MULTIPART]
    assert set(upload["example"]) == {"picture", "fileUpload"}


@pytest.mark.parametrize("version", [MIDDLE, NEWEST])
def test_every_body_has_an_example_that_its_schema_allows(whole: Documents, version: int) -> None:
    document = whole(version)
    resource = referencing.Resource(document, DRAFT202012)
    registry = referencing.Registry[Any]().with_resource("urn:document", resource)
    seen: set[str] = set()
    empty: list[str] = []
    for path, method, operation in operations(document):
        for where, media, content in media_types(operation):
            if media not in (JSON, FORM, MULTIPART) or not where.startswith(("takes", "2")):
                continue
            example = example_of(document, content)
            shown = json.dumps([content["schema"], example])
            if shown in seen:
                continue
            seen.add(shown)
            schema = json.loads(json.dumps(content["schema"]).replace('"#/', '"urn:document#/'))
            validator = jsonschema.Draft202012Validator(
                schema, registry=registry, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
            )
            faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(example)]
            assert not faults, f"{method} {path} {where} {media}: {example}"
            assert len(json.dumps(example)) <= LARGEST, f"{method} {path} {where}"
            assert depth(example) <= DEEPEST, f"{method} {path} {where}"
            if example in ({}, []):
                empty.append(content["schema"]["$ref"].rpartition("/")[2])
    types = document["components"]["schemas"]
    assert [name for name in empty if types[name].get("properties") or "allOf" in types[name]] == []
    assert len(seen) > (300 if version == MIDDLE else 1_000)


@pytest.mark.parametrize("version", [MIDDLE, NEWEST])
def test_what_is_sent_or_received_as_xml_has_its_example_in_json(whole: Documents, version: int) -> None:
    """OpenAPI knows examples of XML as text only, so that none is checked; the names in XML are the schema's."""
    document = whole(version)
    found = 0
    for path, method, operation in operations(document):
        as_json = {where: content for where, media, content in media_types(operation) if media == JSON}
        for where, media, content in media_types(operation):
            if media == "application/xml":
                assert content == {"schema": as_json[where]["schema"]}, f"{method} {path} {where}"
                assert example_of(document, as_json[where]) is not None, f"{method} {path} {where}"
                found += 1
    assert found > 300


def test_a_type_that_needs_itself_has_an_example_that_ends(
    catalogue: Path, edit: Callable[[str, str, str], None]
) -> None:
    count = "      count: {type: Integer, minimum: 1, maximum: 999, default: 1}\n"
    seeds = "".join(f"      seed{number}: {{type: PlantInput, required: true}}\n" for number in range(5))
    edit("types/garden/inputs.yaml", count, count + seeds)
    document = openapi_document(surface_at(load_catalogue(catalogue), 33))
    example = document["components"]["examples"]["PlantInput"]["value"]
    assert len(json.dumps(example)) <= LARGEST
    assert 10 < depth(example) <= DEEPEST


@pytest.fixture(scope="module")
def mock() -> Iterator[httpx2.Client]:
    """A client of a mock of the whole catalogue."""
    with (
        MockServer(("--seed", "1")) as server,
        httpx2.Client(base_url=server.url, timeout=60, headers={"Authorization": "Bearer mock-token"}) as client,
    ):
        yield client


def requests(document: dict[str, Any], surface: Surface) -> Iterator[tuple[SurfaceOperation, str, Any]]:
    """Every body that can be sent, with its operation and media type."""
    for group in surface.groups:
        for one in group.operations:
            written = document["paths"].get(one.path, {}).get(one.method.lower(), {})
            for where, media, content in media_types(written):
                if where == "takes" and media in (JSON, FORM, MULTIPART):
                    yield one, media, example_of(document, content)


@pytest.mark.parametrize("version", [MIDDLE, NEWEST])
def test_the_mock_takes_what_is_sent(
    whole: Documents, surfaces: Callable[[int], Surface], mock: httpx2.Client, version: int
) -> None:
    refused: list[str] = []
    sent = 0
    for operation, media, example in [*requests(whole(version), surfaces(version))][::EVERY]:
        needed = content_of(operation, version)
        files = {part.name for part in operation.parts} | {"file"}
        sending: dict[str, Any] = {"params": needed["params"], "headers": needed["headers"]}
        if media == JSON:
            sending["json"] = example
        elif media == FORM:
            sending["data"] = {name: as_field(value) for name, value in example.items()}
        else:
            sending["files"] = {
                name: (
                    ("plan.txt", value, "text/plain")
                    if name in files
                    else (
                        (None, json.dumps(value), "application/json")
                        if name == operation.json_part
                        else (None, as_field(value))
                    )
                )
                for name, value in example.items()
            }
        response = mock.request(operation.method, address(operation, version), **sending)
        sent += 1
        if not response.is_success:
            refused.append(f"{operation.method} {operation.path} {media}: {example}: {response.text[:200]}")
    assert refused == []
    assert sent > (10 if version == MIDDLE else 40)


def address(operation: SurfaceOperation, version: int) -> str:
    """An operation's path with made-up values, of lists with one item."""
    path = operation.path
    for item in operation.path_parameters:
        path = path.replace(f"{{{item.name}}}", as_field(least(item.type, item, operation.method, version)))
    return f"/services/data/v{version}.0{path}"


def as_field(value: Any) -> str:
    """A value as a form sends it."""
    if isinstance(value, list):
        return ",".join(map(as_field, value))
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize("version", [MIDDLE, NEWEST])
def test_models_read_what_is_received_and_write_what_is_sent(
    files: Callable[[int], Path], packages: Path, version: int
) -> None:
    """Nothing is lost, kept as it came, or of a class of its own; inputs are built by their classes and encoded."""
    own = environment()
    folders = [str(ROOT / "tests"), str(packages / f"sf-connect-v{version}")]
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], *folders])
    command = [sys.executable, "-m", "openapi.decoder", str(files(version)), str(version)]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["faults"] == {}
    assert found["examples"] > (350 if version == MIDDLE else 1_300)
