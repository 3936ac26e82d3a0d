"""Views of types: fields, what the docstring says, what the runtime reads from the class, discriminated unions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connectgen.naming import is_reserved_field, python_name, snake_case
from connectgen.python.annotations import Annotator, Needs, quote
from connectgen.python.docstrings import GUIDE, docstring, facts, requirement
from connectgen.python.messages import is_body
from connectgen.python.views import FieldView, ModelView, Names, UnionView, Viewed
from connectgen.surface import SurfaceProperty, SurfaceType
from connectgen.texts import sentence

_PAGE_TOKENS = ("currentPageToken", "nextPageToken", "previousPageToken")


def model_view(
    resolved: SurfaceType, annotator: Annotator, constants: dict[str, str], *, is_map: bool = False
) -> Viewed:
    """Prepare a type.

    Args:
        resolved: the type at a version.
        annotator: writes its annotations.
        constants: properties whose value follows from the class (a discriminator of an input).
        is_map: whether it is shown as a map, since none of its properties is known.
    """
    constants = {
        **{item.name: item.values[0] for item in _with_one_value(resolved) if item.required is True},
        **constants,
    }
    needs = Needs()
    if is_map:
        return Viewed(_map_view(resolved), needs)
    names = Names()
    fields: list[FieldView] = []
    documented: list[str] = []
    secrets: list[str] = []
    for item in resolved.properties:
        spelt = python_name(item.name, item.python_name)
        name = names.take(f"{spelt}_" if is_reserved_field(spelt) else spelt)
        fields.append(_field(item, name, resolved, annotator, needs, constants.get(item.name)))
        secrets += [name] if item.secret else []
        needed = requirement(item) if resolved.is_input and item.name not in constants else ""
        sentences = [needed] if needed else []
        sentences += ["Set automatically."] if needed and item in _with_one_value(resolved) else []
        sentences += facts(item, owner_since=resolved.span.since)
        if sentences:
            documented.append(f"{name}: {' '.join(sentences)}")
    own = {item.name for item in resolved.properties}
    for name, value in constants.items():
        if name not in own:
            needs.literal = True
            spelt = snake_case(name)
            spelt = names.take(f"{spelt}_" if is_reserved_field(spelt) else spelt)
            default = quote(value) if spelt == name else f"field(default={quote(value)}, name={quote(name)})"
            fields.append(FieldView(spelt, f"Literal[{quote(value)}] | str", default))
    documentation = _documentation(resolved, documented, 4)
    own_base = "MessageBody" if is_body(resolved) else "Input" if resolved.is_input else "Model"
    base = resolved.extends or own_base
    return Viewed(
        ModelView(resolved.name, base, documentation, tuple(fields), tuple(_facts_for_core(resolved, secrets))),
        needs,
        _union(resolved),
        resolved.extends,
    )


def _map_view(resolved: SurfaceType) -> ModelView:
    return ModelView(resolved.name, "", _documentation(resolved, (), 0), (), is_map=True)


def _documentation(resolved: SurfaceType, documented: Sequence[str], indent: int) -> str:
    closing = [GUIDE.format(resolved.guide)] if resolved.guide else []
    summary = sentence(resolved.summary or f"{'Request' if resolved.is_input else 'Response'} body {resolved.name}")
    return docstring(summary, [("Attributes", documented)], closing, indent)


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
        signs = (f"{quote(name)}: {sign!r}" for name, sign in resolved.failure.items())
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
    item: SurfaceProperty, name: str, owner: SurfaceType, annotator: Annotator, needs: Needs, constant: str | None
) -> FieldView:
    annotation = annotator.write(item.type, needs, item.values)
    if not owner.is_input and annotation == "str" and item.name in _PAGE_TOKENS:
        annotation = "PageToken"  # some resources count pages and send a number
    renamed = f"name={quote(item.name)}" if name != item.name else ""
    if owner.is_input and item.required is True and constant is None:
        return FieldView(name, annotation, f"field({renamed})" if renamed else None)
    if constant is not None:
        given = quote(constant)
        return FieldView(name, annotation, f"field(default={given}, {renamed})" if renamed else given)
    if annotation != "object":
        annotation += " | None"
    if owner.is_input:
        annotation += " | UnsetType"
    default = "UNSET" if owner.is_input else "None"
    return FieldView(name, annotation, f"field(default={default}, {renamed})" if renamed else default)
