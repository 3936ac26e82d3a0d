"""Documents of the small catalogue and of the whole one, made once a session."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.openapi.document import openapi_document
from connectgen.resolver import surface_at
from connectgen.surface import Surface
from support.command import SMALL_CATALOGUE
from support.real import real_catalogue

Documents = Callable[[int], dict[str, Any]]


@pytest.fixture(scope="session")
def small() -> Documents:
    """The document of a version of the small catalogue."""
    catalogue = load_catalogue(SMALL_CATALOGUE)
    return cache(lambda version: openapi_document(surface_at(catalogue, version)))


@pytest.fixture(scope="session")
def surfaces() -> Callable[[int], Surface]:
    """The Surface of a version of the whole catalogue."""
    catalogue = real_catalogue()
    return lambda version: surface_at(catalogue, version)


@pytest.fixture(scope="session")
def whole(surfaces: Callable[[int], Surface]) -> Documents:
    """The document of a version of the whole catalogue."""
    return cache(lambda version: openapi_document(surfaces(version)))


@pytest.fixture(scope="session")
def files(whole: Documents, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """The same as a file."""
    from connectgen.openapi.text import document_text

    folder = tmp_path_factory.mktemp("openapi")

    @cache
    def write(version: int) -> Path:
        path = folder / f"connect-{version}.0.json"
        path.write_text(document_text(whole(version), "json"), encoding="utf-8")
        return path

    return write
