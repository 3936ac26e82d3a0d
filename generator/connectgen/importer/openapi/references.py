"""Reads references as URIs whose fragments are JSON pointers: `#/paths/~1tools~1%7Bid%7D` leads to `/tools/{id}`."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from connectgen.catalogue.yaml_reader import LineDict, LineList

_MOST_DIGITS = 9
"""Digits of an index: no file has more items."""


def value_at(root: LineDict, pointer: str) -> Any:
    """What a JSON pointer leads to.

    Raises:
        LookupError: it leads nowhere.
    """
    value: Any = root
    for step in pointer[1:].split("/"):
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, LineDict):
            value = value[key]
        elif isinstance(value, LineList) and key.isascii() and key.isdigit() and len(key) <= _MOST_DIGITS:
            value = value[int(key)]
        else:
            raise LookupError(pointer)
    return value


def decode_references(root: LineDict) -> None:
    """Let every reference in a file hold its pointer as it is, without the percent signs that a URI needs.

    One that leads nowhere so stays as it is written: some tools write names with a percent sign as they are.
    """
    waiting: list[Any] = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, LineDict):
            _decode(root, value, ("$ref",))
            discriminator = value.get("discriminator")
            mapping = discriminator.get("mapping") if isinstance(discriminator, LineDict) else None
            if isinstance(mapping, LineDict):
                _decode(root, mapping, tuple(mapping))
        inner = value.values() if isinstance(value, LineDict) else value
        waiting.extend(one for one in inner if isinstance(one, LineDict | LineList))


def _decode(root: LineDict, owner: LineDict, keys: tuple[str, ...]) -> None:
    for key in keys:
        written = owner.get(key)
        if isinstance(written, str) and written.startswith("#") and "%" in written:
            pointer = unquote(written[1:])
            if pointer.startswith("/") and _leads_somewhere(root, pointer):
                owner[key] = f"#{pointer}"


def _leads_somewhere(root: LineDict, pointer: str) -> bool:
    try:
        value_at(root, pointer)
    except LookupError:
        return False
    return True
