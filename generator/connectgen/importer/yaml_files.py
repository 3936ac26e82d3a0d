"""Reads and edits the catalogue's YAML files: comments and order kept, and never a file that reads back differently."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml

from connectgen.catalogue.yaml_reader import RefusedError, read_text
from connectgen.importer.emit import emit_item, emit_mapping, is_list, is_mapping, rank

Plain = dict[str, Any]
"""What a YAML file holds, as plain Python values."""
Step = str | int
T = TypeVar("T")

_SORTED_TABLES = frozenset({"types", "enumerations"})
_APPENDED_TABLES = frozenset({"parameters", "properties", "parts"})


class YamlFileError(Exception):
    """A file of the catalogue cannot be read or edited as it should; the message is one line."""


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of a file.

    Attributes:
        path: keys and list positions from the root. A position in a list means: insert before it.
        value: the new value; None removes a key.
    """

    path: tuple[Step, ...]
    value: Any


def read_plain(path: Path) -> Plain:
    """Read a file with PyYAML's safe loader.

    Raises:
        YamlFileError: it cannot be read, or holds no mapping.
    """
    try:
        value = _load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise YamlFileError(f"{path}: cannot be read: {reason}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "the YAML is at fault"
        raise YamlFileError(f"{path}{line}: {problem}; run `connectgen validate` and correct it first") from None
    if not is_mapping(value):
        raise YamlFileError(f"{path}:1: holds no mapping; run `connectgen validate` and correct it first")
    return value


def parse_plain(text: str) -> Plain:
    """A text that is known to hold a mapping, as plain values."""
    return cast("Plain", _load(text))


def check_meaning(path: Path, text: str, meant: Mapping[str, Any]) -> None:
    """Refuse a text that reads as something else than meant, by the validator's reader or by PyYAML's safe loader."""
    if not _reads_as(text, meant):
        raise YamlFileError(f"{path}: what would be written does not read back as it was meant; nothing was changed")


def _reads_as(text: str, meant: Mapping[str, Any]) -> bool:
    try:
        return _load(text) == meant
    except yaml.YAMLError:
        return False


def apply_changes(document: Plain, changes: Sequence[Change]) -> Plain:
    """The document with all changes made, as plain values.

    Args:
        document: stays as it is.
        changes: all positions in lists are those of `document`.
    """
    result: Plain = copied(document)
    insertions: list[tuple[list[Any], int, Any]] = []
    for change in changes:
        container: Any = result
        for step in change.path[:-1]:
            container = container[step]
        last = change.path[-1]
        if is_list(container):
            insertions.append((container, cast("int", last), change.value))
        elif change.value is None:
            container.pop(last, None)
        else:
            container[last] = change.value
    # From the last place to the first, so that positions stay true; insertions at one place keep their order.
    for items, position, value in sorted(_backwards(insertions), key=lambda insertion: -insertion[1]):
        items.insert(position, value)
    return result


def copied(value: Any) -> Any:
    """Plain values once more, mappings and lists anew; much faster than `copy.deepcopy`, which expects anything."""
    if is_mapping(value):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if is_list(value) else value


def _backwards(items: list[T]) -> list[T]:
    """The other way round: `sorted` keeps the order of equals, and these are to be done last one first."""
    return items[::-1]


@dataclass(frozen=True, slots=True)
class _LineEdit:
    """Lines first … end-1 become the text."""

    first: int
    end: int
    text: str


def edit_text(text: str, changes: Sequence[Change]) -> str:
    """Make changes in a YAML text and leave every other line as it is.

    The lines to touch are found by the parser's own marks, so comments, blank lines and quotes elsewhere stay.

    Args:
        text: a document of block mappings, as `connectgen.importer.emit` writes them or a person does.
        changes: all positions in lists are those of the text.
    """
    root: Any = cast("Any", yaml).compose(text, Loader=_LOADER)
    insertions = [change for change in changes if isinstance(change.path[-1], int)]
    others = [change for change in changes if not isinstance(change.path[-1], int)]
    meant = apply_changes(parse_plain(text), others)
    lines: list[str] = [line if line.endswith("\n") else f"{line}\n" for line in text.splitlines(keepends=True)]
    units = dict.fromkeys(_unit(root, change.path) for change in others)
    edits = [_key_edit(root, lines, unit, _value_at(meant, unit)) for unit in units]
    edits += [_item_edit(root, change) for change in insertions]
    # From the bottom up, so that the marks stay true; insertions at one place keep their order.
    for edit in sorted(_backwards(edits), key=lambda edit: -edit.first):
        lines[edit.first : edit.end] = [edit.text]
    return "".join(lines)


def _unit(root: Any, path: tuple[Step, ...]) -> tuple[Step, ...]:
    """The part of a path that ends at the innermost key of a block mapping: what is rewritten as a whole."""
    node, unit = root, path[:1]
    for position, step in enumerate(path):
        if node is None or node.flow_style:
            break
        if isinstance(node, yaml.MappingNode):
            unit = path[: position + 1]
        node = _child(node, step)
    return unit


def _child(node: Any, step: Step) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((item for key, item in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _node_at(root: Any, path: tuple[Step, ...]) -> Any:
    for step in path:
        root = _child(root, step)
    return root


def _value_at(document: Any, path: tuple[Step, ...]) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document.get(path[-1])


def _key_edit(root: Any, lines: list[str], unit: tuple[Step, ...], value: Any) -> _LineEdit:
    container, last = _node_at(root, unit[:-1]), str(unit[-1])
    column: int = container.value[0][0].start_mark.column
    found = next(((key, item) for key, item in container.value if key.value == last), None)
    if found is None:
        table = str(unit[-2]) if len(unit) > 1 else ""
        line = _end_line(_predecessor(container, last, table)) + 1
        return _LineEdit(line, line, emit_mapping({last: value}, indent=column))
    key, item = found
    first, end = int(key.start_mark.line), _end_line(item) + 1
    if value is None:
        return _LineEdit(first, end, "")
    new = emit_mapping({last: value}, indent=column)
    remark = _remark(lines, item)
    kept: str = lines[first][:column]
    return _LineEdit(first, end, f"{kept}{new[column:-1]}{remark}\n")


def _predecessor(container: Any, key: str, table: str) -> Any:
    """The entry after which a new key belongs: by the alphabet, at the end, or in the order of the format's tables."""
    entries: list[tuple[Any, Any]] = container.value
    if table in _SORTED_TABLES:
        before = [item for name, item in entries if name.value < key]
    elif table in _APPENDED_TABLES:
        before = [item for _, item in entries]
    else:
        before = [item for name, item in entries if rank(name.value) <= rank(key)]
    return before[-1] if before else entries[0][1]


def _item_edit(root: Any, change: Change) -> _LineEdit:
    sequence: Any = _node_at(root, change.path[:-1])
    position = cast("int", change.path[-1])
    column: int = sequence.start_mark.column
    line = _end_line(sequence.value[position - 1]) + 1 if position else sequence.value[0].start_mark.line
    return _LineEdit(line, line, emit_item(change.value, indent=column, key=str(change.path[-2])))


def _last_leaf(node: Any) -> Any:
    """The scalar or flow collection that ends a node: a block's own end mark lies after the comments that follow it."""
    leaf: Any = node
    while leaf.id != "scalar" and not leaf.flow_style and leaf.value:
        last: Any = leaf.value[-1]
        leaf = cast("tuple[Any, Any]", last)[1] if isinstance(last, tuple) else last
    return leaf


def _end_line(node: Any) -> int:
    mark = _last_leaf(node).end_mark
    return int(mark.line - 1 if mark.column == 0 else mark.line)


def _remark(lines: list[str], node: Any) -> str:
    """The comment behind a node's last line, with two spaces before it, or nothing."""
    mark: Any = _last_leaf(node).end_mark
    line, column = int(mark.line), int(mark.column)
    rest = lines[line][column:].strip() if column else ""
    return f"  {rest}" if rest.startswith("#") else ""


def _load(text: str) -> object:
    """What PyYAML's safe loader reads, by the faster reader of the catalogue where both read the same."""
    try:
        value = read_text(text)
    except (RefusedError, yaml.YAMLError, StopIteration):
        return _safe_load(text)
    return _safe_load(text) if value is None or _has_odd_key(value) else value


def _has_odd_key(value: Any) -> bool:
    """Whether there is a key that may be no text: the catalogue's reader takes every key for one."""
    if is_mapping(value):
        return any(
            not _WORD.match(key) or key.lower() in _NO_TEXTS or _has_odd_key(item) for key, item in value.items()
        )
    return is_list(value) and any(_has_odd_key(item) for item in value)


_WORD = re.compile(r"[A-Za-z$_/]")
_NO_TEXTS = frozenset(["true", "false", "yes", "no", "on", "off", "y", "n", "null"])
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _safe_load(text: str) -> object:
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 (both are safe loaders)
