"""What the reader takes from the guide: facts with the page they are on, and doubts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class ValueFact:
    """A parameter or property as one row of a table describes it.

    Attributes:
        name: the API's name.
        type: a type expression of the catalogue; types of the guide by their catalogue's names.
        required: True, False, or `conditional`.
        since, until: versions, as far as the row names them.
        groups: filter groups with their versions.
        values: the values that the row lists.
        minimum, maximum: of a number.
        max_items, max_length: of a list; of a string, in characters.
        place: where a parameter is sent: `query`, `form`, `path` or `header`.
        unsure: what could not be read with certainty.
    """

    name: str
    type: str
    required: bool | str = False
    since: int | None = None
    until: int | None = None
    groups: list[tuple[str, int | None, int | None]] = field(default_factory=list[tuple[str, int | None, int | None]])
    values: list[str] = field(default_factory=list[str])
    default: int | str | None = None
    minimum: int | None = None
    maximum: int | None = None
    max_items: int | None = None
    max_length: int | None = None
    place: str = "query"
    unsure: str | None = None


@dataclass(slots=True, kw_only=True)
class OperationFact:
    """A method of a resource's page."""

    method: str
    since: int | None = None
    until: int | None = None
    parameters: list[ValueFact] = field(default_factory=list[ValueFact])
    body: str | None = None
    returns: str | None = None
    unsure: str | None = None


@dataclass(slots=True, kw_only=True)
class PathFacts:
    """A path: relative to the version, placeholders in braces."""

    path: str
    site: bool = False
    since: int | None = None
    until: int | None = None


@dataclass(slots=True, kw_only=True)
class ResourceFact:
    """A resource page: one set of operations, one or more paths."""

    page: str
    guide: str | None
    title: str
    paths: list[PathFacts]
    since: int | None = None
    until: int | None = None
    requires_chatter: bool = False
    path_parameters: dict[str, str] = field(default_factory=dict[str, str])
    operations: list[OperationFact] = field(default_factory=list[OperationFact])
    unsure: str | None = None


@dataclass(slots=True, kw_only=True)
class TypeFact:
    """A request or response type."""

    page: str
    guide: str | None
    title: str
    name: str
    xml: str | None = None
    since: int | None = None
    until: int | None = None
    properties: list[ValueFact] = field(default_factory=list[ValueFact])
    unsure: str | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something on a page that could not be read with certainty."""

    page: str
    reason: str


@dataclass(slots=True)
class GuideFacts:
    """Everything that was read."""

    resources: list[ResourceFact] = field(default_factory=list[ResourceFact])
    types: list[TypeFact] = field(default_factory=list[TypeFact])
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    pages: dict[str, int] = field(default_factory=dict[str, int])
