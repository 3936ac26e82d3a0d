"""The public interface of a Python package as text, one line a name, for snapshots that are read when they change."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import griffe


def public_interface(package: str, folder: Path, modules: tuple[str, ...] = ("",)) -> str:
    """The public names, and of functions and methods the signatures.

    Args:
        package: the package's dotted name.
        folder: the folder that holds its namespace.
        modules: its modules to describe, by their dotted names inside; the package itself by default.
    """
    logging.getLogger("griffe").setLevel(logging.ERROR)
    loader = griffe.GriffeLoader(search_paths=[folder], allow_inspection=False)
    loaded = loader.load(package)
    loader.resolve_aliases(external=False)
    lines: list[str] = []
    for module in modules:
        found = loaded[module] if module else loaded
        own = [name for name, one in found.members.items() if not name.startswith("_") and not one.is_alias]
        names = found.exports or own
        for name in sorted(str(one) for one in names):
            lines += _lines(name, found.members[name])
    return "\n".join(lines) + "\n"


def _lines(name: str, member: griffe.Object | griffe.Alias) -> Iterator[str]:
    try:
        target = member.final_target if isinstance(member, griffe.Alias) else member
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        yield f"{name}: imported"
        return
    if isinstance(target, griffe.Function):
        yield f"{name}({', '.join(_parameters(target))}) -> {target.returns}"
    elif isinstance(target, griffe.Class):
        yield f"class {name}({', '.join(map(str, target.bases))})"
        for inner, one in sorted(target.all_members.items()):
            if not inner.startswith("_") or inner == "__init__":
                yield from (f"    {line}" for line in _lines(inner, one))
    else:
        yield f"{name}: {getattr(target, 'annotation', None) or target.kind.value}"


def _parameters(function: griffe.Function) -> Iterator[str]:
    kinds = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}
    is_named = False
    for one in function.parameters:
        if one.name in ("self", "cls"):
            continue
        if one.kind is griffe.ParameterKind.keyword_only and not is_named:
            yield "*"
        is_named = is_named or one.kind in (griffe.ParameterKind.keyword_only, griffe.ParameterKind.var_positional)
        annotation = f": {one.annotation}" if one.annotation is not None else ""
        default = f" = {one.default}" if one.default is not None and one.kind not in kinds else ""
        yield f"{kinds.get(one.kind, '')}{one.name}{annotation}{default}"
