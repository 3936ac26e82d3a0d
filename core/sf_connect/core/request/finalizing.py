"""Finalizes requests: own headers, size limits, idempotency keys and the method override."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec.structs import replace

from sf_connect.core.request.building import Request
from sf_connect.core.request.operations import Operation
from sf_connect.core.request.options import RequestOptions
from sf_connect.core.request.retry_policy import RetryPolicy
from sf_connect.core.wire.argument_names import format_name
from sf_connect.core.wire.uploads import Multipart, Upload, limit_of

_OVERRIDDEN = ("PATCH", "PUT", "DELETE", "HEAD")
_LONGEST_KEY = 255


def finalize(
    operation: Operation[Any], request: Request, options: RequestOptions, policy: RetryPolicy, user_agent: str
) -> Request:
    """A request in its final form.

    Args:
        operation: what is called.
        request: the request that `build` returned.
        options: the settings of the call, the client's among them.
        policy: how the call is retried.
        user_agent: the client's name and version.

    Raises:
        ValueError: a header that only the client may set, a file that is too large, or a key that is too long.
    """
    headers = request.headers
    if options.headers:
        _drop_duplicates(headers, user_agent)
    else:
        headers["User-Agent"] = user_agent
    if options.bearer_urls:
        headers["X-Connect-Bearer-Urls"] = "true"
    if isinstance(request.content, Multipart) and operation.part_limits:
        request = replace(request, content=_with_limits(operation, request.content))
    if operation.idempotency is not None:
        request = _with_key(operation.idempotency, request, policy)
    if options.method_override and request.method in _OVERRIDDEN:
        override = f"_HttpMethod={request.method}"
        query = f"{request.query}&{override}" if request.query else override
        request = replace(request, method="POST", query=query)
    return request


def idempotency_key(place: tuple[str, str], request: Request) -> str | None:
    """The idempotency key of a request; None where it has none."""
    kind, name = place
    if kind == "header":
        return next((value for header, value in request.headers.items() if header.lower() == name.lower()), None)
    value = _properties(request.content).get(name)
    key: object = None if value is None else msgspec.json.decode(value)
    return key if isinstance(key, str) and key else None


def _drop_duplicates(headers: dict[str, str], user_agent: str) -> None:
    """Keep one header of a name, whatever its case: the last one, which is the caller's."""
    named = {"User-Agent": user_agent, **headers}
    once = {name.lower(): (name, value) for name, value in named.items()}
    if "authorization" in once:
        raise ValueError("the client sets the header Authorization: pass the token to the client")
    headers.clear()
    headers.update(once.values())


def check_file_sizes(operation: Operation[Any], files: Iterable[tuple[str, Upload]]) -> None:
    """Refuse a file whose known size is above the limit of its part.

    Raises:
        ValueError: there is one.
    """
    for name, upload in files:
        limit, size = limit_of(operation.part_limits, name), upload.size
        if limit is not None and size is not None and size > limit:
            excess = f"{upload.name!r} has {size:,} bytes; {format_name(name)} takes at most {limit:,}"
            raise ValueError(f"{operation.name}: {excess}")


def _with_limits(operation: Operation[Any], content: Multipart) -> Multipart:
    check_file_sizes(operation, content.files)
    return replace(content, limits=operation.part_limits)


def _with_key(place: tuple[str, str], request: Request, policy: RetryPolicy) -> Request:
    key = idempotency_key(place, request)
    if key is not None and len(key) > _LONGEST_KEY:
        raise ValueError(f"the idempotency key has {len(key)} characters; at most {_LONGEST_KEY} are allowed")
    if key is not None or not policy.generate_idempotency_keys:
        return request
    kind, name = place
    generated = str(uuid.uuid4())
    if kind == "header":
        request.headers[name] = generated
        return request
    if not isinstance(request.content, bytes) or not request.content.startswith(b"{"):
        return request
    return replace(request, content=msgspec.json.encode({**_properties(request.content), name: generated}))


def _properties(content: object) -> dict[str, msgspec.Raw]:
    if not isinstance(content, bytes) or not content.startswith(b"{"):
        return {}
    return msgspec.json.decode(content, type=dict[str, msgspec.Raw])
