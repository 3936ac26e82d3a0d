"""Names that servers give files, made safe on every system: no folders, no reserved names, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from email.message import Message

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?=\.|$)", re.IGNORECASE)
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Categories of characters that change how a name is shown and are not seen, such as those that turn its direction."""
_LONGEST = 200
"""Bytes of a name in UTF-8; file systems take 255, and a name may get more in front of it or behind."""
_LONGEST_ENDING = 20


def filename_of(disposition: str | None) -> str | None:
    """The file name in a `Content-Disposition` header, safe on every system; None where it contains none."""
    if not disposition:
        return None
    message = Message()
    message["Content-Disposition"] = re.sub(r"[\x00-\x1f\x7f]", " ", disposition)
    try:
        named = message.get_filename()
    except (AttributeError, LookupError, TypeError, ValueError):  # an unknown charset, or pieces of a name with and
        return None  # without numbers, for which the standard library has no error of its own
    return safe_name(named) if named else None


def safe_name(name: str) -> str | None:
    """A name without what is not safe; None where nothing is left."""
    shown = "".join(character for character in name if unicodedata.category(character) not in _INVISIBLE)
    plain = _UNSAFE.sub("_", shown).strip().strip(". ")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return _shortened(plain) or None


def _shortened(name: str) -> str:
    """A name that is not too long; its ending stays."""
    if len(name.encode()) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    room = _LONGEST - len(f"{dot}{ending}".encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + dot + ending
