"""Measures `connectgen mock`: how soon it takes requests, how many a second, how much memory every version takes.

The load comes from wrk (Debian's package of that name); without it that figure is left out, and a line says so.
"""

from __future__ import annotations

import json
import os
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
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.figures import NEWEST, ROOT, VERSIONS, Figure, environment

_API = f"/services/data/v{NEWEST}.0"
_ME = f"{_API}/chatter/users/me"
_PAGE = f"{_API}/chatter/feeds/news/me/feed-elements?pageSize=100"
"""A page of about 500 kB."""
_TOKEN = {"Authorization": "Bearer mock-token"}
_CONNECTIONS = 16
_SECONDS = 5
_STUBS = 9
"""Stubs that are not for the request, beside the one that is."""


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
        yield from _load(server)
    with _running(workplace) as server:
        slowest = 0.0
        for version in VERSIONS:
            began = _processor_seconds(server.pid)
            _get(f"{server.url}/services/data/v{version}.0/chatter/users/me")
            slowest = max(slowest, _processor_seconds(server.pid) - began)
            for path in ("chatter/feeds/news/me/feed-elements", "chatter/unknown?x=1"):
                _get(f"{server.url}/services/data/v{version}.0/{path}")
        yield Figure("  the first answer of a version, the slowest of all", slowest * 1000, "ms", at_most=600)
        yield Figure("  memory after touching every version", _peak_mb(server.pid), "MB", at_most=100)


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


def _load(server: _Server) -> Iterator[Figure]:
    """Requests a second: ones that the mock has answered before, ever new ones, and ones that stubs are for."""
    program = shutil.which("wrk")
    if program is None:
        print("mock: requests a second are left out: wrk is not installed (apt-get install wrk)")
        return
    url, new = server.url, ["--script", str(ROOT / "benchmarks" / "mock_new.lua"), server.url, "--"]
    rate = partial(_requests_a_second, server, program)
    yield Figure("mock, of its processor time: GET /chatter/users/me", rate([url + _ME]), "/s", at_least=1000)
    yield Figure("  GET /chatter/users/{id}, each id once", rate([*new, f"{_API}/chatter/users/005%012d"]), "/s")
    large = f"  a page of {_size(url + _PAGE) // 1000} kB of the news feed"
    yield Figure(f"{large}, each once", rate([*new, _PAGE + "&q=word%d"]), "/s", at_least=100)
    yield Figure(f"{large}, always the same", rate([url + _PAGE]), "/s", at_least=2000)
    for number in range(_STUBS):
        match = {"path": {"userId": f"005{number:012d}"}}
        _post(f"{url}/__mock__/stubs", {"operation": "chatter.users.get", "match": match, "response": {"json": {}}})
    _post(f"{url}/__mock__/stubs", {"operation": "chatter.users.get", "response": {"json": {"firstName": "Ada"}}})
    yield Figure(f"  GET /chatter/users/me, from one of {_STUBS + 1} stubs", rate([url + _ME]), "/s", at_least=1000)


def _size(address: str) -> int:
    with urllib.request.urlopen(urllib.request.Request(address, headers=_TOKEN), timeout=30) as answer:
        return len(answer.read())


def _post(address: str, content: object) -> None:
    request = urllib.request.Request(address, json.dumps(content).encode(), headers=_TOKEN)
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


def _requests_a_second(server: _Server, program: str, arguments: list[str]) -> float:
    """Requests a second of the server's processor time: the server has one core, and other work may use it too."""
    options = ["--threads", "1", "--connections", str(_CONNECTIONS), "--duration", f"{_SECONDS}s"]
    headers = [part for name, value in _TOKEN.items() for part in ("--header", f"{name}: {value}")]
    before = _processor_seconds(server.pid)
    done = subprocess.run(
        [program, *options, *headers, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    found = re.search(r"(\d+) requests in", done.stdout)
    if found is None or "Non-2xx" in done.stdout:
        raise RuntimeError(f"wrk said:\n{done.stdout}")
    return int(found[1]) / (_processor_seconds(server.pid) - before)


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) * 1024 / 1e6 if found else 0.0
