"""The API versions that the catalogue has, as its list of releases (`spec/releases.yaml`) names them."""

from __future__ import annotations

import yaml

from connectgen.importer.releases import covered_versions
from support.command import ROOT

_COVERED = covered_versions(ROOT / "spec")

OLDEST, NEWEST = _COVERED.since, _COVERED.until
VERSIONS = range(OLDEST, NEWEST + 1)

MIDDLE = 45
"""A version in between, which lacks much of what is new and has much of what ended."""

SAMPLE = (OLDEST, MIDDLE, NEWEST)
"""The versions that stand for all where all would take too long."""


def newest_with_guide() -> int:
    """The newest version of which the vendor's guide has an edition that the catalogue names (`docs`)."""
    releases = yaml.safe_load((ROOT / "spec" / "releases.yaml").read_text(encoding="utf-8"))["releases"]
    return max(int(release["version"]) for release in releases if "docs" in release)
