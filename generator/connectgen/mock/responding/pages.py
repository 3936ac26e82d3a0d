"""Lists in pages: which items a request gets, and how the response leads to the next ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from connectgen.catalogue.model import Pagination
from connectgen.catalogue.types import ListOf, Named, Scalar, ScalarType, TypeExpression
from connectgen.mock.chance import Chance
from connectgen.mock.refusal import refuse
from connectgen.mock.request import Request
from connectgen.mock.responding.records import Replacement
from connectgen.mock.responding.scalars import URLText
from connectgen.mock.responding.selection import Selection
from connectgen.mock.shapes import Shapes
from connectgen.surface import SurfaceOperation, SurfaceParameter

OWN_PARAMETER = "mockPage"
"""The parameter of next pages' URLs where the catalogue names none that could take the place."""

POSITIONS = ("pageToken", "page", "pageParam", "pageNumber", "cursor", "nextPageToken", "offset")
"""Parameters that name the place in a list, where the catalogue does not say which one does."""
_ROWS = "offset"
_SIZES = ("pageSize", "limit", "size")
_TOKEN = re.compile(r"mk([0-9a-f]{1,8})(?:-([0-9a-f]{1,8}))?")
_SIZE = 25
_LARGEST = 1000


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that a page holds."""

    start: int
    size: int
    total: int

    @property
    def indexes(self) -> range:
        """The items of the page, counted from 0."""
        return range(self.start, max(self.start, min(self.start + self.size, self.total)))

    @property
    def has_more(self) -> bool:
        """Whether a page follows."""
        return self.start + self.size < self.total


class Pages:
    """The pages of one operation's responses.

    Args:
        operation: what was called; it has pages.
        shapes: the types of the version.
        request: the request.
        sent: what its body has, where some operations take the number of the page.
        values: the values of its path, where some operations take the token.
    """

    def __init__(
        self,
        operation: SurfaceOperation,
        pagination: Pagination,
        shapes: Shapes,
        request: Request,
        sent: Mapping[str, object],
        values: Mapping[str, str],
    ) -> None:
        self._sent = sent
        self._values = values
        self._operation = operation
        self._pagination = pagination
        self._shapes = shapes
        self._request = request
        self._parameters = {item.name: item for item in operation.parameters if item.place in ("query", "form")}
        self._position = self._find_position()
        self._size_name = pagination.size or next((name for name in _SIZES if name in self._parameters), None)
        self.item = self._find_item()

    @property
    def path(self) -> tuple[str, ...]:
        """Where in the response the items are; empty where the response is the list."""
        return tuple(self._pagination.items.split(".")) if self._pagination.items else ()

    def list_key(self, chance: Chance, path: Sequence[str], arranging: Iterable[str] = ()) -> str:
        """What distinguishes this list from others: the URL and every parameter that chooses among items.

        Args:
            chance: where keys come from.
            path: the URL.
            arranging: parameters that choose none.
        """
        left_out = {self._position, self._size_name, "filterGroup", "include", "exclude", *arranging}
        chosen = sorted(pair for pair in self._request.query if pair[0] not in left_out)
        sent = {name: value for name, value in self._sent.items() if name not in left_out}
        return chance.key(self._operation.family, self._operation.group, *path, repr(chosen), repr(sent))

    def window(self, total: int) -> Window:
        """The part of the list that is asked for.

        Raises:
            RefusalError: the place in the list is none that an earlier page named.
        """
        size = self._size()
        given = self._given(self._position)
        if self._pagination.style == "none":
            start = int(given) if given is not None and self._counts_rows else 0
            return Window(start, size if start or self._given(self._size_name or "") else total, total)
        if given is None:
            return Window(0, size, total)
        if self._counts_rows:
            return Window(max(int(given), 0), size, total)
        if found := _TOKEN.fullmatch(given):
            return Window(int(found[1], 16), size, int(found[2], 16) if found[2] else total)
        if self._position in self._values:
            return Window(0, size, total)  # nobody has named it, but any text may be an id
        if given.isascii() and given.isdigit() and len(given) < 10:
            return Window(max(int(given) - self._first(), 0) * size, size, total)
        message = f"{self._position} takes what an earlier page named, not {given[:80]!r}"
        entry = self._parameters[self._position].location if self._position in self._parameters else None
        raise refuse(400, "ILLEGAL_QUERY_PARAMETER_VALUE", message, "value-not-allowed", entry)

    def replacements(self, window: Window, items: Replacement) -> dict[tuple[str, ...], Replacement]:
        """What is in the response instead of what would be made up: items, counts and ways to other pages."""
        here = self.path[:-1]
        following = self._token(window.start + window.size, window.total) if window.has_more else None
        url = self._url(following)
        before = self._url(self._token(max(window.start - window.size, 0))) if window.start else None
        named: dict[str, Any] = {
            "nextPageUrl": url,
            "nextPageUri": url,
            "nextPageToken": following,
            "previousPageUrl": before,
            "currentPageUrl": self._url(None, as_it_is=True),
            "currentPageUri": self._url(None, as_it_is=True),
            "currentPageToken": self._given(self._position) or self._token(window.start),
            "pageSize": window.size,
            "hasNextPage": window.has_more,
        }
        found: dict[tuple[str, ...], Replacement] = {(*here, name): _constant(value) for name, value in named.items()}
        if self._pagination.next:
            value = following if self._pagination.style == "next-token" else url
            found[tuple(self._pagination.next.split("."))] = _constant(value)
        if self._pagination.has_more:
            found[tuple(self._pagination.has_more.split("."))] = _constant(window.has_more)
        if self._pagination.total:
            found[tuple(self._pagination.total.split("."))] = _constant(window.total)
        if self.path:
            found[self.path] = items
        return found

    def _given(self, name: str) -> str | None:
        """A parameter, from wherever the operation takes it."""
        if name in self._values:
            return self._values[name]
        value = self._request.parameter(name)
        if value is None and isinstance(sent := self._sent.get(name), str | int):
            return str(sent)
        return value

    def _find_position(self) -> str:
        if self._pagination.parameter:
            return self._pagination.parameter
        return next((name for name in POSITIONS if name in self._parameters), OWN_PARAMETER)

    def _find_item(self) -> TypeExpression | None:
        """The type of an item, None where the catalogue's path leads to no list."""
        expression = self._operation.returns
        for name in self.path:
            if not isinstance(expression, Named):
                return None
            fact = self._shapes.properties(expression.name).get(name)
            expression = fact.type if fact else None
        return expression.item if isinstance(expression, ListOf) else None

    def _size(self) -> int:
        name = self._size_name
        given = self._given(name) if name else None
        default = self._parameters[name].default if name in self._parameters else None
        size = int(given) if given is not None else default if isinstance(default, int) else _SIZE
        return min(max(size, 1), _LARGEST)

    def _first(self) -> int:
        return self._pagination.first_page

    def _counts(self) -> bool:
        """Whether places are numbers of pages."""
        if self._pagination.style == "page-number":
            return True
        parameter: SurfaceParameter | None = self._parameters.get(self._position)
        return parameter is not None and parameter.type == Scalar(ScalarType.INTEGER)

    @property
    def _counts_rows(self) -> bool:
        """Whether places are numbers of items to skip: what is called `offset` is one wherever the API has it."""
        return self._pagination.style == "offset" or self._position == _ROWS

    def _token(self, start: int, total: int = 0) -> Any:
        if self._counts_rows:
            return start
        if self._counts():
            return start // self._size() + self._first()
        return f"mk{start:x}-{total:x}" if self._is_elsewhere else f"mk{start:x}"

    @property
    def _is_elsewhere(self) -> bool:
        """Whether another operation has the next pages, or the path the token, which then has the list's length too."""
        return self._pagination.continued_by is not None or self._position in self._values

    def _url(self, token: Any, *, as_it_is: bool = False) -> URLText | None:
        path, _, query = self._request.target.partition("?")
        if as_it_is:
            return URLText(f"{path}?{query}" if query else path)
        if token is None:
            return None
        kept = [pair for pair in self._request.query if pair[0] != self._position]
        return URLText(f"{path}?{urlencode([*kept, (self._position, token)])}")


def _constant(value: Any) -> Replacement:
    def give(selection: Selection, key: str) -> Any:
        return value

    return give
