"""The Surface: what exists at one API version, with every reference resolved. All consumers read the catalogue so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from connectgen.catalogue.model import (
    Discriminator,
    FilterGroup,
    Idempotency,
    Location,
    Method,
    Pagination,
    Part,
    Place,
    Release,
    Span,
    StatusCode,
)
from connectgen.catalogue.types import TypeExpression

Required = bool | Literal["conditional"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceValue:
    """A parameter, property or body at one version. `span` is where this very fact holds, cut to its owner's."""

    name: str
    type: TypeExpression
    span: Span
    location: Location
    required: Required = False
    condition: str | None = None
    values: tuple[str, ...] = ()
    default: str | int | float | bool | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    max_items: int | None = None
    max_length: int | None = None
    description: str | None = None
    replaced_by: str | None = None
    """What to use instead once this has ended: a name beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceParameter(SurfaceValue):
    """A parameter and where it goes."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceProperty(SurfaceValue):
    """A property. `required_for` is filled where requiredness depends on the method."""

    group: FilterGroup | None = None
    required_for: tuple[Method, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceOperation:
    """One operation at one version. Two versions in which nothing about it differs share the same object."""

    family: str
    group: str
    name: str
    method: Method
    path: str
    site: bool
    """Whether the path also exists under /connect/communities/{communityId}."""
    summary: str
    span: Span
    location: Location
    guide: str | None
    requires_chatter: bool
    path_parameters: tuple[SurfaceParameter, ...]
    parameters: tuple[SurfaceParameter, ...]
    body: SurfaceValue | None
    parts: tuple[Part, ...]
    json_part: str
    returns: TypeExpression | None
    status: tuple[int, ...]
    """Success codes, never empty."""
    pagination: Pagination | None
    stage: Literal["beta", "pilot"] | None
    replaced_by: str | None
    """What to use instead once this has ended: `family.group.operation`."""
    retry: Literal["safe", "unsafe", "key"]
    retry_statuses: tuple[int, ...]
    """Statuses of errors after which the operation is to be repeated."""
    idempotency: Idempotency | None
    special_status: Mapping[int, str]
    """What a status means for this operation, where that is not what it means everywhere."""
    batch: bool
    xml: bool
    """Whether it also takes and gives XML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceType:
    """One type at one version; own properties only, `extends` has the others. Shared between versions."""

    name: str
    summary: str | None
    span: Span
    location: Location
    guide: str | None
    xml: str | None
    item: str | None
    extends: str | None
    discriminator: Discriminator | None
    failure: Mapping[str, bool | Literal["any"]]
    """Properties by which a successful answer tells a failure, and the value that does (`any`: a list with items)."""
    properties: tuple[SurfaceProperty, ...]
    is_input: bool


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

    @property
    def version(self) -> int:
        """The version as a whole number: 67 for 67.0."""
        return self.release.version
