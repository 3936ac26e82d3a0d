"""Names of the API as generated code spells them, for messages that speak to who wrote the Python side."""

from __future__ import annotations

import keyword
import re

_WORD = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_ONE_WORD = {"OAuth": "Oauth", "URLs": "Urls", "IDs": "Ids", "APIs": "Apis", "SObject": "Sobject", "sObject": "sobject"}


def argument_name(name: str) -> str:
    """The argument for what the API calls so: `fileData` → `file_data`."""
    for whole, word in _ONE_WORD.items():
        name = name.replace(whole, word)
    spelled = "_".join(word.lower() for word in _WORD.findall(name))
    if keyword.iskeyword(spelled) or spelled == "self":
        return f"{spelled}_"
    return f"_{spelled}" if spelled[:1].isdigit() else spelled


def format_name(name: str) -> str:
    """A name as a message shows it: the argument's, and the API's beside it where that is another."""
    spelled = argument_name(name)
    return name if spelled in (name, "") else f"{spelled} ({name})"
