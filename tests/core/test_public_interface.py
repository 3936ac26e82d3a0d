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
