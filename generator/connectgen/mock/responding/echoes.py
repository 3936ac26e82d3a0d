"""Where a response shows what was sent under another name: the table `echoes.yaml`, applied to what a request sent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from connectgen.mock.state import Sent, merge

_TABLE = Path(__file__).with_name("echoes.yaml")
_VALUE = "$value"

Echoes = Mapping[str, Mapping[str, Any]]
"""By type and by what is sent: the properties of a response, with `$value` where the value is."""


@cache
def read_echoes(table: Path = _TABLE) -> Echoes:
    """The table that comes with the mock."""
    entries: Echoes = yaml.safe_load(table.read_text(encoding="utf-8"))
    return entries


def under_own_names(type_name: str, sent: Mapping[str, object]) -> Mapping[str, object]:
    """What was sent, with what a record shows under another name there too.

    Args:
        type_name: the class of the record.
        sent: the properties and form fields of a request; a property that it names itself stays as it is.
    """
    own = read_echoes().get(type_name, {})
    if own.keys().isdisjoint(sent):
        return sent
    shown: Sent = {}
    for name, template in own.items():
        if name in sent:
            merge(shown, _filled(template, sent[name]))
    merge(shown, sent)
    return shown


def _filled(template: Any, value: object) -> Any:
    if isinstance(template, dict):
        return {name: _filled(one, value) for name, one in cast("dict[str, Any]", template).items()}
    if isinstance(template, list):
        return [_filled(one, value) for one in cast("list[object]", template)]
    return value if template == _VALUE else template
