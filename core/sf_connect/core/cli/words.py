"""Words of names and sentences, reduced to stems, so that a search finds them in any form."""

from __future__ import annotations

import functools
import re

_WORD = re.compile(r"OAuth|(?:API|ID|URL)s(?![a-z])|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+|[^\W\d_]+")
_BETWEEN = re.compile(r"[\W_]+")
STOP = frozenset({
    "a", "all", "am", "an", "and", "any", "are", "as", "at", "be", "by", "can", "client", "do", "for", "from", "how",
    "i", "in", "into", "is", "it", "its", "my", "of", "on", "one", "or", "our", "so", "some", "that", "the", "their",
    "them", "this", "to", "want", "what", "which", "who", "with", "you", "your",
})  # fmt: skip
KEPT = frozenset({"news", "status", "sms", "cms", "address", "process", "access", "business", "dns", "sas", "aws"})
ALIKE = (
    ("create", "add", "make", "new", "post", "insert"),
    ("delete", "remove", "drop", "destroy"),
    ("get", "fetch", "read", "show", "retrieve", "view", "load"),
    ("list", "get", "show", "browse"),
    ("update", "change", "edit", "modify", "set", "patch"),
    ("search", "find", "query", "look"),
    ("follow", "subscribe"),
    ("user", "person", "people", "member", "colleague"),
    ("cart", "basket"),
    ("webstore", "store", "shop", "storefront"),
    ("picture", "photo", "image", "avatar"),
    ("post", "element", "item"),
    ("message", "chat", "send"),
    ("buy", "checkout", "order", "purchase"),
    ("upload", "create", "file"),
    ("download", "content", "get"),
    ("site", "community"),
    ("bookmark", "favorite", "favourite"),
    ("cancel", "stop", "end", "abort"),
    ("run", "start", "execute", "trigger"),
    ("publish", "release"),
    ("coupon", "voucher", "discount", "promotion"),
    ("price", "pricing", "cost"),
    ("comment", "reply"),
    ("join", "add", "member"),
    ("leave", "delete", "member"),
    ("unfollow", "delete", "subscription"),
)


def words_in(text: str) -> list[str]:
    """The words of a sentence, or of a name as Python or the API spells it, in small letters."""
    return [word.lower() for word in _WORD.findall(text)]


@functools.cache
def stems_in(text: str) -> tuple[str, ...]:
    """The stems of all words of a text, each once; many operations have the same paths, arguments and types."""
    return tuple({stem(word): None for word in words_in(text)})


def searched_words(text: str) -> list[str]:
    """The stems of a search: its words without those that every sentence has, each once."""
    words = words_in(text)
    telling = [word for word in words if word not in STOP] or words
    return list(dict.fromkeys(map(stem, telling)))


@functools.cache
def joined(name: str) -> str:
    """A name in one spelling for all: `feed_element_id`, `feedElementId` and `Feed element ID` are the same."""
    return _BETWEEN.sub("", name.lower())


@functools.cache
def stem(word: str) -> str:
    """A word without the endings of English; both sides of a comparison are treated alike, so it need not be a word."""
    if word in KEPT or len(word) < 4:
        return word
    if word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("eed"):
            word = word.removesuffix(ending)
            if word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 4 else word


@functools.cache
def _alike() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for group in ALIKE:
        stems = [stem(word) for word in group]
        for word in stems:
            found.setdefault(word, []).extend(other for other in stems if other != word)
    return {word: tuple(dict.fromkeys(others)) for word, others in found.items()}


def alike(word: str) -> tuple[str, ...]:
    """The stems of words that people use for the same."""
    return _alike().get(word, ())
