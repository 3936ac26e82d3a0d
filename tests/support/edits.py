"""All small edits of a catalogue: each thing left out, each word or number changed, each type in another file."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

Files = Mapping[str, Any]
"""The content of a catalogue's files, by their path."""
_OTHERS = 5
"""How many other types stand where one does, each in turn."""


def read(folder: Path) -> Files:
    """The files of a catalogue."""
    paths = sorted(folder.rglob("*.yaml"))
    return {path.relative_to(folder).as_posix(): yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


def write(files: Files, folder: Path) -> None:
    """Write the files of a catalogue; the folder then has no others."""
    for path in folder.rglob("*.yaml"):
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        text = yaml.safe_dump(content, sort_keys=False)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def edits(files: Files) -> Iterator[tuple[str, Files]]:
    """The files after one edit each, with what that is; many edits leave a catalogue with faults."""
    types = [name for content in files.values() for name in content.get("types", ())]
    for name, content in files.items():
        if name == "status_codes.yaml":  # which no package has
            continue
        for place in _places(content):
            for what, edited in _edited(content, place, types):
                yield f"{name}: {'/'.join(map(str, place))} {what}", {
                    **files,
                    name: edited,
                }
        if name.startswith(("types/", "enumerations/")):
            folder = name.rpartition("/")[0]
            yield f"{name} renamed", {_other(name, path): one for path, one in files.items()}
            for other in files:
                if other.startswith(folder) and other != name:
                    yield f"{name} moved into {other}", _merged(files, name, other)
                    break


def _other(name: str, path: str) -> str:
    return path.replace(".yaml", "z.yaml") if path == name else path


def _merged(files: Files, name: str, other: str) -> Files:
    kind = next(iter(files[name]))
    kept = {path: content for path, content in files.items() if path != name}
    return {**kept, other: {kind: {**files[other][kind], **files[name][kind]}}}


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The keys that lead to each value below a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield (*above, key)
        yield from _places(item, (*above, key))


def _edited(content: Any, place: tuple[Any, ...], types: list[str]) -> Iterator[tuple[str, Any]]:
    *above, last = place
    value = content
    for key in place:
        value = value[key]

    def changed(edit: Any) -> Any:
        result = copy.deepcopy(content)
        owner = result
        for key in above:
            owner = owner[key]
        edit(owner)
        return result

    yield "left out", changed(lambda owner: owner.pop(last))
    for other in _others(value, types, len(types) if last == "extends" else _OTHERS):
        yield f"is {other!r}", changed(lambda owner, other=other: owner.__setitem__(last, other))
    if isinstance(last, str):
        yield "renamed", changed(lambda owner: owner.update({f"{last}x": owner.pop(last)}))


def _others(value: Any, types: list[str], most: int) -> list[Any]:
    """What a value may become: the next number, another word, or other types where it names one."""
    match value:
        case bool():
            return [not value]
        case float():
            return [value - 1, value + 1]
        case int():
            return [value + 1]
        case str() if "String" in value:
            return [value.replace("String", "Integer")]
        case str():
            named = [name for name in types if name in re.split(r"\W+", value)]
            return [value.replace(name, other) for name in named for other in _after(name, types)[:most]] or [
                f"{value}x"
            ]
        case _:
            return []


def _after(name: str, types: list[str]) -> list[str]:
    """The types of its side that come after one, the first again after the last."""
    side = [other for other in types if other.endswith("Input") == name.endswith("Input")]
    place = side.index(name)
    return [*side[place + 1 :], *side[:place]]
