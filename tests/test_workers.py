"""The processes that share a run's work end with it, even where it is killed and can tell them nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from support.command import environment

RUN = """
import os, time
from connectgen.workers import workers

def work(number):
    time.sleep(0.2)
    return os.getpid()

if __name__ == "__main__":
    with workers(2) as pool:
        print(os.getpid(), *sorted(set(pool.map(work, range(8)))), flush=True)
        pool.submit(time.sleep, 0.5).result()
        time.sleep(600)
"""


def test_workers_end_with_a_killed_run(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN, encoding="utf-8")
    run = subprocess.Popen([sys.executable, script], env=environment(), stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    own, *pids = map(int, run.stdout.readline().split())
    assert own == run.pid
    assert pids
    assert all(_lives(pid) for pid in pids)

    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stdout.close()

    deadline = time.monotonic() + 60
    while any(_lives(pid) for pid in pids):
        assert time.monotonic() < deadline, "workers are left over"
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    """Whether a process is there and works; one that ended and that nobody has asked about does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
