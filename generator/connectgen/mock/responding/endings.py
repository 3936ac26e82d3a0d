"""What is waited for: a response that shows a state has one that its phase allows, success where it has ended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from connectgen.catalogue.model import Wait
from connectgen.mock.progress import ENDED, Phase


def show(record: object, waits: Iterable[Wait], phase: Phase = ENDED) -> None:
    """Let a response show how far everything is that its operation shows the end of.

    Args:
        record: the response.
        waits: how ends are seen.
        phase: how far it is.
    """
    for wait in waits:
        state = phase.state(wait) if wait.property else None
        if wait.property and state is not None:
            _set(record, wait.property, state)
        if wait.ended and not phase.has_ended:
            _set(record, wait.ended, None)


def _set(record: object, path: str, value: str | bool | None) -> None:
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
