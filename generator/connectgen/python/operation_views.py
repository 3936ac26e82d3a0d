"""Views of operations: arguments, calls, what the docstring says, and the methods that iterate over all pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from connectgen.catalogue.model import Pagination
from connectgen.catalogue.types import Scalar, ScalarType, TypeExpression
from connectgen.iterators import says_which_page
from connectgen.naming import is_reserved_argument, python_name
from connectgen.python.annotations import Annotator, Needs, quote
from connectgen.python.docstrings import GUIDE, docstring, facts, requirement, size
from connectgen.python.views import Argument, IteratorView, Names, OperationView, Viewed
from connectgen.surface import SurfaceOperation, SurfaceParameter, SurfaceValue
from connectgen.texts import sentence

_PLACES = (("query", "query"), ("form", "form"), ("headers", "header"))


def operation_view(operation: SurfaceOperation, annotator: Annotator, iterator: str | None = None) -> Viewed:
    """Prepare an operation.

    Args:
        operation: the operation at a version.
        annotator: writes annotations.
        iterator: the method that iterates over all pages, where it has pages.
    """
    needs = Needs()
    arguments, call = _arguments(operation, annotator, needs)
    result = "None"
    if operation.returns is not None:
        result = annotator.write(operation.returns, needs)
    method_and_path = f"{operation.method} {operation.path}" + (" (also in a site)" if operation.site else "")
    closing = [*_behaviour(operation), method_and_path, *([GUIDE.format(operation.guide)] if operation.guide else [])]
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
    """Prepare the method that iterates over all pages.

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
        sentence(operation.summary) + " Iterates over all pages.",
        [
            ("Args", [f"{argument.name}: {argument.documentation}" for argument in arguments]),
            (
                "Returns",
                [f"Each {shown.replace('builtins.', '')}, fetched when needed; `pages()` gives whole pages."],
            ),
            ("Raises", ["SFConnectError: a call failed, when an item is asked for."]),
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
    pagination = operation.pagination
    if pagination is None or pagination.style not in ("offset", "page-number"):
        return {}
    asked = (one for one in operation.parameters if one.required is True and says_which_page(operation, one))
    return {one.name: str(pagination.first_page) for one in asked}


def _rank(argument: Argument) -> int:
    """Python's order of arguments: positional ones that must be passed, positional ones that may be, the others."""
    return 2 if not argument.positional else int(argument.default is not None)


def _returns(operation: SurfaceOperation, result: str, iterator: str | None) -> list[str]:
    if operation.returns is None:
        return []
    if isinstance(operation.returns, Scalar) and operation.returns.kind is ScalarType.BINARY:
        return ["The content."]
    pages = ""
    if operation.pagination and operation.pagination.style == "none":
        pages = " All in one response, without pages." if operation.method == "GET" else ""
    elif operation.pagination:
        pages = f" One page of the results; `{iterator}` goes through all." if iterator else " One page of the results."
    return [f"{result.replace('builtins.', '')}.{pages}"]


def _raises(operation: SurfaceOperation) -> Iterable[str]:
    yield "SFConnectError: the call failed; APIStatusError where the server responded with an error."
    for code, meaning in sorted(operation.special_status.items()):
        if code >= 300:
            yield sentence(f"APIStatusError: status {code}, {meaning}")


def _behaviour(operation: SurfaceOperation) -> Iterable[str]:
    """What a caller should know beside arguments, result and errors."""
    for code, meaning in sorted(operation.special_status.items()):
        if code < 300:
            yield sentence(f"Status {code}, {meaning}")
    if operation.retry_statuses:
        yield f"Retried automatically after {', '.join(map(str, operation.retry_statuses))}."
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
    if operation.pagination and operation.pagination.style != "none":
        yield f"pagination=Pagination({', '.join(_pagination(operation, operation.pagination))})"
    if operation.idempotency:
        yield f"idempotency=({quote(operation.idempotency.place)}, {quote(operation.idempotency.name)})"


def _pagination(operation: SurfaceOperation, pagination: Pagination) -> Iterable[str]:
    yield quote(pagination.style)
    for name in ("items", "next", "parameter", "has_more", "total"):
        if (value := getattr(pagination, name)) is not None:
            yield f"{name}={quote(value)}"
    if pagination.first_page:
        yield f"first_page={pagination.first_page}"
    places: list[str] = [one.place for one in operation.parameters if one.name == pagination.parameter]
    if pagination.parameter and operation.body and not places:
        places = ["body"]
    if places and places[0] != "query":
        yield f"place={quote(places[0])}"


def _arguments(
    operation: SurfaceOperation, annotator: Annotator, needs: Needs, fixed: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Argument], tuple[str, ...]]:
    """The arguments of a method and those of its call; what is `fixed` is sent as that and is no argument."""
    names = Names({"self", "options"} | ({"body"} if operation.body else set()))
    arguments: list[Argument] = []
    path_names: list[str] = []
    for parameter in operation.path_parameters:
        name = names.take(_argument_name(parameter.name, parameter.python_name))
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
        name = names.take(_argument_name(parameter.name, parameter.python_name))
        # A body that replaces the form says what the other parameters say, also those in the query.
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


def _argument_name(name: str, given: str | None = None) -> str:
    spelt = python_name(name, given)
    return f"{spelt}_" if is_reserved_argument(spelt) else spelt


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
    sentences = [] if required or parameter.place == "path" else [requirement(parameter) or "Optional."]
    if sentences == ["Required."]:
        sentences = ["Required, unless there is a body."]
    sentences += facts(parameter, owner_since=operation.span.since)
    if parameter.place == "path" and not sentences:
        sentences = [_part_of_path(name)]
    if not required:
        annotation = f"{annotation} | None"
    return Argument(name, annotation, None if required else "None", " ".join(sentences) or "Required.", required)


def _part_of_path(name: str) -> str:
    """What the name of a path argument says alone: `shipping_profile_id` is the ID of a shipping profile."""
    of, _, last = name.rpartition("_")
    if last != "id" or not of or of.endswith("_or"):
        return "Part of the path."
    return f"ID of the {of.replace('_', ' ')}."


def _body(body: SurfaceValue, annotator: Annotator, needs: Needs, *, has_form: bool) -> Argument:
    annotation = annotator.write(body.type, needs)
    sentences = sentence(body.description or "What to send")
    if body.required is True:
        return Argument("body", annotation, None, sentences, True)
    sentences += f" {sentence(f'Required {body.condition}')}" if body.condition else ""
    sentences += " Instead of form arguments." if has_form else " Optional."
    return Argument("body", f"{annotation} | None", "None", sentences, True)
