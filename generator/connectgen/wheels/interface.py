"""Compares the public interface of two states of a Python package, as `__all__` lists it, without running them."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import griffe

_HARMLESS = frozenset({griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT, griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE})
_GONE = frozenset({griffe.BreakageKind.OBJECT_REMOVED, griffe.BreakageKind.PARAMETER_REMOVED})


def breaks_and_news(package: str, before: Path, after: Path) -> tuple[list[str], list[str]]:
    """What is gone or asks for more than it did, and what is new; each state is read once.

    Args:
        package: the package's dotted name.
        before: the folder that holds its older state.
        after: the folder that holds its newer state.

    Returns:
        A line each for what breaks callers, where a default or a value that changed is none; and the dotted names of
        modules, classes, functions, parameters and attributes that are new.
    """
    logging.getLogger("griffe").setLevel(logging.ERROR)
    old, new = (_public_part(package, folder) for folder in (before, after))
    breaking = {_line(one) for one in griffe.find_breaking_changes(old, new) if one.kind not in _HARMLESS}
    return sorted(breaking), sorted({_name(one) for one in griffe.find_breaking_changes(new, old) if one.kind in _GONE})


def _public_part(package: str, folder: Path) -> griffe.Module:
    """The package reduced to its `__all__`: the modules that define these names are not public."""
    loader = griffe.GriffeLoader(search_paths=[folder], allow_inspection=False)
    loaded = loader.load(package)
    loader.resolve_aliases(external=False)
    public = griffe.Module(package, filepath=loaded.filepath, modules_collection=loader.modules_collection)
    for name, member in loaded.members.items():
        if name not in map(str, loaded.exports or ()):
            continue
        try:
            public.set_member(name, member.final_target if isinstance(member, griffe.Alias) else member)
        except griffe.AliasResolutionError as error:
            if not error.alias.target_path.startswith(f"{package}."):  # of another distribution
                public.set_member(name, griffe.Attribute(name))
    return public


def _name(breakage: griffe.Breakage) -> str:
    value: Any = breakage.old_value or breakage.new_value
    return f"{breakage.obj.path}({value.name})" if isinstance(value, griffe.Parameter) else breakage.obj.path


def _line(breakage: griffe.Breakage) -> str:
    return f"{_name(breakage)}: {breakage.kind.value[0].lower()}{breakage.kind.value[1:]}"
