"""Settings of calls, and how a client's settings complete them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from sf_connect.core.request.operations import NOTHING, Values

if TYPE_CHECKING:
    import httpx2

    from sf_connect.core.request.property_paths import PropertyPath
    from sf_connect.core.request.retry_policy import RetryPolicy

TIMEOUT = 60.0
"""Seconds to wait for the server, unless a client or a call sets another time."""
TOTAL_TIMEOUT = 600.0
"""Seconds within which a call must end, unless a client or a call sets another time."""
MAX_RESPONSE_BYTES = 256 * 1024 * 1024
"""Bytes of a response, decompressed, unless a client or a call sets another number."""


class RequestOptions(NamedTuple):
    """Settings of one call, or of all calls of a client. What a call does not set is taken from its client.

    A named tuple rather than a dataclass, which would double the time to import a client.

    Args:
        timeout: seconds to wait for the server to connect, and for each piece of the response; or an `httpx2.Timeout`.
        total_timeout: seconds from the first attempt within which the call must end, with its retries, the delays
            between them, a new token and the whole response. A download is bounded until its response begins.
        query: more query parameters.
        headers: more headers.
        filter_group: how much of each response the server sends: `Big`, `Medium` or `Small`.
        include: properties to get whatever the filter group: paths from `path(model)`, or texts such as `/body/text`.
        exclude: properties to omit, in the same form; not together with `include`.
        locale: an `Accept-Language`, instead of the user's.
        theme: the theme whose icons the URLs of icons name.
        entity_encoding: False for text without HTML entities.
        max_retries: how many times to retry a failed call that is safe to retry; 0 for never.
        retry_policy: how to retry it, instead of the client's policy; the budget remains the client's.
        method_override: True to send PATCH, PUT, DELETE and HEAD as a POST with `_HttpMethod`, for a proxy that
            blocks these methods.
        bearer_urls: True for URLs of files and photos that hold their own token: anyone can open them for 20 minutes
            if they are not changed.
        format: `xml` to send and get bodies as XML, where the operation supports it.
        raise_on_failure: True to raise ReportedFailureError for a response that reports a failure although its status
            is a success.
        keep_raw: True to keep what was sent with the response, and with each item of a Pager, for `raw_properties` and
            `unknown_properties`.
        max_response_bytes: bytes that a response may have, decompressed; downloads into files have no such limit.
    """

    timeout: float | httpx2.Timeout | None = None
    total_timeout: float | None = None
    query: Values = NOTHING
    headers: Mapping[str, str] = NOTHING
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
    keep_raw: bool | None = None
    max_response_bytes: int | None = None

    def __repr__(self) -> str:
        """Values of headers and query are not shown: they may be secrets."""
        values = {name: value for name, value in self._asdict().items() if value not in (None, (), {})}
        values.update({name: sorted(values[name]) for name in ("query", "headers") if name in values})
        shown = [f"{name}={value!r}" for name, value in values.items()]
        return f"RequestOptions({', '.join(shown)})"

    def over(self, base: RequestOptions) -> RequestOptions:
        """These settings, completed by other ones, such as those of the client."""
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
            keep_raw=base.keep_raw if self.keep_raw is None else self.keep_raw,
            max_response_bytes=(
                base.max_response_bytes if self.max_response_bytes is None else self.max_response_bytes
            ),
        )


def completed_options(options: RequestOptions | None, base: RequestOptions) -> RequestOptions:
    """The settings of a call, completed by those of its client.

    Raises:
        TypeError: they are not RequestOptions.
    """
    if options is None:
        return base
    if not isinstance(options, RequestOptions):  # pyright: ignore[reportUnnecessaryIsInstance]  callers may be untyped
        raise TypeError(f"options takes RequestOptions(…) of sf_connect.core, not {type(options).__name__}")
    return options.over(base)
