"""What generated code is made of: descriptions of operations, and the bases of groups and families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

if TYPE_CHECKING:
    import httpx2

    from sf_connect.core.client import AsyncClient, SyncClient
    from sf_connect.core.pages import AsyncPager, Pager
    from sf_connect.core.paths import PropertyPath
    from sf_connect.core.retries import RetryPolicy

T = TypeVar("T")
Values = Mapping[str, object]
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Pagination(NamedTuple):
    """How the results of an operation come in pages; properties by the API's names, dotted where they are nested.

    Args:
        style: `next-url`: a page names the address of the next; `next-token`: a page has a token for a parameter;
            `page-number`, `offset`: the caller counts.
        items: the property with the items; None where the page itself is the list.
        next: the property with the next page's address or token.
        parameter: the parameter that takes the token, the number of the page or the offset.
        first_page: the number of the first page.
        has_more: the property that says whether another page follows.
        total: the property that says how many items there are in all.
        place: where the parameter goes: `query`, `form`, or `body` for a property of the body.
    """

    style: Literal["next-url", "next-token", "page-number", "offset"]
    items: str | None = None
    next: str | None = None
    parameter: str | None = None
    first_page: int = 0
    has_more: str | None = None
    total: str | None = None
    place: Literal["query", "form", "body"] = "query"


class Operation(Generic[T]):
    """A description of one operation, made once when its group is imported.

    Args:
        name: `family.group.operation`.
        method: the HTTP method.
        path: the address below `/services/data/vNN.0`, with `{placeholders}`.
        returns: the type to decode; `bytes` for binary content, None for no content.
        site: whether the address also exists under `/connect/communities/{communityId}`.
        requires_chatter: whether the hourly limit counts.
        status: the statuses of success.
        retry: whether the call may be repeated: `safe`, `unsafe`, or `key` with an idempotency key.
        batch: whether it can be part of a batch.
        json_part: the name of the part that holds the body of a multipart request.
        part_limits: the most bytes of a binary part, by its name; `*` for parts that the caller names.
        retry_statuses: statuses of errors after which the call is to be repeated, whatever `retry` says.
        idempotency: where a key goes that makes repeating safe: `("header", name)` or `("property", name)` of the body.
        pagination: how the results come in pages, where they do.
        xml: whether it also takes and gives XML.
        shaped: whether the settings that shape an answer (filters, further parameters, format) apply.
        counts: how many calls it is for the hourly limit, as a batch is as many as it holds.
    """

    __slots__ = (
        "batch", "counts", "idempotency", "json_part", "method", "name", "pagination", "part_limits", "path",
        "requires_chatter", "retry", "retry_statuses", "returns", "shaped", "site", "status", "xml",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        returns: Any,
        *,
        site: bool = False,
        requires_chatter: bool = False,
        status: tuple[int, ...] = (200,),
        retry: Literal["safe", "unsafe", "key"] = "safe",
        batch: bool = True,
        json_part: str = "json",
        part_limits: Mapping[str, int] = _NOTHING,
        retry_statuses: tuple[int, ...] = (),
        idempotency: tuple[Literal["header", "property"], str] | None = None,
        pagination: Pagination | None = None,
        xml: bool = True,
        shaped: bool = True,
        counts: int = 1,
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.returns = returns
        self.site = site
        self.requires_chatter = requires_chatter
        self.status = status
        self.retry = retry
        self.batch = batch
        self.json_part = json_part
        self.part_limits = part_limits
        self.retry_statuses = retry_statuses
        self.idempotency = idempotency
        self.pagination = pagination
        self.xml = xml
        self.shaped = shaped
        self.counts = counts

    def __repr__(self) -> str:
        return f"<Operation {self.name}: {self.method} {self.path}>"


class RequestOptions(NamedTuple):
    """Settings of one call, or of all calls of a client. What a call does not set is taken from its client.

    A named tuple, since it is imported with every client and dataclasses would double the time of that.

    Args:
        timeout: seconds to wait for the server to connect, and for each piece of the answer; or an `httpx2.Timeout`.
        total_timeout: seconds from the first attempt within which a failed call may be retried: no retry begins, and no
            wait ends, after them. An attempt that is under way is bounded by `timeout` alone.
        query: more query parameters.
        headers: more headers.
        filter_group: `Big`, `Medium` or `Small`: how much of each response to send.
        include: properties to send whatever the filter group: paths made by `paths.path`, or their text (`/body/text`).
        exclude: properties to leave out, in the same way; not together with include.
        locale: an `Accept-Language`, instead of the user's.
        theme: the look whose addresses of icons to send.
        entity_encoding: False for text without HTML entities.
        max_retries: how often to repeat a failed call that is safe to repeat; 0 never.
        retry_policy: how to repeat it, instead of the client's policy; its budget stays the client's.
        method_override: True to send PATCH, PUT, DELETE and HEAD as a POST with `_HttpMethod`, for a proxy that lets no
            others through.
        bearer_urls: True for addresses of files and photos that hold a token of their own: they can be opened for 20
            minutes, exactly as they are.
        format: `xml` to send and get bodies as XML, where the operation has it.
        raise_on_failure: True to raise ReportedFailureError for an answer that tells a failure though its status is a
            success.
    """

    timeout: float | httpx2.Timeout | None = None
    total_timeout: float | None = None
    query: Values = _NOTHING
    headers: Mapping[str, str] = _NOTHING
    filter_group: Literal["Big", "Medium", "Small"] | None = None
    include: tuple[str | PropertyPath, ...] = ()
    exclude: tuple[str | PropertyPath, ...] = ()
    locale: str | None = None
    theme: Literal["Classic", "Salesforce1"] | None = None
    entity_encoding: bool | None = None
    max_retries: int | None = None
    retry_policy: RetryPolicy | None = None
    method_override: bool | None = None
    bearer_urls: bool | None = None
    format: Literal["json", "xml"] | None = None
    raise_on_failure: bool | None = None

    def __repr__(self) -> str:
        """Values of headers and query are not shown: they may be secrets."""
        values = {name: value for name, value in self._asdict().items() if value not in (None, (), {})}
        values.update({name: sorted(values[name]) for name in ("query", "headers") if name in values})
        shown = [f"{name}={value!r}" for name, value in values.items()]
        return f"RequestOptions({', '.join(shown)})"

    def over(self, base: RequestOptions) -> RequestOptions:
        """These settings, completed by those of the client."""
        chosen = self if self.include or self.exclude else base
        return RequestOptions(
            timeout=base.timeout if self.timeout is None else self.timeout,
            total_timeout=base.total_timeout if self.total_timeout is None else self.total_timeout,
            query={**base.query, **self.query},
            headers={**base.headers, **self.headers},
            filter_group=self.filter_group or base.filter_group,
            include=chosen.include,
            exclude=chosen.exclude,
            locale=self.locale or base.locale,
            theme=self.theme or base.theme,
            entity_encoding=base.entity_encoding if self.entity_encoding is None else self.entity_encoding,
            max_retries=(
                base.max_retries if self.max_retries is None and self.retry_policy is None else self.max_retries
            ),
            retry_policy=self.retry_policy or base.retry_policy,
            method_override=base.method_override if self.method_override is None else self.method_override,
            bearer_urls=base.bearer_urls if self.bearer_urls is None else self.bearer_urls,
            format=self.format or base.format,
            raise_on_failure=base.raise_on_failure if self.raise_on_failure is None else self.raise_on_failure,
        )


def completed_options(options: RequestOptions | None, base: RequestOptions) -> RequestOptions:
    """The settings of a call, completed by those of its client.

    Raises:
        TypeError: they are something else than RequestOptions.
    """
    if options is None:
        return base
    if not isinstance(options, RequestOptions):  # pyright: ignore[reportUnnecessaryIsInstance]  callers may be untyped
        raise TypeError(f"options takes RequestOptions(…) of sf_connect.core.operations, not {type(options).__name__}")
    return options.over(base)


class SyncGroup:
    """Base of a group of operations."""

    def __init__(self, client: SyncClient) -> None:
        self._client = client

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
        return self._client.send(operation, path, query, form, headers, body, parts, options)

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
    ) -> Pager[T, Any]:
        from sf_connect.core.pages import Pager

        return Pager(self._client, operation, path, query, form, headers, body, options)


class AsyncGroup:
    """Base of a group of asynchronous operations."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

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
        return await self._client.send(operation, path, query, form, headers, body, parts, options)

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
    ) -> AsyncPager[T, Any]:
        from sf_connect.core.pages import AsyncPager

        return AsyncPager(self._client, operation, path, query, form, headers, body, options)


class SyncFamily:
    """Base of a family of groups."""

    def __init__(self, client: SyncClient) -> None:
        self._client = client


class AsyncFamily:
    """Base of a family of asynchronous groups."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
