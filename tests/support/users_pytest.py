"""pytest as users of a client run it over their own tests: with core's plugin, without those of our other tools."""

from __future__ import annotations

_OTHERS = ("anyio", "cacheprovider", "hypothesispytest", "platformdirs", "schemathesis", "syrupy")
"""Plugins that are installed here for tests of our own; to import them takes longer than many of the tests."""

PYTEST = ("pytest", "-q", *(word for name in _OTHERS for word in ("-p", f"no:{name}")))
"""What follows `python -m`."""
