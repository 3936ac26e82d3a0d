"""Builds requests: URLs, parameters, headers and bodies. Pure functions, shared by sync and async."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from sf_connect.core.request.operations import Operation, Values
from sf_connect.core.request.options import RequestOptions
from sf_connect.core.request.values import parts_of, texts
from sf_connect.core.wire.argument_names import format_name
from sf_connect.core.wire.encoding import encode
from sf_connect.core.wire.models import Input, Model, with_defaults
from sf_connect.core.wire.uploads import Multipart, Upload

_NOT_IN_HEADERS = re.compile(r"[^\x09\x20-\x7e]")
_JSON, _XML = "application/json", "application/xml"
_PLACEHOLDER = re.compile(r"\{[^}]*\}")


class Request(msgspec.Struct, frozen=True):
    """A request that lacks only the token. It shows neither query, headers nor content, which may hold secrets.

    A msgspec class rather than a dataclass: it is made in a tenth of the time, and so are its objects.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    content: bytes | Multipart | None = None

    def __repr__(self) -> str:
        return f"Request(method={self.method!r}, path={self.path!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("method", self.method), ("path", self.path)]

    @property
    def wants_xml(self) -> bool:
        """Whether the response is to be XML."""
        return self.headers.get("Accept") == _XML

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


def build(
    operation: Operation[Any],
    path: tuple[object, ...],
    query: Values | None,
    form: Values | None,
    headers: Values | None,
    body: object,
    parts: Values | None,
    options: RequestOptions,
    api_version: str,
    site: str | None,
    *,
    form_in_query: bool = False,
) -> Request:
    """The request of one call; what generated code and the client provide, and whether the URL holds the form.

    Raises:
        ValueError: a path argument is empty or only dots, a body and form arguments are both set, a time has no zone,
            an item of a list has a comma, or `format` is `xml` and the operation has no XML.
        TypeError: an argument is no value, such as a model or a dict, a file is not an Upload, or there is neither a
            body nor what a form needs.
    """
    media_type = _media_type(operation, options)
    inside = segment(site, "communityId") if site is not None and operation.site else None
    url = _located(fill(operation.path, path), api_version, inside)
    fields = _fields(operation, form, body)
    in_query = fields if form_in_query else {}
    fields = {} if form_in_query else fields
    parameters = {**_options_query(operation, options), **in_query, **texts(query), **_further(operation, options)}
    sent = {"Accept": media_type, **_options_headers(options), **texts(headers), **options.headers}
    checked_headers(sent)
    content = _content(operation, fields, with_defaults(body, operation.method), parts, media_type)
    if isinstance(content, Multipart):
        sent["Content-Type"] = content.content_type
        if (length := content.length) is not None:
            sent["Content-Length"] = str(length)
    elif body is not None:
        sent["Content-Type"] = f"{media_type}; charset=UTF-8"
    elif content is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    return Request(operation.method, url, urlencode(parameters), sent, content)


def template_of(operation: Operation[Any], api_version: str, site: str | None) -> str | None:
    """The path of a call with placeholders in place of arguments; None where no operation describes it."""
    if not operation.is_template:
        return None
    return _located(operation.path, api_version, "{communityId}" if site is not None and operation.site else None)


def _located(resource: str, api_version: str, site: str | None) -> str:
    """The whole path of a resource, of a version and inside a site."""
    if site is not None:
        # Inside a site the resource's own /connect is left out: /connect/topics is /connect/communities/{id}/topics.
        inside = resource.removeprefix("/connect") if resource.startswith("/connect/") else resource
        resource = f"/connect/communities/{site}{inside}"
    return resource if resource.startswith("/services/") else f"/services/data/v{api_version}{resource}"


def _fields(operation: Operation[Any], form: Values | None, body: object) -> dict[str, str]:
    """The fields of a form, which replaces a body."""
    fields = texts(form)
    if body is not None:
        if fields:
            names = ", ".join(map(format_name, fields))
            why = "the API ignores the arguments beside a body"
            raise ValueError(f"pass a body or the arguments {names}, not both: {why}")
        return fields
    missing = [name for name in operation.required_form if name not in fields]
    if missing:
        raise TypeError(f"{operation.name} lacks {', '.join(map(format_name, missing))}; or pass a body")
    return {**operation.form_defaults, **fields}


def build_for_url(url: str, options: RequestOptions) -> Request:
    """The request for a URL that the server sent, which already holds its parameters."""
    media_type = _XML if options.format == "xml" else _JSON
    headers = {"Accept": media_type, **_options_headers(options), **options.headers}
    return Request("GET", urlsplit(url).path, "", checked_headers(headers))


def checked_headers(headers: dict[str, str]) -> dict[str, str]:
    """Headers that can be sent.

    Raises:
        TypeError: a value is no str.
        ValueError: a name or a value has a character that headers cannot have.
    """
    for name, value in headers.items():
        if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]  callers may be untyped
            raise TypeError(f"the header {name!r} must be a str, not {type(value).__name__}")
        if _NOT_IN_HEADERS.search(name + value):
            raise ValueError(f"the header {name!r} has a line end, a control character or one that is not ASCII")
    return headers


def _media_type(operation: Operation[Any], options: RequestOptions) -> str:
    if options.format not in (None, "json", "xml"):
        raise ValueError(f"format is 'json' or 'xml', not {options.format!r}")
    if options.format != "xml" or not operation.shaped:
        return _JSON
    if not operation.xml:
        raise ValueError(f"{operation.name} supports JSON only; omit format='xml'")
    if options.filter_group not in (None, "Big"):
        raise ValueError("filter groups work with JSON only; use filter_group='Big' with format='xml'")
    return _XML


def _encode(body: object, media_type: str) -> bytes:
    if media_type == _JSON:
        return encode(body)
    from sf_connect.core.wire.xml_bodies import encode_xml  # late: few calls send XML

    return encode_xml(body)


def _content(
    operation: Operation[Any], fields: Mapping[str, str], body: object, parts: Values | None, media_type: str
) -> bytes | Multipart | None:
    uploads = [(name, _upload(name, value)) for name, value in (parts or {}).items() if value is not None]
    if uploads:
        texts = [(name, value.encode(), "text/plain; charset=UTF-8") for name, value in fields.items()]
        if body is not None:
            name = "xml" if media_type == _XML and operation.json_part == "json" else operation.json_part
            texts.insert(0, (name, _encode(body, media_type), f"{media_type}; charset=UTF-8"))
        return Multipart(texts, uploads)
    if body is not None:
        return _encode(body, media_type)
    return urlencode(fields).encode() if fields else None


def _upload(name: str, value: object) -> Upload:
    if not isinstance(value, Upload):
        raise TypeError(f"{format_name(name)} takes a file as Upload(…) of sf_connect.core, not {type(value).__name__}")
    return value


def fill(path: str, arguments: tuple[object, ...]) -> str:
    """A path with its placeholders replaced, each argument percent-encoded as a whole."""
    remaining = iter(arguments)
    return _PLACEHOLDER.sub(lambda found: segment(next(remaining), found[0][1:-1]), path)


def segment(argument: object, name: str) -> str:
    """A path argument, percent-encoded; a list becomes its items joined by commas.

    Args:
        argument: the argument.
        name: what the API calls it.

    Raises:
        ValueError: it is empty or would change the path.
        TypeError: it is no value, such as None or a whole response instead of its id.
    """
    if argument is None or isinstance(argument, (Model, Input)):
        type_name = type(argument).__name__
        raise TypeError(f"{format_name(name)}: {type_name} cannot be part of a path: pass an id or a name")
    parts = parts_of(name, argument)
    if not parts or any(part.strip(".") == "" for part in parts):
        shown = repr(argument) if isinstance(argument, str) else f"an empty item of a {type(argument).__name__}"
        raise ValueError(f"{format_name(name)}: {shown} cannot be part of a path: pass an id or a name")
    return ",".join(quote(part, safe="") for part in parts)


def _further(operation: Operation[Any], options: RequestOptions) -> dict[str, str]:
    return texts(options.query) if operation.shaped else {}


def _options_query(operation: Operation[Any], options: RequestOptions) -> dict[str, str]:
    if not operation.shaped:
        return {}
    if isinstance(options.include, str) or isinstance(options.exclude, str):
        raise ValueError("include and exclude take a tuple of paths: write include=(path,) for one")
    if options.include and options.exclude:
        raise ValueError("set include or exclude, not both: the API refuses them together")
    query = {
        name: "|".join(_path(path, operation, name) for path in paths)
        for name, paths in (("include", options.include), ("exclude", options.exclude))
        if paths
    }
    if options.filter_group and options.format != "xml" and operation.method not in ("DELETE", "HEAD"):
        query["filterGroup"] = options.filter_group
    return query


def _path(path: object, operation: Operation[Any], name: str) -> str:
    from sf_connect.core.request.property_paths import format_path  # late: few calls have filters

    return format_path(path, operation.returns, name, operation.name)


def _options_headers(options: RequestOptions) -> dict[str, str]:
    headers: dict[str, str] = {}
    if options.locale:
        headers["Accept-Language"] = options.locale
    if options.theme:
        headers["X-Connect-Theme"] = options.theme
    if options.entity_encoding is not None:
        headers |= texts({"X-Chatter-Entity-Encoding": options.entity_encoding})
    return headers
