"""Requests of our own connections are built in fewer steps than httpx2 needs; what is sent is the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.conftest import things
from sf_connect.core import APIConnectionError
from sf_connect.core.request.building import segment
from sf_connect.core.transport.httpx_requests import below, build_own_request

BASES = ["https://a.my.salesforce.com", "http://127.0.0.1:80", "https://a.my.site.com/shop", "http://[::1]:8080"]
NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    base=st.sampled_from(BASES),
    parts=st.lists(NAMES.filter(lambda text: text.strip(".") != ""), max_size=3),
    query=st.dictionaries(NAMES, NAMES, max_size=3),
)
def test_urls_are_those_that_httpx2_reads(base: str, parts: list[str], query: dict[str, str]) -> None:
    path = "/services/data/v67.0/" + "/".join(segment(part, "id") for part in parts)
    encoded = urlencode(query)
    made, read = below(base, path, encoded), httpx2.URL(f"{base}{path}?{encoded}" if encoded else f"{base}{path}")
    for part in ("scheme", "host", "port", "netloc", "path", "query", "raw_path", "fragment", "userinfo"):
        assert getattr(made, part) == getattr(read, part), part


def test_a_url_that_is_too_long_is_refused(use: Any) -> None:
    with pytest.raises(APIConnectionError, match="could not be sent"):
        use(lambda client: things(client).get("x" * 70_000))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
@pytest.mark.parametrize("headers", [{}, {"Host": "other.example"}, {"content-length": "2"}, {"Accept-Encoding": "br"}])
def test_requests_are_those_that_httpx2_builds(method: str, content: bytes | None, headers: dict[str, str]) -> None:
    with httpx2.Client() as http:
        arguments: dict[str, Any] = {
            "method": method, "url": "http://127.0.0.1:1/a", "headers": headers, "content": content, "timeout": 5,
        }  # fmt: skip
        defaults = {name.lower(): value for name, value in http.headers.items()}
        ours, theirs = build_own_request(defaults, arguments), http.build_request(**arguments)
    assert sorted(ours.headers.multi_items()) == sorted(theirs.headers.multi_items())
    assert ours.read() == theirs.read()
    assert ours.extensions == theirs.extensions
