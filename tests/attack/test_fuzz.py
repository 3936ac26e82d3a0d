"""What `make attack` fuzzes can be imported and takes its seeds, cut and mixed up; atheris need not be installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from support.command import ROOT, environment

PROGRAM = """\
import random, sys, types
from contextlib import nullcontext

atheris = types.ModuleType("atheris")
atheris.instrument_imports = lambda **_: nullcontext()
sys.modules["atheris"] = atheris
from attack.fuzz import SEEDS, TARGETS

chance, count = random.Random(1), 0
for seed in SEEDS[sys.argv[1]]:
    mixed = bytearray(seed)
    for _ in range(3):
        mixed[chance.randrange(len(mixed))] = chance.randrange(256)
    for data in (seed, seed[: len(seed) // 2], bytes(mixed), b""):
        TARGETS[sys.argv[1]](data)
        count += 1
print(count)
"""


@pytest.mark.parametrize("name", ["decoding", "yaml", "urls", "mock"])
def test_what_is_fuzzed_takes_its_seeds(name: str) -> None:
    command = [sys.executable, "-c", PROGRAM, name]
    own = environment()
    own["PYTHONPATH"] += f":{ROOT / 'tests'}"
    done = subprocess.run(command, capture_output=True, text=True, env=own, cwd=ROOT / "tests", check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 16
