"""Pagination: iterates over the items of all pages, from the first or from where an earlier iteration stopped."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from sf_connect.core.features.page_cursor import Arguments, Fetched, Following, PageCursor
from sf_connect.core.features.resume_tokens import Position, read_token, write_token
from sf_connect.core.request.operations import Operation
from sf_connect.core.request.options import RequestOptions, completed_options

if TYPE_CHECKING:
    import asyncio

    from sf_connect.core.transport.senders import AsyncSender, Sender, SyncSender

Page = TypeVar("Page")
Item = TypeVar("Item")


class _Progress(Generic[Page]):
    """What both pagers have in common: how far the iteration is, and where it ends.

    Raises:
        TypeError: an argument has another type.
        ValueError: the limit is negative, or the token is none of this operation.
    """

    def __init__(
        self,
        dispatcher: Sender,
        operation: Operation[Page],
        arguments: Arguments,
        options: RequestOptions | None,
        limit: int | None,
        start: str | None,
        following: Following | None,
    ) -> None:
        value = cast("object", limit)  # callers may be untyped
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise TypeError(f"{operation.name}: limit is {type(value).__name__}, but must be an int")
        if limit is not None and limit < 0:
            raise ValueError(f"{operation.name}: limit is {limit}, but must be 0 or more")
        self._name = operation.name
        self._left = limit
        self._position = read_token(start, operation.name) if start is not None else Position()
        self._skip = self._position.skip
        merged = completed_options(options, dispatcher.options)
        step, before = self._position.step, self._position.before
        self._cursor = PageCursor(operation, arguments, merged, step, before, following)
        self._fetched: Fetched[Page] | None = None
        self._taken = 0

    @property
    def page(self) -> Page | None:
        """The page that was fetched last, which has more than items, such as a description of columns; None before."""
        return None if self._fetched is None else self._fetched.page

    @property
    def resume_token(self) -> str:
        """Where the iteration is: pass it as `start` to iterate from the next item on, also in another process.

        It holds the position only, no data and no token of the session; a page that changes until then has its items in
        another order. After the last item, `start` gives no items.
        """
        return write_token(self._name, self._now())

    def _now(self) -> Position:
        fetched = self._fetched
        if fetched is None:
            return self._position
        # Of a page that does not say what follows, the step of what follows is its own.
        if self._taken < len(fetched.items) or fetched.following == fetched.step:
            return Position(fetched.step, self._taken, fetched.before)
        return Position(fetched.following, 0, fetched.before + len(fetched.items))

    def _take(self) -> Any:
        """The next item of the page that is fetched; _NONE where it has no more."""
        fetched = self._fetched
        if fetched is None or self._taken >= len(fetched.items):
            return _NONE
        self._taken += 1
        if self._left is not None:
            self._left -= 1
        return fetched.items[self._taken - 1]

    def _begin_page(self, fetched: Fetched[Page]) -> None:
        self._fetched = fetched
        self._taken = min(self._skip, len(fetched.items))
        self._skip = 0

    def _take_page(self, fetched: Fetched[Page]) -> Page:
        """The whole page; its items count towards the limit. Items that are left of an earlier page stay."""
        if self._fetched is None or self._taken >= len(self._fetched.items):
            self._begin_page(fetched)
            self._taken = len(fetched.items)
        if self._left is not None:
            self._left = max(0, self._left - len(fetched.items))
        return fetched.page

    def _wants_more(self, fetched: Fetched[Page]) -> bool:
        """Whether another page is wanted after one."""
        return fetched.following is not None and (self._left is None or self._left > len(fetched.items) - self._skip)


_NONE: Any = object()


class Pager(_Progress[Page], Iterator[Item], Generic[Page, Item]):
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
        arguments: Arguments,
        options: RequestOptions | None,
        limit: int | None = None,
        start: str | None = None,
        read_ahead: bool = False,
        following: Following | None = None,
    ) -> None:
        super().__init__(dispatcher, operation, arguments, options, limit, start, following)
        self._dispatcher = dispatcher
        self._read_ahead = read_ahead
        self._ahead: _Ahead[Page] | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Item:
        while self._left != 0:
            item = self._take()
            if item is not _NONE:
                return cast("Item", item)
            self._begin_page(self._next_page())
        raise StopIteration

    def pages(self) -> Iterator[Page]:
        """The remaining whole pages; each is fetched when the iteration reaches it. The limit ends it after a page."""
        while self._left != 0:
            try:
                fetched = self._next_page()
            except StopIteration:
                return
            yield self._take_page(fetched)

    def _next_page(self) -> Fetched[Page]:
        """Go on to the next page, which may be read already.

        Raises:
            StopIteration: there is none.
        """
        if self._ahead is not None:
            self._ahead.wait()  # interrupted here, it loses nothing: the thread goes on
            ahead, self._ahead = self._ahead, None
            fetched = ahead.result()
        else:
            fetched = self._fetch()
        if fetched is None:
            raise StopIteration
        if self._read_ahead and self._wants_more(fetched):
            self._ahead = _Ahead(self)
        return fetched

    def _fetch(self) -> Fetched[Page] | None:
        call = self._cursor.next_call(self._dispatcher)
        return None if call is None else self._cursor.advance(call, self._dispatcher.receive(call))


class _Ahead(Generic[Page]):
    """A page that a thread reads while the items of the page before are used; the thread ends with the page."""

    def __init__(self, pager: Pager[Page, Any]) -> None:
        self._fetched: Fetched[Page] | None = None
        self._error: BaseException | None = None
        self._is_read = threading.Event()  # a thread whose join was interrupted counts as ended
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self._run, pager), daemon=True).start()

    def _run(self, pager: Pager[Page, Any]) -> None:
        try:
            self._fetched = pager._fetch()  # pyright: ignore[reportPrivateUsage]  it is part of it
        except BaseException as error:  # raised where the page is asked for
            self._error = error
        finally:
            self._is_read.set()

    def wait(self) -> None:
        """Wait until it is read."""
        self._is_read.wait()

    def result(self) -> Fetched[Page] | None:
        """The page, or None at the end.

        Raises:
            BaseException: what reading it raised.
        """
        error, self._error = self._error, None
        if error is not None:
            raise error
        return self._fetched


class AsyncPager(_Progress[Page], AsyncIterator[Item], Generic[Page, Item]):
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
        arguments: Arguments,
        options: RequestOptions | None,
        limit: int | None = None,
        start: str | None = None,
        read_ahead: bool = False,
        following: Following | None = None,
    ) -> None:
        super().__init__(dispatcher, operation, arguments, options, limit, start, following)
        self._dispatcher = dispatcher
        self._read_ahead = read_ahead
        self._ahead: asyncio.Task[None] | None = None
        self._ready: Fetched[Page] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Item:
        while self._left != 0:
            item = self._take()
            if item is not _NONE:
                return cast("Item", item)
            self._begin_page(await self._next_page())
        raise StopAsyncIteration

    async def pages(self) -> AsyncIterator[Page]:
        """The remaining whole pages; each is fetched when the iteration reaches it. The limit ends it after a page."""
        while self._left != 0:
            try:
                fetched = await self._next_page()
            except StopAsyncIteration:
                return
            yield self._take_page(fetched)

    async def aclose(self) -> None:
        """Cancel what is read ahead; only an iteration with `read_ahead` that stops early needs it."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            import asyncio  # late: groups import this module, and asyncio is slow to import

            ahead.cancel()
            await asyncio.wait([ahead])

    async def _next_page(self) -> Fetched[Page]:
        """Go on to the next page, which may be read already.

        Raises:
            StopAsyncIteration: there is none.
        """
        import asyncio  # late: as above

        if self._ahead is not None:
            ahead = self._ahead
            await asyncio.wait([ahead])  # cancelled while it waits, it loses nothing: the task goes on
            self._ahead = None
            if not ahead.cancelled() and (error := ahead.exception()) is not None:
                raise error
        if self._ready is None:
            await self._fetch()
        fetched, self._ready = self._ready, None
        if fetched is None:
            raise StopAsyncIteration
        if self._read_ahead and self._wants_more(fetched):
            self._ahead = asyncio.ensure_future(self._fetch())
            self._ahead.add_done_callback(_retrieve)
        return fetched

    async def _fetch(self) -> None:
        """Fetch the next page into `_ready`: a page that arrived exists also where its task is cancelled then."""
        call = self._cursor.next_call(self._dispatcher)
        if call is not None:
            self._ready = self._cursor.advance(call, await self._dispatcher.receive(call))


def _retrieve(task: asyncio.Task[None]) -> None:
    """Look at a task's exception, so that one that nobody asks for is not logged."""
    if not task.cancelled():
        task.exception()
