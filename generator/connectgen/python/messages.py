"""What helps to write texts of messages: which functions a version has, found in the kinds of segments that it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectgen.catalogue.types import ListOf, Named
from connectgen.naming import python_name, snake_case
from connectgen.python.docstrings import docstring
from connectgen.surface import Surface, SurfaceProperty, SurfaceType

BODY = "MessageBodyInput"
"""The type whose texts are written in segments."""
MODULE = "message_parts"
_BEGIN, _END, _MARKUP_TYPE, _TEXT = "MarkupBegin", "MarkupEnd", "markupType", "Text"
_PARTS = "parts: Strings, segments, or what these functions give."
_RAISES = ("TypeError: An argument is no text.", "ValueError: There is no text in it.")


@dataclass(frozen=True, slots=True)
class _Made:
    """A function that makes one segment: its name, the kind, and the properties that its arguments give."""

    name: str
    kind: str
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


_ALL_MADE = (
    _Made(
        "mention", "Mention", ("id",), (),
        "Mention a user or a group, who is told of it.", ("id: The ID of the user or group.",),
    ),
    _Made(
        "mention_username", "Mention", ("username",), (),
        "Mention a user by the name to log in with.", ("username: The name, such as ada@acme.example.",),
    ),
    _Made("hashtag", "Hashtag", ("tag",), (), "A topic.", ("tag: Its name, without the hash sign.",)),
    _Made(
        "link", "Link", ("url",), (),
        "An address that is shown as it is and can be followed.", ("url: The address.",),
    ),
    _Made(
        "entity_link", "EntityLink", ("entityId",), (),
        "A link to a record, for those who may see the record.", ("entity_id: The ID of the record.",),
    ),
    _Made(
        "inline_image", "InlineImage", ("fileId",), ("altText",),
        "An image within the text.",
        (
            "file_id: The ID of the image, a file that has been uploaded.",
            "alt_text: What stands for it; its title where not given.",
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


@dataclass(frozen=True, slots=True)
class MessageParts:
    """The functions of a version, and the classes that they need."""

    kinds: str
    begin: str | None
    end: str | None
    text: str
    functions: tuple[SegmentFunction, ...]
    types: tuple[str, ...]


def is_body(resolved: SurfaceType) -> bool:
    """Whether a type is the one whose texts are written in segments, and has no property in the way."""
    names = {python_name(item.name, item.python_name) for item in resolved.properties}
    return resolved.name == BODY and resolved.is_input and "text" not in names


def message_parts(surface: Surface) -> MessageParts | None:
    """The functions of a version; None where it has no texts in segments."""
    family = _family(surface)
    if family is None or family.discriminator is None:
        return None
    classes = {value: surface.types[name] for value, name in family.discriminator.values.items()}
    if _TEXT not in classes:
        return None
    found = _Finder(surface, classes, f"Any{family.name}")
    functions = tuple(found.functions())
    written = " ".join(f"{one.result} {one.value}" for one in functions)
    needed = [kind for kind in (_BEGIN, _END) if found.has_markup]
    types = {one.name for one in classes.values() if f"{one.name}(" in written}
    types |= {classes[kind].name for kind in needed}
    if needed:
        types |= {classes[_TEXT].name, f"Any{family.name}"}
    return MessageParts(
        kinds=f"Any{family.name}",
        begin=classes[_BEGIN].name if needed else None,
        end=classes[_END].name if needed else None,
        text=classes[_TEXT].name,
        functions=functions,
        types=tuple(sorted(types)),
    )


class _Finder:
    """Finds the functions whose classes and properties exist."""

    def __init__(self, surface: Surface, classes: Mapping[str, SurfaceType], kinds: str) -> None:
        self._surface = surface
        self._classes = classes
        self._kinds = kinds
        self.has_markup = {_BEGIN, _END} <= classes.keys() and self._has(_BEGIN, _MARKUP_TYPE)

    def functions(self) -> Iterator[SegmentFunction]:
        """The functions, in the order of the tables."""
        for made in _ALL_MADE:
            if all(self._has(made.kind, name) for name in made.needed):
                yield self._making(made)
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

    def _making(self, made: _Made) -> SegmentFunction:
        class_name = self._classes[made.kind].name
        optional = [name for name in made.optional if self._has(made.kind, name)]
        names = [*made.needed, *optional]
        signature = [f"{snake_case(name)}: str" for name in made.needed]
        signature += ["*", *(f"{snake_case(name)}: str | UnsetType = UNSET" for name in optional)] if optional else []
        given = ", ".join(_checked(name, "needed" if name in made.needed else "optional") for name in names)
        told = tuple(one for one in made.arguments if one.partition(":")[0] in map(snake_case, names))
        return _function(made.name, ", ".join(signature), class_name, made.summary, told, f"{class_name}({given})")

    def _marking(self, marked: _Marked, arguments: str, value: str, told: str) -> SegmentFunction:
        signature = f"*{arguments}: Part"
        return _function(marked.name, signature, f"list[{self._kinds}]", marked.summary, (told,), value)

    def _hyperlink(self) -> SegmentFunction:
        alternative = self._has(_BEGIN, "altText")
        signature = "url: str, *parts: Part" + (", alt_text: str | UnsetType = UNSET" if alternative else "")
        more = [_checked("url", "needed"), *([_checked("altText", "optional")] if alternative else [])]
        given = f'_marked("{_HYPERLINK}", parts, {", ".join(more)})'
        told = ["url: Where it leads, an http or https address.", _PARTS]
        told += ["alt_text: What stands for it."] if alternative else []
        summary = "A text that leads to an address."
        return _function("hyperlink", signature, f"list[{self._kinds}]", summary, told, given)

    def _has(self, kind: str, name: str) -> bool:
        return kind in self._classes and any(item.name == name for item in self._properties(self._classes[kind]))

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


def _checked(name: str, check: str) -> str:
    """A property that an argument gives, once a function of the runtime has looked at it."""
    argument = snake_case(name)
    return f'{argument}={check}("{argument}", {argument})'


def _family(surface: Surface) -> SurfaceType | None:
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
