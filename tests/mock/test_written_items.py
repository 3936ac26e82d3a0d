"""Items of lists are written once and then remembered: no response shows whether they were."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from mock.conftest import Mock

NEWS = "/chatter/feeds/news/me/feed-elements"
LISTS = (
    f"{NEWS}?pageSize=9",
    "/chatter/groups?pageSize=100&q=row*",
    "/chatter/feed-elements/0D5000000000001AAA/capabilities/comments/items?pageSize=3",
    "/ssot/activations?batchSize=7",
    "/connect/reminders/activities",
)
"""Items with ids and variants, with ids alone, with states of their own, and without ids."""


def made_anew(mock: Mock, path: str) -> Any:
    """A list as a batch has it, whose parts are values until the whole is written."""
    part = {"method": "Get", "url": f"/v67.0{path}"}
    batch: Any = mock.json("/connect/batch", "POST", json={"batchRequests": [part]})
    (result,) = batch["results"]
    assert result["statusCode"] == 200
    return result["result"]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_shows_what_it_would_without_memory(real: Mock, path: str) -> None:
    wanted = made_anew(real, path)
    assert real.json(path) == wanted
    assert (
        real.json(path, headers={"X-Connect-Theme": "Salesforce1"}) == wanted
    ), "every item is known, the response is not"


def test_items_of_other_searches_are_the_same_records(real: Mock) -> None:
    """The items of all searches are a few hundred records, each of which is the same wherever it is."""
    known: dict[str, Any] = {}
    seen = 0
    for number in range(20):
        page: Any = real.json(f"{NEWS}?q=word{number}")
        for element in page["elements"]:
            kind = element["feedElementType"]
            assert known.setdefault(f"{kind} {element['id']}", element) == element
            seen += 1
    assert seen > len(known) * 1.2


def test_texts_are_encoded_as_each_request_asks(real: Mock) -> None:
    raw = {"X-Chatter-Entity-Encoding": "false"}
    path = f"{NEWS}?q={quote('any')}"
    encoded, plain, again = real.ask(path).text, real.ask(path, headers=raw).text, real.ask(path + "&pageSize=25").text
    assert "&amp;" in encoded
    assert "&amp;" not in plain
    assert "&amp;" in again


def test_urls_have_the_host_of_each_request(real: Mock) -> None:
    port = real.url.rpartition(":")[2]
    for host in ("localhost", "127.0.0.1", "localhost"):
        text = real.ask(f"{NEWS}?q=hosts", headers={"Host": f"{host}:{port}"}).text
        assert f"http://{host}:{port}/profilephoto/" in text
        other = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}[host]
        assert f"//{other}:" not in text


def test_filters_and_faults_leave_nothing_behind(real: Mock) -> None:
    path = f"{NEWS}?pageSize=4&q=filters"
    wanted = real.json(path)
    assert len(real.ask(f"{path}&filterGroup=Small").text) < len(real.ask(path).text) / 2
    included: Any = real.json(f"{path}&include=/elements/genericFeedElement/url")
    assert [list(one) for one in included["elements"]] == [["url"]] * 4
    assert "AddedTomorrow" in real.ask(path, headers={"X-Mock-Fault": "future-server"}).text
    assert real.json(f"{NEWS}?q=filters&pageSize=4") == wanted | {
        name: value.replace("pageSize=4&q=filters", "q=filters&pageSize=4")
        for name, value in wanted.items()  # type: ignore[union-attr,attr-defined]
        if name.endswith("Url") and value
    }


def test_states_are_not_those_of_another_time(real: Mock) -> None:
    path = "/ssot/activations?batchSize=5"
    ended: Any = real.json(path)
    real.server.pending("data360.activations.get", calls=2)
    going: Any = real.json(path)
    real.server.reset()
    assert real.json(path) == ended
    assert going != ended
