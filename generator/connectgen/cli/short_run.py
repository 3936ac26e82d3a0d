"""What all commands have in common that run once, shortly, over many small objects."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def one_short_run() -> Generator[None]:
    """Collect no garbage while a command runs: what it makes lives to its end, and looking through it takes its time.

    A decorator of commands, too. The interpreter does not look through all of it once more when it ends, either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
