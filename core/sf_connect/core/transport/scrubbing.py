"""Takes secrets out of what a server sent back, in every encoding in which it may have repeated them."""

from __future__ import annotations

import base64
import re
from functools import lru_cache

SHORTEST_SECRET = 8
"""Characters of a secret that is looked for: a shorter one would be found everywhere."""


def scrub(content: bytes, secret: str, mark: bytes, shortest: int = SHORTEST_SECRET) -> bytes:
    """A content with a mark in place of a secret.

    Args:
        content: what a server sent.
        secret: what it must not show.
        mark: what to show instead.
        shortest: a secret of fewer characters is left.
    """
    if len(secret) < shortest:
        return content
    clean = _pattern(secret).sub(mark, content)
    plain = secret.encode()
    for length in range(len(plain) - 1, SHORTEST_SECRET - 1, -1):
        if clean.endswith(plain[:length]):
            return clean[:-length] + mark
    return clean


@lru_cache(maxsize=16)
def _pattern(secret: str) -> re.Pattern[bytes]:
    """Finds a secret as it is, in escapes of JSON, URLs and HTML (also of each other), in UTF-16, and in Base64."""
    characters = (_spellings(character) for character in secret)
    forms = [b"\x00?".join(characters)]
    data = secret.encode()
    for offset in range(3):  # Base64 of a longer text depends on what precedes it
        encoded = base64.b64encode(bytes(offset) + data)
        inner = encoded[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6]  # what the secret alone decides
        if len(inner) >= SHORTEST_SECRET:
            forms.append(b"".join(_BASE64.get(character, re.escape(bytes([character]))) for character in inner))
    return re.compile(b"|".join(forms), re.IGNORECASE)


_BASE64 = {ord("+"): b"[+-]", ord("/"): b"[/_]"}


def _spellings(character: str) -> bytes:
    """The ways to write a character."""
    code = ord(character)
    found = [re.escape(character.encode()), rb"\\{1,4}u%04x" % code]
    if code < 0x100:
        found += [rb"%%(?:25){0,3}%02x" % code, rb"\\{1,4}x%02x" % code, rb"\\{1,4}%03o" % code]
    found += [rb"&(?:amp;){0,3}#0{0,6}%d;?" % code, rb"&(?:amp;){0,3}#x0{0,6}%x;?" % code]
    if character == " ":
        found.append(rb"\+")  # in a form
    if not character.isalnum():
        found.append(rb"\\{1,4}" + re.escape(character.encode()))
    if character in _NAMED:
        found.append(rb"&(?:amp;){0,3}%s;" % _NAMED[character])
    return b"(?:" + b"|".join(found) + b")"


_NAMED = {
    "!": b"excl", '"': b"quot", "&": b"amp", "'": b"apos", "<": b"lt", ">": b"gt", "+": b"plus", "=": b"equals",
    "/": b"sol", "_": b"lowbar", ".": b"period", "-": b"(?:hyphen|dash)", "$": b"dollar", "#": b"num", "%": b"percnt",
    "*": b"ast", "(": b"lpar", ")": b"rpar", ":": b"colon", ";": b"semi", "?": b"quest", "@": b"commat",
}  # fmt: skip
