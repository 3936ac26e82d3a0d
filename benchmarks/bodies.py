"""Measures bodies: decoding a page of a feed beside pydantic and attrs, encoding a post beside bare msgspec."""

from __future__ import annotations

import gc
import importlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

from benchmarks.figures import NEWEST, ROOT, Figure

_SEGMENTS = 100
_IN_A_TURN = 4


def figures(_: Path, repeats: int) -> Iterator[Figure]:
    """Measure core and the models of the newest client under `generated/`, in this process.

    Each way has its turn in every round, so that a busy machine slows all of them. Ratios to libraries whose objects
    the garbage collector tracks are of the seconds of all rounds together, since it runs in some of them on behalf of
    all; ratios to bare msgspec are medians. The first decoding of a turn is not counted: what the other libraries left
    in the caches and in memory decides it.

    Args:
        repeats: a third of the number of rounds.
    """
    sys.path[:0] = [str(ROOT / "core"), str(ROOT / "generated" / f"sf-connect-v{NEWEST}")]
    yield from _decoding(3 * repeats)
    yield from _recorded(3 * repeats)
    yield from _encoding(100 * repeats)


def _decoding(rounds: int) -> Iterator[Figure]:
    from benchmarks.feed_page import page
    from benchmarks.peers import by_attrs, by_msgspec, by_pydantic
    from sf_connect.core.wire.decoding import decode

    root = _models().FeedElementPage
    sample = page()

    def ours(body: bytes) -> Any:
        return decode(body, root, "GET a page")

    bare = (by_msgspec(sample, root, every_kind=False), by_msgspec(sample, root, every_kind=True))
    ways = [ours, by_pydantic(sample, root, fallback=False), by_attrs(sample, root), *bare]
    known = _turns(rounds, sample, *ways)
    yield Figure("decode a 1 MB feed page, all kinds known", _typical_seconds(known[0]) * 1e3, "ms")
    yield Figure("  pydantic, discriminated unions: times as long", _total(known[1], known[0]), "×", at_least=8.5)
    yield Figure("    with the caches cold, after the other libraries", _cold(known[1], known[0]), "×")
    yield Figure("    bare msgspec, only the kinds that come: at most", _total(known[1], known[3]), "×")
    yield Figure("    bare msgspec, all kinds of the version: at most", _total(known[1], known[4]), "×")
    yield Figure("  attrs and cattrs: times as long", _total(known[2], known[0]), "×")

    body = page(unknown_every=20)
    mixed = _turns(rounds, body, ours, by_pydantic(sample, root, fallback=True), by_attrs(sample, root))
    yield Figure("decode one with an unknown kind in twenty elements", _typical_seconds(mixed[0]) * 1e3, "ms")
    yield Figure("  pydantic, with the base class for it: times as long", _total(mixed[1], mixed[0]), "×", at_least=3)
    yield Figure("  attrs and cattrs: times as long", _total(mixed[2], mixed[0]), "×")


def _recorded(rounds: int) -> Iterator[Figure]:
    """Pages in the manner of recorded ones, each beside pydantic with the class for records as fallback."""
    from benchmarks.peers import by_msgspec, by_pydantic
    from benchmarks.recorded_pages import PAGES, recorded_page
    from sf_connect.core.wire.decoding import decode

    root = _models().FeedElementPage

    def ours(body: bytes) -> Any:
        return decode(body, root, "GET a page")

    yield Figure("decode pages in the manner of recorded ones", len(PAGES), "")
    slowest: list[float] = []
    of_equals: list[float] = []
    for name in PAGES:
        body = recorded_page(name)
        ours(body)  # the first of its types of records is read the slow way
        bare = (by_msgspec(body, root, every_kind=False), by_msgspec(body, root, every_kind=True))
        times = _turns(rounds, body, ours, by_pydantic(body, root, fallback=True), *bare)
        yield Figure(f"  {name}, pydantic: times as long", _total(times[1], times[0]), "×", at_least=6)
        slowest.append(_ratio(times[0], times[2]))
        of_equals.append(_ratio(times[0], times[3]))
    yield Figure("  the most that one takes of bare msgspec's time", max(slowest), "×", at_most=1.25)
    yield Figure("    with all kinds of the version, as the client has", max(of_equals), "×", at_most=1)


def _encoding(rounds: int) -> Iterator[Figure]:
    import msgspec

    from sf_connect.core.wire.encoding import encode

    models = _models()
    names = ("MessageSegmentInputMentionInput", "MessageSegmentInputTextInput", "MessageBodyInput", "FeedItemInput")
    plain = SimpleNamespace(**{name: _plain(getattr(models, name)) for name in names})

    def bare(_: bytes) -> bytes:
        segments = [
            (
                plain.MessageSegmentInputMentionInput(id="005000000000001")
                if number % 2
                else plain.MessageSegmentInputTextInput(text="Have you seen what came in? ")
            )
            for number in range(_SEGMENTS)
        ]
        body = plain.MessageBodyInput(message_segments=segments)
        return msgspec.json.encode(plain.FeedItemInput(subject_id="me", feed_element_type="FeedItem", body=body))

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
    yield Figure(f"build and encode a post of {_SEGMENTS} segments", _typical_seconds(times[0]) * 1e6, "µs")
    yield Figure("  times as long as bare msgspec", _ratio(times[0], times[1]), "×", at_most=2)


def _plain(model: Any) -> Any:
    """A class of msgspec alone with the fields of a request type."""
    import msgspec

    fields = [
        (one.name, one.type, msgspec.field(name=one.encode_name, default=one.default))
        for one in msgspec.structs.fields(model)
    ]
    return msgspec.defstruct(model.__name__, fields, kw_only=True)


def _models() -> Any:
    return importlib.import_module(f"sf_connect.v{NEWEST}.models")


def _turns(rounds: int, body: bytes, *ways: Callable[[bytes], Any]) -> list[list[Sequence[float]]]:
    """Seconds of the processor of each way, by round, for each decoding of its turn."""
    for way in ways:
        way(body)
    gc.collect()
    gc.freeze()  # the classes of all libraries are nothing that a collection on behalf of one of them should look at
    seconds: list[list[Sequence[float]]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, own in zip(ways, seconds, strict=True):
            own.append([_seconds(way, body) for _ in range(_IN_A_TURN)])
    gc.unfreeze()
    return seconds


def _seconds(way: Callable[[bytes], Any], body: bytes) -> float:
    started = time.process_time()
    way(body)
    return time.process_time() - started


def _typical_seconds(turns: list[Sequence[float]]) -> float:
    """The seconds of a way: without the first of each turn, which finds the caches as the others left them."""
    return median(one for turn in turns for one in turn[1:])


def _ratio(turns: list[Sequence[float]], base: list[Sequence[float]]) -> float:
    return median(median(one[1:]) / median(other[1:]) for one, other in zip(turns, base, strict=True))


def _total(turns: list[Sequence[float]], base: list[Sequence[float]]) -> float:
    """The ratio of the seconds of all turns, in which the garbage collector's are."""
    return sum(sum(one[1:]) for one in turns) / sum(sum(one[1:]) for one in base)


def _cold(turns: list[Sequence[float]], base: list[Sequence[float]]) -> float:
    """The ratio of the first of each turn."""
    return median(one[0] / other[0] for one, other in zip(turns, base, strict=True))
