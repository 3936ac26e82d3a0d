"""Functions for texts of messages: which ones a version has follows from the variants of segments that it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from connectgen.catalogue.types import ListOf, Named
from connectgen.naming import python_name, snake_case
from connectgen.python.annotations import Listing, listing
from connectgen.python.docstrings import docstring
from connectgen.surface import Surface, SurfaceProperty, SurfaceType

BODY = "MessageBodyInput"
"""The type whose texts are written in segments."""
MODULE = "message_parts"
_BEGIN, _END, _MARKUP_TYPE, _TEXT = "MarkupBegin", "MarkupEnd", "markupType", "Text"
_PARTS = "parts: Strings, segments, or what these functions give."
_RAISES = ("TypeError: An argument is no text.", "ValueError: There is no text in it.")


@dataclass(frozen=True, slots=True)
class _Single:
    """A function that makes one segment: its name, the variant, and the properties that its arguments set."""

    name: str
    variant: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    summary: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Marked:
    """A function that marks parts of a text up: its name, and the type of markup."""

    name: str
    markup: str
    summary: str


_ALL_SINGLE = (
    _Single(
        "mention", "Mention", ("id",), (),
        "Mention a user or a group, who is notified.", ("id: The user or group of a response, or the ID.",),
    ),
    _Single(
        "mention_username", "Mention", ("username",), (),
        "Mention a user by the name to log in with.", ("username: The name, such as ada@acme.example.",),
    ),
    _Single("hashtag", "Hashtag", ("tag",), (), "A topic.", ("tag: Its name, without the hash sign.",)),
    _Single(
        "link", "Link", ("url",), (),
        "A URL that is shown as it is and can be followed.", ("url: The URL.",),
    ),
    _Single(
        "entity_link", "EntityLink", ("entityId",), (),
        "A link to a record, for those who may see the record.", ("entity_id: The record of a response, or the ID.",),
    ),
    _Single(
        "inline_image", "InlineImage", ("fileId",), ("altText",),
        "An image within the text.",
        (
            "file_id: The image, a file that has been uploaded, or its ID.",
            "alt_text: The text in its place; its title where omitted.",
        ),
    ),
)  # fmt: skip
_ALL_MARKED = (
    _Marked("bold", "Bold", "Bold text."),
    _Marked("italic", "Italic", "Italic text."),
    _Marked("underline", "Underline", "Underlined text."),
    _Marked("strikethrough", "Strikethrough", "Text that is struck through."),
    _Marked("code", "Code", "Code, which holds plain text only."),
    _Marked("paragraph", "Paragraph", "A paragraph."),
)
_LISTS = (
    _Marked("ordered_list", "OrderedList", "A numbered list."),
    _Marked("unordered_list", "UnorderedList", "A list with bullets."),
)
_ITEM, _HYPERLINK = "ListItem", "Hyperlink"


@dataclass(frozen=True, slots=True)
class SegmentFunction:
    """A function as its template shows it."""

    name: str
    signature: str
    result: str
    documentation: str
    value: str
    empty: str | None = None
    """An object of which the function copies what does not change, which is faster than to call the class."""

    @property
    def constant(self) -> str:
        """The name of that object."""
        return f"_{self.name.upper()}"


@dataclass(frozen=True, slots=True)
class MessageParts:
    """The functions of a version, and the classes that they need."""

    union: str
    begin: str | None
    end: str | None
    markup: Listing | None
    """The types of markup."""
    text: str
    functions: tuple[SegmentFunction, ...]
    types: tuple[str, ...]


def is_body(resolved: SurfaceType) -> bool:
    """Whether a type is the one whose texts are written in segments, and has no property in the way."""
    names = {python_name(item.name, item.python_name) for item in resolved.properties}
    return resolved.name == BODY and resolved.is_input and "text" not in names


def message_parts(surface: Surface) -> MessageParts | None:
    """The functions of a version; None where it has no texts in segments."""
    union = _segments(surface)
    if union is None or union.discriminator is None:
        return None
    classes = {value: surface.types[name] for value, name in union.discriminator.values.items()}
    if _TEXT not in classes:
        return None
    found = _Finder(surface, classes, f"Any{union.name}")
    functions = tuple(found.functions())
    written = " ".join(f"{one.result} {one.value} {one.empty}" for one in functions)
    needed = [variant for variant in (_BEGIN, _END) if found.has_markup]
    types = {one.name for one in classes.values() if f"{one.name}(" in written}
    types |= {classes[variant].name for variant in needed}
    if needed:
        types |= {classes[_TEXT].name, f"Any{union.name}"}
    return MessageParts(
        union=f"Any{union.name}",
        begin=classes[_BEGIN].name if needed else None,
        end=classes[_END].name if needed else None,
        markup=found.markup() if needed else None,
        text=classes[_TEXT].name,
        functions=functions,
        types=tuple(sorted(types)),
    )


class _Finder:
    """Finds the functions whose classes and properties exist."""

    def __init__(self, surface: Surface, classes: Mapping[str, SurfaceType], union: str) -> None:
        self._surface = surface
        self._classes = classes
        self._union = union
        self.has_markup = {_BEGIN, _END} <= classes.keys() and self._has(_BEGIN, _MARKUP_TYPE)

    def functions(self) -> Iterator[SegmentFunction]:
        """The functions, in the order of the tables."""
        for single in _ALL_SINGLE:
            if all(self._has(single.variant, name) for name in single.needed):
                yield self._of_single(single)
        if not self.has_markup:
            return
        if self._marks(_HYPERLINK) and self._has(_BEGIN, "url"):
            yield self._hyperlink()
        for marked in _ALL_MARKED:
            if self._marks(marked.markup):
                yield self._marking(marked, "parts", f'_marked("{marked.markup}", parts)', _PARTS)
        for marked in _LISTS:
            if self._marks(marked.markup) and self._marks(_ITEM):
                value = f'_marked("{marked.markup}", [_marked("{_ITEM}", [item]) for item in items])'
                yield self._marking(marked, "items", value, "items: Each a part of the text.")

    def _of_single(self, single: _Single) -> SegmentFunction:
        class_name = self._classes[single.variant].name
        optional = [name for name in single.optional if self._has(single.variant, name)]
        names = [*single.needed, *optional]
        signature = [f"{snake_case(name)}: {_annotation(name)}" for name in single.needed]
        signature += ["*", *(f"{snake_case(name)}: str | UnsetType = UNSET" for name in optional)] if optional else []
        given = ", ".join(_checked(name, _check(name) if name in single.needed else "optional") for name in names)
        described = tuple(one for one in single.arguments if one.partition(":")[0] in map(snake_case, names))
        found = _function(single.name, ", ".join(signature), class_name, single.summary, described, "")
        empty = ", ".join(f'{snake_case(name)}=""' for name in single.needed)
        return replace(found, value=f"replace({found.constant}, {given})", empty=f"{class_name}({empty})")

    def _marking(self, marked: _Marked, arguments: str, value: str, described: str) -> SegmentFunction:
        signature = f"*{arguments}: Part"
        return _function(marked.name, signature, f"list[{self._union}]", marked.summary, (described,), value)

    def _hyperlink(self) -> SegmentFunction:
        alternative = self._has(_BEGIN, "altText")
        signature = "url: str, *parts: Part" + (", alt_text: str | UnsetType = UNSET" if alternative else "")
        more = [_checked("url", "needed"), *([_checked("altText", "optional")] if alternative else [])]
        given = f'_marked("{_HYPERLINK}", parts, {", ".join(more)})'
        described = ["url: Where it leads, an http or https URL.", _PARTS]
        described += ["alt_text: The text in its place."] if alternative else []
        summary = "A text that leads to a URL."
        return _function("hyperlink", signature, f"list[{self._union}]", summary, described, given)

    def markup(self) -> Listing | None:
        """The types of markup, where the version lists them."""
        (known,) = [item for item in self._properties(self._classes[_BEGIN]) if item.name == _MARKUP_TYPE]
        return listing(known, is_input=False)

    def _has(self, variant: str, name: str) -> bool:
        return variant in self._classes and any(item.name == name for item in self._properties(self._classes[variant]))

    def _marks(self, markup: str) -> bool:
        known = [item for item in self._properties(self._classes[_BEGIN]) if item.name == _MARKUP_TYPE]
        return not known[0].values or markup in known[0].values

    def _properties(self, resolved: SurfaceType) -> Iterable[SurfaceProperty]:
        yield from resolved.properties
        if resolved.extends:
            yield from self._properties(self._surface.types[resolved.extends])


def _function(
    name: str, signature: str, result: str, summary: str, arguments: Sequence[str], value: str
) -> SegmentFunction:
    sections = [("Args", arguments), ("Raises", _RAISES)]
    return SegmentFunction(name, signature, result, docstring(summary, sections, [], 4), value)


def _annotation(name: str) -> str:
    return "str | Identified" if _check(name) == "identified" else "str"


def _check(name: str) -> str:
    """The function of the runtime that looks at a required argument: an ID may also be that of an object."""
    return "identified" if name == "id" or name.endswith("Id") else "needed"


def _checked(name: str, check: str) -> str:
    """A property that an argument gives, once a function of the runtime has looked at it."""
    argument = snake_case(name)
    return f'{argument}={check}("{argument}", {argument})'


def _segments(surface: Surface) -> SurfaceType | None:
    """The family of segments that a text holds."""
    body = surface.types.get(BODY)
    if body is None or not is_body(body):
        return None
    for item in body.properties:
        if isinstance(item.type, ListOf) and isinstance(item.type.item, Named):
            found = surface.types[item.type.item.name]
            if found.discriminator:
                return found
    return None
