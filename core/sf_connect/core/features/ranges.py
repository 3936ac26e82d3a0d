"""Resuming a download that broke: what has arrived is kept, and the rest of the same content is requested."""

from __future__ import annotations

import re

import httpx2

_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/(?:([0-9]{1,18})|\*)")
_PARTIAL = 206


class Resumption:
    """How far a download has come, and whether the rest can be requested alone.

    Args:
        asked: whether the caller asked for a range; then a part is what it wants, and nothing is resumed.
    """

    def __init__(self, *, asked: bool) -> None:
        self.done = 0
        self._asked = asked
        self._validator: str | None = None  # names the content of which a part has arrived
        self._size: int | None = None  # what the whole of it has

    def headers(self) -> dict[str, str]:
        """The headers of the next attempt: nothing unless a part has arrived and it has an ETag."""
        if not self.done or self._validator is None:
            return {}
        return {"Range": f"bytes={self.done}-", "If-Range": self._validator, "Accept-Encoding": "identity"}

    def is_of_other_content(self, response: httpx2.Response) -> bool:
        """Whether a part is of another content than the one that began to arrive: a server may ignore If-Range."""
        if response.status_code != _PARTIAL or not self.headers():
            return False
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        size = None if found is None or found[3] is None else int(found[3])
        return response.headers.get("ETag", self._validator) != self._validator or (
            size is not None and self._size is not None and size != self._size
        )

    def begins_at(self, response: httpx2.Response) -> int | None:
        """Where a response begins within the content; None where it is a part that was not asked for."""
        if response.status_code != _PARTIAL or self._asked:
            self._validator = None if self._asked else _validator(response)
            self._size = _size(response)
            self.done = 0
            return 0
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        was_asked = self.done > 0 and self._validator is not None
        if not was_asked or found is None or int(found[1]) != self.done or "Content-Encoding" in response.headers:
            return None
        if found[3] is not None and int(found[2]) != int(found[3]) - 1:
            return None  # not to the end of the content
        return self.done


def _size(response: httpx2.Response) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else None


def _validator(response: httpx2.Response) -> str | None:
    """What names the content exactly, where the server serves parts of it: a strong ETag."""
    headers = response.headers
    if headers.get("Accept-Ranges", "").strip().lower() != "bytes" or "Content-Encoding" in headers:
        return None
    etag = headers.get("ETag", "")
    return etag if etag.startswith('"') and etag.endswith('"') and len(etag) > 2 else None
