"""Pagination: iterates over the items of all pages, whichever convention the operation follows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from sf_connect.core.exceptions import PaginationLoopError, ResponseDecodeError
from sf_connect.core.request.operations import Operation, Pagination, Values
from sf_connect.core.request.options import RequestOptions, completed_options
from sf_connect.core.wire.models import read_property, with_properties
from sf_connect.core.wire.unknown_properties import keep_items_raw

if TYPE_CHECKING:
    from sf_connect.core.transport.calls import Call, Response
    from sf_connect.core.transport.senders import AsyncSender, Sender, SyncSender

Page = TypeVar("Page")
Item = TypeVar("Item")
_MOST_EMPTY_PAGES = 1000
"""Pages without items, one after the other, after which an iteration stops."""
_MOST_SEEN = 100_000
"""Pages that are remembered to detect a loop; the oldest are forgotten."""
_NO_PAGE = (None, "", "null")
"""The last page's URL or token of the next: none, or, on some resources, the word `null`."""
_SendArguments = tuple[tuple[object, ...], Values | None, Values | None, Values | None, object, None]


class PageCursor(Generic[Page]):
    """The position of an iteration, and the request for its next page; it advances only when a page has arrived."""

    def __init__(
        self,
        operation: Operation[Page],
        path: tuple[object, ...],
        query: Values | None,
        form: Values | None,
        headers: Values | None,
        body: object,
        options: RequestOptions,
    ) -> None:
        if operation.pagination is None:
            raise ValueError(f"{operation.name} has no pages")
        self._operation = operation
        self._options = _keep_pagination_properties(operation, operation.pagination, options)
        self._pagination = operation.pagination
        self._arguments = (path, query, form, headers, body)
        self._begun = False
        self._page: Any = None
        self._content: int | None = None  # the hash of the last page as it came
        start = (
            read_property(body, operation.pagination.parameter or "") if operation.pagination.place == "body" else None
        )
        self._following = start if isinstance(start, int) else operation.pagination.first_page
        self._offset = self._following if operation.pagination.style == "offset" else 0
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
            call = dispatcher.prepare(self._operation, *self._send_arguments(step), self._options)
        asked = self._key(call, step)
        if asked is not None and hash(asked) in self._seen:
            name, number = self._operation.name, self._count
            raise call.with_context(
                PaginationLoopError(f"{name}: page {number} names itself or an earlier page as the next; stopped")
            )
        self._asked = asked
        return call

    def advance(self, call: Call[Page], response: Response) -> tuple[Page, Sequence[Any]]:
        """Advance to the page that the next call got; the page and its items.

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
        self._offset += len(items)
        return page, items

    def _is_certainly_same(self, items: Sequence[object]) -> bool:
        """Whether equal content means the same page: pages are linked, or items have ids. Plain rows may be equal."""
        named = self._pagination.style in ("next-url", "next-token")
        return named or any(isinstance(read_property(item, name), str) for item in items for name in ("id", "url"))

    def next_params(self) -> str | Mapping[str, object] | None:
        """The URL of the next page, or the parameters that it needs; None at the end."""
        if not self._begun:
            return {}
        if self._pagination.has_more and read_property(self._page, self._pagination.has_more) is False:
            return None
        if self._pagination.style in ("next-url", "next-token"):
            return self._params_from_page()
        return self._params_by_count()

    def _send_arguments(self, changed: Mapping[str, object]) -> _SendArguments:
        """The arguments of `prepare` for the next page, but for the options."""
        path, query, form, headers, body = self._arguments
        if self._pagination.place == "form":
            return path, query, {**(form or {}), **changed}, headers, body, None
        if self._pagination.place == "body":
            return path, query, form, headers, with_properties(body, changed), None
        return path, {**(query or {}), **changed}, form, headers, body, None

    def _key(self, call: Call[Page], step: str | Mapping[str, object]) -> object:
        """What identifies the page that a call gets; None where nothing in the call does."""
        if self._pagination.style == "next-url":
            return call.request.method, _url_key(call.url)
        if self._pagination.style == "next-token" and isinstance(step, Mapping):
            token = step.get(self._pagination.parameter or "")
            return None if token is None else str(token)
        return None

    def _params_from_page(self) -> str | Mapping[str, object] | None:
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

    def _params_by_count(self) -> Mapping[str, object] | None:
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


class Pager(Iterator[Item], Generic[Page, Item]):
    """The items of all pages; a page is fetched when the iteration reaches it.

    Where fetching a page fails, asking for the next item tries that page again.

    Raises (while iterating):
        PaginationLoopError: a page names itself or an earlier one as the next, or the server repeats a page.
        CrossOriginError: a page names a URL outside the instance.
        SFConnectError: a call failed.
    """

    def __init__(
        self,
        dispatcher: SyncSender,
        operation: Operation[Page],
        path: tuple[object, ...],
        query: Values | None,
        form: Values | None,
        headers: Values | None,
        body: object,
        options: RequestOptions | None,
    ) -> None:
        self._dispatcher = dispatcher
        merged = completed_options(options, dispatcher.options)
        self._cursor = PageCursor(operation, path, query, form, headers, body, merged)
        self._items: Iterator[Any] = iter(())

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Item:
        while True:
            for item in self._items:
                return cast("Item", item)
            _, items = self._fetch()
            self._items = iter(items)

    def pages(self) -> Iterator[Page]:
        """The remaining whole pages; each is fetched when the iteration reaches it."""
        while True:
            try:
                page, _ = self._fetch()
            except StopIteration:
                return
            yield page

    def _fetch(self) -> tuple[Page, Sequence[Any]]:
        cursor = self._cursor
        call = cursor.next_call(self._dispatcher)
        if call is None:
            raise StopIteration
        return cursor.advance(call, self._dispatcher.receive(call))


class AsyncPager(AsyncIterator[Item], Generic[Page, Item]):
    """The items of all pages, for `async for`; a page is fetched when the iteration reaches it.

    Where fetching a page fails, asking for the next item tries that page again.

    Raises (while iterating):
        PaginationLoopError: a page names itself or an earlier one as the next, or the server repeats a page.
        CrossOriginError: a page names a URL outside the instance.
        SFConnectError: a call failed.
    """

    def __init__(
        self,
        dispatcher: AsyncSender,
        operation: Operation[Page],
        path: tuple[object, ...],
        query: Values | None,
        form: Values | None,
        headers: Values | None,
        body: object,
        options: RequestOptions | None,
    ) -> None:
        self._dispatcher = dispatcher
        merged = completed_options(options, dispatcher.options)
        self._cursor = PageCursor(operation, path, query, form, headers, body, merged)
        self._items: Iterator[Any] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Item:
        while True:
            for item in self._items:
                return cast("Item", item)
            _, items = await self._fetch()
            self._items = iter(items)

    async def pages(self) -> AsyncIterator[Page]:
        """The remaining whole pages; each is fetched when the iteration reaches it."""
        while True:
            try:
                page, _ = await self._fetch()
            except StopAsyncIteration:
                return
            yield page

    async def _fetch(self) -> tuple[Page, Sequence[Any]]:
        cursor = self._cursor
        call = cursor.next_call(self._dispatcher)
        if call is None:
            raise StopAsyncIteration
        return cursor.advance(call, await self._dispatcher.receive(call))
