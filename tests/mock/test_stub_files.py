"""Files of stubs: what is in one is there from the start and after each reset; faults are told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock.conftest import running
from support.command import SMALL_CATALOGUE, connectgen

SMALL = ("--catalogue", str(SMALL_CATALOGUE))
STUBS = """\
stubs:
  - operation: garden.plants.list
    match: {query: {pageSize: 3}}
    times: 1
    response:
      json:
        plants: [{name: Oak, price: "1.50", label: null}]
  - operation: garden.plants.get_label
    responses:
      - {error: OUT_OF_SEASON, status: 409}
      - {json: {text: "later"}}
"""
LABEL = "/garden/plants/0Pt000000000001/label"


def test_stubs_of_a_file_begin_anew_after_a_reset(tmp_path: Path) -> None:
    file = tmp_path / "stubs.yaml"
    file.write_text(STUBS)
    for mock in running("32.0", *SMALL, "--stubs", str(file), "--only-stubs"):
        for _ in range(2):
            assert mock.json("/garden/plants?pageSize=3") == {
                "plants": [{"name": "Oak", "price": "1.50", "label": None}]
            }
            assert mock.ask("/garden/plants?pageSize=3").status_code == 501
            assert mock.ask(LABEL).status_code == 409
            assert mock.json(LABEL) == {"text": "later"}
            mock.server.reset()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("garden.plants.list", "garden.plants.lost", "2: there is no operation 'garden.plants.lost' at 33.0; did you"),
        ("times: 1", "times: never", "4: times is a whole number from 1, not 'never'"),
        ("pageSize", "pagesize", "3: garden.plants.list has no parameter 'pagesize'"),
        ("plants: [{name", "plants: [{nam", "6: Unrecognized field response.plants[0].nam"),
        ("responses:", "reponses:", "9: a stub has no 'reponses'; did you mean responses"),
        ("status: 409", "status: 4009", "10: status is a whole number from 200 to 599, not 4009"),
        ("stubs:", "stub:", "1: a file of stubs has the key stubs with a list"),
        ("{query: ", "{query ", "YAML cannot be read"),
        ("null", "!!null x", "7: the tag"),
    ],
)
def test_a_fault_of_a_file_is_one_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = tmp_path / "stubs.yaml"
    assert old in STUBS
    file.write_text(STUBS.replace(old, new, 1))
    done = connectgen("mock", *SMALL, "--stubs", str(file), cwd=tmp_path, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    first, last = done.stderr.splitlines()
    assert first.startswith(f"{file}:")
    assert told in first
    assert last == "1 fault in --stubs; nothing is served"
