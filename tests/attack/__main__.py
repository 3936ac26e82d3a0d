"""Runs the attacks and prints what was tried, how often, and what was found: `python -m attack` in tests/."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from attack.processes import many_processes

TESTS = Path(__file__).parents[1]
FUZZED = ("decoding", "yaml", "urls", "mock")
FUZZ_SECONDS = int(os.environ.get("ATTACK_FUZZ_SECONDS", "60"))
FOUND = TESTS.parent / ".cache" / "attack" / "found"


def suites() -> str:
    """The tests of attacks, as they are."""
    names = ("attacks", "forks", "secrets", "frames", "hidden_values", "connections", "downloads", "rate_limits")
    paths = [*(f"core/test_{name}.py" for name in names), "mock/test_attacks.py"]
    runs = "generation/test_command.py::test_"
    paths += [
        f"{runs}several_runs_at_once_over_one_cache",
        f"{runs}a_cache_of_the_right_class_with_wrong_content_changes_nothing",
    ]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-n",
        "auto",
        "--dist",
        "loadfile",
        *paths,
    ]
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


def clocks() -> str:
    """Clocks that jump: retries, limits, timeouts and tokens go by a clock that does not, or bear it."""
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
    return f"{count} jumps of a limiter's clock: no negative delay; {_calls_as_the_time_jumps()}"


def _calls_as_the_time_jumps() -> str:
    """The time of day jumps at each call: no call is over before its time, and the mock's token stays good."""
    from connectgen.mock.settings import Settings
    from connectgen.mock.tokens import Tokens
    from core.conftest import GET_THING, Connect, dispatcher
    from core.raw_server import raw_server, response

    jumps, count = random.Random(3), 300
    with (
        raw_server(lambda connection, _: connection.sendall(response(b"{}"))) as server,
        Connect(server.url, token="00D-token", total_timeout=20) as client,
        patch("time.time", side_effect=lambda: jumps.uniform(-1e6, 4e9)),
    ):
        for _ in range(count):
            dispatcher(client).send(GET_THING, ("1",))
    settings = Settings(token_seconds=7200)
    tokens = Tokens(settings)
    with patch("time.time", side_effect=lambda: jumps.uniform(0, 4e9)):
        token = tokens.issue()
        if not all(tokens.is_valid(token) for _ in range(count)):
            raise AssertionError("a token of the mock expired as the time jumped")
    return f"{count} calls and {count} checks of a token as the time of day jumps: none failed"


def endless_pages() -> str:
    """Pages that each have an item and name another URL as the next: what an iteration remembers is bounded."""
    import httpx2

    from core.conftest import Connect, dispatcher
    from sf_connect.core import Operation, Pagination, RequestOptions
    from sf_connect.core.features.page_cursor import _MOST_SEEN, PageCursor
    from sf_connect.core.transport.calls import Response

    paged: Operation[Any] = Operation(
        "f.g.list", "GET", "/things", dict, pagination=Pagination("next-url", "items", "next")
    )
    cursor = PageCursor(paged, ((), None, None, None, None), RequestOptions())
    count, headers = _MOST_SEEN + 10_000, httpx2.Headers()
    with Connect("https://acme.my.salesforce.com", token="00D-token") as client:
        for number in range(count):
            call = cursor.next_call(dispatcher(client))
            if call is None:
                raise AssertionError("the pages ended")
            cursor.advance(
                call, Response(200, headers, b'{"items": [%d], "next": "/things?page=%d"}' % (number, number))
            )
    if len(cursor._seen) > _MOST_SEEN:
        raise AssertionError(f"{len(cursor._seen)} pages are remembered")
    return f"{count} pages with ever-new URLs: {len(cursor._seen)} are remembered"


def fuzzing() -> str:
    """Atheris on each of the readers at once, where it is installed."""
    arguments = [f"-max_total_time={FUZZ_SECONDS}", "-rss_limit_mb=2048", f"-artifact_prefix={FOUND}/"]
    FOUND.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([str(FOUND.parent / "atheris"), os.environ.get("PYTHONPATH", "")])
    running = {
        name: subprocess.Popen(
            [sys.executable, "-m", "attack.fuzz", name, *arguments],
            cwd=TESTS, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        for name in FUZZED
    }  # fmt: skip
    said = {name: process.communicate()[1] for name, process in running.items()}
    if any("No module named 'atheris'" in text for text in said.values()):
        return "left out: atheris is not installed"
    for name, process in running.items():
        if process.returncode:
            lines = [line for line in said[name].splitlines() if not line.startswith("INFO: ")]
            raise AssertionError(f"{name}, input in {FOUND}: " + "\n".join(lines)[-3000:])
    runs = {name: re.search(r"^Done (\d+) runs", text, re.MULTILINE) for name, text in said.items()}
    return ", ".join(f"{name} {found[1] if found else '?'} inputs" for name, found in runs.items())


ATTACKS: tuple[Callable[[], str], ...] = (stale_connections, clocks, endless_pages, many_processes, fuzzing, suites)


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
