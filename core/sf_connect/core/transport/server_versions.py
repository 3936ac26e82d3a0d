"""The API versions that a server supports, for the error message when it refuses one."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from sf_connect.core.wire.decoding import strip_bom

LIST = "/services/data"
SECONDS = 10.0


def parse_versions(content: bytes) -> tuple[str, ...]:
    """The versions that a server lists, oldest first; none where the list cannot be read."""
    try:
        value: Any = msgspec.json.decode(strip_bom(content))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return ()
    rows = cast("list[object]", value) if isinstance(value, list) else []
    named = [str(cast("dict[str, object]", row).get("version")) for row in rows if isinstance(row, dict)]
    return tuple(sorted((version for version in named if _number(version) is not None), key=lambda v: _number(v) or 0))


def hint(api_version: str, retired_in: str | None, instance_url: str, versions: tuple[str, ...]) -> str:
    """The hint for a 410.

    Args:
        api_version: the client's version.
        retired_in: the release since which it is retired, or None.
        instance_url: the server.
        versions: the versions that the server lists; empty where there was no list.
    """
    since = f" since {retired_in}" if retired_in else ""
    if not versions:
        gone = f"API version {api_version} is retired{since}" if since else "the resource is gone for good"
        return f"{gone}; {instance_url}{LIST} lists the versions that this server supports"
    supported = versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"
    if api_version in versions:
        return f"the resource is gone for good: this server supports API versions {supported}, {api_version} among them"
    return f"API version {api_version} is retired{since}; this server supports {supported}"


def _number(version: str) -> float | None:
    try:
        return float(version)
    except ValueError:
        return None
