"""Samples are right: commands of curl succeed against the mock, and type checkers accept the Python."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from connectgen.iterators import names_of_iterators
from connectgen.site.calls import SampleCall, sample_call
from connectgen.site.history import history_of
from sf_connect.testing import MockServer
from support.command import ROOT
from support.real import real_catalogue
from support.versions import NEWEST

EVERY = 1 if os.environ.get("CONNECTGEN_SAMPLES_ALL") else 25
"""One operation in so many is tried by curl; all of them where the environment says so."""
HISTORY = history_of(real_catalogue())
ITERATORS = names_of_iterators(HISTORY.surfaces)


def sample(name: str) -> SampleCall:
    timeline = HISTORY.operations[name]
    types = next(one.types for one in HISTORY.surfaces if one.version == timeline.last)
    operation = timeline.newest
    iterator = ITERATORS[operation.family, operation.group].get(operation.name, "") if operation.pagination else ""
    return sample_call(operation, timeline.last, types, iterator)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Mapping[str, str]]]:
    folder = tmp_path_factory.mktemp("curl")
    (folder / "report.pdf").write_bytes(b"%PDF-1.7 a report")
    with MockServer(["--seed", "1"]) as server:
        yield folder, {**os.environ, "SF_INSTANCE": server.url, "SF_TOKEN": "mock-token"}


UPLOADS = [name for name, one in HISTORY.operations.items() if any(part.required for part in one.newest.parts)]


@pytest.mark.parametrize("name", [*list(HISTORY.operations)[::EVERY], *UPLOADS[:3], "feeds.elements.create"])
def test_a_command_of_curl_succeeds(name: str, shell: tuple[Path, Mapping[str, str]]) -> None:
    folder, environment = shell
    command = sample(name).curl.replace(
        "curl ", "curl --silent --show-error --output out --write-out '%{http_code}' ", 1
    )
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert re.fullmatch(r"2\d\d", done.stdout), f"{command}\n{done.stdout} {done.stderr}"


def test_type_checkers_accept_every_sample_in_python(packages: Path, tmp_path: Path) -> None:
    programs = [
        f"def {form}_{name.replace('.', '_')}() -> None:\n{textwrap.indent(text, '    ')}"
        for name, timeline in HISTORY.operations.items()
        if timeline.last == NEWEST
        for form, text in (("sync", sample(name).python), ("async", sample(name).asynchronous))
    ]
    assert len(programs) > 2000
    file = tmp_path / "samples.py"
    file.write_text("from __future__ import annotations\n\n" + "\n\n".join(programs), encoding="utf-8")
    path = os.pathsep.join([str(packages / f"sf-connect-v{NEWEST}"), str(ROOT / "core")])
    options = ["--strict", "--namespace-packages", "--explicit-package-bases"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--cache-dir", str(ROOT / ".cache" / "mypy-samples"), str(file)],
        cwd=tmp_path, env={**os.environ, "MYPYPATH": path}, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]


def test_a_message_is_written_as_people_write_it() -> None:
    create = sample("feeds.elements.create")
    assert (
        'm.FeedItemInput(\n            subject_id="me",\n            body=m.MessageBodyInput.text("Good morning"),'
        in create.python
    )
    assert '"text": "Good morning"' in create.curl


def test_a_list_is_iterated_over() -> None:
    assert 'for item in client.chatter.users.iter_followers("me"):' in sample("chatter.users.list_followers").python
    assert "async for item in" in sample("chatter.users.list_followers").asynchronous
