"""Names that generated code uses itself: what a family, a group, an operation or a type must not be called."""

from __future__ import annotations

import builtins

CLIENT_NAMES = frozenset({
    "API_VERSION", "api_version", "retired_in", "instance_url", "options", "site", "site_id", "batch", "raw",
    "close", "aclose", "request", "download", "download_from", "follow", "follow_url", "send", "prepare",
    "prepare_url", "prepare_address", "from_client", "from_sf_cli", "from_simple_salesforce", "shares_session_with",
    "with_options", "with_client_credentials", "with_jwt_bearer", "with_login", "with_refresh_token",
    "with_web_server_flow",
})  # fmt: skip
"""Public names of the clients, to which families are added as properties."""

CLASS_NAMES = frozenset(["cached_property", "datetime", "builtins", "annotations"])
"""Names that the bodies of generated classes use: a property or a method of this name would hide them there."""

OPERATION_CLASSES = frozenset(
    [
        "SyncGroup",
        "AsyncGroup",
        "SyncFamily",
        "AsyncFamily",
        "SyncClient",
        "AsyncClient",
    ]
)
"""Classes that modules of groups, families and clients import; `connectgen.naming` has those of types."""

MODEL_MODULES = frozenset(["shared", "unreferenced", "message_parts"])
"""Modules beside those that families and groups give their names to."""

TYPE_NAMES = frozenset({
    "Any", "AnyStr", "AsyncGroup", "AsyncPagedItems", "AsyncPager", "Callable", "ClassVar", "Input", "Iterable",
    "Literal", "Mapping", "MessageBody", "Model", "Operation", "PagedItems", "Pager", "Paging", "Pagination", "Part",
    "RequestOptions", "Sequence", "SyncGroup", "TYPE_CHECKING", "UNSET", "UnsetType", "Untagged", "Upload",
})  # fmt: skip
"""Names that modules of models and groups import or define."""


def is_builtin(name: str) -> bool:
    """Whether Python itself has this name: a class or a method so called would hide it."""
    return hasattr(builtins, name)
