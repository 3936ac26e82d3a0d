"""The page of a comparison in a real browser: its filters and its search, also from the address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diff.small import write
from diff.test_command import EDITS, run
from support.browser import loaded


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    spec = write(tmp_path_factory.mktemp("page") / "spec", *EDITS)
    result = run(spec, "65.0", "67.0", "--format", "html", "--output", "diff.html")
    assert result.returncode == 0
    return (spec.parent / "diff.html").as_uri()


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
def test_the_page_filters_and_searches(page: str, fragment: str, subjects: list[str] | int) -> None:
    text = loaded(page + fragment)
    found = visible(text)
    assert found == subjects if isinstance(subjects, list) else len(found) == subjects
    assert f">{len(found)} shown<" in text


def test_a_link_to_one_entry_filters_nothing(page: str) -> None:
    assert len(visible(loaded(f"{page}#operation-removed:votes.polls.delete"))) == 7


def test_the_page_asks_nothing_of_the_network(page: str) -> None:
    text = Path(page.removeprefix("file://")).read_text(encoding="utf-8")
    assert not re.findall(r"""src=|href="[^#]|https?://|@import|url\(""", text)
