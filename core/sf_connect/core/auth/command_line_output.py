"""Reads what the `sf` command line prints with `--json`, in each of its releases, and what to do where it failed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from sf_connect.core.exceptions import beginning
from sf_connect.core.transport.secrets import Secret, Token

_COLOURS = re.compile(r"\x1b\[[0-9;:?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
"""Escape sequences, with which JSON is coloured where FORCE_COLOR is set, and links."""
_REDACTED = "[REDACTED]"
_KEYS = ("status", "result", "name", "message", "exitCode")
_MOST_BRACES = 100
_UNKNOWN = re.compile(r"is not an? sfd?x? ?command", re.IGNORECASE)
_LOG_IN = "log in anew by `sf org login web`"
_REMEDIES: Mapping[str, str] = {
    "AuthInfoCreationError": _LOG_IN,
    "DomainNotFoundError": "the org may have been deleted or renamed, or no network reaches it",
    "ExpiredOrg": "create another org, or name another",
    "INVALID_SESSION_ID": _LOG_IN,
    "JwtAuthError": _LOG_IN.replace("web", "jwt"),
    "JwtGrantError": _LOG_IN.replace("web", "jwt"),
    "NamedOrgNotFound": "`sf org list` shows the names; log in by `sf org login web --alias NAME`",
    "NamedOrgNotFoundError": "`sf org list` shows the names; log in by `sf org login web --alias NAME`",
    "NoAuthInfoFound": "`sf org list` shows the names; log in by `sf org login web --alias NAME`",
    "NoDefaultEnvError": "name the org, or choose one by `sf config set target-org NAME`",
    "NoOrgFound": "name the org, or choose one by `sf config set target-org NAME`",
    "NoUsernameFound": "name the org, or choose one by `sf config set target-org NAME`",
    "OrgDataNotAvailableError": "the org may have been deleted or expired: name another",
    "RefreshTokenAuthError": _LOG_IN,
    "noUsernameFound": "name the org, or choose one by `sf config set target-org NAME`",
}
"""What to do, by the name of the command line's error."""
_UPDATE = "update the Salesforce CLI (`sf update`)"


class Output:
    """What a command printed: one object of JSON, of which no token is shown.

    Args:
        values: the object.
        failure: how it failed, as a message says it; None where it succeeded.
        is_unknown_command: whether the command line is too old for the command.
    """

    def __init__(self, values: Secret, failure: str | None, *, is_unknown_command: bool = False) -> None:
        self._values = values
        self.failure = failure
        self.is_unknown_command = is_unknown_command

    def text(self, name: str) -> str | None:
        """A value that is no secret; None where it is missing or no text."""
        return self.token(name).reveal() if self.token(name) else None

    def token(self, name: str) -> Token:
        """A value that is shown nowhere; it is empty where it is missing, no text, or left out by the command line."""
        found = _object_of(json.loads(self._values.reveal()).get("result")).get(name)
        return Token(found if isinstance(found, str) and not found.startswith(_REDACTED) else "")


def read_output(code: int, printed: bytes, errors: bytes) -> Output:
    """The output of a command that has ended.

    Args:
        code: its exit code.
        printed: what it wrote to stdout: JSON, perhaps after warnings, with colours, or nothing.
        errors: what it wrote to stderr, where older releases put the JSON of an error.
    """
    texts = [_COLOURS.sub("", one.decode("utf-8", "replace")) for one in (printed, errors)]
    values = _find_object(texts[0]) or (_find_object(texts[1]) if code != 0 else None) or {}
    status: object = values.get("status")
    if code == 0 and status in (None, 0) and ("result" in values or not values):
        return Output(_kept(values), None)
    message = _COLOURS.sub("", str(values.get("message") or ""))
    is_unknown = any(_UNKNOWN.search(one) for one in (message, *texts))
    shown = beginning(message.encode("utf-8", "replace")) or "no message"
    remedy = _UPDATE if is_unknown else _REMEDIES.get(str(values.get("name")).strip())
    failed = f"failed with {code if code != 0 else status if isinstance(status, int) else 'an error'}: {shown}"
    return Output(_kept({}), f"{failed}; {remedy}" if remedy else failed, is_unknown_command=is_unknown)


def _kept(values: Mapping[str, Any]) -> Secret:
    return Secret(json.dumps(dict(values)))


def _find_object(text: str) -> dict[str, Any] | None:
    """The first object of JSON that is one of the command line, whatever is printed around it."""
    decoder, start = json.JSONDecoder(), text.find("{")
    for _ in range(_MOST_BRACES):
        if start < 0:
            return None
        try:
            found = _object_of(decoder.raw_decode(text, start)[0])
        except (ValueError, RecursionError):
            found = {}
        if any(key in found for key in _KEYS):
            return found
        start = text.find("{", start + 1)
    return None


def _object_of(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
