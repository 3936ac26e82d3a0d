"""The value of an answer: made by the operation's type, echoing what was said, paged, and changed by what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from connectgen.catalogue.types import ListOf, Named, Scalar, ScalarType
from connectgen.mock.answering.echo import Echo
from connectgen.mock.answering.links import Links, templates
from connectgen.mock.answering.pages import Pages, Window
from connectgen.mock.answering.records import Maker, Record
from connectgen.mock.answering.selection import Selection
from connectgen.mock.chance import Chance
from connectgen.mock.identifiers import full, is_id, prefix_for, record_id
from connectgen.mock.request import Request
from connectgen.mock.routing import Match
from connectgen.mock.settings import Settings
from connectgen.mock.state import State, concrete_path
from connectgen.mock.versions import Versions

_FEWEST, _MOST = 5, 40
_FILTERS = ("filterGroup", "include", "exclude", "_HttpMethod")
_WRITES = ("POST", "PATCH", "PUT")


class Answers:
    """Makes the values of answers.

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

    @property
    def me(self) -> str:
        """The id of the context user."""
        return record_id("005", self._chance.number("context user"))

    def value(
        self, request: Request, match: Match, said: Mapping[str, object], selection: Selection, *, is_tomorrow: bool
    ) -> Any:
        """The answer to a request that is right.

        Args:
            request: the request.
            match: its operation.
            said: the properties and fields that it brought.
            selection: what the answer shows.
            is_tomorrow: whether unknown properties, values and kinds are mixed in.

        Raises:
            RefusalError: the page that is asked for does not exist.
        """
        return _Answer(self, request, match, said, is_tomorrow=is_tomorrow).value(selection)

    def links(self, request: Request) -> Links:
        """The addresses for a request's answer."""
        if request.version not in self._templates:
            self._templates[request.version] = templates(self._versions.operations(request.version))
        return Links(self._templates[request.version], request.base, request.version, self._chance)

    def maker(self, request: Request, *, is_tomorrow: bool) -> Maker:
        """What makes the values of a request's answer."""
        return Maker(self._versions.shapes(request.version), self._chance, self.links(request), is_tomorrow)

    @property
    def chance(self) -> Chance:
        """Where numbers come from."""
        return self._chance

    @property
    def state(self) -> State | None:
        """What is kept."""
        return self._state

    def total(self, key: str) -> int:
        """How many items a list has."""
        return (
            self._chance.between(_FEWEST, _MOST, key, "total") if self._settings.items is None else self._settings.items
        )


class _Answer:
    """One answer in the making."""

    def __init__(
        self, answers: Answers, request: Request, match: Match, said: Mapping[str, object], *, is_tomorrow: bool
    ) -> None:
        self._answers = answers
        self._request = request
        self._match = match
        self._said = said
        self._operation = match.operation
        self._maker = answers.maker(request, is_tomorrow=is_tomorrow)
        self._shapes = self._maker.shapes
        self._echo = Echo(self._shapes, self._maker)
        self._key = self._request_key()

    def value(self, selection: Selection) -> Any:
        expression = self._operation.returns
        if expression is None:
            return None
        pages = self._pages()
        if pages is not None:
            window = self._window(pages)
            if isinstance(expression, ListOf):
                return self._items(pages, window, selection)
            self._maker.replacements = pages.replacements(
                window, lambda selection, _: self._items(pages, window, selection)
            )
        if not isinstance(expression, Named):
            return self._maker.make(expression, self._key, selection)
        return self._record(expression.name, selection)

    def _record(self, name: str, selection: Selection) -> Record:
        state, match = self._answers.state, self._match
        entry = state.entry(match) if state else None
        if entry is not None and entry.type_name in self._shapes.types and self._is_a(entry.type_name, name):
            name = entry.type_name or name
        known_id = self._known_id(name)
        if state is not None and self._operation.method in _WRITES and not known_id:
            created = state.create(match, self._request.version, name, self._said, self._idempotency_key())
            known_id = created or ""
        elif state is not None and self._operation.method in _WRITES:
            state.change(match, self._said)
        record = self._maker.record(name, self._key, selection, known_id=known_id)
        entry = (state.of_id(known_id) if known_id else state.entry(match)) if state else None
        self._echo.apply(record, entry.said if entry else {}, self._key)
        if self._operation.method in _WRITES:
            self._echo.apply(record, self._said, self._key)
        return record

    def _is_a(self, type_name: str | None, name: str) -> bool:
        found = self._shapes.types[name].discriminator
        return type_name == name or (found is not None and type_name in found.values.values())

    def _known_id(self, name: str) -> str:
        """The id of the record that the address ends with."""
        values = list(self._match.values.items())
        if not values or not self._operation.path.endswith("}") or "id" not in self._shapes.properties(name):
            return ""
        parameter, value = values[-1]
        if value == "me" and prefix_for(parameter) == "005":
            return self._answers.me
        return full(value) if is_id(value) else ""

    def _request_key(self) -> str:
        """What tells this request from others: the resource, what chooses in the query, and what was sent."""
        query = sorted(pair for pair in self._request.query if pair[0] not in _FILTERS)
        said = repr(self._said) if self._said else ""
        method = "" if self._operation.method == "GET" else self._operation.method
        return self._answers.chance.key(method, concrete_path(self._match), repr(query), said)

    def _idempotency_key(self) -> str:
        where = self._operation.idempotency
        if where is None:
            return ""
        if where.place == "header":
            return self._request.headers.get(where.name.lower(), "")
        return str(self._said.get(where.name) or "")

    def _pages(self) -> Pages | None:
        paging = self._operation.paging
        if paging is None and isinstance(self._operation.returns, ListOf):
            return None
        if paging is None or self._operation.returns is None:
            return None
        pages = Pages(self._operation, paging, self._shapes, self._request, self._said)
        return pages if pages.item is not None else None

    def _list_key(self, pages: Pages) -> str:
        return pages.list_key(self._answers.chance, [concrete_path(self._match)])

    def _created(self) -> list[str]:
        state = self._answers.state
        return state.without_gone(state.created_at(self._match)) if state else []

    def _window(self, pages: Pages) -> Window:
        return pages.window(self._answers.total(self._list_key(pages)) + len(self._created()))

    def _items(self, pages: Pages, window: Window, selection: Selection) -> list[Any]:
        """The items of a page: what was created here first, then what is made up."""
        expression = pages.item
        if expression is None:
            return []
        created, key = self._created(), self._list_key(pages)
        inner = selection.of_item(self._shapes.element(expression))
        items: list[Any] = []
        for place in window.indexes:
            if place < len(created) and isinstance(expression, Named):
                items.append(self._kept_item(created[place], expression.name, inner))
                continue
            item = self._maker.make(expression, key, inner, index=place - len(created))
            if self._is_there(item, key):
                items.append(item)
        return items

    def _is_there(self, item: Any, key: str) -> bool:
        """Whether a made-up item was not deleted; what was changed about it shows."""
        state = self._answers.state
        if state is None or not isinstance(item, Record):
            return True
        if not state.without_gone([item.identifier]):
            return False
        entry = state.of_id(item.identifier)
        self._echo.apply(item, entry.said if entry else {}, key)
        return True

    def _kept_item(self, identifier: str, name: str, selection: Selection) -> Record:
        entry = self._answers.state.of_id(identifier) if self._answers.state else None
        if entry is not None and entry.type_name in self._shapes.types and self._is_a(entry.type_name, name):
            name = entry.type_name or name
        record = self._maker.record(name, identifier, selection, known_id=identifier, depth=1)
        self._echo.apply(record, entry.said if entry else {}, identifier)
        return record


def is_binary(match: Match) -> bool:
    """Whether an operation answers with a file."""
    return match.operation.returns == Scalar(ScalarType.BINARY)


def said_by(request: Request, match: Match, body: object) -> dict[str, object]:
    """The properties and fields that a request brought, as far as they can come back in an answer."""
    if isinstance(body, dict):
        return {name: value for name, value in cast("dict[str, object]", body).items() if name not in _FILTERS}
    if request.content.has_body:
        return {}
    form = {item.name for item in match.operation.parameters if item.place == "form"}
    return {name: value for name, value in (*request.query, *request.content.fields) if name in form}
