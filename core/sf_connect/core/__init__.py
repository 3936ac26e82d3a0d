"""The runtime that all sf_connect clients share: everything that users and generated code import is here.

A name's module is imported at the first use of the name, so that importing a client stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msgspec import UNSET, UnsetType, field
    from msgspec.structs import replace

    from sf_connect.core.async_client import AsyncClient
    from sf_connect.core.auth.browser import BrowserLogin
    from sf_connect.core.auth.command_line import SfCommandLine
    from sf_connect.core.auth.flows import ClientCredentials, JWTBearer, OAuthLogin, RefreshToken
    from sf_connect.core.auth.login import Login, TokenRequest, TokenResponse
    from sf_connect.core.auth.settings import (
        AsyncLoginSettings,
        AsyncSettings,
        ClientSettings,
        SimpleSalesforce,
        SyncLoginSettings,
        SyncSettings,
    )
    from sf_connect.core.auth.token_cache import CachedLogin
    from sf_connect.core.auth.web_server import WebServerFlow
    from sf_connect.core.cli.start import run_command_line
    from sf_connect.core.client import SyncClient
    from sf_connect.core.exceptions import (
        APIConnectionError,
        APIError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        ConflictError,
        CrossOriginError,
        GoneError,
        InternalServerError,
        LocalRateLimitError,
        LoginError,
        NotFoundError,
        PaginationLoopError,
        PermissionDeniedError,
        PreconditionFailedError,
        RateLimitError,
        RedirectError,
        RequestSummary,
        ResponseDecodeError,
        RetiredVersionWarning,
        ServiceUnavailableError,
        SFConnectError,
        UnprocessableEntityError,
    )
    from sf_connect.core.features.batch import AsyncBatch, Batch, BatchItem
    from sf_connect.core.features.downloads import AsyncDownload, AsyncOpenedDownload, Download, OpenedDownload
    from sf_connect.core.features.message_text import (
        Identified,
        MessageBody,
        Part,
        content,
        identified,
        needed,
        optional,
    )
    from sf_connect.core.features.pagination import AsyncPager, Pager
    from sf_connect.core.features.raw_responses import RawResponse
    from sf_connect.core.features.search import literal
    from sf_connect.core.features.tables import to_arrow, to_arrow_async, to_dataframe, to_dataframe_async
    from sf_connect.core.features.tracing import tracing_hooks
    from sf_connect.core.features.unknown_properties import unknown_properties
    from sf_connect.core.features.waiting import WaitError, WaitEvent, WaitFailedError, WaitTimeoutError
    from sf_connect.core.groups import AsyncFamily, AsyncGroup, SyncFamily, SyncGroup, deprecated
    from sf_connect.core.request.operations import Operation, Pagination, Wait
    from sf_connect.core.request.options import RequestOptions
    from sf_connect.core.request.property_paths import PropertyPath, path
    from sf_connect.core.request.retry_policy import RetryPolicy
    from sf_connect.core.series import check_series
    from sf_connect.core.transport.cookies import Cookies
    from sf_connect.core.transport.hooks import (
        BatchedCall,
        CallEvent,
        Hooks,
        RequestEvent,
        ResponseEvent,
        RetryEvent,
        UnknownEvent,
    )
    from sf_connect.core.transport.rate_limits import RateLimiter
    from sf_connect.core.wire.listed_values import Listed, Unlisted, values_of
    from sf_connect.core.wire.models import Input, Model, require
    from sf_connect.core.wire.reported_failures import ReportedFailureError
    from sf_connect.core.wire.unions import PageToken, discriminated_union, input_union, untagged_union
    from sf_connect.core.wire.uploads import Upload

__all__ = [
    "UNSET",
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncBatch",
    "AsyncClient",
    "AsyncDownload",
    "AsyncFamily",
    "AsyncGroup",
    "AsyncLoginSettings",
    "AsyncOpenedDownload",
    "AsyncPager",
    "AsyncSettings",
    "AuthenticationError",
    "BadRequestError",
    "Batch",
    "BatchItem",
    "BatchedCall",
    "BrowserLogin",
    "CachedLogin",
    "CallEvent",
    "ClientCredentials",
    "ClientSettings",
    "ConflictError",
    "Cookies",
    "CrossOriginError",
    "Download",
    "GoneError",
    "Hooks",
    "Identified",
    "Input",
    "InternalServerError",
    "JWTBearer",
    "Listed",
    "LocalRateLimitError",
    "Login",
    "LoginError",
    "MessageBody",
    "Model",
    "NotFoundError",
    "OAuthLogin",
    "OpenedDownload",
    "Operation",
    "PageToken",
    "Pager",
    "Pagination",
    "PaginationLoopError",
    "Part",
    "PermissionDeniedError",
    "PreconditionFailedError",
    "PropertyPath",
    "RateLimitError",
    "RateLimiter",
    "RawResponse",
    "RedirectError",
    "RefreshToken",
    "ReportedFailureError",
    "RequestEvent",
    "RequestOptions",
    "RequestSummary",
    "ResponseDecodeError",
    "ResponseEvent",
    "RetiredVersionWarning",
    "RetryEvent",
    "RetryPolicy",
    "SFConnectError",
    "ServiceUnavailableError",
    "SfCommandLine",
    "SimpleSalesforce",
    "SyncClient",
    "SyncFamily",
    "SyncGroup",
    "SyncLoginSettings",
    "SyncSettings",
    "TokenRequest",
    "TokenResponse",
    "UnknownEvent",
    "Unlisted",
    "UnprocessableEntityError",
    "UnsetType",
    "Upload",
    "Wait",
    "WaitError",
    "WaitEvent",
    "WaitFailedError",
    "WaitTimeoutError",
    "WebServerFlow",
    "check_series",
    "content",
    "deprecated",
    "discriminated_union",
    "field",
    "identified",
    "input_union",
    "literal",
    "needed",
    "optional",
    "path",
    "replace",
    "require",
    "run_command_line",
    "to_arrow",
    "to_arrow_async",
    "to_dataframe",
    "to_dataframe_async",
    "tracing_hooks",
    "unknown_properties",
    "untagged_union",
    "values_of",
]

_NAMES = {
    "auth.settings": """
        AsyncLoginSettings AsyncSettings ClientSettings SimpleSalesforce SyncLoginSettings SyncSettings
    """,
    "auth.browser": "BrowserLogin",
    "auth.command_line": "SfCommandLine",
    "auth.flows": "ClientCredentials JWTBearer OAuthLogin RefreshToken",
    "auth.login": "Login TokenRequest TokenResponse",
    "auth.token_cache": "CachedLogin",
    "auth.web_server": "WebServerFlow",
    "cli.start": "run_command_line",
    "async_client": "AsyncClient",
    "client": "SyncClient",
    "exceptions": """
        APIConnectionError APIError APIStatusError APITimeoutError AuthenticationError BadRequestError
        ConflictError CrossOriginError GoneError InternalServerError LocalRateLimitError LoginError
        NotFoundError PaginationLoopError PermissionDeniedError PreconditionFailedError RateLimitError
        RedirectError RequestSummary ResponseDecodeError RetiredVersionWarning SFConnectError
        ServiceUnavailableError UnprocessableEntityError
    """,
    "features.batch": "AsyncBatch Batch BatchItem",
    "features.downloads": "AsyncDownload AsyncOpenedDownload Download OpenedDownload",
    "features.message_text": "Identified MessageBody Part content identified needed optional",
    "features.pagination": "AsyncPager Pager",
    "features.raw_responses": "RawResponse",
    "features.search": "literal",
    "features.tables": "to_arrow to_arrow_async to_dataframe to_dataframe_async",
    "features.tracing": "tracing_hooks",
    "features.unknown_properties": "unknown_properties",
    "features.waiting": "WaitError WaitEvent WaitFailedError WaitTimeoutError",
    "groups": "AsyncFamily AsyncGroup SyncFamily SyncGroup deprecated",
    "request.operations": "Operation Pagination Wait",
    "request.options": "RequestOptions",
    "request.property_paths": "PropertyPath path",
    "request.retry_policy": "RetryPolicy",
    "series": "check_series",
    "transport.cookies": "Cookies",
    "transport.hooks": "BatchedCall CallEvent Hooks RequestEvent ResponseEvent RetryEvent UnknownEvent",
    "transport.rate_limits": "RateLimiter",
    "wire.listed_values": "Listed Unlisted values_of",
    "wire.models": "Input Model require",
    "wire.reported_failures": "ReportedFailureError",
    "wire.unions": "PageToken discriminated_union input_union untagged_union",
    "wire.uploads": "Upload",
}
_MODULES = {
    **{name: f"{__name__}.{module}" for module, names in _NAMES.items() for name in names.split()},
    **dict.fromkeys(("UNSET", "UnsetType", "field"), "msgspec"),
    "replace": "msgspec.structs",
}


if not TYPE_CHECKING:  # hidden from type checkers, which would accept any name with it

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            import difflib  # late: only a wrong name needs it

            alike = difflib.get_close_matches(name, _MODULES, n=3)
            hint = f"; did you mean {' or '.join(alike)}?" if alike else ""
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}")
        value: object = getattr(import_module(_MODULES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(_MODULES)
