"""Docstrings of generated classes with their fields, put together from the source when somebody asks for one."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

_INDENT = " " * 4


class ClassDoc(str):
    """A class's docstring, to which its fields are added when it is read: `help()`, `?` in IPython, `Cart.__doc__`.

    Python keeps the docstring of a class, and of no field: those are in the source alone, which nothing reads before.

    Attributes:
        owner: the class.
    """

    __slots__ = ("owner",)
    owner: type

    def __get__(self, instance: object, owner: type | None = None) -> str:
        """The docstring with the fields: what `Cart.__doc__` is, also of an object."""
        return with_fields(self, self.owner)

    def expandtabs(self, tabsize: int = 8) -> str:  # type: ignore[override]
        """The docstring with the fields: pydoc takes it from the class's dictionary, and begins with this method."""
        return with_fields(self, self.owner).expandtabs(tabsize)


class FieldDoc(NamedTuple):
    """A field as the source has it."""

    annotation: str
    text: str


def with_fields(text: str, owner: type) -> str:
    """A class's docstring with its fields, inherited ones first; without them where there is no source.

    Args:
        text: the docstring.
        owner: the class.
    """
    text = _own_text(text)
    fields = fields_of(owner)
    if not fields:
        return text
    lines = [text, "", "Attributes:"]
    for name, one in fields.items():
        lines += [f"{_INDENT}{name}: {one.annotation}", *_indented(one.text)]
    return "\n".join(lines)


def fields_of(owner: type) -> dict[str, FieldDoc]:
    """The fields of a class as the source has them, inherited ones first; none where there is no source.

    Args:
        owner: the class.
    """
    found: dict[str, FieldDoc] = {}
    for one in reversed(owner.__mro__):
        found.update(_fields_by_class(one.__module__).get(one.__name__, {}))
    return {name: found[name] for name in getattr(owner, "__struct_fields__", ()) if name in found}


def without_fields(owner: type) -> str:
    """A class's docstring as it is written, without its fields.

    Args:
        owner: the class.
    """
    text = owner.__dict__.get("__doc__")
    return _own_text(text) if isinstance(text, str) else ""


def _own_text(text: str) -> str:
    from inspect import cleandoc  # late: only who reads a docstring needs it

    return cleandoc(str.__str__(text))


def _indented(text: str) -> Iterable[str]:
    return (2 * _INDENT + line if line else "" for line in text.splitlines())


def alias_of(module: str, name: str) -> FieldDoc | None:
    """What a module assigns to a name, with its docstring: an enumeration or a union; None where it is neither.

    Args:
        module: the module's full name.
        name: the name in it.
    """
    # Late: few read descriptions at run time.
    import ast

    body = _statements(module)
    # A union is assigned twice: for type checkers, which is the form to read, and for decoding.
    bodies = [body, *(one.body for one in body if isinstance(one, ast.If))]
    for statement, following in (pair for one in bodies for pair in zip(one, [*one[1:], None], strict=True)):
        if not isinstance(statement, ast.Assign):
            continue
        target = statement.targets[0]
        if isinstance(target, ast.Name) and target.id == name:
            return FieldDoc(ast.unparse(statement.value), _text_of(following))
    return None


def _statements(module: str) -> list[Any]:
    """The statements of an imported module; none where there is no source."""
    # Late: few read descriptions at run time.
    import ast
    import inspect

    if module.partition(".")[0] in sys.stdlib_module_names or module not in sys.modules:
        return []
    try:
        return list(ast.parse(inspect.getsource(sys.modules[module])).body)
    except (OSError, TypeError, SyntaxError):
        return []


@functools.lru_cache(maxsize=4)
def _fields_by_class(module: str) -> Mapping[str, Mapping[str, FieldDoc]]:
    """The fields of a module's classes, by the class's name; empty where there is no source."""
    # Late: few read descriptions at run time.
    import ast

    found: dict[str, dict[str, FieldDoc]] = {}
    for node in _statements(module):
        if isinstance(node, ast.ClassDef):
            fields = found.setdefault(node.name, {})
            for statement, following in zip(node.body, [*node.body[1:], None], strict=True):
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                    fields[statement.target.id] = FieldDoc(ast.unparse(statement.annotation), _text_of(following))
    return found


def _text_of(statement: object) -> str:
    """The text of a statement that is nothing but one; empty for others."""
    # Late: few read descriptions at run time.
    import ast
    import inspect

    value = statement.value if isinstance(statement, ast.Expr) else None
    text = value.value if isinstance(value, ast.Constant) else None
    return inspect.cleandoc(text) if isinstance(text, str) else ""
