"""The small catalogue with two operations that no reference has."""

from __future__ import annotations

import shutil
from pathlib import Path

from support.command import SMALL_CATALOGUE

_COMPOST = """\
summary: Compost, of which only a gardener's program knows.
defaults: {since: 31.0, stage: undocumented}
resources:
  - path: /garden/compost
    operations:
      GET:
        name: get
        summary: Get the heap.
        returns: CompostHeap
        source: [{witness: a gardener's program, confidence: high}]
      PUT:
        name: turn
        summary: Turn the heap.
        parameters: {depth: Integer}
        returns: Plant
        source: [{witness: a gardener's program, confidence: low}]
"""
_TYPES = """\
types:
  CompostHeap:
    summary: A heap of compost.
    properties:
      age: Integer
      owner: {type: Plant, until: 32.0, because: The program no longer reads it.}
      heat: {type: Integer, unsure: The program may mean another thing.}
"""


def small_catalogue_with_compost(folder: Path) -> Path:
    """A copy of the small catalogue, in a folder, with an undocumented group `garden.compost`."""
    catalogue = shutil.copytree(SMALL_CATALOGUE, folder / "catalogue")
    (catalogue / "resources" / "garden" / "compost.yaml").write_text(_COMPOST, encoding="utf-8")
    (catalogue / "types" / "garden" / "compost.yaml").write_text(_TYPES, encoding="utf-8")
    return catalogue
