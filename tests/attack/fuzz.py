"""Feeds one reader with inputs that atheris makes: `python -m attack.fuzz decoding -max_total_time=300` in tests/."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris
import httpx2

with atheris.instrument_imports(include=["sf_connect", "connectgen", "python_multipart"]):
    from connectgen.catalogue import yaml_reader
    from connectgen.catalogue.loader import load_catalogue, read_file
    from connectgen.catalogue.types import Named
    from connectgen.mock.bounds import Bounds
    from connectgen.mock.content import read_content
    from connectgen.mock.guard import Guard
    from connectgen.mock.refusal import RefusalError
    from connectgen.mock.request import decoded_query, decoded_segments
    from connectgen.mock.shapes import Shapes
    from connectgen.mock.xml import read_xml
    from connectgen.resolver import surface_at
    from sf_connect.core import Model, ResponseDecodeError
    from sf_connect.core.features.filenames import filename_of, safe_name
    from sf_connect.core.features.page_cursor import _url_key
    from sf_connect.core.request.urls import check_instance_url, own_url
    from sf_connect.core.wire.decoding import decode, strip_bom
    from sf_connect.core.wire.unknown_properties import unknown_in

from support.command import ROOT, SMALL_CATALOGUE
from support.versions import NEWEST

sys.path.insert(0, str(ROOT / "generated" / f"sf-connect-v{NEWEST}"))
HOST = "acme.my.salesforce.com"
ORIGIN = f"https://{HOST}"


class Thing(Model):
    """What is decoded."""

    name: str | None = None
    number: int | None = None
    things: list[Thing] | None = None


def decoding(data: bytes) -> None:
    """JSON and XML to models, also those of unions, end in a model or our error."""
    for kind in (Thing, _page()):
        for xml in (False, True):
            with suppress(ResponseDecodeError):
                repr(decode(data, kind, "a response", xml=xml, keep_raw=True))
                if not xml:
                    with suppress(ValueError):  # as its callers do
                        unknown_in(strip_bom(data), kind)


@cache
def _page() -> type[Model]:
    """A page of feed elements, which are a union."""
    page: type[Model] = import_module(f"sf_connect.v{NEWEST}.models.feeds_elements").FeedElementPage
    return page


def urls(data: bytes) -> None:
    """URLs and file names of a server give nothing that leaves the instance, nor a path."""
    text = data.decode("utf-8", "surrogateescape")
    for base in (ORIGIN, ORIGIN + "/shop"):
        own = own_url(base, text)
        if own is None:
            continue
        with suppress(httpx2.InvalidURL):  # such a call ends in our error
            read = httpx2.URL(own)  # as what sends it reads it
            if (read.scheme, read.host, read.port or 443, read.userinfo) != ("https", HOST, 443, b""):
                raise AssertionError(own)
        _url_key(own)
    with suppress(ValueError):
        check_instance_url(text)
    for name in (filename_of(text), filename_of(f'attachment; filename="{text}"'), safe_name(text)):
        if name is not None and ("/" in name or "\\" in name or not name or len(name.encode()) > 200):
            raise AssertionError(name)


def mock(data: bytes) -> None:
    """What comes with a request is read or refused: the first line names its media type."""
    named, _, body = data.partition(b"\n")

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 97):
            yield body[start : start + 97]

    for kind in (*_KINDS, named.decode("latin-1")):
        with suppress(RefusalError):
            content = asyncio.run(read_content(kind, chunks(), Bounds()))
            if content.format == "xml":
                read_xml(str(content.value), Named("PlantInput"), _SHAPES)
    text = data.decode("latin-1")
    with suppress(RefusalError):
        decoded_query(text)
    with suppress(RefusalError):
        decoded_segments(text)
    if _GUARD._knows(text.lower()) and not any(name in text.lower() for name in ("localhost", "127.", "::", "0:")):
        raise AssertionError(text)


_KINDS = (
    "application/json",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
)
_GUARD = Guard(None, frozenset(), lambda _: False)  # type: ignore[arg-type]
_SHAPES = Shapes(surface_at(load_catalogue(SMALL_CATALOGUE), 32))
_FOLDER = TemporaryDirectory()


def yaml(data: bytes) -> None:
    """A file of the catalogue is read, or its faults are listed."""
    path = Path(_FOLDER.name) / "a.yaml"
    path.write_bytes(data)
    value, faults = yaml_reader.read_yaml(path, "a.yaml")
    if value is not None and not faults:
        for kind in ("resources", "types"):
            read_file(ROOT / "spec" / "schema", kind, path, "a.yaml")


TARGETS: dict[str, Callable[[bytes], None]] = {"decoding": decoding, "urls": urls, "mock": mock, "yaml": yaml}
SEEDS: dict[str, tuple[bytes, ...]] = {
    "decoding": (
        b'{"name": "a", "number": 1, "things": [{"name": null}]}',
        b'{"elements": [{"capabilities": {}, "body": {"messageSegments": [{"type": "Text", "text": "\\u00e4"}]}}]}',
        b"<Thing><name>a</name><things><Thing><number>1</number></Thing></things></Thing>",
        '\ufeff{"name": "a"}'.encode("utf-16"),
    ),
    "urls": (
        b"/services/data/v67.0/chatter/feeds?page=a%20b&c=d",
        b"https://acme.my.salesforce.com:443/a/../b#c",
        b"//evil.example\\@acme.my.salesforce.com/",
        b"attachment; filename*=UTF-8''a%2Fb.txt; filename=\"a.b\"",
    ),
    "mock": (
        b'application/json; charset=utf-16\n{"name": "Oak", "kind": "Tree"}',
        b"application/xml\n<Plant><name>Oak</name></Plant>",
        b"application/x-www-form-urlencoded\na=1&b=%20",
        (
            b'multipart/form-data; boundary=b\n--b\r\nContent-Disposition: form-data; name="json"\r\n'
            b"Content-Type: application/json; charset=x\r\n\r\n{}\r\n--b\r\n"
            b'Content-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n--b--\r\n'
        ),
    ),
    "yaml": tuple(
        path.read_bytes()[:3000] for path in sorted((ROOT / "tests" / "fixtures" / "catalogue").rglob("*.yaml"))
    ),
}


def main() -> None:
    """Fuzz one target, from its seeds."""
    name = sys.argv.pop(1)
    with TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS[name]):
            (Path(corpus) / str(number)).write_bytes(seed)
        atheris.Setup([*sys.argv, corpus], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
