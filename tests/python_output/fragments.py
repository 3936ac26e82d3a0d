"""Fragments that the generator formats, as templates emit them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from connectgen.catalogue.loader import load_catalogue
from connectgen.locations import default_templates
from connectgen.python.formatting import Unformatted
from connectgen.python.packages import PackageMaker
from connectgen.resolver import surface_at
from support.command import ROOT


class _Listening(Unformatted):
    """Keeps all that is to be formatted."""

    def __init__(self) -> None:
        super().__init__()
        self.fragments: dict[str, None] = {}

    def formatted(self, fragment: str) -> str:
        self.fragments[fragment] = None
        return super().formatted(fragment)


@cache
def fragments_of(catalogue: Path, version: int) -> tuple[str, ...]:
    """All fragments of a version's package."""
    loaded = load_catalogue(catalogue, ROOT / ".cache", keep=True)
    surfaces = [surface_at(loaded, each) for each in loaded.versions]
    listening = _Listening()
    for _ in PackageMaker(surfaces, default_templates(), None, listening).make([version]):
        pass
    return tuple(listening.fragments)
