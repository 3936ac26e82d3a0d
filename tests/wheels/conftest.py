"""What these tests share: a repository whose packages are released, built and checked, made once and copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectgen.wheels.former import FormerClients
from support.command import ROOT
from support.shared import made_once
from wheels.checkout import Checkout, make_checkout
from wheels.libraries import needed_by, pack_libraries
from wheels.package_index import Indexes, PackageIndex


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with wheels of what the packages need from elsewhere."""
    needed = needed_by(ROOT / "pyproject.toml", ROOT / "core" / "pyproject.toml")
    return made_once(tmp_path_factory, "libraries", lambda folder: pack_libraries(needed, folder))


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory, libraries: Path) -> Checkout:
    """A repository whose packages are generated and built, and none ever released. Not to be changed."""

    def make(folder: Path) -> None:
        made = make_checkout(folder / "checkout", libraries)
        made.run("generate")
        made.run("wheels")

    return Checkout(made_once(tmp_path_factory, "built", make) / "checkout", libraries)


@pytest.fixture(scope="session")
def _released(pristine: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    def make(folder: Path) -> None:
        made = pristine.copy(folder / "checkout")
        made.run("release", "record")
        made.commit("Release")
        made.run("wheels")  # the CHANGELOGs that were recorded go in
        made.run("release", "check")
        commit = made.record()["sf-connect-v33"]["commit"]
        # What clients are compared with where templates or code change; one test makes them itself.
        FormerClients(made.folder, made.folder / ".cache").modules(commit, 33, (30, 31, 32))

    return Checkout(made_once(tmp_path_factory, "released", make) / "checkout", pristine.libraries)


@pytest.fixture
def built(pristine: Checkout, tmp_path: Path) -> Checkout:
    """The same, for a test that changes it."""
    made = pristine.copy(tmp_path / "checkout")
    made.variables.update(TWINE_USERNAME="anybody", TWINE_PASSWORD="anything")
    return made


@pytest.fixture
def released(_released: Checkout, tmp_path: Path) -> Checkout:
    """A repository whose packages are recorded, built and checked; the test may change it."""
    made = _released.copy(tmp_path / "checkout")
    made.variables.update(TWINE_USERNAME="anybody", TWINE_PASSWORD="anything")
    return made


@pytest.fixture(scope="session")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexes]:
    """Indexes of several kinds, which start once a run."""
    with Indexes(tmp_path_factory.mktemp("indexes")) as made:
        yield made


@pytest.fixture
def index(indexes: Indexes) -> PackageIndex:
    """An empty index that anybody may upload to."""
    return indexes.empty_one()
