"""The Surface: what exists at one API version, with every reference resolved. All consumers read the catalogue so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connectgen.catalogue.model import (
    Family,
    FilterGroup,
    ListStyle,
    Location,
    Method,
    OperationFacts,
    Place,
    Release,
    Required,
    Retry,
    StatusCode,
    TypeFacts,
    ValueFacts,
)
from connectgen.catalogue.types import Scalar, ScalarType, TypeExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceValue(ValueFacts):
    """A parameter, property or body at one version: the catalogue's facts, `span` cut to its owner's."""

    name: str
    required: Required = False
    values: tuple[str, ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()
    """Known values and what they mean, where the catalogue says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceParameter(SurfaceValue):
    """A parameter, where it goes, and how a list is sent where the catalogue says it."""

    place: Place
    style: ListStyle | None = None


def only_value(parameter: SurfaceParameter) -> str | None:
    """The value of a parameter that must be set and can have one value only, which nobody needs to write."""
    is_text = isinstance(parameter.type, Scalar) and parameter.type.kind is ScalarType.STRING
    return parameter.values[0] if is_text and parameter.required is True and len(parameter.values) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceProperty(SurfaceValue):
    """A property. `required_for` is filled where requiredness depends on the method."""

    group: FilterGroup | None = None
    secret: bool = False
    required_for: tuple[Method, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPages:
    """The operation that gets all pages but the first, with what it takes beside the token.

    Attributes:
        operation: `family.group.operation`.
        path: the parameters of its path.
        query: its parameters in the query that the operation of the first page has too.
    """

    operation: str
    path: tuple[str, ...]
    query: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceOperation(OperationFacts):
    """One operation at one version. Two versions in which nothing about it differs share the same object."""

    family: str
    group: str
    path: str
    site: bool
    """Whether the path also exists under /connect/communities/{communityId}."""
    guide: str | None
    requires_chatter: bool
    aliases: tuple[str, ...]
    path_parameters: tuple[SurfaceParameter, ...]
    parameters: tuple[SurfaceParameter, ...]
    body: SurfaceValue | None
    returns: TypeExpression | None
    retry: Retry = "safe"
    next_pages: NextPages | None = None
    is_replaced: bool = False
    """Whether what replaces it exists already, so that callers can change to that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceType(TypeFacts):
    """One type at one version; own properties only, `extends` has the others. Shared between versions."""

    properties: tuple[SurfaceProperty, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceEnumeration:
    """A named list of values at one version: those that its facts have. Shared between versions."""

    name: str
    location: Location
    summary: str | None
    values: tuple[str, ...]
    meanings: tuple[tuple[str, str], ...]
    """Values and what they mean, where the catalogue says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceGroup:
    """The operations of a group at one version, in the catalogue's order."""

    family: str
    name: str
    summary: str
    operations: tuple[SurfaceOperation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What exists at one version: no group without an operation, no type that nothing reaches (unless marked)."""

    release: Release
    groups: tuple[SurfaceGroup, ...]
    types: Mapping[str, SurfaceType]
    status_codes: tuple[StatusCode, ...]
    families: Mapping[str, Family]
    """The families that the catalogue describes, by name."""
    enumerations: Mapping[str, SurfaceEnumeration]
    """Those that a parameter or a property refers to and that have a value at the version."""

    @property
    def version(self) -> int:
        """The version as a whole number: 67 for 67.0."""
        return self.release.version


def distinct_groups(surfaces: Iterable[Surface]) -> list[SurfaceGroup]:
    """The groups of some versions, each once: most are the same in many of them."""
    return list({id(group): group for surface in surfaces for group in surface.groups}.values())
