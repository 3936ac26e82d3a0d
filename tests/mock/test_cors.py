"""What browsers are told: listed origins may read answers, others may not."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from mock.conftest import Mock, running
from support.command import SMALL_CATALOGUE

LISTED = ["https://app.example.com", "https://one.pages.example", "https://two.deep.pages.example"]
OTHERS = [
    "https://evil.example",
    "http://app.example.com",
    "https://app.example.com.evil.example",
    "null",
    "https://pages.example",
]


@pytest.fixture(scope="module")
def browsers() -> Iterator[Mock]:
    origins = ("--cors-origin", "https://app.example.com", "--cors-origin", "https://*.pages.example")
    yield from running("32.0", "--catalogue", str(SMALL_CATALOGUE), *origins)


def given(answer: httpx2.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control")}


def preflight(mock: Mock, origin: str, path: str = "/garden/plants") -> httpx2.Response:
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization,content-type"}
    return mock.anyone.request("OPTIONS", f"{mock.url}/services/data/v32.0{path}", headers={"Origin": origin, **asked})


@pytest.mark.parametrize("origin", LISTED)
def test_listed_origins(browsers: Mock, origin: str) -> None:
    answer = preflight(browsers, origin)
    assert answer.status_code == 200
    assert given(answer)["access-control-allow-origin"] == origin
    assert "PATCH" in given(answer)["access-control-allow-methods"]
    assert given(answer)["access-control-allow-headers"] == "authorization,content-type"
    for path in ("/garden/plants", "/garden/weeds"):
        answer = browsers.ask(path, headers={"Origin": origin})
        assert given(answer)["access-control-allow-origin"] == origin
        assert "X-Mock-Reason" in given(answer)["access-control-expose-headers"]
        assert answer.headers["vary"] == "Origin"
    refused = browsers.anyone.get(f"{browsers.url}/services/data/v32.0/garden/plants", headers={"Origin": origin})
    assert (refused.status_code, given(refused)["access-control-allow-origin"]) == (401, origin)


@pytest.mark.parametrize("origin", OTHERS)
def test_other_origins_get_no_such_header(browsers: Mock, origin: str) -> None:
    answer = preflight(browsers, origin)
    assert (answer.status_code, given(answer)) == (403, {})
    assert given(browsers.ask("/garden/plants", headers={"Origin": origin})) == {}


def test_no_origin_no_header_and_none_for_the_control_api(browsers: Mock, small: Mock) -> None:
    assert given(browsers.ask("/garden/plants")) == {}
    assert given(browsers.ask("/__mock__/calls", headers={"Origin": LISTED[0]})) == {}
    assert given(small.ask("/garden/plants", headers={"Origin": LISTED[0]})) == {}


def test_logins_from_browsers(browsers: Mock) -> None:
    form = {"grant_type": "client_credentials", "client_id": "mock-client", "client_secret": "mock-secret"}
    answer = browsers.anyone.post(f"{browsers.url}/services/oauth2/token", data=form, headers={"Origin": LISTED[0]})
    assert given(answer)["access-control-allow-origin"] == LISTED[0]
