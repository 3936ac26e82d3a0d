"""Responses: JSON to models, with clear errors."""

from __future__ import annotations

import codecs
from typing import Any

import msgspec

from sf_connect.core.exceptions import ResponseDecodeError, beginning
from sf_connect.core.wire.reading import read


def decode(body: bytes, returns: Any, what: str, *, xml: bool = False) -> Any:
    """Decode a response.

    Args:
        body: the response's body.
        returns: the type to decode.
        what: the call, for the message.
        xml: whether the response is XML.

    Raises:
        ResponseDecodeError: the body is no JSON (or XML), or of another shape than the type.
    """
    try:
        if xml:
            from sf_connect.core.wire.xml_bodies import decode_xml

            return decode_xml(body, returns)
        return read(strip_bom(body), returns)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ResponseDecodeError(
            f"the response to {what} cannot be read ({error}); it begins: {beginning(body)}"
        ) from None


def strip_bom(body: bytes) -> bytes:
    """JSON in UTF-8 without a byte order mark, which some proxies put before it, or write UTF-16 with.

    Raises:
        ValueError: the mark says UTF-16, and it is none.
    """
    if body.startswith(codecs.BOM_UTF8):
        return body[len(codecs.BOM_UTF8) :]
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16").encode()
    return body
