"""The page of a comparison in a real browser: its filters and its search, also from the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diff.small import write
from diff.test_command import EDITS, run
from support.reference import browser, opened

Load = Callable[[str], str]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    spec = write(tmp_path_factory.mktemp("page") / "spec", *EDITS)
    result = run(spec, "65.0", "67.0", "--format", "html", "--output", "diff.html")
    assert result.returncode == 0
    return (spec.parent / "diff.html").as_uri()


@pytest.fixture(scope="module")
def load() -> Iterator[Load]:
    """Loads an address in a browser's new page, runs its scripts, and gives what the page then is."""
    with browser() as running:

        def content(address: str) -> str:
            with opened(running) as (page, _):
                page.goto(address)
                return page.content()

        yield content


def visible(text: str) -> list[str]:
    """The subjects that are visible."""
    items = re.findall(r'<li (class="change [^>]*)>(.*?)</li>', text, re.DOTALL)
    return [re.findall(r"<code>(.*?)</code>", body)[0] for attributes, body in items if "hidden" not in attributes]


@pytest.mark.parametrize(
    ("fragment", "subjects"),
    [
        ("", 7),
        ("#severity=breaking", ["votes.polls.delete", "votes.polls.list(since)", "Poll.friends"]),
        ("#severity=breaking&text=delete", ["votes.polls.delete"]),
        ("#text=PARAMETER+removed", ["votes.polls.list(since)"]),
        ("#family=votes&severity=warning", ["Poll.state=&lt;Odd&gt; | `x`"]),
        ("#text=nothing+like+it", []),
    ],
)
def test_the_page_filters_and_searches(load: Load, page: str, fragment: str, subjects: list[str] | int) -> None:
    text = load(page + fragment)
    found = visible(text)
    assert found == subjects if isinstance(subjects, list) else len(found) == subjects
    assert f">{len(found)} shown<" in text


def test_a_link_to_one_entry_filters_nothing(load: Load, page: str) -> None:
    assert len(visible(load(f"{page}#operation-removed:votes.polls.delete"))) == 7


def test_the_page_asks_nothing_of_the_network(page: str) -> None:
    text = Path(page.removeprefix("file://")).read_text(encoding="utf-8")
    assert not re.findall(r"""src=|href="[^#]|https?://|@import|url\(""", text)
