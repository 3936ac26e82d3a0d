"""Runs `connectgen` as its users do: in a process of its own, or in the test's where that shows nothing more."""

from __future__ import annotations

import gc
import io
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SMALL_CATALOGUE = ROOT / "tests" / "fixtures" / "catalogue"
SMALL_VERSIONS = ("30.0", "31.0", "32.0", "33.0")
COMMAND = [sys.executable, "-m", "connectgen"]


_SHORT = ("diff", "find", "generate", "import", "lint", "mock", "openapi", "report", "rules", "show", "validate")
"""Commands that start no processes over a small catalogue; the mock only where it is to refuse what it was given."""


def environment(**extra: str) -> dict[str, str]:
    """The environment of a process that can import the generator and core from this checkout."""
    path = os.pathsep.join([str(ROOT / "generator"), str(ROOT / "core")])
    return {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "", **extra}


def bytecode_of(packages: Path) -> dict[str, str]:
    """Variables with which processes that import generated packages share what Python compiles, and write none to them.

    Args:
        packages: the folder that the packages are in.
    """
    return {"PYTHONPYCACHEPREFIX": str(packages.parent / "bytecode")}


def generate_arguments(catalogue: Path, out: Path, *more: str) -> list[str]:
    """`generate` with a catalogue and an output folder of the test's own."""
    return ["generate", "--catalogue", str(catalogue), "--out", str(out), *more]


def connectgen(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
    command: Sequence[str] = COMMAND,
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end: in this process where it is short and nothing is asked of its process.

    Args:
        arguments: as on the command line.
        cwd: the working directory; `.cache/` arises there.
        env: the whole environment, that of `environment()` where not given.
        timeout: seconds after which the run counts as hung.
        command: what the arguments are given to.
    """
    is_small = "--catalogue" in arguments or arguments[:1] == ("rules",)
    if env is None and command is COMMAND and arguments[0] in _SHORT and is_small:
        return in_this_process(arguments, cwd, environment(), timeout)
    return subprocess.run(
        [*command, *arguments],
        cwd=cwd,
        env=dict(env) if env is not None else environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def in_this_process(
    arguments: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """What a process of its own that runs `connectgen` would print and return, without the time to start it.

    Args:
        arguments: as on the command line.
        cwd: the working directory.
        env: the whole environment; what Python reads of it when it starts has no effect.
        timeout: seconds after which the run counts as hung.
    """
    from connectgen.cli import main  # late: the portable tests may be without it

    command = ["python -m connectgen", *arguments]
    try:
        return called(
            lambda: main(args=command[1:], prog_name=command[0]), command, cwd, {**env, "COLUMNS": "80"}, timeout
        )
    finally:
        gc.unfreeze()  # what a short run leaves is no longer needed here


def called(
    main: Callable[[], object],
    command: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    timeout: float = 120,
    stdin: str = "",
) -> subprocess.CompletedProcess[str]:
    """What a program prints and returns that is called in this process.

    Args:
        main: the program.
        command: its name and its arguments, `sys.argv`.
        cwd: the working directory.
        env: the whole environment.
        timeout: seconds after which the run counts as hung.
        stdin: what it can read.
    """
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    kept = Path.cwd(), dict(os.environ), (sys.stdin, sys.stdout, sys.stderr, sys.argv)
    code: object = 0

    def hangs(*_: object) -> None:
        raise subprocess.TimeoutExpired(command, timeout)

    before = signal.signal(signal.SIGALRM, hangs)
    try:
        signal.setitimer(signal.ITIMER_REAL, timeout)
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(env)
        sys.stdin, sys.stdout, sys.stderr, sys.argv = given, out, err, list(command)
        main()
    except subprocess.TimeoutExpired:
        raise
    except SystemExit as ended:
        code = ended.code
    except Exception:
        traceback.print_exc(file=err)
        code = 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.stdin, sys.stdout, sys.stderr, sys.argv = kept[2]
        os.environ.clear()
        os.environ.update(kept[1])
        os.chdir(kept[0])
    assert isinstance(code, int | None), code
    texts = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(command, code or 0, *texts)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, by its path relative to it, in order; without bytecode and notes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"__pycache__", ".connectgen"} & set(path.parts)
    }
