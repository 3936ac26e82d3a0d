"""Decides which groups are split into modules, and which resource's module an operation is in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from connectgen.naming import is_keyword, snake_case
from connectgen.python.fragments import distinct, with_items
from connectgen.surface import Surface, SurfaceOperation, distinct_groups

_TOO_LONG = 1_200
"""Estimated lines of a group, with all operations that it has in any version; the rest to 1,500 is reserve."""
_IMPORTED = ("builtins", "datetime")
_ACTIONS = ("actions", "async-actions")


def long_groups(surfaces: Iterable[Surface]) -> frozenset[tuple[str, str]]:
    """The groups, by family and name, that are too long for one module.

    All versions decide together, so that a group has the same modules in each.

    Args:
        surfaces: all versions of the catalogue.
    """
    lines: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for surface in surfaces:
        for group in surface.groups:
            found = lines[group.family, group.name]
            for operation, item in with_items(group, surface):
                found[operation.name] = max(
                    found.get(operation.name, 0),
                    _lines(operation, paged=item is not None),
                )
    return frozenset(group for group, found in lines.items() if sum(found.values()) > _TOO_LONG)


def _lines(operation: SurfaceOperation, *, paged: bool) -> int:
    """About how long an operation is: sync and async, each perhaps with an iterator."""
    arguments = len(operation.path_parameters) + len(operation.parameters) + len(operation.parts) + bool(operation.body)
    return 10 + (4 if paged else 2) * (18 + 3 * arguments)


class Subjects:
    """Finds what an operation is about: the resource that its path names behind or before its group's own.

    An operation's subject follows from its path alone, so that no other operation changes it:

        carts  /commerce/webstores/{webstoreId}/carts/{cartId}/cart-items/{itemId}  items
        carts  /commerce/webstores/{webstoreId}/carts/{cartId}/actions/clone        None: the carts themselves
        items  /chatter/feeds/news/{userId}/feed-items                              news
        items  /chatter/feed-items                                                  None

    Where a group is at home, behind `webstores` or at once, follows from its shortest path, over all versions.

    Args:
        surfaces: all versions of the catalogue.
    """

    def __init__(self, surfaces: Iterable[Surface]) -> None:
        self._homes: dict[tuple[str, str], int] = {}
        for operation in distinct(one for group in distinct_groups(surfaces) for one in group.operations):
            depth = _place(operation)
            if depth is not None:
                key = (operation.family, operation.group)
                self._homes[key] = min(self._homes.get(key, depth), depth)

    def of(self, operation: SurfaceOperation) -> str | None:
        """The subject's name, as a module has it; None where the operation is about the group's own resource."""
        segments = _segments(operation.path)
        place = _place(operation)
        if place is None:
            return _name(operation.group, _first_resource(segments))
        for segment in segments[place + 1 :]:
            if segment in _ACTIONS:
                break
            if not segment.startswith("{") and segment != "batch" and not _ends_in(segment, operation.group):
                return _name(operation.group, segment)
        if place > self._homes[operation.family, operation.group]:
            before = [segment for segment in segments[1:place] if not segment.startswith("{")]
            return _name(operation.group, before[-1]) if before else None
        return None


def _segments(path: str) -> list[str]:
    """A path's segments, without those of a site."""
    segments = [segment for segment in path.split("/") if segment]
    return segments[3:] if segments[:2] == ["connect", "communities"] and len(segments) > 3 else segments


def _place(operation: SurfaceOperation) -> int | None:
    """Which segment of an operation's path says what its group is called."""
    segments = _segments(operation.path)
    for names in (_ends_in, _begins_with):
        for number, segment in enumerate(segments):
            if names(segment, operation.group):
                return number
    pairs = enumerate(pairwise(segments), start=1)  # `semantic/models` for `semantic_models`
    return next((number for number, pair in pairs if _ends_in("_".join(pair), operation.group)), None)


def _first_resource(segments: list[str]) -> str:
    """The first segment that a placeholder follows, or the last that is none; empty where there is none."""
    words = [number for number, segment in enumerate(segments) if not segment.startswith("{")]
    followed = [number for number in words if number and number + 1 not in words and number + 1 < len(segments)]
    return segments[(followed or words[-1:])[0]] if words else ""


def _ends_in(segment: str, group: str) -> bool:
    """`data-clean-room` for `clean_rooms`."""
    return not segment.startswith("{") and f"_{_singular(snake_case(segment))}".endswith(f"_{_singular(group)}")


def _begins_with(segment: str, group: str) -> bool:
    """`social-engagement` for `social`."""
    return not segment.startswith("{") and f"{snake_case(segment)}_".startswith(f"{group}_")


def _singular(name: str) -> str:
    return name.removesuffix("s")


def _name(group: str, segment: str) -> str | None:
    """`items` for `cart-items` of `carts`."""
    name = snake_case(segment).removeprefix(f"{_singular(group)}_")
    return (f"{name}_" if is_keyword(name) or name in _IMPORTED else name) or None
