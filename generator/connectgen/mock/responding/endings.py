"""What is waited for has ended in the mock: a response that shows a state has one of those that mean success."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from connectgen.catalogue.model import Wait


def end(record: object, waits: Iterable[Wait]) -> None:
    """Let a response show the good end of everything that its operation shows the end of.

    Args:
        record: the response.
        waits: how its ends are seen.
    """
    for wait in waits:
        if wait.property and wait.done:
            _set(record, wait.property, wait.done[0])


def _set(record: object, path: str, value: str | bool) -> None:
    first, _, rest = path.partition(".")
    if isinstance(record, list):
        for item in cast("list[object]", record):
            _set(item, path, value)
    elif isinstance(record, dict) and first in record:
        table = cast("dict[str, Any]", record)
        if rest:
            _set(table[first], rest, value)
        else:
            table[first] = value
