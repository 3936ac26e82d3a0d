"""Decides the name of an operation: a verb from the method, then what the path says beyond its group's prefix."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from connectgen.importer.place import Place
from connectgen.naming import is_keyword, snake_case

# A POST to a path that ends in one of these does what the word says instead of creating something of that name.
_ACTION_VERBS = frozenset(
    [
        "accept",
        "activate",
        "add",
        "adjust",
        "apply",
        "approve",
        "arrange",
        "associate",
        "authorize",
        "boost",
        "calculate",
        "cancel",
        "capture",
        "change",
        "check",
        "clone",
        "close",
        "confirm",
        "convert",
        "create",
        "decrease",
        "distribute",
        "ensure",
        "estimate",
        "evaluate",
        "execute",
        "export",
        "find",
        "generate",
        "hold",
        "import",
        "increase",
        "initiate",
        "invite",
        "lookup",
        "make",
        "mark",
        "mute",
        "preserve",
        "preview",
        "publish",
        "purge",
        "push",
        "query",
        "rank",
        "refresh",
        "register",
        "reject",
        "release",
        "remove",
        "reorder",
        "resend",
        "resubmit",
        "reset",
        "retrieve",
        "reverse",
        "route",
        "search",
        "send",
        "set",
        "start",
        "stop",
        "submit",
        "suggest",
        "unpublish",
        "update",
        "upload",
        "validate",
        "verify",
        "follow",
        "unfollow",
        "rate",
    ]
)
_ACTIONS = frozenset({"actions", "async-actions"})
_SILENT_SEGMENTS = _ACTIONS | {"collection", "capabilities"}
_SHORT_SEGMENTS = {"feed-elements": "elements", "feed-items": "items"}
_NO_PLURAL = frozenset(
    [
        "status",
        "news",
        "settings",
        "analytics",
        "capabilities",
        "address",
        "preferences",
        "info",
        "access",
        "process",
        "progress",
        "details",
        "diagnostics",
        "statistics",
        "metrics",
        "canvas",
        "capacity",
        "series",
        "business",
        "previous",
        "class",
        "counts",
        "myprofile",
        "thresholds",
        "cms",
    ]
)
_NOUN_ENDINGS = frozenset({"job", "rule", "result", "record", "history", "setting"})
_COLLECTION_ENDINGS = ("Collection", "Page", "List", "Results")
_VERBS = {"GET": "get", "POST": "create", "PATCH": "update", "PUT": "replace", "DELETE": "delete"}
_HIDDEN_NAMES = frozenset({"import", "print", "exec", "open"})


@dataclass(frozen=True, slots=True)
class NameRequest:
    """What a name is derived from.

    Attributes:
        method: HTTP method.
        path: the path of the resource, with placeholders.
        place: the group that the path belongs to.
        returns: the type expression of the result, empty where there is none.
    """

    method: str
    path: str
    place: Place
    returns: str = ""


def name_operation(request: NameRequest, taken: Collection[str]) -> str:
    """Choose the shortest descriptive name that is still free in the group.

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
    if request.method == "HEAD":
        # HEAD is named after what GET does at the same path: get → head, list → head_list, get_photo → head_photo.
        for name in _candidates(replace(request, method="GET")):
            verb, _, noun = name.partition("_")
            yield f"head_{noun}" if noun else {"get": "head", "list": "head_list"}.get(verb, f"head_{verb}")
        return
    tail = list(request.place.segments[request.place.depth :])
    fixed = [segment for segment in tail if segment != "{}"]
    telling = [
        segment
        for position, segment in enumerate(fixed)
        if segment not in _SILENT_SEGMENTS
        and not (position in (0, len(fixed) - 1) and _repeats_group(segment, request.place))
    ]
    action = _action(request, tail)
    prefix_word = request.place.segments[request.place.depth - 1] if request.place.depth else ""
    nouns = [_singular(snake_case(segment)) for segment in telling if segment not in action]
    if action:
        name = "_".join(snake_case(segment) for segment in action)
        yield _usable(name)
        if "async-actions" in tail:
            yield f"{name}_async"
        yield _usable("_".join([name, *nouns]))
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
    yield _name(request, [segment for segment in request.place.segments if segment != "{}"])
    number = 2
    while True:
        yield f"{plain}_{number}"
        number += 1


def _action(request: NameRequest, tail: list[str]) -> list[str]:
    """The segments that say what a POST does, where it does something else than create."""
    if request.method != "POST" or not tail or tail[-1] == "{}":
        return []
    for position, segment in enumerate(tail):
        after = [later for later in tail[position + 1 :] if later != "{}"]
        if segment in _ACTIONS and after:
            return after
    words = snake_case(tail[-1]).split("_")
    is_noun = len(words) > 1 and (_is_plural(words[-1]) or words[-1] in _NOUN_ENDINGS)
    return [tail[-1]] if words[0] in _ACTION_VERBS and not is_noun else []


def _repeats_group(segment: str, place: Place) -> bool:
    word = segment.replace("-", "_").lower()
    return (
        word in {place.group, _singular(place.group)}
        or _singular(word) == place.group
        or (place.group == "items" and word == "feed_items")
    )


def _name(request: NameRequest, segments: list[str]) -> str:
    words = [_SHORT_SEGMENTS.get(segment, segment) for segment in segments]
    verb, number = _verb(request, words)
    nouns = [snake_case(word) for word in words]
    if nouns and number == "one":
        nouns[-1] = _singular(nouns[-1])
    parts = [verb, *(_singular(noun) for noun in nouns[:-1]), *nouns[-1:]]
    return _usable("_".join(part.strip("_") for part in parts if part))


def _usable(name: str) -> str:
    return f"run_{name}" if is_keyword(name) or name in _HIDDEN_NAMES else name


def _verb(request: NameRequest, words: list[str]) -> tuple[str, str]:
    """The verb, and whether the last noun means one thing or many."""
    ends_in_placeholder = request.place.segments[-1] == "{}"
    if request.method == "POST":
        return "create", "one"
    if words and words[-1] == "batch":
        return _VERBS[request.method], "many"
    if request.method == "GET":
        if _is_collection(request, ends_in_placeholder=ends_in_placeholder):
            return "list", "many"
        return "get", "one" if ends_in_placeholder else "many"
    return _VERBS[request.method], "one" if ends_in_placeholder else "many"


def _is_collection(request: NameRequest, *, ends_in_placeholder: bool) -> bool:
    returns = request.returns.split(" | ")[0]
    if (returns.startswith("list<") and not ends_in_placeholder) or returns.endswith(_COLLECTION_ENDINGS):
        return True
    last = request.place.segments[-1]
    if last in _SHORT_SEGMENTS:
        return True
    if ends_in_placeholder or not _is_plural(last):
        return False
    # A plural that responds with one thing of a name of its own is a list only where the name is plural too.
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
