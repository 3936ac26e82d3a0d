"""What keeps packages from being generated, though the catalogue is in order."""

from __future__ import annotations


class GenerationError(Exception):
    """Generation cannot go on; each line says what is wrong and what to do."""
