"""Whether a client and this core go together; a client asks before it imports anything else of core."""

from __future__ import annotations

SERIES = "0.1"
"""The releases of core that any client made for one of them works with: `0.1` for 0.1.x, `1` for 1.x."""


def check_series(client: str, series: str) -> None:
    """Refuse a client that was generated for another series of core.

    Published clients call this function, so it stays as it is in every later series.

    Args:
        client: the client's distribution, `sf-connect-v67`.
        series: the series of core that it was generated for.

    Raises:
        ImportError: it is another one than this.
    """
    if series != SERIES:
        raise ImportError(
            f"{client} needs sf-connect-core {series}.x, and {SERIES}.x is installed: pip install --upgrade {client} "
            "brings releases that go together (pip check lists what else does not fit)"
        )
