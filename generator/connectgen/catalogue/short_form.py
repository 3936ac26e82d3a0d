"""Fills in what a file of the catalogue says once for all its entries: defaults, shared parameters, HEAD from GET.

What is filled in keeps the line where it is written, so that a fault names that line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from connectgen.catalogue.faults import Fault, quoted
from connectgen.catalogue.model import Location
from connectgen.catalogue.suggestions import did_you_mean, nearest
from connectgen.catalogue.yaml_reader import LineDict, LineList

RESOURCE_DEFAULTS = ("since", "site", "requires")
OPERATION_DEFAULTS = ("xml", "stage")
NO_VALUE = "none"
"""What takes a default back, where no value of the key itself does."""
HEAD_TAKES = ("since", "until", "parameters", "status", "special_status", "retry_statuses", "stage", "batch", "xml")
"""Keys of GET that hold for HEAD too."""
_TRUE_ANYWAY = ("xml", "batch")
_PLACEHOLDER = re.compile(r"\{([^}]+)\}")
_RESULT = re.compile(r"(?:get|list)(?:_(.+))?")


def expand(folder: str, document: Any, file: str) -> tuple[Any, list[Fault]]:
    """The same document with everything filled in; the one that is passed stays as it is.

    Args:
        folder: `resources` or `types`; documents of other folders have no short form.
        document: what `read_yaml` returned and the schema accepts.
        file: how faults call the file.
    """
    match folder:
        case "resources":
            expansion = _Resources(document, file)
            return expansion.expanded(), expansion.faults
        case "types":
            types = _Types(document, file)
            return types.expanded(), types.faults
        case _:
            return document, []


def head_name(get_name: str) -> str:
    """The name of the HEAD of a GET: `list_likes` → `head_likes`, `get` → `head`, `search` → `head_search`."""
    found = _RESULT.fullmatch(get_name)
    if found is None:
        return f"head_{get_name}"
    if found[1]:
        return f"head_{found[1]}"
    return "head" if get_name == "get" else f"head_{get_name}"


def head_summary(get_name: str) -> str:
    """What a HEAD says of itself where the catalogue says nothing else."""
    return f"Check that `{get_name}` would succeed; `client.raw` returns the headers."


def _copied(mapping: LineDict) -> LineDict:
    made = LineDict(mapping.line)
    made.update(mapping)
    made.lines.update(mapping.lines)
    return made


def _take(target: LineDict, source: LineDict, key: str) -> None:
    """Copy a key with its line."""
    target[key] = source[key]
    target.lines[key] = source.line_of(key)


def _with_default(entry: LineDict, defaults: LineDict, key: str) -> None:
    """Fill in a default; `none` and an empty list take it back."""
    if key not in entry and key in defaults:
        _take(entry, defaults, key)
    if entry.get(key) in (NO_VALUE, []):
        _drop(entry, key)


def _drop(entry: LineDict, key: str) -> None:
    del entry[key]
    entry.lines.pop(key, None)


def _fact(written: Any, line: int) -> LineDict:
    """A fact as a mapping, also where only its type is written."""
    if isinstance(written, LineDict):
        return written
    made = LineDict(line)
    made["type"] = written
    return made


class _Resources:
    def __init__(self, document: LineDict, file: str) -> None:
        self._document = document
        self._file = file
        self._defaults = cast("LineDict", document.get("defaults") or LineDict(1))
        self._of_operations = {key: self._defaults[key] for key in OPERATION_DEFAULTS if key in self._defaults}
        self._shared = cast("LineDict", document.get("parameters") or LineDict(1))
        self._used: set[str] = set()
        self.faults: list[Fault] = []

    def expanded(self) -> LineDict:
        made = _copied(self._document)
        resources = LineList(self._document["resources"].line)
        resources.lines = list(self._document["resources"].lines)
        resources.extend(self._resource(entry) for entry in self._document["resources"])
        made["resources"] = resources
        for name in self._shared:
            if name not in self._used:
                self._fault(
                    self._shared.line_of(name),
                    f"nothing has the parameter {quoted(name)}",
                    "remove it from the file's parameters",
                )
        return made

    def _fault(self, line: int, message: str, remedy: str) -> None:
        self.faults.append(Fault(Location(self._file, line), message, remedy))

    def _resource(self, entry: LineDict) -> LineDict:
        made = _copied(entry)
        self._taken_back(entry, RESOURCE_DEFAULTS, self._defaults, "the file's defaults lack it")
        for key in RESOURCE_DEFAULTS:
            _with_default(made, self._defaults, key)
        parameters = self._path_parameters(entry)
        if parameters:
            made["parameters"] = parameters
            made.lines.setdefault("parameters", entry.line)
        written = cast("LineDict", entry["operations"])
        operations = LineDict(written.line)
        operations.lines.update(written.lines)
        for method, operation in written.items():
            at = written.line_of(method)
            if method == "HEAD":
                operations[method] = self._head(written, at)
                continue
            self._taken_back(operation, tuple(operation), self._of_operations, "the file's defaults lack it")
            operations[method] = self._operation(operation, at)
        made["operations"] = operations
        return made

    def _path_parameters(self, entry: LineDict) -> LineDict:
        """Those of the path in its order, then those of former paths; the file's where the resource has none itself."""
        own = cast("LineDict", entry.get("parameters") or LineDict(entry.line))
        paths = [entry["path"], *(former["path"] for former in entry.get("formerly", ()))]
        names = dict.fromkeys(name for path in paths for name in _PLACEHOLDER.findall(path))
        made = LineDict(own.line)
        for name in (*names, *(name for name in own if name not in names)):
            if name in own:
                self._parameter(made, name, own[name], own.line_of(name))
            elif name in self._shared:
                self._use(made, name)
            elif near := nearest(name, self._shared):
                message = f"the path has {{{quoted(name)[1:-1]}}}, for which there is no parameter"
                self._fault(entry.line_of("path"), message, did_you_mean(name, near, "", whole="{{}}"))
                self._used.update(near)
        return made

    def _operation(self, operation: LineDict, line: int) -> LineDict:
        made = _copied(operation)
        made.line = line
        for key in OPERATION_DEFAULTS:
            _with_default(made, self._defaults, key)
        for key in [key for key in made if made[key] == NO_VALUE or (made[key] is True and key in _TRUE_ANYWAY)]:
            _drop(made, key)
        if "parameters" in made:
            written = cast("LineDict", made["parameters"])
            parameters = LineDict(written.line)
            for name, fact in written.items():
                self._parameter(parameters, name, fact, written.line_of(name))
            made["parameters"] = parameters
        return made

    def _head(self, operations: LineDict, line: int) -> LineDict:
        """HEAD as GET is, but for what it does not have and what is written for it."""
        written = operations["HEAD"]
        own = written if isinstance(written, LineDict) else LineDict(line)
        if "GET" not in operations:
            if "name" not in own or "summary" not in own:
                remedy = "write GET, or HEAD's name and summary"
                self._fault(line, "HEAD follows from GET, and there is no GET", remedy)
            return self._operation(own, line)
        get = cast("LineDict", operations["GET"])
        self._taken_back(own, tuple(own), {**self._of_operations, **get}, "GET lacks it")
        made = LineDict(line)
        for key in get:
            if key in HEAD_TAKES and key not in own:
                _take(made, get, key)
        for key in own:
            _take(made, own, key)
        for key, value in (("name", head_name(get["name"])), ("summary", head_summary(get["name"]))):
            if key not in made:
                made[key] = value
                made.lines[key] = line
        if isinstance(own.get("parameters"), LineDict):
            of_get, of_head = cast("LineDict", get.get("parameters") or LineDict(line)), cast(
                "LineDict", own["parameters"]
            )
            self._taken_back(of_head, tuple(of_head), of_get, "GET has no such parameter")
            made["parameters"] = self._changed(of_get, of_head)
        return self._operation(made, line)

    def _taken_back(self, entry: LineDict, keys: Iterable[str], known: Mapping[str, Any], lacking: str) -> None:
        for key in keys:
            if entry.get(key) in (NO_VALUE, []) and key not in known:
                self.faults.append(_takes_nothing_back(self._file, entry, key, lacking, known))

    @staticmethod
    def _changed(of_get: LineDict, of_head: LineDict) -> LineDict:
        """GET's parameters but those that HEAD calls `none`, and with what HEAD has otherwise."""
        made = LineDict(of_head.line)
        for name in dict.fromkeys((*of_get, *of_head)):
            source = of_head if name in of_head else of_get
            if source[name] != NO_VALUE:
                _take(made, source, name)
        return made

    def _parameter(self, made: LineDict, name: str, written: Any, line: int) -> None:
        """A parameter as it is written, completed by the file's where it says no type."""
        if not isinstance(written, LineDict) or "type" in written:
            made[name] = written
            made.lines[name] = line
        elif name not in self._shared:
            message = f"the parameter {quoted(name)} has no type, and the file's parameters lack it"
            self._fault(line, message, did_you_mean(name, self._shared, "write its type"))
        elif not written:
            self._use(made, name)
        else:
            shared = self._shared[name]
            self._used.add(name)
            if isinstance(shared, LineList):
                message = f"the parameter {quoted(name)} is a list of facts in the file's parameters"
                self._fault(line, message, "write all of it, or nothing")
                return
            fact = _copied(written)
            whole = _fact(shared, self._shared.line_of(name))
            for key in whole:
                if key not in written:
                    _take(fact, whole, key)
            made[name] = fact
            made.lines[name] = line

    def _use(self, made: LineDict, name: str) -> None:
        """The file's own: its line is where the file says it, once for all that have it."""
        self._used.add(name)
        _take(made, self._shared, name)


class _Types:
    def __init__(self, document: LineDict, file: str) -> None:
        self._document = document
        self._file = file
        self._defaults = cast("LineDict", document.get("defaults") or LineDict(1))
        self.faults: list[Fault] = []

    def expanded(self) -> LineDict:
        made = _copied(self._document)
        written = cast("LineDict", self._document["types"])
        types = LineDict(written.line)
        types.lines.update(written.lines)
        for name, entry in written.items():
            types[name] = self._type(name, entry)
        made["types"] = types
        return made

    def _type(self, name: str, entry: LineDict) -> LineDict:
        made = _copied(entry)
        for key in ("since", "group"):
            if entry.get(key) == NO_VALUE and key not in self._defaults:
                self.faults.append(_takes_nothing_back(self._file, entry, key, "the file's defaults lack it"))
        _with_default(made, self._defaults, "since")
        made.pop("group", None)
        owner = entry if "group" in entry else self._defaults
        if name.endswith("Input") and "group" not in entry:
            owner = LineDict(entry.line)  # the file's group is that of responses
        if "properties" in entry:
            written = cast("LineDict", entry["properties"])
            properties = LineDict(written.line)
            properties.lines.update(written.lines)
            for key, value in written.items():
                properties[key] = self._property(value, written.line_of(key), owner)
            made["properties"] = properties
        return made

    def _property(self, written: Any, line: int, owner: LineDict) -> Any:
        if isinstance(written, LineList):
            facts = LineList(written.line)
            facts.lines = list(written.lines)
            facts.extend(self._property(fact, line, owner) for fact in cast("Iterator[Any]", written))
            return facts
        if "group" not in owner and not isinstance(written, LineDict):
            return written
        fact = _copied(_fact(written, line))
        if fact.get("group") == NO_VALUE and owner.get("group", NO_VALUE) == NO_VALUE:
            lacking = "neither the type nor the file's defaults have it"
            self.faults.append(_takes_nothing_back(self._file, fact, "group", lacking))
        _with_default(fact, owner, "group")
        return fact


def _takes_nothing_back(file: str, entry: LineDict, key: str, lacking: str, known: Iterable[str] = ()) -> Fault:
    """A `none` that takes nothing back is a slip: what it should take back is called otherwise."""
    message = f"{quoted(key)} takes nothing back: {lacking}"
    return Fault(Location(file, entry.line_of(key)), message, did_you_mean(key, known, "remove it"))
