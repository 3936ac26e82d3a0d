"""Decompresses bodies, and notices where one was cut off: that loses no more than the end, which nobody would miss."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

import httpx2

ENCODINGS = "gzip, deflate"
"""What a download accepts: of these, it is known whether all has arrived."""
_GZIP = 16 + zlib.MAX_WBITS
_MOST = 1 << 20
"""Bytes that are decompressed at once: a small piece may hold many."""


def pieces_of(response: httpx2.Response) -> Iterator[bytes]:
    """The pieces of a body, decompressed.

    Raises:
        httpx2.RemoteProtocolError: a compressed body ends before its end.
        httpx2.DecodingError: it is not compressed as its header says.
    """
    decompressor = _decompressor_of(response)
    return response.iter_bytes() if decompressor is None else _decompressed(response, decompressor)


def pieces_of_async(response: httpx2.Response) -> AsyncIterator[bytes]:
    """As `pieces_of`."""
    decompressor = _decompressor_of(response)
    return response.aiter_bytes() if decompressor is None else _decompressed_async(response, decompressor)


def _decompressed(response: httpx2.Response, decompressor: _Decompressor) -> Iterator[bytes]:
    for piece in response.iter_raw():
        yield from decompressor.feed(piece)
    decompressor.check_end()


async def _decompressed_async(response: httpx2.Response, decompressor: _Decompressor) -> AsyncIterator[bytes]:
    async for piece in response.aiter_raw():
        for part in decompressor.feed(piece):
            yield part
    decompressor.check_end()


def _decompressor_of(response: httpx2.Response) -> _Decompressor | None:
    """What decompresses a body; None where httpx2 does, or nothing is to be done."""
    match response.headers.get("Content-Encoding", "").strip().lower():
        case "gzip" | "x-gzip":
            return _Gzip()
        case "deflate":
            return _Deflate()
        case _:
            return None


class _Decompressor:
    """Decompresses piece by piece."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._zlib = zlib.decompressobj(bits)
        self._has_begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What a piece decompresses to.

        Raises:
            httpx2.DecodingError: it is not compressed so.
        """
        self._has_begun = self._has_begun or bool(data)
        try:
            while data and not self._zlib.eof:
                if found := self._zlib.decompress(data, _MOST):
                    yield found
                data = self._zlib.unconsumed_tail
        except zlib.error as error:
            raise httpx2.DecodingError(str(error)) from None

    def check_end(self) -> None:
        """Refuse a body that ends before its end.

        Raises:
            httpx2.RemoteProtocolError: it does.
        """
        if self._has_begun and not self._zlib.eof:
            raise httpx2.RemoteProtocolError("the server closed connection before the end of the compressed body")


class _Gzip(_Decompressor):
    """Several members may follow each other; what follows them and is none is ignored, as by gzip itself."""

    def __init__(self) -> None:
        super().__init__(_GZIP)
        self._is_over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._is_over:
            if self._zlib.eof:
                self._is_over = data[:1] != b"\x1f"
                if self._is_over:
                    return
                self._zlib = zlib.decompressobj(self._bits)
            yield from super().feed(data)
            data = self._zlib.unused_data


class _Deflate(_Decompressor):
    """With the header of zlib, as it should be, or without, as some servers send it."""

    def __init__(self) -> None:
        super().__init__(zlib.MAX_WBITS)
        self._first: bytes | None = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._first is not None:
            self._first += data
            if len(self._first) < 2:
                return
            data, self._first = self._first, None
            if data[0] & 0x0F != zlib.DEFLATED or (data[0] << 8 | data[1]) % 31:
                self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
        yield from super().feed(data)
