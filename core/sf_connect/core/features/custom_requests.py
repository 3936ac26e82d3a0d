"""Requests to URLs that no generated operation describes: what a caller writes, checked and made an operation."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Literal, NamedTuple, cast
from urllib.parse import parse_qsl, urlsplit

from sf_connect.core.exceptions import CrossOriginError
from sf_connect.core.request.operations import Operation, Values
from sf_connect.core.request.urls import own_url

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_NAME = "request"
_NOT_IN_PATHS = re.compile(r"[^\x21-\x7e]|[\\#]")
_UNSAFE = ("POST", "PATCH")
_CHATTER = ("/chatter/", "/connect/")


class CustomRequest(NamedTuple):
    """A request as an operation, and its query."""

    operation: Operation[Any]
    query: Values


def custom_request(
    instance_url: str,
    method: str,
    path: str,
    params: Values | None,
    into: object,
    retry: Literal["safe", "unsafe"] | None,
) -> CustomRequest:
    """The operation that a request stands for.

    Args:
        instance_url: the URL of the org.
        method: the HTTP method.
        path: the path below `/services/data/vNN.0`, or one from `/services/`, or a whole URL of the org.
        params: the query.
        into: the type to decode to; None for plain JSON.
        retry: whether it may be retried; by default, where its method is not POST or PATCH.

    Raises:
        ValueError: the method or the path cannot be sent.
        TypeError: the path is no str.
        CrossOriginError: the URL lies outside the org.
    """
    name = method.upper()
    if name not in METHODS:
        raise ValueError(f"the method is {method!r}: use one of {', '.join(METHODS)}")
    taken, query = _path_of(instance_url, path)
    below = re.sub(r"^/services/data/v\d+\.\d", "", taken)
    operation = Operation[Any](
        _NAME,
        name,
        taken.replace("{", "%7B").replace("}", "%7D"),
        None if name == "HEAD" else object if into is None else into,
        requires_chatter=below.startswith(_CHATTER),
        retry=retry or ("unsafe" if name in _UNSAFE else "safe"),
        is_template=False,
    )
    return CustomRequest(operation, {**query, **(params or {})})


def _path_of(instance_url: str, path: str) -> tuple[str, dict[str, str]]:
    """The path as it is sent, and the query that was written behind it."""
    value = cast("object", path)  # callers may be untyped
    if not isinstance(value, str):
        raise TypeError(f"the path is {type(value).__name__}, not a str")
    if "://" in path:
        whole = own_url(instance_url, path)
        if whole is None or not whole.startswith(f"{instance_url}/"):
            raise CrossOriginError(f"{_NAME}: a URL outside {instance_url} is not called")
        path = whole.removeprefix(instance_url)
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"the path is {path!r}: begin it with one slash, as in /connect/organization")
    if wrong := _NOT_IN_PATHS.search(path):
        raise ValueError(f"the path has {wrong[0]!r}: percent-encode it with urllib.parse.quote")
    parts = urlsplit(path)
    if any(part in (".", "..") for part in parts.path.replace("%2e", ".").replace("%2E", ".").split("/")):
        raise ValueError(f"the path is {path!r}: leave out its . and .. parts")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if repeated := [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]:
        raise ValueError(f"the query has {repeated[0]} several times: join its values with commas")
    return parts.path, dict(pairs)
