"""Which module of models each name is in, as the package has it: for the import at first use, and for type checkers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter

from connectgen.python.layout import columns

LISTING = "_listing.py.jinja"
"""The template of a listing, which writes it as black leaves it: it breaks lines after each name with its comma."""
Show = Callable[[], Mapping[str, object]]
"""Makes what a template shows."""


class ModuleNames:
    """The names that a module has for users.

    Args:
        module: its name, without the package's.
        names: the names.
        part: which listing has them: a family's responses or requests, or enumerations.
    """

    def __init__(self, module: str, names: Iterable[str], part: str) -> None:
        self.module = module
        self.names = sorted(names)
        self.part = part
        self.line = f"{module} {' '.join(self.names)}"


class ModelIndex:
    """Collects the modules of one version's models; writes what names them all.

    A star import of every module made a type checker read them all for one name. So each name is imported from its
    module by name, in listings that `models/__init__.py` imports: a listing a part, so that none becomes too long.
    """

    def __init__(self) -> None:
        self._modules: list[ModuleNames] = []
        self._parts: dict[str, list[ModuleNames]] = defaultdict(list)

    def add(self, module: ModuleNames) -> None:
        """Add a module."""
        self._modules.append(module)
        self._parts[module.part].append(module)

    def files(self) -> Iterable[tuple[str, str, Show, str]]:
        """Each file's name in `models/`, its template, what makes that which it shows, and a text that decides it."""
        listings = [f"_listing_{part}" for part in sorted(self._parts)]
        yield "__init__.py", "__init__.py.jinja", lambda: {"listings": listings}, " ".join(listings)
        yield "_names.py", "_names.py.jinja", partial(_names, self._modules), _lines(self._modules)
        for part, unordered in sorted(self._parts.items()):
            modules = sorted(unordered, key=attrgetter("module"))
            yield f"_listing_{part}.py", LISTING, partial(_listing, part, modules), f"{part}\n{_lines(modules)}"


def _lines(modules: Iterable[ModuleNames]) -> str:
    return "\n".join(one.line for one in modules)


def _names(modules: Iterable[ModuleNames]) -> Mapping[str, object]:
    """What the literal of all names shows."""
    return {"modules": [{"name": one.module, "names": _literal(one.module, one.names)} for one in modules]}


def _listing(part: str, modules: Sequence[ModuleNames]) -> Mapping[str, object]:
    """What a listing shows."""
    members = [{"name": one.module, "names": one.names} for one in modules]
    return {"about": part.replace("_", ", "), "modules": members}


def _literal(module: str, names: Iterable[str]) -> str:
    """A literal of a module's names, in lines of bearable length."""
    listing = columns(list(names), before=len(module) + 11)
    quotes = '"""' if "\n" in listing else '"'
    return f"{quotes}{listing}{quotes}"
