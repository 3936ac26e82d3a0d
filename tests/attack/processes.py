"""Eight processes at once, for a minute: `generate`, `wheels` and the mock over one folder and cache, and clients."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from support.command import files_of
from wheels.checkout import Checkout, make_checkout

SECONDS = float(os.environ.get("ATTACK_CROWD_SECONDS", "60"))
_AT_ONCE = 8
_LONGEST = 300


def many_processes() -> str:
    """Start what eight processes can, one after the other ends, until the minute is over; each must end well."""
    with TemporaryDirectory() as folder:
        libraries = Path(folder) / "libraries"
        libraries.mkdir()
        checkout = make_checkout(Path(folder) / "checkout", libraries)
        checkout.run("generate")
        checkout.run("wheels")
        before = files_of(checkout.folder / "generated"), _wheels(checkout)
        ended = _crowd(checkout)
        for arguments in (("generate", "--check"), ("generate", "--no-cache"), ("generate", "--check"), ("wheels",)):
            checkout.run(*arguments)
        if (files_of(checkout.folder / "generated"), _wheels(checkout)) != before:
            raise AssertionError("eight processes at once left other packages behind")
        for number in range(_AT_ONCE):
            own = checkout.folder / f"own{number}"
            if own.exists() and files_of(own) != before[0]:
                raise AssertionError("one of eight processes wrote other packages")
    told = ", ".join(f"{count} × {name}" for name, count in sorted(ended.items()))
    return f"{_AT_ONCE} at once for {SECONDS:g} s: {told}; the same {len(before[0])} files and {len(before[1])} wheels"


def _wheels(checkout: Checkout) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in checkout.dist.glob("*.whl")}


def _crowd(checkout: Checkout) -> Counter[str]:
    """Run the jobs; how many of each ended."""
    jobs: list[Callable[[int], tuple[str, subprocess.Popen[str]]]] = [
        lambda _: ("generate", checkout.start("generate")),
        lambda number: ("generate into a folder of its own", checkout.start("generate", "--out", f"own{number}")),
        lambda _: ("wheels", checkout.start("wheels")),
        lambda _: ("mock with clients", _mocked(checkout)),
    ]
    ended: Counter[str] = Counter()
    running: list[tuple[int, str, subprocess.Popen[str], float]] = []
    free, turn = list(range(_AT_ONCE)), 0
    until = time.monotonic() + SECONDS
    while running or time.monotonic() < until:
        while free and time.monotonic() < until:
            number = free.pop()
            name, process = jobs[turn % len(jobs)](number)
            running.append((number, name, process, time.monotonic()))
            turn += 1
        time.sleep(0.02)
        for one in list(running):
            number, name, process, begun = one
            if process.poll() is None:
                if time.monotonic() - begun > _LONGEST:
                    raise AssertionError(f"{name} hangs")
                continue
            out, err = process.communicate()
            if process.returncode or "Traceback" in out + err:
                raise AssertionError(f"{name} ended with {process.returncode}\n{out}{err}"[-2000:])
            running.remove(one)
            free.append(number)
            ended[name] += 1
    return ended


_CALLER = """
import os, sys
sys.path.insert(0, sys.argv[1])
from sf_connect.core import Operation, SyncClient
from sf_connect.testing import MockServer

class Connect(SyncClient):
    api_version = "32.0"

get = Operation("garden.plants.list", "GET", "/garden/plants", dict)
with MockServer(()) as server:
    client = Connect(server.url, token="mock-token")
    first = client._dispatcher.send(get, query={"pageSize": "1"})
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            wrong = sum(client._dispatcher.send(get, query={"pageSize": "1"}) != first for _ in range(25))
            os._exit(min(wrong, 1))
        children.append(child)
    wrong = sum(client._dispatcher.send(get, query={"pageSize": "1"}) != first for _ in range(25))
    codes = [os.waitpid(child, 0)[1] for child in children]
    sys.exit(1 if wrong or any(codes) else 0)
"""


def _mocked(checkout: Checkout) -> subprocess.Popen[str]:
    """A mock over the shared cache, and a client that calls it from five processes: before a fork and after it."""
    return subprocess.Popen(
        [sys.executable, "-c", _CALLER, str(checkout.folder / "core")],
        cwd=checkout.folder, env=checkout.environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
