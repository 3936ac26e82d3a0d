"""A request as the mock looks at it, whether it came over HTTP or inside a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, unquote

from connectgen.mock.bounds import MOST_QUERY_PARAMETERS
from connectgen.mock.refusal import refuse


@dataclass(frozen=True, slots=True)
class Part:
    """A binary part that was counted while it arrived; its bytes are gone."""

    name: str
    filename: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Content:
    """What came with a request.

    Attributes:
        format: its format: nothing, JSON, XML, form fields alone, or something else.
        value: the JSON value, or the text of an XML document.
        fields: form fields.
        parts: binary parts of a multipart body.
        body_part: the name of the multipart part that held the JSON or XML; None elsewhere.
        media_type: the media type of the whole.
        size: the bytes of the whole.
    """

    format: Literal["none", "json", "xml", "form", "other"] = "none"
    value: object = None
    fields: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    body_part: str | None = None
    media_type: str = ""
    size: int = 0

    @property
    def has_body(self) -> bool:
        """Whether there is a JSON or XML body; form fields are then ignored."""
        return self.format in ("json", "xml")


NO_CONTENT = Content()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request to the API.

    Attributes:
        method: the method that counts, after `_HttpMethod`.
        target: path and query as they were sent.
        version: the API version as a whole number.
        segments: the path after the version, decoded and without the suffix `.json` or `.xml`.
        query: names and values, decoded.
        headers: by lower-case name.
        base: scheme and host under which the mock was reached.
        wants_xml: whether the response is to be XML.
        content: what came with it.
        is_part: whether it came inside a batch.
    """

    method: str
    target: str
    version: int
    segments: tuple[str, ...]
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    base: str = ""
    wants_xml: bool = False
    content: Content = NO_CONTENT
    is_part: bool = False

    def parameter(self, name: str) -> str | None:
        """A parameter of the query or the form."""
        fields = () if self.content.has_body else self.content.fields
        return next((value for key, value in (*self.query, *fields) if key == name), None)


def decoded_query(query: str) -> tuple[tuple[str, str], ...]:
    """A query as names and values; an empty value counts.

    Raises:
        RefusalError: it has too many.
    """
    if query.count("&") >= MOST_QUERY_PARAMETERS:
        message = f"a URL has at most {MOST_QUERY_PARAMETERS} query parameters here"
        raise refuse(400, "LIMIT_EXCEEDED", message, "too-many")
    return tuple(parse_qsl(query, keep_blank_values=True))


def decoded_segments(path: str) -> tuple[tuple[str, ...], str]:
    """The steps of a path, decoded, and the suffix that asked for a format (`json`, `xml` or nothing)."""
    steps = path.strip("/").split("/") if path.strip("/") else []
    suffix = ""
    if steps:
        for ending in ("json", "xml"):
            if steps[-1].endswith(f".{ending}") and len(steps[-1]) > len(ending) + 1:
                steps[-1] = steps[-1][: -len(ending) - 1]
                suffix = ending
                break
    return tuple(unquote(step) for step in steps), suffix


def prefers_xml(accept: str | None) -> bool:
    """Whether `Accept` asks for XML rather than JSON; whoever also takes anything or a page gets JSON."""
    if not accept or "xml" not in accept:
        return False
    weights: dict[str, float] = {}
    for item in accept.split(","):
        name, *options = (part.strip().lower() for part in item.split(";"))
        weight = next((option[2:] for option in options if option.startswith("q=")), "1")
        try:
            weights[name] = float(weight)
        except ValueError:
            weights[name] = 0.0
    xml = max(weights.get("application/xml", 0.0), weights.get("text/xml", 0.0))
    other = max(weights.get(name, 0.0) for name in ("application/json", "text/html", "application/*"))
    return xml > other
