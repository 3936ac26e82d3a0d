"""A call as it would be sent: shown, or as a command of curl. The token is in neither."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from sf_connect.core.transport.calls import Call
from sf_connect.core.wire.uploads import Multipart, Upload

TOKEN_VARIABLE = "SF_CONNECT_TOKEN"  # noqa: S105  the name of a variable


def as_text(call: Call[Any]) -> str:
    """Method, URL, headers and body, as `--dry-run` shows them."""
    lines = [f"{call.request.method} {call.url}"]
    lines += [f"{name}: {value}" for name, value in _headers(call).items()]
    lines.append("Authorization: Bearer …")
    content = call.request.content
    if isinstance(content, Multipart):
        lines += ["", *(f"part {name} ({kind}): {text.decode()}" for name, text, kind in content.texts)]
        lines += [f"part {name} ({upload.content_type}): {upload.name}" for name, upload in content.files]
    elif content:
        lines += ["", content.decode()]
    return "\n".join(lines)


def as_curl(call: Call[Any]) -> str:
    """A command of curl, with the token in a variable of the shell."""
    method = call.request.method
    parts = ["curl --head" if method == "HEAD" else f"curl -X {method}", shlex.quote(call.url)]
    parts.append(f'-H "Authorization: Bearer ${TOKEN_VARIABLE}"')
    parts += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in _headers(call).items()]
    content = call.request.content
    if isinstance(content, Multipart):
        parts += [
            f"-F {shlex.quote(f'{name}={_escaped(text.decode())};type={kind}')}" for name, text, kind in content.texts
        ]
        parts += [f"-F {shlex.quote(f'{name}={_file(upload)}')}" for name, upload in content.files]
    elif content:
        parts.append(f"--data-binary {shlex.quote(content.decode())}")
    return " \\\n  ".join(parts)


def _headers(call: Call[Any]) -> dict[str, str]:
    """The headers that matter: curl writes those of multipart bodies itself."""
    own = {"user-agent", "content-length"}
    if isinstance(call.request.content, Multipart):
        own.add("content-type")
    return {name: value for name, value in call.request.headers.items() if name.lower() not in own}


def _escaped(text: str) -> str:
    """A text that curl's -F takes as it is: in quotes, as `;` ends it, and `@` and `<` name files."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _file(upload: Upload) -> str:
    path = str(upload.content) if isinstance(upload.content, str | Path) else "-"
    return f"@{path};filename={upload.name};type={upload.content_type}"
