"""What the patterns of `match` bind, and what they ask for."""

from __future__ import annotations

import ast

from connectgen.diff.usage.assignments import Assignments, where
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.things import (
    NOTHING,
    UNKNOWN,
    AppClass,
    AppObject,
    Content,
    Many,
    ModelClass,
    Row,
    Table,
    Value,
    items_of,
    join,
)


class Patterns(Assignments):
    """Reads patterns."""

    def pattern(self, pattern: ast.pattern, subject: Value) -> None:  # noqa: C901  one case for each class of pattern
        """Bind what a pattern binds, and note what it asks for."""
        match pattern:
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None:
                    self.pattern(inner, subject)
                if name:
                    narrowed = self._narrowed(inner) if inner is not None else NOTHING
                    self._bind_name(name, narrowed or subject)
            case ast.MatchOr(patterns=patterns):
                for one in patterns:
                    self.pattern(one, subject)
            case ast.MatchValue(value=value):
                self.value(value)
                contents = [thing for thing in subject if isinstance(thing, Content)]
                if contents and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    self.compare(contents, value)
            case ast.MatchClass():
                self._match_class(pattern)
            case ast.MatchSequence(patterns=patterns):
                rows = [thing.items for thing in subject if isinstance(thing, Row)]
                others = items_of(frozenset(thing for thing in subject if not isinstance(thing, Row)))
                targets = [join(row[n] for row in rows if n < len(row)) | others for n in range(len(patterns))]
                for one, target in zip(patterns, targets, strict=True):
                    self.pattern(one, target)
            case ast.MatchStar(name=name):
                if name:
                    self._bind_name(name, frozenset([Many(subject)]))
            case ast.MatchMapping(patterns=patterns):
                values = join(thing.values for thing in subject if isinstance(thing, Table))
                for one in patterns:
                    self.pattern(one, values)
            case _:
                pass

    def _narrowed(self, pattern: ast.pattern) -> Value:
        if not isinstance(pattern, ast.MatchClass):
            return NOTHING
        recording, self.recording = self.recording, False
        found = self.annotation(pattern.cls) or NOTHING
        self.recording = recording
        return found

    def _match_class(self, pattern: ast.MatchClass) -> None:
        classes = self.value(pattern.cls)
        self.tests(classes, pattern.cls)
        spot = self.spot(pattern.cls)
        for name, inner in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            value: Value = NOTHING
            for thing in classes:
                match thing:
                    case ModelClass(model):
                        field = self.client.fields(model).get(name)
                        if field:
                            self.note(Use("read", model, name, inner.lineno, spot, is_sure=True))
                            inside = Content(model, name, spot, is_sure=True)
                            value |= self.client.value_of(field.type) or frozenset([inside])
                    case AppClass(info):
                        value |= self.of_class(info, name, AppObject(info), _named_there(pattern.cls))
                    case _:
                        value |= UNKNOWN
            self.pattern(inner, value)
        for inner in pattern.patterns:
            self.pattern(inner, UNKNOWN)


def _named_there(node: ast.expr) -> ast.Attribute:
    return ast.Attribute(value=node, attr="", ctx=ast.Load(), **where(node))
