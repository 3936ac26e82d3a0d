"""A process of its own that need not start: a fork of the test's, with all that it has imported."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Callable


def in_fork(work: Callable[[], object]) -> str:
    """Do something in a fork of this process, which then ends; what it changes in itself changes nothing here.

    Args:
        work: what to do.

    Returns:
        The traceback of what it raised, empty where it came to its end.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace") as told:
        child = os.fork()
        if not child:
            ended = 1
            try:
                work()
                ended = 0
            except BaseException:
                traceback.print_exc(file=told)
                told.flush()
            finally:
                os._exit(ended)
        _, status = os.waitpid(child, 0)
        told.seek(0)
        said = told.read()
    return said or ("" if status == 0 else f"it ended with status {status}")
