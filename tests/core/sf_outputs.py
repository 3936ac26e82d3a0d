"""What the Salesforce command line prints with `--json`, release by release, in values of our own.

The shapes are those that people show in public: releases since May 2026 leave tokens out of `org display`, older ones
have them there and lack `org auth show-access-token`, and the old `sfdx` writes errors to stderr.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

URL = "https://acme--uat.sandbox.my.salesforce.com"
TOKEN = "00D-cli-token"
REDACTED = "[REDACTED] Use 'sf org auth show-access-token' to view"
UPDATE = " ›   Warning: @salesforce/cli update available from 2.130.9 to 2.140.1.\n"
OPEN_EYES = "This command shows sensitive information; do not share it."


class Printed(NamedTuple):
    """What one command prints."""

    out: str
    err: str = ""
    code: int = 0


class Case(NamedTuple):
    """What both commands print, and what follows: the token, or the end of an error's message."""

    display: Printed
    show_token: Printed
    token: str | None = None
    message: str = ""


def printed(result: dict[str, Any], **more: Any) -> str:
    return json.dumps({"status": 0, "result": result, **more}, indent=2) + "\n"


def failed(name: str, message: str, code: int = 1, **more: Any) -> str:
    values = {"name": name, "message": message, "exitCode": code, "context": "OrgDisplay", "status": code, **more}
    return json.dumps(
        {**values, "stack": f"{name}: {message}\n    at run (cli.js:1:1) {TOKEN}", "warnings": []}, indent=2
    )


def coloured(text: str) -> str:
    """JSON as the command line colours it where FORCE_COLOR is set."""
    text = re.sub(r'"[^"\n]*"', lambda found: f"\x1b[38;5;120m{found[0]}\x1b[39m", text)
    return re.sub(r"[{}\[\],](?=\s)", lambda found: f"\x1b[97m{found[0]}\x1b[39m", text)


ORG = {
    "id": "00D5g000004AbCdEAK",
    "apiVersion": "66.0",
    "accessToken": REDACTED,
    "instanceUrl": URL,
    "username": "ada@acme.example.uat",
    "clientId": "PlatformCLI",
    "connectedStatus": "Connected",
    "alias": "uat",
}
SHOWN = {**ORG, "accessToken": "00D-of-display"}
SCRATCH = {
    **ORG,
    "devHubId": "hub@acme.example",
    "createdDate": "2026-11-01T08:00:00.000+0000",
    "status": "Active",
    "expirationDate": "2026-12-01",
    "edition": "Developer",
    "orgName": "Acme",
    "password": REDACTED,
}
DISPLAY = Printed(printed(ORG, warnings=[OPEN_EYES]))
SHOW = Printed(printed({"accessToken": TOKEN}, warnings=[OPEN_EYES]))
UNKNOWN = "org auth show-access-token is not a sf command."
LACKS_IT = Printed(json.dumps({"name": "CommandNotFoundError", "message": UNKNOWN, "exitCode": 127}), "", 127)
FAILED_TO_REFRESH = failed(
    "RefreshTokenAuthError", "Error authenticating with the refresh token due to: expired access/refresh token"
)

CASES: dict[str, Case] = {
    "current": Case(DISPLAY, SHOW, TOKEN),
    "current, verbose": Case(Printed(printed({**ORG, "sfdxAuthUrl": REDACTED})), SHOW, TOKEN),
    "a scratch org": Case(Printed(printed(SCRATCH)), SHOW, TOKEN),
    "SF_TEMP_SHOW_SECRETS": Case(Printed(printed(SHOWN)), SHOW, TOKEN),
    "notice of an update before": Case(
        Printed(UPDATE + DISPLAY.out),
        Printed(UPDATE + SHOW.out, "(node:7) [DEP0040] DeprecationWarning: {punycode}"),
        TOKEN,
    ),
    "braces before and text behind": Case(
        Printed('Warning: plugin {"a": 1} {is deprecated}\n' + DISPLAY.out + "Done {}.\n"), SHOW, TOKEN
    ),
    "colours": Case(Printed(coloured(DISPLAY.out)), Printed(coloured(SHOW.out)), TOKEN),
    "links": Case(Printed(f"\x1b]8;;https://x.example\x1b\\{UPDATE}\x1b]8;;\x07{DISPLAY.out}"), SHOW, TOKEN),
    "Windows": Case(Printed("\ufeff" + DISPLAY.out.replace("\n", "\r\n")), SHOW, TOKEN),
    "in one line": Case(Printed(json.dumps({"status": 0, "result": ORG})), SHOW, TOKEN),
    "no status": Case(Printed(json.dumps({"result": ORG})), SHOW, TOKEN),
    "older": Case(Printed(printed(SHOWN)), LACKS_IT, "00D-of-display"),
    "older, in words": Case(
        Printed(printed(SHOWN)),
        Printed("", f" ›   Warning: {UNKNOWN}\nDid you mean org login access-token?", 127),
        "00D-of-display",
    ),
    "older, verbose": Case(
        Printed(printed({**SHOWN, "sfdxAuthUrl": "force://PlatformCLI::refresh@acme.my.salesforce.com"})),
        LACKS_IT,
        "00D-of-display",
    ),
    "redacts and lacks the command": Case(
        DISPLAY, LACKS_IT, None, f"127: {UNKNOWN}; update the Salesforce CLI (`sf update`)"
    ),
    "redacts everywhere": Case(DISPLAY, Printed(printed({"accessToken": REDACTED})), None, "printed no accessToken"),
    "no default org": Case(
        Printed(failed("NoDefaultEnvError", "No default environment found. Use -o or --target-org."), "", 1),
        SHOW,
        None,
        "display failed with 1: No default environment found. Use -o or --target-org.; name the org, or choose one by "
        "`sf config set target-org NAME`",
    ),
    "no such org": Case(
        Printed(failed("NamedOrgNotFoundError", "No authorization information found for uat."), "", 1),
        SHOW,
        None,
        "found for uat.; `sf org list` shows the names; log in by `sf org login web --alias NAME`",
    ),
    "no such org, coloured": Case(
        Printed(UPDATE + coloured(failed("NamedOrgNotFoundError", "\x1b[31mNo authorization\x1b[39m\nfound")), "", 1),
        SHOW,
        None,
        "1: No authorization found; `sf org list` shows the names; log in by `sf org login web --alias NAME`",
    ),
    "expired": Case(
        Printed(printed({**ORG, "connectedStatus": "RefreshTokenAuthError"})),
        Printed(FAILED_TO_REFRESH, "", 1),
        None,
        "show-access-token failed with 1: Error authenticating with the refresh token due to: expired access/refresh "
        "token; log in anew by `sf org login web`",
    ),
    "expired, JWT": Case(
        DISPLAY,
        Printed(failed("JwtAuthError", "Error authenticating with JWT."), "", 1),
        None,
        "log in anew by `sf org login jwt`",
    ),
    "a scratch org that has expired": Case(
        Printed(printed({**SCRATCH, "status": "Expired"})),
        SHOW,
        None,
        "org display says that the org is Expired: name another, or create one",
    ),
    "a host that is gone": Case(
        DISPLAY,
        Printed(failed("DomainNotFoundError", "The org cannot be found"), "", 1),
        None,
        "the org may have been deleted or renamed, or no network reaches it",
    ),
    "an error of another name": Case(
        Printed(failed("TypeError", "Cannot read properties of undefined"), "", 1),
        SHOW,
        None,
        "failed with 1: Cannot read properties of undefined",
    ),
    "old sfdx": Case(
        Printed(printed(SHOWN)), Printed("", "show-access-token is not a sfdx command", 127), "00D-of-display"
    ),
    "old sfdx, error on stderr": Case(
        Printed("", failed("NamedOrgNotFound", "No org found with name uat", commandName="OrgDisplayCommand"), 1),
        SHOW,
        None,
        "No org found with name uat; `sf org list` shows the names; log in by `sf org login web --alias NAME`",
    ),
    "old sfdx, no default": Case(
        Printed("", failed("noUsernameFound", "No username set"), 1),
        SHOW,
        None,
        "No username set; name the org, or choose one by `sf config set target-org NAME`",
    ),
    "old sfdx, status without exit code": Case(
        Printed(failed("NoOrgFound", "No org configured")),
        SHOW,
        None,
        "failed with 1: No org configured; name the org, or choose one by `sf config set target-org NAME`",
    ),
    "old sfdx, no such command": Case(
        Printed("", " ›   Warning: org display is not a sfdx command.\n", 127),
        SHOW,
        None,
        "failed with 127: no message; update the Salesforce CLI (`sf update`)",
    ),
    "nothing": Case(Printed(""), SHOW, None, "sf org display printed no instanceUrl"),
    "no JSON": Case(Printed(f"Access Token  {TOKEN}\n"), SHOW, None, "sf org display printed no instanceUrl"),
    "cut off": Case(Printed(DISPLAY.out[:150]), SHOW, None, "sf org display printed no instanceUrl"),
    "no token": Case(DISPLAY, Printed(printed({})), None, "show-access-token printed no accessToken"),
    "an odd token": Case(
        DISPLAY, Printed(printed({"accessToken": f"{TOKEN}\n"})), None, "such as a space or a line break"
    ),
    "the user interface": Case(
        Printed(printed({**ORG, "instanceUrl": "https://acme.lightning.force.com"})),
        SHOW,
        None,
        "the org's API is at https://acme.my.salesforce.com",
    ),
}
