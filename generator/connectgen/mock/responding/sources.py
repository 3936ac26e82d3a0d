"""What every response is made from: the catalogue's operations and types, where numbers come from, what is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connectgen.catalogue.types import TypeExpression
from connectgen.identifiers import record_id
from connectgen.mock.chance import Chance
from connectgen.mock.request import Request
from connectgen.mock.responding.links import Links, templates
from connectgen.mock.responding.records import Maker
from connectgen.mock.settings import Settings
from connectgen.mock.state import State
from connectgen.mock.versions import Versions
from connectgen.surface import SurfaceOperation

_FEWEST, _MOST = 5, 40
_MOST_REFERENCES = 50_000


class Sources:
    """What the responses of one server are made from.

    Args:
        settings: seed and lengths of lists.
        versions: the Surfaces.
        chance: where numbers come from.
        state: what is kept, None where nothing is.
    """

    def __init__(self, settings: Settings, versions: Versions, chance: Chance, state: State | None) -> None:
        self._settings = settings
        self._versions = versions
        self._chance = chance
        self._state = state
        self._templates: dict[int, Mapping[str, str]] = {}
        self._reads: dict[int, dict[str, SurfaceOperation]] = {}
        self._references: dict[tuple[int, str, str, int], str] = {}

    @property
    def me(self) -> str:
        """The id of the context user."""
        return record_id("005", self._chance.number("context user"))

    def links(self, request: Request) -> Links:
        """The URLs for a request's response."""
        if request.version not in self._templates:
            self._templates[request.version] = templates(self._versions.operations(request.version))
        return Links(self._templates[request.version], request.base, request.version, self._chance)

    def maker(self, request: Request, *, is_future_server: bool) -> Maker:
        """What makes the values of a request's response."""
        return Maker(self._versions.shapes(request.version), self._chance, self.links(request), is_future_server)

    @property
    def chance(self) -> Chance:
        """Where numbers come from."""
        return self._chance

    @property
    def state(self) -> State | None:
        """What is kept."""
        return self._state

    def read_at(self, version: int, path: str) -> TypeExpression | None:
        """What is read at a URL."""
        found = self.reading(version, path)
        return found.returns if found else None

    def reading(self, version: int, path: str) -> SurfaceOperation | None:
        """The operation that reads what is at a URL."""
        if version not in self._reads:
            self._reads[version] = {one.path: one for one in self._versions.operations(version) if one.method == "GET"}
        return self._reads[version].get(path)

    def total(self, key: str) -> int:
        """How many items a list has."""
        return (
            self._chance.between(_FEWEST, _MOST, key, "total") if self._settings.items is None else self._settings.items
        )

    def reference(self, place: tuple[int, str, str, int], find: Callable[[], str]) -> str:
        """The id of the record that a made-up item refers to, found once.

        Args:
            place: version, list, property, and number of the item.
            find: finds the id.
        """
        if place not in self._references:
            if len(self._references) > _MOST_REFERENCES:
                self._references.clear()
            self._references[place] = find()
        return self._references[place]
