"""One client: its names, and whether it is installed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


@dataclass(frozen=True, slots=True)
class Client:
    """The client of one API version.

    Attributes:
        api_version: the API version, `67.0`.
        release: the Salesforce release that it came with.
        retired_in: the release in which Salesforce retired it, None where it is still served.
    """

    api_version: str
    release: str
    retired_in: str | None = None

    @property
    def distribution(self) -> str:
        """What to install, `sf-connect-v67`."""
        return f"sf-connect-v{self.api_version.partition('.')[0]}"

    @property
    def package(self) -> str:
        """What to import, `sf_connect.v67`."""
        return f"sf_connect.v{self.api_version.partition('.')[0]}"

    @property
    def installed_version(self) -> str | None:
        """The release of it that is installed, as `67.0.3`; None where none is."""
        try:
            return version(self.distribution)
        except PackageNotFoundError:
            return None
