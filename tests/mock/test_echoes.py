"""The mock shows what was sent also where the response has another name for it: over HTTP, by generated clients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectgen.catalogue.types import ListOf, Named, OneOf, TypeExpression
from connectgen.mock.relations import read_relations
from connectgen.mock.responding.echoes import read_echoes
from connectgen.mock.responding.records import options_of
from connectgen.mock.shapes import Shapes
from mock.least import surface
from sf_connect.core import Upload
from support.versions import NEWEST

ELEMENT = "0D5000000000001AAA"
GROUP = "0F9000000000001AAA"
FOLDER = "07H000000000001AAA"
SHAPES = Shapes(surface(NEWEST))


def writing(type_name: str) -> Iterator[str]:
    """What operations take whose responses show a record of a type: parameters, properties, also of what is in them."""
    wrapped = {place for one in read_relations().all for place, _ in one.wrapped.values()}
    for operation in (one for group in surface(NEWEST).groups for one in group.operations):
        if operation.method == "GET" or not isinstance(operation.returns, Named):
            continue
        family = SHAPES.types[operation.returns.name].discriminator
        shown = {operation.returns.name, *(family.values.values() if family else ())}
        for place in wrapped & SHAPES.properties(operation.returns.name).keys():
            fact = SHAPES.properties(operation.returns.name)[place]
            shown |= {fact.type.name} if isinstance(fact.type, Named) else set()
        if type_name in shown:
            yield from (item.name for item in operation.parameters)
            if operation.body is not None and isinstance(operation.body.type, Named):
                yield from SHAPES.properties(operation.body.type.name)


def leaves(expression: TypeExpression, template: Any) -> Iterator[TypeExpression]:
    """The types of the places where a value goes."""
    if isinstance(template, list):
        assert isinstance(expression, ListOf)
        for one in template:
            yield from leaves(expression.item, one)
    elif isinstance(template, dict):
        assert isinstance(expression, Named | OneOf)
        name = next(one.name for one in options_of(expression) if isinstance(one, Named))
        member = SHAPES.member(name, template)
        for inner, one in template.items():
            if inner != SHAPES.discriminator_of(member):
                yield from leaves(SHAPES.properties(member)[inner].type, one)
    else:
        assert template == "$value"
        yield expression


@pytest.mark.parametrize("type_name", list(read_echoes()))
def test_an_entry_names_what_the_catalogue_has(type_name: str) -> None:
    sent = set(writing(type_name))
    properties = SHAPES.properties(type_name)
    for name, template in read_echoes()[type_name].items():
        assert name in sent, name
        assert name not in properties, f"{name} comes back by itself"
        assert list(leaves(Named(type_name), template)), name


def test_a_text_becomes_the_body(client: Any) -> None:
    made = client.feeds.capabilities.create_comment(ELEMENT, text="Tea & cake, 5 o'clock?")
    assert made.body.text == "Tea &amp; cake, 5 o&#39;clock?"
    assert [segment.type for segment in made.body.message_segments] == ["Text"]
    assert client.chatter.comments.get(made.id).body == made.body
    assert client.feeds.capabilities.list_comments(ELEMENT).items[0].body == made.body


@pytest.mark.parametrize(("subject", "kind"), [(GROUP, "CollaborationGroup"), ("me", "User")])
def test_a_post_is_in_the_feeds_of_its_subject(client: Any, subject: str, kind: str) -> None:
    made = client.feeds.elements.create(text="To you", feed_element_type="FeedItem", subject_id=subject)
    me = client.chatter.users.get("me").id
    owner = me if subject == "me" else subject
    assert (made.parent.id, made.parent.type, made.actor.id, made.actor.type) == (owner, kind, me, "User")
    feed = client.feeds.user_profile if subject == "me" else client.feeds.record
    assert [one.id for one in feed.list_elements(subject).elements].index(made.id) == 0
    assert client.feeds.news.list_elements("me").elements[0].id == made.id
    client.feeds.elements.delete(made.id)
    assert made.id not in [one.id for one in feed.list_elements(subject).elements]


def test_fields_with_other_names_come_back(client: Any) -> None:
    group = client.chatter.groups.create(
        name="G", visibility="PublicAccess", information_text="Ask here", information_title="Help"
    )
    assert (group.information.text, group.information.title) == ("Ask here", "Help")
    file = client.files.user_files.upload("me", file_data=Upload(b"x", filename="x.txt"), title="T", desc="D")
    assert (file.title, file.description) == ("T", "D")
    assert client.files.files.get(file.id).description == "D"
    item = client.files.folders.create_item(FOLDER, type="Folder", folder_path="reports/2026")
    assert item.folder.path == "reports/2026"
    assert client.feeds.capabilities.add_topic(ELEMENT, topic_name="Tea").name == "Tea"


def test_what_was_changed_is_read_again(client: Any) -> None:
    changed = client.feeds.capabilities.vote(ELEMENT, vote="Up")
    assert changed.my_vote == "Up"
    assert client.feeds.capabilities.get_votes(ELEMENT) == changed
