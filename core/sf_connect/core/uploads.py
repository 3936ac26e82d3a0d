"""Binary content to send, and the multipart body that carries it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send.

    Args:
        content: the bytes, a path, or a file object opened for reading bytes.
        filename: its name on the server; a path's own name by default.
        content_type: its media type.
    """

    content: bytes | Path | BinaryIO = field(repr=False)
    filename: str = ""
    content_type: str = "application/octet-stream"

    def read(self) -> bytes:
        """The whole content."""
        if isinstance(self.content, bytes):
            return self.content
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content.read()

    @property
    def name(self) -> str:
        """The file name to send."""
        if self.filename:
            return self.filename
        return self.content.name if isinstance(self.content, Path) else "file"
