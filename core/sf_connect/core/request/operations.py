"""Operations: what each one calls, and how its results are paginated."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Generic, Literal, NamedTuple, TypeVar

T = TypeVar("T")
Values = Mapping[str, object]
"""Arguments by the API's names."""
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Pagination(NamedTuple):
    """How the results of an operation are paginated; properties by the API's names, dotted where they are nested.

    Args:
        style: `next-url`: a page names the URL of the next; `next-token`: a page has a token that a parameter of the
            next call takes; `page-number`, `offset`: the caller counts.
        items: the property with the items; None where the page itself is the list.
        next: the property with the next page's URL or token.
        parameter: the parameter that takes the token, the number of the page or the offset.
        first_page: the number of the first page.
        has_more: the property that says whether another page follows.
        total: the property that says how many items there are in all.
        place: where the parameter goes: `query`, `form`, `path`, or `body` for a property of the body.
    """

    style: Literal["next-url", "next-token", "page-number", "offset"]
    items: str | None = None
    next: str | None = None
    parameter: str | None = None
    first_page: int = 0
    has_more: str | None = None
    total: str | None = None
    place: Literal["query", "form", "path", "body"] = "query"


class Wait(NamedTuple):
    """How to see that something asynchronous has ended; properties by the API's names, dotted where they are nested.

    Args:
        property: the property with the state; None where the HTTP status or `ended` alone shows it. A list on its way
            stands for all of its items.
        done: its values that mean success.
        failed: its values that mean failure; any other means that it goes on.
        ended: the property that is set once it has ended, whatever the state.
        pending_status: HTTP statuses that mean that it goes on; with any other it has ended.
        interval: seconds between two calls, where the API says it.
    """

    property: str | None = None
    done: tuple[str | bool, ...] = ()
    failed: tuple[str | bool, ...] = ()
    ended: str | None = None
    pending_status: tuple[int, ...] = ()
    interval: float | None = None


class Operation(Generic[T]):
    """The description of an operation, created once when its group is imported.

    Args:
        name: `family.group.operation`.
        method: the HTTP method.
        path: the URL below `/services/data/vNN.0`, with `{placeholders}`.
        returns: the type to decode; `bytes` for binary content, None for no content.
        site: whether the URL also exists under `/connect/communities/{communityId}`.
        requires_chatter: whether the call counts towards the hourly rate limit.
        status: the statuses of success.
        retry: whether the call may be retried: `safe`, `unsafe`, or `key` with an idempotency key.
        batch: whether it can be part of a batch.
        json_part: the name of the part with the body in a multipart request.
        part_limits: the most bytes of a binary part, by its name; `*` for parts that the caller names.
        retry_statuses: statuses of errors after which the call is to be retried, whatever `retry` says.
        idempotency: where an idempotency key goes: `("header", name)` or `("property", name)` of the body.
        pagination: how the results are paginated; None where they are not.
        xml: whether bodies may also be XML.
        shaped: whether the settings that shape a response apply: filters, further parameters, format.
        required_form: form fields that must be set where there is no body.
        form_defaults: form fields that can have one value only, which is sent where there is no body.
        counts: how many calls it counts as towards the hourly rate limit; a batch counts each of its calls.
        is_template: whether the path is the same for all calls, but for its placeholders; False for one that a caller
            or the server wrote.
    """

    __slots__ = (
        "batch", "counts", "form_defaults", "idempotency", "is_template", "json_part", "method", "name", "pagination",
        "part_limits", "path", "required_form", "requires_chatter", "retry", "retry_statuses", "returns", "shaped",
        "site", "status", "xml",
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
        part_limits: Mapping[str, int] = NOTHING,
        retry_statuses: tuple[int, ...] = (),
        idempotency: tuple[Literal["header", "property"], str] | None = None,
        pagination: Pagination | None = None,
        xml: bool = True,
        shaped: bool = True,
        required_form: tuple[str, ...] = (),
        form_defaults: Mapping[str, str] = NOTHING,
        counts: int = 1,
        is_template: bool = True,
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
        self.required_form = required_form
        self.form_defaults = form_defaults
        self.counts = counts
        self.is_template = is_template

    def __repr__(self) -> str:
        return f"<Operation {self.name}: {self.method} {self.path}>"
