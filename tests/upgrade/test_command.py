"""`connectgen upgrade` as users run it: the patch, git, files that cannot be read or written, wrong usage."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.command import ROOT, environment, in_this_process

pytest.importorskip("libcst", reason="the extra upgrade is not installed")
pytest.importorskip("pyrefly", reason="the extra upgrade is not installed")

APP = """\
from sf_connect.v38 import Connect, models as m


def share(client: Connect, item: m.FeedItem) -> None:
    if item.can_share:  # not everybody may
        client.feeds.elements.create(m.FeedItemInput(subject_id="me", original_feed_element_id=item.id))


def loose(item):
    return item.can_share
"""
VERSIONS = ("--from", "38.0", "--to", "67.0")


def upgrade(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    sides = () if "--from" in options else VERSIONS
    return in_this_process(("upgrade", str(folder), *sides, *options), ROOT, environment(), timeout=400)


def git(folder: Path, *arguments: str) -> None:
    settings = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def test_the_patch_is_what_a_run_does_and_a_second_run_does_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "main.py").write_text(APP, encoding="utf-8")
    (folder / "main.py").chmod(0o755)
    (folder / "crlf.py").write_bytes(b"import sf_connect.v38  # \xc3\xa4\r\nx = 1")
    (folder / "requirements.txt").write_text("sf-connect-v38==38.0.1", encoding="utf-8")
    (folder / "broken.py").write_text("import sf_connect.v38\ndef f(:\n", encoding="utf-8")
    (folder / "both.py").write_text("import sf_connect.v38\nimport sf_connect.v45\n", encoding="utf-8")
    (folder / "link.py").symlink_to(tmp_path / "elsewhere.py")
    (tmp_path / "elsewhere.py").write_text("import sf_connect.v38\n", encoding="utf-8")
    before = contents(folder)
    git(folder, "init", "-q")
    git(folder, "add", ".")

    refused = upgrade(folder)
    assert refused.returncode == 2
    assert "changes that are not committed" in refused.stderr
    git(folder, "commit", "-q", "-m", "All")

    dry = upgrade(folder, "--dry-run")
    assert dry.returncode == 4, dry.stderr
    assert contents(folder) == before
    for named in ("broken.py:2: cannot be read", "both.py: uses the client of v45 too", "link.py: cannot be read"):
        assert named in dry.stderr

    done = upgrade(folder)
    assert done.returncode == 4
    assert "1 comment" in done.stdout
    assert "FeedItem.can_share [response-property-removed]" in done.stdout
    after = contents(folder)
    assert after["crlf.py"] == before["crlf.py"].replace(b"v38", b"v67")
    assert after["requirements.txt"] == b"sf-connect-v67==67.0.*"
    assert {name for name in after if after[name] != before[name]} == {"main.py", "crlf.py", "requirements.txt"}
    assert (folder / "main.py").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "elsewhere.py").read_text(encoding="utf-8") == "import sf_connect.v38\n"

    again = upgrade(folder, "--force")
    assert again.returncode == 4
    assert contents(folder) == after

    git(folder, "checkout", "-q", ".")
    patch = tmp_path / "upgrade.patch"
    patch.write_bytes(dry.stdout.encode())
    assert b"\r" in dry.stdout.encode()
    git(folder, "apply", str(patch))
    assert contents(folder) == after


def test_the_page_shows_what_the_command_prints(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "upgrade.md").read_text(encoding="utf-8")
    shown = page.partition("    $ connectgen upgrade board --from 38.0 --to 67.0 --dry-run\n")[2].partition("\n## ")[0]
    (tmp_path / "board").mkdir()
    (tmp_path / "board" / "board.py").write_text(APP, encoding="utf-8")
    printed = upgrade(tmp_path / "board", "--dry-run").stdout
    assert [line.strip() for line in printed.rstrip().splitlines()] == [
        line.strip() for line in shown.rstrip().splitlines()
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "67.0", "--to", "38.0"), "38.0 is not newer than 67.0"),
        (("--from", "38.0", "--to", "38.0"), "38.0 is not newer than 38.0"),
        (("--from", "38", "--to", "67.0"), "'38' is no version"),
        (("--from", "38.0", "--to", "99.0"), "there is no version 99.0"),
        (("--from", "38.0@v1", "--to", "67.0"), "leave out the git ref"),
    ],
)
def test_wrong_usage_is_one_clear_line(options: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = upgrade(tmp_path, *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_a_client_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "b.ipynb").write_text(json.dumps({"cells": []}), encoding="utf-8")
    done = upgrade(tmp_path)
    assert done.returncode == 0
    assert "0 files changed" in done.stdout


def test_a_folder_without_code_is_refused(tmp_path: Path) -> None:
    """So that a typing error in the folder's name is not taken for code that needs no change."""
    (tmp_path / "README.md").write_text("Nothing here.\n", encoding="utf-8")
    done = upgrade(tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith(f"{tmp_path} holds no Python files; name the folder of the application's code\n")
    (tmp_path / "requirements.txt").write_text("sf-connect-v38==38.0.1\n", encoding="utf-8")
    assert upgrade(tmp_path).returncode == 0
    assert "sf-connect-v67" in (tmp_path / "requirements.txt").read_text(encoding="utf-8")


def test_code_for_another_version_is_named(tmp_path: Path) -> None:
    for number, version in enumerate((38, 38, 61, 67)):
        (tmp_path / f"{number}.py").write_text(f"import sf_connect.v{version}\n", encoding="utf-8")
    before = contents(tmp_path)
    done = upgrade(tmp_path, "--from", "45.0", "--to", "67.0")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:-1] == [
        "2 files use the client of v38: --from 38.0 upgrades them",
        "1 file uses the client of v61: --from 61.0 upgrades it",
    ]
    assert contents(tmp_path) == before


HIDDEN = """\
from typing import Protocol
from unittest import mock

from sf_connect.core import replace
from sf_connect.v38 import models as m


class Shared(Protocol):
    can_share: bool | None


class Always(m.FeedItem):
    @property
    def can_share(self) -> bool:
        return True


def shown(item: Shared) -> None: ...


def show(item: m.FeedItem, always: Always) -> m.FeedItemInput:
    print(item.can_share, replace(item, can_share=True))
    print(always.can_share)
    shown(item)
    with mock.patch.object(item, "can_share", True):
        return m.FeedItemInput.from_dict({"originalFeedElementId": "0D5"})
"""


def test_what_a_type_checker_does_not_see_is_changed_commented_or_listed(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(HIDDEN, encoding="utf-8")
    done = upgrade(tmp_path, "--from", "38.0", "--to", "39.0")
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "main.py").read_text(encoding="utf-8").splitlines()
    assert "    print(item.is_sharable, replace(item, is_sharable=True))" in lines
    comment = "# connectgen response-property-removed: FeedItem.can_share is gone; read is_sharable instead"
    below = [lines[number + 1].strip() for number, line in enumerate(lines) if line.strip().startswith(comment)]
    assert below == ["@property", "shown(item)"]
    assert "# connectgen request-property-removed: FeedItemInput.original_feed_element_id can no longer" in lines[-2]
    listed = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("not touched")]
    places = [line.partition("main.py:")[2].partition(":")[0] for line in listed]
    assert places == ["23", "25"]


def test_scripts_move_with_their_metadata_and_stubs_are_listed(tmp_path: Path) -> None:
    block = '# /// script\n# dependencies = ["sf-connect-v38==38.0.1"]\n# ///\n'
    (tmp_path / "app.py").write_text(f"{block}from sf_connect.v38 import Connect\n", encoding="utf-8")
    (tmp_path / "late.py").write_text(f"{block}import run_me\n", encoding="utf-8")
    both = f"{block}import sf_connect.v38\nimport sf_connect.v45\n"
    (tmp_path / "both.py").write_text(both, encoding="utf-8")
    (tmp_path / "stub.pyi").write_text("import os\nfrom sf_connect.v38.models import FeedItem\n", encoding="utf-8")
    (tmp_path / "window.pyw").write_text("from sf_connect import v38\n", encoding="utf-8")
    done = upgrade(tmp_path)
    moved = block.replace("v38==38.0.1", "v67==67.0.*")
    assert (tmp_path / "app.py").read_text(encoding="utf-8") == f"{moved}from sf_connect.v67 import Connect\n"
    assert (tmp_path / "late.py").read_text(encoding="utf-8") == f"{moved}import run_me\n"
    assert (tmp_path / "both.py").read_text(encoding="utf-8") == both
    shown = (done.stdout + done.stderr).splitlines()
    listed = [
        one.removeprefix(f"not touched: {tmp_path}/").partition(": ")[0] for one in shown if one.startswith("not t")
    ]
    assert listed == ["both.py:2", "stub.pyi:2", "window.pyw:1"]
    again = contents(tmp_path)
    upgrade(tmp_path)
    assert contents(tmp_path) == again


@pytest.mark.skipif(sys.platform != "linux", reason="a file that nobody can read, not even root")
def test_what_cannot_be_read_is_named_and_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "stub.pyi").symlink_to("/proc/self/mem")
    (tmp_path / "main.py").write_text("from sf_connect.v38 import Connect\n", encoding="utf-8")
    done = upgrade(tmp_path, "--dry-run")
    assert (done.returncode, "Traceback" in done.stderr) == (4, False)
    assert f"left alone: {tmp_path / 'stub.pyi'}: cannot be read (Input/output error)" in done.stderr
    used = ("diff", "38.0", "67.0", "--used-by", str(tmp_path), "--fail-on", "breaking")
    found = in_this_process(used, ROOT, environment(), timeout=100)
    assert (found.returncode, "Traceback" in found.stderr) == (4, False)
    assert f"{tmp_path / 'stub.pyi'}:1: cannot be read (Input/output error)" in found.stdout + found.stderr
