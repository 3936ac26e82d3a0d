"""Measures downloads beside those of bare httpx2: into a file and piece by piece, sync and async.

`python -m benchmarks.downloads` measures in this process and prints JSON; `figures` starts it.

Each download goes to a name that no file has, in memory where the system has files there (`/dev/shm`): what a disk does
with 100 MB takes longer than the download, and most differently from time to time.

An asynchronous client writes its file in a thread, so that its event loop goes on while the disk takes its time. It is
measured beside an httpx2 that does so too, and beside one that has its loop wait.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import ROOT, Figure, environment
from benchmarks.loopback import serving
from benchmarks.processes import run

_BYTES = 100_000_000
_ROUNDS = 12
_URL = f"/file?bytes={_BYTES}"
_HEADERS = {"Authorization": "Bearer benchmark"}
_FIGURES = (
    ("file", "a download into a file, sync, over bare httpx2", 1.05),
    ("pieces", "a download piece by piece, sync, over bare httpx2", 1.05),
    ("async file", "a download into a file, async, over bare httpx2", 1.05),
    ("async file in loop", "  over one whose event loop waits for the disk", 1.1),
    ("async pieces", "a download piece by piece, async, over bare httpx2", 1.05),
)
_Pair = tuple[Callable[[], object], Callable[[], object]]


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure in fresh processes against a server in another one.

    Args:
        workplace: a folder with room for a download of 100 MB.
        repeats: how many processes measure; the median counts.
    """
    with serving() as address:
        command = [sys.executable, "-m", "benchmarks.downloads", address, str(workplace)]
        outputs = [run(command, cwd=ROOT, env=environment(ROOT)).output for _ in range(min(repeats, 3))]
    measured = [json.loads(output.splitlines()[-1]) for output in outputs]
    for kind, shown, limit in _FIGURES:
        yield Figure.of(shown, (item[kind][0] for item in measured), "×", limit)
        yield Figure.of("  by processor time", (item[kind][1] for item in measured), "×", limit)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def _ratios(bare: Callable[[], object], ours: Callable[[], object], target: Path) -> tuple[float, float]:
    """By the clock and by processor time, of rounds in which now the one and now the other is first."""

    def one(work: Callable[[], object]) -> tuple[float, float]:
        target.unlink(missing_ok=True)
        return _timed(work)

    one(bare)  # what the first ones import and connect is no part of it
    one(ours)
    rounds: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for number in range(_ROUNDS):
        if number % 2:
            our, base = one(ours), one(bare)
        else:
            base, our = one(bare), one(ours)
        rounds.append((base, our))
    return median(our[0] / base[0] for base, our in rounds), median(our[1] / base[1] for base, our in rounds)


def _sync(address: str, target: Path) -> dict[str, tuple[float, float]]:
    import httpx2

    from sf_connect.core import SyncClient

    class Connect(SyncClient):
        api_version = "67.0"

    def bare_file() -> None:
        with http.stream("GET", address + _URL, headers=_HEADERS) as response, target.open("xb") as file:
            for piece in response.iter_bytes():
                file.write(piece)

    def bare_pieces() -> None:
        with http.stream("GET", address + _URL, headers=_HEADERS) as response:
            for _ in response.iter_bytes():
                pass

    def our_pieces() -> None:
        with client.download_from(_URL).open() as pieces:
            for _ in pieces:
                pass

    with httpx2.Client() as http, Connect(address, token="benchmark") as client:
        pairs: dict[str, _Pair] = {
            "file": (bare_file, lambda: client.download_from(_URL).to(target)),
            "pieces": (bare_pieces, our_pieces),
        }
        return {kind: _ratios(*pair, target) for kind, pair in pairs.items()}


def _async(address: str, target: Path) -> dict[str, tuple[float, float]]:
    import httpx2

    from sf_connect.core import AsyncClient

    class Connect(AsyncClient):
        api_version = "67.0"

    async def bare_file() -> None:
        async with http.stream("GET", address + _URL, headers=_HEADERS) as response:
            with target.open("xb") as file:
                async for piece in response.aiter_bytes():
                    await asyncio.to_thread(file.write, piece)

    async def bare_file_in_loop() -> None:
        async with http.stream("GET", address + _URL, headers=_HEADERS) as response:
            with target.open("xb") as file:
                async for piece in response.aiter_bytes():
                    file.write(piece)

    async def bare_pieces() -> None:
        async with http.stream("GET", address + _URL, headers=_HEADERS) as response:
            async for _ in response.aiter_bytes():
                pass

    async def our_pieces() -> None:
        async with client.download_from(_URL).open() as pieces:
            async for _ in pieces:
                pass

    with asyncio.Runner() as runner:
        http, client = httpx2.AsyncClient(), Connect(address, token="benchmark")

        def our_file() -> object:
            return runner.run(client.download_from(_URL).to(target))

        pairs: dict[str, _Pair] = {
            "async file": (lambda: runner.run(bare_file()), our_file),
            "async file in loop": (lambda: runner.run(bare_file_in_loop()), our_file),
            "async pieces": (lambda: runner.run(bare_pieces()), lambda: runner.run(our_pieces())),
        }
        result = {kind: _ratios(*pair, target) for kind, pair in pairs.items()}
        runner.run(http.aclose())
        runner.run(client.aclose())
        return result


if __name__ == "__main__":
    address, workplace = sys.argv[1:]
    target = Path(workplace) / "downloaded"
    print(json.dumps({**_sync(address, target), **_async(address, target)}))
