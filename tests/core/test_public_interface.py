"""The public interface of core and of a generated package: a change of it shows as a change of a snapshot."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jedi
import pytest

import sf_connect.core
from support.command import ROOT
from support.public_interface import public_interface

CORE = Path(sf_connect.core.__file__).parents[2]


def test_core_is_as_reviewed(snapshot: Any) -> None:
    described = public_interface("sf_connect.core", CORE)
    assert "class RetryPolicy" in described
    assert described == snapshot


def test_a_generated_package_is_as_reviewed(small_packages: Path, snapshot: Any) -> None:
    folder = small_packages / "sf-connect-v33"
    modules = ("", "families.archive", "groups.archive.shelves", "models")
    described = public_interface("sf_connect.v33", folder, modules)
    assert "class Shelves" in described
    assert described == snapshot


def test_every_public_name_is_there_for_type_checkers_for_completion_and_at_run_time() -> None:
    tree = ast.parse(Path(sf_connect.core.__file__).read_text("utf-8"))
    (checking,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    typed = {
        alias.name: node.module for node in checking.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert sorted(typed) == sorted(sf_connect.core.__all__) == dir(sf_connect.core)
    assert len(typed) > 70
    for name, module in typed.items():
        defined = vars(sys.modules[str(module)]) if getattr(sf_connect.core, name) is not None else {}
        assert defined[name] is getattr(sf_connect.core, name)


def test_importing_the_public_face_imports_no_other_module_of_core() -> None:
    script = "import sys, sf_connect.core; print(sorted(name for name in sys.modules if name.startswith('sf_connect')))"
    environment = {**os.environ, "PYTHONPATH": str(CORE)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60, env=environment
    )
    assert done.stdout.strip() == "['sf_connect', 'sf_connect.core']"


def deeper_imports(text: str) -> list[str]:
    """The imports of modules behind the public face."""
    return re.findall(r"(?:from|import) sf_connect\.core\.\w[\w.]*|from sf_connect\.core\._\w+", text)


def user_texts(packages: Path) -> Iterator[tuple[Path, str]]:
    """What users read and run: README files, docs, templates, generated packages."""
    for folder, pattern in (
        (ROOT, "*.md"),
        (ROOT / "core", "*.md"),
        (ROOT / "docs", "**/*.md"),
        (ROOT / "templates", "**/*.jinja"),
        (packages, "**/*.py"),
        (packages, "**/*.md"),
    ):
        paths = sorted(folder.glob(pattern))
        assert paths, folder
        yield from ((path, path.read_text("utf-8")) for path in paths)


def test_readme_docs_and_generated_code_use_no_deeper_import(small_packages: Path) -> None:
    assert deeper_imports("from sf_connect.core.wire.models import Model") != []
    assert [(path, deeper) for path, text in user_texts(small_packages) if (deeper := deeper_imports(text))] == []


USED_ON_CLIENTS = {
    "access_token", "anonymous", "cookies", "from_env", "with_browser",
    "api_version", "archive", "batch", "download", "download_from", "follow_url", "from_client", "from_sf_cli",
    "from_simple_salesforce", "garden", "instance_url", "options", "raw", "request", "retired_in",
    "shares_session_with", "site", "site_id", "with_client_credentials", "with_jwt_bearer", "with_login",
    "with_refresh_token", "with_web_server_flow",
}  # fmt: skip
USED_ON_ITEMS = {"error", "operation", "result", "status"}
USED_ON_BATCHES = {"add", "items", "send"}
COMPLETED = """
from sf_connect.v33 import AsyncConnect, Connect
client = Connect("https://acme.example", token="t")
client.
later = AsyncConnect("https://acme.example", token="t")
later.
batch = client.batch()
batch.
item = batch.add(client.archive.shelves.list)
item.
"""


@pytest.mark.parametrize(
    ("line", "names"),
    [
        pytest.param(4, USED_ON_CLIENTS | {"close"}, id="client"),
        pytest.param(6, USED_ON_CLIENTS | {"aclose"}, id="async-client"),
        pytest.param(8, USED_ON_BATCHES, id="batch"),
        pytest.param(10, USED_ON_ITEMS, id="item"),
    ],
)
def test_completion_shows_only_what_users_call(small_packages: Path, line: int, names: set[str]) -> None:
    paths = [str(small_packages / "sf-connect-v33"), str(CORE)]
    project = jedi.Project(ROOT / "tests", added_sys_path=paths, smart_sys_path=False)
    shown = jedi.Script(COMPLETED, project=project).complete(line, len(COMPLETED.splitlines()[line - 1]))
    assert {one.name for one in shown if not one.name.startswith("_")} == names


def test_dir_shows_only_what_users_call(small_packages: Path) -> None:
    script = (
        "from sf_connect.v33 import AsyncConnect, Connect; client = Connect('https://acme.example', token='t'); "
        "later = AsyncConnect('https://acme.example', token='t'); batch = client.batch(); "
        "item = batch.add(client.archive.shelves.list); "
        "print([[name for name in dir(one) if not name.startswith('_')] for one in (client, later, item, batch)])"
    )
    paths = os.pathsep.join([str(small_packages / "sf-connect-v33"), str(CORE)])
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    shown = [set(names) for names in ast.literal_eval(done.stdout)]
    assert shown == [USED_ON_CLIENTS | {"close"}, USED_ON_CLIENTS | {"aclose"}, USED_ON_ITEMS, USED_ON_BATCHES]
