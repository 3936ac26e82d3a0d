"""Which properties a response shows: `filterGroup`, `include` and `exclude`, followed down as the response is made."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectgen.catalogue.model import FilterGroup
from connectgen.mock.refusal import RefusalError, refuse

_GROUPS: dict[str, int] = {"Small": 0, "Medium": 1, "Big": 2}


@dataclass(slots=True)
class _Paths:
    """Paths as a tree; a leaf stands for itself and everything below."""

    is_end: bool = False
    below: dict[str, _Paths] = field(default_factory=dict[str, "_Paths"])

    @classmethod
    def read(cls, name: str, text: str) -> _Paths:
        root = cls()
        for path in text.split("|"):
            if not path.startswith("/") or len(path) < 2:
                message = f"{name} takes paths that begin with '/', joined by '|', not {path[:80]!r}"
                raise refuse(400, "INVALID_FILTER_VALUE", message, "filter")
            node = root
            for step in path[1:].split("/"):
                node = node.below.setdefault(step, cls())
            node.is_end = True
        return root


@dataclass(frozen=True, slots=True)
class Selection:
    """What a response shows from some place on.

    Attributes:
        group: the filter group that was asked for, None where none was.
        include: what is to be shown; None for everything.
        exclude: what is not to be shown.
        named: whether `include` named this place, so that all below is in.
    """

    group: int | None = None
    include: _Paths | None = None
    exclude: _Paths | None = None
    named: bool = False

    def of_property(self, name: str, group: FilterGroup | None) -> Selection | None:
        """What is shown of a property; None where it is left out."""
        if self.group is None and self.include is None and self.exclude is None:
            return self
        excluded = self.exclude.below.get(name) if self.exclude else None
        if excluded is not None and excluded.is_end:
            return None
        included = self.include.below.get(name) if self.include else None
        if included is not None:
            return Selection(self.group, included, excluded, self.named or included.is_end)
        if not self.named and not self._in_group(group):
            return None
        return Selection(self.group, _NOTHING if self.include is not None else None, excluded, self.named)

    def _in_group(self, group: FilterGroup | None) -> bool:
        if self.group is None:
            return self.include is None
        return group is not None and _GROUPS[group] <= self.group

    def of_item(self, element: str) -> Selection:
        """What is shown of each item of a list; paths name the item's element in XML."""
        if self.include is None and self.exclude is None:
            return self
        return Selection(
            self.group,
            None if self.include is None else self.include.below.get(element, _NOTHING),
            None if self.exclude is None else self.exclude.below.get(element),
            self.named or bool(self.include and element in self.include.below and self.include.below[element].is_end),
        )


_NOTHING = _Paths()
EVERYTHING = Selection()


def read_selection(group: str | None, include: str | None, exclude: str | None) -> Selection:
    """The selection that a request asks for.

    Args:
        group: `filterGroup`.
        include: paths of what is to be shown.
        exclude: paths of what is not.

    Raises:
        RefusalError: a path lacks its first slash, both `include` and `exclude` are set, or the group is unknown.
    """
    if group is None and include is None and exclude is None:
        return EVERYTHING
    if include is not None and exclude is not None:
        raise _both()
    if group is not None and group not in _GROUPS:
        message = f"filterGroup is Big, Medium or Small, not {group[:80]!r}"
        raise refuse(400, "INVALID_FILTER_VALUE", message, "filter")
    return Selection(
        _GROUPS[group] if group is not None else None,
        _Paths.read("include", include) if include is not None else None,
        _Paths.read("exclude", exclude) if exclude is not None else None,
    )


def _both() -> RefusalError:
    return refuse(400, "INVALID_FILTER_VALUE", "give include or exclude, not both", "filter")
