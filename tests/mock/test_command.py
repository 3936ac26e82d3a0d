"""`connectgen mock` as a person starts it: what it prints, what it refuses, what it leaves behind."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from support.command import COMMAND, SMALL_CATALOGUE, connectgen, environment

SMALL = ("--catalogue", str(SMALL_CATALOGUE))


@contextmanager
def started(*options: str, cwd: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own and its address."""
    process = subprocess.Popen(
        [*COMMAND, "mock", *SMALL, *options],
        cwd=cwd, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def get(url: str, path: str = "/services/data/v32.0/garden/plants", token: str = "mock-token") -> httpx2.Response:
    return httpx2.get(url + path, headers={"Authorization": f"Bearer {token}"})


def test_the_first_line_is_the_address_and_the_rest_goes_elsewhere(tmp_path: Path) -> None:
    with started("--coverage", "run.json", cwd=tmp_path) as (process, url):
        assert get(url).status_code == 200
        process.terminate()
        said, errors = process.communicate(timeout=20)
        assert process.returncode == 0
    assert said == ""
    assert "access token mock-token" in errors
    assert "warning" not in errors
    report = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert report["versions"]["32.0"]["calls"] == {"garden.plants.list": 1}


def test_coverage_as_a_page(tmp_path: Path) -> None:
    with started("--coverage", "run.md", cwd=tmp_path) as (process, url):
        get(url)
        process.terminate()
        process.communicate(timeout=20)
    assert "- `garden.plants.list` (1)" in (tmp_path / "run.md").read_text(encoding="utf-8")


def test_chosen_versions_tokens_and_lengths(tmp_path: Path) -> None:
    options = ("--version", "32.0", "--version", "31.0", "--token", "a", "--token", "b", "--items", "3")
    with started(*options, cwd=tmp_path) as (_, url):
        for token in ("a", "b"):
            answer = get(url, token=token)
            assert answer.status_code == 200
            assert len(answer.json()["plants"]) == 3
        assert get(url).status_code == 401
        assert get(url, "/services/data/v33.0/garden/plants", "a").status_code == 404
        assert [one["version"] for one in get(url, "/services/data").json()] == ["31.0", "32.0"]


def test_retired_versions_and_any_token(tmp_path: Path) -> None:
    with started("--retired-gone", "--any-token", cwd=tmp_path) as (_, url):
        answer = get(url, "/services/data/v30.0/garden/plants", "whatever")
        assert (answer.status_code, answer.json()[0]["errorCode"]) == (410, "UNSUPPORTED_API_VERSION")
        assert "Summer '25" in answer.json()[0]["message"]
        assert [one["version"] for one in get(url, "/services/data").json()] == ["31.0", "32.0", "33.0"]
        assert get(url, token="whatever").status_code == 200


def test_only_this_machine_is_served_unless_asked(tmp_path: Path) -> None:
    with started(cwd=tmp_path) as (_, url):
        port = int(url.rpartition(":")[2])
        assert url == f"http://127.0.0.1:{port}"
        with socket.socket() as other:  # another of this machine's loopback addresses, which the mock did not take
            assert other.connect_ex(("127.0.0.2", port)) != 0
    with started("--host", "0.0.0.0", cwd=tmp_path) as (process, url):
        assert get(url).status_code == 200
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert errors.startswith("warning: 0.0.0.0 can be reached from other machines")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--version", "67"), 2, "'67' is no API version; write it like 67.0"),
        (("--version", "99.0"), 2, "there is no version 99.0"),
        (("--port", "70000"), 2, "70000"),
        (("--port", "-1"), 2, "-1"),
        (("--host", "203.0.113.7"), 3, "203.0.113.7:0: "),
        (("--host", "nowhere.invalid"), 3, "--host is an IP address of this machine"),
        (("--host", ""), 2, "name an IP address of this machine"),
        (("--version", "30.0", "--version", "12.0"), 2, "there is no version 12.0: the catalogue has 30.0 to 33.0"),
        (("--state", "kept.json"), 2, "kept.json"),
        (("--frobnicate",), 2, "--frobnicate"),
        (("--items", "many"), 2, "many"),
        (("--token", ""), 2, "cannot be sent in an Authorization header"),
        (("--token", "a b"), 2, "'a b' cannot be sent in an Authorization header"),
        (("--token-seconds", "nan"), 2, "nan is no number of seconds"),
        (("--cors-origin", "app.example.com"), 2, "write it like https://app.example.com"),
        (("--coverage", "missing/run.json"), 2, "there is no folder"),
        (("--jwt-key", "missing.pem"), 2, "missing.pem"),
        (("--jwt-key", __file__), 2, "test_command.py holds no public RSA key or certificate in PEM"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = connectgen("mock", *SMALL, *arguments, cwd=tmp_path, timeout=30)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == "", "a URL was printed that nobody responds at"


@pytest.mark.parametrize("arguments", [("--version", "12.0"), ("--catalogue", "missing")])
def test_the_real_catalogue_lacks_a_version_or_another_is_missing(tmp_path: Path, arguments: tuple[str, str]) -> None:
    done = connectgen("mock", *arguments, cwd=tmp_path, timeout=60)
    assert done.returncode == (2 if "12.0" in arguments else 1)
    assert arguments[1] in done.stderr
    assert done.stdout == ""


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = connectgen("mock", *SMALL, "--port", str(port), cwd=tmp_path, timeout=30)
    assert done.returncode == 3
    assert done.stderr.startswith(f"127.0.0.1:{port}: ")
    assert "choose another --port" in done.stderr


def test_a_catalogue_at_fault(catalogue: Path, tmp_path: Path) -> None:
    (catalogue / "releases.yaml").write_text("releases: [{version: 30.0}]\n", encoding="utf-8")
    done = connectgen("mock", "--catalogue", str(catalogue), cwd=tmp_path, timeout=30)
    assert done.returncode == 1
    assert "releases.yaml:" in done.stderr
    assert "fix them first" in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
