"""What the mock refuses, and how: status, Salesforce's error array, the reason and the catalogue's entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from mock.conftest import Mock
from support.command import SMALL_CATALOGUE

PLANT = "001000000000001AAA"
XML = (
    "<plant><name>Oak</name><kind>Tree</kind><count>3</count>"
    "<notes><note><type>Text</type><text>x</text></note></notes></plant>"
)


@dataclass
class Case:
    """One request and what it must be answered with; `entry` stands in the line that the answer points to."""

    path: str
    status: int
    code: str
    reason: str
    says: str
    entry: str | None = None
    method: str = "GET"
    version: str = "32.0"
    more: dict[str, object] = field(default_factory=dict)


def posted(code: str, reason: str, says: str, entry: str | None = None, **more: Any) -> Case:
    """A plant that is posted and refused with 400."""
    return Case("/garden/plants", 400, code, reason, says, entry, method="POST", **more)


def sent(content: bytes, media_type: str) -> dict[str, object]:
    return {"content": content, "headers": {"Content-Type": media_type}}


def plant(**properties: object) -> dict[str, object]:
    return {"json": {"name": "Oak", "kind": "Tree", **properties}}


CASES = {
    "a path that no version has": Case("/garden/weeds", 404, "NOT_FOUND", "unknown-path", "does not exist"),
    "a path of earlier versions": Case(
        "/garden/scarecrow",
        404,
        "NOT_FOUND",
        "other-versions",
        "/garden/scarecrow is available until 30.0",
        "GET: {name: get_scarecrow",
    ),
    "a path of later versions": Case(
        f"/garden/plants/{PLANT}/label",
        404,
        "NOT_FOUND",
        "other-versions",
        "is available from 32.0",
        "GET:",
        version="31.0",
    ),
    "a site's address that came later": Case(
        f"/connect/communities/{PLANT}/garden/plants",
        404,
        "NOT_FOUND",
        "other-versions",
        "is available from 31.0",
        version="30.0",
    ),
    "no second path in a site": Case(
        f"/connect/communities/internal/garden/plants/{PLANT}/label",
        404,
        "NOT_FOUND",
        "no-path-in-a-site",
        "has no second path in a site",
    ),
    "a method that no version has": Case(
        "/garden/plants", 405, "METHOD_NOT_ALLOWED", "unknown-method", "Allowed are GET,HEAD,POST", method="DELETE"
    ),
    "a method of later versions": Case(
        f"/garden/labels/{PLANT}",
        405,
        "METHOD_NOT_ALLOWED",
        "other-versions",
        "is available in 31.0 only",
        "PATCH:",
        method="PATCH",
        version="30.0",
    ),
    "a version that is none": Case(
        "/garden/plants", 404, "NOT_FOUND", "unknown-version", "no version 29.0", version="29.0"
    ),
    "an unknown query parameter": Case(
        "/garden/plants?colour=red",
        400,
        "INVALID_FIELD",
        "unknown-query-parameter",
        "no query parameter colour",
        "GET:",
    ),
    "a parameter of later versions": Case(
        "/garden/plants?from=2020-01-02T00:00:00.000Z",
        400,
        "INVALID_FIELD",
        "other-versions",
        "from is available from 31.0",
        "from: {type: DateTime",
        version="30.0",
    ),
    "a parameter given twice": Case(
        "/garden/plants?pageSize=1&pageSize=2", 400, "ILLEGAL_QUERY_PARAMETER_VALUE", "given-twice", "more than once"
    ),
    "a text for a number": Case(
        "/garden/plants?pageSize=ten",
        400,
        "ILLEGAL_QUERY_PARAMETER_VALUE",
        "wrong-type",
        "pageSize must be a whole number",
        "pageSize: {type: Integer",
    ),
    "a number above the range": Case(
        "/garden/plants?pageSize=101",
        400,
        "NUMBER_OUTSIDE_VALID_RANGE",
        "out-of-range",
        "at most 100",
        "pageSize: {type: Integer",
    ),
    "a number below the range": Case(
        "/garden/plants?pageSize=0", 400, "NUMBER_OUTSIDE_VALID_RANGE", "out-of-range", "at least 1"
    ),
    "a value outside the enum": Case(
        "/garden/plants?sort=Colour",
        400,
        "ILLEGAL_QUERY_PARAMETER_VALUE",
        "value-not-allowed",
        "'Colour' is not one of Name, Planted, Height",
        "sort: {type",
    ),
    "a value of earlier versions": Case(
        "/garden/plants?sort=Smell",
        400,
        "ILLEGAL_QUERY_PARAMETER_VALUE",
        "other-versions",
        "'Smell' is available until 30.0",
    ),
    "a value of later versions": Case(
        "/garden/plants?sort=Height",
        400,
        "ILLEGAL_QUERY_PARAMETER_VALUE",
        "other-versions",
        "'Height' is available from 32.0",
        version="31.0",
    ),
    "a text that is too long": Case(
        f"/garden/plants?q={'x' * 81}", 400, "STRING_TOO_LONG", "too-long", "80 characters at most", version="31.0"
    ),
    "too many items": Case(
        f"/garden/plants?kinds={','.join('abcdefghijk')}", 400, "LIMIT_EXCEEDED", "too-many", "10 items at most"
    ),
    "a date that is none": Case(
        "/garden/plants?from=2020-02-30T00:00:00.000Z",
        400,
        "ILLEGAL_QUERY_PARAMETER_VALUE",
        "wrong-type",
        "must be a time like",
    ),
    "an id that is none": Case(
        "/garden/plants/oak/label", 400, "INVALID_ID_FIELD", "wrong-type", "Invalid identifier: oak", "plantId: Id"
    ),
    "a header that is too long": posted(
        "STRING_TOO_LONG", "too-long", "255 characters", more={**plant(), "headers": {"X-Garden-Key": "k" * 256}}
    ),
    "a required form field": posted("MISSING_ARGUMENT", "missing", "name is required", "name: {type: String, in: form"),
    "an unknown form field": posted(
        "INVALID_FIELD", "unknown-form-field", "no form field colour", more={"data": {"name": "Oak", "colour": "red"}}
    ),
    "a required body": Case(
        f"/garden/plants/{PLANT}/move/1", 400, "MISSING_ARGUMENT", "missing", "needs a body", method="PUT"
    ),
    "an unknown property": posted(
        "INVALID_FIELD", "unknown-property", "Unrecognized field body.colour", "PlantInput:", more=plant(colour="red")
    ),
    "a property of later versions": posted(
        "INVALID_FIELD",
        "other-versions",
        "body.kind is available from 31.0",
        "kind: {type: String",
        version="30.0",
        more=plant(),
    ),
    "a missing property": posted(
        "MISSING_ARGUMENT", "missing", "body.kind is required", "kind: {type: String", more={"json": {"name": "Oak"}}
    ),
    "a property required for this method": posted(
        "MISSING_ARGUMENT", "missing", "body.name is required", more={"json": {"kind": "Tree"}}
    ),
    "a missing property below": posted(
        "MISSING_ARGUMENT", "missing", "body.label.text is required", more=plant(label={})
    ),
    "an object for a text": posted(
        "INVALID_FIELD", "wrong-type", "body.from must be a text, not an object", more=plant(**{"from": {}})
    ),
    "a value outside a body's enum": posted(
        "INVALID_FIELD", "value-not-allowed", "'Moss' is not one of Tree, Bush, Hedge", more=plant(kind="Moss")
    ),
    "a body's value of later versions": posted(
        "INVALID_FIELD", "other-versions", "'Hedge' is available from 32.0", version="31.0", more=plant(kind="Hedge")
    ),
    "a body's number out of range": posted(
        "NUMBER_OUTSIDE_VALID_RANGE", "out-of-range", "body.count is 1000", more=plant(count=1000)
    ),
    "a fraction for a whole number": posted(
        "INVALID_FIELD", "wrong-type", "body.count must be a whole number", more=plant(count=1.5)
    ),
    "a large number without quotes": posted("INVALID_FIELD", "wrong-type", "in quotes", more=plant(leaves=2**40)),
    "too many items in a body": posted(
        "LIMIT_EXCEEDED", "too-many", "5 items at most", more=plant(notes=[{"type": "Text", "text": "a"}] * 6)
    ),
    "a kind that no version has": posted(
        "INVALID_FIELD",
        "value-not-allowed",
        "'Sound' is not one of Text, Number",
        more=plant(notes=[{"type": "Sound"}]),
    ),
    "a property of another kind": posted(
        "INVALID_FIELD",
        "unknown-property",
        "body.notes[0].text; NumberNoteInput has type, number",
        more=plant(notes=[{"type": "Number", "text": "a"}]),
    ),
    "a body where none belongs": Case(
        "/garden/plants", 400, "INVALID_FIELD", "unexpected-body", "takes no body", more={"json": {"name": "Oak"}}
    ),
    "JSON that is none": posted(
        "JSON_PARSER_ERROR", "malformed", "no JSON", more=sent(b'{"name": ', "application/json")
    ),
    "JSON with a number that is none": posted(
        "JSON_PARSER_ERROR", "malformed", "NaN", more=sent(b'{"count": NaN}', "application/json")
    ),
    "XML with a document type": posted(
        "POST_BODY_PARSE_ERROR", "malformed", "document type", more=sent(b"<!DOCTYPE a><plant/>", "application/xml")
    ),
    "content of an unknown type": Case(
        "/garden/plants",
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "content-type",
        "takes JSON, XML, form fields",
        method="POST",
        more=sent(b"name", "text/csv"),
    ),
    "a theme in small letters": Case(
        "/garden/plants",
        400,
        "ILLEGAL_QUERY_PARAMETER_VALUE",
        "value-not-allowed",
        "Classic or Salesforce1",
        more={"headers": {"X-Connect-Theme": "classic"}},
    ),
    "a method in small letters": Case(
        "/garden/plants?_HttpMethod=patch",
        400,
        "ILLEGAL_QUERY_PARAMETER_VALUE",
        "value-not-allowed",
        "_HttpMethod",
        method="POST",
    ),
    "a place in the list that no page named": Case(
        "/garden/plants?pageToken=nowhere",
        400,
        "ILLEGAL_QUERY_PARAMETER_VALUE",
        "value-not-allowed",
        "what an earlier page named",
    ),
    "a filter without its slash": Case(
        "/garden/plants?include=plants", 400, "INVALID_FILTER_VALUE", "filter", "begin with '/'"
    ),
    "both filters": Case(
        "/garden/plants?include=/plants&exclude=/plants", 400, "INVALID_FILTER_VALUE", "filter", "not both"
    ),
    "an unknown filter group": Case(
        "/garden/plants?filterGroup=Tiny", 400, "INVALID_FILTER_VALUE", "filter", "Big, Medium or Small"
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_wrong_is_refused_with_its_reason(small: Mock, case: Case) -> None:
    answer = small.ask(case.path, case.method, version=case.version, **case.more)
    assert (answer.status_code, answer.headers["content-type"]) == (case.status, "application/json;charset=UTF-8")
    errors = answer.json()
    assert errors[0]["errorCode"] == case.code
    assert case.says in errors[0]["message"]
    assert set(errors[0]) == {"errorCode", "message"}
    assert answer.headers["x-mock-reason"].startswith(f"{case.reason}: ")
    if case.entry:
        assert case.entry in line_of(answer.headers["x-mock-entry"])


def line_of(entry: str) -> str:
    """The line of the catalogue that a header points to."""
    file, _, line = entry.removeprefix("spec/").rpartition(":")
    return (SMALL_CATALOGUE / file).read_text(encoding="utf-8").splitlines()[int(line) - 1].strip()


def test_all_problems_are_told_at_once(small: Mock) -> None:
    answer = small.ask("/garden/plants?size=0&colour=red", "POST", **plant(kind="Moss", colour="red"))
    messages = [error["message"] for error in answer.json()]
    assert len(messages) == 4
    for part, message in zip(("parameter size", "parameter colour", "'Moss'", "body.colour"), messages, strict=True):
        assert part in message


def test_other_values_are_taken_where_an_enumeration_is_open_for_requests(real: Mock) -> None:
    company = {"role": "help", "companyName": "Acme", "companyDescription": "Tools"}
    body = {"agentType": "newer", "generationInfo": {"defaultInfo": company}, "generationSettings": {}}
    answer = real.ask("/connect/ai-assist/draft-agent-topics", "POST", version="67.0", json=body)
    assert answer.status_code == 200, answer.text


def test_another_spelling_of_a_path_is_taken_too(real: Mock) -> None:
    """Salesforce's mobile SDKs send this one, and the page of the resource names it."""
    files = "/connect/files/users/me/filter"
    pages = [real.ask(f"{files}/{name}", version="67.0") for name in ("shared-with-me", "sharedwithme")]
    assert [page.status_code for page in pages] == [200, 200]
    assert real.ask(f"{files}/sharedwithyou", version="67.0").status_code == 404


def test_a_wrong_method_names_those_that_are_right(small: Mock) -> None:
    assert small.ask("/garden/plants", "DELETE").headers["allow"] == "GET, HEAD, POST"


def test_text_of_a_request_cannot_add_headers(small: Mock) -> None:
    answer = small.ask("/garden/plants?sort=a%0d%0aX-Evil:%201%c3%a4")
    assert "x-evil" not in answer.headers
    assert answer.headers["x-mock-reason"].isascii()


def test_the_sentence_of_the_issue(real: Mock) -> None:
    """A parameter that came with 44.0 is told to whoever asks 43.0 for it."""
    element = "0D5000000000001AAA"
    path = f"/chatter/feed-elements/{element}/capabilities/comments"
    answer = real.ask(f"{path}?threadedCommentsCollapsed=true", version="43.0")
    assert answer.status_code == 400
    assert answer.json() == [
        {"errorCode": "INVALID_FIELD", "message": "threadedCommentsCollapsed is available from 44.0"}
    ]
    assert answer.headers["x-mock-entry"].startswith("spec/resources/feeds/capabilities.yaml:")
    assert real.ask(f"{path}?threadedCommentsCollapsed=true", version="44.0").status_code == 200


def test_an_id_of_another_kind_of_record_is_refused(real: Mock) -> None:
    """The guide's own example: a feed item where a comment is wanted."""
    answer = real.ask("/chatter/comments/0D5D0000000XZoHKAW")
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == "INVALID_ID_FIELD"
    assert answer.json()[0]["message"].startswith("Invalid identifier: 0D5D0000000XZoHKAW")


def test_an_empty_text_is_no_id_in_a_body(real: Mock) -> None:
    """The guide's own bodies send it where they have none; where an id is required, it is not enough."""
    path = "/commerce/payments/authorizations/a8mMK0000000007YAA/captures"
    assert real.ask(path, "POST", json={"amount": 1.5, "accountId": ""}).is_success
    body = {"amount": 1.5, "currencyIsoCode": "USD", "paymentGatewayId": ""}
    refused = real.ask("/payments/payment-intents", "POST", json=body)
    assert refused.status_code == 400
    assert "body.paymentGatewayId must be a record id" in refused.text


def test_what_is_right_passes(small: Mock) -> None:
    ways: list[dict[str, object]] = [
        plant(label={"text": "a"}, notes=[{"type": "Number", "number": 1}], leaves="4294967296", count=None),
        {"data": {"name": "Oak"}},
        {"content": b"", "params": {"name": "Oak"}},
        plant(count=3.0),
        {**plant(filterGroup="Small"), "headers": {"X-Garden-Key": "k"}},
        sent(XML.encode("utf-16"), "application/xml; charset=UTF-16"),
    ]
    for way in ways:
        assert small.ask("/garden/plants", "POST", **way).status_code == 201, way


def test_form_fields_beside_a_body_are_passed_over(small: Mock) -> None:
    answer = small.ask("/garden/plants?name=Elm", "POST", **plant())
    assert answer.status_code == 201
    assert answer.json()["name"] == "Oak"


def test_a_method_may_hide_in_a_post(small: Mock) -> None:
    path = f"/garden/plants/{PLANT}/label?_HttpMethod=PATCH"
    answer = small.ask(path, "POST", json={"name": "Oak", "kind": "Tree"})
    assert answer.status_code == 200
    assert small.server.calls()[-1]["operation"] == "garden.plants.update_label"
