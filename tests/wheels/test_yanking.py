"""`connectgen release yank`: the record keeps what was withdrawn, and nothing is built on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from wheels.checkout import Checkout
from wheels.test_recording import ADDS, BREAKS_31, FIRST, FIX_IN_CORE, IN_32, change, planned

BECAUSE = ("--because", "It loses captions.")
OTHERWISE = ("spec/types/archive/pictures.yaml", "caption: {type: String, since", "legend: {type: String, since")
BACK = (ADDS[0], ADDS[2], ADDS[1])


@pytest.fixture
def twice(released: Checkout) -> Checkout:
    """A repository with a second release of the client for 33.0."""
    change(released, ADDS)
    released.run("release", "record")
    released.commit("Release")
    return released


def yanked(checkout: Checkout) -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load((checkout.folder / "published.yaml").read_text())["yanked"]
    return table


def test_the_record_keeps_it_and_goes_back(twice: Checkout) -> None:
    before = twice.record()["sf-connect-v33"]
    said = twice.run("release", "yank", "sf-connect-v33", "33.0.1", "--because", "It loses\n  captions.")
    assert "sf-connect-v33 33.0.1: yanked; the last release is 33.0.0\n" in said
    kept = {key: before[key] for key in ("content", "commit", "core")}
    assert yanked(twice) == {"sf-connect-v33": {"33.0.1": {"because": "It loses captions.", **kept}}}
    assert twice.versions() == {**FIRST, "connectgen": "0.1.1"}
    text = (twice.folder / "changelogs" / "sf-connect-v33.md").read_text(encoding="utf-8")
    assert "## 33.0.1 (" in text
    assert "\n**Yanked:** It loses captions.\n" in text


def test_what_was_withdrawn_is_not_released_again_as_it_is(twice: Checkout) -> None:
    twice.run("release", "yank", "sf-connect-v33", "33.0.1", *BECAUSE)
    twice.commit()
    entry = planned(twice)["sf-connect-v33"]
    assert (entry["version"], entry["previous"], entry["breaking"]) == ("33.0.2", "33.0.0", True)
    said = twice.run("release", "record", code=1)
    assert "sf-connect-v33: correct what 33.0.1 was withdrawn for" in said
    assert twice.versions()["sf-connect-v33"] == "33.0.0"
    twice.run("release", "record", "--because", "The index was at fault, not the files.")
    assert twice.record()["sf-connect-v33"]["broke"] == {"33.0.2": "The index was at fault, not the files."}


def test_the_next_release_is_compared_with_the_one_before_and_has_a_number_of_its_own(twice: Checkout) -> None:
    twice.run("release", "yank", "sf-connect-v33", "33.0.1", *BECAUSE)
    twice.commit()
    change(twice, OTHERWISE)
    entry = planned(twice)["sf-connect-v33"]
    assert (entry["version"], entry["previous"]) == ("33.0.2", "33.0.0")
    assert entry["changes"] == [
        "response-property-added Picture.legend: New property: `legend`."
    ]  # caption was in 33.0.1 alone
    twice.run("release", "record")
    assert twice.versions()["sf-connect-v33"] == "33.0.2"
    text = (twice.folder / "changelogs" / "sf-connect-v33.md").read_text(encoding="utf-8")
    assert text.index("## 33.0.2 (") < text.index("Since 33.0.0. ") < text.index("## 33.0.1 (")


def test_what_goes_back_to_the_release_before_needs_no_release(twice: Checkout) -> None:
    twice.run("release", "yank", "sf-connect-v33", "33.0.1", *BECAUSE)
    twice.commit()
    change(twice, BACK)
    assert "sf-connect-v33" not in planned(twice)


def test_a_release_that_broke_callers_and_was_withdrawn_does_not_let_the_next_one_pass(released: Checkout) -> None:
    change(released, BREAKS_31)
    released.run("release", "record", "--because", "A mistake.")
    released.commit("Release")
    released.run("release", "yank", "sf-connect-v31", "31.0.1", "--because", "It broke callers.")
    released.commit()
    grown = "description: where the page begins}\n          depth: Integer\n"
    change(released, (BREAKS_31[0], "description: where the page begins}\n", grown))
    said = released.run("release", "record", code=1)
    assert "sf-connect-v31: operation-removed garden.plants.delete_label" in said


def test_an_older_version_and_the_first_one_can_be_withdrawn_too(twice: Checkout) -> None:
    assert "the last release is 33.0.1" in twice.run("release", "yank", "sf-connect-v33", "33.0.0", *BECAUSE)
    assert twice.versions()["sf-connect-v33"] == "33.0.1"
    assert "none is left" in twice.run("release", "yank", "sf-connect-v32", "32.0.0", *BECAUSE)
    assert "sf-connect-v32" not in twice.versions()
    twice.commit()
    change(twice, IN_32)
    assert planned(twice)["sf-connect-v32"]["version"] == "32.0.1"


def test_clients_do_not_ask_for_a_core_that_was_withdrawn(released: Checkout) -> None:
    change(released, FIX_IN_CORE, IN_32)
    released.run("release", "record")
    released.commit("Release")
    said = released.run("release", "yank", "sf-connect-core", "0.1.1", "--because", "It leaks memory.")
    assert "1 client cannot be installed until a later sf-connect-core is published: sf-connect-v32" in said
    released.commit()
    change(released, (FIX_IN_CORE[0], FIX_IN_CORE[2], FIX_IN_CORE[1]))

    plan = planned(released)
    assert plan["sf-connect-v32"]["version"] == "32.0.2"
    assert plan["sf-connect-v32"]["reason"] == "it needs sf-connect-core 0.1.1, which was withdrawn"
    assert "sf-connect-core" not in plan
    released.run("release", "record")
    assert released.record()["sf-connect-v32"]["core"] == "0.1.0"


def test_a_later_core_takes_the_place_of_one_that_was_withdrawn(released: Checkout) -> None:
    change(released, FIX_IN_CORE, IN_32)
    released.run("release", "record")
    released.commit("Release")
    released.run("release", "yank", "sf-connect-core", "0.1.1", "--because", "It leaks memory.")
    released.commit()
    change(released, (FIX_IN_CORE[0], FIX_IN_CORE[2], "_LONGEST_NAME = 42"))
    plan = planned(released)
    assert plan["sf-connect-core"]["version"] == "0.1.2"
    assert "sf-connect-v32" not in plan  # 0.1.2 is what >=0.1.1 finds


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("sf-connect-v33", "33.0.7", *BECAUSE), 1, "sf-connect-v33 33.0.7: was never recorded; published.yaml and"),
        (("sf-connect-v99", "99.0.0", *BECAUSE), 1, "sf-connect-v99 99.0.0: was never recorded; published.yaml and"),
        (("../../x", "1.0", *BECAUSE), 1, "../../x 1.0: was never recorded; published.yaml and its history have no"),
        (("sf-connect-v33", "33.0.0", "--because", " "), 2, "a reason must say something"),
        (("sf-connect-v33", "33.0.0"), 2, "Missing option '--because'"),
    ],
)
def test_what_cannot_be_withdrawn_is_refused(
    released: Checkout, arguments: tuple[str, ...], code: int, line: str
) -> None:
    before = (released.folder / "published.yaml").read_bytes()
    assert line in released.run("release", "yank", *arguments, code=code)
    assert (released.folder / "published.yaml").read_bytes() == before


def test_a_version_is_withdrawn_once(twice: Checkout) -> None:
    twice.run("release", "yank", "sf-connect-v33", "33.0.1", *BECAUSE)
    said = twice.run("release", "yank", "sf-connect-v33", "33.0.1", "--because", "Another reason.", code=1)
    assert "sf-connect-v33 33.0.1: was yanked before, because: It loses captions." in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("yanked:\n", "yanked: []\n#"),
        ('"33.0.1": {because', '"newest": {because'),
        ("because:", "becuase:"),
        ('content: "sha256:', 'content: "sha1:'),
    ],
)
def test_a_malformed_table_is_told_with_its_line(twice: Checkout, old: str, new: str) -> None:
    twice.run("release", "yank", "sf-connect-v33", "33.0.1", *BECAUSE)
    path: Path = twice.folder / "published.yaml"
    head, _, tail = path.read_text(encoding="utf-8").partition("yanked:\n")
    path.write_text(head + ("yanked:\n" + tail).replace(old, new), encoding="utf-8")
    assert "published.yaml:" in twice.run("wheels", code=1)
