"""Decides the name of an operation: a verb from the method, then what the path says beyond its group's prefix."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from connectgen.importer.guide.placement import Place
from connectgen.naming import snake_case

# A POST to a path that ends in one of these does what the word says instead of creating something of that name.
_ACTION_VERBS = frozenset(
    "accept activate add adjust apply approve arrange associate authorize boost calculate cancel capture change check clone close"
    " confirm convert create decrease distribute ensure estimate evaluate execute export find generate get hold import increase"
    " initiate invite lookup make mark mute preview publish purge push query rank refresh register reject release remove reorder"
    " resend resubmit reset retrieve reverse route search send set start stop submit suggest unpublish update validate verify"
    " follow unfollow rate upload evaluate".split()
)
_SILENT_SEGMENTS = frozenset({"actions", "async-actions", "collection"})
_SHORT_SEGMENTS = {"feed-elements": "elements", "feed-items": "items"}
_NO_PLURAL = frozenset(
    "status news settings analytics capabilities address preferences info access process progress details diagnostics statistics"
    " metrics canvas capacity series business previous class counts myprofile thresholds".split()
)
_COLLECTION_ENDINGS = ("Collection", "Page", "List", "Results", "Result Page")
_VERBS = {"GET": "get", "HEAD": "head", "POST": "create", "PATCH": "update", "PUT": "replace", "DELETE": "delete"}
_HIDDEN_NAMES = frozenset({"import", "print", "exec", "open"})


@dataclass(frozen=True, slots=True)
class NameRequest:
    """What a name is derived from.

    Attributes:
        method: HTTP method.
        path: the resource's address, with placeholders.
        place: the group that the path belongs to.
        returns: the type expression of the result, empty where there is none.
    """

    method: str
    path: str
    place: Place
    returns: str = ""


def name_operation(request: NameRequest, taken: Collection[str]) -> str:
    """Choose the shortest telling name that is still free in the group.

    Args:
        request: method, path, group and result.
        taken: names that the group already has.

    Returns:
        A snake_case name, no keyword, not in `taken`.
    """
    for name in _candidates(request):
        if name not in taken:
            return name
    raise AssertionError("the candidates do not end")


def _candidates(request: NameRequest) -> Iterator[str]:
    tail = request.place.segments[request.place.depth :]
    fixed = [segment for segment in tail if segment != "{}"]
    telling = [segment for segment in fixed if segment not in _SILENT_SEGMENTS and not _repeats_group(segment, request.place)]
    prefix_word = request.place.segments[request.place.depth - 1] if request.place.depth else ""
    yield _name(request, telling)
    if telling != fixed:
        yield _name(request, fixed)
    if prefix_word and prefix_word != "{}":
        yield _name(request, [prefix_word, *telling])
        yield _name(request, [prefix_word, *fixed])
    placeholders = [segment[1:-1] for segment in request.path.split("/") if segment.startswith("{")]
    plain = _name(request, fixed or telling)
    for placeholder in reversed(placeholders):
        yield f"{plain}_by_{snake_case(placeholder)}"
    everything = [segment for segment in request.place.segments if segment != "{}"]
    yield _name(request, everything)
    number = 2
    while True:
        yield f"{plain}_{number}"
        number += 1


def _repeats_group(segment: str, place: Place) -> bool:
    word = segment.replace("-", "_").lower()
    return word in {place.group, _singular(place.group)} or _singular(word) == place.group


def _name(request: NameRequest, segments: list[str]) -> str:
    words = [_SHORT_SEGMENTS.get(segment, segment) for segment in segments]
    last = request.place.segments[-1]
    verb, number = _verb(request, words, ends_in_placeholder=last == "{}")
    if verb == "":
        parts = [snake_case(words[-1]), *(_singular(snake_case(word)) for word in words[:-1])]
    else:
        nouns = [snake_case(word) for word in words]
        if nouns and number == "one":
            nouns[-1] = _singular(nouns[-1])
        parts = [verb, *(_singular(noun) for noun in nouns[:-1]), *nouns[-1:]]
    name = "_".join(part.strip("_") for part in parts if part)
    return f"run_{name}" if keyword.iskeyword(name) or name in _HIDDEN_NAMES else name


def _verb(request: NameRequest, words: list[str], *, ends_in_placeholder: bool) -> tuple[str, str]:
    """The verb and whether the last noun means one thing or many; an empty verb where the last word is one itself."""
    last = words[-1] if words else ""
    if request.method == "POST":
        if last and not ends_in_placeholder and snake_case(last).split("_")[0] in _ACTION_VERBS:
            return "", "many"
        return "create", "one"
    if last == "batch":
        return _VERBS[request.method], "many"
    if request.method == "GET":
        if _is_collection(request, ends_in_placeholder=ends_in_placeholder):
            return "list", "many"
        return "get", "one" if ends_in_placeholder else "many"
    return _VERBS[request.method], "one" if ends_in_placeholder else "many"


def _is_collection(request: NameRequest, *, ends_in_placeholder: bool) -> bool:
    returns = request.returns.split(" | ")[0]
    if returns.startswith("list<") or returns.endswith(_COLLECTION_ENDINGS):
        return True
    last = request.place.segments[-1]
    if ends_in_placeholder or not _is_plural(last):
        return False
    # A plural that answers with one thing of a name of its own is a list only where the name is plural too.
    return not returns or _is_plural(snake_case(returns)) or returns.endswith("Output")


def _is_plural(word: str) -> bool:
    last = word.replace("-", "_").split("_")[-1]
    return last.endswith("s") and not last.endswith("ss") and last not in _NO_PLURAL


def _singular(word: str) -> str:
    if not _is_plural(word):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "uses")):
        return word[:-2]
    return word[:-1]
