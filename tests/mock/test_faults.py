"""Faults on demand, by header and by the control API, as a client meets them."""

from __future__ import annotations

import time
from typing import Any

import httpx2
import pytest

from connectgen.mock.fault_injection import FaultError, read_header
from mock.conftest import Mock

ME = "/chatter/users/me"


def fault(mock: Mock, header: str, path: str = ME) -> httpx2.Response:
    return mock.ask(path, headers={"X-Mock-Fault": header})


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        ("status=500", 500, "UNKNOWN_EXCEPTION"),
        ("status=403; code=INSUFFICIENT_ACCESS; message=no", 403, "INSUFFICIENT_ACCESS"),
        ("hourly-limit", 503, "REQUEST_LIMIT_EXCEEDED"),
        ("daily-limit", 429, "REQUEST_LIMIT_EXCEEDED"),
        ("expired", 401, "INVALID_SESSION_ID"),
    ],
)
def test_statuses(real: Mock, header: str, status: int, code: str) -> None:
    answer = fault(real, f"{header}; retry-after=7")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)
    assert answer.headers.get("retry-after") == (None if status == 401 else "7")
    assert real.ask(ME).status_code == 200


def test_a_page_of_a_proxy_and_nothing_at_all(real: Mock) -> None:
    page = fault(real, "maintenance")
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html;charset=UTF-8")
    assert page.text.startswith("<html>")
    empty = fault(real, "status=502; empty")
    assert (empty.status_code, empty.content) == (502, b"")


def test_latency_and_a_slow_body(real: Mock) -> None:
    began = time.monotonic()
    whole = real.ask(ME).content
    assert fault(real, "latency=300").content == whole
    assert fault(real, "slow=20").content == whole
    assert time.monotonic() - began > 0.3 + 7 * 0.02


def test_connections_that_break(real: Mock) -> None:
    with pytest.raises(httpx2.ReadError):
        fault(real, "reset")
    for cut in ("truncate", "truncate=10"):
        with pytest.raises(httpx2.RemoteProtocolError):
            fault(real, cut)
    assert real.ask(ME).status_code == 200


def test_json_that_ends_too_early(real: Mock) -> None:
    answer = fault(real, "malformed")
    assert int(answer.headers["content-length"]) == len(answer.content)
    with pytest.raises(ValueError, match="Expecting"):
        answer.json()


def test_future_server_has_properties_values_and_variants_that_nobody_knows(real: Mock) -> None:
    page: Any = fault(real, "future-server", "/chatter/feeds/news/me/feed-elements?pageSize=4").json()
    assert page["addedTomorrow"]["kind"] == "AddedTomorrow"
    assert [element["feedElementType"] for element in page["elements"]][1::2] == ["AddedTomorrow"] * 2
    user: Any = fault(real, "future-server").json()
    assert user["userType"] == "AddedTomorrow"


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("explode", "no fault 'explode'; there are status, code"),
        ("status=200", "status is from 400 to 599"),
        ("latency=soon", "latency takes a whole number"),
        ("latency", "latency takes a whole number"),
        ("reset=maybe", "reset takes no value"),
    ],
)
def test_faults_that_do_not_exist(real: Mock, header: str, says: str) -> None:
    answer = fault(real, header)
    assert answer.status_code == 400
    assert says in answer.json()[0]["message"]
    with pytest.raises(FaultError):
        read_header(header)


def test_planned_faults_strike_in_turn(real: Mock) -> None:
    real.server.fault(2, status=500)
    real.server.fault(1, daily_limit=True)
    assert [real.ask(ME).status_code for _ in range(4)] == [500, 500, 429, 200]


def test_planned_faults_strike_whom_they_fit(real: Mock) -> None:
    real.server.fault(None, status=500, match={"path": "/chatter/groups*"})
    real.server.fault(1, skip=1, hourly_limit=True, match={"version": "45.0"})
    assert [real.ask(path).status_code for path in (ME, "/chatter/groups", "/chatter/groups")] == [200, 500, 500]
    assert [real.ask(ME, version="45.0").status_code for _ in range(3)] == [200, 503, 200]
    waiting: Any = real.json("/__mock__/faults")
    assert [one["hits"] for one in waiting["faults"]] == [2]
    assert real.ask("/__mock__/faults", "DELETE").status_code == 204
    assert real.ask("/chatter/groups").status_code == 200


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ({}, "fault is missing"),
        ({"fault": "explode"}, "no fault 'explode'"),
        ({"fault": "reset", "times": 0}, "times is a whole number from 1"),
        ({"fault": "reset", "often": 2}, "not often"),
        ({"fault": "reset", "match": {"host": "x"}}, "not host"),
        ([], "the body is an object"),
    ],
)
def test_orders_that_cannot_be_read(real: Mock, order: object, says: str) -> None:
    answer = real.ask("/__mock__/faults", "POST", json=order)
    assert answer.status_code == 400
    assert says in answer.json()["error"]
