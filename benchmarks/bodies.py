"""Measures bodies: decoding a page of a feed beside pydantic and attrs, encoding a post beside bare msgspec."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import NEWEST, ROOT, Figure

_SEGMENTS = 100


def figures(_: Path, repeats: int) -> Iterator[Figure]:
    """Measure core and the models of the newest client under `generated/`, in this process.

    Ratios are medians over rounds in which each way has one turn, so that a busy machine slows all of them.

    Args:
        repeats: a third of the number of rounds.
    """
    sys.path[:0] = [str(ROOT / "core"), str(ROOT / "generated" / f"sf-connect-v{NEWEST}")]
    yield from _decoding(3 * repeats)
    yield from _recorded(repeats)
    yield from _encoding(100 * repeats)


def _decoding(rounds: int) -> Iterator[Figure]:
    from benchmarks.feed_page import page
    from benchmarks.peers import by_attrs, by_pydantic
    from sf_connect.core.wire.decoding import decode

    root = _models().FeedElementPage
    sample = page()

    def ours(body: bytes) -> Any:
        return decode(body, root, "GET a page")

    known = _turns(rounds, sample, ours, by_pydantic(sample, root, fallback=False), by_attrs(sample, root))
    yield Figure("decode a 1 MB feed page, all kinds known", median(known[0]) * 1e3, "ms")
    yield Figure("  pydantic, discriminated unions: times as long", _ratio(known[1], known[0]), "×", at_least=8.5)
    yield Figure("  attrs and cattrs: times as long", _ratio(known[2], known[0]), "×")

    body = page(unknown_every=20)
    mixed = _turns(rounds, body, ours, by_pydantic(sample, root, fallback=True), by_attrs(sample, root))
    yield Figure("decode one with an unknown kind in twenty elements", median(mixed[0]) * 1e3, "ms")
    yield Figure("  pydantic, with the base class for it: times as long", _ratio(mixed[1], mixed[0]), "×", at_least=3)
    yield Figure("  attrs and cattrs: times as long", _ratio(mixed[2], mixed[0]), "×")


def _recorded(rounds: int) -> Iterator[Figure]:
    """Pages in the manner of recorded ones, each beside pydantic with the class for records as fallback."""
    from benchmarks.peers import by_pydantic
    from benchmarks.recorded_pages import PAGES, recorded_page
    from sf_connect.core.wire.decoding import decode

    root = _models().FeedElementPage

    def ours(body: bytes) -> Any:
        return decode(body, root, "GET a page")

    yield Figure("decode pages in the manner of recorded ones", len(PAGES), "")
    for name in PAGES:
        body = recorded_page(name)
        ours(body)  # the first of its types of records is read the slow way
        times = _turns(rounds, body, ours, by_pydantic(body, root, fallback=True))
        yield Figure(f"  {name}, pydantic: times as long", _ratio(times[1], times[0]), "×", at_least=6)


def _encoding(rounds: int) -> Iterator[Figure]:
    import msgspec

    from sf_connect.core.wire.encoding import encode

    models = _models()

    def bare(_: bytes) -> bytes:
        segments = [
            (
                models.MessageSegmentInputMentionInput(id="005000000000001")
                if number % 2
                else models.MessageSegmentInputTextInput(text="Have you seen what came in? ")
            )
            for number in range(_SEGMENTS)
        ]
        body = models.MessageBodyInput(message_segments=segments)
        return msgspec.json.encode(models.FeedItemInput(subject_id="me", feed_element_type="FeedItem", body=body))

    def ours(_: bytes) -> bytes:
        parts = [
            models.mention("005000000000001") if number % 2 else "Have you seen what came in? "
            for number in range(_SEGMENTS)
        ]
        body = models.MessageBodyInput.text(*parts)
        return encode(models.FeedItemInput(subject_id="me", feed_element_type="FeedItem", body=body))

    if bare(b"") != ours(b""):
        raise RuntimeError("the two posts differ")
    times = _turns(rounds, b"", ours, bare)
    yield Figure(f"build and encode a post of {_SEGMENTS} segments", median(times[0]) * 1e6, "µs")
    yield Figure("  times as long as bare msgspec", _ratio(times[0], times[1]), "×", at_most=2)


def _models() -> Any:
    return importlib.import_module(f"sf_connect.v{NEWEST}.models")


def _turns(rounds: int, body: bytes, *ways: Callable[[bytes], Any]) -> list[list[float]]:
    """Seconds of the processor that each way takes in each round."""
    for way in ways:
        way(body)
    seconds: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, own in zip(ways, seconds, strict=True):
            started = time.process_time()
            way(body)
            own.append(time.process_time() - started)
    return seconds


def _ratio(seconds: list[float], base: list[float]) -> float:
    return median(one / other for one, other in zip(seconds, base, strict=True))
