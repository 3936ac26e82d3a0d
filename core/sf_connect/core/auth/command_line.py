"""Login through the `sf` command line: to the org that a developer has logged in to there."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from sf_connect.core.auth.command_line_output import Output, read_output
from sf_connect.core.auth.login import Login, TokenResponse
from sf_connect.core.exceptions import LoginError
from sf_connect.core.request.urls import check_instance_url
from sf_connect.core.transport.secrets import Token

if TYPE_CHECKING:
    import httpx2

_DISPLAY = ("org", "display")
_TOKEN = ("org", "auth", "show-access-token")
_SECONDS = 120
_ENDED = ("Expired", "Deleted")
"""What `sf org display` says of a scratch org that nobody can log in to."""


class SfCommandLine(Login):
    """Gets the URL from `sf org display` and the token from `sf org auth show-access-token`, which refreshes it first.

    A command line that lacks the second command shows the token in the first one's output.

    Args:
        target_org: the alias or user name of the org; None for the command line's default org.
        executable: the command's name or path.
    """

    def __init__(self, target_org: str | None = None, *, executable: str = "sf") -> None:
        self.target_org = target_org
        self._executable = executable

    def __repr__(self) -> str:
        return f"<SfCommandLine of {self.target_org or 'the default org'}>"

    @property
    def cache_key(self) -> tuple[str, ...]:
        """What distinguishes the login from others in a file of tokens."""
        return "sf", self.target_org or ""

    def get(self, http: httpx2.Client, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Run both commands."""
        return self._run_both()

    def instance_url(self) -> str:
        """The org's URL alone, without a token.

        Raises:
            LoginError: the command failed, or printed no URL.
        """
        return self._display().url

    async def get_async(self, http: httpx2.AsyncClient, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Run both commands in a thread."""
        return await asyncio.to_thread(self._run_both)

    def _run_both(self) -> TokenResponse:
        org = self._display()
        found = self._run(_TOKEN)
        if found.is_unknown_command and org.token:
            token = org.token
        else:
            self._check(_TOKEN, found)
            token = found.token("accessToken")
        if not token:
            raise LoginError(f"{self._describe(_TOKEN)} printed no accessToken")
        try:
            return TokenResponse(access_token=token.checked().reveal(), instance_url=check_instance_url(org.url))
        except ValueError as error:
            raise LoginError(f"the output of {self._executable} cannot be used: {error}") from None

    def _display(self) -> _Org:
        """What the first command prints of the org."""
        found = self._run(_DISPLAY)
        self._check(_DISPLAY, found)
        if (state := found.text("status")) in _ENDED:
            raise LoginError(f"{self._describe(_DISPLAY)} says that the org is {state}: name another, or create one")
        if (url := found.text("instanceUrl")) is None:
            raise LoginError(f"{self._describe(_DISPLAY)} printed no instanceUrl")
        return _Org(url, found.token("accessToken"))

    def _check(self, command: tuple[str, ...], found: Output) -> None:
        """Refuse the output of a command that failed.

        Raises:
            LoginError: it did.
        """
        if found.failure is not None:
            raise LoginError(f"{self._describe(command)} {found.failure}")

    def _describe(self, command: tuple[str, ...]) -> str:
        return " ".join((self._executable, *command))

    def _run(self, command: tuple[str, ...]) -> Output:
        """Run a command.

        Raises:
            LoginError: it cannot be run. No frame of it holds the output.
        """
        found = self._run_until(command)
        if isinstance(found, LoginError):
            raise found
        return found

    def _run_until(self, command: tuple[str, ...]) -> Output | LoginError:
        """What a command printed, or what is wrong: no exception of ours leaves this frame, which holds the output."""
        found = shutil.which(self._executable)
        if found is None:
            return LoginError(f"the command {self._executable!r} is not installed or not on the PATH (Salesforce CLI)")
        target = [] if self.target_org is None else [f"--target-org={self.target_org}"]
        try:
            done = subprocess.run(
                [found, *command, *target, "--json"],
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return LoginError(f"{self._describe(command)} did not end in {_SECONDS} seconds")
        except OSError as error:
            return LoginError(f"{self._describe(command)} cannot be started: {error.strerror}")
        return read_output(done.returncode, done.stdout, done.stderr)


class _Org(NamedTuple):
    """What the command line knows of an org; the token is None where it does not show it."""

    url: str
    token: Token | None
