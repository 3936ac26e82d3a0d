"""Editors show each operation's signature and docstring: jedi, and the language server of pyright."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import black
import jedi
import pytest

from connectgen.python.line_breaks import LINE_LENGTH
from support.command import ROOT, environment
from support.language_server import LanguageServer

SAMPLE = """\
from sf_connect.v33 import AsyncConnect, Connect

client = Connect("https://example.invalid", token="t")
client.garden.plants.list(
)
client.garden.plants.create(
)
client.archive.pictures.upload(
)

async def main() -> None:
    later = AsyncConnect("https://example.invalid", token="t")
    await later.garden.plants.list(
    )
    await later.garden.plants.create(
    )
    async with AsyncConnect("https://example.invalid", token="t") as within:
        await within.garden.plants.list(
        )
    by_login = await AsyncConnect.with_client_credentials("https://example.invalid", client_id="i", client_secret="s")
    await by_login.garden.plants.list(
    )
    await later.site("internal").garden.plants.list(
    )
with Connect("https://example.invalid", token="t") as bound:
    bound.garden.plants.list(
    )
logged_in = Connect.with_client_credentials("https://example.invalid", client_id="i", client_secret="s")
logged_in.garden.plants.list(
)
client.site("internal").garden.plants.list(
)
"""
# line of the call (from 1), what its signature must show, what its docstring must say
CALLS = [
    pytest.param(4, ["page_token", "sort", "PlantPage"], "List plants", id="sync-list"),
    pytest.param(6, ["body", "PlantInput", "Plant"], "Plant something", id="sync-create"),
    pytest.param(8, ["picture_id", "file_upload", "Picture"], "Replace a picture", id="sync-upload"),
    pytest.param(13, ["page_token", "sort", "PlantPage"], "List plants", id="async-list"),
    pytest.param(15, ["body", "PlantInput", "Plant"], "Plant something", id="async-create"),
    pytest.param(18, ["page_token", "sort", "PlantPage"], "List plants", id="async-with"),
    pytest.param(21, ["page_token", "sort", "PlantPage"], "List plants", id="async-login"),
    pytest.param(23, ["page_token", "sort", "PlantPage"], "List plants", id="async-site"),
    pytest.param(26, ["page_token", "sort", "PlantPage"], "List plants", id="with"),
    pytest.param(29, ["page_token", "sort", "PlantPage"], "List plants", id="login"),
    pytest.param(31, ["page_token", "sort", "PlantPage"], "List plants", id="site"),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, small_packages: Path) -> Path:
    """A file that calls the small catalogue's newest package, in a folder that tells pyright where that is."""
    folder = tmp_path_factory.mktemp("editor")
    paths = [str(small_packages / "sf-connect-v33"), str(ROOT / "core")]
    settings = {"extraPaths": paths, "pythonVersion": "3.11", "typeCheckingMode": "strict"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    (folder / "sample.py").write_text(SAMPLE, encoding="utf-8")
    return folder / "sample.py"


def after_parenthesis(line: int) -> int:
    """The column just after the parenthesis that ends a line."""
    return len(SAMPLE.splitlines()[line - 1])


@pytest.mark.parametrize(("line", "shown", "said"), CALLS)
def test_jedi_shows_signature_and_docstring(
    sample: Path, small_packages: Path, line: int, shown: list[str], said: str
) -> None:
    paths = [str(small_packages / "sf-connect-v33"), str(ROOT / "core")]
    project = jedi.Project(sample.parent, added_sys_path=paths, environment_path=sys.executable)
    script = jedi.Script(SAMPLE, path=sample, project=project)

    signatures = script.get_signatures(line, after_parenthesis(line))  # several where a form may replace the body

    texts = [signature.to_string() for signature in signatures]
    assert any(all(word in text for word in shown) for text in texts), texts
    assert any(signature.docstring(raw=True).startswith(said) for signature in signatures)


@pytest.fixture(scope="module")
def server(sample: Path) -> LanguageServer:
    with LanguageServer(sample.parent) as running:
        running.open(sample)
        yield running


@pytest.mark.node
@pytest.mark.parametrize(("line", "shown", "said"), CALLS)
def test_pyright_shows_signature_and_docstring(
    request: pytest.FixtureRequest, sample: Path, line: int, shown: list[str], said: str
) -> None:
    server: LanguageServer = request.getfixturevalue("server")
    document = {"uri": sample.as_uri()}
    column = after_parenthesis(line)

    help_shown = server.ask(
        "textDocument/signatureHelp",
        {
            "textDocument": document,
            "position": {"line": line - 1, "character": column},
            "context": {"triggerKind": 1, "isRetrigger": False},
        },
    )
    hover = server.ask(
        "textDocument/hover", {"textDocument": document, "position": {"line": line - 1, "character": column - 2}}
    )

    labels = [signature["label"] for signature in help_shown["signatures"]]
    assert any(all(word in label for word in shown) for label in labels), labels
    text = hover["contents"]["value"]
    assert all(word in text for word in shown), text
    assert said in text


NAMED = """\
from sf_connect.v33 import models as m

label = m.LabelInput(text="Oak")
label.text
"""
COMPLETED = """\
import json, sys

opened = set()
sys.addaudithook(lambda event, values: opened.add(str(values[0])) if event == "open" else None)
import jedi

jedi.settings.cache_directory = sys.argv[1]
project = jedi.Project(sys.argv[1], added_sys_path=sys.argv[2:], environment_path=sys.executable)
script = jedi.Script("from sf_connect.v33 import models as m\\nm.", path=sys.argv[1] + "/edited.py", project=project)
print(json.dumps([[one.name for one in script.complete(2, 2)], sorted(opened)]))
"""
NAMES = "from sf_connect.v33 import models; print(*dir(models))"
WATCHED = """\
const fs = require("fs");
for (const name of ["readFileSync", "openSync"]) {
  const original = fs[name];
  fs[name] = function (path, ...others) {
    if (typeof path === "string" && path.endsWith(".py")) process.stderr.write(`read ${path}\\n`);
    return original.call(this, path, ...others);
  };
}
"""


def models_in(paths: list[str], package: Path) -> set[str]:
    """Which modules of types are among some files; listings of names are none."""
    folder = package / "sf_connect" / "v33" / "models"
    read = {Path(path).stem for path in paths if Path(path).parent == folder}
    return {name for name in read if not name.startswith("_")}


def test_jedi_completes_the_names_of_models_and_reads_no_module_of_them(tmp_path: Path, small_packages: Path) -> None:
    package = small_packages / "sf-connect-v33"
    command = [sys.executable, "-c", COMPLETED, str(tmp_path), str(package), str(ROOT / "core")]
    completed, opened = json.loads(subprocess.check_output(command, text=True, cwd=tmp_path))
    named = subprocess.check_output(
        [sys.executable, "-c", NAMES], text=True, cwd=tmp_path, env=environment(PYTHONPATH=f"{package}:{ROOT / 'core'}")
    ).split()
    assert len(named) > 20
    assert set(named) <= set(completed)
    assert {"Model", "Input", "field", "Listed"}.isdisjoint(completed)  # what the modules import themselves
    looked_for = [path.removesuffix("i") for path in opened]  # jedi looks for a stub of each module that it reads
    assert str(package / "sf_connect" / "v33" / "models" / "_listing_garden.py") in looked_for
    assert models_in(looked_for, package) == set()


@pytest.mark.node
def test_pyright_reads_the_modules_of_the_names_that_a_program_uses_and_no_others(
    sample: Path, tmp_path: Path, small_packages: Path
) -> None:
    (tmp_path / "named.py").write_text(NAMED, encoding="utf-8")
    (tmp_path / "watched.js").write_text(WATCHED, encoding="utf-8")
    settings = sample.with_name("pyrightconfig.json").read_text(encoding="utf-8")
    (tmp_path / "pyrightconfig.json").write_text(settings, encoding="utf-8")
    pyright = ROOT / "node_modules" / "pyright" / "index.js"
    command = ["node", "--require", str(tmp_path / "watched.js"), str(pyright), "named.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "0 errors" in done.stdout, done.stdout + done.stderr
    read = [line.removeprefix("read ") for line in done.stderr.splitlines() if line.startswith("read ")]
    package = small_packages / "sf-connect-v33"
    assert models_in(read, package) == {"garden_inputs"}


def test_black_leaves_the_listings_of_names_as_they_are(small_packages: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in small_packages.rglob("_listing_*.py")]
    mode = black.Mode(target_versions={black.TargetVersion.PY311}, line_length=LINE_LENGTH)
    assert len(texts) > 10
    assert [text for text in texts if black.format_str(text, mode=mode) != text] == []
