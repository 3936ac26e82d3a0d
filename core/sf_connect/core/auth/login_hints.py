"""What to do after a refused login: hints as data, by the server's `error` and a part of its `error_description`."""

from __future__ import annotations

from collections.abc import Sequence

_ASSIGN = "let an administrator assign the app to the user's profile or permission set"
_AUDIENCE = "pass audience=, https://login.salesforce.com or https://test.salesforce.com"
_CODE = "a code is good for minutes and one login: open the URL again"
_HINTS: Sequence[tuple[str, str, str]] = (
    ("invalid_grant", "not supported on this domain", "log in at the org's own URL, https://….my.salesforce.com"),
    (
        "invalid_grant",
        "no client credentials user",
        "name the user in the app's policies: Client Credentials Flow, Run As",
    ),
    ("invalid_grant", "hasn't approved this consumer", f"{_ASSIGN}, or log in at the org's own URL"),
    ("invalid_grant", "not admin approved", _ASSIGN),
    ("invalid_grant", "audience is invalid", _AUDIENCE),
    ("invalid_grant", "audience validation", _AUDIENCE),
    ("invalid_grant", "invalid assertion", "check client_id, that the key is of the app's certificate, and the clock"),
    ("invalid_grant", "expired authorization code", _CODE),
    ("invalid_grant", "invalid authorization code", _CODE),
    ("invalid_grant", "code verifier", "the flow that made the URL has to end it: keep its code_verifier"),
    (
        "invalid_grant",
        "expired access/refresh token",
        "the refresh token was revoked or replaced: the user logs in again",
    ),
    ("invalid_grant", "inactive user", "an administrator activates the user"),
    ("invalid_grant", "ip restricted", "the app or the user's profile allows other IP addresses only"),
    ("invalid_grant", "login hours", "the user's profile allows no logins at this time"),
    ("invalid_grant", "authentication failure", "the org's Login History, in Setup, names the cause"),
    ("OAUTH_APP_ACCESS_DENIED", "", _ASSIGN),
    ("OAUTH_APP_BLOCKED", "", "an administrator unblocks the app: Setup, Connected Apps OAuth Usage"),
    ("access_denied", "", "the user refused, or must not use the app"),
    ("inactive_org", "", "the org is locked, closed or suspended"),
    ("inactive_user", "", "an administrator activates the user"),
    ("invalid_app_access", "", _ASSIGN),
    ("invalid_client", "", "check the consumer key and secret, and that the URL is that of the app's org"),
    ("invalid_client_id", "", "check the consumer key; a new app can be used after up to ten minutes"),
    ("invalid_scope", "", "the app's settings do not allow one of the scopes"),
    ("rate_limit_exceeded", "", "too many logins: keep one client, or its token, for all calls"),
    ("redirect_uri_mismatch", "", "redirect_uri must be one of the app's callback URLs, to the letter"),
    ("unauthorized_client", "", "the app's settings do not allow this way to log in"),
    ("unsupported_grant_type", "", "check that the URL is the org's own, and that the app allows this way to log in"),
)


def hint_for_login(code: str | None, description: str) -> str | None:
    """What to do after a refused login; None where nothing general can be said.

    Args:
        code: the server's `error`, or None.
        description: its `error_description`; empty where there is none.
    """
    said = description.lower()
    return next((hint for named, part, hint in _HINTS if named == code and part in said), None)
