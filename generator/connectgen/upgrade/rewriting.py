"""Makes edits in a text with LibCST: formatting and comments stay, and each edit is made whole or refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from connectgen.diff.usage.lines import Statements, lines_of
from connectgen.upgrade.edits import At, ByKeyword, Edit, Note, Rename, RenameKeyword, Reroute

_Change = Callable[[cst.CSTNode], cst.CSTNode]


class RefusedError(Exception):
    """An edit cannot be made at its place."""


class LayoutError(Exception):
    """LibCST cannot read what Python can; the message says where."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text after its edits.

    Attributes:
        text: the text.
        refused: the numbers of the edits that could not be made.
    """

    text: str
    refused: frozenset[int]


def rewrite(text: str, statements: Statements, edits: Sequence[Edit], notes: Sequence[Note]) -> Rewritten:
    """Make edits and comments in a text.

    Only the statements of the module that have an edit are taken apart; everything else stays, byte for byte.

    Args:
        text: the file's text.
        statements: where its statements are.
        edits: what to change.
        notes: comments to put above statements; `line` is the first line of a statement.

    Raises:
        LayoutError: LibCST cannot read one of the statements.
    """
    lines = lines_of(text)
    refused: set[int] = set()
    for (start, end), numbers, inside in reversed(_parts(statements, edits, notes)):
        try:
            part = _Part("".join(lines[start - 1 : end]), start, lines)
        except (cst.ParserSyntaxError, RecursionError) as error:
            where = getattr(error, "raw_line", 1) + start - 1
            raise LayoutError(f"its layout cannot be kept around line {where}; it is left as it is") from None
        done = part.rewrite([(number, edits[number]) for number in numbers], inside)
        refused |= done.refused
        lines[start - 1 : end] = [done.text]
    return Rewritten("".join(lines), frozenset(refused))


def _parts(
    statements: Statements, edits: Sequence[Edit], notes: Sequence[Note]
) -> list[tuple[tuple[int, int], list[int], list[Note]]]:
    """The statements of the module that are concerned, in their order; those that share a line are one."""
    spans: list[tuple[int, int]] = []
    for start, end in statements.tops:
        if spans and spans[-1][1] >= start:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    found: list[tuple[tuple[int, int], list[int], list[Note]]] = []
    for start, end in spans:
        numbers = [number for number, one in enumerate(edits) if start <= one.at.line <= end]
        inside = [note for note in notes if start <= note.line <= end]
        if numbers or inside:
            found.append(((start, end), numbers, inside))
    return found


class _Part:
    """Some statements of a module.

    Args:
        text: their text.
        start: their first line in the file.
        lines: all lines of the file.
    """

    def __init__(self, text: str, start: int, lines: Sequence[str]) -> None:
        self._start = start
        self._lines = lines
        self._wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        self._positions: Mapping[cst.CSTNode, CodeRange] = self._wrapper.resolve(PositionProvider)
        self._parents: Mapping[cst.CSTNode, cst.CSTNode] = self._wrapper.resolve(ParentNodeProvider)
        self._changes: dict[cst.CSTNode, list[_Change]] = {}
        self._names: dict[tuple[int, int], list[cst.CSTNode]] = {}
        for node, position in self._positions.items():
            if isinstance(node, cst.Name | cst.SimpleString | cst.Call):
                self._names.setdefault((position.end.line, position.end.column), []).append(node)

    def rewrite(self, edits: Iterable[tuple[int, Edit]], notes: Sequence[Note]) -> Rewritten:
        refused: set[int] = set()
        for number, edit in edits:
            try:
                changes = dict(self._changes_of(edit))
            except RefusedError:
                refused.add(number)
                continue
            for node, change in changes.items():
                self._changes.setdefault(node, []).append(change)
        self._place(notes)
        if not self._changes:
            return Rewritten(self._wrapper.module.code, frozenset(refused))
        module = self._wrapper.module.visit(_Rewriter(self._changes, self._above(self._changes)))
        return Rewritten(module.code, frozenset(refused))

    def _above(self, nodes: Iterable[cst.CSTNode]) -> set[cst.CSTNode]:
        """The nodes, and all that they are in."""
        found: set[cst.CSTNode] = set()
        for one in nodes:
            node: cst.CSTNode | None = one
            while node is not None and node not in found:
                found.add(node)
                node = self._parents.get(node)
        return found

    def _place(self, notes: Iterable[Note]) -> None:
        """Find the statements above which comments go."""
        wanted: dict[int, list[Note]] = {}
        for note in notes:
            wanted.setdefault(note.line - self._start + 1, []).append(note)
        if not wanted:
            return
        for node, position in self._positions.items():
            if hasattr(node, "leading_lines") and position.start.line in wanted and not isinstance(node, cst.Else):
                texts = [note.text for note in wanted.pop(position.start.line)]
                self._changes.setdefault(node, []).append(_commented(texts))

    def _changes_of(self, edit: Edit) -> list[tuple[cst.CSTNode, _Change]]:
        match edit:
            case Rename(at, old, new):
                return [self._rename(at, old, new)]
            case RenameKeyword(at, old, new):
                return [self._rename_keyword(self._call(self._name(at)), old, new)]
            case Reroute():
                return self._reroute(edit)
            case ByKeyword():
                return self._by_keyword(edit)

    def _at(self, at: At) -> tuple[int, int]:
        line = self._lines[at.line - 1]
        return at.line - self._start + 1, len(line.encode()[: at.end].decode(errors="replace"))

    def _name(self, at: At) -> cst.CSTNode:
        found = [one for one in self._names.get(self._at(at), ()) if isinstance(one, cst.Name)]
        if len(found) != 1:
            raise RefusedError
        return found[0]

    def _rename(self, at: At, old: str, new: str) -> tuple[cst.CSTNode, _Change]:
        for node in self._names.get(self._at(at), ()):
            if isinstance(node, cst.Name) and node.value == old:
                return node, lambda one: _named(one, new)
            if isinstance(node, cst.SimpleString) and node.evaluated_value == old:
                return node, lambda one: _text(one, old, new)
            if isinstance(node, cst.Call) and len(node.args) > 1:
                name = node.args[1].value
                if isinstance(name, cst.SimpleString) and name.evaluated_value == old:
                    return name, lambda one: _text(one, old, new)
            if isinstance(node, cst.Name) and (keyword := self._pattern_keyword(node, old)):
                return keyword, lambda one: _named(one, new)
        raise RefusedError

    def _pattern_keyword(self, name: cst.Name, old: str) -> cst.CSTNode | None:
        """The keyword of `case m.FeedItem(can_share=…)`, where a name is its class."""
        node: cst.CSTNode = name
        while isinstance(parent := self._parents.get(node), cst.Attribute):
            node = parent
        if isinstance(parent, cst.MatchClass) and parent.cls is node:
            return next((one.key for one in parent.kwds if one.key.value == old), None)
        return None

    def _call(self, name: cst.CSTNode) -> cst.Call:
        """The call of what a name ends."""
        node = name
        while True:
            parent = self._parents.get(node)
            if isinstance(parent, cst.Call) and parent.func is node:
                return parent
            if not (isinstance(parent, cst.Attribute) and parent.attr is node):
                raise RefusedError
            node = parent

    def _rename_keyword(self, call: cst.Call, old: str, new: str) -> tuple[cst.CSTNode, _Change]:
        found = [one.keyword for one in call.args if one.keyword is not None and one.keyword.value == old]
        if len(found) != 1:
            raise RefusedError
        return found[0], lambda one: _named(one, new)

    def _reroute(self, edit: Reroute) -> list[tuple[cst.CSTNode, _Change]]:
        method = self._name(edit.at)
        chain = self._chain(method)
        changes: list[tuple[cst.CSTNode, _Change]] = []
        for name, old, new in zip(reversed(chain), reversed(edit.old), reversed(edit.new), strict=False):
            if name.value != old:
                raise RefusedError
            if new != old:
                changes.append((name, partial(_named, new=new)))
        if len(chain) < 3 and edit.old[: 3 - len(chain)] != edit.new[: 3 - len(chain)]:
            raise RefusedError  # the group is in a variable
        if edit.accepts is None:
            self._check_unused(method, edit)
            return changes
        call = self._call(method)
        if any(one.star for one in call.args):
            raise RefusedError
        keywords = [one.keyword.value for one in call.args if one.keyword is not None]
        renamed = dict(edit.keywords)
        if not {renamed.get(one, one) for one in keywords} <= edit.accepts:
            raise RefusedError
        if len(call.args) - len(keywords) > edit.positions:
            raise RefusedError
        self._check_unused(method, edit)
        return changes + [self._rename_keyword(call, one, renamed[one]) for one in keywords if one in renamed]

    def _check_unused(self, method: cst.CSTNode, edit: Reroute) -> None:
        if not edit.unused:
            return
        above = self._parents.get(self._call(method))
        if isinstance(above, cst.Await):
            above = self._parents.get(above)
        if not isinstance(above, cst.Expr):
            raise RefusedError

    def _chain(self, method: cst.CSTNode) -> list[cst.Name]:
        """The names of `….family.group.method`, as many of them as are attributes here."""
        names: list[cst.Name] = []
        node = self._parents.get(method)
        while isinstance(node, cst.Attribute) and len(names) < 3:
            names.append(node.attr)
            node = node.value
        return list(reversed(names))

    def _by_keyword(self, edit: ByKeyword) -> list[tuple[cst.CSTNode, _Change]]:
        call = self._call(self._name(edit.at))
        changes: list[tuple[cst.CSTNode, _Change]] = []
        for number, one in enumerate(call.args):
            if one.star:
                raise RefusedError
            if one.keyword is not None or number < edit.first:
                continue
            if number >= len(edit.names):
                raise RefusedError
            changes.append((one, _with_keyword(edit.names[number])))
        return changes


class _Rewriter(cst.CSTTransformer):
    """Makes changes; what has none inside is not looked through."""

    def __init__(self, changes: Mapping[cst.CSTNode, Sequence[_Change]], inside: set[cst.CSTNode]) -> None:
        super().__init__()
        self._changes = changes
        self._inside = inside

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node in self._inside

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        for change in self._changes.get(original_node, ()):
            updated_node = change(updated_node)
        return updated_node


def _named(node: cst.CSTNode, new: str) -> cst.CSTNode:
    return node.with_changes(value=new)


def _text(node: cst.CSTNode, old: str, new: str) -> cst.CSTNode:
    value: str = getattr(node, "value", "")
    return node.with_changes(value=re.sub(re.escape(old), lambda _: new, value, count=1))


def _with_keyword(name: str) -> _Change:
    tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return lambda one: one.with_changes(keyword=cst.Name(name), equal=tight)


def _commented(texts: Sequence[str]) -> _Change:
    """Add comments above a statement, except those that it has already."""

    def change(node: cst.CSTNode) -> cst.CSTNode:
        lines: Sequence[cst.EmptyLine] = getattr(node, "leading_lines", ())
        known = {line.comment.value for line in lines if line.comment}
        new = [cst.EmptyLine(comment=cst.Comment(text)) for text in texts if text not in known]
        return node.with_changes(leading_lines=[*lines, *new])

    return change
