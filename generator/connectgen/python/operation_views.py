"""Views of operations: arguments, calls, what the docstring says, and the methods that iterate over all pages."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from connectgen.catalogue.model import Pagination, Part, Span
from connectgen.catalogue.types import Named, Scalar, ScalarType, TypeExpression
from connectgen.iterators import says_which_page
from connectgen.mentions import Mentions
from connectgen.naming import is_reserved_argument, python_name
from connectgen.python.annotations import Annotator, Needs, listing, quote
from connectgen.python.docstrings import (
    GUIDE,
    Say,
    dates,
    docstring,
    facts,
    known_values,
    replacement,
    requirement,
    size,
)
from connectgen.python.errors import exception_of
from connectgen.python.overloads import form_settings, overloads_of, rank, required_form
from connectgen.python.views import Argument, IteratorView, Names, OperationView, Viewed
from connectgen.python.waiter_views import waiting_lines
from connectgen.surface import SurfaceOperation, SurfaceParameter, SurfaceValue, only_value
from connectgen.texts import sentence

_OF_ITERATORS = frozenset(["limit", "start", "read_ahead"])
"""Arguments of all methods that iterate over pages; the group's class describes them."""
_PLACES = (("query", "query"), ("form", "form"), ("headers", "header"))
_UNDOCUMENTED = "Salesforce's own programs call this, but no reference has it: it may change in any release."


@dataclass(frozen=True, slots=True)
class Writers:
    """What writes the parts of an operation.

    Attributes:
        annotator: writes annotations.
        mentions: writes the names in descriptions.
        summaries: what types are, by name: that describes a body which is not described itself.
    """

    annotator: Annotator
    mentions: Mentions
    summaries: Mapping[str, str]


def operation_view(operation: SurfaceOperation, writers: Writers, iterator: str | None = None) -> Viewed:
    """Prepare an operation.

    Args:
        operation: the operation at a version.
        writers: writes annotations and descriptions.
        iterator: the method that iterates over all pages, where it has pages.
    """
    needs = Needs()
    arguments, call, say = _arguments(operation, writers, needs)
    result = "None"
    if operation.returns is not None:
        result = writers.annotator.write(operation.returns, needs)
    method_and_path = f"{operation.method} {operation.path}" + (" (also in a site)" if operation.site else "")
    closing = [
        *_behaviour(operation, say),
        *waiting_lines(operation),
        method_and_path,
        *([GUIDE.format(operation.guide)] if operation.guide else []),
    ]
    documentation = docstring(
        sentence(say(operation.summary)) + (f" ({operation.stage.capitalize()}.)" if operation.stage else ""),
        [
            ("Args", _described(arguments)),
            ("Returns", _returns(operation, result, iterator)),
            ("Raises", list(_raises(operation, say))),
        ],
        closing,
        8,
        [
            *([sentence(say(operation.description))] if operation.description else []),
            *([_UNDOCUMENTED] if operation.stage == "undocumented" else []),
            *_end(operation),
        ],
    )
    view = OperationView(
        name=operation.name,
        constant=f"_{operation.name.upper()}",
        identifier=quote(f"{operation.family}.{operation.group}.{operation.name}"),
        method=quote(operation.method),
        path=quote(operation.path),
        result=result,
        settings=(*_settings(operation), *form_settings(operation)),
        arguments=tuple(sorted(arguments, key=rank)),
        call=call,
        documentation=documentation,
        deprecated=_deprecated(operation),
        overloads=tuple(overloads_of(arguments)),
    )
    needs.overload = bool(view.overloads)
    return Viewed(view, needs)


def iterator_view(operation: SurfaceOperation, name: str, item: TypeExpression, writers: Writers) -> Viewed:
    """Prepare the method that iterates over all pages.

    Args:
        operation: the operation that gives one page.
        name: the method's name.
        item: the type of the items.
        writers: writes annotations and descriptions.
    """
    needs = Needs()
    first = _first_page(operation)
    kept = tuple(one for one in operation.parameters if one.name in first or not says_which_page(operation, one))
    arguments, call, say = _arguments(replace(operation, parameters=kept), writers, needs, first, _OF_ITERATORS)
    arguments[-1:] = [
        Argument("limit", "int | None", "None", "", False),
        Argument("start", "str | None", "None", "", False),
        Argument("read_ahead", "bool", "False", "", False),
        arguments[-1],
    ]
    call = (*call, "limit=limit", "start=start", "read_ahead=read_ahead", *_following(operation))
    page = writers.annotator.write(operation.returns, needs) if operation.returns else "None"
    shown = writers.annotator.write(item, needs)
    documentation = docstring(
        sentence(say(operation.summary)) + " Iterates over all pages.",
        [
            ("Args", _described(arguments)),
            (
                "Returns",
                [f"Each {shown.replace('builtins.', '')}, fetched when needed; `pages()` gives whole pages."],
            ),
        ],
        [f"Pages of `{operation.name}`. `limit` ends it after that many items; `start` takes a `resume_token`."],
        8,
        list(_end(operation)),
    )
    view = IteratorView(
        name=name,
        constant=f"_{operation.name.upper()}",
        page=page,
        item=shown,
        arguments=tuple(sorted(arguments, key=rank)),
        call=call,
        documentation=documentation,
        deprecated=_deprecated(operation),
    )
    return Viewed(view, needs)


def _described(arguments: Iterable[Argument]) -> list[str]:
    """The entries of arguments; the group's class describes what all methods take."""
    return [f"{argument.name}: {argument.documentation}" for argument in arguments if argument.documentation]


def _end(operation: SurfaceOperation) -> Iterable[str]:
    """What to use instead of what ends or is replaced."""
    said = dates(Span(0, operation.span.until))
    if operation.replaced_by:
        said.append(replacement(operation.replaced_by, operation.span, exists=operation.is_replaced))
    if said:
        yield " ".join(said)


def _deprecated(operation: SurfaceOperation) -> str | None:
    return quote(f"use {operation.replaced_by}") if operation.is_replaced else None


def _first_page(operation: SurfaceOperation) -> Mapping[str, str]:
    """The number or offset of the first page, where the API asks for it with that page too."""
    pagination = operation.pagination
    if pagination is None or pagination.style not in ("offset", "page-number"):
        return {}
    asked = (one for one in operation.parameters if one.required is True and says_which_page(operation, one))
    return {one.name: str(pagination.first_page) for one in asked}


def _returns(operation: SurfaceOperation, result: str, iterator: str | None) -> list[str]:
    if operation.returns is None:
        return []
    if isinstance(operation.returns, Scalar) and operation.returns.kind is ScalarType.BINARY:
        return ["The content."]
    pages = ""
    if operation.pagination and operation.pagination.style == "none":
        pages = " All in one response, without pages." if operation.method == "GET" else ""
    elif operation.pagination:
        pages = (
            f" One page of the results; `{iterator}` iterates over all." if iterator else " One page of the results."
        )
    return [f"{result.replace('builtins.', '')}.{pages}"]


def _raises(operation: SurfaceOperation, say: Say) -> Iterable[str]:
    """Statuses with a meaning of their own; the group's class says what every method raises."""
    for code, meaning in sorted(operation.special_status.items()):
        if code >= 300:
            yield f"{exception_of(code)}: {sentence(say(meaning)).removesuffix('.')} (status {code})."


def _behaviour(operation: SurfaceOperation, say: Say) -> Iterable[str]:
    """What a caller should know beside arguments, result and errors."""
    for code, meaning in sorted(operation.special_status.items()):
        if code < 300:
            yield sentence(f"Status {code}, {say(meaning)}")
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
    parameters = (*operation.parameters, *operation.path_parameters)
    places: list[str] = [one.place for one in parameters if one.name == pagination.parameter]
    if operation.next_pages and pagination.parameter in operation.next_pages.path:
        places = ["path"]
    if pagination.parameter and operation.body and not places:
        places = ["body"]
    if places and places[0] != "query":
        yield f"place={quote(places[0])}"


def _arguments(
    operation: SurfaceOperation,
    writers: Writers,
    needs: Needs,
    fixed: Mapping[str, str] = MappingProxyType({}),
    own: frozenset[str] = frozenset(),
) -> tuple[list[Argument], tuple[str, ...], Say]:
    """The arguments of a method, those of its call, and what writes the names of its parameters as arguments.

    What is `fixed` is sent as that and is no argument. `own` arguments are those of the method itself.
    """
    names = Names({"self", "options", *own} | ({"body"} if operation.body else set()))
    taken = (
        *operation.path_parameters,
        *(parameter for parameter in operation.parameters if parameter.name not in fixed),
    )
    spelled = {id(one): names.take(twin_argument(operation, one, own)) for one in taken}
    by_name = {one.name: spelled[id(one)] for one in taken}

    def say(text: str, values: tuple[str, ...] = ()) -> str:
        return writers.mentions.in_python(text, by_name, values)

    arguments = [
        _argument(parameter, spelled[id(parameter)], operation, writers.annotator, say, needs, required=True)
        for parameter in operation.path_parameters
    ]
    path_names = [spelled[id(parameter)] for parameter in operation.path_parameters]
    has_form = any(parameter.place == "form" for parameter in operation.parameters)
    call = [f"({', '.join(path_names)}{',' if len(path_names) == 1 else ''})"]
    if operation.body:
        arguments.append(_body(operation.body, writers, say, needs, has_form=has_form))
    pairs: dict[str, list[str]] = {place: [] for _, place in _PLACES}
    for parameter in operation.parameters:
        sent = fixed.get(parameter.name) or spelled[id(parameter)]
        pairs[parameter.place].append(f"{quote(parameter.name)}: {sent}")
        if parameter.name not in fixed:
            # A body that replaces the form says what the other parameters say, also those in the query.
            required = parameter.required is True and not (has_form and operation.body)
            arguments.append(_argument(parameter, sent, operation, writers.annotator, say, needs, required=required))
    call += [f"{keyword}={{{', '.join(pairs[place])}}}" for keyword, place in _PLACES if pairs[place]]
    if operation.body:
        call.append("body=body")
    parts: list[str] = []
    for part in operation.parts:
        name = names.take(_argument_name(part.name))
        arguments.append(_part(part, name, say))
        parts.append(f"**{name}" if part.named_by_caller else f"{quote(part.name)}: {name}")
    if parts:
        call.append(f"parts={{{', '.join(parts)}}}")
    arguments.append(Argument("options", "RequestOptions | None", "None", "", False))
    call.append("options=options")
    return arguments, tuple(call), say


def twin_argument(operation: SurfaceOperation, parameter: SurfaceParameter, own: Container[str]) -> str:
    """The argument for a parameter; an iterating method has a `limit` of its own, so the size of a page is that."""
    name = _argument_name(parameter.name, parameter.python_name)
    is_size = operation.pagination is not None and operation.pagination.size == parameter.name
    return "page_size" if name in own and is_size else name


def _following(operation: SurfaceOperation) -> Iterable[str]:
    """The operation that gets all pages but the first, with its arguments; the token's place in the path is empty."""
    following = operation.next_pages
    if following is None or operation.pagination is None:
        return
    constant = f"_{following.operation.rpartition('.')[2].upper()}"
    names = {one.name: _argument_name(one.name, one.python_name) for one in operation.path_parameters}
    names |= {one.name: _argument_name(one.name, one.python_name) for one in operation.parameters}
    path = "".join(f"{names.get(name, 'None')}, " for name in following.path)
    query = ", ".join(f"{quote(name)}: {names[name]}" for name in following.query)
    yield f"following=({constant}, ({path}), {{{query}}})"


def _part(part: Part, name: str, say: Say) -> Argument:
    text = sentence(say(part.description or "the file's content"))
    text += f" At most {size(part.max_bytes)}." if part.max_bytes else ""
    shown = "dict[str, Upload]" if part.named_by_caller else "Upload"
    shown += "" if part.required else " | None"
    return Argument(name, shown, None if part.required else "None", text, part.required)


def _argument_name(name: str, given: str | None = None) -> str:
    spelt = python_name(name, given)
    return f"{spelt}_" if is_reserved_argument(spelt) else spelt


def _argument(
    parameter: SurfaceParameter,
    name: str,
    operation: SurfaceOperation,
    annotator: Annotator,
    say: Callable[[str, tuple[str, ...]], str],
    needs: Needs,
    *,
    required: bool,
) -> Argument:
    def say_here(text: str) -> str:
        return say(text, parameter.values)

    beside = {one.name for one in operation.parameters}
    annotation = annotator.write(parameter.type, needs, listing(parameter, is_input=True))
    if parameter.place == "path" and not parameter.description:
        parameter = replace(parameter, description=_part_of_path(name))
    sentences = facts(parameter, say_here, beside, owner_since=operation.span.since)
    values = known_values(parameter, say_here)
    if values:
        sentences.append(sentence("; ".join(values)))
    needed = "" if required or parameter.place == "path" else requirement(parameter, say_here)
    only = only_value(parameter)
    if only is not None:
        sentences.append("Set automatically.")
    elif needed:
        sentences.append("Required, unless there is a body." if needed == "Required." else needed)
    literal = None if only is None else quote(only)
    documentation = " ".join(sentences)
    if required:
        return Argument(name, annotation, literal, documentation, True)
    place = parameter.place if operation.body else ""
    is_needed = parameter.name in required_form(operation)
    return Argument(name, f"{annotation} | None", "None", documentation, False, place, is_needed, literal)


def _part_of_path(name: str) -> str | None:
    """What the name of a path argument says alone: `shipping_profile_id` is the ID of a shipping profile."""
    of, _, last = name.rpartition("_")
    return None if last != "id" or not of or of.endswith("_or") else f"ID of the {of.replace('_', ' ')}"


def _body(body: SurfaceValue, writers: Writers, say: Say, needs: Needs, *, has_form: bool) -> Argument:
    annotation = writers.annotator.write(body.type, needs)
    described = body.description
    if not described and isinstance(body.type, Named):
        described = writers.summaries.get(body.type.name)
    sentences = [sentence(say(described))] if described else []
    if body.required is True:
        return Argument("body", annotation, None, " ".join(sentences), True)
    sentences += [sentence(say(f"Required {body.condition}"))] if body.condition else []
    sentences += ["Instead of form arguments."] if has_form else []
    return Argument("body", f"{annotation} | None", "None", " ".join(sentences), True, "body")
