"""Results that come in pages: their items one after the other, by whichever convention the operation follows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from sf_connect.core.exceptions import PaginationLoopError, ResponseDecodeError
from sf_connect.core.models import read_property, with_properties
from sf_connect.core.operations import Operation, Pagination, RequestOptions, Values, completed_options

if TYPE_CHECKING:
    from sf_connect.core.base import Client
    from sf_connect.core.calls import Answer, Call
    from sf_connect.core.client import AsyncClient, SyncClient

Page = TypeVar("Page")
Item = TypeVar("Item")
_NO_PAGE = (None, "", "null")
"""What the last page names as the next: nothing, or, on some resources, the word."""
_SendArguments = tuple[tuple[object, ...], Values | None, Values | None, Values | None, object, None]


class _Course(Generic[Page]):
    """Where an iteration stands, and what it asks for next; it changes only when a page has arrived."""

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
        self._options = _with_what_tells_the_next(operation, operation.pagination, options)
        self._pagination = operation.pagination
        self._arguments = (path, query, form, headers, body)
        self._begun = False
        self._page: Any = None
        self._content: int | None = None  # the hash of the last page as it came
        begun_at = (
            read_property(body, operation.pagination.parameter or "") if operation.pagination.place == "body" else None
        )
        self._following = begun_at if isinstance(begun_at, int) else operation.pagination.first_page
        self._offset = self._following if operation.pagination.style == "offset" else 0
        self._asked: object = None
        self._seen: set[object] = set()

    def next_call(self, client: Client[Any]) -> Call[Page] | None:
        """The call that gets the next page; None at the end.

        Raises:
            PaginationLoopError: the last page names itself or an earlier one as the next.
            CrossOriginError: the last page names an address outside the instance.
        """
        step = self._step()
        if step is None:
            return None
        if isinstance(step, str):
            call = client.prepare_address(self._operation, step, self._options)
        else:
            call = client.prepare(self._operation, *self._send_arguments(step), self._options)
        asked = self._key(call, step)
        if asked is not None and asked in self._seen:
            name, number = self._operation.name, len(self._seen)
            raise call.told(
                PaginationLoopError(f"{name}: page {number} names itself or an earlier page as the next; stopped")
            )
        self._asked = asked
        return call

    def arrived(self, call: Call[Page], answer: Answer) -> tuple[Page, Sequence[Any]]:
        """Go on to the page that the next call got; gives it and its items.

        Raises:
            SFConnectError: the answer is an error, or no page.
            PaginationLoopError: it is the last page once more.
        """
        page, content = call.result(answer), hash(answer.content)
        items = self._items(page)  # first, so that a page without items leaves everything as it was
        if items and content == self._content and self._cannot_be_another(items):
            name = self._operation.name
            raise call.told(
                PaginationLoopError(
                    f"{name}: the server gives the same page again, whichever page it is asked for; stopped"
                )
            )
        if self._begun:
            self._following += 1
        self._seen.add(self._asked)
        self._begun = True
        self._page, self._content = page, content
        self._offset += len(items)
        return page, items

    def _cannot_be_another(self, items: Sequence[object]) -> bool:
        """Whether a page like the last is the last: it names itself, or its items have ids. Rows may be alike."""
        named = self._pagination.style in ("next-url", "next-token")
        return named or any(isinstance(read_property(item, name), str) for item in items for name in ("id", "url"))

    def _step(self) -> str | Mapping[str, object] | None:
        """The address of the next page, or the parameters that it needs; None at the end."""
        if not self._begun:
            return {}
        if self._pagination.has_more and read_property(self._page, self._pagination.has_more) is False:
            return None
        if self._pagination.style in ("next-url", "next-token"):
            return self._named_by_the_page()
        return self._counted()

    def _send_arguments(self, changed: Mapping[str, object]) -> _SendArguments:
        """The arguments of `prepare` for the next page, but for the options."""
        path, query, form, headers, body = self._arguments
        if self._pagination.place == "form":
            return path, query, {**(form or {}), **changed}, headers, body, None
        if self._pagination.place == "body":
            return path, query, form, headers, with_properties(body, changed), None
        return path, {**(query or {}), **changed}, form, headers, body, None

    def _key(self, call: Call[Page], step: str | Mapping[str, object]) -> object:
        """What tells the page that a call gets from others; None where nothing in the call does."""
        if self._pagination.style == "next-url":
            return call.request.method, _address_key(call.address)
        if self._pagination.style == "next-token" and isinstance(step, Mapping):
            token = step.get(self._pagination.parameter or "")
            return None if token is None else str(token)
        return None

    def _named_by_the_page(self) -> str | Mapping[str, object] | None:
        named = read_property(self._page, self._pagination.next or "")
        if named in _NO_PAGE:
            return None
        if not isinstance(named, str if self._pagination.style == "next-url" else str | int):
            raise ResponseDecodeError(
                f"a page of {self._operation.name} names the next by {self._pagination.next}, which is no text"
            )
        if self._pagination.style == "next-url":
            return str(named)
        return {str(self._pagination.parameter): named}

    def _counted(self) -> Mapping[str, object] | None:
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


def _address_key(address: str) -> object:
    """An address without what does not matter: two orders of the same parameters give the same page."""
    parts = urlsplit(address)
    return unquote(parts.path), tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))


def _with_what_tells_the_next(
    operation: Operation[Any], pagination: Pagination, options: RequestOptions
) -> RequestOptions:
    """Settings whose filters keep what the iteration must read."""
    needed = ["/" + name.replace(".", "/") for name in (pagination.next, pagination.has_more, pagination.total) if name]
    excluded = {str(path) for path in options.exclude}
    if lost := [path for path in needed[:1] if path in excluded]:
        raise ValueError(f"{operation.name} finds its next page by {lost[0]}: do not exclude it")
    if not options.include:
        return options
    from sf_connect.core.paths import fault_of

    needed = [path for path in needed if fault_of(path, operation.returns) is None]
    given = {str(path) for path in options.include}
    return options._replace(include=(*options.include, *(path for path in needed if path not in given)))


class Pager(Iterator[Item], Generic[Page, Item]):
    """The items of all pages; a page is fetched when its first item is asked for.

    Where fetching a page fails, asking for the next item tries that page again.

    Raises (when an item or page is asked for):
        PaginationLoopError: a page names itself or an earlier one as the next, or the server gives the same page again.
        CrossOriginError: a page names an address outside the instance.
        SFConnectError: a call failed.
    """

    def __init__(
        self,
        client: SyncClient,
        operation: Operation[Page],
        path: tuple[object, ...],
        query: Values | None,
        form: Values | None,
        headers: Values | None,
        body: object,
        options: RequestOptions | None,
    ) -> None:
        self._client = client
        merged = completed_options(options, client.options)
        self._course = _Course(operation, path, query, form, headers, body, merged)
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
        """The pages that have not been begun, whole; each is fetched when it is asked for."""
        while True:
            try:
                page, _ = self._fetch()
            except StopIteration:
                return
            yield page

    def _fetch(self) -> tuple[Page, Sequence[Any]]:
        course = self._course
        call = course.next_call(self._client)
        if call is None:
            raise StopIteration
        return course.arrived(call, self._client._session.answered(call))  # pyright: ignore[reportPrivateUsage]


class AsyncPager(AsyncIterator[Item], Generic[Page, Item]):
    """The items of all pages, for `async for`; a page is fetched when its first item is asked for.

    Where fetching a page fails, asking for the next item tries that page again.

    Raises (when an item or page is asked for):
        PaginationLoopError: a page names itself or an earlier one as the next, or the server gives the same page again.
        CrossOriginError: a page names an address outside the instance.
        SFConnectError: a call failed.
    """

    def __init__(
        self,
        client: AsyncClient,
        operation: Operation[Page],
        path: tuple[object, ...],
        query: Values | None,
        form: Values | None,
        headers: Values | None,
        body: object,
        options: RequestOptions | None,
    ) -> None:
        self._client = client
        merged = completed_options(options, client.options)
        self._course = _Course(operation, path, query, form, headers, body, merged)
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
        """The pages that have not been begun, whole; each is fetched when it is asked for."""
        while True:
            try:
                page, _ = await self._fetch()
            except StopAsyncIteration:
                return
            yield page

    async def _fetch(self) -> tuple[Page, Sequence[Any]]:
        course = self._course
        call = course.next_call(self._client)
        if call is None:
            raise StopAsyncIteration
        return course.arrived(call, await self._client._session.answered(call))  # pyright: ignore[reportPrivateUsage]
