"""The programs and tests of docs/testing.md do what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from support.command import ROOT, bytecode_of, environment
from support.users_pytest import PYTEST
from support.versions import NEWEST

TEXT = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```(?:python|yaml)\n# (\S+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
(SHOWN,) = re.findall(r"^```text\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def package(packages: Path) -> Path:
    """The package of the newest version."""
    return packages / f"sf-connect-v{NEWEST}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    (tmp_path / ".cache").symlink_to(ROOT / ".cache")
    return tmp_path


def run(folder: Path, package: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = environment(**bytecode_of(package.parent))
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], str(package), str(folder)])
    command = [sys.executable, "-m", *PYTEST, *arguments]
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, timeout=300, check=False)


def test_the_tests_of_the_page_pass(folder: Path, package: Path) -> None:
    done = run(folder, package)
    assert done.returncode == 0, done.stdout + done.stderr
    tests = sum(len(re.findall(r"def test_", text)) for name, text in FILES.items() if name.startswith("test_"))
    assert f"{tests} passed" in done.stdout
    assert tests > 10


def test_a_failure_reads_as_the_page_shows(folder: Path, package: Path) -> None:
    done = run(folder, package, "failing.py")
    lines = [line.removeprefix("E").strip() for line in done.stdout.splitlines() if line.startswith("E ")]
    for line in SHOWN.splitlines():
        assert line.strip() in lines, done.stdout


def test_the_file_of_stubs_is_taken(folder: Path) -> None:
    from mock.conftest import running

    for mock in running(f"{NEWEST}.0", "--stubs", str(folder / "stubs.yaml")):
        assert mock.json("/chatter/users/me") == {"firstName": "Ada"}
        states = [mock.json("/ssot/query-sql/q1") for _ in range(2)]
        assert states == [{"completionStatus": "Running"}, {"completionStatus": "Finished"}]
        assert mock.ask("/query").status_code == 503


def test_a_recording_has_no_tokens(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from mock.conftest import running

    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    recorder = importlib.import_module("recording").recorder
    urls = {"X-Connect-Bearer-Urls": "true"}

    def ask(url: str, token: str) -> str:
        with (
            recorder.use_cassette("me.yaml"),
            httpx2.Client(headers={"Authorization": f"Bearer {token}", **urls}) as http,
        ):
            return http.get(f"{url}/services/data/v{NEWEST}.0/chatter/users/me").text

    for mock in running(f"{NEWEST}.0"):
        url = mock.url
        form = {"grant_type": "client_credentials", "client_id": "mock-client", "client_secret": "mock-secret"}
        with recorder.use_cassette("me.yaml"):
            token = httpx2.post(f"{url}/services/oauth2/token", data=form).json()["access_token"]
        live = ask(url, token)
    assert "bearerToken=" in live
    text = (folder / "recordings" / "me.yaml").read_text()
    assert "chatter/users/me" in text
    assert not re.search(rf"{token}|mock-secret|Bearer|oauth2|bearerToken=(?!hidden)", text)
    assert "firstName" in ask(url, "any"), "the server has ended: this is played"
    sys.modules.pop("recording", None)
