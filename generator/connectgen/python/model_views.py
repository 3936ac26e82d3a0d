"""Views of types: fields, what the docstring says, what the runtime reads from the class, discriminated unions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from connectgen.catalogue.model import Span
from connectgen.mentions import Mentions, names_beside
from connectgen.naming import is_reserved_field, python_name, snake_case
from connectgen.python.annotations import Annotator, Needs, listed, listing, quote
from connectgen.python.constants import Constant
from connectgen.python.docstrings import (
    GUIDE,
    attribute_docstring,
    dates,
    docstring,
    facts,
    known_values,
    replacement,
    requirement,
)
from connectgen.python.messages import is_body
from connectgen.python.views import FieldView, ModelView, Names, UnionView, Viewed
from connectgen.surface import SurfaceProperty, SurfaceType
from connectgen.texts import sentence

_PAGE_TOKENS = ("currentPageToken", "nextPageToken", "previousPageToken")


def model_view(
    resolved: SurfaceType,
    annotator: Annotator,
    mentions: Mentions,
    constants: Mapping[str, Constant],
    *,
    is_map: bool = False,
) -> Viewed:
    """Prepare a type.

    Args:
        resolved: the type at a version.
        annotator: writes its annotations.
        mentions: writes the names in its descriptions.
        constants: properties whose value follows from the class (a discriminator of an input).
        is_map: whether it is shown as a map, since none of its properties is known.
    """
    constants = {
        **{
            item.name: Constant(item.values[0], item.values)
            for item in _with_one_value(resolved)
            if item.required is True
        },
        **constants,
    }
    needs = Needs()
    if is_map:
        return Viewed(_map_view(resolved, mentions), needs)
    spelled, names = _spelled(resolved)
    fields: list[FieldView] = []
    secrets = [spelled[item.name] for item in resolved.properties if item.secret]
    for item in resolved.properties:
        field = _field(item, spelled[item.name], resolved, annotator, needs, constants.get(item.name))
        documentation = _field_documentation(item, resolved, mentions, spelled, is_constant=item.name in constants)
        fields.append(replace(field, documentation=documentation))
    own = {item.name for item in resolved.properties}
    for name, constant in constants.items():
        if name not in own:
            value = constant.value
            needs.core.add("Listed")
            spelt = snake_case(name)
            spelt = names.take(f"{spelt}_" if is_reserved_field(spelt) else spelt)
            default = quote(value) if spelt == name else f"field(default={quote(value)}, name={quote(name)})"
            fields.append(FieldView(spelt, listed(constant.values), default))
    documentation = _documentation(resolved, mentions, 4)
    own_base = "MessageBody" if is_body(resolved) else "Input" if resolved.is_input else "Model"
    base = resolved.extends or own_base
    return Viewed(
        ModelView(resolved.name, base, documentation, tuple(fields), tuple(_facts_for_core(resolved, secrets))),
        needs,
        _union(resolved),
        resolved.extends,
    )


def field_names(resolved: SurfaceType) -> dict[str, str]:
    """The names of a type's own fields in Python, by the API's."""
    return _spelled(resolved)[0]


def _spelled(resolved: SurfaceType) -> tuple[dict[str, str], Names]:
    names = Names()
    return {item.name: _take_name(item, names) for item in resolved.properties}, names


def _take_name(item: SurfaceProperty, names: Names) -> str:
    spelt = python_name(item.name, item.python_name)
    return names.take(f"{spelt}_" if is_reserved_field(spelt) else spelt)


def _field_documentation(
    item: SurfaceProperty, owner: SurfaceType, mentions: Mentions, spelled: Mapping[str, str], *, is_constant: bool
) -> str:
    """What an editor shows of a field beside its annotation."""

    def say(text: str) -> str:
        return mentions.in_python(text, spelled, item.values)

    needed = requirement(item, say) if owner.is_input and not is_constant else ""
    sentences = facts(item, say, spelled, owner_since=_span(owner).since)
    sentences += [needed] if needed else []
    sentences += ["Set automatically."] if needed and item in _with_one_value(owner) else []
    return attribute_docstring(sentences, known_values(item, say), 4)


def _span(resolved: SurfaceType) -> Span:
    """A type's versions: one without dates of its own begins with its first property."""
    if resolved.span.since or not resolved.properties:
        return resolved.span
    return Span(min(item.span.since for item in resolved.properties), resolved.span.until)


def _map_view(resolved: SurfaceType, mentions: Mentions) -> ModelView:
    return ModelView(resolved.name, "", _documentation(resolved, mentions, 0), (), is_map=True)


def _documentation(resolved: SurfaceType, mentions: Mentions, indent: int) -> str:
    said = dates(_span(resolved))
    said += [replacement(resolved.replaced_by, resolved.span, exists=False)] if resolved.replaced_by else []
    closing = [" ".join(said)] if said else []
    closing += [GUIDE.format(resolved.guide)] if resolved.guide else []
    summary = resolved.summary or f"{'Request' if resolved.is_input else 'Response'} body {resolved.name}"
    beside = names_beside(resolved.properties)
    return docstring(sentence(mentions.in_python(summary, beside)), [], closing, indent)


def _with_one_value(resolved: SurfaceType) -> Iterable[SurfaceProperty]:
    """Properties of an input that must hold a value, of which there is only one."""
    for item in resolved.properties if resolved.is_input else ():
        names_a_variant = item.name == "type" or item.name.endswith("Type")
        if names_a_variant and len(item.values) == 1 and (item.required is True or item.required_for):
            yield item


def _facts_for_core(resolved: SurfaceType, secrets: Sequence[str]) -> Iterable[str]:
    if resolved.xml or resolved.item:
        yield f"__xml__ = ({quote(resolved.xml or '')}, {quote(resolved.item or '')})"
    defaults: dict[str, dict[str, str]] = {}
    for item in _with_one_value(resolved):
        for method in item.required_for:
            defaults.setdefault(method, {})[item.name] = item.values[0]
    if defaults:
        methods = (
            f"{quote(method)}: {{{', '.join(f'{quote(name)}: {quote(value)}' for name, value in values.items())}}}"
            for method, values in defaults.items()
        )
        yield f"__defaults_by_method__ = {{{', '.join(methods)}}}"
    if resolved.failure:
        signs = (
            f"{quote(name)}: {quote(sign) if isinstance(sign, str) else sign}"
            for name, sign in resolved.failure.items()
        )
        yield f"__failure__ = {{{', '.join(signs)}}}"
    if secrets:
        yield f"__secret__ = ({', '.join(map(quote, secrets))},)"


def _union(resolved: SurfaceType) -> UnionView | None:
    if resolved.discriminator is None:
        return None
    values = tuple((quote(value), name) for value, name in resolved.discriminator.values.items())
    fallback = resolved.discriminator.fallback or resolved.name
    static = " | ".join(dict.fromkeys([*(name for _, name in values), fallback]))
    function = "input_union" if resolved.is_input else "discriminated_union"
    # A fallback that is no part of the union's own type (records, beside users and groups) is as usual as the others.
    is_open = not resolved.is_input and fallback not in (resolved.name, *dict(values).values())
    telling = quote(resolved.discriminator.property)
    return UnionView(f"Any{resolved.name}", static, function, telling, values, fallback, is_open)


def _field(
    item: SurfaceProperty, name: str, owner: SurfaceType, annotator: Annotator, needs: Needs, constant: Constant | None
) -> FieldView:
    annotation = annotator.write(item.type, needs, listing(item, is_input=owner.is_input))
    if not owner.is_input and annotation == "str" and item.name in _PAGE_TOKENS:
        annotation = "PageToken"  # some resources count pages and send a number
    renamed = f"name={quote(item.name)}" if name != item.name else ""
    if owner.is_input and item.required is True and constant is None:
        return FieldView(name, annotation, f"field({renamed})" if renamed else None)
    if constant is not None:
        given = quote(constant.value)
        return FieldView(name, annotation, f"field(default={given}, {renamed})" if renamed else given)
    if annotation != "object":
        annotation += " | None"
    if owner.is_input:
        annotation += " | UnsetType"
    default = "UNSET" if owner.is_input else "None"
    return FieldView(name, annotation, f"field(default={default}, {renamed})" if renamed else default)
