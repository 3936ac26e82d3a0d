"""Runs the attacks and prints what was tried, how often, and what was found: `python -m attack` in tests/."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

TESTS = Path(__file__).parents[1]
FUZZED = ("decoding", "yaml", "urls", "mock")
FUZZ_SECONDS = int(os.environ.get("ATTACK_FUZZ_SECONDS", "60"))


def suites() -> str:
    """The tests of attacks, as they are."""
    paths = ["core/test_attacks.py", "core/test_forks.py", "core/test_secrets.py", "core/test_connections.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths, "mock/test_attacks.py"]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if done.returncode:
        raise AssertionError("\n".join(lines[-30:]))
    return lines[-1]


def stale_connections() -> str:
    """Unsafe calls at just the time at which a server closes idle connections."""
    from core.conftest import QUICK, TOKEN, Connect, dispatcher
    from core.raw_server import raw_server, response
    from sf_connect.core import APIConnectionError, Operation

    post: Operation[bytes] = Operation("f.g.post", "POST", "/chatter/things", bytes, retry="unsafe")
    chance, failed, count = random.Random(1), 0, 150
    with raw_server(lambda connection, _: connection.sendall(response(b"{}")), idle=0.1) as server:
        with Connect(server.url, token=TOKEN, retry_policy=QUICK) as client:
            for _ in range(count):
                try:
                    dispatcher(client).send(post)
                except APIConnectionError:
                    failed += 1
                time.sleep(chance.uniform(0.095, 0.105))
        if len(server.requests) > count:
            raise AssertionError("an unsafe call was sent twice")
    return f"{count} unsafe calls as idle connections close: none sent twice, {failed} failed"


def many_processes() -> str:
    """Eight processes at once generate one version, each into a folder of its own, over one cache."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        commands = [
            [sys.executable, "-m", "connectgen", "generate", "67.0", "--output", str(Path(folder) / str(number))]
            for number in range(8)
        ]
        running = [subprocess.Popen(one, cwd=TESTS.parent, stdout=-3, stderr=subprocess.PIPE) for one in commands]
        for process in running:
            _, errors = process.communicate(timeout=500)
            if process.returncode:
                raise AssertionError(errors.decode()[-1000:])
        trees = [
            {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
            for root in (Path(folder) / str(number) for number in range(8))
        ]
    if any(tree != trees[0] for tree in trees):
        raise AssertionError("eight processes wrote different packages")
    return f"8 at once wrote the same {len(trees[0])} files"


def clocks() -> str:
    """Clocks that jump: retries, limits and tokens go by a clock that does not, or bear it."""
    from sf_connect.core import LocalRateLimitError, RateLimiter
    from sf_connect.core.transport.retries import parse_retry_after

    jumps, count = random.Random(2), 0
    for _ in range(2000):
        now = jumps.uniform(-1e6, 4e9)
        limiter = RateLimiter(3, wait=False, clock=lambda: now)  # noqa: B023  called before the next turn
        for _ in range(10):
            now += jumps.choice((-1e9, -3600, -1, 0, 1, 3600, 1e9))
            try:
                if limiter.reserve() < 0:
                    raise AssertionError("a limiter waits a negative time")
            except LocalRateLimitError:
                pass
            count += 1
        with patch("sf_connect.core.transport.retries.time", return_value=now):
            delay = parse_retry_after("Wed, 21 Oct 2026 07:28:00 GMT")
        if delay is None or delay < 0:
            raise AssertionError("Retry-After is before now")
    return f"{count} jumps of a clock: no negative delay"


def fuzzing() -> str:
    """Atheris on each of the readers, where it is installed."""
    told: list[str] = []
    for name in FUZZED:
        command = [sys.executable, "-m", "attack.fuzz", name, f"-max_total_time={FUZZ_SECONDS}", "-rss_limit_mb=2048"]
        done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False)
        if "No module named 'atheris'" in done.stderr:
            return "left out: atheris is not installed (pip install atheris)"
        if done.returncode:
            raise AssertionError(f"{name}: {done.stderr[-3000:]}")
        runs = next((line.split()[1] for line in done.stderr.splitlines() if line.startswith("Done ")), "?")
        told.append(f"{name} {runs} inputs")
    return ", ".join(told)


ATTACKS: tuple[Callable[[], str], ...] = (suites, stale_connections, clocks, many_processes, fuzzing)


def main() -> None:
    """Run all, or those that are named."""
    wanted = sys.argv[1:]
    found: list[dict[str, Any]] = []
    for attack in ATTACKS:
        if wanted and attack.__name__ not in wanted:
            continue
        began = time.monotonic()
        try:
            told, is_well = attack(), True
        except AssertionError as error:
            told, is_well = str(error), False
        found.append(
            {"attack": attack.__name__, "well": is_well, "seconds": round(time.monotonic() - began), "told": told}
        )
        print(json.dumps(found[-1]), flush=True)
    sys.exit(not all(one["well"] for one in found))


main()
