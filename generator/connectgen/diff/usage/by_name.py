"""Fields that calls name by a text or a keyword, where no type checker sees them: `replace`, `from_dict`, `setattr`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from connectgen.diff.usage.arguments import Passed, ends_with
from connectgen.diff.usage.client_names import PACKAGE, field_name
from connectgen.diff.usage.members import models_of, object_of
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.results import Results
from connectgen.diff.usage.things import (
    NOTHING,
    AppClass,
    AppFunction,
    AppObject,
    GroupClass,
    Model,
    ModelClass,
    Spot,
    Table,
    Text,
    Thing,
    Unknown,
    Value,
    is_ours,
    items_of,
    join,
)

_SETTERS = frozenset(["setattr", "delattr", "__setattr__", "__delattr__", "object"])
"""They take an object and the name of an attribute; `object` is that of `mock.patch`."""


class ByName(Results):
    """Reads calls that name fields."""

    def write(self, thing: object, attribute: str, node: ast.expr) -> None:
        """Note that a field is set."""
        if isinstance(thing, Unknown):
            self.read("", attribute, node, "write")
        for name in models_of(thing):
            if attribute in self.client.fields(name):
                self.read(name, attribute, node, "write")

    def set_by_name(self, node: ast.Call, name: str) -> None:
        """`setattr(item, "text", …)`, and what tests have for it: a field is set, or an operation is replaced."""
        if name in ("patch", "setattr") and node.args and isinstance(node.args[0], ast.Constant):
            self._set_by_path(node.args[0], node)
        if name not in _SETTERS or len(node.args) < 2 or not isinstance(node.args[1], ast.Constant):
            return
        if name == "object" and not (isinstance(node.func, ast.Attribute) and ends_with(node.func.value, "patch")):
            return
        attribute = str(node.args[1].value)
        for thing in self.value(node.args[0]):
            if isinstance(thing, Unknown | Model | ModelClass | AppObject | AppClass):
                self.write(thing, attribute, node.args[1])
            else:
                owner = object_of(thing) if isinstance(thing, GroupClass) else frozenset([thing])
                self.attribute(owner, attribute, node)

    def _set_by_path(self, path: ast.Constant, node: ast.Call) -> None:
        """`mock.patch("sf_connect.v66.models.Poll.text")`: the whole way is in a text."""
        module, _, attribute = str(path.value).rpartition(".")
        module, _, owner = module.rpartition(".")
        if not PACKAGE.match(module):
            return
        for thing in self.client.model_class(owner):
            self.write(thing, attribute, path)
        if (group := self.client.group_class(module, owner)) is not None:
            self.attribute(object_of(GroupClass(group)), attribute, node)

    def named_by_keywords(self, function: Value, passed: Passed, node: ast.Call, name: str) -> None:
        """`replace(item, text="…")`, `create_autospec(m.Item, text="…")`: keywords that are fields of what is passed.

        Only `replace` is known to set them; what another function does with them is not.
        """
        if name == "partial" or not passed.keywords or any(_is_read(thing) for thing in function):
            return
        first = passed.positional[0] if passed.positional else NOTHING
        among = first if name == "replace" else join(passed.everything())
        models = {model for thing in among for model in models_of(thing)}
        is_sure = name == "replace" and len(models) == 1 == len(first)
        for model in sorted(models):
            for keyword, value, line in passed.keywords:
                if keyword in self.client.fields(model):
                    self._note_hidden(model, keyword, value, line, self.spot(node.func), is_sure=is_sure)
        if name == "replace" and Unknown() in first:
            for keyword, _, line in passed.keywords:
                self.note(Use("write", "", keyword, line, self.spot(node.func)))

    def from_dictionary(self, node: ast.Call) -> None:
        """`m.PollInput.from_dict({"text": …})`: a dictionary with the names of the API."""
        if not isinstance(node.func, ast.Attribute) or node.func.attr != "from_dict" or not node.args:
            return
        classes = [thing for thing in self.value(node.func.value) if isinstance(thing, ModelClass | AppClass)]
        models = frozenset(name for thing in classes for name in models_of(thing))
        self._keys(models, node.args[0])

    def _keys(self, models: frozenset[str], node: ast.expr) -> None:
        for key, value, given, spot in self._pairs(node):
            inner: set[str] = set()
            for model in sorted(models):
                field = self.client.fields(model).get(field_name(key))
                if field is None or field.name != key:
                    continue
                self._note_hidden(model, field_name(key), value, spot.line, spot, is_sure=len(models) == 1)
                held = self.client.value_of(field.type)
                inner |= {name for thing in held | items_of(held) for name in models_of(thing)}
            for one in given.elts if isinstance(given, ast.List) else [given] if given is not None else []:
                if inner:
                    self._keys(frozenset(inner), one)

    def _pairs(self, node: ast.expr) -> Iterator[tuple[str, Value, ast.expr | None, Spot]]:
        """The keys of a dictionary, each with its value, how that is written, and where the key is."""
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, self.value(value), value, self.spot(key)
                elif key is None:
                    yield from self._pairs(value)
            return
        for thing in self.value(node):
            if isinstance(thing, Table):
                for name, held in thing.keys or ():
                    yield name, held, None, self.spot(node)

    def _note_hidden(self, model: str, name: str, value: Value, line: int, spot: Spot, *, is_sure: bool) -> None:
        texts: list[str | None] = [*sorted({thing.text for thing in value if isinstance(thing, Text)})]
        for text in texts or [None]:
            self.note(Use("pass", model, name, line, spot, text=text, is_sure=is_sure, is_hidden=True))


def _is_read(thing: Thing) -> bool:
    """Whether what is called is known, so that its keywords are arguments."""
    return is_ours(frozenset([thing])) or isinstance(thing, AppFunction | AppClass | AppObject)
