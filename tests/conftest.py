"""What the tests share: the small catalogue, the packages made from it, and the rule for checks that need Node."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path

import pytest

from support.command import ROOT, SMALL_CATALOGUE, connectgen, generate_arguments
from support.kept import SNAPSHOTS
from support.node import require_pyright
from support.order import apart
from support.shared import kept, made_once
from support.temporary import put_temporary_files_into_memory
from support.times import VARIABLE, Times

# Containers often set this, so that images are small. Each of the many processes here would compile all code anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
put_temporary_files_into_memory()

SLOW = {
    ROOT / line
    for line in (ROOT / "tests" / "slow.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
}


def pytest_configure(config: pytest.Config) -> None:
    """Look for garbage less often; measure the tests where that is asked (`make test-times`).

    Catalogues and surfaces, which live to the end, are many small objects. With Python's own thresholds a sixth of the
    processor time of tests goes into looking through them.
    """
    gc.set_threshold(100_000, 20, 20)
    if path := os.environ.get(VARIABLE):
        config.pluginmanager.register(Times(Path(path).absolute()))


@cache
def is_slow(path: Path) -> bool:
    """Whether tests/slow.txt lists a file or one of its folders."""
    return not SLOW.isdisjoint((path, *path.parents))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import slow tests where they are left out: some read the whole catalogue to find their cases."""
    return True if config.getoption("markexpr") == "not slow" and is_slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that tests/slow.txt lists, and put them first: short ones then fill what is left of the time."""
    slow = [item for item in items if is_slow(item.path)]
    for item in slow:
        item.add_marker("slow")
    order = {path: place for place, path in enumerate(apart(list(dict.fromkeys(item.path for item in slow))))}
    items.sort(key=lambda item: order.get(item.path, len(order)))
    gc.freeze()  # modules and tests live to the end, too


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Name the command that keeps what is new, where a comparison with a snapshot failed."""
    report = yield
    if report.when == "call" and report.failed and "snapshot" in getattr(item, "fixturenames", ()):
        command = SNAPSHOTS.format(tests=item.path.relative_to(ROOT).as_posix())
        report.sections.append(("Snapshot", f"read the difference; if it is right: {command}"))
    return report


@pytest.fixture(autouse=True)
def _node_where_marked(request: pytest.FixtureRequest) -> None:
    """Apply the rule of the `node` mark."""
    if request.node.get_closest_marker("node"):
        require_pyright()


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A copy of the small catalogue that the test may change."""
    return Path(shutil.copytree(SMALL_CATALOGUE, tmp_path / "catalogue"))


@pytest.fixture
def edit(catalogue: Path) -> Callable[[str, str, str], None]:
    """Replace a text in a file of the copied catalogue; the text must stand there exactly once."""

    def replace(file: str, old: str, new: str) -> None:
        path = catalogue / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def small_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the packages of the small catalogue, made once a run. Not to be changed."""

    def make(folder: Path) -> None:
        folder.mkdir()
        done = connectgen(*generate_arguments(SMALL_CATALOGUE, folder / "generated"), cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr

    return made_once(tmp_path_factory, "small", make) / "generated"


@pytest.fixture
def remembered(tmp_path: Path, small_packages: Path) -> None:
    """What an earlier run over the small catalogue left in `.cache`: no code is formatted but what a test changes."""
    shutil.copytree(small_packages.parent / ".cache", tmp_path / ".cache")


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder with the packages of all versions of the real catalogue, up to date. Not to be changed."""

    def generate(folder: Path) -> None:
        done = connectgen("generate", "--force", "--out", str(folder / "generated"), cwd=ROOT, timeout=400)
        assert done.returncode == 0, done.stdout + done.stderr

    return kept("packages", generate) / "generated"
