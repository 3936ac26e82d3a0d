"""Every field of OpenAPI 3.0 and 3.1 is in the docs' table: taken with an effect, or left out for a reason."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from connectgen.importer.openapi.document import SourceError, read_document
from connectgen.importer.openapi.importing import ImportRefusedError, ImportRequest, import_openapi
from connectgen.importer.openapi.unread import FIELDS, TAKEN, is_reported, unread_fields
from support.command import ROOT

# The fields of the objects that describe operations and values, as the two specifications list them.
OPENAPI = {
    "document": "openapi info jsonSchemaDialect servers paths webhooks components security tags externalDocs",
    "info": "title summary description termsOfService contact license version",
    "components": "schemas responses parameters examples requestBodies headers securitySchemes links callbacks"
    " pathItems",
    "path item": "$ref summary description get put post delete options head patch trace servers parameters",
    "operation": "tags summary description externalDocs operationId parameters requestBody responses callbacks"
    " deprecated security servers",
    "parameter": "name in description required deprecated allowEmptyValue style explode allowReserved schema example"
    " examples content",
    "body": "description content required",
    "response": "description headers content links",
    "media type": "schema example examples encoding",
    "discriminator": "propertyName mapping",
    "schema": "title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems"
    " minItems uniqueItems maxProperties minProperties required enum type allOf oneOf anyOf not items properties"
    " additionalProperties description format default nullable discriminator readOnly writeOnly xml externalDocs"
    " example deprecated $schema $id $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment $defs if then else"
    " dependentSchemas prefixItems contains patternProperties propertyNames unevaluatedItems unevaluatedProperties"
    " const maxContains minContains dependentRequired contentEncoding contentMediaType contentSchema examples",
}
SAID = "**Available Version:** {}"


class Kept(dict[str, Any]):
    """An object of a file that knows of which kind it is."""

    kind = ""


def of(kind: str, **fields: Any) -> Kept:
    made = Kept({name.removesuffix("_").replace("__", "$"): value for name, value in fields.items()})
    made.kind = kind
    return made


def schema(**fields: Any) -> Kept:
    return of("schema", **fields)


def ref(name: str, kind: str = "schemas") -> Kept:
    owner = {"schemas": "schema", "parameters": "parameter", "responses": "response"}[kind]
    return of(owner, __ref=f"#/components/{kind}/{name}")


def content(inner: Kept, media: str = "application/json", **more: Any) -> dict[str, Any]:
    return {media: of("media type", schema=inner, **more)}


def done(inner: Kept | None = None, code: str = "200") -> dict[str, Any]:
    return {code: of("response", description="Done.", **({"content": content(inner)} if inner else {}))}


def query(name: str, **fields: Any) -> Kept:
    return of("parameter", **{"name": name, "in": "query", **fields})


def everything() -> dict[str, Any]:
    """A file in which every field of the table occurs."""
    plain = schema(type="string")
    left_out = {field: [] for field, reason in FIELDS["schema"].items() if reason != TAKEN}
    lamp = schema(
        type="object", title="Lamp Output", description=SAID.format("31.0"), required=["name"],
        additionalProperties=True,
        discriminator=of("discriminator", propertyName="kind", mapping={"a1": "Arc", "b1": "Bulb"}),
        properties={
            "name": schema(type="string", maxLength=9, default="x"),
            "kind": schema(type="string", enum=["a1", "b1"]),
            "size": schema(type="integer", format="int64", minimum=1, maximum=9),
            "words": schema(type="array", items=plain, maxItems=3),
            "since": schema(**{"type": "string", "x-since": "32.0", "x-until": "32.0", "x-filter-group": "Small"}),
            "any": schema(anyOf=[schema(type="string"), schema(type="integer")]),
            "one": schema(oneOf=[schema(const="u"), schema(const="v")]),
            "more": schema(type="object", additionalProperties=schema(type="number")),
            "open": schema(**{"type": "string", "x-extensible-enum": ["Q"]}),
            "odd": schema(**{**left_out, "type": "string"}),
            "perhaps": schema(type="string", nullable=True),
        },
    )  # fmt: skip
    variants = {
        name: schema(
            title=f"{name} Output", allOf=[ref("Lamp"), schema(type="object", properties={name.lower(): plain})]
        )
        for name in ("Arc", "Bulb")
    }
    lamp_input = schema(
        type="object", title="Lamp Input", required=["name"], properties={"name": schema(type="string")}
    )
    parts = schema(
        type="object",
        properties={
            "file": schema(type="string", contentMediaType="image/png"),
            "other": schema(type="string", contentEncoding="binary"),
            "title": schema(type="string"),
        },
    )
    get = of(
        "operation", tags=["Lights"], summary="Lamps (Beta)", description=SAID.format("31.0"),
        parameters=[
            query("q", description="The default value is `5`.", required=True, schema=schema(type="integer")),
            query("w", **{"x-since": "32.0", "x-until": "32.0"}, content=content(schema(type="boolean"))),
            query("several", style="form", schema=schema(type="array", items=plain)),
            query("joined", explode=False, schema=schema(type="array", items=plain)),
            query("odd", **{field: [] for field, reason in FIELDS["parameter"].items() if reason != TAKEN}),
            ref("shared", "parameters"),
        ],
        responses={**done(ref("Lamp")), "202": ref("Later", "responses")},
        **{field: [] for field, reason in FIELDS["operation"].items() if reason != TAKEN},
    )  # fmt: skip
    media = {"example": {}, "examples": {}, "encoding": {}, "itemSchema": {}}
    body = of("body", required=True, description="d", content=content(ref("LampInput"), **media))
    dated = {"x-stage": "pilot", "x-since": "32.0", "x-until": "32.0"}
    post = of(
        "operation", tags=["Lights"], summary="Make", requestBody=body, responses=done(code="204"), **dated
    )  # fmt: skip
    put = of("operation", tags=["Lights"], summary="Fill", responses=done(code="204"),
             requestBody={"$ref": "#/components/requestBodies/Parts"})  # fmt: skip
    others = {
        method: of("operation", tags=["Lights"], summary=method, responses=done(code="204"))
        for method in ("head", "patch", "delete")
    }
    others["patch"]["requestBody"] = of(
        "body", required=True, content=content(schema(type="object", additionalProperties=plain))
    )
    item = of("path item", parameters=[query("p", schema=plain)], get=get, post=post, put=put, **others,
              **{field: [] for field, reason in FIELDS["path item"].items() if reason != TAKEN})  # fmt: skip
    response = {field: [] for field, reason in FIELDS["response"].items() if reason != TAKEN}
    return of(
        "document", openapi="3.1.0", info=of("info", **{**dict.fromkeys(FIELDS["info"], "t"), "version": "32.0"}),
        paths={"/lamps": item, "/lamps/shared": of("path item", __ref="#/components/pathItems/Shared")},
        **{field: [] for field, reason in FIELDS["document"].items() if reason != TAKEN},
        components=of("components", **{field: {} for field, reason in FIELDS["components"].items() if reason != TAKEN},
            schemas={"Lamp": lamp, "LampInput": lamp_input, **variants},
            parameters={"shared": query("shared", schema=plain)},
            responses={"Later": of("response", content=content(ref("Lamp")), **response)},
            requestBodies={"Parts": of("body", content=content(parts, "multipart/form-data"))},
            pathItems={"Shared": of("path item", get=others["head"])},
        ),
    )  # fmt: skip


def without(value: Any, kind: str, field: str) -> Any:
    """The file without a field of one kind of object, wherever it occurs."""
    if isinstance(value, dict):
        own = value.kind if isinstance(value, Kept) else ""
        left = Kept({key: without(inner, kind, field) for key, inner in value.items() if (own, key) != (kind, field)})
        left.kind = own
        return left
    return [without(inner, kind, field) for inner in value] if isinstance(value, list) else value


def outcome(catalogue: Path, document: Any) -> list[str]:
    """What an import of a file would write, or the line with which it is refused."""
    file = catalogue.parent / "everything.json"
    file.write_text(json.dumps(document, indent=1), encoding="utf-8")
    given: dict[str, Any] = {"new_family": True, "dry_run": True, "show_diff": True, "accept": ["additions"]}
    request = ImportRequest(file=file, family="lamps", spec_dir=catalogue, **given)
    try:
        return [line for line in import_openapi(request) if line.startswith("+")]
    except (SourceError, ImportRefusedError) as refused:
        return [re.sub(r":\d+:", ":", str(refused))]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    catalogue = Path(shutil.copytree(ROOT / "tests" / "fixtures" / "catalogue", tmp_path_factory.mktemp("f") / "spec"))
    return catalogue, outcome(catalogue, everything())


@pytest.mark.parametrize("kind", FIELDS)
def test_what_is_called_taken_has_an_effect(whole: tuple[Path, list[str]], kind: str) -> None:
    catalogue, before = whole
    assert len(before) > 20
    taken = [field for field, reason in FIELDS[kind].items() if reason == TAKEN]
    assert [field for field in taken if outcome(catalogue, without(everything(), kind, field)) == before] == []


@pytest.mark.parametrize("kind", FIELDS)
def test_what_is_left_out_has_none_and_is_reported(whole: tuple[Path, list[str]], kind: str) -> None:
    catalogue, before = whole
    document = everything()
    left_out = {field: reason for field, reason in FIELDS[kind].items() if reason != TAKEN}
    for field in left_out:
        document = without(document, kind, field)
    assert outcome(catalogue, document) == before
    file = catalogue.parent / "told.json"
    file.write_text(json.dumps(everything(), indent=1), encoding="utf-8")
    told = dict(unread_fields(read_document(file)))
    reported = {field: reason for field, reason in left_out.items() if is_reported(reason)}
    assert {field for field in left_out if f"{kind} {field}" in told} == set(reported)
    for field, reason in reported.items():
        assert told[f"{kind} {field}"].endswith(f": {reason}")


def test_the_table_has_every_field_of_openapi() -> None:
    assert {kind: set(text.split()) - set(FIELDS[kind]) for kind, text in OPENAPI.items()} == {
        kind: set[str]() for kind in OPENAPI
    }


def test_the_docs_show_the_table() -> None:
    page = (ROOT / "docs" / "import-openapi.md").read_text(encoding="utf-8")
    for kind, table in FIELDS.items():
        row = re.search(rf"^\| {kind} \| (.*?) \| (.*) \|$", page, re.MULTILINE)
        assert row, f"the docs have no row for {kind}"
        assert re.findall(r"`([^`]+)`", row[1]) == [field for field, reason in table.items() if reason == TAKEN]
        by_reason: dict[str, list[str]] = {}
        for field, reason in table.items():
            if reason != TAKEN:
                by_reason.setdefault(reason, []).append(f"`{field}`")
        assert row[2].strip() == "; ".join(f"{', '.join(names)} ({reason})" for reason, names in by_reason.items())
