"""A generated package as the command line sees it: its index, its operations as functions, its types."""

from __future__ import annotations

import difflib
import functools
import importlib
import inspect
import typing
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from sf_connect.core.cli.search import Entry, Index
from sf_connect.core.wire.class_docs import FieldDoc, alias_of


class UnknownNameError(LookupError):
    """A package has no such operation or type; the message names those that may be meant."""


class Package:
    """A generated package.

    Args:
        name: `sf_connect.v67`.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def api_version(self) -> str:
        """The API version, `67.0`."""
        return f"{self.name.rpartition('.v')[2]}.0"

    @functools.cached_property
    def index(self) -> Index:
        """What can be found in the package."""
        return Index((resources.files(self.name) / "_index.json").read_text(encoding="utf-8"))

    @property
    def client(self) -> Any:
        """The class of synchronous clients."""
        return importlib.import_module(f"{self.name}.client").Connect

    @functools.cached_property
    def entries(self) -> Mapping[str, Entry]:
        """All operations by their names, and by those of their methods that iterate or wait."""
        found = {entry.name: entry for entry in self.index.operations}
        for entry in self.index.operations:
            if entry.iterator:
                found.setdefault(f"{entry.name.rpartition('.')[0]}.{entry.iterator}", entry)
            for waiter in entry.waiters:
                if waiter.rpartition(".")[0] == entry.name.rpartition(".")[0]:
                    found.setdefault(waiter, entry)
        return found

    def entry(self, name: str) -> Entry:
        """An operation by its name, with or without `client.` before it.

        Raises:
            UnknownNameError: there is no such operation.
        """
        wanted = name.removeprefix("client.").partition("(")[0]
        if wanted in self.entries:
            return self.entries[wanted]
        near = ", ".join(found.entry.name for found in self.index.search(wanted, 3))
        raise UnknownNameError(f"{self.api_version} has no operation {name}" + (f"; perhaps {near}" if near else ""))

    def group_of(self, client: object, name: str) -> Any:
        """The group of an operation, on a client or on whatever has a `_dispatcher`."""
        family, group, _ = name.split(".")
        family_object = getattr(self.client, family).func(client)
        return getattr(family_object, group)

    def function(self, name: str) -> Callable[..., Any]:
        """An operation's function, as its group's class defines it: for its signature and documentation."""
        group: object = self.group_of(_NoClient(), name)
        return typing.cast("Callable[..., Any]", getattr(group.__class__, name.rpartition(".")[2]))

    def type(self, name: str) -> type[Any] | None:
        """A request or response type by its name; None where there is none."""
        models = importlib.import_module(f"{self.name}.models")
        found = getattr(models, name, None)
        return found if inspect.isclass(found) else None

    def alias(self, name: str) -> FieldDoc | None:
        """What an enumeration or a union of the models is, by its name; None where there is none."""
        module = self._modules_of_types.get(name)
        if module is None:
            return None
        importlib.import_module(module)
        return alias_of(module, name)

    def types_like(self, name: str) -> list[str]:
        """Types whose names are like a name, the nearest first."""
        return difflib.get_close_matches(name, self._modules_of_types, n=3)

    @functools.cached_property
    def _modules_of_types(self) -> dict[str, str]:
        """The module of each type, enumeration and union."""
        names: Mapping[str, str] = importlib.import_module(f"{self.name}.models._names").NAMES
        return {name: f"{self.name}.models.{module}" for module, listed in names.items() for name in listed.split()}


class _NoClient:
    """Takes the place of a client where nothing is called."""

    _dispatcher = None
