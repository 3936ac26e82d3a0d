"""Secrets as objects that show nothing of themselves: access tokens, and what logins need."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from sf_connect.core.transport.scrubbing import scrub

S = TypeVar("S")


class Secret:
    """A password, key, code or token that no repr, traceback or log shows, nor a tool that records local variables.

    A function takes its plain secrets into such objects, and deletes its own names of them, before anything can fail.
    """

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    @classmethod
    def of(cls, value: object) -> Self:
        """A value as a secret; one that is such already, as it is."""
        return value if isinstance(value, cls) else cls(value._value if isinstance(value, Secret) else value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    __hash__ = None  # type: ignore[assignment]  # nothing keys by secrets

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a secret is not pickled")

    def reveal(self) -> str:
        """The text itself."""
        return str(self._value)

    def reveal_or_none(self) -> str | None:
        """The text itself; None where there is none."""
        return None if self._value is None else str(self._value)

    def reveal_bytes(self) -> bytes:
        """The secret in bytes."""
        value = self._value
        return value if isinstance(value, bytes) else str(value).encode()

    def path(self) -> Path | None:
        """Where it is to be read, if it is a path object."""
        value = self._value
        return Path(cast("os.PathLike[str]", value)) if isinstance(value, os.PathLike) else None


class Token(Secret):
    """An access token."""

    __slots__ = ()

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


def hidden(value: S) -> S:
    """A plain secret as an object that shows nothing of it, for functions that take it as if it were plain."""
    return cast("S", Secret.of(value))


def hidden_text(value: S) -> S:
    """A text as `hidden` returns it; anything else as it is, so that its type can be refused."""
    return hidden(value) if isinstance(value, str) else value


def _fault(value: object) -> str | None:
    """Why a value is no token."""
    if not isinstance(value, str) or not value:
        return "the token is not a str, or empty; pass an access token or a function that returns one"
    if not value.isascii() or not value.isprintable() or " " in value:
        return "the token has characters that no access token has, such as a space or a line break"
    return None
