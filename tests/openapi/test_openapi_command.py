"""`connectgen openapi` writes what was asked for, the same bytes each time, or says in a line why not."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from support.command import SMALL_CATALOGUE, connectgen, environment

ARGUMENTS = ("--catalogue", str(SMALL_CATALOGUE))


def test_prints_json(tmp_path: Path) -> None:
    done = connectgen("openapi", "33.0", *ARGUMENTS, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["info"]["version"] == "33.0"


def test_writes_yaml_with_the_same_content(tmp_path: Path) -> None:
    for name in ("a.json", "a.yaml"):
        done = connectgen("openapi", "33.0", "--output", name, *ARGUMENTS, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, f"{name}: 1 document written\n")
    read = yaml.safe_load((tmp_path / "a.yaml").read_text(encoding="utf-8"))
    assert read == json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a.json", "a.yaml"]


def test_writes_all_versions(tmp_path: Path) -> None:
    done = connectgen("openapi", "--all", "--output", "out", "--format", "yaml", *ARGUMENTS, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"connect-{version}.0.yaml" for version in (30, 31, 32, 33)
    ]


def test_same_bytes_each_time(tmp_path: Path) -> None:
    runs = [
        connectgen("openapi", "33.0", "--no-cache", *ARGUMENTS, cwd=tmp_path, env=environment(PYTHONHASHSEED=seed))
        for seed in ("1", "2", "3")
    ]
    assert len({run.stdout for run in runs}) == 1


def test_wrong_usage(tmp_path: Path) -> None:
    cases = {
        (): "name the versions, like 67.0, or give --all",
        ("33.0", "--all"): "name the versions, like 67.0, or give --all",
        ("33",): "'33' is no API version; write it like 67.0",
        ("12.0",): "there is no version 12.0: the catalogue has 30.0 to 33.0",
        ("32.0", "33.0"): "several versions need a folder",
    }
    for arguments, message in cases.items():
        done = connectgen("openapi", *arguments, *ARGUMENTS, cwd=tmp_path)
        assert done.returncode == 2, arguments
        assert message in done.stderr
        assert "Traceback" not in done.stderr


def test_a_faulty_catalogue_and_a_place_that_cannot_be_written(tmp_path: Path, catalogue: Path) -> None:
    (catalogue / "releases.yaml").write_text("format: 2\nreleases: []\n", encoding="utf-8")
    done = connectgen("openapi", "33.0", "--catalogue", str(catalogue), cwd=tmp_path)
    assert done.returncode == 1
    assert "nothing was written" in done.stderr
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = connectgen("openapi", "33.0", "--output", "file/a.json", *ARGUMENTS, cwd=tmp_path)
    assert done.returncode == 3
    assert "file/a.json: cannot be written" in done.stderr
    assert len(done.stderr.splitlines()) == 1
