"""Keys of modules: a hash of all that a module's text follows from, so that a text need not be made to be known."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from connectgen.catalogue.types import Named, Scalar, TypeExpression, names_in, unions_in
from connectgen.surface import SurfaceEnumeration, SurfaceOperation, SurfaceType, SurfaceValue

if TYPE_CHECKING:
    from connectgen.python.fragments import Fragments

_PATH = re.compile(rb"[A-Za-z_][A-Za-z0-9_.]*")
_SIZE = 16


class Keys:
    """Keys of operations, types and enumerations: what is said of them, and what others decide about their text.

    Others decide in which modules types and enumerations are, which types are unions, what unions and iterating
    methods are called, how a name that a description mentions is written in Python, and more.

    Args:
        fragments: what renders them.
        generator: a hash of the code, of the templates and of the libraries that make texts.
    """

    def __init__(self, fragments: Fragments, generator: str) -> None:
        self._fragments = fragments
        self._generator = generator.encode()
        self._write = msgspec.json.Encoder().encode  # not msgpack: its numbers hold bytes that are backquotes, too
        self._types: dict[int, bytes] = {}
        self._operations: dict[tuple[int, TypeExpression | None], bytes] = {}
        self._enumerations: dict[int, bytes] = {}
        self._named: dict[str, object] = {}
        self._mentioned: dict[bytes, object] = {}

    def of(self, maker: str, parts: Iterable[bytes], *values: object) -> str:
        """The key of a text.

        Args:
            maker: what makes it.
            parts: the keys of what it is put together from.
            values: what else it follows from, plain values that are equal in all runs.
        """
        said = repr((maker, values)).encode()
        return hashlib.blake2b(said + b"".join(parts), digest_size=_SIZE, key=self._generator).hexdigest()

    def of_type(self, resolved: SurfaceType) -> bytes:
        """The key of a type's class and aliases."""
        if id(resolved) not in self._types:
            constants = self._fragments.constants
            others = (
                [self._name(name) for name in _relatives(resolved)],
                self._values(resolved.properties),
                sorted((name, one.value, one.values) for name, one in constants.of(resolved.name).items()),
                constants.narrows(resolved.name),
                self._fragments.is_map(resolved),
            )
            self._types[id(resolved)] = self._key(self._write(resolved), others)
        return self._types[id(resolved)]

    def of_operation(self, operation: SurfaceOperation, item: TypeExpression | None) -> bytes:
        """The key of an operation's methods and descriptions."""
        key = (id(operation), item)
        if key not in self._operations:
            group = (operation.family, operation.group)
            body = self._fragments.summary_of_body(operation) or ""
            waited = [name for wait in operation.waits for name in (wait.property, wait.ended) if name]
            values = [operation.body] if operation.body else []
            others = (
                self._values((*values, *operation.path_parameters, *operation.parameters)),
                [self._mention(name.encode()) for name in waited],
                self._expression(operation.returns),
                self._fragments.iterators[group].get(operation.name, ""),
                list(self._fragments.hidden.get(group, ())),
                self._expression(item),
                self._write(item),
            )
            content = self._write(operation) + b"`" + body.encode()
            self._operations[key] = self._key(content, others)
        return self._operations[key]

    def of_enumeration(self, enumeration: SurfaceEnumeration) -> bytes:
        """The key of an enumeration's alias."""
        if id(enumeration) not in self._enumerations:
            self._enumerations[id(enumeration)] = self._key(self._write(enumeration), ())
        return self._enumerations[id(enumeration)]

    def _key(self, content: bytes, others: object) -> bytes:
        """The key of a content, of what others decide, and of the names that descriptions mention in backquotes.

        The odd parts between backquotes are names, if no text has one too many. So names are looked for in all.
        """
        mentioned = [self._mention(part) for part in content.split(b"`")[1:] if _PATH.fullmatch(part)]
        digest = hashlib.blake2b(content, digest_size=_SIZE)
        digest.update(repr((others, mentioned)).encode())
        return digest.digest()

    def _mention(self, name: bytes) -> object:
        if name not in self._mentioned:
            self._mentioned[name] = self._fragments.mentions.meaning(name.decode())
        return self._mentioned[name]

    def _name(self, name: str) -> object:
        """What is decided about a type for all that name it."""
        if name not in self._named:
            self._named[name] = (name, *self._fragments.place_of(name))
        return self._named[name]

    def _values(self, values: Iterable[SurfaceValue]) -> list[object]:
        """What others decide about parameters or properties: nothing, for most of them."""
        return [
            (
                self._fragments.enumerations.get(value.enumeration or ""),
                self._mention((value.replaced_by or "").encode()),
                self._expression(value.type),
            )
            for value in values
            if value.enumeration or value.replaced_by or value.type.__class__ is not Scalar
        ]

    def _expression(self, expression: TypeExpression | None) -> object:
        """What others decide about the types of an expression."""
        if expression is None or expression.__class__ is Scalar:
            return None
        if isinstance(expression, Named):
            return self._name(expression.name)
        names = [self._name(name) for name in names_in(expression)]
        return names, [self._fragments.name_of_union(union) for union in unions_in(expression)]


def _relatives(resolved: SurfaceType) -> Iterable[str]:
    """The types that a type extends, or that are variants of it."""
    if resolved.extends:
        yield resolved.extends
    if resolved.discriminator:
        yield from resolved.discriminator.values.values()
        yield from [resolved.discriminator.fallback] if resolved.discriminator.fallback else []


def plain(values: Mapping[str, object]) -> object:
    """Named values, which are plain, as a key takes them."""
    return sorted(values.items())
