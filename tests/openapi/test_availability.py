"""What descriptions tell beside their prose, in every spelling that the vendor's files have."""

from __future__ import annotations

import pytest

from connectgen.catalogue.yaml_reader import LineDict, LineList
from connectgen.importer.openapi.availability import Statements, statements_in
from connectgen.importer.openapi.facts import known_values


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("A.\n\n**Available Version:** 60.0\n", 60, None),
        ("A.\n\n**Available Version: 61.0**\n", 61, None),
        ("A.\n\n**Available Version:*** 57.0\n", 57, None),
        ("A.\n\n**Available Version:** 52.\n", 52, None),
        ("A.\n\n**Available Version:** 60\n", 60, None),
        ("A.\n\n**Availble Version:** 55.0\n", 55, None),
        ("A.\n\n**Available Versions:** 57.0\n", 57, None),
        ("**Available version**: v60.0", 60, None),
        ("Available in API version 60.0 and later.", 60, None),
        ("A thing. Available since version 58.0.", 58, None),
        ("A thing. Available from API version 58.0.", 58, None),
        ("**Available Version:** 57.0–58.0", 57, 58),
        ("**Available Versions:** 57.0 through 58.0", 57, 58),
        ("**Available Version:** 57.0 - 58.0", 57, 58),
        ("In API version 61.0 and later, this property is not available.\n\n**Available Version:** 57.0", 57, 60),
        ("In versions 59.0 and later, this parameter isn’t supported. **Available Version:** 57.0", 57, 58),
        ("No longer available in version 62.0.\n\n**Available Version:** 57.0", 57, 61),
        ("Removed in 62.0.", None, 61),
        ("Available until version 61.0.", None, 61),
        ("Version of the record.", None, None),
        ("Availability status of the event.", None, None),
        ("Models that are available in an org.", None, None),
        ("", None, None),
    ],
)
def test_versions(text: str, since: int | None, until: int | None) -> None:
    told = statements_in(text)
    assert (told.since, told.until, told.unread) == (since, until, None)


def test_a_statement_that_cannot_be_read_is_no_silence() -> None:
    assert statements_in("**Available Version:** Winter").unread == "Winter"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("**Filter Group:** Small", Statements(group="Small")),
        ("**Filter Group: Medium**", Statements(group="Medium")),
        ("Values are from `1` through `200`. The default is 20.", Statements(minimum=1, maximum=200, default="20")),
        ("Maximum number to return from `1` through `49,999`.", Statements(minimum=1, maximum=49_999)),
        ("The range is `-1` through `200`, the default is `-1`.", Statements(minimum=-1, maximum=200, default="-1")),
        ("By default nothing. If unspecified, defaults to `false`.", Statements(default="false")),
        ("The default is `null`.", Statements()),
        ("If unspecified, the org default is used.", Statements()),
        ("The default value is all classes.", Statements()),
        ("Required for POST. Optional for PATCH.", Statements(required_for=["POST"], optional_for=["PATCH"])),
        ("Required for POST and PUT.", Statements(required_for=["POST", "PUT"])),
    ],
)  # fmt: skip
def test_other_facts(text: str, told: Statements) -> None:
    assert statements_in(text) == told


def test_values_without_the_prose_behind_them() -> None:
    schema = LineDict(1)
    schema["enum"] = LineList(1)
    schema["enum"].extend(
        [
            "Continuous - a variable that can take on any value within a range",
            "In Progress",
            "[object Object]",
            "In Progress",
        ]
    )
    assert known_values(schema) == ["Continuous", "In Progress"]
