"""Converts the API's names to those of generated arguments, for messages to the caller."""

from __future__ import annotations

import keyword
import re

_WORD = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_ONE_WORD = {"OAuth": "Oauth", "URLs": "Urls", "IDs": "Ids", "APIs": "Apis", "SObject": "Sobject", "sObject": "sobject"}


def argument_name(name: str) -> str:
    """The name of the argument for a name of the API: `fileData` → `file_data`."""
    for whole, word in _ONE_WORD.items():
        name = name.replace(whole, word)
    spelled = "_".join(word.lower() for word in _WORD.findall(name))
    if keyword.iskeyword(spelled) or spelled == "self":
        return f"{spelled}_"
    return f"_{spelled}" if spelled[:1].isdigit() else spelled


def format_name(name: str) -> str:
    """A name for a message: the argument's, followed by the API's where it differs."""
    spelled = argument_name(name)
    return name if spelled in (name, "") else f"{spelled} ({name})"
