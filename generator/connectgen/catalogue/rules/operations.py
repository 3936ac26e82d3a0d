"""Rules about resources and operations: paths, what a method can carry, statuses, retries, replacements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from connectgen.catalogue.faults import Fault, quoted
from connectgen.catalogue.model import FOREVER, Location, Omitted, Operation, Parameter, Ranged, Resource, Span
from connectgen.catalogue.rules.names import clashes
from connectgen.catalogue.rules.rule import Facts, OperationAt, Rule, named
from connectgen.catalogue.suggestions import did_you_mean, nearest

_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE")
_SITE = "/connect/communities/{communityId}"
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OWN_HEADERS = frozenset(
    [
        "accept",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "transfer-encoding",
    ]
)


def _placeholders(facts: Facts) -> Iterator[Fault]:
    for group in facts.catalogue.groups:
        for resource in group.resources:
            known = {parameter.name for parameter in resource.parameters}
            names = [name for ranged in resource.paths for name in _PLACEHOLDER.findall(ranged.value)]
            if known != set(names):
                yield from _unlike_parameters(resource, known, names)
            for ranged in resource.paths:
                yield from _placeholders_of(resource, ranged.value)
            for alias in resource.aliases:
                if _shape(alias) != _shape(resource.path):
                    message = f"the alias {alias} has other placeholders than {resource.path}, or at other places"
                    yield Fault(
                        resource.location, message, "an alias spells fixed parts of the path otherwise, no more"
                    )


def _shape(path: str) -> list[str]:
    """The parts of a path; fixed ones count only by their number."""
    return [part if part.startswith("{") else "" for part in path.split("/")]


def _unlike_parameters(resource: Resource, known: set[str], names: Sequence[str]) -> Iterator[Fault]:
    """Placeholders without a parameter, and parameters without one; a misspelt pair is one fault."""
    unused = known.difference(names)
    for name in dict.fromkeys(names):
        if name not in known:
            near = nearest(name, unused)
            unused.difference_update(near[:1])
            path = next(ranged.value for ranged in resource.paths if f"{{{name}}}" in ranged.value)
            remedy = f"add {name}: Id to parameters, or correct {near[0]} there" if near else f"add {name}: Id to them"
            yield Fault(resource.location, f"{path} has {{{name}}}, but parameters lacks it", remedy)
    for name in sorted(unused):
        message = f"the path parameter {name} is in no path"
        yield Fault(resource.location, message, "remove it, or correct the path")


def _placeholders_of(resource: Resource, path: str) -> Iterator[Fault]:
    at, names = resource.location, _PLACEHOLDER.findall(path)
    for name in {name for name in names if names.count(name) > 1}:
        yield Fault(at, f"{path} has {{{name}}} twice", "give each placeholder a name of its own")
    if resource.site and "communityId" in names:
        yield Fault(at, f"{path} has {{communityId}}, but site adds it too", "remove site, or rename the placeholder")


def _places(facts: Facts) -> Iterator[Fault]:
    for group in facts.catalogue.groups:
        for resource in group.resources:
            for parameter in resource.parameters:
                if parameter.place != "path":
                    message = f"{parameter.name} is no path parameter"
                    yield Fault(parameter.location, message, "move it to its operation")
    for one in facts.operations:
        own = {parameter.name for parameter in one.resource.parameters}
        for parameter in one.operation.parameters:
            if parameter.place == "path" or parameter.name in own:
                message = f"the path parameter {parameter.name} is listed at an operation"
                yield Fault(
                    parameter.location,
                    message,
                    "list it once, under the resource's parameters",
                )
            elif parameter.place == "header" and not _HEADER.fullmatch(parameter.name):
                yield Fault(
                    parameter.location,
                    f"{parameter.name} cannot be a header's name",
                    "correct the name",
                )
            elif parameter.place == "header" and parameter.name.lower() in _OWN_HEADERS:
                message = f"the header {parameter.name} is one that the client sends itself"
                yield Fault(parameter.location, message, "remove the parameter")


def _paths(facts: Facts) -> Iterator[Fault]:
    """One method on one path exists once in a version, whatever its placeholders are called, also in a site."""
    taken: list[tuple[str, Span, Location]] = []
    for one in facts.operations:
        resource, operation = one.resource, one.operation
        aliases = [Ranged(alias, resource.paths[-1].span) for alias in resource.aliases]
        for ranged in (*resource.paths, *aliases):
            path = _PLACEHOLDER.sub("{}", ranged.value)
            span = operation.span.within(ranged.span)
            taken.append((f"{operation.method} {path}", span, operation.location))
            if resource.site:
                in_site = _PLACEHOLDER.sub("{}", _SITE) + path.removeprefix("/connect")
                taken.append(
                    (
                        f"{operation.method} {in_site}",
                        span.within(resource.site),
                        operation.location,
                    )
                )
    yield from clashes(taken, "operation", "in the catalogue")


def of_get(one: OperationAt) -> Sequence[Parameter]:
    """The parameters of GET on the same resource."""
    return [item for other in one.resource.operations if other.method == "GET" for item in other.parameters]


def _contents(facts: Facts) -> Iterator[Fault]:
    """What a method can carry."""
    for one in facts.operations:
        operation = one.operation
        method, at = operation.method, operation.location
        form = [parameter for parameter in operation.parameters if parameter.place == "form"]
        # What HEAD has from GET is reported there.
        own = {parameter.location for parameter in of_get(one)} if method == "HEAD" else set[Location]()
        form = [parameter for parameter in form if parameter.location not in own]
        if method in ("GET", "HEAD", "DELETE"):
            for parameter in form:
                message = f"{method} has no form, but {parameter.name} is sent in one"
                yield Fault(parameter.location, message, "use in: query")
            if operation.parts:
                yield Fault(
                    at,
                    f"{method} sends no parts",
                    "remove parts, or correct the method",
                )
        if method in ("HEAD", "DELETE") and operation.bodies:
            yield Fault(at, f"{method} sends no body", "remove body, or correct the method")
        if method == "HEAD" and operation.returns:
            yield Fault(at, "HEAD returns no content", "remove returns")
        yield from _parts(operation)


def _parts(operation: Operation) -> Iterator[Fault]:
    at = operation.location
    if operation.json_part != "json" and not (operation.parts and operation.bodies):
        yield Fault(
            at,
            "json_part names a part, but there are no parts with a body",
            "remove json_part",
        )
    for part in operation.parts:
        if operation.bodies and part.name == operation.json_part:
            message = f"the part {part.name} has the name of the part that holds the body"
            yield Fault(
                part.location,
                message,
                "say with json_part how the body's part is called",
            )
        if any(parameter.name == part.name for parameter in operation.parameters):
            yield Fault(
                part.location,
                f"the part {part.name} is also a parameter",
                "keep one of them",
            )
    callers = [part for part in operation.parts if part.named_by_caller]
    if len(callers) > 1:
        message = f"the parts {callers[0].name} and {callers[1].name} are both named by the caller"
        yield Fault(callers[1].location, message, "keep one of them")


def _statuses(facts: Facts) -> Iterator[Fault]:
    seen: set[int] = set()
    for status in facts.catalogue.status_codes:
        if status.code in seen:
            yield Fault(status.location, f"the status {status.code} is listed twice", "keep one")
        seen.add(status.code)
        if (status.kind == "success") != (200 <= status.code < 300):
            message = f"the status {status.code} is no {status.kind}"
            yield Fault(
                status.location,
                message,
                "write `kind: success` for 2xx and `kind: error` for others",
            )
    for one in facts.operations:
        operation = one.operation
        at = operation.location
        if operation.returns and operation.status and set(operation.status) <= {204, 205}:
            message = f"status {operation.status[0]} has no content, but returns says what it is"
            yield Fault(at, message, "remove returns, or correct status")
        success = set(operation.status) or ({200} if operation.returns or operation.method == "HEAD" else {204})
        for code in operation.special_status:
            if 200 <= code < 300 and code not in success:
                message = f"special_status says what {code} means, but it is no status of {operation.name}"
                yield Fault(at, message, "add it to status, or remove it")


def _idempotency(facts: Facts) -> Iterator[Fault]:
    for one in facts.operations:
        operation, key = one.operation, one.operation.idempotency
        at = operation.location
        if key is None:
            continue
        if operation.retry not in (None, "key"):
            message = f"retry of {operation.name} is {operation.retry}, but idempotency names a key that makes it safe"
            yield Fault(at, message, "write retry: key, or remove one of them")
        known: list[str]
        if key.place == "header":
            known = [parameter.name for parameter in operation.parameters if parameter.place == "header"]
        elif all(facts.is_known(body.type) for body in operation.bodies):
            names = [name for body in operation.bodies for name in named(body.type)]
            known = [item.name for name in names for item in facts.properties(name)]
        else:
            continue
        if key.name not in known:
            message = f"idempotency of {operation.name}: there is no {key.place} {key.name}"
            yield Fault(
                at,
                message,
                did_you_mean(key.name, known, f"correct it, or add that {key.place}"),
            )


def _replaced(facts: Facts) -> Iterator[Fault]:
    by_name: dict[str, list[OperationAt]] = {}
    for one in facts.operations:
        by_name.setdefault(one.name, []).append(one)
    for one in facts.operations:
        name, at = one.operation.replaced_by, one.operation.location
        if name is None:
            continue
        if name == one.name:
            yield Fault(at, f"{one.name} names itself in replaced_by", "correct replaced_by")
        elif name not in by_name:
            remedy = _meant_operation(facts, name, by_name)
            yield Fault(at, f"there is no operation {name}", remedy)
        elif all(other.span.until <= one.span.until and other.span.until < FOREVER for other in by_name[name]):
            message = f"{one.name} is replaced by {name}, which ends with it or before"
            yield Fault(at, message, "correct replaced_by or until")


def _meant_operation(facts: Facts, name: str, known: Mapping[str, object]) -> str:
    """A remedy for a name of an operation that does not exist: what is wrong may be its family or its group."""
    family, group, operation = name.split(".")
    families = {one.family for one in facts.catalogue.groups}
    groups = {one.name for one in facts.catalogue.groups if one.family == family}
    if family not in families:
        whole = [one for one in nearest(family, families) if f"{one}.{group}.{operation}" in known]
        otherwise = f"there is no family {family}; write family.group.operation"
        return did_you_mean(family, families, otherwise, whole=f"{{}}.{group}.{operation}" if whole else "{}")
    if group not in groups:
        whole = [one for one in nearest(group, groups) if f"{family}.{one}.{operation}" in known]
        otherwise = f"{family} has no group {group}; write family.group.operation"
        return did_you_mean(group, groups, otherwise, whole=f"{family}.{{}}.{operation}" if whole else "{}")
    inside = [one.rpartition(".")[2] for one in known if one.startswith(f"{family}.{group}.")]
    otherwise = "name it family.group.operation in replaced_by"
    return did_you_mean(operation, inside, otherwise, whole=f"{family}.{group}.{{}}")


def _omitted(facts: Facts) -> Iterator[Fault]:
    """What is left out of the source cannot be in the catalogue."""
    existing: dict[str, Location] = {}
    for one in facts.operations if facts.catalogue.omitted else ():
        for ranged in one.resource.paths:
            existing.setdefault(ranged.value, one.resource.location)
            entry = f"{one.operation.method} {ranged.value}"
            existing.setdefault(entry, one.operation.location)
            for parameter in one.operation.parameters:
                existing.setdefault(f"{entry} {parameter.name}", parameter.location)
    for omitted in facts.catalogue.omitted:
        method, _, path = omitted.entry.partition(" ")
        if path and omitted.location.file.startswith("resources/") and method not in _METHODS:
            message = f"{quoted(omitted.entry)} under omitted begins with no method"
            yield Fault(omitted.location, message, did_you_mean(method, _METHODS, "write METHOD /path, or /path"))
        place = existing.get(omitted.entry)
        if omitted.location.file.startswith("types/"):
            place = _place_of(facts, omitted)
        if place:
            message = f"{omitted.entry} is under omitted, but the catalogue has it ({place})"
            yield Fault(omitted.location, message, "remove one of them")


def _place_of(facts: Facts, omitted: Omitted) -> Location | None:
    """Where the catalogue has a type, or a property, that a file of types leaves out of its source; None if nowhere.

    A type of another family that is on no page of the guide is from another source, and only has the same name.
    """
    type_name, _, property_name = omitted.entry.partition(".")
    definition = facts.types.get(type_name)
    if definition is None or not (definition.guide or _family(definition.location) == _family(omitted.location)):
        return None
    if not property_name:
        return definition.location
    return next((one.location for one in definition.properties if one.name == property_name), None)


def _family(location: Location) -> str:
    return location.file.split("/")[1]


RULES = (
    Rule("path-placeholders", _placeholders),
    Rule("parameter-place", _places),
    Rule("path-once", _paths),
    Rule("method-carries", _contents),
    Rule("statuses-agree", _statuses),
    Rule("idempotency-key", _idempotency),
    Rule("operation-replaced", _replaced),
    Rule("omitted-is-absent", _omitted),
)
