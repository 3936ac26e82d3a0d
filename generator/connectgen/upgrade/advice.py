"""What is said to a person, and which replacements hold the same: read from advice.yaml and same.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from connectgen.diff.change import Change
from connectgen.diff.usage.client_names import argument_name, field_name


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said of a rule.

    Attributes:
        say: the sentence.
        replaced: the sentence where something is named instead; empty where there is none.
        if_reported: whether it is said only where a type checker reports an error.
    """

    say: str
    replaced: str = ""
    if_reported: bool = False


@dataclass(frozen=True, slots=True)
class Same:
    """What holds the same under another name.

    Attributes:
        properties: `FeedItem.canShare`, and the guide's page.
        arguments: the Python name of an operation's argument, and what it is called in what replaces the operation.
    """

    properties: Mapping[str, str]
    arguments: Mapping[str, str]


@cache
def advice() -> Mapping[str, Advice]:
    """What is said, by rule."""
    text = (Path(__file__).parent / "advice.yaml").read_text(encoding="utf-8")
    return {rule: Advice(**entry) for rule, entry in yaml.safe_load(text).items()}


@cache
def same() -> Same:
    """What holds the same."""
    found = yaml.safe_load((Path(__file__).parent / "same.yaml").read_text(encoding="utf-8"))
    return Same(found["properties"], {name: entry["becomes"] for name, entry in found["arguments"].items()})


def sentence(change: Change, old: str, new: str) -> str | None:
    """What a person is to do about a change; None where it only may concern code.

    Args:
        change: the change.
        old: the version that the code was written for, `45.0`.
        new: the one that it is to use.
    """
    found = advice().get(change.rule.id)
    if found is None:
        return None
    text = found.replaced if change.replacement and found.replaced else found.say
    return text.format(
        what=python_subject(change.subject), before=change.before or "nothing", after=change.after or "nothing",
        replacement=_python_replacement(change), old=old, new=new,
    )  # fmt: skip


def python_subject(subject: str) -> str:
    """What changed, as Python calls it: `FeedItem.canShare` → `FeedItem.can_share`."""
    named, equals, value = subject.partition("=")
    if named.endswith(")"):
        operation, _, name = named.removesuffix(")").partition("(")
        return f"{operation}({argument_name(name)}){equals}{value}"
    owner, dot, name = named.partition(".")
    if not dot or owner[:1].islower():
        return subject
    first, space, rest = name.partition(" ")
    return f"{owner}.{field_name(first)}{space}{rest}{equals}{value}"


def _python_replacement(change: Change) -> str:
    """What is named instead, as Python calls it; a path leads through several properties."""
    named = change.replacement or "nothing"
    if change.rule.id.startswith(("operation-", "type-")):
        return named
    python = argument_name if "(" in change.subject else field_name
    return ".".join(python(one) for one in named.split("."))
