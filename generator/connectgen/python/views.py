"""Views: everything a template shows of one operation or one type, prepared, so that a template only lays out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from connectgen.catalogue.model import Paging
from connectgen.catalogue.types import Scalar, ScalarType, TypeExpression
from connectgen.naming import is_reserved_argument, is_reserved_field, snake_case
from connectgen.python.annotations import Annotator, Needs, quote
from connectgen.python.docstrings import GUIDE, docstring, facts, requirement, sentence, size
from connectgen.python.messages import is_body
from connectgen.python.paging import says_which_page
from connectgen.surface import SurfaceOperation, SurfaceParameter, SurfaceProperty, SurfaceType, SurfaceValue

_PLACES = (("query", "query"), ("form", "form"), ("headers", "header"))


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an operation's method."""

    name: str
    annotation: str
    default: str | None
    documentation: str
    positional: bool


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation, as its method and its description show it."""

    name: str
    constant: str
    identifier: str
    method: str
    path: str
    result: str
    settings: tuple[str, ...]
    arguments: tuple[Argument, ...]
    call: tuple[str, ...]
    documentation: str


@dataclass(frozen=True, slots=True)
class IteratorView:
    """The method that goes through all pages of an operation."""

    name: str
    constant: str
    page: str
    item: str
    arguments: tuple[Argument, ...]
    call: tuple[str, ...]
    documentation: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a model."""

    name: str
    annotation: str
    default: str | None


@dataclass(frozen=True, slots=True)
class ModelView:
    """One type, as its class shows it. `kinds` is the alias for the family of classes it stands for."""

    name: str
    base: str
    documentation: str
    fields: tuple[FieldView, ...]
    facts: tuple[str, ...] = ()
    """What core reads from the class, each an assignment."""


@dataclass(frozen=True, slots=True)
class KindsView:
    """The alias of a discriminated family."""

    name: str
    static: str
    function: str
    property: str
    values: tuple[tuple[str, str], ...]
    otherwise: str | None


@dataclass(frozen=True, slots=True)
class Viewed:
    """A view with what its module must provide."""

    view: OperationView | IteratorView | ModelView
    needs: Needs
    kinds: KindsView | None = None
    extends: str | None = None


@dataclass
class _Names:
    """Python names in one scope: no two alike."""

    taken: set[str] = field(default_factory=set[str])

    def take(self, name: str) -> str:
        """The name, or the name with underscores after it where it is taken."""
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name


def operation_view(operation: SurfaceOperation, annotator: Annotator, iterator: str | None = None) -> Viewed:
    """Prepare an operation.

    Args:
        operation: the operation at a version.
        annotator: writes annotations.
        iterator: the method that goes through all its pages, where it has pages.
    """
    needs = Needs()
    arguments, call = _arguments(operation, annotator, needs)
    result = "None"
    if operation.returns is not None:
        result = annotator.write(operation.returns, needs)
    address = f"{operation.method} {operation.path}" + (" (also in a site)" if operation.site else "")
    closing = [*_behaviour(operation), address, *([GUIDE.format(operation.guide)] if operation.guide else [])]
    documentation = docstring(
        sentence(operation.summary) + (f" ({operation.stage.capitalize()}.)" if operation.stage else ""),
        [
            ("Args", [f"{argument.name}: {argument.documentation}" for argument in arguments]),
            ("Returns", _returns(operation, result, iterator)),
            ("Raises", list(_raises(operation))),
        ],
        closing,
        8,
    )
    view = OperationView(
        name=operation.name,
        constant=f"_{operation.name.upper()}",
        identifier=quote(f"{operation.family}.{operation.group}.{operation.name}"),
        method=quote(operation.method),
        path=quote(operation.path),
        result=result,
        settings=tuple(_settings(operation)),
        arguments=tuple(sorted(arguments, key=_rank)),
        call=call,
        documentation=documentation,
    )
    return Viewed(view, needs)


def iterator_view(operation: SurfaceOperation, name: str, item: TypeExpression, annotator: Annotator) -> Viewed:
    """Prepare the method that goes through all pages.

    Args:
        operation: the operation that gives one page.
        name: the method's name.
        item: the type of the items.
        annotator: writes annotations.
    """
    needs = Needs()
    first = _first_page(operation)
    kept = tuple(one for one in operation.parameters if one.name in first or not says_which_page(operation, one))
    arguments, call = _arguments(replace(operation, parameters=kept), annotator, needs, first)
    page = annotator.write(operation.returns, needs) if operation.returns else "None"
    shown = annotator.write(item, needs)
    documentation = docstring(
        sentence(operation.summary) + " Goes through all pages.",
        [
            ("Args", [f"{argument.name}: {argument.documentation}" for argument in arguments]),
            (
                "Returns",
                [f"Each {shown.replace('builtins.', '')}, fetched page by page; its `pages()` gives the pages whole."],
            ),
            ("Raises", ["ConnectError: a call failed, when an item is asked for."]),
        ],
        [f"Pages of `{operation.name}`."],
        8,
    )
    view = IteratorView(
        name=name,
        constant=f"_{operation.name.upper()}",
        page=page,
        item=shown,
        arguments=tuple(sorted(arguments, key=_rank)),
        call=call,
        documentation=documentation,
    )
    return Viewed(view, needs)


def _first_page(operation: SurfaceOperation) -> Mapping[str, str]:
    """The number or offset of the first page, where the API asks for it with that page too."""
    paging = operation.paging
    if paging is None or paging.style not in ("offset", "page-number"):
        return {}
    asked = (one for one in operation.parameters if one.required is True and says_which_page(operation, one))
    return {one.name: str(paging.first) for one in asked}


def _rank(argument: Argument) -> int:
    """Python's order of arguments: positional ones that must be given, positional ones that may be, the others."""
    return 2 if not argument.positional else int(argument.default is not None)


def _returns(operation: SurfaceOperation, result: str, iterator: str | None) -> list[str]:
    if operation.returns is None:
        return []
    if isinstance(operation.returns, Scalar) and operation.returns.kind is ScalarType.BINARY:
        return ["The content."]
    pages = ""
    if operation.paging:
        pages = " The whole list." if operation.paging.style == "none" else " One page of the results"
        pages += "" if operation.paging.style == "none" else f"; `{iterator}` goes through all." if iterator else "."
    return [f"{result.replace('builtins.', '')}.{pages}"]


def _raises(operation: SurfaceOperation) -> Iterable[str]:
    yield "ConnectError: the call failed; ApiError where the server answered with an error."
    for code, meaning in sorted(operation.special_status.items()):
        if code >= 300:
            yield sentence(f"ApiError: status {code}, {meaning}")


def _behaviour(operation: SurfaceOperation) -> Iterable[str]:
    """What a caller should know beside arguments, result and errors."""
    for code, meaning in sorted(operation.special_status.items()):
        if code < 300:
            yield sentence(f"Status {code}, {meaning}")
    if operation.retry_statuses:
        yield f"Repeated by itself after {', '.join(map(str, operation.retry_statuses))}."
    if operation.idempotency:
        where = "header" if operation.idempotency.place == "header" else "body's property"
        yield f"Safe to repeat with a key in the {where} {operation.idempotency.name}."
    if not operation.batch:
        yield "Cannot be part of a batch."
    if not operation.xml:
        yield "JSON only."


def _settings(operation: SurfaceOperation) -> Iterable[str]:
    if operation.site:
        yield "site=True"
    if operation.requires_chatter:
        yield "requires_chatter=True"
    if operation.status != (200,):
        yield f"status={operation.status!r}"
    if operation.retry != "safe":
        yield f"retry={quote(operation.retry)}"
    if not operation.batch:
        yield "batch=False"
    if operation.json_part != "json":
        yield f"json_part={quote(operation.json_part)}"
    limits = [
        f"{quote('*' if part.named_by_caller else part.name)}: {part.max_bytes}"
        for part in operation.parts
        if part.max_bytes is not None
    ]
    if limits:
        yield f"part_limits={{{', '.join(limits)}}}"
    if operation.retry_statuses:
        yield f"retry_statuses={operation.retry_statuses!r}"
    if not operation.xml:
        yield "xml=False"
    if operation.paging and operation.paging.style != "none":
        yield f"paging=Paging({', '.join(_paging(operation, operation.paging))})"
    if operation.idempotency:
        yield f"idempotency=({quote(operation.idempotency.place)}, {quote(operation.idempotency.name)})"


def _paging(operation: SurfaceOperation, paging: Paging) -> Iterable[str]:
    yield quote(paging.style)
    for name in ("items", "next", "parameter", "more", "total"):
        if (value := getattr(paging, name)) is not None:
            yield f"{name}={quote(value)}"
    if paging.first:
        yield f"first={paging.first}"
    places: list[str] = [one.place for one in operation.parameters if one.name == paging.parameter]
    if paging.parameter and operation.body and not places:
        places = ["body"]
    if places and places[0] != "query":
        yield f"place={quote(places[0])}"


def _arguments(
    operation: SurfaceOperation, annotator: Annotator, needs: Needs, fixed: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Argument], tuple[str, ...]]:
    """The arguments of a method and those of its call; what is `fixed` is sent as that and is no argument."""
    names = _Names({"self", "options"} | ({"body"} if operation.body else set()))
    arguments: list[Argument] = []
    path_names: list[str] = []
    for parameter in operation.path_parameters:
        name = names.take(_argument_name(parameter.name))
        path_names.append(name)
        arguments.append(_argument(parameter, name, operation, annotator, needs, required=True))
    has_form = any(parameter.place == "form" for parameter in operation.parameters)
    call = [f"({', '.join(path_names)}{',' if len(path_names) == 1 else ''})"]
    if operation.body:
        arguments.append(_body(operation.body, annotator, needs, has_form=has_form))
    pairs: dict[str, list[str]] = {place: [] for _, place in _PLACES}
    for parameter in operation.parameters:
        if parameter.name in fixed:
            pairs[parameter.place].append(f"{quote(parameter.name)}: {fixed[parameter.name]}")
            continue
        name = names.take(_argument_name(parameter.name))
        # A body that replaces the form says what the other parameters say, also those that stand in the query.
        required = parameter.required is True and not (has_form and operation.body)
        arguments.append(_argument(parameter, name, operation, annotator, needs, required=required))
        pairs[parameter.place].append(f"{quote(parameter.name)}: {name}")
    call += [f"{keyword}={{{', '.join(pairs[place])}}}" for keyword, place in _PLACES if pairs[place]]
    if operation.body:
        call.append("body=body")
    parts: list[str] = []
    for part in operation.parts:
        name = names.take(_argument_name(part.name))
        text = sentence(part.description or "The file's content")
        text += f" At most {size(part.max_bytes)}." if part.max_bytes else ""
        shown = "dict[str, Upload]" if part.named_by_caller else "Upload"
        shown += "" if part.required else " | None"
        arguments.append(Argument(name, shown, None if part.required else "None", text, part.required))
        parts.append(f"**{name}" if part.named_by_caller else f"{quote(part.name)}: {name}")
    if parts:
        call.append(f"parts={{{', '.join(parts)}}}")
    options = "Settings of this call alone."
    arguments.append(Argument("options", "RequestOptions | None", "None", options, False))
    call.append("options=options")
    return arguments, tuple(call)


def _argument_name(name: str) -> str:
    python_name = snake_case(name)
    return f"{python_name}_" if is_reserved_argument(python_name) else python_name


def _argument(
    parameter: SurfaceParameter,
    name: str,
    operation: SurfaceOperation,
    annotator: Annotator,
    needs: Needs,
    *,
    required: bool,
) -> Argument:
    annotation = annotator.write(parameter.type, needs, parameter.values)
    said = [] if required or parameter.place == "path" else [requirement(parameter) or "Optional."]
    if said == ["Required."]:
        said = ["Required, unless there is a body."]
    said += facts(parameter, owner_since=operation.span.since)
    if parameter.place == "path" and not said:
        said = [_part_of_address(name)]
    if not required:
        annotation = f"{annotation} | None"
    return Argument(name, annotation, None if required else "None", " ".join(said) or "Required.", required)


def _part_of_address(name: str) -> str:
    """What the name of a path argument tells by itself: `shipping_profile_id` is the ID of a shipping profile."""
    of, _, last = name.rpartition("_")
    if last != "id" or not of or of.endswith("_or"):
        return "Part of the address."
    return f"ID of the {of.replace('_', ' ')}."


def _body(body: SurfaceValue, annotator: Annotator, needs: Needs, *, has_form: bool) -> Argument:
    annotation = annotator.write(body.type, needs)
    said = sentence(body.description or "What to send")
    if body.required is True:
        return Argument("body", annotation, None, said, True)
    said += f" {sentence(f'Required {body.condition}')}" if body.condition else ""
    said += " Instead of form arguments." if has_form else " Optional."
    return Argument("body", f"{annotation} | None", "None", said, True)


def model_view(resolved: SurfaceType, annotator: Annotator, constants: dict[str, str]) -> Viewed:
    """Prepare a type.

    Args:
        resolved: the type at a version.
        annotator: writes its annotations.
        constants: properties whose value follows from the class (a discriminator of an input).
    """
    constants = {**{item.name: item.values[0] for item in _telling(resolved) if item.required is True}, **constants}
    needs = Needs()
    names = _Names()
    fields: list[FieldView] = []
    documented: list[str] = []
    for item in resolved.properties:
        python_name = snake_case(item.name)
        name = names.take(f"{python_name}_" if is_reserved_field(python_name) else python_name)
        fields.append(_field(item, name, resolved, annotator, needs, constants.get(item.name)))
        needed = requirement(item) if resolved.is_input and item.name not in constants else ""
        said = [needed] if needed else []
        said += ["Given by itself."] if needed and item in _telling(resolved) else []
        said += facts(item, owner_since=resolved.span.since)
        if said:
            documented.append(f"{name}: {' '.join(said)}")
    own = {item.name for item in resolved.properties}
    for name, value in constants.items():
        if name not in own:
            needs.literal = True
            python_name = snake_case(name)
            python_name = names.take(f"{python_name}_" if is_reserved_field(python_name) else python_name)
            default = quote(value) if python_name == name else f"field(default={quote(value)}, name={quote(name)})"
            fields.append(FieldView(python_name, f"Literal[{quote(value)}] | str", default))
    closing = [GUIDE.format(resolved.guide)] if resolved.guide else []
    summary = sentence(resolved.summary or f"{'Request' if resolved.is_input else 'Response'} body {resolved.name}")
    documentation = docstring(summary, [("Attributes", documented)], closing, 4)
    own_base = "MessageBody" if is_body(resolved) else "Input" if resolved.is_input else "Model"
    base = resolved.extends or own_base
    return Viewed(
        ModelView(resolved.name, base, documentation, tuple(fields), tuple(_facts_for_core(resolved))),
        needs,
        _kinds(resolved),
        resolved.extends,
    )


def _telling(resolved: SurfaceType) -> Iterable[SurfaceProperty]:
    """Properties of an input that must tell its kind, of which there is only one."""
    for item in resolved.properties if resolved.is_input else ():
        names_a_kind = item.name == "type" or item.name.endswith("Type")
        if names_a_kind and len(item.values) == 1 and (item.required is True or item.required_for):
            yield item


def _facts_for_core(resolved: SurfaceType) -> Iterable[str]:
    if resolved.xml or resolved.item:
        yield f"__xml__ = ({quote(resolved.xml or '')}, {quote(resolved.item or '')})"
    told: dict[str, dict[str, str]] = {}
    for item in _telling(resolved):
        for method in item.required_for:
            told.setdefault(method, {})[item.name] = item.values[0]
    if told:
        methods = (
            f"{quote(method)}: {{{', '.join(f'{quote(name)}: {quote(value)}' for name, value in values.items())}}}"
            for method, values in told.items()
        )
        yield f"__told__ = {{{', '.join(methods)}}}"
    if resolved.failure:
        signs = (f"{quote(name)}: {sign!r}" for name, sign in resolved.failure.items())
        yield f"__failure__ = {{{', '.join(signs)}}}"


def _kinds(resolved: SurfaceType) -> KindsView | None:
    if resolved.discriminator is None:
        return None
    values = tuple((quote(value), name) for value, name in resolved.discriminator.values.items())
    otherwise = resolved.discriminator.otherwise or resolved.name
    static = " | ".join(dict.fromkeys([*(name for _, name in values), otherwise]))
    function = "input_kinds" if resolved.is_input else "kinds"
    return KindsView(
        f"{resolved.name}Kinds", static, function, quote(resolved.discriminator.property), values, otherwise
    )


def _field(
    item: SurfaceProperty, name: str, owner: SurfaceType, annotator: Annotator, needs: Needs, constant: str | None
) -> FieldView:
    annotation = annotator.write(item.type, needs, item.values)
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
