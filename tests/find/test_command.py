"""`connectgen find` on the small catalogue: what it prints, what it keeps, and how it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectgen.find import search as generators
from sf_connect.core.cli import search as cores
from support.command import SMALL_CATALOGUE, connectgen

SMALL = ("--catalogue", str(SMALL_CATALOGUE))


def test_a_result_is_call_sentence_url_and_versions(tmp_path: Path) -> None:
    done = connectgen("find", *SMALL, "--limit", "1", "list plants", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "client.garden.plants.list(…)\n    List plants, newest first.\n"
        "    GET /garden/plants (also in a site), since 23.0; all pages: iter\n"
    )


def test_an_ended_operation_is_found_with_its_versions(tmp_path: Path) -> None:
    done = connectgen("find", *SMALL, "scarecrow", cwd=tmp_path)
    assert "client.garden.plants.get_scarecrow()" in done.stdout
    assert "–30.0" in done.stdout


def test_nothing_found_is_exit_code_1_and_a_line(tmp_path: Path) -> None:
    done = connectgen("find", *SMALL, "xyzzy", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "nothing found for 'xyzzy': use fewer or other words, or paste a URL\n"


def test_a_fault_in_the_catalogue_is_told(catalogue: Path, tmp_path: Path) -> None:
    (catalogue / "releases.yaml").unlink()
    done = connectgen("find", "--catalogue", str(catalogue), "plants", cwd=tmp_path)
    assert done.returncode == 1
    assert "releases.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_change_of_the_catalogue_is_seen(
    catalogue: Path, edit: Callable[[str, str, str], None], tmp_path: Path
) -> None:
    arguments = ("find", "--catalogue", str(catalogue), "--limit", "1", "list plants")
    assert "newest first" in connectgen(*arguments, cwd=tmp_path).stdout
    edit("resources/garden/plants.yaml", "List plants, newest first.", "List plants, tallest first.")
    assert "tallest first" in connectgen(*arguments, cwd=tmp_path).stdout


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    first = connectgen("find", *SMALL, "plants", cwd=tmp_path)
    for path in (tmp_path / ".cache" / "find").glob("*.json"):
        path.write_text('{"format": 1', encoding="utf-8")
    assert connectgen("find", *SMALL, "plants", cwd=tmp_path).stdout == first.stdout


def test_only_the_newest_indexes_are_kept(
    catalogue: Path, edit: Callable[[str, str, str], None], tmp_path: Path
) -> None:
    text = "List plants, newest first."
    for number in range(6):
        edit("resources/garden/plants.yaml", text, text := f"List plants, number {number}.")
        connectgen("find", "--catalogue", str(catalogue), "plants", cwd=tmp_path)
    assert len(list((tmp_path / ".cache" / "find").glob("*.json"))) == 4


@pytest.mark.parametrize("name", ["words", "urls", "search"])
def test_generator_and_core_search_by_the_same_code(name: str) -> None:
    """Neither distribution needs the other, so each has the modules; who changes one changes both."""
    here = Path(generators.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    there = Path(cores.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    assert here == there.replace("sf_connect.core.cli", "connectgen.find")
