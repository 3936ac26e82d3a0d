"""Whom connections trust: the SSL contexts of the process, one for each distinct setting."""

from __future__ import annotations

import os
import re
import ssl
from pathlib import Path
from typing import cast

import httpx2

_CA_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""The names by which OpenSSL finds certificates in a folder."""
_contexts: dict[tuple[object, ...], ssl.SSLContext] = {}
_stamps: dict[str, tuple[object, ...]] = {}
"""The key of the newest context of each file, so that one that was replaced is not kept."""

Verify = bool | str | os.PathLike[str] | ssl.SSLContext


def ssl_context(verify: Verify = True) -> ssl.SSLContext:
    """The process's context for a setting of `verify`.

    Args:
        verify: True for the CAs that httpx2 would load, made anew when the environment names others; False for no check
            at all; a file or a folder of certificate authorities, which are trusted in place of those; or a context.

    Raises:
        TypeError: it is none of them.
        ValueError: the file or folder has no certificates, or the context is one of a server.
    """
    if isinstance(verify, ssl.SSLContext):
        if verify.protocol == ssl.PROTOCOL_TLS_SERVER:
            raise ValueError(
                "verify is an SSLContext for servers: make one by ssl.create_default_context(), or with "
                "ssl.PROTOCOL_TLS_CLIENT"
            )
        return verify
    value, kind = cast("object", verify), type(cast("object", verify)).__name__  # callers may be untyped
    if isinstance(value, bool):
        return _usual_context() if value else _unverified_context()
    path = os.fspath(cast("os.PathLike[str]", value)) if isinstance(value, os.PathLike) else value
    if isinstance(path, str):
        return _context_of(Path(path).expanduser()) if path else _refuse("verify is empty")
    raise TypeError(
        f"verify takes True, False, a file or folder of certificate authorities, or an ssl.SSLContext, not {kind}"
    )


def without_authorities() -> ssl.SSLContext:
    """A context for connections that are not encrypted: it trusts nobody, since to read the usual CAs takes 16 ms.

    Where variables of the environment name what TLS reads, it is the usual one, so that a wrong variable is noticed.
    """
    if any(os.environ.get(name) for name in _CA_VARIABLES):
        return _usual_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def has_certificates(file: str) -> bool:
    """Whether a file has certificates in PEM."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
    except OSError:
        return False
    return True


def _usual_context() -> ssl.SSLContext:
    key = (True, *(os.environ.get(name) for name in _CA_VARIABLES))
    if key not in _contexts:
        _contexts[key] = httpx2.create_ssl_context()
    return _contexts[key]


def _unverified_context() -> ssl.SSLContext:
    key = (False, os.environ.get("SSLKEYLOGFILE"))
    if key not in _contexts:
        _contexts[key] = httpx2.create_ssl_context(verify=False)
    return _contexts[key]


def _context_of(path: Path) -> ssl.SSLContext:
    """The context that trusts what is in a file or folder; made anew when that was written since.

    Raises:
        ValueError: it has no certificates.
    """
    fault: str | None = None
    try:
        found = path.stat()
        key = (str(path), found.st_mtime_ns, found.st_size, os.environ.get("SSLKEYLOGFILE"))
        if key not in _contexts:
            made = _load_folder(path) if path.is_dir() else ssl.create_default_context(cafile=path)
            _contexts.pop(_stamps.get(str(path), ()), None)
            _contexts[key], _stamps[str(path)] = made, key
        return _contexts[key]
    except ssl.SSLError:
        fault = "has no certificates in PEM"
    except OSError as error:
        fault = f"cannot be read: {(error.strerror or type(error).__name__).lower()}"
    return _refuse(f"verify={path} {fault}")  # here, so that it has no other library's traceback


def _load_folder(path: Path) -> ssl.SSLContext:
    """The context of a folder, of which OpenSSL reads nothing before a server shows its certificate.

    Raises:
        ValueError: OpenSSL would find no certificate in it.
    """
    if not any(_HASHED.fullmatch(one.name) for one in path.iterdir()):
        _refuse(f"verify={path} is a folder without hashed names, by which certificates are found: `openssl rehash` it")
    return ssl.create_default_context(capath=path)


def _refuse(fault: str) -> ssl.SSLContext:
    raise ValueError(fault)
