"""Login through the `sf` command line: to the org that a developer has logged in to there."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, cast

from sf_connect.core.auth.login import Login, TokenResponse
from sf_connect.core.exceptions import LoginError, beginning
from sf_connect.core.request.urls import check_instance_url
from sf_connect.core.transport.secrets import Token

if TYPE_CHECKING:
    import httpx2

_DISPLAY = ("org", "display")
_TOKEN = ("org", "auth", "show-access-token")
_SECONDS = 120


class SfCommandLine(Login):
    """Gets the URL from `sf org display` and the token from `sf org auth show-access-token`, which refreshes it first.

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
        return self._run(_DISPLAY, "instanceUrl").reveal()

    async def get_async(self, http: httpx2.AsyncClient, timeout: float | httpx2.Timeout | None) -> TokenResponse:
        """Run both commands in a thread."""
        return await asyncio.to_thread(self._run_both)

    def _run_both(self) -> TokenResponse:
        url, token = self._run(_DISPLAY, "instanceUrl").reveal(), self._run(_TOKEN, "accessToken")
        try:
            return TokenResponse(access_token=token.checked().reveal(), instance_url=check_instance_url(url))
        except ValueError as error:
            raise LoginError(f"the output of {self._executable} cannot be used: {error}") from None

    def _run(self, command: tuple[str, ...], wanted: str) -> Token:
        """One value of the JSON that a command prints; of its output, only its own message is ever shown."""
        found = self._run_until(command, wanted)
        if isinstance(found, LoginError):
            raise found
        return found

    def _run_until(self, command: tuple[str, ...], wanted: str) -> Token | LoginError:
        """The value, or what is wrong: no exception of ours leaves this frame, which holds the output."""
        found = shutil.which(self._executable)
        if found is None:
            return LoginError(f"the command {self._executable!r} is not installed or not on the PATH (Salesforce CLI)")
        shown = " ".join((self._executable, *command))
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
            return LoginError(f"{shown} did not end in {_SECONDS} seconds")
        except OSError as error:
            return LoginError(f"{shown} cannot be started: {error.strerror}")
        output = _object(done.stdout)
        if done.returncode != 0:
            message = beginning(str(output.get("message") or "no message").encode("utf-8", "replace"))
            hint = "; update the Salesforce CLI" if command is _TOKEN and "not a sf command" in message else ""
            return LoginError(f"{shown} failed with {done.returncode}: {message}{hint}")
        value = _object_of(output.get("result")).get(wanted)
        if not isinstance(value, str) or not value:
            return LoginError(f"{shown} printed no {wanted}")
        return Token(value)


def _object(printed: bytes) -> dict[str, Any]:
    """The JSON object that a command printed, perhaps after warnings and notices of updates."""
    start, end = printed.find(b"{"), printed.rfind(b"}")
    try:
        return _object_of(json.loads(printed[start : end + 1]))
    except (ValueError, RecursionError):
        return {}


def _object_of(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
