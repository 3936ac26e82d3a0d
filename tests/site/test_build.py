"""Builds of the site: the same bytes each time, only what changed, nothing of anybody else's, and wrong calls."""

from __future__ import annotations

import html
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from connectgen.site import build as building
from support.command import SMALL_CATALOGUE, connectgen, environment, files_of, in_this_process
from support.reference import Parsed, Site, opened
from test_hostile_text import FIELDS, put, refused

HOSTILE = (
    "</script></code><script>alert(1)</script><img src=x onerror=alert(1)> & {{ 7 * 7 }} \"'` [x](javascript:alert(1))"
)


def run(cwd: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command, in a process of its own where variables are given that Python reads when it starts."""
    if variables:
        return connectgen("site", *arguments, cwd=cwd, env=environment(**variables))
    building._builder.cache_clear()  # it counts on a process that builds one site
    return in_this_process(("site", *arguments), cwd, environment())


def build(cwd: Path, catalogue: Path = SMALL_CATALOGUE, out: str = "out", **variables: str) -> dict[str, bytes]:
    done = run(cwd, "--catalogue", str(catalogue), "--output", out, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return files_of(cwd / out)


def test_the_same_catalogue_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(tmp_path, out="a", PYTHONHASHSEED="1")
    assert first == build(tmp_path, out="b", PYTHONHASHSEED="2")
    assert len(first) > 50


def test_a_second_build_writes_nothing_and_a_change_writes_what_differs(
    tmp_path: Path, catalogue: Path, edit: Callable[[str, str, str], None]
) -> None:
    build(tmp_path, catalogue)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.html")}
    done = run(tmp_path, "--catalogue", str(catalogue), "--output", "out")
    assert "; 0 written, 0 removed" in done.stdout
    edit("types/garden/inputs.yaml", "A label's text.", "What a label says.")
    build(tmp_path, catalogue)
    changed = {path.name for path, time in times.items() if path.stat().st_mtime_ns != time}
    assert "LabelInput.html" in changed
    assert "garden.plants.move.html" not in changed
    edit("resources/garden/plants.yaml", "name: move\n", "name: carry\n")
    files = build(tmp_path, catalogue)
    assert "operations/garden.plants.carry.html" in files
    assert "operations/garden.plants.move.html" not in files


def test_a_file_that_somebody_changed_or_removed_is_written_again(tmp_path: Path) -> None:
    before = build(tmp_path)
    (tmp_path / "out" / "index.html").write_text("mine", encoding="utf-8")
    (tmp_path / "out" / "statuses.html").unlink()
    assert build(tmp_path) == before


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me", encoding="utf-8")
    done = run(tmp_path, "--catalogue", str(SMALL_CATALOGUE), "--output", "mine")
    assert done.returncode == 2
    assert (
        "mine: holds files that connectgen site did not write; name an empty or a new folder by --output" in done.stderr
    )
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_files_beside_the_site_are_left_alone(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "out" / "CNAME").write_text("docs.example", encoding="utf-8")
    record = tmp_path / "out" / ".connectgen-site"
    record.write_text(record.read_text(encoding="utf-8") + f"{'0' * 32} 1 ../../victim\n", encoding="utf-8")
    (tmp_path / "victim").write_text("x", encoding="utf-8")
    build(tmp_path)
    assert (tmp_path / "out" / "CNAME").is_file()
    assert (tmp_path / "victim").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--catalogue", "nowhere"), 1, "nowhere"),
        (("--docs", "nowhere"), 2, "nowhere"),
        (("--output", "file"), 2, "is a file"),
        (("67.0",), 2, "unexpected extra argument"),
        (("--output", "/proc/site"), 3, "/proc"),
    ],
)
def test_a_wrong_call_is_one_clear_line(tmp_path: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    more = () if "--catalogue" in arguments else ("--catalogue", str(SMALL_CATALOGUE))
    done = run(tmp_path, *arguments, *more)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site whose catalogue and guide have hostile text wherever text is free."""
    folder = tmp_path_factory.mktemp("hostile")
    catalogue, placed = Path(shutil.copytree(SMALL_CATALOGUE, folder / "catalogue")), 0
    for place in FIELDS.values():
        copy = Path(shutil.copytree(catalogue, folder / "copy"))
        put(copy, place, HOSTILE)
        if not refused(copy):
            put(catalogue, place, HOSTILE)
            placed += 1
        shutil.rmtree(copy)
    assert placed > 10
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text(f"# Guide\n\n{HOSTILE}\n\n    {HOSTILE}\n", encoding="utf-8")
    built = run(folder, "--catalogue", "catalogue", "--docs", "docs", "--output", "site")
    assert built.returncode == 0, built.stderr
    return Site(folder / "site")


def test_hostile_text_stays_text(hostile_site: Site) -> None:
    shown = 0
    for path in hostile_site.pages():
        page = Parsed(hostile_site.text(path))
        assert page.tags.count("script") == 2, path
        assert "img" not in page.tags, path
        assert not [name for name in page.attributes if name.startswith("on")], path
        assert not [link for link in page.links if link.lower().startswith("javascript:")], path
        shown += html.escape("<script>alert(1)</script>") in hostile_site.text(path)
    assert shown > 10


def test_hostile_text_stays_text_in_the_browser_too(hostile_site: Site, browser: Browser) -> None:
    with opened(browser) as (page, _):
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(hostile_site.url("types/Plant.html?v=32.0"))
        for button in page.locator("button.open").all():
            button.click()
        page.goto(hostile_site.url("compare.html?from=30.0&to=33.0"))
        page.locator("tbody tr").first.wait_for()
        page.goto(hostile_site.url("index.html"))
        page.locator(".find input").fill("plants list alert")
        page.locator("[role=option]").first.wait_for()
        assert page.locator("[role=option] img, [role=option] script").count() == 0
        assert dialogs == []


def test_a_script_that_got_into_a_page_would_not_run(small_site: Site, tmp_path: Path, browser: Browser) -> None:
    """The Content-Security-Policy, should all else fail."""
    text = small_site.text("statuses.html").replace("</body>", "<script>window.owned = 1</script></body>")
    (small_site.folder / "owned.html").write_text(text, encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto(small_site.url("owned.html"))
    assert page.evaluate("window.owned") is None
    assert page.evaluate("Boolean(window.connectSite)")
    context.close()
    (small_site.folder / "owned.html").unlink()
