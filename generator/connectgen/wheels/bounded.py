"""Reads responses of a package index within bounds: one that sends without end, or ever so slowly, ends the run."""

from __future__ import annotations

import io
import threading
import time
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from connectgen.wheels.faults import PackageIndexError

MOST_BYTES_OF_A_PAGE = 4_000_000
"""How much a page of a distribution may hold, decompressed: thousands of files are named on less."""
MOST_BYTES_OF_A_FILE = 64_000_000
"""How much a wheel or a source distribution may hold."""
MOST_SECONDS = 120.0
"""How long a response may take, from connecting to the end of its body."""
MOST_SECONDS_TOGETHER = 600.0
"""How long all responses of a run may take together."""
_PIECE = 65_536


class BoundedAdapter(HTTPAdapter):
    """Reads each response at once, and gives up one that is too long or too slow.

    Attributes:
        most_bytes: how much the next response may hold.
    """

    def __init__(self) -> None:
        super().__init__()
        self.most_bytes = MOST_BYTES_OF_A_PAGE
        self._left = MOST_SECONDS_TOGETHER

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request, and read the whole response.

        Raises:
            PackageIndexError: the response is too long, or takes too long.
        """
        started, most = time.monotonic(), min(MOST_SECONDS, self._left)
        done: list[requests.Response | Exception] = []

        def read() -> None:
            try:
                done.append(self._whole(request, started + most, *args, **kwargs))
            except Exception as error:
                done.append(error)

        # In a thread: what dribbles status line or headers keeps every read within its own time limit.
        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        reader.join(most)
        self._left = max(0.0, self._left - (time.monotonic() - started))
        if not done:
            raise _too_slow()
        if isinstance(done[0], Exception):
            raise done[0]
        return done[0]

    def _whole(self, request: requests.PreparedRequest, end: float, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().send(request, *args, **{**kwargs, "stream": True})
        try:
            body = _body(response, end, self.most_bytes)
        finally:
            response.close()
        response.raw = io.BytesIO(body)
        return response


def _body(response: requests.Response, end: float, most: int) -> bytes:
    body = bytearray()
    try:
        while piece := response.raw.read1(_PIECE, decode_content=True):
            body += piece
            if len(body) > most:
                raise PackageIndexError(f"the response holds more than {most:,} bytes; the run ends")
            if time.monotonic() > end:
                raise _too_slow()
    except urllib3.exceptions.TimeoutError:
        raise requests.Timeout from None
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from None
    return bytes(body)


def _too_slow() -> PackageIndexError:
    limits = f"{MOST_SECONDS:.0f} s for one response, {MOST_SECONDS_TOGETHER:.0f} s for all"
    return PackageIndexError(f"takes longer to respond than is allowed ({limits}); the run ends")
