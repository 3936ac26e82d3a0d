"""jedi and IPython's completer, and so Jupyter, complete what a loop over pages yields: the item, not the page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import jedi
import pytest

from support.command import ROOT
from support.versions import NEWEST


class Client(NamedTuple):
    """A package, an operation that iterates over its pages, and what item and page have but the other one has not."""

    fixture: str
    version: int
    pager: str
    item: str
    page: str


CLIENTS = [
    pytest.param(Client("small_packages", 33, "garden.plants.iter()", "feed_item", "next_page_url"), id="small"),
    pytest.param(Client("packages", NEWEST, "chatter.users.iter()", "about_me", "next_page_url"), id="newest"),
]
# What is typed, with the pager's call in place of PAGER, and which of both is to be completed.
TYPED = [
    pytest.param("for x in client.PAGER:\n    x.", "item", id="for"),
    pytest.param("pager = client.PAGER\nfor number, x in enumerate(pager):\n    x.", "item", id="enumerate"),
    pytest.param("next(client.PAGER).", "item", id="next"),
    pytest.param("list(client.PAGER)[0].", "item", id="list"),
    pytest.param("for x in client.PAGER.pages():\n    x.", "page", id="pages"),
    pytest.param("client.PAGER.page.", "page", id="page"),
    pytest.param("async def main():\n    async for x in later.PAGER:\n        x.", "item", id="async-for"),
    pytest.param("async def main():\n    async for x in later.PAGER.pages():\n        x.", "page", id="async-pages"),
    pytest.param("async def main():\n    later.PAGER.page.", "page", id="async-page"),
]
IN_JUPYTER = """\
import json, sys

from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from sf_connect.v{version} import AsyncConnect, Connect

shell = InteractiveShell()
shell.Completer.use_jedi = True
shell.user_ns.update({{cls: kind("https://example.invalid", token="t") for cls, kind in
    (("client", Connect), ("later", AsyncConnect))}})
with provisionalcompleter():
    typed = json.load(sys.stdin)
    print(json.dumps([[one.text for one in shell.Completer.completions(code, len(code))] for code in typed]))
"""


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Client:
    chosen: Client = request.param
    return chosen


@pytest.fixture
def paths(request: pytest.FixtureRequest, client: Client) -> list[str]:
    """The folders of the package and of the runtime."""
    packages: Path = request.getfixturevalue(client.fixture)
    return [str(packages / f"sf-connect-v{client.version}"), str(ROOT / "core")]


def assert_completes(names: list[str], client: Client, completed: str) -> None:
    wanted, other = (client.item, client.page) if completed == "item" else (client.page, client.item)
    assert wanted in names
    assert other not in names


@pytest.mark.parametrize(("typed", "completed"), TYPED)
def test_jedi_completes_what_a_loop_yields(
    tmp_path: Path, client: Client, paths: list[str], typed: str, completed: str
) -> None:
    lines = [
        f"from sf_connect.v{client.version} import AsyncConnect, Connect",
        'client = Connect("https://example.invalid", token="t")',
        'later = AsyncConnect("https://example.invalid", token="t")',
        *typed.replace("PAGER", client.pager).splitlines(),
    ]
    project = jedi.Project(tmp_path, added_sys_path=paths, environment_path=sys.executable)
    script = jedi.Script("\n".join(lines), path=tmp_path / "typed.py", project=project)
    assert_completes([one.name for one in script.complete(len(lines))], client, completed)


def test_ipython_completes_what_a_loop_yields(tmp_path: Path, client: Client, paths: list[str]) -> None:
    """In a cell with a client that exists, as in Jupyter; a process of its own, since a shell changes its process."""
    cases = [(str(one.values[0]).replace("PAGER", client.pager), str(one.values[1])) for one in TYPED]
    done = subprocess.run(
        [sys.executable, "-c", IN_JUPYTER.format(version=client.version)],
        input=json.dumps([code for code, _ in cases]),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "IPYTHONDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    for (code, completed), names in zip(cases, json.loads(done.stdout), strict=True):
        assert names, code
        assert_completes(names, client, completed)
