"""Finds operations by words, names, types, properties, values or URLs in an index that the generator wrote."""

from __future__ import annotations

import difflib
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sf_connect.core.cli.urls import PastedURL, match_url, read_url, words_of_path
from sf_connect.core.cli.words import alike, joined, searched_words, stem, stems_in, words_in

FORMAT = 2
_NAME, _GROUP, _FAMILY, _SUMMARY, _PATH, _ARGUMENT, _TYPE, _METHOD = 4.0, 4.0, 2.4, 3.0, 2.0, 1.0, 1.2, 0.8
_EXACT, _ALIKE, _BEGINNING, _TYPO = 1.0, 0.6, 0.7, 0.75
_SHORTEST_BEGINNING = 4
_PLAIN_VERBS = frozenset({"get", "list"})
"""Verbs that nobody says who searches for a thing."""
METHODS_OF_VERBS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = tuple(
    (frozenset(map(stem, verbs)), methods)
    for verbs, methods in (
        (("add", "create", "follow", "insert", "join", "like", "make", "post", "send", "start", "run"), ("POST",)),
        (("upload",), ("POST", "PUT")),
        (("delete", "leave", "remove", "unfollow", "unlike"), ("DELETE",)),
        (("change", "edit", "mark", "modify", "move", "rename", "set", "update"), ("PATCH", "PUT", "POST")),
        (("download", "fetch", "find", "get", "list", "query", "read", "search", "show"), ("GET", "POST")),
    )
)
"""What a search that begins with a verb most likely calls."""
_OWN_NAME, _OWN_TYPE, _OWN_PARAMETER, _OF_TYPE, _LATER = 200.0, 60.0, 20.0, 15.0, 7.0
"""What a name adds that is the search: the operation's, a type's that it takes or returns, and what types hold."""


class Entry(NamedTuple):
    """One operation of the index.

    Attributes:
        name: `family.group.operation`.
        method: the HTTP method.
        path: below `/services/data/vNN.0`, with placeholders.
        summary: a sentence.
        site: whether the path also exists inside sites.
        since: the first version, 32 for 32.0.
        until: the last one; None where it has not ended.
        iterator: the method that iterates over all pages; empty where there is none.
        waiters: the methods that wait for the end of what it begins or shows, `family.group.method`.
        arguments: those that a call must give, by their Python names; those of the path first.
        more: whether there are other arguments.
        parameters: all others, by the API's names.
        types: the names of the types that it takes and returns.
    """

    name: str
    method: str
    path: str
    summary: str
    site: bool
    since: int
    until: int | None
    iterator: str
    waiters: Sequence[str]
    arguments: Sequence[str]
    more: bool
    parameters: Sequence[str]
    types: Sequence[str]


class TypeEntry(NamedTuple):
    """One type of the index: its name, the operations nearest to it by number, its properties and their values."""

    name: str
    operations: Sequence[int]
    properties: Sequence[str]
    values: Sequence[str]


class Found(NamedTuple):
    """A result: the operation, how well it fits, why where that is not to be seen, and the call in Python."""

    entry: Entry
    score: float
    because: str
    call: str


class Index:
    """What can be found, of one version or of all.

    Args:
        text: what the generator wrote.

    Raises:
        ValueError: it is no index, or one of another format.
    """

    def __init__(self, text: str) -> None:
        data: dict[str, Any] = json.loads(text)
        if data.get("format") != FORMAT:
            raise ValueError("the index has another format than this release reads")
        self.operations = [Entry(*entry) for entry in data["operations"]]
        self.types = [TypeEntry(*entry) for entry in data["types"]]

    def search(self, text: str, limit: int = 10) -> list[Found]:
        """The operations that a search means, best first.

        Args:
            text: words, a name, or a URL with or without its method.
            limit: the most results.
        """
        url = read_url(text)
        if url is not None:
            return (self._by_url(url) or self._like_url(url))[:limit]
        return self._by_words(text)[:limit]

    def _by_url(self, url: PastedURL) -> list[Found]:
        found: list[Found] = []
        matches = match_url(url, ((one.method, one.path, one.site) for one in self.operations))
        here = [match for match in matches if _exists(self.operations[match.operation], url.version)]
        for match in here or matches:
            entry = self.operations[match.operation]
            because = "" if here else f"not in version {url.version}.0"
            found.append(Found(entry, 1.0, because, call_of(entry, match.arguments)))
        return found

    def _like_url(self, url: PastedURL) -> list[Found]:
        """What a URL that no operation has may be meant for: those of its method that have its words."""
        found = self._by_words(words_of_path(url))
        return [
            one._replace(because="no operation has this URL; this one has some of its words")
            for one in found
            if url.method in (None, one.entry.method)
        ]

    def _by_words(self, text: str) -> list[Found]:
        words = searched_words(text)
        if not words:
            return []
        scores: defaultdict[int, float] = defaultdict(float)
        matched: defaultdict[int, list[str]] = defaultdict(list)
        postings, vocabulary = self._postings()
        for word in words:
            for number, (score, form) in self._of_word(word, postings, vocabulary).items():
                scores[number] += score
                matched[number].append(form)
        for number, forms in matched.items():
            share = len(forms) / len(words)
            scores[number] *= share**1.5 * _weight_of(self.operations[number], forms, words)
        because = self._by_names(text, scores)
        order = sorted(scores, key=lambda number: (-scores[number], len(self.operations[number].name), number))
        return [
            Found(entry, round(scores[number], 3), because.get(number, ""), call_of(entry))
            for number in order
            if (entry := self.operations[number]) and scores[number] > 0
        ]

    def _postings(self) -> tuple[Mapping[str, Mapping[int, float]], list[str]]:
        """For each stem the operations that have it, with its weight there."""
        postings: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for number, entry in enumerate(self.operations):
            for text, weight in _weighted(entry):
                for word in stems_in(text):
                    known = postings[word]
                    if weight > known.get(number, 0.0):
                        known[number] = weight
        return postings, sorted(postings)

    def _of_word(
        self, word: str, postings: Mapping[str, Mapping[int, float]], vocabulary: Sequence[str]
    ) -> Mapping[int, tuple[float, str]]:
        """How well each operation fits one word of the search, and by which word of its own."""
        forms = [(word, _EXACT), *((other, _ALIKE) for other in alike(word))]
        if len(word) >= _SHORTEST_BEGINNING:
            forms += [(other, _BEGINNING) for other in vocabulary if other != word and other.startswith(word)]
        if not any(form in postings for form, _ in forms):
            forms += list(_typos(word, vocabulary))
        found: dict[int, tuple[float, str]] = {}
        rarity = 0.0
        for form, quality in forms:
            known = postings.get(form)
            if known:
                rarity = rarity or math.log(1 + len(self.operations) / len(known))
                for number, weight in known.items():
                    score = weight * quality * rarity
                    if score > found.get(number, (0.0, ""))[0]:
                        found[number] = (score, form)
        return found

    def _by_names(self, text: str, scores: dict[int, float]) -> dict[int, str]:
        """Raise operations whose name, argument, type, property or value the search is; says which it was."""
        names = {joined(token) for token in text.split() if _is_name(token)}
        wanted = {*names, joined(text)} - {""}
        strength = 1.0 if names else 0.1
        because: dict[int, str] = {}

        def add(number: int, bonus: float, reason: str) -> None:
            if number not in because:
                because[number] = reason
                bonus -= _LATER * ((self.operations[number].method == "HEAD") + bool(self.operations[number].until))
                scores[number] = scores.get(number, 0.0) + bonus * strength

        for number, entry in enumerate(self.operations):
            if any(joined(name) in wanted for name in _names_of(entry)):
                scores[number] = scores.get(number, 0.0) + _OWN_NAME
                because[number] = ""
            elif kind := _first(entry.types, wanted):
                is_first, creates = kind == entry.types[0], entry.name.endswith(".create")
                add(number, _OWN_TYPE * (1 + is_first / 6 + creates / 12), kind)
            elif name := _first(entry.parameters, wanted):
                add(number, _OWN_PARAMETER, name)
        for number, reason in self._through_types(wanted):
            add(number, _OF_TYPE, reason)
        return because

    def _through_types(self, wanted: set[str]) -> Iterator[tuple[int, str]]:
        for kind in self.types:
            reason = ""
            if joined(kind.name) in wanted:
                reason = kind.name
            elif name := _first(kind.properties, wanted):
                reason = f"{kind.name}.{name}"
            elif value := _first(kind.values, wanted):
                reason = f"{value!r} in {kind.name}"
            if reason:
                yield from ((number, reason) for number in kind.operations)


def call_of(entry: Entry, values: Sequence[str] = ()) -> str:
    """The call of an operation as it is written in Python.

    Args:
        entry: the operation.
        values: what stands for the placeholders of its path; their names where left out.
    """
    given = [
        repr(value) if not value.startswith("{") else name for value, name in zip(values, entry.arguments, strict=False)
    ]
    shown = [*given, *entry.arguments[len(given) :], *(["…"] if entry.more else [])]
    return f"client.{entry.name}({', '.join(shown)})"


def versions_of(entry: Entry) -> str:
    """The versions in which an operation exists, as people write them."""
    return f"{entry.since}.0–{entry.until}.0" if entry.until else f"since {entry.since}.0"


def as_lines(found: Found) -> str:
    """A result as a terminal shows it."""
    entry = found.entry
    pages = f"; all pages: {entry.iterator}" if entry.iterator else ""
    waits = f"; waits: {', '.join(_waiters(entry))}" if entry.waiters else ""
    because = f"\n    {found.because}" if found.because else ""
    site = " (also in a site)" if entry.site else ""
    facts = f"{entry.method} {entry.path}{site}, {versions_of(entry)}{pages}{waits}"
    return f"{found.call}\n    {entry.summary}\n    {facts}{because}"


def as_json_object(found: Found) -> dict[str, object]:
    """A result as programs read it."""
    entry = found.entry
    return {
        "call": found.call,
        "operation": entry.name,
        "iterator": entry.iterator or None,
        "waiters": list(entry.waiters),
        "summary": entry.summary,
        "method": entry.method,
        "path": entry.path,
        "site": entry.site,
        "since": f"{entry.since}.0",
        "until": f"{entry.until}.0" if entry.until else None,
        "because": found.because or None,
    }


def _waiters(entry: Entry) -> list[str]:
    """The methods that wait, those of the operation's own group without its name."""
    return [name.removeprefix(f"{entry.name.rpartition('.')[0]}.") for name in entry.waiters]


def _weighted(entry: Entry) -> Iterator[tuple[str, float]]:
    family, group, name = entry.name.split(".")
    yield name, _NAME
    yield group, _GROUP
    yield family, _FAMILY
    yield entry.summary, _SUMMARY
    yield entry.path, _PATH
    yield entry.method, _METHOD
    yield entry.iterator, _METHOD
    for text in _waiters(entry):
        yield text, _METHOD
    for text in entry.parameters:
        yield text, _ARGUMENT
    for text in entry.types:
        yield text, _TYPE


def _weight_of(entry: Entry, forms: Sequence[str], words: Sequence[str]) -> float:
    """What an operation loses because it says more than was asked for, has ended, or gives headers alone."""
    name = entry.name.rpartition(".")[2]
    unasked = sum(stem(word) not in forms for word in words_in(name) if word not in _PLAIN_VERBS)
    weight = 1 / (1 + 0.15 * unasked + 0.03 * entry.path.count("/") + 0.01 * len(entry.summary.split()))
    if entry.method == "HEAD" and "head" not in words:
        weight *= 0.4
    if "/batch/" in entry.path and "batch" not in words:
        weight *= 0.8
    methods = next((methods for verbs, methods in METHODS_OF_VERBS if words[0] in verbs), None)
    if methods and entry.method not in methods:
        weight *= 0.75
    return weight * (0.7 if entry.until else 1.0)


def _names_of(entry: Entry) -> Iterator[str]:
    """What a person may call an operation."""
    group = entry.name.rpartition(".")[0]
    own = [name for name in entry.waiters if name.rpartition(".")[0] == group]
    for name in (entry.name, f"{group}.{entry.iterator}" if entry.iterator else "", *own):
        if name:
            yield from (name, f"client.{name}", name.partition(".")[2])


def _first(names: Iterable[str], wanted: set[str]) -> str | None:
    return next((name for name in names if joined(name) in wanted), None)


def _typos(word: str, vocabulary: Iterable[str]) -> Iterator[tuple[str, float]]:
    """The words that a word which nobody knows may be meant for."""
    near = [other for other in vocabulary if abs(len(other) - len(word)) <= 2 and len(other) > 2]
    for other in difflib.get_close_matches(word, near, n=3, cutoff=0.72):
        yield other, _TYPO * difflib.SequenceMatcher(None, word, other).ratio()


def _is_name(token: str) -> bool:
    """Whether a word of a search is a name rather than a word: it has a capital, an underscore or a dot inside."""
    return token != token.lower() or "_" in token or "." in token.strip(".")


def _exists(entry: Entry, version: int | None) -> bool:
    return version is None or (entry.since <= version <= (entry.until or version))
