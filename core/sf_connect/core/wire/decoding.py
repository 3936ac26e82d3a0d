"""Decodes responses to models, with clear errors."""

from __future__ import annotations

import codecs
import re
from typing import Any

import msgspec

from sf_connect.core.exceptions import ResponseDecodeError, beginning
from sf_connect.core.wire.reading import convert, read
from sf_connect.core.wire.unknown_properties import with_raw


def decode(body: bytes, returns: Any, what: str, *, xml: bool = False, keep_raw: bool = False) -> Any:
    """Decode a response.

    Args:
        body: the response's body.
        returns: the type to decode to.
        what: the call, for the error message.
        xml: whether the response is XML.
        keep_raw: whether the result is to keep what was sent.

    Raises:
        ResponseDecodeError: the body is not JSON (or XML), or does not fit the type.
    """
    try:
        if xml:
            from sf_connect.core.wire.xml_bodies import xml_values  # late: few responses are XML

            values = xml_values(body, returns)
            made, text = convert(values, returns), msgspec.json.encode(values) if keep_raw else b""
        else:
            made, text = _read_json(body, returns)
        return with_raw(made, text) if keep_raw else made
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ResponseDecodeError(
            f"the response to {what} cannot be read ({error}); it begins: {beginning(body)}"
        ) from None


def _read_json(body: bytes, returns: Any) -> tuple[Any, bytes]:
    """What JSON decodes to, and the JSON itself."""
    text = strip_bom(body)
    try:
        return read(text, returns), text
    except msgspec.DecodeError:
        if (whole := with_whole_characters(text)) == text:
            raise
        return read(whole, returns), whole


_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>u[dD][89a-fA-F]..)|.)", re.DOTALL)
"""An escape, from left to right, so that a backslash that is escaped begins none: two halves of a character, or one."""


def with_whole_characters(text: bytes) -> bytes:
    """JSON in which each half of a character is the sign for one that is unknown.

    Servers that cut texts by units of UTF-16 send such halves; JSON's grammar allows them, and no text can hold them.
    """
    return _ESCAPE.sub(lambda found: b"\\ufffd" if found["half"] else found[0], text)


def strip_bom(body: bytes) -> bytes:
    """JSON as UTF-8 without a byte order mark, which some proxies add; with one of UTF-16, it is converted.

    Raises:
        ValueError: it has a mark of UTF-16, but is not UTF-16.
    """
    if body.startswith(codecs.BOM_UTF8):
        return body[len(codecs.BOM_UTF8) :]
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16").encode()
    return body
