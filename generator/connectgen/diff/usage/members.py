"""What an attribute of something of a client is, and of a class of the application."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.things import (
    CLIENT,
    ELSEWHERE,
    NOTHING,
    UNKNOWN,
    AppClass,
    AppFunction,
    AppObject,
    ClassInfo,
    Client,
    ClientClass,
    Content,
    Elsewhere,
    Family,
    FunctionInfo,
    Group,
    GroupClass,
    Holder,
    Many,
    Model,
    ModelClass,
    Operation,
    Partial,
    Returning,
    Row,
    Spot,
    Table,
    Unknown,
    Value,
    join,
)

if TYPE_CHECKING:
    from connectgen.diff.usage.annotations import Reader
else:
    Reader = object

_LIKE_ITSELF = frozenset(["copy", "union", "__enter__", "__aenter__", "__iter__", "__aiter__", "reversed"])
_ONE_ITEM = frozenset(["pop", "popleft", "__next__", "__anext__", "get"])


class Members(Reader):
    """Looks attributes up."""

    def member_of(self, thing: object, name: str, node: ast.Attribute | ast.Call) -> Value:
        """What an attribute is of a thing that is known."""
        match thing:
            case Client() | ClientClass():
                return self._of_client(name, node)
            case Family(family):
                full = f"{family}.{name}"
                if full not in self.client.groups:
                    self.unclear(node, f"the family {family} has no group {name}")
                    return NOTHING
                return self._group(full, node)
            case Group(group):
                return self._of_group(group, name, node)
            case Model(type_name) | ModelClass(type_name):
                return self._of_model(thing, type_name, name, node)
            case Many(items, pages):
                return self._of_many(thing, items, pages, name)
            case Table(values):
                return _of_table(thing, values, name)
            case Row(items):
                return frozenset([Returning(join(items))]) if name in _ONE_ITEM else NOTHING
            case Holder(of):
                return of | frozenset([Returning(of)])
            case AppObject(info) | AppClass(info):
                return self.of_class(info, name, thing, node)
            case Partial(of):
                return of if name == "func" else NOTHING
            case _:
                return NOTHING

    def _of_client(self, name: str, node: ast.Attribute | ast.Call) -> Value:
        if name in self.client.families:
            if isinstance(node, ast.Attribute):
                spot = self.spot(node)
                self.note(Use("family", name, "", spot.line, spot))
            return frozenset([Family(name)])
        if name in ("site", "__enter__", "__aenter__", "with_options") or name.startswith(("with_", "from_")):
            return frozenset([Returning(CLIENT)])
        return ELSEWHERE

    def _group(self, full: str, node: ast.Attribute | ast.Call) -> Value:
        spot = self.spot(node)
        self.note(Use("group", full, "", spot.line, spot))
        return frozenset([Group(full)])

    def _of_group(self, group: str, name: str, node: ast.Attribute | ast.Call) -> Value:
        found = self.client.method(group, name)
        if found is None:
            if not name.startswith("_"):
                self.unclear(node, f"the group {group} has no operation {name}")
            return NOTHING
        spot = self.spot(node)
        self.note(Use("operation", found[0], "", spot.line, spot))
        return frozenset([Operation(*found, spot)])

    def _of_model(self, thing: object, type_name: str, name: str, node: ast.Attribute | ast.Call) -> Value:
        if isinstance(thing, ModelClass) and name in ("from_dict", "from_json"):
            return frozenset([Returning(frozenset([Model(type_name)]))])
        field = self.client.fields(type_name).get(name)
        if field is None or isinstance(thing, ModelClass):
            return NOTHING
        spot = self.spot(node)
        self.note(Use("read", type_name, name, spot.line, spot))
        return self.client.value_of(field.type) or frozenset([Content(type_name, name, spot)])

    def _of_many(self, thing: Many, items: Value, pages: Value, name: str) -> Value:
        if name in ("pages", "by_page"):
            return frozenset([Returning(frozenset([Many(pages)]))])
        if name in _ONE_ITEM:
            return frozenset([Returning(items)])
        return frozenset([Returning(frozenset([thing]))]) if name in _LIKE_ITSELF else NOTHING

    def unknown_attribute(self, thing: Unknown | Elsewhere, name: str, node: ast.Attribute | ast.Call) -> Value:
        """An attribute of what may be anything: names in a row mean a group or an operation, one name a field."""
        chain = _chain(node)
        pair = ".".join(chain[-2:])
        if pair in self.client.groups:
            return self._group(pair, node)
        operation = self.client.method(".".join(chain[-3:-1]), name) if len(chain) > 2 else None
        if operation is None and isinstance(thing, Unknown) and len(chain) > 1:
            groups = [group for group in sorted(self.client.groups) if group.partition(".")[2] == chain[-2]]
            found = [self.client.method(group, name) for group in groups]
            candidates = [one for one in found if one]
            if candidates:
                spot = self.spot(node)
                for one in candidates:
                    self.note(Use("operation", one[0], "", spot.line, spot))
                return frozenset(Operation(*one, spot) for one in candidates) | UNKNOWN
        if operation is not None:
            spot = self.spot(node)
            self.note(Use("operation", operation[0], "", spot.line, spot))
            return frozenset([Operation(*operation, spot)])
        if isinstance(thing, Elsewhere):
            return frozenset([thing])
        spot = self.spot(node)
        self.note(Use("read", "", name, spot.line, spot))
        return UNKNOWN | frozenset([Content("", name, spot)])

    def of_class(self, info: ClassInfo, name: str, thing: object, node: ast.Attribute | ast.Call) -> Value:
        """An attribute of an object or a class of the application."""
        for one in _bases(info):
            if isinstance(thing, AppObject) and name in (*one.methods, *one.annotated, *one.assigned):
                self._read_of_derived(info, name, node)
            if name in one.methods:
                return self._method(one.methods[name], info)
            if name in one.annotated:
                return one.annotated[name]
            if name in one.assigned:
                return one.assigned[name]
        found: Value | None = None
        for one in _bases(info):
            for base in one.bases:
                if isinstance(base, ClientClass | ModelClass | GroupClass):
                    found = (found or NOTHING) | self.attribute(object_of(base), name, node)
        if found is not None:
            return found
        asked = (id(info), name)
        if asked in self._asked:  # classes that, over names bound twice, derive from each other
            return UNKNOWN
        self._asked.add(asked)
        lower = [self.of_class(one, name, thing, node) for one in info.derived]
        self._asked.discard(asked)
        if any(lower):
            return join(lower)
        return UNKNOWN if any(one.has_other_bases for one in _bases(info)) else self.own_unknown(info)

    def _read_of_derived(self, info: ClassInfo, name: str, node: ast.Attribute | ast.Call) -> None:
        """A field that a class of the application sets, or has its own of, is the model's as well."""
        for model in models_of(AppObject(info)):
            if name in self.client.fields(model):
                spot = self.spot(node)
                self.note(Use("read", model, name, spot.line, spot))

    def own_unknown(self, info: ClassInfo) -> Value:
        """An attribute that no class of the application sets: it comes from outside."""
        del info
        return UNKNOWN

    def attribute(self, base: Value, name: str, node: ast.Attribute | ast.Call) -> Value:
        """Replaced by the reading of expressions."""
        raise NotImplementedError

    def _method(self, function: FunctionInfo, info: ClassInfo) -> Value:
        if {"property", "cached_property", "reify"} & function.decorators:
            return self.result_of(function, [])
        return frozenset([AppFunction(function, info)])

    def result_of(self, function: FunctionInfo, given: list[Value]) -> Value:
        """What a call of a function of the application gives."""
        returned = function.result
        if returned is None:
            if function.generates:
                returned = function.yielded if _manages(function) else frozenset([Many(function.yielded)])
            else:
                returned = function.returned
        elif _manages(function):
            from connectgen.diff.usage.things import items_of

            returned = items_of(returned)
        typed = _same_name(function)
        if typed:
            return join(given[n] for n in typed if n < len(given)) | returned
        return returned


def _manages(function: FunctionInfo) -> bool:
    return bool({"contextmanager", "asynccontextmanager"} & function.decorators)


def _same_name(function: FunctionInfo) -> list[int]:
    """The parameters that are annotated by the same plain name as the result: a type variable, or one class."""
    returns = function.node.returns
    if not isinstance(returns, ast.Name):
        return []
    parameters = [*function.node.args.posonlyargs, *function.node.args.args]
    return [
        n
        for n, one in enumerate(parameters)
        if isinstance(one.annotation, ast.Name) and one.annotation.id == returns.id
    ]


def object_of(base: object) -> Value:
    """An object of a class of the client."""
    match base:
        case ClientClass():
            return CLIENT
        case ModelClass(name):
            return frozenset([Model(name)])
        case GroupClass(name):
            return frozenset([Group(name) if "." in name else Family(name)])
        case _:
            return NOTHING


def _bases(info: ClassInfo) -> list[ClassInfo]:
    """A class and those that it derives from, nearest first."""
    found = [info]
    for one in found:
        for base in one.bases:
            if isinstance(base, AppClass) and base.info not in found:
                found.append(base.info)
    return found


def bases_of(info: ClassInfo) -> list[ClassInfo]:
    """A class and those that it derives from, nearest first."""
    return _bases(info)


def models_of(thing: object) -> list[str]:
    """The models that an object or a class is of, itself or by what it derives from."""
    match thing:
        case Model(name) | ModelClass(name):
            return [name]
        case AppObject(info) | AppClass(info):
            return [base.name for one in _bases(info) for base in one.bases if isinstance(base, ModelClass)]
        case _:
            return []


def _of_table(thing: Table, values: Value, name: str) -> Value:
    match name:
        case "values":
            return frozenset([Returning(frozenset([Many(values)]))])
        case "items":
            return frozenset([Returning(frozenset([Many(frozenset([Row((NOTHING, values))]))]))])
        case "get" | "pop" | "setdefault":
            return frozenset([Returning(values)])
        case "copy":
            return frozenset([Returning(frozenset([thing]))])
        case _:
            return NOTHING


def _chain(node: ast.expr) -> list[str]:
    """The names of a chain: `client.site("x").feeds.news` → client, site, feeds, news."""
    names: list[str] = []
    one: ast.expr = node
    while True:
        match one:
            case ast.Attribute(value=value, attr=attr):
                names.append(attr)
                one = value
            case ast.Call(func=func):
                one = func
            case ast.Name(id=name):
                return [name, *reversed(names)]
            case _:
                return list(reversed(names))


__all__ = ["Members", "Spot", "bases_of", "models_of", "object_of"]
