"""The bases of generated groups of operations, and of the families that hold the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import deprecated as deprecated

    from sf_connect.core.features.page_cursor import Following
    from sf_connect.core.features.pagination import AsyncPager, Pager
    from sf_connect.core.features.waiting import WaitEvent
    from sf_connect.core.request.operations import Operation, Values, Wait
    from sf_connect.core.request.options import RequestOptions
    from sf_connect.core.transport.senders import AsyncSender, SyncSender
else:

    def deprecated(message: str) -> Any:
        """Mark a method for type checkers, which show the message where it is used; it runs as before.

        Args:
            message: what to use instead.
        """
        return lambda method: method


T = TypeVar("T")


class ListsNames:
    """Lists its public names in `repr()` and `dir()`: groups of a family, operations of a group."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(name for name in dir(self) if not name.startswith('_'))}>"

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if name.startswith("__") or not name.startswith("_")]


class SyncGroup(ListsNames):
    """Base of a group of operations."""

    def __init__(self, dispatcher: SyncSender) -> None:
        self._dispatcher = dispatcher

    def _send(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        *,
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        parts: Values | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        return self._dispatcher.send(operation, path, query, form, headers, body, parts, options)

    def _pages(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        *,
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        options: RequestOptions | None = None,
        limit: int | None = None,
        start: str | None = None,
        read_ahead: bool = False,
        following: Following | None = None,
    ) -> Pager[T, Any]:
        from sf_connect.core.features.pagination import Pager  # late: it imports msgspec

        arguments = (path, query, form, headers, body)
        return Pager(self._dispatcher, operation, arguments, options, limit, start, read_ahead, following)

    def _wait(
        self,
        operation: Operation[T],
        wait: Wait,
        path: tuple[object, ...] = (),
        *,
        query: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        options: RequestOptions | None = None,
        interval: float | None = None,
        backoff: float = 1.5,
        total_timeout: float = 600.0,
        progress: Callable[[WaitEvent[T]], object] | None = None,
    ) -> T:
        from sf_connect.core.features.waiting import Waiting, wait_sync  # late: they import msgspec

        waiting = Waiting(
            operation, wait, (path, query, None, headers, body), options, interval, backoff, total_timeout
        )
        return wait_sync(self._dispatcher, waiting, progress)


class AsyncGroup(ListsNames):
    """Base of a group of asynchronous operations."""

    def __init__(self, dispatcher: AsyncSender) -> None:
        self._dispatcher = dispatcher

    async def _send(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        *,
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        parts: Values | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        return await self._dispatcher.send(operation, path, query, form, headers, body, parts, options)

    def _pages(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        *,
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        options: RequestOptions | None = None,
        limit: int | None = None,
        start: str | None = None,
        read_ahead: bool = False,
        following: Following | None = None,
    ) -> AsyncPager[T, Any]:
        from sf_connect.core.features.pagination import AsyncPager  # late: it imports msgspec

        arguments = (path, query, form, headers, body)
        return AsyncPager(self._dispatcher, operation, arguments, options, limit, start, read_ahead, following)

    async def _wait(
        self,
        operation: Operation[T],
        wait: Wait,
        path: tuple[object, ...] = (),
        *,
        query: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        options: RequestOptions | None = None,
        interval: float | None = None,
        backoff: float = 1.5,
        total_timeout: float = 600.0,
        progress: Callable[[WaitEvent[T]], object] | None = None,
    ) -> T:
        from sf_connect.core.features.waiting import Waiting, wait_async  # late: they import msgspec

        waiting = Waiting(
            operation, wait, (path, query, None, headers, body), options, interval, backoff, total_timeout
        )
        return await wait_async(self._dispatcher, waiting, progress)


class SyncFamily(ListsNames):
    """Base of a family of groups."""

    def __init__(self, dispatcher: SyncSender) -> None:
        self._dispatcher = dispatcher


class AsyncFamily(ListsNames):
    """Base of a family of asynchronous groups."""

    def __init__(self, dispatcher: AsyncSender) -> None:
        self._dispatcher = dispatcher
