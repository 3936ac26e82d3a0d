"""Processes that share a run's work over all cores, and end with it."""

from __future__ import annotations

import gc
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_all_start_methods, get_context, parent_process
from threading import Thread


def workers(count: int | None = None) -> ProcessPoolExecutor:
    """Processes to give work to; they know what this one has imported already.

    Args:
        count: how many, one for each core where omitted.
    """
    method = "fork" if "fork" in get_all_start_methods() else None
    return ProcessPoolExecutor(count or os.cpu_count() or 1, mp_context=get_context(method), initializer=_begin)


def _begin() -> None:
    gc.freeze()  # else a collection would copy all that is shared with the parent
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A run that is killed cannot notify its workers, which would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
