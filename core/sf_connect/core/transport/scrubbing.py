"""Takes secrets out of what a server sent back, in every encoding in which it may have repeated them."""

from __future__ import annotations

import base64
import re
from collections.abc import Awaitable, Coroutine
from functools import lru_cache
from typing import Any, cast

SHORTEST_SECRET = 8
"""Characters of a secret that is looked for: a shorter one would be found everywhere."""


class Token:
    """An access token that no repr, traceback or log shows."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "<Token>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and self._value == other._value

    __hash__ = None  # type: ignore[assignment]  # nothing keys by tokens

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a token is not pickled")

    def reveal(self) -> str:
        """The token itself."""
        return str(self._value)

    def awaitable(self) -> Awaitable[Any] | None:
        """What an asynchronous function returned in place of a token, None where it is no such thing."""
        return cast("Awaitable[Any]", self._value) if hasattr(self._value, "__await__") else None

    def checked(self) -> Token:
        """The token, if it can be sent in a header; no message shows it.

        Raises:
            TypeError: it is the coroutine of an asynchronous function.
            ValueError: it is not a str, is empty, or has spaces or control characters.
        """
        value = self._value
        if isinstance(value, Coroutine):
            value.close()
            raise TypeError("the function for the token is asynchronous; it needs an asynchronous client")
        fault = _fault(value)
        del value  # a tool that records locals would show it
        if fault is not None:
            raise ValueError(fault)
        return self

    def scrub(self, content: bytes) -> bytes:
        """A content without the token, and without the beginning of it where the content breaks off."""
        return scrub(content, self.reveal(), b"[token]")


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
    characters = (_written(character) for character in secret)
    forms = [b"\x00?".join(characters)]
    data = secret.encode()
    for offset in range(3):  # Base64 of a longer text depends on what precedes it
        encoded = base64.b64encode(bytes(offset) + data)
        inner = encoded[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6]  # what the secret alone decides
        if len(inner) >= SHORTEST_SECRET:
            forms.append(b"".join(_BASE64.get(character, re.escape(bytes([character]))) for character in inner))
    return re.compile(b"|".join(forms), re.IGNORECASE)


def _fault(value: object) -> str | None:
    """Why a value is no token."""
    if not isinstance(value, str) or not value:
        return "the token is not a str, or empty; pass an access token or a function that returns one"
    if not value.isascii() or not value.isprintable() or " " in value:
        return "the token has characters that no access token has, such as a space or a line break"
    return None


_BASE64 = {ord("+"): b"[+-]", ord("/"): b"[/_]"}


def _written(character: str) -> bytes:
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
