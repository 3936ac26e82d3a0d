"""Measures connections: what bursts of tasks open, and what many clients cost.

`python -m benchmarks.connections` measures one thing in this process and prints it as JSON; `figures` starts it for
each.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import ROOT, Figure, environment
from benchmarks.loopback import COUNT, serving
from benchmarks.processes import run

_BURSTS, _TASKS = 10, 100
_CLIENTS = 100
_PATH = "/services/data/v67.0/chatter/users/me"


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure in fresh processes against a server in another one.

    Args:
        workplace: a folder.
        repeats: how many processes measure each; the median counts.
    """
    with serving() as address:

        def measured(what: str) -> list[dict[str, float]]:
            command = [sys.executable, "-m", "benchmarks.connections", what, address, str(workplace)]
            outputs = [run(command, cwd=ROOT, env=environment(ROOT)).output for _ in range(min(repeats, 3))]
            return [json.loads(output.splitlines()[-1]) for output in outputs]

        bursts, many = measured("bursts"), measured("clients")
    yield Figure.of(
        f"connections of {_BURSTS} bursts of {_TASKS} tasks", (item["opened"] for item in bursts), "", _TASKS
    )
    yield Figure.of(
        f"a further client and its first call, {_CLIENTS} in a process", (item["us"] for item in many), "µs", 5000
    )
    yield Figure.of("  memory of each", (item["kb"] for item in many), "kB")


def _resident() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise LookupError("VmRSS")


def _bursts(address: str, workplace: Path) -> dict[str, float]:
    """How many connections a client opens for tasks that all begin at once, several times."""
    from sf_connect.core import AsyncClient

    class Connect(AsyncClient):
        api_version = "67.0"

    async def opened(client: AsyncClient) -> float:
        answer: Any = await client.request("GET", COUNT)
        return float(answer["connections"])

    async def work() -> float:
        async with Connect(address, token="benchmark") as client:
            before = await opened(client)
            for _ in range(_BURSTS):
                await asyncio.gather(*(client.request("GET", _PATH) for _ in range(_TASKS)))
            return await opened(client) - before + 1

    return {"opened": asyncio.run(work())}


def _clients(address: str, workplace: Path) -> dict[str, float]:
    """What a further client costs where one exists: they share what checks certificates."""
    from sf_connect.core import SyncClient

    class Connect(SyncClient):
        api_version = "67.0"

    def make() -> SyncClient:
        client = Connect(address, token="benchmark")
        client.request("GET", _PATH)  # what a client needs is made for its first call
        return client

    clients = [make()]
    before, times = _resident(), list[float]()
    for _ in range(_CLIENTS):
        started = time.perf_counter()
        clients.append(make())
        times.append(time.perf_counter() - started)
    after = _resident()
    for client in clients:
        client.close()
    return {"us": median(times) * 1e6, "kb": (after - before) / _CLIENTS}


_MEASUREMENTS: dict[str, Callable[[str, Path], dict[str, float]]] = {
    "bursts": _bursts,
    "clients": _clients,
}

if __name__ == "__main__":
    what, address, workplace = sys.argv[1:]
    print(json.dumps(_MEASUREMENTS[what](address, Path(workplace))))
