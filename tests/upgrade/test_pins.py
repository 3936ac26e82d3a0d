"""Requirements: what pins the client moves to the new version, whatever the file's form; the rest is listed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from connectgen.upgrade.pins import Pins

PINS = Pins(45, 67)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sf-connect-v45\n", "sf-connect-v67\n"),
        ("sf-connect-v45==45.0.3  # why\n", "sf-connect-v67==67.0.*  # why\n"),
        ("sf_connect_v45[cli] >=45.0,<46 ; python_version > '3'\n", "sf_connect_v67[cli] ==67.0.* ; python_version > '3'\n"),
        ("SF.Connect.V45~=45.0\n", "SF.Connect.V67~=45.0\n".replace("~=45.0", "==67.0.*")),
        ("%pip install -q sf-connect-v45==45.0.1 rich\n", "%pip install -q sf-connect-v67==67.0.* rich\n"),
        ("sf-connect[v45]==1.0.0\n", "sf-connect[v67]==1.0.0\n"),
        ("SF_Connect [cli, V45 ,arrow]>=1  # x\n", "SF_Connect [cli, v67 ,arrow]>=1  # x\n"),
        ("sf-connect[v45,v67]\nsf-connect[v67, v45,a]\n", "sf-connect[v67]\nsf-connect[v67,a]\n"),
        ("sf-connect[v450]\nmy-sf-connect[v45]\nsf-connect-core[v45]\n", None),
        ("sf-connect-v450==1\nmy-sf-connect-v45==1\nsf-connect-v45-extra==1\n", None),
    ],
)  # fmt: skip
def test_a_line_moves(before: str, after: str | None) -> None:
    assert PINS.moved_line(before) == (after or before)


def after_moving(folder: Path, name: str, text: str) -> tuple[str, list[int]]:
    """What becomes of a file, and the lines that are left to a person."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode())
    (one,) = PINS.find(folder)
    assert one.before == text
    return one.after, [line for line, _ in one.left]


def test_what_is_fixed_by_a_hash_or_a_file_is_left(tmp_path: Path) -> None:
    text = (
        "sf-connect-v45==45.0.3 \\\n    --hash=sha256:00\n"
        "sf-connect-v45 @ https://example.com/a.whl\n./wheels/sf_connect_v45-45.0.3-py3-none-any.whl\n# sf-connect-v45\n"
    )
    assert after_moving(tmp_path, "requirements-dev.txt", text) == (text, [1, 3, 4])


def test_a_project_file_moves_and_stays_toml(tmp_path: Path) -> None:
    text = (
        '[project]\r\ndependencies = ["sf-connect-v45>=45.0,<46; python_version>\'3\'", "x"]\r\n'
        '[tool.poetry.dependencies]\r\nsf-connect-v45 = {version = "^45.0", extras = ["cli"]}\r\n'
        '[tool.uv.sources]\r\n"sf-connect-v45" = { path = "../sf-connect-v45" }\r\n'
    )
    after, left = after_moving(tmp_path, "pyproject.toml", text)
    assert left == [6]
    read = tomllib.loads(after)
    assert read["project"]["dependencies"][0] == "sf-connect-v67==67.0.*; python_version>'3'"
    assert read["tool"]["poetry"]["dependencies"] == {"sf-connect-v67": {"version": "67.0.*", "extras": ["cli"]}}
    assert after.count("\r\n") == text.count("\r\n")


@pytest.mark.parametrize("name", ["uv.lock", "setup.py", "environment.yml"])
def test_files_of_other_tools_are_listed_only(name: str, tmp_path: Path) -> None:
    text = "sf-connect-v45==45.0.3\n"
    assert after_moving(tmp_path, name, text) == (text, [1])


def test_environments_and_links_are_passed_over(tmp_path: Path) -> None:
    for name in (".venv/requirements.txt", "node_modules/a/requirements.txt"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("sf-connect-v45\n", encoding="utf-8")
    outside = tmp_path.parent / "outside.txt"
    outside.write_text("sf-connect-v45\n", encoding="utf-8")
    (tmp_path / "requirements.txt").symlink_to(outside)
    assert list(PINS.find(tmp_path)) == []


def test_extras_of_the_list_of_clients_move_in_every_form_of_a_table(tmp_path: Path) -> None:
    text = (
        '[project]\ndependencies = ["sf-connect[v45]==1.0.0", "sf-connect[v45] @ https://example.com/a.whl"]\n'
        'optional = [\n  "sf-connect[v45]",\n]\n'
        '[tool.poetry.dependencies]\nsf-connect = {version = "^1.0", extras = ["arrow", "v45"]}\n'
        '[tool.poetry.group.a.dependencies.sf-connect]\nversion = "1"\nextras = ["v45"]\n'
        '[tool.other]\nextras = ["v45"]\n'
    )
    after, left = after_moving(tmp_path, "pyproject.toml", text)
    assert left == [2]
    changed = [
        number for number, (a, b) in enumerate(zip(text.split("\n"), after.split("\n"), strict=True), 1) if a != b
    ]
    assert changed == [4, 7, 10]
    assert tomllib.loads(after)["tool"]["poetry"]["dependencies"]["sf-connect"]["extras"] == ["arrow", "v67"]


@pytest.mark.parametrize("name", ["tox.ini", "Dockerfile", "setup.cfg", "app.py.lock"])
def test_extras_in_files_of_other_tools_are_listed(name: str, tmp_path: Path) -> None:
    text = "sf-connect[v45]==1.0.0\n"
    assert after_moving(tmp_path, name, text) == (text, [1])


def test_the_metadata_of_a_script_moves_and_nothing_around_it() -> None:
    text = (
        '# dependencies = ["sf-connect-v45"]\r\n# /// script\r\n# dependencies = [\r\n#   "sf-connect-v45==45.0.1",\r\n#\r\n'
        '#   "sf-connect[v45]",\r\n# ]\r\n# [tool.uv.sources]\r\n# sf-connect-v45 = { path = "a" }\r\n# ///\r\n# "sf-connect-v45"\r\n'
    )
    expected = text.replace("-v45==45.0.1", "-v67==67.0.*").replace("[v45]", "[v67]")
    assert PINS.moved_script(text) == (expected, ((9, "pins the client by a path or a URL; change it by hand"),))
    assert PINS.moved_script(text.replace("# ///\r\n", ""))[0] == text.replace("# ///\r\n", "")
