"""Compares the public interface of two states of a Python package, as `__all__` lists it, without running them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe

_HARMLESS = frozenset({griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT, griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE})


def breaks(package: str, before: Path, after: Path) -> list[str]:
    """What is gone, or asks for more than it did, a line each; a default or a value that changed is none.

    Args:
        package: the package's dotted name.
        before: the folder that holds its older state.
        after: the folder that holds its newer state.
    """
    return sorted({_line(one) for one in _compared(package, before, after) if one.kind not in _HARMLESS})


def objects_gone(package: str, before: Path, after: Path) -> list[str]:
    """The dotted names of modules, classes, functions, parameters and attributes that are gone."""
    kinds = griffe.BreakageKind.OBJECT_REMOVED, griffe.BreakageKind.PARAMETER_REMOVED
    return sorted({_name(one) for one in _compared(package, before, after) if one.kind in kinds})


def _compared(package: str, before: Path, after: Path) -> Iterator[griffe.Breakage]:
    logging.getLogger("griffe").setLevel(logging.ERROR)
    return griffe.find_breaking_changes(_public_part(package, before), _public_part(package, after))


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
