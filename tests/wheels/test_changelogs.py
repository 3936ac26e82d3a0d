"""The CHANGELOG of each client: what changed between two releases, written by `release record`, in the sdist."""

from __future__ import annotations

import re
import tarfile
from email.parser import BytesParser

import pytest

from connectgen.wheels.changelogs import with_yanked
from wheels.checkout import Checkout
from wheels.test_recording import ADDS, BREAKS_31, FIX_IN_CORE, IN_32, change


def changelog(checkout: Checkout, version: int) -> str:
    return (checkout.folder / "changelogs" / f"sf-connect-v{version}.md").read_text(encoding="utf-8")


def sections(text: str) -> list[str]:
    """The headings of its releases, without the dates."""
    return re.findall(r"^## (\S+) \(\d{4}-\d\d-\d\d\)$", text, re.MULTILINE)


def test_the_first_release_begins_the_changelog_of_each_client_and_of_nothing_else(released: Checkout) -> None:
    there = sorted(path.name for path in (released.folder / "changelogs").iterdir())
    assert there == [f"sf-connect-v{version}.md" for version in (30, 31, 32, 33)]
    assert sections(changelog(released, 33)) == ["33.0.0"]
    assert "\nFirst release. It needs sf-connect-core 0.1.0 or later.\n" in changelog(released, 33)


def test_it_says_what_changed_between_two_releases_newest_first(released: Checkout) -> None:
    untouched = changelog(released, 32)
    change(released, ADDS, FIX_IN_CORE)
    released.run("release", "record")
    text = changelog(released, 33)
    assert sections(text) == ["33.0.1", "33.0.0"]
    day = released.git("show", "--no-patch", "--format=%cs", "HEAD").strip()
    assert f"## 33.0.1 ({day})\n\nSince 33.0.0. It needs sf-connect-core 0.1.1 or later.\n" in text
    entry = (
        "- `Picture.caption`: New property: `caption`. (response-property-added) "
        "Reaches 1 operation by response: archive.pictures.upload."
    )
    assert f"\n### Others\n\n{entry}\n" in text
    assert changelog(released, 32) == untouched


def test_what_breaks_code_stands_first_with_its_reason(released: Checkout) -> None:
    change(released, BREAKS_31)
    released.run("release", "record", "--because", "It *never*\nworked.")
    text = changelog(released, 31)
    assert "**Breaks code, because:** It \\*never\\* worked.\n\n### Breaks code\n\n" in text
    assert "### Breaks code\n\n- `garden.plants.delete_label`: " in text


def test_what_templates_add_is_said_in_python(released: Checkout) -> None:
    method = "    def renew(self) -> None: ...\n\n    api_version: ClassVar[str] = API_VERSION\n"
    template = "templates/python/sf_connect/version/client.py.jinja"
    change(released, (template, "    api_version: ClassVar[str] = API_VERSION\n", method))
    released.run("release", "record")
    text = changelog(released, 33)
    assert "### Its Python interface\n\n- `await client.renew`: is new\n- `client.renew`: is new\n" in text


def test_a_change_of_code_alone_is_said_to_be_one(released: Checkout) -> None:
    template = "templates/python/sf_connect/version/__init__.py.jinja"
    change(released, (template, "__all__ = [", "_EXTRA = 1\n\n__all__ = ["))
    released.run("release", "record")
    assert "No operation, argument or type changed; the code behind them did.\n" in changelog(released, 33)


def test_recording_after_a_killed_run_writes_each_section_once(released: Checkout) -> None:
    change(released, IN_32)
    record = (released.folder / "published.yaml").read_bytes()
    released.run("release", "record")
    once = changelog(released, 32)
    (released.folder / "published.yaml").write_bytes(record)  # as if it was killed before its last step
    released.run("release", "record")
    assert changelog(released, 32) == once
    assert sections(once) == ["32.0.1", "32.0.0"]


def test_it_is_in_the_source_distribution_and_not_in_the_wheel(released: Checkout) -> None:
    change(released, IN_32)
    released.run("release", "record")
    released.commit("Release")
    released.run("wheels")
    with tarfile.open(released.dist / "sf_connect_v32-32.0.1.tar.gz") as source:
        file = source.extractfile("sf_connect_v32-32.0.1/CHANGELOG.md")
        assert file is not None
        assert file.read().decode() == changelog(released, 32)
        about = source.extractfile("sf_connect_v32-32.0.1/PKG-INFO")
        assert about is not None
        page = BytesParser().parse(about)
    assert "its CHANGELOG, which the source distribution has too" in " ".join(str(page.get_payload()).split())


def test_the_projects_page_links_to_it_where_the_repository_is_known(built: Checkout) -> None:
    built.edit("pyproject.toml", 'repository = ""', 'repository = "https://git.example/our/clients"')
    built.run("wheels")
    place = "https://git.example/our/clients/blob/main/"
    for stem, file in (
        ("sf_connect_v33-33.0.0", "changelogs/sf-connect-v33.md"),
        ("sf_connect-33.0.0", "CHANGELOG.md"),
    ):
        with tarfile.open(built.dist / f"{stem}.tar.gz") as source:
            about = source.extractfile(f"{stem}/PKG-INFO")
            assert about is not None
            page = BytesParser().parse(about)
        assert f"Changelog, {place}{file}" in page.get_all("Project-URL", [])
        assert (f"[its CHANGELOG]({place}{file})" in str(page.get_payload())) == (stem == "sf_connect_v33-33.0.0")


def test_a_changelog_that_is_not_committed_is_not_published(released: Checkout) -> None:
    change(released, IN_32)
    released.run("release", "record")
    released.git("add", "published.yaml")
    released.git("commit", "--quiet", "--message", "The record alone")
    released.run("wheels")
    said = released.run("release", "publish", "http://127.0.0.1:9/", code=1)
    assert "not committed: changelogs/sf-connect-v32.md" in said


@pytest.mark.parametrize("times", [1, 2])
def test_a_yank_is_said_once_at_its_version(times: int) -> None:
    text = "# Changes\n\n## 33.0.1 (2026-11-30)\n\nSince.\n\n## 33.0.0 (2026-11-29)\n\nFirst release.\n"
    for _ in range(times):
        text = with_yanked(text, "33.0.1", "It loses <b>files</b>.")
    reason = "**Yanked:** It loses \\<b\\>files\\</b\\>."
    expected = (
        f"# Changes\n\n## 33.0.1 (2026-11-30)\n\n{reason}\n\nSince.\n\n## 33.0.0 (2026-11-29)\n\nFirst release.\n"
    )
    assert text == expected
