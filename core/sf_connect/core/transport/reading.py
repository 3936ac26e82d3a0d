"""Reads bodies piece by piece, up to a number of bytes and a point in time."""

from __future__ import annotations

import time

import httpx2

from sf_connect.core.transport.decompression import pieces_of, pieces_of_async

ERROR_BYTES = 1024 * 1024
"""Bytes of an error response or a response to a login; what comes after them is not read."""
_SHOWN_BYTES = 4096


class TooLargeError(httpx2.DecodingError):
    """A body has more bytes, decompressed, than it may have."""


def read_pieces(response: httpx2.Response, pieces: list[bytes], most: int, deadline: float) -> bool:
    """Collect a body; False where it has more bytes than it may have, and the rest was not read.

    The pieces are added one by one, so that those that arrived are kept when the connection breaks.

    Raises:
        httpx2.ReadTimeout: the deadline has passed.
    """
    size = 0
    for piece in pieces_of(response):
        size += len(piece)
        if size > most:
            pieces.append(piece[: most - size])
            return False
        pieces.append(piece)
        if time.monotonic() > deadline:
            raise httpx2.ReadTimeout("the total timeout has passed")
    return True


async def read_pieces_async(response: httpx2.Response, pieces: list[bytes], most: int) -> bool:
    """Collect a body, as `read_pieces`; the task's own timeout ends it."""
    size = 0
    async for piece in pieces_of_async(response):
        size += len(piece)
        if size > most:
            pieces.append(piece[: most - size])
            return False
        pieces.append(piece)
    return True


def first_bytes(pieces: list[bytes]) -> bytes:
    """The beginning of a body, for a message."""
    found = bytearray()
    for piece in pieces:
        found += piece[:_SHOWN_BYTES]
        if len(found) >= _SHOWN_BYTES:
            break
    return bytes(found[:_SHOWN_BYTES])
