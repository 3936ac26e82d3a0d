"""The catalogue holds what an independent recount finds in the guide, wherever the guide's pages are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from recount.counts import KINDS, Recount
from recount.pages import read_page
from recount.recount import ROOT, listed_differences, recount
from recount.releases import values
from support.kept import LIST_DIFFERENCES

GUIDE = ROOT.parent / "shared" / "guide" / "pages"
needs_guide = pytest.mark.skipif(not GUIDE.is_dir(), reason="the guide's pages are not at hand")
AT_LEAST = {
    "resources": 1800,
    "path parameters": 900,
    "sites": 800,
    "chatter": 600,
    "methods": 1200,
    "parameters": 1600,
    "bodies": 340,
    "answers": 800,
    "properties": 8600,
    "versions": 11000,
    "types": 10000,
    "required": 4000,
    "filter groups": 5400,
    "values": 1400,
    "defaults": 580,
    "limits": 160,
    "beyond the guide": 10000,
}
"""How many facts of each kind the guide has, roughly: with fewer, the recount itself is broken."""


@pytest.fixture(scope="module")
def counted() -> Recount:
    """One recount for all tests."""
    return recount(GUIDE)


@needs_guide
@pytest.mark.parametrize("kind", KINDS)
def test_every_difference_is_listed_with_its_reason(counted: Recount, kind: str) -> None:
    """What the catalogue lacks or has otherwise is in differences.yaml, and nothing else is."""
    count, listed = counted[kind], listed_differences().get(kind, {})
    assert count.total >= AT_LEAST[kind], f"only {count.total} {kind} were read from the guide"
    new = [message(kind, miss, detail) for miss, detail in count.misses.items() if miss not in listed]
    assert not new, "\n".join([f"{len(new)} {kind}: {REMEDY.format(kind=kind)}", *new])
    settled = [entry for entry in listed if entry not in count.misses]
    remedy = f"take these out of {LISTED} under {kind!r}: guide and catalogue agree now"
    assert not settled, "\n".join([remedy, *settled])


LISTED = "tests/recount/differences.yaml"
REMEDY = f"correct spec/, or add each with its reason to {LISTED} under {{kind!r}}; {LIST_DIFFERENCES} lists all"


def message(kind: str, miss: str, detail: str) -> str:
    """A difference in words: who says what, and what the other has."""
    if kind == "beyond the guide":
        return f"the catalogue has {miss}; no page of the guide has, and no source, because or unsure says why"
    return f"the guide has {miss}; the catalogue has {detail or 'nothing of it'}"


def test_a_message_says_who_has_what() -> None:
    assert (
        message("types", "Poll.size is Integer", "Long") == "the guide has Poll.size is Integer; the catalogue has Long"
    )
    assert message("parameters", "GET /polls size", "").endswith("the catalogue has nothing of it")
    assert message("beyond the guide", "Poll.size", "").startswith("the catalogue has Poll.size; no page of the guide")


@needs_guide
@pytest.mark.parametrize("kind", ["parameters", "properties"])
def test_nearly_everything_is_found_before_differences_are_listed(counted: Recount, kind: str) -> None:
    """At least 99.5 of 100, where even what the catalogue leaves out with a reason counts as lost."""
    assert counted[kind].percent >= 99.5


PAGE = """\
# Thing

Resource

```

```

```

```

Available version

32.0

PATCH is supported in version 34.0 and later.

Requires Chatter

Yes

HTTP methods

GET, PATCH, HEAD

Request parameters for GET

| Parameter Name | Type | Description | Required or Optional | Available Version |
| --- | --- | --- | --- | --- |
| size | Integer | How many. Valid values are from 1 through 50. The default is 20. | Optional | 33.0 |
| old | Integer | How old. | Optional | 24.0–29.0 |

Request body for PATCH

| Name | Type | Description | Required or Optional | Available Version |
| --- | --- | --- | --- | --- |
| names | String[] | Names. Values are:OneTwo | Required | 34.0 |

Response body for GET

[Thing](atlas.en-us.chatterapi.meta/chatterapi/connect_responses_thing.htm "A thing.")

## Code Examples

```
/chatter/things/thingId
```

```
/connect/communities/communityId
/chatter/things/thingId
```
"""
TYPE = """\
# Thing

A thing.

| Property Name | Type | Description | Filter Group and Version | Available Version |
| --- | --- | --- | --- | --- |
| owner | Thing Owner | Whose it is. | Small, 32.0 | 32.0–39.0 |
"""
RESOURCES = """\
summary: Things.
resources:
  - path: /chatter/things/{thingId}
    site: optional
    since: 32.0
    requires: [chatter]
    parameters: {thingId: Id}
    operations:
      GET:
        name: get
        parameters: {size: {type: Integer, since: 33.0, default: 20, minimum: 1, maximum: 50}}
        returns: Thing
      PATCH: {name: update, since: 34.0, body: ThingInput}
      HEAD: {parameters: none}
"""
TYPES = """\
types:
  Thing:
    guide: connect_responses_thing
    properties:
      owner: {type: ThingOwner, since: 32.0, until: 39.0, group: Small}
  ThingInput:
    properties:
      names: {type: list<String>, required: true, since: 34.0, values: ["One", "Two"]}
"""


def _count(tmp_path: Path, resources: str, types: str) -> dict[str, list[str]]:
    """What a recount of the two pages above misses in a catalogue."""
    guide, spec = tmp_path / "guide", tmp_path / "spec"
    for folder in (guide, spec / "resources", spec / "types"):
        folder.mkdir(parents=True)
    (guide / "thing.md").write_text(PAGE, encoding="utf-8")
    (guide / "thing-answer.md").write_text(TYPE, encoding="utf-8")
    (spec / "resources" / "things.yaml").write_text(resources, encoding="utf-8")
    (spec / "types" / "things.yaml").write_text(types, encoding="utf-8")
    return {kind: list(count.misses) for kind, count in recount(guide, spec).counts.items() if count.misses}


def test_a_catalogue_that_says_the_same_has_no_differences(tmp_path: Path) -> None:
    """Otherwise what follows would prove nothing."""
    assert _count(tmp_path, RESOURCES, TYPES) == {}


@pytest.mark.parametrize(
    ("old", "new", "kind", "miss"),
    [
        ("/chatter/things/", "/chatter/others/", "resources", "thing /chatter/things/thingId"),
        ("{thingId}", "{otherId}", "path parameters", "thing /chatter/things/thingId thingId"),
        ("    site: optional\n", "", "sites", "thing /chatter/things/thingId: both"),
        ("    requires: [chatter]\n", "", "chatter", "thing: Yes"),
        ("      HEAD: {parameters: none}\n", "", "methods", "thing HEAD"),
        ("size:", "count:", "parameters", "thing GET size"),
        ("size:", "count:", "beyond the guide", "GET /chatter/things/{thingId} count"),
        (", body: ThingInput", "", "bodies", "thing PATCH: names"),
        ("        returns: Thing\n", "", "answers", "thing GET Thing"),
        ("names:", "words:", "properties", "thing PATCH.names"),
        ("owner:", "keeper:", "properties", "thing-answer Thing.owner"),
        ("owner:", "keeper:", "beyond the guide", "Thing.keeper"),
        ("since: 33.0", "since: 34.0", "versions", "thing GET size 33.0"),
        ("since: 34.0, body", "since: 35.0, body", "versions", "thing PATCH /chatter/things/{thingId} 34.0–"),
        ("until: 39.0", "until: 40.0", "versions", "thing-answer Thing.owner 32.0–39.0"),
        ("list<String>", "String", "types", "thing PATCH.names is String[]"),
        ("ThingOwner", "Keeper", "types", "thing-answer Thing.owner is Thing Owner"),
        ("required: true, ", "", "required", "thing PATCH.names: Required"),
        ("group: Small", "group: Big", "filter groups", "thing-answer Thing.owner: Small, 32.0"),
        ('"One", "Two"', '"One"', "values", "thing PATCH.names: OneTwo"),
        ("default: 20", "default: 25", "defaults", "thing GET size: 20"),
        ("minimum: 1", "minimum: 0", "limits", "thing GET size: 1–50"),
    ],
)  # fmt: skip
def test_each_kind_of_difference_is_found(tmp_path: Path, old: str, new: str, kind: str, miss: str) -> None:
    """A catalogue that differs in one thing has that difference."""
    assert old in RESOURCES + TYPES
    assert miss in _count(tmp_path, RESOURCES.replace(old, new), TYPES.replace(old, new)).get(kind, [])


def test_what_the_catalogue_explains_is_no_difference(tmp_path: Path) -> None:
    """A correction that tells what the guide says, and an entry under `omitted`, count as explained."""
    corrected = (
        "owner: {type: Keeper, was: {type: ThingOwner}, because: a slip, since: 32.0, until: 39.0, group: Small}"
    )
    types = TYPES.replace("owner: {type: ThingOwner, since: 32.0, until: 39.0, group: Small}", corrected)
    resources = 'omitted: {"HEAD /chatter/things/{thingId}": a slip}\n' + RESOURCES.replace(
        "      HEAD: {parameters: none}\n", ""
    )
    assert _count(tmp_path, resources, types) == {}


def test_a_title_that_is_broken_over_two_lines_is_read_whole(tmp_path: Path) -> None:
    """The copy breaks the first heading of some pages; the second is whole."""
    (tmp_path / "thing.md").write_text(
        "---\ntitle: x\n---\n# Red\n    Thing\n\n> It.\n\n# Red Thing\n\nIt.\n", encoding="utf-8"
    )
    assert read_page(tmp_path / "thing.md").title == "Red Thing"


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Values are:OneTwo—The second. Available in API version 57.0 and later.Three—The third.", [("OneTwo", 57)]),
        (
            "Type. Supported values include:One (version 47.0 and later)Two (version 49.0 and later)",
            [("One", 47), ("Two", 49)],
        ),
        ("Values are:One—First.Two—Second, in the book (version 55.0 and later).", [("Two", 55)]),
        ("A user ID or topic ID (version 36.0 and later).", []),
        ("Values are:OneTwo", []),
    ],
)
def test_the_first_versions_of_values_are_read(description: str, expected: list[tuple[str, int]]) -> None:
    assert list(values(description)) == expected
