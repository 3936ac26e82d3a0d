"""Feeds one reader with inputs that atheris makes: `python -m attack.fuzz decoding -max_total_time=300` in tests/."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["sf_connect", "connectgen"]):
    from connectgen.catalogue import yaml_reader
    from connectgen.mock.content import read_content
    from connectgen.mock.limits import Limits
    from connectgen.mock.refusal import RefusalError
    from sf_connect.core import Model, ResponseDecodeError
    from sf_connect.core.features.filenames import filename_of
    from sf_connect.core.features.pagination import _url_key
    from sf_connect.core.request.urls import own_url
    from sf_connect.core.wire.decoding import decode


class Thing(Model):
    """What is decoded."""

    name: str | None = None
    number: int | None = None
    things: list[Thing] | None = None


def decoding(data: bytes) -> None:
    """JSON and XML to models end in a model or our error."""
    for xml in (False, True):
        with suppress(ResponseDecodeError):
            decode(data, Thing, "a response", xml=xml)


def urls(data: bytes) -> None:
    """URLs and file names of a server give nothing that leaves the instance, nor a path."""
    text = data.decode("utf-8", "surrogateescape")
    own = own_url("https://acme.my.salesforce.com", text)
    if own is not None and not own.startswith("https://acme.my.salesforce.com/"):
        raise AssertionError(own)
    if own is not None:
        _url_key(own)
    name = filename_of(text)
    if name is not None and ("/" in name or "\\" in name or len(name.encode()) > 255):
        raise AssertionError(name)


def mock(data: bytes) -> None:
    """Contents of requests are read or refused."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 97):
            yield data[start : start + 97]

    for kind in _KINDS:
        with suppress(RefusalError):
            asyncio.run(read_content(kind, chunks(), Limits()))


_KINDS = (
    "application/json",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
)
_FOLDER = TemporaryDirectory()


def yaml(data: bytes) -> None:
    """A file of the catalogue is read, or its faults are listed."""
    path = Path(_FOLDER.name) / "a.yaml"
    path.write_bytes(data)
    yaml_reader.read_yaml(path, "a.yaml")


TARGETS: dict[str, Callable[[bytes], None]] = {"decoding": decoding, "urls": urls, "mock": mock, "yaml": yaml}

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
