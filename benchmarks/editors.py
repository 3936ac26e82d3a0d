"""Measures what a person waits for in an editor: completion in jedi, a check by pyright, and hovers in its server."""

from __future__ import annotations

import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import NEWEST, ROOT, Figure, environment
from benchmarks.processes import Run, run

_PACKAGE = ROOT / "generated" / f"sf-connect-v{NEWEST}"
_PYRIGHT = ROOT / "node_modules" / "pyright" / "index.js"
_SCRIPTS = {
    "ours": f"""\
from sf_connect.v{NEWEST} import Connect, models as m

with Connect("https://acme.my.salesforce.com", token="t") as client:
    client.feeds.elements.create(m.FeedItemInput(subject_id="me", body=m.MessageBodyInput.text("Good morning")))
    for element in client.feeds.news.iter_elements("me", page_size=100):
        print(element.body and element.body.text)
""",
    "theirs": """\
import httpx2

with httpx2.Client(base_url="https://acme.my.salesforce.com", headers={"Authorization": "Bearer t"}) as client:
    response = client.get("/services/data/v67.0/chatter/users/me", params={"page": 1})
    print(response.json())
""",
}
_HOVERED = f"""\
from sf_connect.v{NEWEST} import Connect, models as m

def show(client: Connect, item: m.CartItem, cart: m.CartSummary, file: m.FileInput, feed: m.FeedItem) -> None:
    item.cart_data
    cart.status
    file.repository_file_id
    feed.capabilities
    feed.body
    client.feeds.elements.create
    client.feeds.elements.search
    client.commerce.carts.add_item
    client.chatter.users.follow
    client.files.files.download_rendition
"""
_COMPLETION = """\
import sys
from pathlib import Path
import jedi

code, path, cache = sys.argv[1].replace("|", "\\n"), sys.argv[2:-1], sys.argv[-1]
jedi.settings.cache_directory = cache
project = jedi.Project(Path(cache).parent, added_sys_path=path, environment_path=sys.executable)
found = jedi.Script(code, path=Path(cache).parent / "edited.py", project=project).complete()
assert len(found) > 20, found
"""


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure processor time, of fresh processes; pyright where it is installed.

    Args:
        workplace: where programs, settings and jedi's memory go.
        repeats: how often each is measured, ours and the peer in turn.
    """
    folder = workplace / "editor"
    folder.mkdir()
    paths = [str(_PACKAGE), str(ROOT / "core"), sysconfig.get_path("purelib")]
    yield from _completion(folder, paths, repeats)
    if _PYRIGHT.is_file() and shutil.which("node"):
        settings = {"extraPaths": paths, "pythonVersion": "3.11"}
        (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
        yield from _check(folder, repeats)
        yield from _hovers(folder)


def _completion(folder: Path, paths: list[str], repeats: int) -> Iterator[Figure]:
    """After `m.`, beside the names of httpx2; without and with what jedi remembers of files that it has parsed."""
    ours, theirs = f"from sf_connect.v{NEWEST} import models as m|m.", "import httpx2|httpx2."

    def completed(code: str, memory: str, *, forget: bool) -> float:
        cache = folder / memory
        if forget:
            shutil.rmtree(cache, ignore_errors=True)
        command = [sys.executable, "-c", _COMPLETION, code, *paths, str(cache)]
        return run(command, cwd=folder, env=environment()).processor

    pairs = [(completed(ours, "ours", forget=True), completed(theirs, "theirs", forget=True)) for _ in range(repeats)]
    yield Figure.of("completion after `m.` in jedi, nothing remembered", (one for one, _ in pairs), "s", 1.5)
    yield Figure.of("  over that after `httpx2.`", (one / other for one, other in pairs), "×", 1.5)
    again = [completed(ours, "ours", forget=False) for _ in range(repeats)]
    yield Figure.of("  with what jedi remembers of files", again, "s")


def _check(folder: Path, repeats: int) -> Iterator[Figure]:
    """Pyright over a program of six lines, beside one that uses httpx2 alone."""
    for name, text in _SCRIPTS.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")

    def checked(name: str) -> Run:
        return run(["node", str(_PYRIGHT), f"{name}.py"], cwd=folder, env=dict(os.environ))

    pairs = [(checked("ours").processor, checked("theirs").processor) for _ in range(repeats)]
    yield Figure.of("pyright over a program of six lines", (one for one, _ in pairs), "s", 2)
    yield Figure.of("  over one that uses httpx2 alone", (one / other for one, other in pairs), "×", 1.5)


def _hovers(folder: Path) -> Iterator[Figure]:
    """Hovers over fields and methods, in a server that has read the program."""
    file = folder / "hovered.py"
    file.write_text(_HOVERED, encoding="utf-8")
    done = run([sys.executable, "-m", "support.hover_times", str(file)], cwd=folder, env=environment(ROOT / "tests"))
    times: dict[str, list[float]] = json.loads(done.output)
    yield Figure.of("hover over another field or method, pyright's server", times["new"], "ms", 200)
    yield Figure("  the slowest of them, which reads further modules", max(times["new"]), "ms")
    yield Figure.of("  once more over the same", times["known"], "ms", 200)
