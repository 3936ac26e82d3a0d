"""The position of an iteration over pages, whichever convention the operation follows, and what comes next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from sf_connect.core.exceptions import PaginationLoopError, ResponseDecodeError
from sf_connect.core.request.operations import Operation, Pagination, Values
from sf_connect.core.request.options import RequestOptions
from sf_connect.core.wire.properties import read_property, with_properties
from sf_connect.core.wire.unknown_properties import keep_items_raw

if TYPE_CHECKING:
    from sf_connect.core.transport.calls import Call, Response
    from sf_connect.core.transport.senders import Sender

Page = TypeVar("Page")
_MOST_EMPTY_PAGES = 1000
"""Pages without items, one after the other, after which an iteration stops."""
_MOST_SEEN = 100_000
"""Pages that are remembered to detect a loop; the oldest are forgotten."""
_NO_PAGE = (None, "", "null")
"""The last page's URL or token of the next: none, or, on some resources, the word `null`."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
Arguments = tuple[tuple[object, ...], Values | None, Values | None, Values | None, object]
"""Path, query, form, headers and body of a call."""
Step = str | dict[str, Any]
"""How to get a page: its URL, or the parameters that say which page it is; none for the first."""
Following = tuple[Operation[Any], tuple[object, ...], Values]
"""The operation that gets all pages but the first, with its path, where the token's place is empty, and its query."""
BEGINNING: dict[str, Any] = {}


class Fetched(NamedTuple, Generic[Page]):
    """A page with its items, and how to get it and the page after it again."""

    page: Page
    items: Sequence[Any]
    before: int
    """How many items the pages before it had."""
    step: Step
    following: Step | None
    """None where no page follows; the step of the page itself where it does not say what follows."""


class PageCursor(Generic[Page]):
    """The position of an iteration, and the request for its next page; it advances only when a page has arrived."""

    def __init__(
        self,
        operation: Operation[Page],
        arguments: Arguments,
        options: RequestOptions,
        start: Step | None = BEGINNING,
        before: int = 0,
        following: Following | None = None,
    ) -> None:
        if operation.pagination is None:
            raise ValueError(f"{operation.name} has no pages")
        self._operation = operation
        self._options = _keep_pagination_properties(operation, operation.pagination, options)
        self._pagination = operation.pagination
        self._arguments = arguments
        self._continued_by = following
        self._start = start
        self._begun = False
        self._page: Any = None
        self._content: int | None = None  # the hash of the last page as it came
        first = (
            read_property(arguments[4], operation.pagination.parameter or "")
            if operation.pagination.place == "body"
            else None
        )
        self._following = first if isinstance(first, int) else operation.pagination.first_page
        _check_start(operation.name, operation.pagination, start)
        if operation.pagination.style in ("offset", "page-number") and isinstance(start, dict):
            self._following = start.get(operation.pagination.parameter or "", self._following)
        self._offset = self._following if operation.pagination.style == "offset" else before
        self._step: Step = BEGINNING
        self._asked: object = None
        self._seen: dict[int, None] = {}  # hashes of what was requested, the oldest first
        self._count = 0
        self._empty = 0  # pages without items since the last item

    def next_call(self, dispatcher: Sender) -> Call[Page] | None:
        """The call that gets the next page; None at the end.

        Raises:
            PaginationLoopError: the last page names itself or an earlier one as the next.
            CrossOriginError: the last page names a URL outside the instance.
        """
        step = self.next_params()
        if step is None:
            return None
        if isinstance(step, str):
            call = dispatcher.prepare_url(self._operation, step, self._options)
        else:
            operation, arguments = self._send_arguments(step)
            call = dispatcher.prepare(operation, *arguments, None, self._options)
        self._step = step
        asked = self._key(call, step)
        if asked is not None and hash(asked) in self._seen:
            name, number = self._operation.name, self._count
            raise call.with_context(
                PaginationLoopError(f"{name}: page {number} names itself or an earlier page as the next; stopped")
            )
        self._asked = asked
        return call

    def advance(self, call: Call[Page], response: Response) -> Fetched[Page]:
        """Advance to the page that the next call got; the page with its items.

        Raises:
            SFConnectError: it is an error response, or not a page.
            PaginationLoopError: it is the previous page again.
        """
        page, content = call.result(response), hash(response.content)
        items = self._items(page)  # first, so that an invalid page changes nothing
        if items and content == self._content and self._is_certainly_same(items):
            name = self._operation.name
            raise call.with_context(
                PaginationLoopError(f"{name}: the server returns the same page again, whichever is requested; stopped")
            )
        keep_items_raw(items, page, self._pagination.items)
        if self._begun:
            self._following += 1
        self._count += 1
        self._empty = 0 if items else self._empty + 1
        if self._empty > _MOST_EMPTY_PAGES:
            message = f"{self._operation.name}: {_MOST_EMPTY_PAGES} pages in a row have no items; stopped"
            raise call.with_context(PaginationLoopError(message))
        self._seen[hash(self._asked)] = None
        if len(self._seen) > _MOST_SEEN:
            del self._seen[next(iter(self._seen))]
        self._begun = True
        self._page, self._content = page, content
        before = self._offset
        self._offset += len(items)
        try:
            following = self.next_params()
        except ResponseDecodeError:  # raised when the next page is asked for, after the items of this one
            following = self._step
        return Fetched(page, items, before, self._step, following)

    def _is_certainly_same(self, items: Sequence[object]) -> bool:
        """Whether equal content means the same page: pages are linked, or items have ids. Plain rows may be equal."""
        named = self._pagination.style in ("next-url", "next-token")
        return named or any(isinstance(read_property(item, name), str) for item in items for name in ("id", "url"))

    def next_params(self) -> Step | None:
        """The URL of the next page, or the parameters that it needs; None at the end."""
        if not self._begun:
            return self._start
        if self._pagination.has_more and read_property(self._page, self._pagination.has_more) is False:
            return None
        if self._pagination.style in ("next-url", "next-token"):
            return self._params_from_page()
        return self._params_by_count()

    def _send_arguments(self, changed: Mapping[str, Any]) -> tuple[Operation[Page], Arguments]:
        """The operation that gets the next page, and its arguments."""
        path, query, form, headers, body = self._arguments
        place, operation = self._pagination.place, self._operation
        if changed and self._continued_by is not None:
            operation, path, query = self._continued_by
            form = body = None
        if place == "path" and changed:
            return operation, (_with_token(operation, path, changed), query, form, headers, body)
        if place == "form":
            return operation, (path, query, {**(form or {}), **changed}, headers, body)
        if place == "body":
            return operation, (path, query, form, headers, with_properties(body, changed))
        return operation, (path, {**(query or {}), **changed}, form, headers, body)

    def _key(self, call: Call[Page], step: Step) -> object:
        """What identifies the page that a call gets; None where nothing in the call does."""
        if self._pagination.style == "next-url":
            return call.request.method, _url_key(call.url)
        if self._pagination.style == "next-token" and isinstance(step, Mapping):
            token = step.get(self._pagination.parameter or "")
            return None if token is None else str(token)
        return None

    def _params_from_page(self) -> Step | None:
        named = read_property(self._page, self._pagination.next or "")
        if named in _NO_PAGE:
            return None
        if not isinstance(named, str if self._pagination.style == "next-url" else str | int):
            raise ResponseDecodeError(
                f"a page of {self._operation.name} names the next in {self._pagination.next}, which is not a str"
            )
        if self._pagination.style == "next-url":
            return str(named)
        return {str(self._pagination.parameter): named}

    def _params_by_count(self) -> Step | None:
        if not self._items(self._page):
            return None
        total = read_property(self._page, self._pagination.total) if self._pagination.total else None
        says_more = (
            self._pagination.has_more is not None and read_property(self._page, self._pagination.has_more) is True
        )
        if isinstance(total, int) and self._offset >= total and not says_more:
            return None
        following = self._offset if self._pagination.style == "offset" else self._following + 1
        return {str(self._pagination.parameter): following}

    def _items(self, page: Page) -> Sequence[Any]:
        found: object = page if self._pagination.items is None else read_property(page, self._pagination.items)
        if found is None:
            return ()
        if not isinstance(found, list):
            raise ResponseDecodeError(
                f"a page of {self._operation.name} has no list {self._pagination.items or 'of items'}"
            )
        return cast("list[object]", found)


def _check_start(name: str, pagination: Pagination, start: Step | None) -> None:
    """Refuse a start that no page of the operation has: a resume token may come from anywhere.

    Raises:
        ValueError: it is none.
    """
    if start is None or start == BEGINNING:
        return
    if isinstance(start, str):
        fits = pagination.style == "next-url"
    else:
        counts = pagination.style in ("offset", "page-number")
        fits = pagination.style != "next-url" and start.keys() == {pagination.parameter}
        fits = fits and not (counts and not isinstance(start[pagination.parameter or ""], int))
    if not fits:
        raise ValueError(f"{name}: start is no resume_token")


def _with_token(
    operation: Operation[Any], path: tuple[object, ...], changed: Mapping[str, object]
) -> tuple[object, ...]:
    """The arguments of a path with the token in its place."""
    names = _PLACEHOLDER.findall(operation.path)
    return tuple(changed.get(name, value) for name, value in zip(names, path, strict=True))


def _url_key(url: str) -> object:
    """A URL in a form to compare: the order of its parameters does not matter."""
    parts = urlsplit(url)
    return unquote(parts.path), tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))


def _keep_pagination_properties(
    operation: Operation[Any], pagination: Pagination, options: RequestOptions
) -> RequestOptions:
    """Settings whose filters keep the properties that the iteration reads."""
    needed = ["/" + name.replace(".", "/") for name in (pagination.next, pagination.has_more, pagination.total) if name]
    excluded = {str(path) for path in options.exclude}
    if lost := [path for path in needed[:1] if path in excluded]:
        raise ValueError(f"{operation.name} needs {lost[0]} to find the next page: do not exclude it")
    if not options.include:
        return options
    from sf_connect.core.request.property_paths import path_fault  # late: few calls have filters

    needed = [path for path in needed if path_fault(path, operation.returns) is None]
    included = {str(path) for path in options.include}
    return options._replace(include=(*options.include, *(path for path in needed if path not in included)))
