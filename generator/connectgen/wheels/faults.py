"""What can keep packages from being built, recorded or published; each message says what to do."""

from __future__ import annotations


class ReleaseError(Exception):
    """A finding: something in the checkout or in dist/ is not as it must be."""


class PackageIndexError(Exception):
    """The package index cannot be read, refuses what is sent, or cannot be reached."""


class MissingToolError(Exception):
    """A library of the `release` extra is not installed."""


def missing(error: ImportError) -> MissingToolError:
    """The error to raise where a library of the extra is missing."""
    return MissingToolError(f"{error.name} is not installed; install connectgen[release] (make setup does)")
