"""Measures the runtime: a call over bare httpx2, a gigabyte up and down, and the memory that calls leave behind.

`python -m benchmarks.runtime` measures one thing in this process and prints it as JSON; `figures` starts it for each.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks.figures import ROOT, Figure, environment
from benchmarks.loopback import serving
from benchmarks.processes import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sf_connect.core import Operation

T = TypeVar("T")
_GIGABYTE = 10**9
_CALLS = 10_000
_ROUNDS = 40
_CALLS_A_ROUND = 50
_PATH = "/services/data/v67.0/chatter/users/me"


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure in fresh processes against a server in another one.

    Args:
        workplace: a folder with room for a gigabyte.
        repeats: how many processes measure the time of calls; the median counts.
    """
    with serving() as address:

        def measured(what: str, kind: str) -> dict[str, float]:
            command = [sys.executable, "-m", "benchmarks.runtime", what, kind, address, str(workplace)]
            env = environment(ROOT)
            result: dict[str, float] = json.loads(run(command, cwd=ROOT, env=env).output.splitlines()[-1])
            return result

        for kind in ("sync", "async"):
            runs = [measured("calls", kind) for _ in range(repeats)]
            yield Figure.of(f"a call over a bare one of httpx2, {kind}", (item["ratio"] for item in runs), "×", 1.25)
            processor = (item["processor"] for item in runs)
            yield Figure.of("  by processor time, which other work disturbs less", processor, "×", 1.06)
            yield Figure.of("  the call", (item["us"] for item in runs), "µs")
        for kind in ("sync", "async"):
            for what in ("upload", "download"):
                moved = measured(what, kind)
                yield Figure(f"1 GB {what}, {kind}", moved["seconds"], "s")
                yield Figure("  peak memory over that before", moved["mb"], "MB", 16)
            yield Figure(f"memory that 10,000 calls leave, {kind}", measured("leak", kind)["mb"], "MB", 2)


def _memory(name: str) -> float:
    """A line of /proc/self/status (`VmRSS` now, `VmHWM` at the peak) in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024 / 1e6
    raise LookupError(name)


def _parts() -> tuple[Any, Any, Any, Any]:
    """Clients and operations, made here so that only a measuring process imports the runtime."""
    from sf_connect.core import AsyncClient, Model, Operation, SyncClient

    class User(Model):
        id: str | None = None
        name: str | None = None
        type: str | None = None

    class Connect(SyncClient):
        api_version = "67.0"

        def call(
            self, operation: Operation[T], path: tuple[object, ...] = (), parts: Mapping[str, object] | None = None
        ) -> T:
            return self._dispatcher.send(operation, path, parts=parts)

    class AsyncConnect(AsyncClient):
        api_version = "67.0"

        async def call(
            self, operation: Operation[T], path: tuple[object, ...] = (), parts: Mapping[str, object] | None = None
        ) -> T:
            return await self._dispatcher.send(operation, path, parts=parts)

    get = Operation[Any]("chatter.users.get", "GET", "/chatter/users/{userId}", User)
    post = Operation[Any]("files.files.create", "POST", "/connect/files", dict, retry="unsafe")
    return Connect, AsyncConnect, get, post


def _timed(calls: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    calls()
    return time.perf_counter() - clock, time.process_time() - processor


def _compared(bare: Callable[[], object], ours: Callable[[], object]) -> dict[str, float]:
    """Short rounds that take turns, so that both meet the same moments of the machine; medians of the pairs."""
    bare()
    ours()
    rounds = [(_timed(bare), _timed(ours)) for _ in range(_ROUNDS)]
    return {
        "ratio": median(our[0] / base[0] for base, our in rounds),
        "processor": median(our[1] / base[1] for base, our in rounds),
        "us": median(our[0] for _, our in rounds) / _CALLS_A_ROUND * 1e6,
    }


def _calls_sync(address: str, workplace: Path) -> dict[str, float]:
    import httpx2

    connect, _, get, _ = _parts()
    headers = {"Authorization": "Bearer benchmark", "Accept": "application/json"}

    def bare() -> None:
        for _ in range(_CALLS_A_ROUND):
            http.get(address + _PATH, headers=headers).json()

    def ours() -> None:
        for _ in range(_CALLS_A_ROUND):
            client.call(get, ("me",))

    with httpx2.Client() as http, connect(address, token="benchmark") as client:
        return _compared(bare, ours)


def _calls_async(address: str, workplace: Path) -> dict[str, float]:
    import httpx2

    _, connect, get, _ = _parts()
    headers = {"Authorization": "Bearer benchmark", "Accept": "application/json"}
    with asyncio.Runner() as runner:
        http, client = httpx2.AsyncClient(), connect(address, token="benchmark")

        async def bare() -> None:
            for _ in range(_CALLS_A_ROUND):
                (await http.get(address + _PATH, headers=headers)).json()

        async def ours() -> None:
            for _ in range(_CALLS_A_ROUND):
                await client.call(get, ("me",))

        result = _compared(lambda: runner.run(bare()), lambda: runner.run(ours()))
        runner.run(http.aclose())
        runner.run(client.aclose())
        return result


def _moved(move: Callable[[], object]) -> dict[str, float]:
    before, started = _memory("VmRSS"), time.perf_counter()
    move()
    return {"seconds": time.perf_counter() - started, "mb": _memory("VmHWM") - before}


def _sparse(workplace: Path) -> Path:
    path = workplace / "gigabyte"
    with path.open("wb") as file:
        file.truncate(_GIGABYTE)
    return path


def _upload_sync(address: str, workplace: Path) -> dict[str, float]:
    from sf_connect.core import Upload

    connect, _, get, post = _parts()
    with connect(address, token="benchmark") as client:
        client.call(get, ("me",))  # what the first call imports is no part of it
        return _moved(lambda: client.call(post, parts={"fileData": Upload(_sparse(workplace))}))


def _upload_async(address: str, workplace: Path) -> dict[str, float]:
    from sf_connect.core import Upload

    _, connect, get, post = _parts()
    with asyncio.Runner() as runner:
        client = connect(address, token="benchmark")
        runner.run(client.call(get, ("me",)))
        result = _moved(lambda: runner.run(client.call(post, parts={"fileData": Upload(_sparse(workplace))})))
        runner.run(client.aclose())
        return result


def _download_sync(address: str, workplace: Path) -> dict[str, float]:
    connect, _, _, _ = _parts()
    with connect(address, token="benchmark") as client:
        client.download_from("/file?bytes=1").read()
        return _moved(lambda: client.download_from(f"/file?bytes={_GIGABYTE}").to(workplace / "gigabyte"))


def _download_async(address: str, workplace: Path) -> dict[str, float]:
    _, connect, _, _ = _parts()
    with asyncio.Runner() as runner:
        client = connect(address, token="benchmark")
        runner.run(client.download_from("/file?bytes=1").read())
        download = client.download_from(f"/file?bytes={_GIGABYTE}")
        result = _moved(lambda: runner.run(download.to(workplace / "gigabyte")))
        runner.run(client.aclose())
        return result


def _left(calls: Callable[[int], object]) -> dict[str, float]:
    calls(2000)
    gc.collect()
    before = _memory("VmRSS")
    calls(_CALLS)
    gc.collect()
    return {"mb": _memory("VmRSS") - before}


def _leak_sync(address: str, workplace: Path) -> dict[str, float]:
    connect, _, get, _ = _parts()

    def calls(number: int) -> None:
        for _ in range(number):
            client.call(get, ("me",))

    with connect(address, token="benchmark") as client:
        return _left(calls)


def _leak_async(address: str, workplace: Path) -> dict[str, float]:
    _, connect, get, _ = _parts()
    with asyncio.Runner() as runner:
        client = connect(address, token="benchmark")

        async def calls(number: int) -> None:
            for _ in range(number):
                await client.call(get, ("me",))

        result = _left(lambda number: runner.run(calls(number)))
        runner.run(client.aclose())
        return result


_MEASUREMENTS: dict[tuple[str, str], Callable[[str, Path], dict[str, float]]] = {
    ("calls", "sync"): _calls_sync,
    ("calls", "async"): _calls_async,
    ("upload", "sync"): _upload_sync,
    ("upload", "async"): _upload_async,
    ("download", "sync"): _download_sync,
    ("download", "async"): _download_async,
    ("leak", "sync"): _leak_sync,
    ("leak", "async"): _leak_async,
}

if __name__ == "__main__":
    what, kind, address, workplace = sys.argv[1:]
    print(json.dumps(_MEASUREMENTS[what, kind](address, Path(workplace))))
