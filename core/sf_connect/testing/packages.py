"""Finds the generated package that tests use."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import Any


def package_of(version: str = "") -> Any:
    """The generated package of a version, with `Connect` and `AsyncConnect`.

    Args:
        version: the version, such as `67.0`; the newest that is installed where it is empty.

    Raises:
        LookupError: it is not installed.
    """
    installed = _installed()
    number = int(version.partition(".")[0]) if re.fullmatch(r"\d+(\.0)?", version) else max(installed, default=0)
    if number not in installed:
        names = ", ".join(f"{one}.0" for one in sorted(installed)) or "none"
        remedy = f"pip install sf-connect-v{number or 'NN'}"
        raise LookupError(f"no client for version {version or 'any'} is installed (there is {names}): {remedy}")
    return importlib.import_module(f"sf_connect.v{number}")


def _installed() -> set[int]:
    import sf_connect

    names = (module.name for module in pkgutil.iter_modules(sf_connect.__path__))
    return {int(name[1:]) for name in names if re.fullmatch(r"v\d+", name)}
