"""XML: what is written and read, what is refused, and how a call asks for it."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ET
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from core.server import Answer, Server
from sf_connect.core import (
    UNSET,
    BadRequestError,
    Input,
    Model,
    Operation,
    RequestOptions,
    ResponseDecodeError,
    UnsetType,
    Upload,
    discriminated_union,
    field,
    input_union,
    untagged_union,
)
from sf_connect.core.wire.decoding import decode
from sf_connect.core.wire.xml_bodies import encode_xml

Send = Callable[..., Any]
XML = RequestOptions(format="xml")


class Segment(Model):
    __xml__: ClassVar[tuple[str, str]] = ("", "segment")

    type: str | None = None
    text: str | None = None


class Mention(Segment):
    user: User | None = None


class User(Model):
    __xml__: ClassVar[tuple[str, str]] = ("userSummary", "")

    id: str | None = None
    name: str | None = None


class Group(Model):
    id: str | None = None
    members: int | None = None


class Message(Model):
    segments: list[AnySegment] | None = None
    count: int | None = None
    ratio: float | None = None
    read: bool | None = None
    sent: datetime.datetime | None = None
    day: datetime.date | None = None
    text: str | None = None
    tags: list[str] | None = None
    names: dict[str, str] | None = None
    extra: object = None
    owner: Owner | None = None
    next_page_url: str | None = field(name="nextPageUrl", default=None)
    kind: str | None = None
    messages: list[Message] | None = None


class SegmentInput(Input):
    __xml__: ClassVar[tuple[str, str]] = ("", "segment")

    type: str | UnsetType = UNSET


class TextInput(SegmentInput, kw_only=True):
    text: str
    type: str = "Text"


class PollInput(Input):
    __xml__: ClassVar[tuple[str, str]] = ("poll", "")

    choices: list[str] | UnsetType | None = field(name="pollChoices", default=UNSET)
    user_ids: list[str] | UnsetType | None = field(name="userIds", default=UNSET)


class MessageInput(Input):
    segments: list[AnySegmentInput] | UnsetType | None = UNSET
    first: AnySegmentInput | UnsetType | None = UNSET
    subject: str | UnsetType | None = UNSET
    count: int | UnsetType | None = UNSET
    ratio: float | UnsetType | None = UNSET
    read: bool | UnsetType | None = UNSET
    when: datetime.datetime | UnsetType | None = UNSET
    day: datetime.date | UnsetType | None = UNSET
    polls: list[PollInput] | UnsetType | None = UNSET
    extra: object | UnsetType = UNSET


if TYPE_CHECKING:
    AnySegment = Mention | Segment
    AnySegmentInput = TextInput | SegmentInput
    Owner = User | Group
else:
    AnySegment = discriminated_union("type", {"Mention": "Mention"}, fallback="Segment", module=__name__)
    AnySegmentInput = input_union("type", {"Text": "TextInput"}, fallback="SegmentInput", module=__name__)
    Owner = untagged_union("User", "Group", module=__name__)

GET: Operation[Message] = Operation("m.get", "GET", "/chatter/messages/1", Message)
POST: Operation[Message] = Operation("m.post", "POST", "/chatter/messages", Message, retry="unsafe")
NAMED: Operation[Message] = Operation("m.named", "POST", "/chatter/messages", Message, json_part="comment")
JSON_ONLY: Operation[Message] = Operation("m.json", "GET", "/chatter/json", Message, xml=False)


def encode(value: object) -> str:
    body = encode_xml(value)
    head = b'<?xml version="1.0" encoding="UTF-8"?>'
    assert body.startswith(head)
    ET.fromstring(body)
    declared = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    return body.removeprefix(head).decode().replace(declared, "", 1)


def read(document: str, wanted: Any = Message) -> Any:
    return decode(document.encode(), wanted, "GET /x", xml=True)


class TestWriting:
    def test_lists_and_unions(self) -> None:
        message = MessageInput(segments=[TextInput(text="a<b>&"), TextInput(text='"c"')], first=TextInput(text="é"))
        assert encode(message) == (
            '<message><segments><segment type="Text"><text>a&lt;b&gt;&amp;</text></segment>'
            '<segment type="Text"><text>"c"</text></segment></segments>'
            '<first type="Text"><text>é</text></first></message>'
        )

    def test_scalars(self) -> None:
        when = datetime.datetime(2020, 1, 2, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
        message = MessageInput(count=2**40, ratio=0.5, read=True, when=when, day=datetime.date(2020, 1, 2))
        assert encode(message) == (
            "<message><count>1099511627776</count><ratio>0.5</ratio><read>true</read>"
            "<when>2020-01-02T11:00:00.000Z</when><day>2020-01-02</day></message>"
        )

    def test_lists_of_scalars_name_their_items_after_themselves(self) -> None:
        poll = PollInput(choices=["One", "Two"], user_ids=["005"])
        assert encode(poll) == (
            "<poll><pollChoices><choice>One</choice><choice>Two</choice></pollChoices><userIds><id>005</id></userIds></poll>"
        )
        assert encode(MessageInput(polls=[PollInput()])) == "<message><polls><poll></poll></polls></message>"

    def test_null_and_what_is_unset(self) -> None:
        assert encode(MessageInput(subject=None)) == '<message><subject xsi:nil="true"/></message>'
        assert encode(MessageInput()) == "<message></message>"

    def test_untyped_values(self) -> None:
        assert encode(MessageInput(extra={"a": [1, 2], "b": None})) == (
            '<message><extra><a><a>1</a><a>2</a></a><b xsi:nil="true"/></extra></message>'
        )

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (["a"], "only an object"),
            (MessageInput(subject="a\x00"), "a character that XML cannot represent"),
            (MessageInput(subject="\ud800"), "a character that XML cannot represent"),
            (MessageInput(extra={"a b": 1}), "cannot be the name of an element"),
            (MessageInput(extra={"a><b": 1}), "cannot be the name of an element"),
            (MessageInput(extra=object()), "cannot be sent as XML"),
            (MessageInput(count=10**18), "too large"),
            (MessageInput(ratio=float("nan")), "finite"),
            (MessageInput(when=datetime.datetime(2020, 1, 2)), "no time zone"),  # noqa: DTZ001
        ],
    )
    def test_what_cannot_be_written(self, value: object, words: str) -> None:
        with pytest.raises(ValueError, match=words):
            encode_xml(value)


class TestReading:
    def test_everything(self) -> None:
        message = read("""<?xml version="1.0" encoding="UTF-8"?>
            <anything xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
              <segments>
                <segment type="Mention"><text>@Ada</text><user><id>005</id><name>Ada &amp; co</name></user></segment>
                <segment><type>Mention</type><text>@Bob</text></segment>
                <segment type="Newer"><text>?</text><more><one>1</one></more></segment>
              </segments>
              <count> 3 </count><ratio>0.5</ratio><read>true</read><sent>2020-01-02T12:00:00.000Z</sent>
              <day>2020-01-02</day><text> as it is </text><tags><tag>a</tag><tag/></tags>
              <names><en>Ada</en></names><extra><item>1</item><item>2</item></extra>
              <owner><id>0F9</id><members>5</members></owner><nextPageUrl xsi:nil="true"/><kind>C</kind>
              <unknown><a/></unknown><messages><message><count>1</count></message></messages>
            </anything>""")
        first, second, third = message.segments
        assert isinstance(first, Mention)
        assert (first.type, first.text, first.user) == ("Mention", "@Ada", User(id="005", name="Ada & co"))
        assert isinstance(second, Mention)
        assert isinstance(third, Segment)
        assert third.raw_properties == {"type": "Newer", "text": "?", "more": {"one": "1"}}
        assert (message.count, message.ratio, message.read, message.text) == (3, 0.5, True, " as it is ")
        assert message.sent == datetime.datetime(2020, 1, 2, 12, tzinfo=datetime.UTC)
        assert (message.day, message.tags, message.names) == (datetime.date(2020, 1, 2), ["a", ""], {"en": "Ada"})
        assert (message.extra, message.owner, message.kind) == (["1", "2"], Group(id="0F9", members=5), "C")
        assert message.next_page_url is None
        assert message.messages == [Message(count=1)]

    def test_empty_elements(self) -> None:
        message = read("<m><segments/><count/><read></read><text/><owner/><extra/></m>")
        assert (message.segments, message.count, message.read, message.text) == ([], None, None, "")

    def test_odd_values_stay_as_they_came(self) -> None:
        message = read("<m><count>many</count><sent>yesterday</sent></m>")
        assert (message.count, message.sent) == ("many", "yesterday")

    def test_lists_maps_and_scalars_at_the_top(self) -> None:
        assert read("<users><u><id>1</id></u><u><id>2</id></u></users>", list[User]) == [User(id="1"), User(id="2")]
        assert read("<users><a><id>1</id></a></users>", dict[str, User]) == {"a": User(id="1")}
        assert read("<x>text</x>", str) == "text"

    def test_utf_16(self) -> None:
        document = '<?xml version="1.0" encoding="UTF-16"?><m><text>é</text></m>'.encode("utf-16")
        assert decode(document, Message, "GET /x", xml=True).text == "é"

    @pytest.mark.parametrize(
        ("document", "words"),
        [
            ("", "not XML"),
            ("text", "not XML"),
            ("<m><text></m>", "not XML"),
            ('{"a": 1}', "not XML"),
            ('<!DOCTYPE m [<!ENTITY a "b">]><m><text>&a;</text></m>', "DOCTYPE"),
            ('<!DOCTYPE m SYSTEM "file:///etc/passwd"><m/>', "DOCTYPE"),
            ("<m>" * 5000 + "</m>" * 5000, "nested"),
            ("<m>&undefined;</m>", "not XML"),
            ('<?xml version="1.0" encoding="nobody-knows"?><m/>', "not XML"),
            ('<?xml version="1.0" encoding="rot13"?><m/>', "not XML"),
            ('<?xml version="1.0" encoding="utf-32"?><m/>', "encoding"),
        ],
    )
    def test_documents_that_are_refused(self, document: str, words: str) -> None:
        with pytest.raises(ResponseDecodeError, match=words):
            read(document)


class TestCalls:
    def test_a_call_sends_and_gets_xml(self, send: Send, server: Server) -> None:
        server.answer(
            Answer(201, b"<message><count>1</count></message>", {"Content-Type": "application/xml;charset=UTF-8"})
        )
        assert send(POST, body=MessageInput(subject="s"), options=XML) == Message(count=1)
        assert server.last.headers["Accept"] == "application/xml"
        assert server.last.headers["Content-Type"] == "application/xml; charset=UTF-8"
        assert ET.fromstring(server.last.body).findtext("subject") == "s"

    def test_a_client_may_do_so_always(self, send: Send, server: Server) -> None:
        xml = Answer(200, b"<message><count>1</count></message>", {"Content-Type": "text/xml"})
        server.answer(xml, Answer(200, b'{"count": 2}', {"Content-Type": "application/json"}))
        assert send(GET, client={"options": XML}).count == 1
        assert send(GET, client={"options": XML}).count == 2  # whatever the server gives, by what it says it is
        assert server.last.headers["Accept"] == "application/xml"
        send(GET, client={"options": XML}, options=RequestOptions(format="json"))
        assert server.last.headers["Accept"] == "application/json"

    def test_errors_in_xml(self, send: Send, server: Server) -> None:
        error = b"<Errors><Error><errorCode>BAD</errorCode><message>no</message></Error></Errors>"
        server.answer(Answer(400, error, {"Content-Type": "application/xml"}))
        with pytest.raises(BadRequestError, match="no") as raised:
            send(GET, options=XML)
        assert raised.value.error_code == "BAD"

    def test_a_page_instead_of_a_response(self, send: Send, server: Server) -> None:
        server.answer(Answer(200, b"<!DOCTYPE html><html></html>", {"Content-Type": "application/xhtml+xml"}))
        with pytest.raises(ResponseDecodeError, match="DOCTYPE"):
            send(GET, options=XML)

    @pytest.mark.parametrize(("operation", "name"), [(POST, "xml"), (NAMED, "comment")])
    def test_a_body_beside_a_file(self, send: Send, server: Server, operation: Operation[Any], name: str) -> None:
        send(operation, body=MessageInput(subject="s"), parts={"file": Upload(b"1")}, options=XML)
        head = f"Content-Type: {server.last.headers['Content-Type']}\r\n\r\n".encode()
        first = next(iter(BytesParser(policy=HTTP).parsebytes(head + server.last.body).iter_parts()))
        assert first.get_param("name", header="content-disposition") == name
        assert first.get_content_type() == "application/xml"

    def test_operations_without_xml_refuse(self, send: Send, server: Server) -> None:
        with pytest.raises(ValueError, match="JSON only"):
            send(JSON_ONLY, options=XML)
        assert server.received == []

    def test_filter_groups_are_for_json(self, send: Send, server: Server) -> None:
        with pytest.raises(ValueError, match="filter groups"):
            send(GET, options=RequestOptions(format="xml", filter_group="Small"))
        send(GET, options=RequestOptions(format="xml", filter_group="Big"))
        assert "filterGroup" not in server.last.target

    def test_forms_stay_forms(self, send: Send, server: Server) -> None:
        send(POST, form={"text": "a b"}, options=XML)
        assert server.last.body == b"text=a+b"
        assert server.last.headers["Content-Type"] == "application/x-www-form-urlencoded"
