"""Reads what comes with a request: JSON, XML and forms whole, binary parts only counted."""

from __future__ import annotations

import asyncio
import codecs
import json
import re
from collections.abc import AsyncIterator
from hashlib import sha256
from urllib.parse import parse_qsl

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.types import Receive

from connectgen.mock.bounds import Bounds
from connectgen.mock.refusal import RefusalError, refuse
from connectgen.mock.request import NO_CONTENT, Content, Part

_JSON = ("application/json", "text/json")
_XML = ("application/xml", "text/xml")
_FORM = "application/x-www-form-urlencoded"
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CHARSETS = ("ascii", "cp1252", "iso8859-1", "utf-16", "utf-16-be", "utf-16-le", "utf-8", "utf-8-sig")
"""Others are not for bodies, and some of Python's, such as `idna` and `unicode_escape`, fail in ways of their own."""
_LONG_TAG = re.compile(r"<[^<>!]{1000}")


async def read_content(content_type: str | None, chunks: AsyncIterator[bytes], limits: Bounds) -> Content:
    """Read the content of a request to its end.

    Args:
        content_type: the header `Content-Type`.
        chunks: the content.
        limits: how much of it there may be.

    Raises:
        RefusalError: it cannot be read, or text is too large.
    """
    media_type, options = parse_options_header(content_type)
    name = media_type.decode("latin-1")
    if name == "multipart/form-data":
        boundary = options.get(b"boundary")
        if not boundary:
            raise _malformed("the multipart content names no boundary")
        return await _read_multipart(boundary, chunks, limits)
    data = await read_bytes(chunks, limits.body)
    if not data:
        return Content(media_type=name)
    charset = options.get(b"charset", b"utf-8").decode("latin-1")
    return _read_whole(name, charset, data, limits)


async def read_bytes(chunks: AsyncIterator[bytes], most: int) -> bytes:
    """A content whole.

    Raises:
        RefusalError: it has more bytes than it may have.
    """
    data = bytearray()
    async for chunk in chunks:
        data += chunk
        if len(data) > most:
            raise _too_large(most)
    return bytes(data)


async def pieces(receive: Receive, idle_seconds: float) -> AsyncIterator[bytes]:
    """The content of a request as it arrives.

    Raises:
        RefusalError: the next piece does not come in time.
    """
    while True:
        try:
            async with asyncio.timeout(idle_seconds):
                message = await receive()
        except TimeoutError:
            raise refuse(
                408, "REQUEST_TIMEOUT", f"no more of the body came within {idle_seconds:g} seconds", "too-slow",
                headers={"Connection": "close"},
            ) from None  # fmt: skip
        if message["type"] != "http.request":
            return
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


def _read_whole(media_type: str, charset: str, data: bytes, limits: Bounds) -> Content:
    if media_type in _JSON:
        return Content("json", read_json(data, charset, limits), media_type=media_type, size=len(data))
    if media_type in _XML:
        text = read_text(data, charset)
        _check_xml(text, limits)
        return Content("xml", text, media_type=media_type, size=len(data))
    if media_type == _FORM:
        fields = read_form(read_text(data, charset), limits)
        return Content("form", fields=fields, media_type=media_type, size=len(data))
    return Content("other", media_type=media_type, size=len(data))


def read_form(text: str, limits: Bounds) -> tuple[tuple[str, str], ...]:
    """Form fields.

    Raises:
        RefusalError: there are too many.
    """
    if text.count("&") >= limits.fields:
        raise _too_many(f"a form has at most {limits.fields} fields here, --max-fields")
    return tuple(parse_qsl(text, keep_blank_values=True))


def read_json(data: bytes, charset: str, limits: Bounds) -> object:
    """JSON as values.

    Raises:
        RefusalError: it is none, or has too many values.
    """
    text = read_text(data, charset)
    _check_json(text, limits)
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise refuse(400, "JSON_PARSER_ERROR", f"the body is no JSON: {error}", "malformed") from None


def read_text(data: bytes, charset: str) -> str:
    """Text in the charset that the header names; UTF-16 is recognised by its first bytes.

    Raises:
        RefusalError: it is not in that charset.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        charset = "utf-16"
    try:
        if codecs.lookup(charset).name not in _CHARSETS:
            raise LookupError
        return data.decode(charset).removeprefix("\ufeff")
    except (LookupError, ValueError):
        raise _malformed(f"the body is not written in {charset[:40]}") from None


def _check_json(text: str, limits: Bounds) -> None:
    """Refuse JSON of too many values before it takes the memory of them."""
    if _count_json(text) > limits.values and _count_json(_TEXT.sub("", text)) > limits.values:
        raise _too_many(f"a body has at most {limits.values} values here, --max-values")


def _count_json(text: str) -> int:
    return text.count(",") + text.count("[") + text.count("{")


def _check_xml(text: str, limits: Bounds) -> None:
    """Refuse XML of too many elements, or elements of many attributes, which no body has."""
    if text.count("<") > 2 * limits.values:
        raise _too_many(f"a body has at most {limits.values} values here, --max-values")
    if _LONG_TAG.search(text):
        raise _malformed("a tag of the XML has more than 1,000 characters")


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _malformed(message: str) -> RefusalError:
    return refuse(400, "POST_BODY_PARSE_ERROR", message, "malformed")


def _too_large(most: int) -> RefusalError:
    return _too_many(f"JSON, XML and form fields may have {most} bytes here")


def _too_many(message: str) -> RefusalError:
    return refuse(413, "REQUEST_ENTITY_TOO_LARGE", message, "too-large")


class _Reader:
    """Takes what the parser finds: the bytes of files are counted and forgotten, those of texts kept."""

    def __init__(self, limits: Bounds) -> None:
        self._limits = limits
        self.parts: list[Part] = []
        self.texts: list[tuple[str, str, bytes]] = []
        self._kept = 0
        self._field = bytearray()
        self._value = bytearray()
        self._headers: dict[str, str] = {}
        self._name = ""
        self._filename: str | None = None
        self._text = bytearray()
        self._size = 0
        self._digest = sha256()
        self._has_ended = False

    def parser(self, boundary: bytes) -> MultipartParser:
        """The parser that calls this reader."""
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._field.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._whole,
            },
        )

    @property
    def has_ended(self) -> bool:
        """Whether the last boundary came."""
        return self._has_ended

    def _begin(self) -> None:
        self._headers = {}
        self._text = bytearray()
        self._size = 0
        self._digest = sha256()

    def _header_end(self) -> None:
        # Latin-1 keeps every byte as it is; names in it are UTF-8, and read as such below.
        self._headers[self._field.decode("latin-1").lower()] = self._value.decode("latin-1")
        self._field, self._value = bytearray(), bytearray()

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition"))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        filename = options.get(b"filename")
        self._filename = None if filename is None else filename.decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        piece = memoryview(data)[start:end]
        self._size += len(piece)
        if self._filename is None:
            self._kept += len(piece)
            if self._kept > self._limits.body:
                raise _too_large(self._limits.body)
            self._text += piece
        else:
            self._digest.update(piece)

    def _end(self) -> None:
        if len(self.texts) >= self._limits.fields:
            raise _too_many(f"a form has at most {self._limits.fields} fields here, --max-fields")
        if len(self.parts) >= self._limits.parts:
            raise _too_many(f"a request has at most {self._limits.parts} files here, --max-parts")
        content_type = self._headers.get("content-type", "")
        if self._filename is None:
            self.texts.append((self._name, content_type, bytes(self._text)))
        else:
            part = Part(self._name, self._filename, content_type, self._size, self._digest.hexdigest())
            self.parts.append(part)

    def _whole(self) -> None:
        self._has_ended = True


async def _read_multipart(boundary: bytes, chunks: AsyncIterator[bytes], limits: Bounds) -> Content:
    reader = _Reader(limits)
    size = 0
    try:
        parser = reader.parser(boundary)
        async for chunk in chunks:
            size += len(chunk)
            parser.write(chunk)
        parser.finalize()
    except FormParserError as error:
        raise _malformed(f"the multipart content cannot be read: {error}") from None
    if not reader.has_ended:
        raise _malformed("the multipart content breaks off before its last boundary")
    return _from_parts(reader, size, limits)


def _from_parts(reader: _Reader, size: int, limits: Bounds) -> Content:
    fields: list[tuple[str, str]] = []
    body = NO_CONTENT
    name_of_body: str | None = None
    for name, content_type, data in reader.texts:
        media_type, options = parse_options_header(content_type)
        charset = options.get(b"charset", b"utf-8").decode("latin-1")
        text_type = media_type.decode("latin-1")
        if text_type in _JSON or text_type in _XML:
            if name_of_body is not None:
                raise _malformed(f"the multipart content has two bodies: {name_of_body} and {name}")
            body, name_of_body = _read_whole(text_type, charset, data, limits), name
        else:
            fields.append((name, read_text(data, charset)))
    return Content(
        body.format if name_of_body is not None else "form",
        body.value,
        fields=tuple(fields),
        parts=tuple(reader.parts),
        body_part=name_of_body,
        media_type="multipart/form-data",
        size=size,
    )
