"""The unknown properties of a response, for users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sf_connect.core.features.raw_responses import RawResponse
from sf_connect.core.wire.unknown_properties import pointer, unknown_of


def unknown_properties(response: object) -> Mapping[str, Any]:
    """What a response has that its types do not know, such as properties that a newer server sends.

    What was sent must have been kept: call with `RequestOptions(keep_raw=True)`, or by `client.raw`. It is read once
    more when this is called. Properties of an object that is kept as a map are all known.

    Args:
        response: a response, an item of a Pager, a list of either, or a raw response.

    Returns:
        The value of each unknown property by its path, a JSON Pointer such as `/elements/0/sentiment`.

    Raises:
        ValueError: what was sent was not kept.
        ResponseDecodeError: what was sent is not valid JSON where its types skip it.
    """
    found = response.unknown_properties() if isinstance(response, RawResponse) else unknown_of(response)
    return {pointer(path): value for path, value in found.items()}
