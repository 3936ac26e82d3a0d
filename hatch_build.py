"""Puts the catalogue and the templates inside connectgen's wheel; an editable installation needs no copy of them."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataBuildHook(BuildHookInterface[Any]):
    """Adds `spec/` and `templates/` as `connectgen/_data/…` to a wheel that is to be distributed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a build.

        Args:
            version: `standard` for a real wheel, `editable` for a link to this checkout.
            build_data: what goes into the wheel; changed in place.
        """
        if version == "standard":
            build_data["force_include"] |= {folder: f"connectgen/_data/{folder}" for folder in ("spec", "templates")}
