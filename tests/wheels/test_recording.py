"""`connectgen release plan` and `record`: which version comes next and why, and what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable

import pytest

from wheels.checkout import Checkout

IN_32 = ("spec/resources/garden/plants.yaml", "summary: Water a site's garden.", "summary: Sprinkle a garden.")
BREAKS_31 = (
    "spec/resources/garden/plants.yaml",
    "summary: Take a label away., until: 31.0",
    "summary: Take a label away., until: 30.0",
)
ADDS = (
    "spec/types/archive/pictures.yaml",
    "      url: Url\n",
    "      url: Url\n      caption: {type: String, since: 33.0}\n",
)
NEW_IN_CORE = (
    "core/sf_connect/core/wire/uploads.py",
    "def limit_of(",
    "def new() -> int:\n    return 1\n\n\ndef limit_of(",
)
FIRST = {
    "sf-connect-core": "0.1.0",
    **{f"sf-connect-v{v}": f"{v}.0.0" for v in (30, 31, 32, 33)},
    "connectgen": "0.1.0",
}


def change(checkout: Checkout, *edits: tuple[str, str, str]) -> None:
    """Edit, generate and commit."""
    for edit in edits:
        checkout.edit(*edit)
    checkout.run("generate")
    checkout.commit()


def planned(checkout: Checkout) -> dict[str, dict[str, object]]:
    """The plan's entries by name of distribution."""
    entries: Iterable[dict[str, object]] = json.loads(checkout.output("release", "plan", "--json"))["include"]
    return {str(entry["distribution"]): entry for entry in entries}


def test_the_first_release_is_the_first_version_of_all(built: Checkout) -> None:
    plan = planned(built)
    assert {name: entry["version"] for name, entry in plan.items()} == FIRST
    assert {entry["reason"] for entry in plan.values()} == {"first release"}
    built.run("release", "record")
    assert built.versions() == FIRST
    assert {entry["commit"] for entry in built.record().values()} == {built.git("rev-parse", "HEAD").strip()}


def test_dependencies_come_first_in_the_plan(built: Checkout) -> None:
    names = list(planned(built))
    assert names[0] == "sf-connect-core"
    assert names[-1] == "connectgen"


def test_what_did_not_change_keeps_its_version(released: Checkout) -> None:
    before = (released.folder / "published.yaml").read_bytes()
    assert "nothing to publish" in released.run("release", "plan")
    assert json.loads(released.output("release", "plan", "--json")) == {"include": []}
    assert "nothing changed" in released.run("release", "record")
    assert (released.folder / "published.yaml").read_bytes() == before


def test_a_change_raises_the_versions_that_have_it_and_no_other(released: Checkout) -> None:
    change(released, IN_32)
    released.run("release", "record")
    assert released.versions() == {**FIRST, "sf-connect-v32": "32.0.1", "connectgen": "0.1.1"}
    released.commit()
    change(released, ADDS)
    released.run("release", "record")
    assert released.versions() == {
        **FIRST,
        "sf-connect-v32": "32.0.1",
        "sf-connect-v33": "33.0.1",
        "connectgen": "0.1.2",
    }


def test_recording_twice_is_recording_once(released: Checkout) -> None:
    change(released, IN_32)
    released.run("release", "record")
    before = released.record()
    released.run("release", "record")
    assert released.record() == before


def test_the_plan_tells_what_changed_and_is_one_line_of_json(released: Checkout) -> None:
    change(released, ADDS)
    text = released.output("release", "plan", "--json")
    assert text.count("\n") == 1
    entry = planned(released)["sf-connect-v33"]
    assert entry == {
        "distribution": "sf-connect-v33",
        "version": "33.0.1",
        "previous": "33.0.0",
        "module": "sf_connect.v33",
        "api_version": "33.0",
        "recorded": False,
        "breaking": False,
        "reason": "catalogue: 1 × response-property-added",
        "changes": ["response-property-added Picture.caption (String)"],
        "more_changes": 0,
        "missing": [],
    }
    said = released.run("release", "plan")
    assert "sf-connect-v33 33.0.0 → 33.0.1: catalogue: 1 × response-property-added" in said
    assert "response-property-added Picture.caption" in said


def test_words_and_templates_are_told_by_their_files(released: Checkout) -> None:
    change(released, ("templates/python/README.md.jinja", "Made by connectgen", "Made with care by connectgen"))
    plan = planned(released)
    assert set(plan) == {"connectgen", *(f"sf-connect-v{version}" for version in (30, 31, 32, 33))}
    assert plan["sf-connect-v30"]["reason"] == "templates or generator"
    assert plan["sf-connect-v30"]["changes"] == ["templates/python/README.md.jinja"]
    released.release()
    change(released, IN_32)
    plan = planned(released)
    assert set(plan) == {"connectgen", "sf-connect-v32"}
    assert plan["sf-connect-v32"]["reason"] == "words in the catalogue"
    assert plan["sf-connect-v32"]["changes"] == ["spec/resources/garden/plants.yaml"]


def test_a_change_that_breaks_callers_is_refused(released: Checkout) -> None:
    change(released, BREAKS_31)
    before = (released.folder / "published.yaml").read_bytes()

    said = released.run("release", "record", code=1)

    assert "sf-connect-v31: operation-removed garden.plants.delete_label" in said
    assert "connectgen diff 31.0@" in said
    assert 'make release BECAUSE="…"' in said
    assert (released.folder / "published.yaml").read_bytes() == before
    assert planned(released)["sf-connect-v31"]["breaking"] is True
    assert "! refused" in released.run("release", "plan")


def test_a_template_that_breaks_callers_is_refused(released: Checkout) -> None:
    for path in (released.folder / "templates" / "python").rglob("*.jinja"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("def {{ name }}", "def do_{{ name }}"), encoding="utf-8")
    released.run("generate")
    released.commit()

    said = released.run("release", "record", code=1)

    assert "sf-connect-v33: archive.pictures.download: is gone" in said
    assert "templates or generator changed what its users write" in said
    assert planned(released)["sf-connect-v30"]["breaking"] is True


def test_a_reason_lets_it_pass_and_is_kept(released: Checkout) -> None:
    change(released, BREAKS_31)
    released.run("release", "record", "--because", "Labels could never be deleted: 31.0 answers 405.")
    entry = released.record()["sf-connect-v31"]
    assert entry["version"] == "31.0.1"
    assert entry["broke"] == {"31.0.1": "Labels could never be deleted: 31.0 answers 405."}
    released.commit()
    change(
        released, ("spec/resources/garden/plants.yaml", "summary: Read a label.", "summary: Read what a label says.")
    )
    released.run("release", "record")
    assert released.record()["sf-connect-v31"]["version"] == "31.0.2"
    assert released.record()["sf-connect-v31"]["broke"] == entry["broke"]
    assert "broke" not in released.record()["sf-connect-v33"]


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_empty_reason_is_none(released: Checkout, reason: str) -> None:
    assert "--because" in released.run("release", "record", "--because", reason, code=2)


def test_core_may_not_lose_what_is_public_in_a_patch(released: Checkout) -> None:
    change(released, ("core/sf_connect/core/wire/uploads.py", "class Upload:", "class Sending:"))
    said = released.run("release", "record", code=1)
    assert "sf-connect-core: sf_connect.core.wire.uploads.Upload: public object was removed" in said
    assert "raise version to 0.2.0" in said


def test_core_follows_semantic_versioning_from_1_on(released: Checkout) -> None:
    everywhere = (
        ("core/pyproject.toml", 'version = "0.1.0"', 'version = "1.0.0"'),
        ("templates/python/pyproject.toml.jinja", "sf-connect-core>=0.1,<0.2", "sf-connect-core>=1,<2"),
    )
    change(released, *everywhere)
    released.release()
    assert released.versions()["sf-connect-core"] == "1.0.0"
    assert released.record()["sf-connect-v33"]["core"] == "1.0.0"

    change(
        released,
        NEW_IN_CORE,
    )
    said = released.run("release", "record", code=1)
    assert "sf-connect-core: sf_connect.core.wire.uploads.new: is new" in said
    assert "raise version to 1.1.0" in said
    change(released, ("core/pyproject.toml", 'version = "1.0.0"', 'version = "1.1.0"'))
    released.run("release", "record")
    assert released.versions()["sf-connect-core"] == "1.1.0"


def test_a_fix_of_core_is_a_patch_and_leaves_clients_as_they_are(released: Checkout) -> None:
    change(released, ("core/README.md", "# sf-connect-core", "# Core"))
    released.run("release", "record")
    assert released.versions() == {**FIRST, "sf-connect-core": "0.1.1"}


def test_a_client_asks_for_the_core_of_its_own_release(released: Checkout) -> None:
    change(released, ("core/README.md", "# sf-connect-core", "# Core"), IN_32)
    released.run("release", "record")
    record = released.record()
    assert record["sf-connect-v32"]["core"] == "0.1.1"
    assert record["sf-connect-v33"]["core"] == "0.1.0"


def test_what_is_not_committed_is_refused(released: Checkout) -> None:
    released.edit(*IN_32)
    released.run("generate")
    said = released.run("release", "record", code=1)
    assert "not committed: spec/resources/garden/plants.yaml" in said
    assert released.versions() == FIRST


def test_a_file_that_git_does_not_know_is_refused(built: Checkout) -> None:
    (built.folder / "spec" / "notes.txt").write_text("mine", encoding="utf-8")
    assert "not committed: spec/notes.txt" in built.run("release", "record", code=1)
    assert not (built.folder / "published.yaml").exists()


def test_a_release_whose_commit_is_not_here_says_what_to_do(released: Checkout) -> None:
    path = released.folder / "published.yaml"
    path.write_text(path.read_text().replace(released.record()["sf-connect-v33"]["commit"], "0" * 40), encoding="utf-8")
    change(released, ADDS)
    said = released.run("release", "record", code=1)
    assert "000000000000" in said
    assert "git fetch --unshallow" in said


def test_without_git_it_says_so(built: Checkout) -> None:
    shutil.rmtree(built.folder / ".git")
    assert "git cannot tell" in built.run("release", "record", code=1)
    built.run("wheels")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version: "33.0.0"', 'version: "newest"'),
        ('version: "33.0.0"', 'versoin: "33.0.0"'),
        ('content: "sha256:', 'content: "sha1:'),
        ("distributions:", "distributions: ["),
    ],
)
def test_a_malformed_record_is_told_with_its_line(released: Checkout, old: str, new: str) -> None:
    path = released.folder / "published.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert "published.yaml:" in released.run("wheels", code=1)


def test_a_full_disk_leaves_no_half_a_record(built: Checkout) -> None:
    said = built.run("release", "record", code=3, file_limit=300)
    assert "published.yaml" in said
    assert not list(built.folder.glob("*published*"))
    built.run("release", "record")
    assert built.versions() == FIRST
