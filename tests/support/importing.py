"""Generated packages that can be imported while a test needs them, and leave nothing for the next test."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sf_connect


@contextmanager
def importable(packages: Path, versions: Iterable[int | str]) -> Iterator[None]:
    """Make the clients of some versions importable.

    Use it in fixtures of a module at most: what stays importable for a session is found by tests of other modules that
    ask which clients are installed.

    Args:
        packages: the folder that holds them, `sf-connect-v67` and the like.
        versions: their numbers, `67`.
    """
    folders = [str(packages / f"sf-connect-v{version}") for version in versions]
    names = {f"v{version}" for version in versions}
    sys.path[:0] = folders
    importlib.invalidate_caches()
    try:
        yield
    finally:
        for folder in folders:
            sys.path.remove(folder)
        for name in [name for name in sys.modules if name.startswith("sf_connect.v") and name.split(".")[1] in names]:
            del sys.modules[name]
        for name in names & vars(sf_connect).keys():
            delattr(sf_connect, name)


def import_all(package: Path) -> None:
    """Import every module of a generated package that is importable.

    Args:
        package: its folder, `sf-connect-v67`.
    """
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        module = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        assert module.__file__ == str(path), f"{module.__file__} was imported"
