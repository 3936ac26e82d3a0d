"""Reads responses of a package index within bounds: one that sends without end, or ever so slowly, ends the run."""

from __future__ import annotations

import io
import time
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from connectgen.wheels.faults import PackageIndexError

MOST_BYTES = 64_000_000
"""How much a response may hold, decompressed."""
MOST_SECONDS = 120.0
"""How long a response's body may take."""
_PIECE = 65_536


class BoundedAdapter(HTTPAdapter):
    """Reads each response's body at once, and gives up one that is too long or too slow."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request, and read the whole response.

        Raises:
            PackageIndexError: the response is too long, or takes too long.
        """
        response = super().send(request, *args, **{**kwargs, "stream": True})
        try:
            body = _body(response)
        finally:
            response.close()
        response.raw = io.BytesIO(body)
        return response


def _body(response: requests.Response) -> bytes:
    ends, body = time.monotonic() + MOST_SECONDS, bytearray()
    try:
        while piece := response.raw.read1(_PIECE, decode_content=True):
            body += piece
            if len(body) > MOST_BYTES:
                raise PackageIndexError(f"the response holds more than {MOST_BYTES:,} bytes; nothing was uploaded")
            if time.monotonic() > ends:
                raise PackageIndexError(f"the response took more than {MOST_SECONDS:.0f} s; nothing was uploaded")
    except urllib3.exceptions.TimeoutError:
        raise requests.Timeout from None
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from None
    return bytes(body)
