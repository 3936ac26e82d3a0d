"""What the tests of `connectgen upgrade` share: the clients of some versions, and upgrades between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from connectgen.diff.change import Change
from connectgen.diff.jump import compare_over
from connectgen.locations import default_templates
from connectgen.python.formatting import Unformatted
from connectgen.python.packages import PackageMaker
from connectgen.resolver import surface_at
from connectgen.surface import Surface
from connectgen.upgrade import run
from connectgen.upgrade.run import Client, Upgrade, upgrade
from support.command import ROOT
from support.real import real_catalogue

collect_ignore_glob = ["programs/*"]

Upgrader = Callable[[Path, int, int], Upgrade]


class Clients:
    """The clients of the real catalogue."""

    def __init__(self) -> None:
        catalogue = real_catalogue()
        self.every: list[Surface] = [surface_at(catalogue, version) for version in catalogue.versions]
        self._maker = PackageMaker(self.every, default_templates(), None, Unformatted())
        self.surface = {one.version: one for one in self.every}

    @cache  # noqa: B019  the object lives as long as the tests
    def package(self, version: int) -> Mapping[str, str]:
        """The files of a version's package."""
        return dict(next(iter(self._maker.make([version])))[1])

    def write(self, folder: Path, *versions: int) -> Path:
        """Core and the packages in one folder, as pip would install them."""
        for version in versions:
            for path, text in self.package(version).items():
                if path.startswith("sf_connect/"):
                    target = folder / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(text, encoding="utf-8")
        (folder / "sf_connect" / "core").symlink_to(ROOT / "core" / "sf_connect" / "core")
        return folder

    def upgrade(self, folder: Path, old: int, new: int) -> Upgrade:
        """What an upgrade of a folder does."""
        return upgrade(folder, (old, new), lambda: self._between(old, new))

    def _between(self, old: int, new: int) -> run.Clients:
        both = (Client(self.surface[one], self.package(one)) for one in (old, new))
        return run.Clients(*both, self.every, self._changes(old, new))

    @cache  # noqa: B019  the object lives as long as the tests
    def _changes(self, old: int, new: int) -> list[Change]:
        return compare_over(old, new, self.surface.__getitem__)


@pytest.fixture(scope="session")
def clients() -> Clients:
    pytest.importorskip("pyrefly", reason="the extra upgrade is not installed")
    return Clients()
