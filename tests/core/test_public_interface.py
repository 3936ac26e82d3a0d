"""The public interface of core and of a generated package: a change of it shows as a change of a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sf_connect.core
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
