"""Measures a generated client: importing it, and one call on loopback in a fresh process."""

from __future__ import annotations

import json
import ssl
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.figures import NEWEST, ROOT, Figure, environment
from benchmarks.processes import run

_IMPORT = """
import json, resource, time
def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()
before, started = rss(), time.perf_counter()
from sf_connect.vNEWEST import Connect
seconds = time.perf_counter() - started
print(json.dumps({"ms": seconds * 1e3, "mb": (rss() - before) / 1e6}))
""".replace("NEWEST", str(NEWEST))

_CALL = """
import json, sys, time
clock, processor = time.perf_counter(), time.process_time()
CALL
print(json.dumps([(time.perf_counter() - clock) * 1e3, (time.process_time() - processor) * 1e3]))
"""
_OURS = _CALL.replace(
    "CALL",
    f"""
from sf_connect.v{NEWEST} import Connect
with Connect(sys.argv[1], token="benchmark") as client:
    client.chatter.users.get("me")
""",
)
_BARE = _CALL.replace(
    "CALL",
    f"""
import httpx2
with httpx2.Client() as client:
    client.get(sys.argv[1] + "/services/data/v{NEWEST}.0/chatter/users/me").json()
""",
)


_PROCESSOR = "  processor time"
_RATIO = "  over the same with bare httpx2"


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b'{"id": "005000000000001AAA", "name": "Ada", "type": "User"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Stay silent."""


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure the newest client under `generated/`.

    Args:
        workplace: working directory of the measured processes.
        repeats: how many fresh processes; the median counts.
    """
    env = environment(ROOT / "generated" / f"sf-connect-v{NEWEST}")
    run([sys.executable, "-c", _IMPORT], cwd=workplace, env=env)  # writes bytecode
    imports = [json.loads(run([sys.executable, "-c", _IMPORT], cwd=workplace, env=env).output) for _ in range(repeats)]
    yield Figure.of(f"from sf_connect.v{NEWEST} import Connect: time", (item["ms"] for item in imports), "ms", 20)
    yield Figure.of("  memory over the bare interpreter", (item["mb"] for item in imports), "MB", 4)

    env = {name: value for name, value in env.items() if name not in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")}
    yield from _first_calls(workplace, repeats, env)
    if file := ssl.get_default_verify_paths().cafile:
        for figure in _first_calls(workplace, repeats, {**env, "SSL_CERT_FILE": file}):
            if figure.what in (_PROCESSOR, _RATIO):
                yield replace(figure, what=f"{figure.what}, certificates read as for https")


def _first_calls(workplace: Path, repeats: int, env: Mapping[str, str]) -> Iterator[Figure]:
    """One call in a fresh process, in turn with the same by bare httpx2, which no client on top of it can pass."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        commands = [[sys.executable, "-c", program, url] for program in (_OURS, _BARE)]
        for command in commands:
            run(command, cwd=workplace, env=env)
        rounds = [[run(command, cwd=workplace, env=env) for command in commands] for _ in range(repeats)]
        server.shutdown()
    inside = [[json.loads(one.output) for one in pair] for pair in rounds]
    what = "fresh process: import, client, one call on loopback"
    yield Figure.of(what, (ours[0] for ours, _ in inside), "ms", 115)
    yield Figure.of(_PROCESSOR, (ours[1] for ours, _ in inside), "ms")
    yield Figure.of(_RATIO, (ours[1] / bare[1] for ours, bare in inside), "×")
    yield Figure.of("  the whole process, interpreter included", (ours.seconds * 1e3 for ours, _ in rounds), "ms")
