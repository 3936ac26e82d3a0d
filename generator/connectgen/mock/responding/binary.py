"""Binary responses: file contents, and renditions that really are pictures and documents."""

from __future__ import annotations

import re
import struct
import zlib
from hashlib import blake2b

from connectgen.mock.chance import Chance

_SIZE = re.compile(r"(\d{2,4})by(\d{2,4})", re.IGNORECASE)
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def binary_response(chance: Chance, key: str, wanted: str) -> tuple[str, bytes]:
    """A media type and bytes.

    Args:
        chance: where the bytes come from.
        key: what distinguishes this file from others.
        wanted: the URL and the parameters, which may name a rendition.
    """
    if "PDF" in wanted:
        return "application/pdf", _PDF
    size = _SIZE.search(wanted)
    if size or "rendition" in wanted or "photo" in wanted:
        width, height = (int(size[1]), int(size[2])) if size else (120, 90)
        return "image/png", picture(min(width, 1024), min(height, 1024), chance.number(key))
    return "application/octet-stream", content(key, chance.between(1_000, 60_000, key, "bytes"))


def content(key: str, size: int) -> bytes:
    """Bytes that follow from a key."""
    blocks = (blake2b(f"{key}{number}".encode()).digest() for number in range(size // 64 + 1))
    return b"".join(blocks)[:size]


def picture(width: int, height: int, number: int) -> bytes:
    """A picture of one colour in PNG."""
    colour = bytes((number & 255, number >> 8 & 255, number >> 16 & 255))
    rows = (b"\0" + colour * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
