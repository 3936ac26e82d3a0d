"""The real catalogue and its surfaces, read once in each process that runs tests; nothing in them can be changed."""

from __future__ import annotations

from functools import cache

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.model import Catalogue
from connectgen.resolver import Resolver
from connectgen.surface import Surface
from support.command import ROOT


@cache
def real_catalogue() -> Catalogue:
    """The catalogue in `spec/`."""
    return load_catalogue(ROOT / "spec", ROOT / ".cache")


@cache
def _resolver() -> Resolver:
    """One for all versions, whose surfaces share what is the same; `surface_at` forgets it for other catalogues."""
    return Resolver(real_catalogue())


@cache
def real_surface(version: int) -> Surface:
    """What exists at one version of it, `67` for 67.0."""
    return _resolver().at(version)


def real_surfaces() -> list[Surface]:
    """What exists at each version, the oldest first."""
    return [real_surface(version) for version in real_catalogue().versions]
