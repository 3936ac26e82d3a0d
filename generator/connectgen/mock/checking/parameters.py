"""Checks the parameters of a request: those of the path, the query, forms and headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from connectgen.catalogue.model import Place
from connectgen.identifiers import is_of_another_kind
from connectgen.mock.checking.values import Constraints, as_items, text_fault
from connectgen.mock.refusal import Problem
from connectgen.mock.versions import Versions
from connectgen.surface import SurfaceOperation, SurfaceParameter, SurfaceValue

EVERYWHERE = frozenset({"filterGroup", "include", "exclude", "_HttpMethod"})
"""Parameters that every resource takes."""

_WRONG_VALUE = "ILLEGAL_QUERY_PARAMETER_VALUE"
_PLACES: Mapping[Place, str] = {"query": "query-parameter", "form": "form-field", "header": "header", "path": "path"}


class ParameterCheck:
    """Checks the parameters of requests for one operation at one version.

    Args:
        versions: the Surfaces.
        version: the version of the request.
        operation: what is called.
    """

    def __init__(self, versions: Versions, version: int, operation: SurfaceOperation) -> None:
        self._versions = versions
        self._version = version
        self._operation = operation
        self._constraints = Constraints(versions, version, _WRONG_VALUE)

    def path(self, values: Mapping[str, str]) -> Iterator[Problem]:
        """What is wrong with the values in the path; an id of another type of record too."""
        for parameter in self._operation.path_parameters:
            value = values.get(parameter.name)
            if value is None:
                continue
            fault = text_fault(parameter.type, value, parameter.name)
            if fault or is_of_another_kind(parameter.name, value):
                message = f"Invalid identifier: {value}"
                message += f"; {parameter.name} is {fault}" if fault else f" is no {parameter.name}"
                yield Problem("INVALID_ID_FIELD", message, "wrong-type", parameter.location)
            else:
                yield from self._beyond_limits(parameter, value)

    def query(self, given: Sequence[tuple[str, str]], *, form_counts: bool, extra: Iterable[str]) -> Iterator[Problem]:
        """What is wrong with the query.

        Args:
            given: names and values.
            form_counts: whether form fields may be here, because no body came.
            extra: further names that are right.
        """
        known = {item.name: item for item in self._operation.parameters if item.place in ("query", "form")}
        passed = EVERYWHERE | set(extra)
        yield from self._given([pair for pair in given if pair[0] not in passed], known, "query")
        if form_counts:
            return
        names = {name for name, _ in given}
        yield from self._missing("query", names)

    def form(self, given: Sequence[tuple[str, str]], in_query: Iterable[str]) -> Iterator[Problem]:
        """What is wrong with form fields, in the body or the query."""
        known = {item.name: item for item in self._operation.parameters if item.place in ("query", "form")}
        yield from self._given([pair for pair in given if pair[0] not in EVERYWHERE], known, "form")
        names = {name for name, _ in given} | set(in_query)
        yield from self._missing("query", names)
        yield from self._missing("form", names)

    def headers(self, given: Mapping[str, str]) -> Iterator[Problem]:
        """What is wrong with the headers that the operation names."""
        known = [item for item in self._operation.parameters if item.place == "header"]
        for parameter in known:
            value = given.get(parameter.name.lower())
            if value is not None:
                yield from self._value(parameter, value)
            elif parameter.required is True:
                yield self._absent(parameter)
        theme = given.get("x-connect-theme")
        if theme is not None and theme not in ("Classic", "Salesforce1"):
            message = f"X-Connect-Theme is Classic or Salesforce1, not {theme!r}"
            yield Problem(_WRONG_VALUE, message, "value-not-allowed")

    def _given(
        self, given: Sequence[tuple[str, str]], known: Mapping[str, SurfaceParameter], place: Place
    ) -> Iterator[Problem]:
        seen: set[str] = set()
        for name, value in given:
            parameter = known.get(name)
            if parameter is None:
                yield self._unknown(name, place, known)
            elif name in seen:
                yield Problem(_WRONG_VALUE, f"{name} is passed more than once", "given-twice", parameter.location)
            else:
                yield from self._value(parameter, value)
            seen.add(name)

    def _value(self, parameter: SurfaceParameter, value: str) -> Iterator[Problem]:
        fault = text_fault(parameter.type, value, parameter.name)
        if fault:
            message = f"{parameter.name} must be {fault}, not {value!r}"
            yield Problem(_WRONG_VALUE, message, "wrong-type", parameter.location)
            return
        yield from self._beyond_limits(parameter, value)

    def _beyond_limits(self, parameter: SurfaceParameter, value: str) -> Iterator[Problem]:
        others = {} if not parameter.values else self._others(parameter)
        yield from self._constraints.problems(parameter, as_items(parameter.type, value), parameter.name, others)

    def _others(self, parameter: SurfaceParameter) -> dict[int, SurfaceValue]:
        found: dict[int, SurfaceValue] = {}
        for version in self._versions.known:
            other = self._versions.same_operation(version, self._operation)
            item = _named(other, parameter.name) if other else None
            if item is not None:
                found[version] = item
        return found

    def _unknown(self, name: str, place: Place, known: Mapping[str, SurfaceParameter]) -> Problem:
        def has(version: int) -> SurfaceParameter | None:
            other = self._versions.same_operation(version, self._operation)
            return _named(other, name) if other else None

        elsewhere = self._versions.elsewhere(self._version, has)
        if elsewhere:
            message = f"{name} {elsewhere[0]}"
            return Problem("INVALID_FIELD", message, "other-versions", elsewhere[1].location)
        what = _PLACES[place].replace("-", " ")
        message = f"there is no {what} {name}; {self._operation.method} {self._operation.path} takes "
        message += ", ".join(known) if known else "none"
        return Problem("INVALID_FIELD", message, f"unknown-{_PLACES[place]}", self._operation.location)

    def _missing(self, place: Place, names: set[str]) -> Iterator[Problem]:
        for parameter in self._operation.parameters:
            if parameter.place == place and parameter.required is True and parameter.name not in names:
                yield self._absent(parameter)

    def _absent(self, parameter: SurfaceParameter) -> Problem:
        message = f"{parameter.name} is required ({_PLACES[parameter.place].replace('-', ' ')})"
        return Problem("MISSING_ARGUMENT", message, "missing", parameter.location)


def _named(operation: SurfaceOperation, name: str) -> SurfaceParameter | None:
    return next((item for item in operation.parameters if item.name == name), None)
