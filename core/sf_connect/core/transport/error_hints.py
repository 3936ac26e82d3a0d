"""What to do after an error response: hints as data, by the code that the server names, else by the status."""

from __future__ import annotations

from collections.abc import Mapping

_ACCESS = "the user lacks a permission, or the record is not shared with them"
_SESSION = "the token has expired, is of another org, or lacks the scope `api`"
_ALLOCATION = "the allocation of 24 hours is used up, or too many long calls run: error.headers['sforce-limit-info']"
_VERSION = "the org does not have this API version: client.request('GET', '/services/data') lists them"
_BY_CODE: Mapping[str, str] = {
    "API_CURRENTLY_DISABLED": "the API is disabled for this user or org: an administrator enables it in the profile",
    "API_DISABLED_FOR_ORG": "this edition of the org has no API, or it is not enabled for the user's profile",
    "BAD_REQUEST": "an argument or the body is not what this resource takes: the message names it",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "a trigger or flow of the org failed: its administrator sees the cause",
    "CLIENT_NOT_ACCESSIBLE_FOR_USER": "the app is not approved for this user: an administrator assigns it to them",
    "DUPLICATES_DETECTED": "a duplicate rule of the org refused the record",
    "DUPLICATE_VALUE": "there is such a value already, and it must be unique",
    "ENTITY_IS_DELETED": "the record is in the recycle bin",
    "EXCEEDED_ID_LIMIT": "too many ids at once: send fewer",
    "EXCEEDED_MAX_SIZE_REQUEST": "the body is too large: send less at once",
    "FEATURENOTENABLED": "a feature is not enabled in the org's settings, or not licensed",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "a validation rule of the org refused the values",
    "FIELD_INTEGRITY_EXCEPTION": "a value does not fit its field: the message names it",
    "FUNCTIONALITY_NOT_ENABLED": "a feature is not enabled in the org's settings, or not licensed",
    "FUNCTIONALITY_TEMPORARILY_UNAVAILABLE": "a feature is paused by Salesforce: https://status.salesforce.com",
    "ILLEGAL_QUERY_PARAMETER_VALUE": "an argument has a value that this resource does not take: the message names it",
    "INACTIVE_OWNER_OR_USER": "the user is inactive: name another one",
    "INSUFFICIENT_ACCESS": _ACCESS,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": f"{_ACCESS}: a record that this one refers to",
    "INSUFFICIENT_ACCESS_OR_READONLY": _ACCESS,
    "INSUFFICIENT_PRIVILEGES": "the user lacks a permission or a licence for this resource",
    "INVALID_API_VERSION": _VERSION,
    "INVALID_AUTH_HEADER": "the token is not one of Salesforce: pass it without `Bearer`",
    "INVALID_CROSS_REFERENCE_KEY": "an id in the body is not one of this org, or the user must not see its record",
    "INVALID_FIELD": "a field does not exist, or the user must not see it: API names, such as Name or Size__c",
    "INVALID_ID_FIELD": "an id is not one of this org, or of another object",
    "INVALID_QUERY_FILTER_OPERATOR": "a filter does not fit its field's type",
    "INVALID_QUERY_LOCATOR": "the list has expired: begin with its first page",
    "INVALID_SESSION_ID": _SESSION,
    "INVALID_TYPE": "an object does not exist, or the user must not see it: API names, such as Account or Order__c",
    "INVALID_USER": "a user's id is not one of this org, or of another object",
    "ITEM_NOT_FOUND": "nothing has this id, or the user must not see it",
    "JSON_PARSER_ERROR": "a property of the body is unknown to this version, or has another type",
    "LIMIT_EXCEEDED": "a limit of the org is reached: the message names it",
    "MALFORMED_ID": "an id has 15 or 18 letters and digits: this one has not",
    "MALFORMED_QUERY": "the SOQL is not valid: the message shows where",
    "METHOD_NOT_ALLOWED": "this URL does not take this method in this API version",
    "MISSING_ARGUMENT": "an argument or property that is required here is missing: the message names it",
    "MISSING_OAUTH_TOKEN": _SESSION,
    "NOT_FOUND": "nothing has this URL in this version and site, or the user must not see it",
    "NO_ACCESS": "the user must not use this resource",
    "NUMBER_OUTSIDE_VALID_RANGE": "a number is too large or too small: the message names it",
    "OPERATION_TOO_LARGE": "too many records at once: send fewer",
    "POST_BODY_PARSE_ERROR": "the body is not as this resource takes it: a property's name, its type, or the JSON",
    "QUERY_TIMEOUT": "the query took too long: filter by indexed fields, or ask for less",
    "RATE_LIMIT_EXCEEDED": "too many calls in a short time: wait, and use a RateLimiter",
    "REQUEST_LIMIT_EXCEEDED": _ALLOCATION,
    "REQUEST_RUNNING_TOO_LONG": "the server gave the call up: ask for less at once",
    "REQUIRED_FIELD_MISSING": "a required field is missing: the message names it",
    "SERVER_UNAVAILABLE": "the server is overloaded or in maintenance: https://status.salesforce.com",
    "STORAGE_LIMIT_EXCEEDED": "the org's storage is full",
    "STRING_TOO_LONG": "a text is longer than its field: the message names it",
    "TXN_SECURITY_NO_ACCESS": "a transaction security policy of the org refused the call",
    "UNABLE_TO_LOCK_ROW": "another transaction holds the record: try again",
    "UNKNOWN_EXCEPTION": "the server failed: give error.headers['x-request-id'] to Salesforce's support",
    "UNSUPPORTED_API_VERSION": _VERSION,
    "UNSUPPORTED_MEDIA_TYPE": "the server does not take this type of content here",
}
"""Codes that people search for."""

_BY_STATUS: Mapping[int, str] = {
    300: "several records have this external id",
    400: "an id, another argument or the body is not what this resource takes: the message names it",
    401: "the token has expired or is not valid here, or guests must not do this",
    403: "the user lacks a permission or a licence, or a feature is off in this org",
    404: "nothing has this URL or id in this version and site, or the user must not see it",
    405: "this URL does not take this method in this API version",
    406: "the server cannot respond in the format that the Accept header names",
    408: "the server got the request too slowly: try again",
    409: "it conflicts with the present state: read that again, then decide",
    410: "the resource or its API version is retired",
    412: "a precondition does not hold; in a batch, an earlier call failed and halted it",
    413: "the body is too large for the server: send less at once",
    414: "the URL is too long: pass fewer ids or fields at once",
    415: "the server does not take this type of content here",
    420: "Salesforce's network does not know the host: check the instance URL, as the org may have been renamed",
    422: "a value in the body is not valid: the message names it",
    428: "the server wants a condition, such as the header If-Match",
    429: "the allocation of 24 hours is used up, or too many calls come at once: wait, and use a RateLimiter",
    431: "the URL and the headers together are too long: pass fewer headers, ids or fields",
    500: "the server failed: give error.headers['x-request-id'] to Salesforce's support if it stays so",
    501: "the server does not know this method",
    502: "Salesforce's network cannot reach the org: try again; https://status.salesforce.com",
    503: "the server is overloaded or in maintenance: https://status.salesforce.com",
    504: "the server took too long: ask for less at once, or try again",
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


def for_proxy(proxy: str | None) -> str:
    """The hint for a 407.

    Args:
        proxy: the proxy, without user and password; None where it is not known.
    """
    named = "a proxy" if proxy is None else f"the proxy {proxy}"
    return f"{named} asks for user and password: give it http://user:password@… in proxy= or the environment"
