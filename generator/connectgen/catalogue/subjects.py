"""Subjects of types: which types belong together, and which subjects refer to one another in a circle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import PurePosixPath

from connectgen.catalogue.model import Location

INPUTS = "_inputs"
"""What the subjects of types that are sent end with."""
ENUMERATIONS = "enumerations_"
"""What the subjects of enumerations begin with; those of types begin with a family."""


def subject_of(location: Location, *, is_input: bool) -> str:
    """The subject of a type: the family and the name of its file, and `inputs` where it is a request's.

    A file with a number goes on with the one that has none.

        types/commerce/carts.yaml: Cart       commerce_carts
        types/commerce/carts.yaml: CartInput  commerce_carts_inputs

    Args:
        location: where the type is written.
        is_input: whether it is sent rather than received.
    """
    subject = f"{family_of(location)}_{_stem(location)}"
    return f"{subject}{INPUTS}" if is_input and not subject.endswith(INPUTS) else subject


def family_of(location: Location) -> str:
    """The family of a type: the folder of its file, `commerce` of `types/commerce/carts.yaml`."""
    return _family_of_file(location.file)


def subject_of_enumeration(location: Location) -> str:
    """The subject of an enumeration: that it is one, and the name of its file, `enumerations_feeds`."""
    return f"{ENUMERATIONS}{_stem(location)}"


def _stem(location: Location) -> str:
    """The name of a file without the number of one that goes on with another."""
    return _stem_of_file(location.file)


@cache  # thousands of entries are in hundreds of files
def _family_of_file(file: str) -> str:
    return PurePosixPath(file).parent.name


@cache
def _stem_of_file(file: str) -> str:
    return re.sub(r"_[0-9]+$", "", PurePosixPath(file).stem)


def circles(references: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """What refers to itself by way of others: each circle in the order of the alphabet.

    Args:
        references: what each refers to; names that are no keys are left out.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []
    for root in sorted(references):
        if root in index:
            continue
        work = [(root, iter(sorted(references[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:  # Tarjan's strongly connected components, without recursion
            name, following = work[-1]
            for other in following:
                if other in references and other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    work.append((other, iter(sorted(references[other]))))
                    break
                if other in stack:
                    low[name] = min(low[name], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    position = stack.index(name)
                    found.append(sorted(stack[position:]))
                    del stack[position:]
    return sorted(component for component in found if len(component) > 1)
