"""What a file says once holds for all its entries; a fault names the line that says the thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectgen.catalogue.loader import check_catalogue
from connectgen.catalogue.model import Span
from connectgen.resolver import surface_at

FILE, TYPES = "resources/feeds/polls.yaml", "types/feeds/polls.yaml"
RESOURCES = """\
summary: Polls.
defaults: {since: 66.0, site: optional, requires: [chatter], xml: false, stage: beta}
parameters:
  pollId: {type: Id, description: id of the poll}
  sort: {type: String, values: PollSort, since: 66.0}
resources:
  - path: /polls/{pollId}
    operations:
      GET: {name: get, summary: Read a poll., parameters: {sort: {since: 67.0}, old: Id}, special_status: {404: none}, returns: Poll}
      HEAD: {since: 67.0, parameters: {old: none}}
      DELETE: {name: delete, summary: Delete it., xml: true, stage: none}
  - path: /polls
    since: none
    site: none
    requires: []
    operations:
      GET: {name: list_polls, summary: List polls., parameters: {sort: {}}, returns: list<Poll>}
      HEAD: true
"""
TYPES_TEXT = """\
defaults: {group: Small}
types:
  Poll:
    properties:
      votes: Integer
      owner: {type: String, group: none}
      text: {type: String, group: Big, values: PollSort}
"""
ENUMERATIONS = 'enumerations:\n  PollSort: {values: ["Name", {value: "Date", since: 67.0}]}\n'


@pytest.fixture
def make(make_catalogue):
    """The catalogue above, with pieces of text replaced."""

    def write(*changes: tuple[str, str]) -> Path:
        files = {FILE: RESOURCES, TYPES: TYPES_TEXT, "enumerations/feeds.yaml": ENUMERATIONS}
        return make_catalogue(*changes, **files)

    return write


def test_defaults_parameters_and_head_are_filled_in(make) -> None:
    catalogue, faults = check_catalogue(make())
    assert faults == []
    assert catalogue is not None
    one, all_polls = catalogue.groups[0].resources
    assert (one.span, one.site, one.requires_chatter) == (Span(66), Span(66), Span(66))
    assert (all_polls.span, all_polls.site, all_polls.requires_chatter) == (Span(), None, None)
    assert [item.description for item in one.parameters] == ["id of the poll"]
    get, head, delete = one.operations
    assert (get.xml, get.stage, delete.xml, delete.stage) == (False, "beta", True, None)
    assert [(item.name, item.span) for item in get.parameters] == [("sort", Span(67)), ("old", Span(66))]
    assert (head.name, head.span) == ("head", Span(67))
    assert head.summary == "Check that `get` would succeed; `client.raw` returns the headers."
    assert [item.name for item in head.parameters] == ["sort"]
    assert dict(head.special_status) == {404: "none"}
    assert [operation.name for operation in all_polls.operations] == ["list_polls", "head_polls"]
    assert [item.name for item in all_polls.operations[1].parameters] == ["sort"]


def test_a_types_properties_have_its_files_group(make) -> None:
    catalogue, _ = check_catalogue(make())
    assert catalogue is not None
    groups = {item.name: [one.value for one in item.groups] for item in catalogue.types["Poll"].properties}
    assert groups == {"votes": ["Small"], "owner": [], "text": ["Big"]}


def test_a_surface_has_an_enumerations_name_and_its_values_at_the_version(make) -> None:
    catalogue, _ = check_catalogue(make())
    assert catalogue is not None
    found = {version: surface_at(catalogue, version).types["Poll"].properties[2] for version in (66, 67)}
    assert {version: (item.enumeration, item.values) for version, item in found.items()} == {
        66: ("PollSort", ("Name",)),
        67: ("PollSort", ("Name", "Date")),
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("pollId: {type: Id,", "pollId: {type: Idd,", f"{FILE}:4: there is no type Idd"),
        ("sort: {since: 67.0}", "sorte: {since: 67.0}", f"{FILE}:9: the parameter 'sorte' has no type, and the file's"),
        ("sort: {since: 67.0}", "sort: {since: 67.0, max_items: 3}", f"{FILE}:9: parameter sort has max_items, but"),
        ("  sort: {type", "  size: Integer\n  sort: {type", f"{FILE}:5: nothing has the parameter 'size'; remove it"),
        ("      GET: {name: list_polls, summary: List polls., parameters: {sort: {}}, returns: list<Poll>}\n", "", f"{FILE}:17: HEAD follows from GET, and there is no GET"),
        ("parameters: {old: none}", "parameters: {od: none}", f"{FILE}:10: 'od' takes nothing back: GET has no such parameter; did you mean old?"),
        ("HEAD: {since: 67.0,", "HEAD: {since: 67.0, status: none,", f"{FILE}:10: 'status' takes nothing back: GET lacks it; remove it"),
        ("HEAD: true", "HEAD: {parameters: {sorte: none}}", f"{FILE}:18: 'sorte' takes nothing back: GET has no such parameter; did you mean sort?"),
        ("defaults: {since: 66.0, site: optional,", "defaults: {since: 66.0,", f"{FILE}:14: 'site' takes nothing back: the file's defaults lack it; remove it"),
        ("xml: true, stage: none", "xml: true, since: none", f"{FILE}:11: 'since' takes nothing back: the file's defaults lack it; remove it"),
        ("text: {type: String, group: Big,", "since: {type: String, since: none,", f"{TYPES}:7: types.Poll.properties.since.since:"),
        ("types:\n  Poll:\n", "types:\n  Poll:\n    since: none\n", f"{TYPES}:4: 'since' takes nothing back: the file's defaults lack it; remove it"),
        ("defaults: {group: Small}", "defaults: {since: 66.0}", f"{TYPES}:6: 'group' takes nothing back: neither the type nor the file's defaults have it; remove it"),
        ("defaults: {group: Small}\ntypes:\n  Poll:\n", "types:\n  Poll:\n    group: Small\n", None),
        ("defaults: {group", "defaults: {grop", f"{TYPES}:1: defaults: unknown key 'grop'; did you mean group?"),
        ("text: {type: String, group: Big, values: PollSort", "text: {type: String, group: Big, values: PolSort", f"{TYPES}:7: there is no enumeration PolSort, which property text names; did you mean PollSort?"),
        ("format: 2", "format: 1", "releases.yaml:5: the catalogue is in the format 1, and this generator reads format 2; bring the files to it"),
        ("format: 2\n", "", "releases.yaml:1: the format is missing, and this generator reads format 2; bring the files to it"),
    ],
)  # fmt: skip
def test_a_fault_names_the_line_that_says_it(make, old: str, new: str, message: str | None) -> None:
    _, faults = check_catalogue(make((old, new)))
    if message is None:
        assert faults == []
        return
    assert len(faults) == 1, [str(fault) for fault in faults]
    assert str(faults[0]).startswith(message)
