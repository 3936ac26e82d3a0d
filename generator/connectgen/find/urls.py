"""Finds the operation of a URL, as copied from a browser, a log or a document: host, site, ids and query included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD")
_CURL_BODY = ("-d", "--data", "--data-raw", "--data-binary", "--json", "-F", "--form")
"""Options of curl that make it send POST where no method is named."""
_SIMILAR = 0.8
"""How similar a segment must be to be taken for a misspelt one; ratio of difflib."""
_ROOT = re.compile(r"^.*?(?:^|/)services/data/v(?P<version>\d{2,3})(?:\.\d)?(?=/|$)", re.IGNORECASE)
_SITE = re.compile(r"^/connect/communities/[^/]+(?=/)", re.IGNORECASE)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://[^/]*", re.IGNORECASE)
_SAMPLE = re.compile(r"^(\{.*\}|<.*>|:\w+|\$\w+|\$\{.*\})$")
_ID = re.compile(r"^(?=.*\d)[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?$|^[0-9A-Za-z]{2,4}(?:…|\.\.\.|[xX]{3,})\w*$")


class PastedURL(NamedTuple):
    """What a pasted URL says.

    Attributes:
        method: the HTTP method before it, None where there is none.
        version: the API version in it, 62 for v62.0; None where there is none.
        segments: the path below the version, unquoted.
        inside_site: whether a site's id was before the path.
        query: its parameters.
    """

    method: str | None
    version: int | None
    segments: tuple[str, ...]
    inside_site: bool
    query: tuple[tuple[str, str], ...]


class URLMatch(NamedTuple):
    """An operation that a URL fits, by its number, and what stands for its placeholders; the lowest rank is best."""

    operation: int
    arguments: tuple[str, ...]
    rank: tuple[int, ...]


def read_url(text: str) -> PastedURL | None:
    """The URL in a search, be it a line of a log or a call of curl; None where there is none."""
    tokens = [token.strip("\"'<>,;") for token in text.split()]
    method = next((token.upper() for token in tokens if token.upper() in _METHODS), None)
    if method is None and any(token.partition("=")[0] in _CURL_BODY for token in tokens):
        method = "POST"
    others = [token for token in tokens if token.upper() not in _METHODS]
    url = next((token for token in others if "://" in token or _ROOT.match(token.partition("?")[0])), None)
    if url is None and len(others) == 1 and "/" in others[0]:
        url = others[0]
    if url is None:
        return None
    address, _, rest = url.partition("#")[0].partition("?")
    root = _ROOT.match(address)
    path = "/" + (address[root.end() :] if root else _SCHEME.sub("", address)).strip("/")
    return PastedURL(
        method=method,
        version=int(root["version"]) if root else None,
        segments=tuple(unquote(segment) for segment in path.split("/") if segment),
        inside_site=_SITE.match(path) is not None,
        query=tuple(parse_qsl(rest, keep_blank_values=True)),
    )


def match_url(url: PastedURL, operations: Iterable[tuple[str, str, bool]]) -> list[URLMatch]:
    """The operations that a URL fits, best first.

    Args:
        url: the URL.
        operations: of each its method, its path with placeholders, and whether the path also exists inside sites.
    """
    known = [
        (number, method, path, site)
        for number, (method, path, site) in enumerate(operations)
        if method == (url.method or method)
    ]
    for same in (_is_same, _is_similar):
        found: list[URLMatch] = []
        for number, method, path, site in known:
            match = _fits(url.segments, path, same)
            if match is None and site and url.inside_site:
                inside = url.segments[3:]
                match = _fits(inside, path, same) or _fits(("connect", *inside), path, same)
            if match is not None:
                arguments, literal = match
                found.append(URLMatch(number, arguments, (-literal, _METHODS.index(method), number)))
        if found:
            return sorted(found, key=lambda match: match.rank)
    return []


def words_of_path(url: PastedURL) -> str:
    """What a URL says in words, where no operation has it: its segments that are no ids."""
    return " ".join(segment for segment in url.segments if not _is_argument(segment))


def _is_argument(segment: str) -> bool:
    return bool(_SAMPLE.match(segment) or _ID.match(segment))


def _is_same(wanted: str, segment: str) -> bool:
    return wanted.lower() == segment.lower()


def _is_similar(wanted: str, segment: str) -> bool:
    return _is_same(wanted, segment) or SequenceMatcher(None, wanted.lower(), segment.lower()).ratio() >= _SIMILAR


def _fits(segments: tuple[str, ...], path: str, same: Callable[[str, str], bool]) -> tuple[tuple[str, ...], int] | None:
    """What stands for a path's placeholders, and how many of its other segments a URL has; None where it has others."""
    pattern = path.strip("/").split("/")
    if len(pattern) != len(segments):
        return None
    arguments: list[str] = []
    literal = 0
    for wanted, segment in zip(pattern, segments, strict=True):
        if "{" not in wanted:
            if not same(wanted, segment):
                return None
            literal += 2
        elif wanted.startswith("{") and wanted.endswith("}"):
            arguments.append(segment)
            literal += wanted == segment
        else:
            found = re.fullmatch(re.sub(r"\\\{[^}]*\\\}", "(.+)", re.escape(wanted)), segment, re.IGNORECASE)
            if found is None:
                return None
            arguments.extend(found.groups())
    return tuple(arguments), literal
