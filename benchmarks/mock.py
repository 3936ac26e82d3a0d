"""Measures `connectgen mock`: how soon it takes requests, how many a second, how much memory every version takes.

The load comes from wrk (Debian's package of that name); without it that figure is left out, and a line says so.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.figures import NEWEST, ROOT, VERSIONS, Figure, environment

_ME = f"/services/data/v{NEWEST}.0/chatter/users/me"
_TOKEN = {"Authorization": "Bearer mock-token"}
_CONNECTIONS = 16
_SECONDS = 5


@dataclass(frozen=True, slots=True)
class _Server:
    pid: int
    url: str
    seconds: float
    """From the start of the process to its first answer."""


@contextmanager
def _running(workplace: Path) -> Generator[_Server, None, None]:
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "connectgen", "mock"],
        cwd=workplace,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    try:
        url = process.stdout.readline().strip() if process.stdout else ""
        seconds = time.perf_counter() - started
        yield _Server(process.pid, url, seconds)
    finally:
        process.terminate()
        process.communicate()


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure the mock of the real catalogue.

    Args:
        workplace: working directory of the server; its cache arises there.
        repeats: how often the server is started.
    """
    first: list[float] = []
    cold = _started(workplace, first)
    warm = [_started(workplace, first) for _ in range(repeats)]
    yield Figure("mock: until it takes requests, nothing remembered", cold * 1000, "ms", at_most=1000)
    yield Figure("  the catalogue remembered from an earlier run", median(warm) * 1000, "ms", at_most=1000)
    yield Figure("  until the first answer of the API, remembered", median(first[1:]) * 1000, "ms")
    with _running(workplace) as server:
        _get(server.url + _ME)
        yield from _load(server.url)
    with _running(workplace) as server:
        for version in VERSIONS:
            for path in ("chatter/users/me", "chatter/feeds/news/me/feed-elements", "chatter/unknown?x=1"):
                _get(f"{server.url}/services/data/v{version}.0/{path}")
        yield Figure("  memory after touching every version", _peak_mb(server.pid), "MB", at_most=200)


def _started(workplace: Path, first: list[float]) -> float:
    began = time.perf_counter()
    with _running(workplace) as server:
        _get(server.url + _ME)
        first.append(time.perf_counter() - began)
        return server.seconds


def _get(address: str) -> None:
    request = urllib.request.Request(address, headers=_TOKEN)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise


def _load(url: str) -> Iterator[Figure]:
    """Requests a second: one that the mock has answered before, and ever new ones."""
    program = shutil.which("wrk")
    if program is None:
        print("mock: requests a second are left out: wrk is not installed (apt-get install wrk)")
        return
    again = _requests_a_second([program, url + _ME])
    yield Figure("  GET /chatter/users/me, 16 kept-alive connections", again, "/s", at_least=1000)
    script = ROOT / "benchmarks" / "mock_users.lua"
    new = _requests_a_second([program, "--script", str(script), f"{url}/services/data/v{NEWEST}.0"])
    yield Figure("  GET /chatter/users/{id}, each id once", new, "/s")


def _requests_a_second(command: list[str]) -> float:
    options = ["--threads", "1", "--connections", str(_CONNECTIONS), "--duration", f"{_SECONDS}s"]
    headers = [part for name, value in _TOKEN.items() for part in ("--header", f"{name}: {value}")]
    done = subprocess.run(
        [command[0], *options, *headers, *command[1:]], capture_output=True, text=True, check=True, timeout=60
    )
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout:
        raise RuntimeError(f"wrk said:\n{done.stdout}")
    return float(found[1])


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) * 1024 / 1e6 if found else 0.0
