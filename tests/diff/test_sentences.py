"""Every rule has its sentence, and sentences are filled with what a change was and is."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest

from connectgen.catalogue.model import Location
from connectgen.diff.change import Change
from connectgen.diff.rules import rules
from connectgen.diff.sentences import Subject, sentence_of, sentences, sentences_of, subject_of

PLACES = {"member", "value", "limit", "before", "after", "members", "values", "afters"}


def change(rule: str, subject: str, before: str | None = None, after: str | None = None) -> Change:
    found = rules()[rule]
    return Change(
        rule=found, subject=subject, before=before, after=after, location=Location("x.yaml", 1), severity=found.severity
    )


@pytest.mark.parametrize("rule", rules())
def test_every_rule_has_a_sentence_and_the_breaking_ones_say_what_to_do(rule: str) -> None:
    sentence = sentences()[rule]
    for text in (sentence.say, sentence.do, sentence.many):
        assert {name for _, name, _, _ in string.Formatter().parse(text) if name is not None} <= PLACES
    assert sentence.say.endswith(".")
    assert sentence.say != rules()[rule].explanation, "sentences.yaml has none for it"
    if rules()[rule].severity in ("breaking", "warning"):
        assert sentence.do.endswith(".")


@pytest.mark.parametrize(
    ("subject", "parts"),
    [
        ("feeds.elements.create", Subject("feeds.elements.create", "", "")),
        ("feeds.elements.create(scope)", Subject("feeds.elements.create", "scope", "")),
        ("feeds.elements.list(sort)=Name (old)", Subject("feeds.elements.list", "sort", "=Name (old)")),
        ("feeds.elements.list(size) most items", Subject("feeds.elements.list", "size", " most items")),
        ("feeds.elements.create result", Subject("feeds.elements.create", "", " result")),
        ("feeds.elements.create=409", Subject("feeds.elements.create", "", "=409")),
        ("feeds.elements", Subject("feeds.elements", "", "")),
        ("FeedItem.body", Subject("FeedItem", "body", "")),
        ("FeedItem.type=Poll.Post", Subject("FeedItem", "type", "=Poll.Post")),
        ("Connection=IngestApi", Subject("Connection", "", "=IngestApi")),
        ("release", Subject("release", "", "")),
    ],
)
def test_a_subject_is_taken_apart(subject: str, parts: Subject) -> None:
    assert subject_of(change("type-added", subject)) == parts


def test_a_sentence_says_what_was_and_is() -> None:
    moved = sentence_of(change("operation-moved", "files.files.get", "/chatter/files", "/connect/files"))
    assert moved.say == "It has another path: `/connect/files`, before `/chatter/files`."
    limit = sentence_of(change("parameter-limit-narrowed", "a.b.c(size) maximum", "250", "100"))
    assert limit.say == "The parameter `size` takes less: maximum 100, before 250."


def test_a_replacement_is_what_to_do() -> None:
    gone = replace(change("response-property-removed", "FeedItem.canShare", "Boolean"), replacement="isSharable")
    assert sentence_of(gone).do == "Use `isSharable` instead."


def test_several_changes_of_a_rule_are_one_sentence_where_it_has_one() -> None:
    new = [change("response-property-added", f"FeedItem.{name}", None, "String") for name in ("a", "b")]
    assert [one.say for one in sentences_of(new)] == ["New properties: `a`, `b`."]
    values = [
        change("parameter-value-added", f"a.b.c({name})={value}", None, value) for name, value in ("xA", "xB", "yC")
    ]
    assert [one.say for one in sentences_of(values)] == [
        "The parameter `x` has more values: `A`, `B`.",
        "The parameter `y` has one more value: `C`.",
    ]


def test_backquotes_and_braces_in_names_stay_text() -> None:
    assert sentence_of(change("type-removed", "X")).say == "The type is gone."
    odd = change("parameter-value-added", "a.b.c(x)={before}`", None, "{before}`")
    assert sentence_of(odd).say == "The parameter `x` has one more value: `{before}ˋ`."
