"""How often the processes of tests look for garbage."""

from __future__ import annotations

import gc


def look_seldom() -> None:
    """Look for garbage less often than Python does by itself.

    Catalogues and surfaces live to the end and are many small objects. With Python's own thresholds a tenth to a third
    of the processor time of what reads them goes into looking through them.
    """
    gc.set_threshold(100_000, 20, 20)
