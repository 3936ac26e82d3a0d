"""What to do after an error response: hints as data, by the code that the server names, else by the status."""

from __future__ import annotations

from collections.abc import Mapping

_BY_CODE: Mapping[str, str] = {
    "API_CURRENTLY_DISABLED": "the API is disabled for this user or org: an administrator enables it in the profile",
    "API_DISABLED_FOR_ORG": "this edition of the org has no API, or it is not enabled",
    "FIELD_INTEGRITY_EXCEPTION": "a value does not fit its field: the message names it",
    "FUNCTIONALITY_NOT_ENABLED": "a feature is not enabled in the org's settings, or not licensed",
    "INSUFFICIENT_ACCESS": "the user lacks a permission, or the record is not shared with them",
    "INSUFFICIENT_ACCESS_OR_READONLY": "the user lacks a permission, or the record is not shared with them",
    "INVALID_ID_FIELD": "an id is not one of this org, or of another object",
    "INVALID_SESSION_ID": "the token has expired, is of another org, or lacks the scope `api`",
    "ITEM_NOT_FOUND": "nothing has this id, or the user must not see it",
    "JSON_PARSER_ERROR": "a property of the body is unknown to this version, or has another type",
    "METHOD_NOT_ALLOWED": "this URL does not take this method in this API version",
    "REQUEST_LIMIT_EXCEEDED": "the allocation of 24 hours is used up; error.headers['sforce-limit-info'] counts it",
    "UNABLE_TO_LOCK_ROW": "another transaction holds the record: try again",
}
"""Codes that people search for."""

_BY_STATUS: Mapping[int, str] = {
    413: "the body is too large for the server",
    415: "the server does not take this type of content here",
    429: "the allocation of 24 hours is used up",
    503: "the server is overloaded or in maintenance: https://status.salesforce.com",
}
_SERVER = "the server failed: try again, and give error.headers['x-request-id'] to Salesforce's support if it stays so"
_REDIRECT = "redirects are not followed, so that the token goes nowhere else: check the instance URL"


def hint_for(status: int, code: str | None) -> str | None:
    """What to do after an error response; None where nothing general can be said.

    Args:
        status: its status.
        code: its first `errorCode`, or None.
    """
    if code is not None and code in _BY_CODE:
        return _BY_CODE[code]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return _SERVER if status >= 500 else _REDIRECT if 300 <= status < 400 else None
