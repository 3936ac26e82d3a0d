"""Include and exclude: paths that are built from a model, or written out, and what is refused before sending."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

import sf_connect.core.request.operations
from core.server import Answer, Server
from sf_connect.core import Model, Operation, RequestOptions, discriminated_union, field, path, untagged_union

Send = Callable[..., Any]


class Segment(Model):
    __xml__: ClassVar[tuple[str, str]] = ("", "segment")

    type: str | None = None
    text: str | None = None


class Mention(Segment):
    user: Actor | None = None


class Actor(Model):
    id: str | None = None
    display_name: str | None = field(name="displayName", default=None)


class Body(Model):
    message_segments: list[AnySegment] | None = field(name="messageSegments", default=None)
    topics: list[str] | None = None
    names: dict[str, Actor] | None = None
    owner: Owner | None = None


class Element(Model):
    body: Body | None = None
    class_: str | None = field(name="class", default=None)
    anything: object = None


class ElementPage(Model):
    elements: list[Element] | None = None
    next_page_url: str | None = field(name="nextPageUrl", default=None)


if TYPE_CHECKING:
    AnySegment = Mention | Segment
    Owner = Actor | Body
else:
    AnySegment = discriminated_union("type", {"Mention": "Mention"}, fallback="Segment", module=__name__)
    Owner = untagged_union("Actor", "Body", module=__name__)

PAGE: Operation[ElementPage] = Operation("e.list", "GET", "/chatter/elements", ElementPage)
SEGMENT: Operation[AnySegment] = Operation("s.get", "GET", "/chatter/segment", AnySegment)
LIST: Operation[list[Element]] = Operation("e.all", "GET", "/chatter/all", list[Element])
CONTENT: Operation[bytes] = Operation("e.content", "GET", "/chatter/content", bytes)
REMOVE: Operation[None] = Operation("e.remove", "DELETE", "/chatter/elements", None)
PAGE_PATH = path(ElementPage)


@pytest.mark.parametrize(
    ("built", "text"),
    [
        (PAGE_PATH.next_page_url, "/nextPageUrl"),
        (PAGE_PATH.elements, "/elements"),
        (PAGE_PATH.elements.body, "/elements/element/body"),
        (PAGE_PATH.elements.class_, "/elements/element/class"),
        (PAGE_PATH.elements.body.message_segments.text, "/elements/element/body/messageSegments/segment/text"),
        (
            PAGE_PATH.elements.body.message_segments.user.display_name,
            "/elements/element/body/messageSegments/segment/user/displayName",
        ),
        (PAGE_PATH.elements.body.owner.display_name, "/elements/element/body/owner/displayName"),
        (path(AnySegment).user.id, "/user/id"),
        (path(Segment).text, "/text"),
    ],
)
def test_paths_are_built_attribute_by_attribute(send: Send, server: Server, built: Any, text: str) -> None:
    assert str(built) == text
    send(PAGE if "of ElementPage" in repr(built) else SEGMENT, options=RequestOptions(include=(built,)))
    assert parse_qs(urlsplit(server.last.target).query) == {"include": [text]}


def test_several_paths_are_joined(send: Send, server: Server) -> None:
    paths = (PAGE_PATH.elements.body, "/nextPageUrl", "/elements/anything-between/body/topics")
    send(PAGE, options=RequestOptions(exclude=paths, filter_group="Medium"))
    assert parse_qs(urlsplit(server.last.target).query) == {
        "exclude": ["/elements/element/body|/nextPageUrl|/elements/anything-between/body/topics"],
        "filterGroup": ["Medium"],
    }


@pytest.mark.parametrize("text", ["/elements", "/elements/x/body/names/of-a-map/id", "/elements/x/anything/goes/here"])
def test_what_cannot_be_checked_passes(send: Send, server: Server, text: str) -> None:
    send(PAGE, options=RequestOptions(include=(text,)))
    assert parse_qs(urlsplit(server.last.target).query) == {"include": [text]}


@pytest.mark.parametrize(("operation", "body"), [(LIST, b"[]"), (CONTENT, b"x")])
def test_other_results_are_not_checked(send: Send, server: Server, operation: Operation[Any], body: bytes) -> None:
    server.answer(Answer(body=body))
    send(operation, options=RequestOptions(include=("/anything",)))
    assert parse_qs(urlsplit(server.last.target).query) == {"include": ["/anything"]}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("body",), "start with '/'"),
        (("/",), "start with '/'"),
        (("/elements/",), "start with '/'"),
        (("/elements//body",), "start with '/'"),
        (("/elements|/nextPageUrl",), "start with '/'"),
        ("/elements", "include and exclude take a tuple of paths: write include=(path,) for one"),
        (("/nextPageURL",), "ElementPage has no property nextPageURL; did you mean nextPageUrl?"),
        (("/elements/element/bodies",), "Element has no property bodies"),
        (("/elements/element/body/messageSegments/segment/nothing",), "Segment or Mention has no property nothing"),
        ((path(Actor).id,), "has a path of Actor, but e.list returns ElementPage"),
    ],
)
@pytest.mark.parametrize("name", ["include", "exclude"])
def test_what_is_no_path_is_refused(send: Send, server: Server, name: str, wrong: Any, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        send(PAGE, options=RequestOptions(**{name: wrong}))
    assert name in str(refused.value)
    assert server.received == []


def test_a_refused_path_can_be_sent_all_the_same(send: Send, server: Server) -> None:
    send(PAGE, options=RequestOptions(query={"include": "/newer"}))
    assert parse_qs(urlsplit(server.last.target).query) == {"include": ["/newer"]}


def test_both_together_are_refused(send: Send, server: Server) -> None:
    options = RequestOptions(include=(PAGE_PATH.elements,), exclude=("/nextPageUrl",))
    with pytest.raises(ValueError, match="include or exclude, not both"):
        send(PAGE, options=options)
    assert server.received == []


def test_a_filter_group_is_for_calls_with_a_response(send: Send, server: Server) -> None:
    send(REMOVE, options=RequestOptions(filter_group="Small"))
    assert "filterGroup" not in server.last.target


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda: PAGE_PATH.element, "ElementPage has no property element; did you mean elements?"),
        (lambda: PAGE_PATH.elements.nothing, "Element has no property nothing"),
        (lambda: PAGE_PATH.next_page_url.more, "there is nothing inside, so no more"),
        (lambda: PAGE_PATH.elements.body.topics.more, "there is nothing inside"),
    ],
)
def test_attributes_that_do_not_exist(step: Callable[[], Any], words: str) -> None:
    with pytest.raises(AttributeError) as refused:
        step()
    assert words in str(refused.value)


def test_paths_begin_at_models() -> None:
    with pytest.raises(TypeError, match="at a model"):
        path(str)


def test_paths_compare_and_show() -> None:
    assert PAGE_PATH.elements == path(ElementPage).elements
    assert PAGE_PATH.elements != PAGE_PATH.next_page_url
    assert len({PAGE_PATH.elements, path(ElementPage).elements}) == 1
    assert repr(PAGE_PATH.elements.body) == "<PropertyPath /elements/element/body of ElementPage>"


def test_importing_operations_does_not_import_paths() -> None:
    core = str(Path(sf_connect.core.request.operations.__file__).parents[2])
    script = (
        f"import sys; sys.path.insert(0, {core!r}); import sf_connect.core.request.operations, sf_connect.core.client; "
    )
    script += "print('sf_connect.core.request.property_paths' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
