"""Modules of models: request and response types put together, and the index that imports them when they are used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from connectgen.catalogue.subjects import ENUMERATIONS, INPUTS, family_of
from connectgen.python.annotations import Needs, Union, write_listing
from connectgen.python.file_texts import FileText, KnownTexts
from connectgen.python.fragments import Fragments, merge
from connectgen.python.keys import Keys
from connectgen.python.layout import tidy
from connectgen.python.messages import BODY, MODULE, MessageParts, message_parts
from connectgen.python.model_index import LISTING, ModelIndex, ModuleNames, Show
from connectgen.surface import Surface, SurfaceEnumeration, SurfaceType


@dataclass(frozen=True, slots=True)
class _Module:
    """A module that versions have in common."""

    text: FileText
    names: ModuleNames


class ModelModules:
    """Makes the modules of models; one that versions have in common is made once.

    Args:
        fragments: what they are put together from.
        keys: the keys of what they are put together from.
        known: what earlier runs know of their texts.
    """

    def __init__(self, fragments: Fragments, keys: Keys, known: KnownTexts) -> None:
        self._fragments = fragments
        self._keys = keys
        self._known = known
        self._modules: dict[object, _Module] = {}
        self._texts: dict[object, FileText] = {}

    def files(self, surface: Surface, folder: str) -> Iterable[tuple[str, FileText]]:
        """The files of a version's models: the path of each, and its text."""
        modules: dict[str, list[SurfaceType]] = {}
        for name, resolved in surface.types.items():
            modules.setdefault(self._fragments.modules[name], []).append(resolved)
        index = ModelIndex()
        for module, members in sorted(modules.items()):
            made = self._module(module, members)
            yield f"{folder}/{module}.py", made.text
            index.add(made.names)
        enumerations: dict[str, list[SurfaceEnumeration]] = {}
        for enumeration in surface.enumerations.values():
            enumerations.setdefault(self._fragments.enumerations[enumeration.name], []).append(enumeration)
        for module, listed in sorted(enumerations.items()):
            made = self._enumeration_module(module, listed)
            yield f"{folder}/{module}.py", made.text
            index.add(made.names)
        parts = message_parts(surface)
        if parts is not None:
            yield f"{folder}/{MODULE}.py", self._message_parts(parts)
            index.add(ModuleNames(MODULE, (one.name for one in parts.functions), MODULE))
        for name, template, show, about in index.files():
            key = partial(self._keys.of, "index", (), template, about)
            yield f"{folder}/{name}", self._known.text(key, partial(self._index_file, template, show))

    def _index_file(self, template: str, show: Show) -> str:
        text = self._fragments.templates.render_values(f"sf_connect/version/models/{template}", show())
        return tidy(text) if template == LISTING else self._fragments.formatted(text)

    def _module(self, module: str, members: Sequence[SurfaceType]) -> _Module:
        key = (module, *(id(resolved) for resolved in members))
        if key not in self._modules:
            text = self._known.text(
                lambda: self._keys.of("models", map(self._keys.of_type, members), module),
                lambda: self._model_module(module, members),
                lambda: self._fragments.prepare_types(members),
            )
            names = [resolved.name for resolved in members]
            names += [f"Any{resolved.name}" for resolved in members if resolved.discriminator]
            part = f"{family_of(members[0].location)}{INPUTS if members[0].is_input else ''}"
            self._modules[key] = _Module(text, ModuleNames(module, names, part))
        return self._modules[key]

    def _enumeration_module(self, module: str, members: Sequence[SurfaceEnumeration]) -> _Module:
        key = (module, *(id(one) for one in members))
        if key not in self._modules:
            text = self._known.text(
                lambda: self._keys.of("enumerations", map(self._keys.of_enumeration, members), module),
                lambda: self._enumerations(module, members),
                lambda: self._fragments.prepare_enumerations(members),
            )
            self._modules[key] = _Module(text, ModuleNames(module, (one.name for one in members), "enumerations"))
        return self._modules[key]

    def _enumerations(self, module: str, members: Sequence[SurfaceEnumeration]) -> str:
        fragments = [self._fragments.of_enumeration(one) for one in members]
        values = {
            "name": module.removeprefix(ENUMERATIONS),
            "definitions": [self._fragments.formatted(fragment).strip("\n") for fragment in fragments],
        }
        template = "sf_connect/version/models/enumerations.py.jinja"
        return tidy(self._fragments.templates.render_values(template, values))

    def _message_parts(self, parts: MessageParts) -> FileText:
        if parts not in self._texts:
            self._texts[parts] = self._known.text(
                partial(self._key_of_message_functions, parts), partial(self._message_functions, parts)
            )
        return self._texts[parts]

    def _key_of_message_functions(self, parts: MessageParts) -> str:
        named = parts.markup.enumeration if parts.markup else None
        places = [self._fragments.place_of(name) for name in parts.types]
        return self._keys.of("message parts", (), repr(parts), places, self._fragments.enumerations.get(named or ""))

    def _message_functions(self, parts: MessageParts) -> str:
        values = " ".join(one.value for one in parts.functions)
        named = [name for name in ("identified", "needed", "optional") if f"={name}(" in values]
        named += ["Identified"] if "identified" in named else []
        named = ["Part", "content", *named] if parts.begin else named
        core = named
        typing = ["from collections.abc import Sequence", "from typing import Any"] if parts.begin else []
        if any(one.empty for one in parts.functions):
            core += ["replace"]
        if any("UNSET" in one.signature for one in parts.functions):
            core += ["UNSET", "UnsetType"]
        needs = Needs(types=set(parts.types))
        markup_type = write_listing(parts.markup, needs) if parts.markup else "str"
        imports = self._fragments.imports(needs, core, ".", first=typing)
        template = f"sf_connect/version/models/{MODULE}.py.jinja"
        text = self._fragments.templates.render(template, parts, imports=imports, body=BODY, markup_type=markup_type)
        return self._fragments.formatted(text)

    def _model_module(self, module: str, members: Sequence[SurfaceType]) -> str:
        ordered = _bases_first(members)
        viewed = [self._fragments.viewed(resolved) for resolved in ordered]
        needs = merge(item.needs for item in viewed)
        unions = [item.union for item in viewed if item.union]
        for alias in unions:
            needs.types.update(name for _, name in alias.values)
            needs.types.update([alias.fallback] if alias.fallback else [])
        needs.types.update(item.extends for item in viewed if item.extends)
        codes = [self._fragments.of_type(resolved) for resolved in ordered]
        definitions = [self._fragments.formatted(fragments[0]).strip("\n") for fragments in codes]
        aliases = list(
            dict.fromkeys(
                self._fragments.formatted(fragment).strip("\n") for fragments in codes for fragment in fragments[1:]
            )
        )
        whole = "\n".join([*definitions, *aliases])
        wanted = [name for name in ("Input", "Model") if f"({name}," in whole]
        wanted += [name for name in ("PageToken", "UNSET", "UnsetType") if _has_word(whole, name)]
        functions = ("discriminated_union", "field", "input_union", "untagged_union")
        wanted += [name for name in functions if f" {name}(" in whole]
        wanted += ["MessageBody"] if "(MessageBody," in whole else []
        if aliases:
            needs.unions.add(Union("", "", ()))
        imports = self._fragments.imports(needs, wanted, ".", own=module)
        values = {
            "name": module.removesuffix("_inputs").replace("_", " "),
            "sides": " and ".join(_sides(members)),
            "imports": imports,
            "definitions": definitions,
            "begins_with_class": definitions[0].startswith(("class ", "@")) if definitions else False,
            "aliases": aliases,
            "narrows": any(self._fragments.constants.narrows(resolved.name) for resolved in members),
        }
        return tidy(self._fragments.templates.render_values("sf_connect/version/models/module.py.jinja", values))


def _sides(members: Sequence[SurfaceType]) -> list[str]:
    """What a module has: types of requests, of responses, or both."""
    inputs = {resolved.is_input for resolved in members}
    return [side for side, is_input in (("request", True), ("response", False)) if is_input in inputs]


def _has_word(text: str, word: str) -> bool:
    return word in text and re.search(rf"\b{word}\b", text) is not None  # the pattern alone takes long to find nothing


def _bases_first(members: Sequence[SurfaceType]) -> list[SurfaceType]:
    by_name = {resolved.name: resolved for resolved in members}
    ordered: dict[str, SurfaceType] = {}

    def add(resolved: SurfaceType) -> None:
        if resolved.extends in by_name and resolved.extends not in ordered:
            add(by_name[resolved.extends])
        ordered.setdefault(resolved.name, resolved)

    for resolved in members:
        add(resolved)
    return list(ordered.values())
