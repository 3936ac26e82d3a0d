"""The rules of the comparison, read from `rules.yaml`: effect, direction, and the verdicts that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import yaml

Verdict = Literal["breaking", "warning", "info", "none"]
VERDICTS: tuple[Verdict, ...] = ("breaking", "warning", "info", "none")
"""Worst first."""
_FILE = Path(__file__).with_name("rules.yaml")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change.

    Attributes:
        id: its name; it never changes.
        effect: what happens to what clients could use: gone, new, demanded, released, narrowed, widened, changed.
        direction: whether requests, responses or both are affected.
        wire: the verdict for what is sent and received.
        source: the verdict for Python code that uses the generated client.
        behaviour: the verdict for what such code does when it stays as it is.
        handled: whether the generated client sees to it, so that only requests made without it are concerned.
        explanation: what the change is, and whom it concerns.
        example: one.
    """

    id: str
    effect: str
    direction: Literal["request", "response", "both"]
    wire: Verdict
    source: Verdict
    behaviour: Verdict
    handled: bool
    explanation: str
    example: str

    @property
    def severity(self) -> Verdict:
        """The worst of the three verdicts."""
        return worst(self.wire, self.source, self.behaviour)


def worst(*verdicts: Verdict) -> Verdict:
    """The worst of several verdicts."""
    return min(verdicts, key=VERDICTS.index)


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by id, in the order of the file."""
    return read_rules(_FILE.read_text(encoding="utf-8"))


def read_rules(text: str) -> Mapping[str, Rule]:
    """Rules by id, from the text of a file of rules."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = cast("dict[str, dict[str, Any]]", yaml.load(text, Loader=loader))  # noqa: S506  both are safe
    table = cast("dict[str, dict[str, Verdict]]", document["severities"])
    found: dict[str, Rule] = {}
    for name, written in document["rules"].items():
        direction = written["direction"]
        derived = table[written["effect"]]
        wire = worst(*derived.values()) if direction == "both" else derived[direction]
        found[name] = Rule(
            id=name,
            effect=written["effect"],
            direction=direction,
            wire=written.get("wire", wire),
            source=written["source"],
            behaviour=written["behaviour"],
            handled=written.get("handled", False),
            explanation=written["explanation"],
            example=written["example"],
        )
    return found
