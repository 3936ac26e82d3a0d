"""Calls every operation of one generated package against a server on loopback and prints, as JSON, what was wrong.

A process of its own: `python caller.py 67`, with the generator, core and the package importable.
"""

from __future__ import annotations

import asyncio
import datetime
import importlib
import inspect
import itertools
import json
import re
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, get_args
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, TypeExpression
from connectgen.iterators import item_of_page
from connectgen.naming import snake_case
from connectgen.resolver import surface_at
from connectgen.surface import Surface, SurfaceOperation
from sf_connect.core import Upload
from support.garbage import look_seldom

SPEC = Path(__file__).resolve().parents[2] / "spec"
_NOON = datetime.datetime(2020, 1, 2, 12, tzinfo=datetime.UTC)
_OF_PAGES = {"page", "page_token", "page_param", "page_number", "cursor", "offset"}
_ARGUMENTS: dict[str, tuple[object, str]] = {
    "Boolean": (True, "true"),
    "Integer": (7, "7"),
    "Long": (7, "7"),
    "Double": (1.5, "1.5"),
    "Decimal": (Decimal("1.50"), "1.50"),
    "Date": (datetime.date(2020, 1, 2), "2020-01-02"),
    "DateTime": (_NOON, "2020-01-02T12:00:00.000Z"),
}


class Handler(BaseHTTPRequestHandler):
    """Remembers the request and gives the answer that is laid ready."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    seen: ClassVar[dict[str, Any]] = {}
    answer: tuple[int, str, bytes] = (204, "", b"")

    def handle_any(self) -> None:
        """Whatever the method."""
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        Handler.seen = {
            "method": self.command, "target": self.path, "headers": dict(self.headers.items()), "content": content,
        }  # fmt: skip
        status, kind, body = Handler.answer
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815 - names of the base class

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


def argument(expression: TypeExpression) -> tuple[object, str]:
    """A made-up argument and how it is written."""
    match expression:
        case Scalar(kind):
            return _ARGUMENTS.get(kind.value, ("ä b/c", "ä b/c"))
        case ListOf(item):
            value, written = argument(item)
            return [value, value], f"{written},{written}"
        case OneOf(options):
            return argument(options[0])
        case _:
            return "ä b/c", "ä b/c"


def body_of(expression: TypeExpression, models: Any) -> tuple[object, object]:
    """A made-up body with its required fields, and its JSON."""
    match expression:
        case Named(name):
            kind = getattr(models, name)
            needed = [item for item in msgspec.structs.fields(kind) if item.required]
            made = kind(**{item.name: "x" for item in needed})
            return made, msgspec.json.decode(msgspec.json.encode(made))
        case ListOf(item):
            made, written = body_of(item, models)
            return [made], [written]
        case MapOf(value):
            made, written = body_of(value, models)
            return {"k": made}, {"k": written}
        case OneOf(options):
            return body_of(options[0], models)
        case _:
            return "x", "x"


def answer_of(expression: TypeExpression | None) -> tuple[str, bytes]:
    """The least JSON that a type decodes from."""
    match expression:
        case Scalar(kind):
            if kind.value == "Binary":
                return "application/octet-stream", b"\x00\x01"
            known = {"Boolean": "true", "Integer": "1", "Long": "1", "Double": "1.5"}
            times = {"Decimal": '"1.5"', "Date": '"2020-01-02"', "DateTime": '"2020-01-02T12:00:00.000Z"'}
            return "application/json", {**known, **times}.get(kind.value, '"x"').encode()
        case ListOf(item):
            return "application/json", b"[" + answer_of(item)[1] + b"]"
        case OneOf(options):
            return answer_of(options[0])
        case _:
            return "application/json", b"{}"


class Call:
    """One operation with made-up arguments, and what the server must see."""

    def __init__(self, operation: SurfaceOperation, method: Any, models: Any, version: int) -> None:
        self.operation = operation
        self.positional: list[object] = []
        self.keyword: dict[str, object] = {}
        self.query: dict[str, str] = {}
        self.form: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.body: object = None
        path = operation.path
        for item in operation.path_parameters:
            value, written = argument(item.type)
            self.positional.append(value)
            safe = "," if isinstance(value, list) else ""
            path = path.replace("{" + item.name + "}", quote(written, safe=safe))
        self.path = f"/services/data/v{version}.0{path}"
        self._fill(method, models)

    def _fill(self, method: Any, models: Any) -> None:
        names = list(inspect.signature(method).parameters)
        operation = self.operation
        for item in operation.parameters:
            if item.place == "path" or (item.place == "form" and operation.body is not None):
                continue
            value, written = argument(item.type) if item.place != "header" else ("key-1", "key-1")
            self.keyword[_spelled(item.name, names)] = value
            {"query": self.query, "form": self.form, "header": self.headers}[item.place][item.name] = written
        if operation.body is not None:
            made, self.body = body_of(operation.body.type, models)
            if isinstance(self.body, dict):  # what a method asks for and can only be one, is sent by itself
                self.body |= getattr(type(made), "__defaults_by_method__", {}).get(operation.method, {})
            self.keyword["body"] = made
        for part in operation.parts:
            file = Upload(b"\x00file", filename="f.bin")
            self.keyword[_spelled(part.name, names)] = {part.name: file} if part.named_by_caller else file

    def prepare(self) -> None:
        """Lay the answer ready."""
        kind, content = answer_of(self.operation.returns)
        Handler.answer = (self.operation.status[0], kind, content)
        Handler.seen = {}

    def faults(self, result: object, models: Any) -> Iterator[str]:
        """How the request that came, or the result, differs from the catalogue."""
        seen, operation = Handler.seen, self.operation
        target = urlsplit(seen["target"])
        if (seen["method"], target.path) != (operation.method, self.path):
            yield f"asked for {seen['method']} {target.path}, not {operation.method} {self.path}"
        if dict(parse_qsl(target.query)) != self.query:
            yield f"query {target.query}, not {self.query}"
        sent = {name.lower(): value for name, value in seen["headers"].items()}
        if sent.get("authorization") != "Bearer token":
            yield "no token"
        yield from (f"header {name}" for name, value in self.headers.items() if sent.get(name.lower()) != value)
        yield from self._content_faults(seen["content"], sent.get("content-type", ""))
        if isinstance(operation.returns, Named) and not isinstance(result, _class_of(models, operation.returns.name)):
            yield f"gave {type(result).__name__}, not {operation.returns.name}"
        if operation.returns is None and result is not None:
            yield f"gave {result!r}, not None"

    async def iterator_faults(self, caller: Any, surface: Surface) -> list[str]:
        """What is wrong with the method that goes through all pages, where the operation has one."""
        operation = self.operation
        if item_of_page(operation, surface.types) is None:
            return []
        group = getattr(getattr(caller, operation.family), operation.group)
        iterator = next(
            (getattr(group, name) for name in dir(group) if name.startswith("iter") and _is_of(group, name, operation)),
            None,
        )
        if iterator is None:
            return ["has pages, but nothing goes through them"]
        taken = inspect.signature(iterator).parameters
        self.prepare()
        pages = iterator(*self.positional, **{key: value for key, value in self.keyword.items() if key in taken})
        if hasattr(pages, "__anext__"):
            items = [item async for item in _first(pages)]
        else:
            items = list(itertools.islice(pages, 2))
        left_out = {key for key in self.keyword if key not in taken}
        if not left_out <= _OF_PAGES:
            return [f"going through pages leaves out {left_out}"]
        return [] if Handler.seen and len(items) in (0, 2) else [f"going through pages gave {items}"]

    def _content_faults(self, content: bytes, kind: str) -> Iterator[str]:
        if self.operation.parts:
            missing = [item.name for item in self.operation.parts if f'name="{item.name}"'.encode() not in content]
            if missing or not kind.startswith("multipart/form-data"):
                yield f"{kind} without {missing}"
        elif self.body is not None:
            if json.loads(content or b"null") != self.body:
                yield f"body {content!r}, not {self.body}"
        elif dict(parse_qsl(content.decode())) != self.form:
            yield f"form {content!r}, not {self.form}"


def _class_of(models: Any, name: str) -> type:
    """The class of a type of the catalogue: a plain dict for one of which nothing is described."""
    found = getattr(models, name)
    return found if isinstance(found, type) and not get_args(found) else dict


def _is_of(group: Any, name: str, operation: SurfaceOperation) -> bool:
    return f"Pages of `{operation.name}`." in (getattr(group, name).__doc__ or "")


async def _first(items: Any) -> AsyncIterator[object]:
    for _ in range(2):
        try:
            yield await anext(items)
        except StopAsyncIteration:
            return


def _spelled(name: str, names: list[str]) -> str:
    wanted = re.sub(r"\W", "", snake_case(name))
    return next(one for one in names if one.strip("_") == wanted.strip("_"))


def signature_faults(operation: SurfaceOperation, method: Any) -> Iterator[str]:
    """Path arguments come first by position; what is optional comes by keyword alone, but for a body.

    One that can have a single value has it, wherever it stands.
    """
    parameters = list(inspect.signature(method).parameters.values())
    by_position = [item.name for item in parameters if item.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    path = [snake_case(item.name) for item in operation.path_parameters]
    if [name.strip("_") for name in by_position[: len(path)]] != [name.strip("_") for name in path]:
        yield f"by position {by_position}, the path asks for {path}"
    fixed = [one for one in (*operation.path_parameters, *operation.parameters) if len(one.values) == 1]
    single = {snake_case(one.name) for one in fixed if one.required is True}
    values = {one.values[0] for one in fixed}
    for item in parameters:
        optional = item.default is not inspect.Parameter.empty
        if item.name in single:
            if item.default not in values and (item.default is not None or operation.body is None):
                yield f"{item.name} is {item.default!r}, which is no value of it"
        elif optional and item.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and item.name != "body":
            yield f"{item.name} is optional and yet by position"


async def call_all(version: int) -> tuple[int, list[str]]:
    """Call every operation, sync and async."""
    package = importlib.import_module(f"sf_connect.v{version}")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    surface = surface_at(load_catalogue(SPEC, SPEC.parent / ".cache"), version)
    found: list[str] = []
    count = 0
    with package.Connect(address, token="token") as client:
        async with package.AsyncConnect(address, token="token") as async_client:
            for operation in (one for group in surface.groups for one in group.operations):
                for caller in (client, async_client):
                    method = getattr(getattr(getattr(caller, operation.family), operation.group), operation.name)
                    name = f"{operation.family}.{operation.group}.{operation.name} ({type(caller).__name__})"
                    found += [f"{name}: {fault}" for fault in signature_faults(operation, method)]
                    try:
                        call = Call(operation, method, package.models, version)
                        call.prepare()
                        result = method(*call.positional, **call.keyword)
                        result = await result if inspect.isawaitable(result) else result
                        found += [f"{name}: {fault}" for fault in call.faults(result, package.models)]
                        found += [f"{name}: {fault}" for fault in await call.iterator_faults(caller, surface)]
                    except Exception as error:
                        found.append(f"{name}: {type(error).__name__}: {error}")
                    count += 1
    server.shutdown()
    return count, found


if __name__ == "__main__":
    look_seldom()
    warnings.simplefilter("ignore")
    print(json.dumps(asyncio.run(call_all(int(sys.argv[1])))))
