"""Decides in which module each type lives, for all versions together, so that imports never form a circle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connectgen.catalogue.types import names_in
from connectgen.graph import reachable
from connectgen.resolver import types_named_by
from connectgen.surface import Surface, SurfaceType

SHARED = "shared"
UNREFERENCED = "unreferenced"
_LINES_A_MODULE = 1_150
"""Estimated lines after which a module is continued in another; the limit is 1,500, the rest is reserve."""


@dataclass
class _Graph:
    edges: dict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))
    roots: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict[tuple[str, str], set[str]](set))
    lines: dict[str, int] = field(default_factory=lambda: defaultdict[str, int](int))


def assign_modules(surfaces: Iterable[Surface]) -> Mapping[str, str]:
    """The module of each type that exists in any of the versions."""
    graph = _graph(surfaces)
    users: dict[str, set[tuple[str, str]]] = {name: set() for name in graph.edges}
    for group, roots in graph.roots.items():
        for name in reachable(roots, graph.edges.__getitem__):
            users[name].add(group)
    homes: dict[str, list[str]] = defaultdict(list)
    for name in sorted(users):
        homes[_home(users[name])].append(name)
    return {
        name: module
        for home, names in sorted(homes.items())
        for module, members in _split(home, names, graph)
        for name in members
    }


def _graph(surfaces: Iterable[Surface]) -> _Graph:
    graph = _Graph()
    seen: set[int] = set()
    for surface in surfaces:
        for resolved in surface.types.values():
            if id(resolved) not in seen:
                seen.add(id(resolved))
                graph.edges[resolved.name].update(types_named_by(resolved))
                graph.lines[resolved.name] = max(graph.lines[resolved.name], _estimate(resolved))
        for group in surface.groups:
            for operation in group.operations:
                expressions = [parameter.type for parameter in (*operation.path_parameters, *operation.parameters)]
                expressions += [operation.body.type] if operation.body else []
                expressions += [operation.returns] if operation.returns else []
                for expression in expressions:
                    graph.roots[group.family, group.name].update(names_in(expression))
    return graph


def _estimate(resolved: SurfaceType) -> int:
    lines = 10
    for item in resolved.properties:
        lines += 2 + len(", ".join(item.values)) // 50 + 2 * bool(item.values)
        lines += 1 + len(item.description or "") // 80
    if resolved.discriminator:
        lines += 3 * len(resolved.discriminator.values)
    return lines


def _home(users: set[tuple[str, str]]) -> str:
    families = {family for family, _ in users}
    if not users:
        return UNREFERENCED
    if len(families) > 1:
        return SHARED
    family, group = next(iter(users))
    return f"{family}_{group}" if len(users) == 1 else family


def _split(home: str, names: Sequence[str], graph: _Graph) -> Iterable[tuple[str, list[str]]]:
    """Cut a home into modules of bearable length; each refers to itself and earlier ones only."""
    if sum(graph.lines[name] for name in names) <= _LINES_A_MODULE:
        return [(home, list(names))]
    modules: list[list[str]] = [[]]
    length = 0
    for component in _components(names, graph.edges):
        lines = sum(graph.lines[name] for name in component)
        if modules[-1] and length + lines > _LINES_A_MODULE:
            modules.append([])
            length = 0
        modules[-1].extend(component)
        length += lines
    return [(home if number == 1 else f"{home}_{number}", members) for number, members in enumerate(modules, 1)]


def _components(names: Sequence[str], edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Strongly connected components, each after those that it refers to (Tarjan, without recursion)."""
    inside = set(names)
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    components: list[list[str]] = []
    for root in names:
        if root in index:
            continue
        work = [(root, iter(sorted(edges[root] & inside)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            name, following = work[-1]
            for other in following:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    work.append((other, iter(sorted(edges[other] & inside))))
                    break
                if other in stack:
                    low[name] = min(low[name], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    position = stack.index(name)
                    components.append(sorted(stack[position:]))
                    del stack[position:]
    return components
