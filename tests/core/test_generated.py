"""What generated code and the runtime do together: the small catalogue's packages over HTTP, sync and async."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from core.conftest import TOKEN
from core.server import Answer, Received, Server
from sf_connect.core import UNSET, RequestOptions, RetiredVersionWarning, Upload, path, values_of
from support.command import SMALL_VERSIONS
from support.importing import importable

Use = Callable[..., Any]


@pytest.fixture(scope="module")
def versions(small_packages: Path) -> Iterator[dict[str, Any]]:
    """The package of each version, imported: many versions in one process."""
    numbers = {version: version.removesuffix(".0") for version in SMALL_VERSIONS}
    with importable(small_packages, numbers.values()):
        yield {version: importlib.import_module(f"sf_connect.v{number}") for version, number in numbers.items()}


@pytest.fixture
def m(versions: dict[str, Any]) -> Any:
    """The models of the newest version."""
    return versions["33.0"].models


@pytest.fixture(params=["sync", "async"])
def use(request: pytest.FixtureRequest, server: Server, versions: dict[str, Any]) -> Use:
    """Do something with a client of the newest version; what is awaitable is awaited, iterators become lists."""

    def sync(action: Callable[[Any], Any], **settings: Any) -> Any:
        with versions["33.0"].Connect(server.url, token=TOKEN, **settings) as client:
            done = action(client)
            return list(done) if isinstance(done, Iterator) else done

    async def asynchronous(action: Callable[[Any], Any], **settings: Any) -> Any:
        async with versions["33.0"].AsyncConnect(server.url, token=TOKEN, **settings) as client:
            done = action(client)
            if hasattr(done, "__anext__"):
                return [item async for item in done]
            return await done if inspect.isawaitable(done) else done

    return sync if request.param == "sync" else lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


def answer(value: Any) -> Answer:
    return Answer(body=json.dumps(value).encode())


def queries(server: Server) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(received.target).query) for received in server.received]


class TestPages:
    def test_urls(self, use: Use, server: Server, m: Any) -> None:
        next_page = "/services/data/v33.0/garden/plants?pageToken=2"
        server.answer(
            answer({"plants": [{"type": "Tree", "id": "1"}], "nextPageUrl": next_page}),
            answer({"plants": [{"type": "Hedge", "id": "2"}], "nextPageUrl": None}),
        )
        tree, hedge = use(lambda client: client.garden.plants.iter(page_size=1, sort="Name"))
        assert isinstance(tree, m.Tree)
        assert isinstance(hedge, m.Bush)
        assert [received.target for received in server.received] == [
            "/services/data/v33.0/garden/plants?pageSize=1&sort=Name",
            next_page,
        ]

    def test_numbers(self, use: Use, server: Server, m: Any) -> None:
        server.answer(
            answer({"shelves": [{"id": "1"}], "hasNextPage": True}),
            answer({"shelves": [{"id": "2"}], "hasNextPage": False}),
        )
        assert use(lambda client: client.archive.shelves.iter(page_size=5)) == [m.Shelf(id="1"), m.Shelf(id="2")]
        assert queries(server) == [{"pageSize": ["5"]}, {"page": ["2"], "pageSize": ["5"]}]

    def test_offsets_of_nested_lists(self, use: Use, server: Server, m: Any) -> None:
        pages = [{"books": [{"title": "a"}]}, {"books": [{"title": "b"}]}]
        server.answer(*(answer({"result": {"books": [page], "total": 2}}) for page in pages))
        found = use(lambda client: client.archive.shelves.iter_search_books("q", page_size=1))
        assert [type(page) for page in found] == [m.BookPage] * 2
        assert queries(server) == [{"q": ["q"], "limit": ["1"]}, {"q": ["q"], "limit": ["1"], "offset": ["1"]}]

    def test_tokens(self, use: Use, server: Server, m: Any) -> None:
        server.answer(answer({"books": [{"title": "a"}], "nextPageToken": "t"}), answer({"books": [{"title": "b"}]}))
        assert use(lambda client: client.archive.shelves.iter_books("s/1")) == [m.Book(title="a"), m.Book(title="b")]
        assert [received.target for received in server.received] == [
            "/services/data/v33.0/archive/shelves/s%2F1/books",
            "/services/data/v33.0/archive/shelves/s%2F1/books?pageToken=t",
        ]

    def test_what_changes_something_is_not_gone_through(self, use: Use, server: Server) -> None:
        """Books would be borrowed anew for each page: the page is to be had, an iterator is not (see below)."""
        server.answer(answer({"books": [{}], "nextPageToken": "t"}))
        page = use(lambda client: client.archive.shelves.borrow("1", reader="005", cursor="c", x_loan_key="k"))
        assert page.next_page_token == "t"
        assert server.last.body == b"reader=005&cursor=c"

    def test_tokens_in_a_body(self, use: Use, server: Server, m: Any) -> None:
        server.answer(answer({"result": {"books": [{}], "cursor": "t"}}), answer({"result": {"books": [{}]}}))
        body = m.BookSearchInput(q="x")
        assert len(use(lambda client: client.archive.shelves.iter_find(body))) == 2
        assert [json.loads(received.body) for received in server.received] == [{"q": "x"}, {"q": "x", "cursor": "t"}]
        assert body == m.BookSearchInput(q="x")

    def test_lists_without_a_page_around(self, use: Use, server: Server) -> None:
        server.answer(answer(["a", "b"]), answer(["c"]), answer([]))
        assert use(lambda client: client.archive.shelves.iter_labels("1")) == ["a", "b", "c"]
        assert [query.get("offset") for query in queries(server)] == [None, ["2"], ["3"]]

    def test_whole_lists_have_no_iterator(self, versions: dict[str, Any]) -> None:
        group = importlib.import_module("sf_connect.v33.groups.archive.shelves").Shelves
        names = [name for name in dir(group) if name.startswith("iter")]
        assert names == ["iter", "iter_books", "iter_find", "iter_labels", "iter_search_books"]
        assert versions

    def test_no_iterator_where_a_version_lacks_the_items(self, versions: dict[str, Any]) -> None:
        assert versions
        for version, there in (("31", False), ("32", True)):
            group = importlib.import_module(f"sf_connect.v{version}.groups.archive.shelves").Shelves
            assert hasattr(group, "list")
            assert hasattr(group, "iter") is there


class TestUnions:
    def test_a_page_of_every_variant(self, use: Use, server: Server, m: Any) -> None:
        newer = {"type": "Cactus", "id": "3", "spikes": 9}
        server.answer(answer({"plants": [{"type": "Tree", "rings": 5}, {"type": "Hedge"}, newer, {"type": "Bush"}]}))
        tree, hedge, cactus, bush = use(lambda client: client.garden.plants.list()).plants
        assert (tree.type, tree.rings, isinstance(tree, m.Tree)) == ("Tree", 5, True)
        assert (hedge.type, isinstance(hedge, m.Bush), bush.type) == ("Hedge", True, "Bush")
        assert isinstance(cactus, m.Plant)
        assert not isinstance(cactus, m.Tree | m.Bush)
        assert (cactus.type, cactus.id, cactus.raw_properties) == ("Cactus", "3", newer)

    def test_an_operation_may_return_a_union(self, use: Use, server: Server, m: Any) -> None:
        server.answer(Answer(201, b'{"type": "Tree", "names": {"la": "arbor"}, "neighbours": [{"type": "Bush"}]}'))
        tree = use(lambda client: client.garden.plants.create(m.PlantInput(kind="Tree")))
        assert isinstance(tree, m.Tree)
        assert tree.names == {"la": "arbor"}
        assert isinstance(tree.neighbours[0], m.Bush)

    def test_one_of_several_types(self, use: Use, server: Server, m: Any) -> None:
        owners = [{"hat": "straw"}, {"type": "Tree", "rings": 1}, "nobody"]
        server.answer(*(answer({"text": "x", "owner": owner}) for owner in owners))
        found = [use(lambda client: client.garden.plants.get_label("1")).owner for _ in owners]
        assert isinstance(found[0], m.Scarecrow)
        assert isinstance(found[1], m.Tree)
        assert found[2] == "nobody"

    def test_unknown_properties_and_values(self, use: Use, server: Server) -> None:
        server.answer(answer({"plants": [{"type": "Tree", "name": "x", "newer": [1]}], "newest": {}}))
        assert use(lambda client: client.garden.plants.list(sort="Newer")).plants[0].name == "x"

    def test_the_discriminator_is_written_automatically(self, use: Use, server: Server, m: Any) -> None:
        notes = [m.TextNoteInput(text="x"), m.NumberNoteInput(number=0.5)]
        use(lambda client: client.garden.plants.create(m.PlantInput(kind="Tree", notes=notes)))
        assert json.loads(server.last.body)["notes"] == [
            {"type": "Text", "text": "x"},
            {"type": "Number", "number": 0.5},
        ]


class TestGivenNullAbsent:
    def test_a_patch_sends_what_was_set(self, use: Use, server: Server, m: Any) -> None:
        use(lambda client: client.garden.plants.update_label("1", m.LabelInput(text="x")))
        assert (server.last.method, json.loads(server.last.body)) == ("PATCH", {"text": "x"})

    @pytest.mark.parametrize(
        ("given", "sent"),
        [
            ({}, {}),
            ({"count": None, "label": None}, {"count": None, "label": None}),
            ({"count": 0, "name": "", "notes": []}, {"count": 0, "name": "", "notes": []}),
            ({"from_": "x", "leaves": 2**31}, {"from": "x", "leaves": "2147483648"}),
            ({"leaves": 2**31 - 1}, {"leaves": 2147483647}),
        ],
    )
    def test_null_is_sent_where_it_is_set(
        self, use: Use, server: Server, m: Any, given: dict[str, Any], sent: dict[str, Any]
    ) -> None:
        use(lambda client: client.garden.plants.create(m.PlantInput(kind="Tree", **given)))
        assert json.loads(server.last.body) == {"kind": "Tree", **sent}

    def test_required_arguments_are_required(self, m: Any) -> None:
        with pytest.raises(TypeError, match="kind"):
            m.PlantInput()

    def test_integers_that_the_api_does_not_take(self, use: Use, server: Server, m: Any) -> None:
        for leaves in (10**18, -(10**18)):
            with pytest.raises(ValueError, match="too large"):
                use(lambda client, n=leaves: client.garden.plants.create(m.PlantInput(kind="Tree", leaves=n)))
        with pytest.raises(ValueError, match="too large"):
            use(lambda client: client.garden.plants.iter(page_size=10**18))
        assert server.received == []

    def test_the_only_value_that_a_method_allows_is_set_automatically(self, use: Use, server: Server, m: Any) -> None:
        body = m.MessageBodyInput(message_segments=[])
        for letter, method in ((m.LetterInput(body=body), "write"), (m.LetterInput(body=body), "rewrite")):
            use(lambda client, m=method, sent=letter: getattr(client.archive.letters, m)(sent))
        use(lambda client: client.archive.letters.write(m.LetterInput(body=body, letter_type="Other")))
        sent = [json.loads(received.body).get("letterType", "not sent") for received in server.received]
        assert sent == ["Plain", "not sent", "Other"]


class TestMessages:
    def test_a_text_of_parts(self, use: Use, server: Server, m: Any) -> None:
        body = m.MessageBodyInput.text(
            "Hello ",
            m.mention("005"),
            "",
            m.bold("bold ", m.hyperlink("https://acme.example", "link")),
            [m.mention_username("ada@acme.example"), " and ", m.inline_image("069", alt_text="a tree")],
            m.ordered_list("one", ["two ", m.bold("!")]),
        )
        use(lambda client: client.archive.letters.write(m.LetterInput(body=body)))

        def marked(markup: str, *inner: Any, **more: Any) -> list[Any]:
            begin = {"type": "MarkupBegin", "markupType": markup, **more}
            return [begin, *inner, {"type": "MarkupEnd", "markupType": markup}]

        def text(shown: str) -> dict[str, str]:
            return {"type": "Text", "text": shown}

        assert json.loads(server.last.body)["body"]["messageSegments"] == [
            text("Hello "),
            {"type": "Mention", "id": "005"},
            *marked("Bold", text("bold "), *marked("Hyperlink", text("link"), url="https://acme.example")),
            {"type": "Mention", "username": "ada@acme.example"},
            text(" and "),
            {"type": "InlineImage", "fileId": "069", "altText": "a tree"},
            *marked(
                "OrderedList",
                *marked("ListItem", text("one")),
                *marked("ListItem", text("two "), *marked("Bold", text("!"))),
            ),
        ]

    def test_parts_are_objects_of_the_version(self, m: Any) -> None:
        assert m.mention("005") == m.MentionInput(id="005")
        assert m.MessageBodyInput.text() == m.MessageBodyInput(message_segments=[])
        assert m.MessageBodyInput(message_segments=[m.mention("005")]) == m.MessageBodyInput.text(m.mention("005"))

    @pytest.mark.parametrize("function", ["mention", "mention_username", "inline_image", "hyperlink"])
    @pytest.mark.parametrize(
        ("given", "error", "told"),
        [
            (None, TypeError, "must be a str, not NoneType"),
            (5, TypeError, "must be a str, not int"),
            ("", ValueError, "is empty"),
            (" \t", ValueError, "is empty"),
        ],
    )
    def test_a_part_without_what_it_cannot_do_without(
        self, m: Any, function: str, given: Any, error: type[Exception], told: str
    ) -> None:
        name = next(iter(inspect.signature(getattr(m, function)).parameters))
        with pytest.raises(error, match=f"^{name} {told}"):
            getattr(m, function)(given)

    def test_a_whole_response_is_no_id(self, m: Any) -> None:
        with pytest.raises(TypeError, match="id must be a str, not Label"):
            m.mention(m.Label())

    def test_an_object_with_an_id_is_as_good_as_the_id(self, m: Any) -> None:
        assert m.mention(m.Tree(id="005")) == m.mention("005")
        assert m.inline_image(m.Plant(id="069"), alt_text="x") == m.inline_image("069", alt_text="x")
        with pytest.raises(ValueError, match=r"^id: the Tree has no id: a filter, a permission"):
            m.mention(m.Tree())

    def test_what_a_part_can_do_without(self, m: Any) -> None:
        assert m.inline_image("069", alt_text="").alt_text == ""
        assert m.inline_image("069").alt_text is UNSET
        with pytest.raises(TypeError, match="alt_text must be a str, not NoneType; omit it"):
            m.inline_image("069", alt_text=None)

    @pytest.mark.parametrize("parts", [(), ("",), ([],), ([["", ""]],)])
    def test_nothing_cannot_be_marked_up(self, m: Any, parts: tuple[Any, ...]) -> None:
        for made in (m.bold, m.ordered_list, lambda *parts: m.hyperlink("https://acme.example", *parts)):
            with pytest.raises(ValueError, match="text to mark up is empty"):
                made(*parts)
        assert m.bold(" ")[1].text == " "

    @pytest.mark.parametrize("part", [5, None, b"x", {"type": "Text"}])
    def test_what_is_no_part(self, m: Any, part: Any) -> None:
        with pytest.raises(TypeError, match="a part of a text is"):
            m.MessageBodyInput.text("x", part)

    @pytest.mark.parametrize(
        ("version", "names"),
        [
            ("30.0", {"mention"}),
            ("31.0", {"mention", "inline_image", "bold"}),
            ("32.0", {"mention", "mention_username", "inline_image", "bold", "ordered_list"}),
            ("33.0", {"mention", "mention_username", "inline_image", "bold", "ordered_list", "hyperlink"}),
        ],
    )
    def test_a_version_has_the_parts_that_it_knows(
        self, versions: dict[str, Any], version: str, names: set[str]
    ) -> None:
        models = versions[version].models
        assert {name for name in dir(models) if name.islower() and not name.startswith("_")} == names
        assert ("alt_text" in inspect.signature(getattr(models, "inline_image", len)).parameters) is (version > "31.0")


class TestShape:
    def test_failures(self, use: Use, server: Server, m: Any) -> None:
        server.answer(answer({"success": False, "errors": ["no"], "failure": "a property"}))
        page = use(lambda client: client.archive.shelves.list())
        assert page.failure == {"success": False, "errors": ["no"]}
        assert page.failure_ == "a property"
        assert m.ShelfPage(success=True).failure is None

    def test_paths(self, use: Use, server: Server, m: Any) -> None:
        plants = path(m.PlantPage).plants
        options = RequestOptions(include=(plants.neighbours.name, plants.rings), filter_group="Small")
        use(lambda client: client.garden.plants.list(options=options))
        assert queries(server) == [
            {"include": ["/plants/shrub/neighbours/shrub/name|/plants/shrub/rings"], "filterGroup": ["Small"]}
        ]

    def test_xml(self, use: Use, server: Server, m: Any) -> None:
        plant = b'<plant type="Tree"><name>x</name><neighbours><shrub type="Bush"/></neighbours></plant>'
        server.answer(Answer(201, plant, {"Content-Type": "application/xml"}))
        body = m.PlantInput(kind="Tree", notes=[m.TextNoteInput(text="x")])
        made = use(lambda client: client.garden.plants.create(body, options=RequestOptions(format="xml")))
        assert isinstance(made, m.Tree)
        assert isinstance(made.neighbours[0], m.Bush)
        assert server.last.body == (
            b'<?xml version="1.0" encoding="UTF-8"?>'
            b'<plant xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><kind>Tree</kind>'
            b'<notes><note type="Text"><text>x</text></note></notes></plant>'
        )

    def test_json_only(self, use: Use, server: Server) -> None:
        with pytest.raises(ValueError, match=r"archive\.shelves\.get_labels supports JSON only"):
            use(lambda client: client.archive.shelves.get_labels("1", options=RequestOptions(format="xml")))
        assert server.received == []


class TestBatches:
    def test_a_batch_of_generated_operations(self, server: Server, versions: dict[str, Any]) -> None:
        def respond(received: Received) -> Answer:
            results = [{"statusCode": 200, "result": {"type": "Tree", "text": "x"}}] * 2
            return answer({"hasErrors": False, "results": [*results, {"statusCode": 204, "result": None}]})

        server.respond = respond
        models = versions["33.0"].models
        with versions["33.0"].Connect(server.url, token=TOKEN) as client:
            batch = client.batch()
            tree = batch.add(client.garden.plants.create, models.PlantInput(kind="Tree"))
            label = batch.add(client.garden.plants.get_label, "1")
            count = batch.add(client.site("internal").garden.plants.count)
            with pytest.raises(ValueError, match=r"garden\.plants\.move cannot be part of a batch"):
                batch.add(client.garden.plants.move, "1", 2, models.MoveInput(row=1))
            with pytest.raises(TypeError, match="iter does not make exactly one call"):
                batch.add(client.garden.plants.iter)
            batch.send()
        assert isinstance(tree.result, models.Tree)
        assert label.result == models.Label(text="x")
        assert count.result is None
        assert [call["url"] for call in json.loads(server.last.body)["batchRequests"]] == [
            "/services/data/v33.0/garden/plants",
            "/services/data/v33.0/garden/plants/1/label",
            "/services/data/v33.0/connect/communities/internal/garden/plants",
        ]

    def test_many_versions_in_one_process(self, server: Server, versions: dict[str, Any]) -> None:
        for version, package in versions.items():
            if version == "30.0":
                with pytest.warns(RetiredVersionWarning):
                    client = package.Connect(server.url, token=TOKEN)
            else:
                client = package.Connect(server.url, token=TOKEN)
            with client:
                client.garden.plants.list()
        assert [received.target for received in server.received] == [
            f"/services/data/v{version}/garden/plants" for version in SMALL_VERSIONS
        ]


class TestPartsThatTheCallerNames:
    def test_each_goes_under_its_name(self, use: Use, server: Server) -> None:
        server.answer(Answer(204, b""))
        boxes = {"oak": Upload(b"1", "oak.txt"), "elm": Upload(b"22", "elm.txt")}
        use(lambda client: client.archive.pictures.fill_boxes(boxes))
        body = server.last.body
        assert b'name="oak"; filename="oak.txt"' in body
        assert b'name="elm"; filename="elm.txt"' in body

    def test_the_limit_holds_for_each(self, use: Use, server: Server) -> None:
        with pytest.raises(ValueError, match="elm"):
            use(lambda client: client.archive.pictures.fill_boxes({"elm": Upload(b"x" * 1001, "elm.txt")}))
        assert server.received == []


def test_an_unknown_type_raises_with_similar_names(m: Any) -> None:
    with pytest.raises(AttributeError, match=r"models' has no type 'PlantPag'; did you mean PlantPage"):
        _ = m.PlantPag
    with pytest.raises(AttributeError, match=r"models' has no type 'Zzzzzzzz'$"):
        _ = m.Zzzzzzzz


def test_import_of_all_models_gives_every_name_that_there_is(m: Any) -> None:
    given: dict[str, Any] = {}
    exec("from sf_connect.v33.models import *", given)
    del given["__builtins__"]
    assert given.keys() == set(dir(m)) == set(m.__all__)
    assert given["Plant"] is m.Plant


def test_every_enumeration_has_its_values_and_is_a_text_in_types(m: Any) -> None:
    assert values_of(m.PlantSort) == ("Name", "Planted", "Height")
    assert msgspec.convert("Smell", m.PlantSort) == "Smell"
    assert m.Tree(type="Fern").type == "Fern"
