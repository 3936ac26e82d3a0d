"""What is asynchronous goes through its states, as the catalogue knows them: by calls or by seconds."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from connectgen.mock.progress import Phase, own_waits
from mock.conftest import Mock, running
from mock.least import content_of, path_of, surface
from sf_connect.testing import MockServerError
from support.versions import NEWEST

QUERY = "/ssot/query-sql/q1"
CART = "/commerce/webstores/0ZE000000000001AAA/carts/active"
PREVIEW = "/connect/files/069000000000001AAA/previews/pdf"


def states(mock: Mock, path: str, name: str, count: int) -> list[Any]:
    found: list[Any] = [mock.json(path) for _ in range(count)]
    return [one[name] for one in found]


def test_without_more_everything_has_ended(real: Mock) -> None:
    assert states(real, QUERY, "completionStatus", 2) == ["Finished", "Finished"]
    assert states(real, PREVIEW, "status", 1) == ["Available"]


def test_states_follow_one_another_by_calls(real: Mock) -> None:
    real.json(QUERY)  # what was remembered before does not stay
    real.server.pending(calls=3)
    seen = states(real, QUERY, "completionStatus", 5)
    assert seen == ["Unspecified", "Running", "ResultsProduced", "Finished", "Finished"]
    assert states(real, "/ssot/query-sql/q2", "completionStatus", 1) == ["Unspecified"], "each has a course of its own"
    real.server.reset()
    assert states(real, QUERY, "completionStatus", 1) == ["Finished"]


def test_a_status_says_that_something_goes_on(real: Mock) -> None:
    real.server.pending("commerce.carts.get", calls=1)
    first, second = real.ask(CART), real.ask(CART)
    assert (first.status_code, first.json()["asyncOperationStatus"]) == (202, "Processing")
    assert (second.status_code, second.json()["asyncOperationStatus"]) == (200, "Completed")
    assert states(real, QUERY, "completionStatus", 1) == ["Finished"], "only carts were meant"


def test_what_begins_it_anew_lets_it_go_on_anew(real: Mock) -> None:
    real.server.pending(calls=1)
    assert states(real, PREVIEW, "status", 2) == ["NotScheduled", "Available"]
    address = "/connect/files/069000000000001AAA/previews"
    begun = real.ask(address, "PATCH")
    assert states(real, PREVIEW, "status", 2) == ["NotScheduled", "Available"], begun.text


def test_a_list_shows_the_states_that_its_items_show_at_their_own_urls(real: Mock) -> None:
    def listed() -> list[str]:
        found: Any = real.json(PREVIEW.rpartition("/")[0])
        return [one["status"] for one in found["previews"]]

    assert set(listed()) == {"Available"}
    real.server.pending(calls=1)
    assert set(listed()) == {"NotScheduled"}
    assert set(listed()) == {"NotScheduled"}, "to see the list is no look at the items"


def test_an_end_can_be_a_failure(real: Mock) -> None:
    real.server.pending(calls=1, fails=True)
    assert states(real, PREVIEW, "status", 2) == ["NotScheduled", "NotAvailable"]


def test_states_follow_one_another_by_seconds(real: Mock) -> None:
    real.server.pending(seconds=0.3)
    assert states(real, QUERY, "completionStatus", 1) != ["Finished"]
    deadline = time.monotonic() + 20
    while states(real, QUERY, "completionStatus", 1) != ["Finished"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_options_of_the_command_hold_after_a_reset() -> None:
    for mock in running(f"{NEWEST}.0", "--pending-calls", "1"):
        for _ in range(2):
            assert states(mock, QUERY, "completionStatus", 2) == ["Unspecified", "Finished"]
            mock.server.reset()


def test_every_operation_that_shows_a_state_shows_it_going_on(real: Mock) -> None:
    """All of the newest version: a response while it goes on is never one that a client takes for an end."""
    operations = (one for group in surface(NEWEST).groups for one in group.operations)
    shown = [one for one in operations if own_waits(one) and one.method == "GET"]
    real.server.pending(calls=1)
    faults: list[str] = []
    for operation in shown:
        address, content = path_of(operation), content_of(operation, NEWEST)
        pages = [real.ask(address, "GET", **content) for _ in range(2)]
        for wait in own_waits(operation):
            if not wait.property or "." in wait.property or not pages[0].is_success:
                continue
            going, ended = (page.json().get(wait.property) for page in pages)
            if (wait.pending and going not in wait.pending) or (wait.done and ended not in wait.done):
                faults.append(f"{operation.path}: {wait.property} is {going!r}, then {ended!r}")
    assert not faults, "\n".join(faults)
    assert len(shown) > 20


@pytest.mark.parametrize(
    ("operation", "given", "reason"),
    [
        ("data360.query.gt_status", {}, "did you mean data360.query.get_status"),
        ("chatter.users.get", {}, "chatter.users.get shows no state"),
        (None, {"calls": -1}, "calls is a whole number from 0 to 1000"),
        (None, {"seconds": 1e9}, "seconds is a number from 0 to 3600"),
    ],
)
def test_what_cannot_go_on_is_refused(real: Mock, operation: str | None, given: dict[str, Any], reason: str) -> None:
    with pytest.raises(MockServerError, match=re.escape(reason)):
        real.server.pending(operation, **given)


def test_a_phase_without_states_leaves_the_response_as_it_is() -> None:
    wait, *_ = (
        wait for group in surface(NEWEST).groups for one in group.operations for wait in own_waits(one) if wait.done
    )
    assert Phase().state(wait) == wait.done[0]
    assert Phase(share=0.0).state(wait) in (*wait.pending, None)
