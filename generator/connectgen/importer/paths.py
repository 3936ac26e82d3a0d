"""What importers must know of paths: when two are the same, and how placeholders get names of their own."""

from __future__ import annotations

import re

_ANY_PLACEHOLDER = re.compile(r"\{[^}]*\}")


def path_shape(path: str) -> str:
    """A path whatever its placeholders are called."""
    return _ANY_PLACEHOLDER.sub("{}", path).lower()


def distinct_placeholders(path: str) -> str:
    """Give a placeholder that occurs twice in a path a name of its own, after the segment before it."""
    segments = path.split("/")
    for position, segment in enumerate(segments):
        if segment.startswith("{") and segment in segments[:position]:
            before = segments[position - 1].strip("{}").rstrip("s").replace("-", "_")
            words = before.split("_")
            name = words[0] + "".join(word.capitalize() for word in words[1:])
            segments[position] = f"{{{name}{segment[1].upper()}{segment[2:]}"
    return "/".join(segments)
