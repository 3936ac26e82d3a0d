"""The same classes as a generated client's, made for pydantic, attrs and bare msgspec, to decode the same JSON with.

A property that the JSON never has is of any type there, which favours the peers.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

import attrs
import cattrs
import cattrs.gen
import cattrs.preconf.json
import msgspec
import pydantic

from sf_connect.core.wire.unions import PageToken, UnionInfo, Untagged, union_of


class _Peers:
    """Makes a peer of each class that a sample needs, once."""

    def __init__(self, sample: bytes, root: Any) -> None:
        self._seen: dict[Any, set[str]] = {}
        self._made: dict[Any, Any] = {}
        self._told: dict[UnionInfo, set[str]] = {}
        self._look(json.loads(sample), root)

    def _look(self, value: Any, wanted: Any) -> None:
        """Note which properties of which classes the sample has."""
        union, origin = union_of(wanted), get_origin(wanted)
        if union is not None and isinstance(value, dict):
            told = str(cast("dict[str, Any]", value).get(union.property))
            self._told.setdefault(union, set()).add(told)
            self._look(cast("Any", value), union.classes.get(told) or union.fallback)
        elif origin in (Union, types.UnionType):
            for one in get_args(wanted):
                if one is not type(None):
                    self._look(value, one)
        elif origin is list and isinstance(value, list):
            for one in cast("list[object]", value):
                self._look(one, get_args(wanted)[0])
        elif _is_choice(wanted):
            for one in wanted.members():
                self._look(value, one)
        elif _is_model(wanted) and isinstance(value, dict):
            seen = self._seen.setdefault(wanted, set())
            for item in msgspec.structs.fields(wanted):
                if item.encode_name in value:
                    seen.add(item.encode_name)
                    self._look(value[item.encode_name], item.type)

    def annotation(self, wanted: Any) -> Any:
        """A type with its classes replaced by their peers."""
        union, origin, arguments = union_of(wanted), get_origin(wanted), get_args(wanted)
        if union is not None:
            return self.union(union)
        if origin in (Union, types.UnionType):
            return _union([self.annotation(one) for one in arguments])
        if origin is Literal:
            return wanted
        if origin in (list, dict):
            return types.GenericAlias(origin, tuple(self.annotation(one) for one in arguments))
        if _is_model(wanted):
            return self.model(wanted, None)
        if _is_choice(wanted):
            return self.choice(wanted.members())
        if wanted is PageToken:
            return str | int
        return Any if wanted is object else wanted

    def fields(self, model: type[msgspec.Struct]) -> dict[str, tuple[str, Any]]:
        """The peers' fields: the API's name and the type of each."""
        seen = self._seen.get(model, set())
        return {
            item.name: (item.encode_name, self.annotation(item.type) if item.encode_name in seen else Any)
            for item in msgspec.structs.fields(model)
        }

    def known(self, union: UnionInfo) -> dict[type[msgspec.Struct], tuple[str, ...]]:
        """The classes of a union that the sample has, each with its values."""
        found: dict[type[msgspec.Struct], tuple[str, ...]] = {}
        for value, model in union.classes.items():
            if model in self._seen:
                found[model] = (*found.get(model, ()), value)
        return found

    def model(self, model: type[msgspec.Struct], told: tuple[str, tuple[str, ...]] | None) -> Any:
        raise NotImplementedError

    def union(self, union: UnionInfo) -> Any:
        raise NotImplementedError

    def choice(self, members: Sequence[Any]) -> Any:
        """One of several classes that no property tells apart."""
        return _union([self.annotation(one) for one in members])


class _Pydantic(_Peers):
    """pydantic's: a union that a discriminator tells apart; with `fallback`, the base class for any other value."""

    def __init__(self, sample: bytes, root: Any, *, fallback: bool) -> None:
        super().__init__(sample, root)
        self._fallback = fallback

    def model(self, model: type[msgspec.Struct], told: tuple[str, tuple[str, ...]] | None) -> Any:
        key = (model, told)
        if key not in self._made:
            fields: dict[str, Any] = {
                name: (annotation, pydantic.Field(default=None, alias=alias))
                for name, (alias, annotation) in self.fields(model).items()
            }
            if told is not None:
                name = next(name for name, (alias, _) in self.fields(model).items() if alias == told[0])
                fields[name] = (Literal[told[1]], pydantic.Field(alias=told[0]))
            self._made[key] = pydantic.create_model(model.__name__, **fields)
        return self._made[key]

    def union(self, union: UnionInfo) -> Any:
        told = {model: self.model(model, (union.property, values)) for model, values in self.known(union).items()}
        fields = [model.model_fields for model in told.values()]
        name = next(name for name, field in fields[0].items() if field.alias == union.property)
        members = tuple(told.values())
        known = members[0] if len(members) == 1 else Annotated[_union(members), pydantic.Field(discriminator=name)]
        if not self._fallback or union.fallback is None:
            return known
        return Annotated[_union([known, self.model(union.fallback, None)]), pydantic.Field(union_mode="left_to_right")]


class _Attrs(_Peers):
    """attrs' classes, structured by cattrs; the base class for any other value."""

    def __init__(self, sample: bytes, root: Any) -> None:
        super().__init__(sample, root)
        self.converter = cattrs.preconf.json.make_converter()
        self._families: dict[UnionInfo, Any] = {}

    def model(self, model: type[msgspec.Struct], told: tuple[str, tuple[str, ...]] | None) -> Any:
        if model not in self._made:
            fields = self.fields(model)
            made = attrs.make_class(
                model.__name__,
                {name: attrs.field(default=None, type=annotation) for name, (_, annotation) in fields.items()},
                kw_only=True,
                slots=True,
            )
            self._made[model] = made
            renamed: dict[str, Any] = {name: cattrs.gen.override(rename=alias) for name, (alias, _) in fields.items()}
            hook = cast("Any", cattrs.gen.make_dict_structure_fn(made, self.converter, **renamed))
            self.converter.register_structure_hook(made, hook)
        return self._made[model]

    def union(self, union: UnionInfo) -> Any:
        if union not in self._families:
            base = self.model(union.fallback, None) if union.fallback else dict
            classes = {
                value: self.model(model, None) for model, values in self.known(union).items() for value in values
            }
            mark = type(f"Family{len(self._families)}", (), {})
            self.converter.register_structure_hook(mark, self._hook(union.property, classes, base))
            self._families[union] = mark
        return self._families[union]

    def choice(self, members: Sequence[Any]) -> Any:
        return self.annotation(members[0])  # cattrs cannot choose by what fits best

    def _hook(self, name: str, classes: Mapping[str, Any], base: Any) -> Callable[[Any, Any], Any]:
        def structure(value: Any, _: Any) -> Any:
            return self.converter.structure(value, classes.get(value.get(name), base))

        return structure


class _Msgspec(_Peers):
    """Plain classes of msgspec, not tracked by the garbage collector: the bound of what is built upon it.

    Nothing keeps the tag or takes another one. A union with one variant alone is read faster than one with several,
    as msgspec then need not look for the tag first.

    Args:
        every_kind: whether unions have all variants of the version, as a client's have; else only the sample's.
    """

    def __init__(self, sample: bytes, root: Any, *, every_kind: bool) -> None:
        super().__init__(sample, root)
        self._every_kind = every_kind

    def annotation(self, wanted: Any) -> Any:
        if not _is_choice(wanted):
            return super().annotation(wanted)
        name, groups = wanted.deciding()
        smallest = {
            value: min((one for one in group if one in self._seen), key=lambda one: len(one.__struct_fields__))
            for value, group in groups.items()
            if value
        }
        return _union([self.model(model, (name, (value,))) for value, model in smallest.items()])

    def model(self, model: type[msgspec.Struct], told: tuple[str, tuple[str, ...]] | None) -> Any:
        key = (model, told)
        if key not in self._made:
            fields: list[Any] = [
                (name, annotation, msgspec.field(name=alias, default=None))
                for name, (alias, annotation) in self.fields(model).items()
                if told is None or alias != told[0]
            ]
            tag: dict[str, str] = {} if told is None else {"tag_field": told[0], "tag": told[1][0]}
            self._made[key] = msgspec.defstruct(model.__name__, fields, kw_only=True, gc=False, **cast("Any", tag))
        return self._made[key]

    def union(self, union: UnionInfo) -> Any:
        values = {*self._told.get(union, ()), *(union.classes if self._every_kind else ())}
        models = {value: union.classes.get(value) or union.fallback for value in sorted(values)}
        members = [self.model(model, (union.property, (value,))) for value, model in models.items() if model]
        return _union(members) if members else object


def _union(members: Sequence[Any]) -> Any:
    return Union[tuple(members)]  # noqa: UP007 - made at run time


def _is_choice(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, Untagged)


def _is_model(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, msgspec.Struct)


def by_pydantic(sample: bytes, root: type[msgspec.Struct], *, fallback: bool) -> Callable[[bytes], Any]:
    """A function that decodes with pydantic.

    Args:
        sample: JSON that has all kinds and properties that will occur.
        root: the class of the whole.
        fallback: whether values of unknown kinds may occur.
    """
    model = _Pydantic(sample, root, fallback=fallback).model(root, None)
    return model.model_validate_json  # type: ignore[no-any-return]


def by_msgspec(sample: bytes, root: type[msgspec.Struct], *, every_kind: bool) -> Callable[[bytes], Any]:
    """A function that decodes with bare msgspec.

    Args:
        sample: JSON that has all properties that will occur.
        root: the class of the whole.
        every_kind: whether unions have all variants of the version; else only those of the sample.
    """
    return msgspec.json.Decoder(_Msgspec(sample, root, every_kind=every_kind).model(root, None), strict=False).decode


def by_attrs(sample: bytes, root: type[msgspec.Struct]) -> Callable[[bytes], Any]:
    """A function that decodes with attrs and cattrs."""
    peers = _Attrs(sample, root)
    model = peers.model(root, None)
    return lambda body: peers.converter.structure(json.loads(body), model)
