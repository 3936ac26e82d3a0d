"""Names that generated code uses itself: what a family, a group, an operation or a type must not be called."""

from __future__ import annotations

CLIENT_NAMES_TO_COME = frozenset(["with_options"])
"""What clients are to have; a family of such a name would be in the way."""

CLIENT_NAMES = CLIENT_NAMES_TO_COME | {
    "api_version", "retired_in", "instance_url", "options", "site", "site_id", "batch", "raw", "close", "aclose",
    "request", "access_token", "anonymous", "cookies", "from_env", "with_browser",
    "download", "download_from", "follow_url", "from_client", "from_sf_cli", "from_simple_salesforce",
    "shares_session_with", "with_client_credentials", "with_jwt_bearer", "with_login", "with_refresh_token",
    "with_web_server_flow",
}  # fmt: skip
"""Public names of the clients, to which families are added as properties; a test compares them with core's."""

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
"""Classes that modules of groups, families and clients import."""

MODEL_MODULES = frozenset(["message_parts"])
"""Modules of models beside those that files of types give their names to."""

TYPE_NAMES = frozenset({
    "AsyncGroup", "AsyncPager", "Identified", "Input", "Listed", "MessageBody", "Model", "Operation", "PageToken",
    "Pager", "Pagination", "Part", "RequestOptions", "SyncGroup", "UNSET", "Unlisted", "UnsetType", "Upload", "Wait",
    "WaitEvent",
    "Any", "Callable", "ClassVar", "Iterable", "Literal", "Mapping", "Sequence", "TYPE_CHECKING",
})  # fmt: skip
"""Names that modules of models and groups import: of core's public face (a test compares them), and of Python."""


BUILTIN_CLASSES = frozenset({
    "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "BaseExceptionGroup", "BlockingIOError",
    "BrokenPipeError", "BufferError", "BytesWarning", "ChildProcessError", "ConnectionAbortedError",
    "ConnectionError", "ConnectionRefusedError", "ConnectionResetError", "DeprecationWarning", "EOFError",
    "Ellipsis", "EncodingWarning", "EnvironmentError", "Exception", "ExceptionGroup", "False", "FileExistsError",
    "FileNotFoundError", "FloatingPointError", "FutureWarning", "GeneratorExit", "IOError", "ImportError",
    "ImportWarning", "IndentationError", "IndexError", "InterruptedError", "IsADirectoryError", "KeyError",
    "KeyboardInterrupt", "LookupError", "MemoryError", "ModuleNotFoundError", "NameError", "None",
    "NotADirectoryError", "NotImplemented", "NotImplementedError", "OSError", "OverflowError",
    "PendingDeprecationWarning", "PermissionError", "ProcessLookupError", "PythonFinalizationError",
    "RecursionError", "ReferenceError", "ResourceWarning", "RuntimeError", "RuntimeWarning", "StopAsyncIteration",
    "StopIteration", "SyntaxError", "SyntaxWarning", "SystemError", "SystemExit", "TabError", "TimeoutError",
    "True", "TypeError", "UnboundLocalError", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError",
    "UnicodeTranslateError", "UnicodeWarning", "UserWarning", "ValueError", "Warning", "ZeroDivisionError",
})  # fmt: skip
"""Classes of Python itself, 3.11 and later: a list of its own, so that names are the same on every Python."""
