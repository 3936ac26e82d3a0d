"""The catalogue holds what an independent recount finds in the guide, wherever the guide's pages are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from recount.recount import ROOT, Recount, read_page, recount

GUIDE = ROOT.parent / "shared" / "guide" / "pages"
THRESHOLD = 97.0
needs_guide = pytest.mark.skipif(not GUIDE.is_dir(), reason="the guide's pages are not at hand")


@pytest.fixture(scope="module")
def counted() -> Recount:
    """One recount for all tests."""
    return recount(GUIDE)


@needs_guide
@pytest.mark.parametrize("kind", ["resources", "methods", "parameters", "properties", "versions"])
def test_the_catalogue_holds_nearly_all_of_the_guide(counted: Recount, kind: str) -> None:
    """At least 97 of 100 facts of each kind are found; the message lists those that are not."""
    count = vars(counted)[kind]
    assert count.total > 500, f"only {count.total} {kind} were read from the guide: the recount itself is broken"
    assert count.percent >= THRESHOLD, f"{count.percent:.2f} %, missing:\n" + "\n".join(count.misses)


def test_a_fact_that_the_catalogue_lacks_is_a_miss(tmp_path: Path) -> None:
    """Without a catalogue to find it in, every fact of a page counts and none is found."""
    guide, spec = tmp_path / "guide", tmp_path / "spec"
    guide.mkdir()
    (spec / "resources").mkdir(parents=True)
    (guide / "thing.md").write_text(
        "# Thing\n\nAvailable version\n\n32.0\n\nHTTP methods\n\nGET, HEAD\n\nRequest parameters for GET\n\n"
        "| Parameter Name | Type | Available Version |\n| --- | --- | --- |\n| size | Integer | 32.0 |\n"
        "| old | Integer | 24.0–29.0 |\n\n"
        "## Code Examples\n\n```\n/connect/communities/communityId\n/chatter/things/thingId\n```\n",
        encoding="utf-8",
    )
    result = recount(guide, spec)
    assert result.resources.misses == ["thing.md: /connect/communities/communityId/chatter/things/thingId"]
    assert result.methods.misses == ["thing.md: GET", "thing.md: HEAD"]
    assert result.parameters.misses == ["thing.md: GET size"]
    assert read_page(guide / "thing.md").title == "Thing"
