"""The catalogue as immutable objects: every fact with its versions and the place where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from connectgen.catalogue.packing import pack_quickly
from connectgen.catalogue.types import TypeExpression

FOREVER = 1_000
"""A version after every release: the end of a span that has no end."""

Method = Literal["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]
Place = Literal["query", "form", "path", "header"]
PaginationStyle = Literal["next-url", "next-token", "page-number", "offset", "none"]
FilterGroup = Literal["Small", "Medium", "Big"]
Retry = Literal["safe", "unsafe", "key"]
Stage = Literal["beta", "pilot", "undocumented"]
Open = Literal["requests", "responses", "both", "none"]
Confidence = Literal["high", "medium", "low"]
ListStyle = Literal["repeated", "commas"]
Required = bool | Literal["conditional"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Location:
    """Where a fact is: a file of the catalogue (relative to its root) and a line, from 1; `folder` is an overlay's."""

    file: str
    line: int
    folder: str = ""

    def __str__(self) -> str:
        return f"{self.folder}{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Span:
    """Versions, both ends included, as whole numbers: 32 stands for 32.0."""

    since: int = 0
    until: int = FOREVER

    def __contains__(self, version: int) -> bool:
        return self.since <= version <= self.until

    def within(self, owner: Span) -> Span:
        """The part of this span that lies in its owner's."""
        if owner.since <= self.since and self.until <= owner.until:
            return self
        return Span(max(self.since, owner.since), min(self.until, owner.until))

    def overlaps(self, other: Span) -> bool:
        """Whether both hold in some version."""
        return self.since <= other.until and other.since <= self.until


@dataclass(frozen=True, slots=True)
class Ranged(Generic[T]):
    """A value and the versions in which it holds."""

    value: T
    span: Span


@dataclass(frozen=True, slots=True)
class Witness:
    """Who or what says a fact, and how far that is to be believed."""

    witness: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Notes:
    """What a person says of a fact: corrections to the source, doubts, another source.

    `because` and `unsure` are a text, or a code of `Catalogue.notes`.
    """

    was: Mapping[str, object] | None = None
    because: str | None = None
    unsure: str | None = None
    source: str | None = None
    witnesses: tuple[Witness, ...] = ()
    """Where the source is a list of witnesses; `source` then names them in one text."""


NO_NOTES = Notes()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownValue:
    """A value that a parameter or property may have: since when, and what it means."""

    value: str
    span: Span = Span()
    description: str | None = None
    replaced_by: str | None = None
    """The value to use instead once this has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFacts:
    """What is said of a value in the catalogue and at a single version alike: the Surface's values have it too."""

    type: TypeExpression
    span: Span
    location: Location
    condition: str | None = None
    default: str | int | float | bool | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    max_items: int | None = None
    max_length: int | None = None
    description: str | None = None
    described_by_name: bool = False
    """Whether the name says all, so that no description is missing."""
    replaced_by: str | None = None
    """What to use instead once this has ended: a name beside it."""
    python_name: str | None = None
    """Its name in Python, where that does not follow from its name."""
    enumeration: str | None = None
    """The name of the enumeration that its values are; `values` has them all the same."""
    open: Open = "responses"
    """Where other values than the known ones may come."""
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(ValueFacts):
    """What parameters, properties and bodies have in common: a type, limits and versions."""

    required: Required | Mapping[Method, Required] = False
    values: tuple[KnownValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Value):
    """One fact about a parameter of an operation; a parameter that changed is several of them."""

    name: str
    place: Place = "query"
    style: ListStyle | None = None
    """How a list is sent, where the catalogue says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property(Value):
    """One fact about a property of a type; a property that changed is several of them."""

    name: str
    groups: tuple[Ranged[FilterGroup], ...] = ()
    secret: bool = False
    """Whether it is a credential, which no repr shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A binary part of a multipart request."""

    name: str
    span: Span
    location: Location
    required: bool = False
    max_bytes: int | None = None
    named_by_caller: bool = False
    description: str | None = None
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination:
    """How a result pages.

    Attributes:
        style: the convention: `next-url`, `next-token`, `page-number`, `offset`, or `none` for a list that is whole.
        items: the property that holds the items, dotted where it is nested; None where the response is the list.
        next: the property with the next page's URL or token.
        parameter: the parameter that takes the token, the number of the page or the offset.
        size: the parameter that takes how many items a page has.
        first_page: the number of the first page.
        has_more: the property that says whether another page follows.
        total: the property that says how many items there are in all.
        continued_by: the operation that gets all pages but the first, where that is another one,
            `family.group.operation`; `parameter` is then one of its parameters.
    """

    style: PaginationStyle
    items: str | None = None
    next: str | None = None
    parameter: str | None = None
    size: str | None = None
    first_page: int = 0
    has_more: str | None = None
    total: str | None = None
    continued_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How to see that something asynchronous has ended: what begins it names the operation that shows it.

    Attributes:
        span: the versions in which it holds.
        name: the method that waits, where another name than that which follows is wanted.
        operation: the operation with the wait that shows the end, `family.group.operation`; the rest is said there.
        property: the property of the response with the state, dotted where it is nested.
        done: its values that mean success.
        failed: its values that mean failure.
        pending: its values that mean that it goes on.
        ended: the property that is set once it has ended, whatever the state.
        pending_status: HTTP statuses that mean that it goes on.
        interval: seconds between two calls.
    """

    span: Span = Span()
    name: str | None = None
    operation: str | None = None
    property: str | None = None
    done: tuple[str | bool, ...] = ()
    failed: tuple[str | bool, ...] = ()
    pending: tuple[str | bool, ...] = ()
    ended: str | None = None
    pending_status: tuple[int, ...] = ()
    interval: float | None = None
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Idempotency:
    """Where the key goes that makes repeating an operation safe: a header, or a property of the body."""

    place: Literal["header", "property"]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFacts:
    """What is said of an operation in the catalogue and at a single version alike."""

    method: Method
    name: str
    summary: str
    span: Span
    location: Location
    parts: tuple[Part, ...] = ()
    json_part: str = "json"
    status: tuple[int, ...] = ()
    """Success codes; where the catalogue says none, the Surface has those that follow from the result."""
    pagination: Pagination | None = None
    waits: tuple[Wait, ...] = ()
    stage: Stage | None = None
    replaced_by: str | None = None
    """What to use instead once this has ended: `family.group.operation`."""
    description: str | None = None
    """What a caller should know beside the summary: needs, effects, how it differs from others."""
    retry: Retry | None = None
    retry_statuses: tuple[int, ...] = ()
    """Statuses of errors after which the operation is to be retried."""
    idempotency: Idempotency | None = None
    special_status: Mapping[int, str] = field(default_factory=dict[int, str])
    """What a status means for this operation, where that is not what it means everywhere."""
    batch: bool = True
    xml: bool = True
    """Whether it also takes and gives XML."""
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(OperationFacts):
    """A method on a resource, over all versions."""

    parameters: tuple[Parameter, ...] = ()
    bodies: tuple[Value, ...] = ()
    returns: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A path and its operations, over all versions; `paths` holds former paths too, oldest first."""

    paths: tuple[Ranged[str], ...]
    span: Span
    location: Location
    aliases: tuple[str, ...] = ()
    """Other spellings of the path that the server takes too."""
    site: Span | None = None
    requires_chatter: Span | None = None
    guide: str | None = None
    parameters: tuple[Parameter, ...] = ()
    operations: tuple[Operation, ...] = ()
    notes: Notes = NO_NOTES

    @property
    def path(self) -> str:
        """The newest path."""
        return self.paths[-1].value


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The resources of one file: a group on the client."""

    family: str
    name: str
    summary: str
    location: Location
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """An area of the product: a family of groups on the client."""

    name: str
    summary: str
    location: Location
    described: bool = False
    """Whether all in it is described: what is not is an error from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discriminator:
    """The property that distinguishes variants, a type for each value, and the type for all others."""

    property: str
    values: Mapping[str, str]
    fallback: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFacts:
    """What is said of a type in the catalogue and at a single version alike."""

    name: str
    summary: str | None
    span: Span
    location: Location
    guide: str | None = None
    xml: str | None = None
    item: str | None = None
    extends: str | None = None
    discriminator: Discriminator | None = None
    unreferenced: str | None = None
    replaced_by: str | None = None
    """The type to use instead once this has ended."""
    failure: Mapping[str, bool | Literal["any"]] = field(default_factory=dict[str, bool | Literal["any"]])
    """Properties that show a failure in a successful response, and the value that does (`any`: a list with items)."""
    notes: Notes = NO_NOTES

    @property
    def is_input(self) -> bool:
        """Whether it is sent rather than received."""
        return self.name.endswith("Input")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDefinition(TypeFacts):
    """A request or response type, over all versions."""

    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enumeration:
    """A named list of values, over all versions.

    Attributes:
        open: where other values may come too: in requests, in responses, in both, in none.
        note: what a person who changes the catalogue must not confuse it with.
    """

    name: str
    location: Location
    values: tuple[KnownValue, ...]
    open: Open = "responses"
    summary: str | None = None
    note: str | None = None
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """An API version and the release it came with."""

    version: int
    name: str
    status: Literal["supported", "retired"]
    location: Location
    docs: str | None = None
    first_date: str | None = None
    retired_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCode:
    """An HTTP status that the API responds with, and what it means there."""

    code: int
    phrase: str
    summary: str
    kind: Literal["success", "error"]
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Omitted:
    """Something that the source says and the catalogue leaves out: `GET /path`, `Type.property` and so on."""

    entry: str
    because: str
    location: Location


@dataclass(frozen=True, kw_only=True, eq=False)
class Catalogue:
    """Everything, every version at once. `connectgen.resolver.surface_at` gives what exists at one."""

    releases: tuple[Release, ...]
    status_codes: tuple[StatusCode, ...]
    groups: tuple[Group, ...]
    types: Mapping[str, TypeDefinition] = field(default_factory=dict[str, TypeDefinition])
    omitted: tuple[Omitted, ...] = ()
    enumerations: Mapping[str, Enumeration] = field(default_factory=dict[str, Enumeration])
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    """What each code that `because` and `unsure` may have means."""
    families: Mapping[str, Family] = field(default_factory=dict[str, Family])
    """The families that are described, by name; one that is not exists all the same."""

    def explained(self, note: str | None) -> str | None:
        """A note as a text: what its code means, or the note itself."""
        return self.notes.get(note, note) if note else note

    @property
    def versions(self) -> tuple[int, ...]:
        """All versions, oldest first."""
        return tuple(release.version for release in self.releases)


pack_quickly(Location, Span, Ranged, Notes, KnownValue, Value, Parameter, Property, Operation, Resource, TypeDefinition)
