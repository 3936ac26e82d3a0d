"""Decides in which module each type lives, for all versions together, so that imports never form a circle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from connectgen.catalogue.subjects import circles, subject_of, subject_of_enumeration
from connectgen.resolver import types_named_by
from connectgen.surface import Surface


def assign_enumerations(surfaces: Iterable[Surface]) -> Mapping[str, str]:
    """The module of each enumeration that any of the versions has: its subject."""
    return {
        name: subject_of_enumeration(one.location) for surface in surfaces for name, one in surface.enumerations.items()
    }


def assign_modules(surfaces: Iterable[Surface]) -> Mapping[str, str]:
    """The module of each type that exists in any of the versions: its subject.

    What refers to a type changes nothing. Only subjects that refer to one another in a circle are one module, with the
    name that comes first in the alphabet; the linter finds them (`subject-circle`).
    """
    subjects: dict[str, str] = {}
    named: dict[str, set[str]] = defaultdict(set)
    seen: set[int] = set()
    for surface in surfaces:
        for resolved in surface.types.values():
            if id(resolved) not in seen:
                seen.add(id(resolved))
                subjects[resolved.name] = subject_of(resolved.location, is_input=resolved.is_input)
                named[resolved.name].update(types_named_by(resolved))
    references: dict[str, set[str]] = defaultdict(set)
    for name, others in named.items():
        references[subjects[name]].update(subjects[other] for other in others)
    joined = {subject: circle[0] for circle in circles(references) for subject in circle}
    return {name: joined.get(subject, subject) for name, subject in subjects.items()}
