"""One response in the making: made by the operation's type, echoing what was said, paged, changed by what is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from connectgen.catalogue.model import Pagination
from connectgen.catalogue.types import ListOf, Named, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.identifiers import full, is_id, prefix_for
from connectgen.mock.progress import ENDED, Phase
from connectgen.mock.relations import Relation, read_relations
from connectgen.mock.request import NO_CONTENT, Request
from connectgen.mock.responding.agreement import Agreement
from connectgen.mock.responding.echo import Echo
from connectgen.mock.responding.endings import show
from connectgen.mock.responding.kept import KeptItems, Members
from connectgen.mock.responding.pages import Pages, Window
from connectgen.mock.responding.records import Record, options_of
from connectgen.mock.responding.selection import EVERYTHING, Selection, read_selection
from connectgen.mock.responding.sources import Sources
from connectgen.mock.responding.written import ItemWriter
from connectgen.mock.routing import Match
from connectgen.mock.state import Entry, Known, concrete_path, is_of

_INSIDE = (3, 1)
"""How many items a list shows inside the response for another resource, and one level deeper; none below that."""
FILTERS = ("filterGroup", "include", "exclude", "_HttpMethod")
_WRITES = ("POST", "PATCH", "PUT")


class ResponseBuilder:
    """One response in the making.

    Args:
        sources: what it is made from.
        request: the request.
        match: its operation.
        sent: the properties and fields that it brought.
        phase: how far that is which the operation shows.
        writer: writes the items of a page; None where their values are needed.
        is_future_server: whether unknown properties, values and variants are mixed in.
        depth: how many other responses it is inside of.
    """

    def __init__(
        self,
        sources: Sources,
        request: Request,
        match: Match,
        sent: Mapping[str, object],
        phase: Phase,
        writer: ItemWriter | None,
        *,
        is_future_server: bool,
        depth: int = 0,
    ) -> None:
        self._phase = phase
        self._writer = writer
        self._depth = depth
        self._sources = sources
        self._request = request
        self._match = match
        self._sent = sent
        self._operation = match.operation
        self._maker = sources.maker(request, is_future_server=is_future_server)
        self._shapes = self._maker.shapes
        self._echo = Echo(self._shapes, self._maker)
        self._key = self._request_key()
        self._members: Members | None = None
        self._relation = None
        if sources.state is not None:
            relations = read_relations()
            self._relation = relations.of_list(self._operation.path)
            part = relations.part_at(self._operation.path)
            self._maker.known = Agreement(relations, sources.state, self)
            self._maker.part = (full(next(iter(self._match.values.values()))), *part) if part else ()
        self._kept = KeptItems(self._maker, self._echo, self._relation)

    def value(self, selection: Selection) -> Any:
        """The response, as far as it is shown."""
        expression = self._operation.returns
        if expression is None:
            return None
        pages = self._pages()
        if pages is not None:
            self._switch(pages)
            window = self._window(pages)
            if isinstance(expression, ListOf):
                return self._items(pages, window, selection)
            self._maker.replacements = pages.replacements(
                window, lambda selection, _: self._items(pages, window, selection)
            )
        if isinstance(expression, OneOf):
            expression = self._option(expression)
        if not isinstance(expression, Named):
            return self._maker.make(expression, self._key, selection)
        self._put_kept_inside(expression)
        return self._record(expression.name, selection)

    def _put_kept_inside(self, expression: Named) -> None:
        """Let a response that lists the one record of its URL list the kept one."""
        entry = self._sources.state.entry(self._match) if self._sources.state else None
        if entry is None or entry.known is None or is_of(self._shapes, entry.type_name, expression):
            return
        kept, place = entry, self._place_of(entry, expression)
        if place and kept.type_name:
            name = kept.type_name
            self._maker.replacements = {(place,): lambda selection, _: [self._kept.item(kept, name, selection)]}

    def _option(self, expression: OneOf) -> TypeExpression:
        """One of several types; where what is created is kept, the single record rather than a list of them."""
        if self._sources.state is not None:
            return expression.options[0]
        return self._sources.chance.pick(expression.options, self._key, "option")

    def _record(self, name: str, selection: Selection) -> Record:
        state, match, writes = self._sources.state, self._match, self._operation.method in _WRITES
        if writes and self._relation is not None and self._relation.made_of:
            return self._several(self._relation, self._relation.made_of, name, selection)
        entry = state.entry(match) if state else None
        if entry is not None and is_of(self._shapes, entry.type_name, Named(name)):
            name = entry.type_name or name
        elif writes:
            name = self._named_by_request(name)
        known = self._known(name)
        if state is not None and writes and known is None and not self._changes:
            entry = state.create(match, self._request.version, name, self._sent, self._idempotency_key())
            known = entry.known if entry else None
        elif state is not None and writes:
            state.change(match, self._sent)
            entry = state.entry(match)
        if entry is not None and self._kept.is_wrapped(entry, name):
            return self._kept.wrapped(entry, name, selection, depth=0)
        record = self._maker.record(name, self._key, selection, known=known)
        self._echo.apply(record, entry.sent if entry else {}, self._key)
        if writes and entry is None:
            self._echo.apply(record, self._sent, self._key)
        show(record, self._operation.waits, self._phase)
        return record

    def _named_by_request(self, name: str) -> str:
        """The class of a family that the request names; where it names none, the first for a record to be kept as."""
        family = self._shapes.types[name].discriminator
        if family is None:
            return name
        if str(self._sent.get(family.property)) in family.values:
            return self._shapes.member(name, self._sent)
        return name if self._sources.state is None else next(iter(family.values.values()), name)

    def _known(self, name: str) -> Known | None:
        """What identifies the record that the URL ends with."""
        values = list(self._match.values.items())
        if not values or not self._operation.path.endswith("}") or self._creates(name):
            return None
        parameter, value = values[-1]
        if self._operation.pagination is not None and parameter == self._operation.pagination.parameter:
            return None  # it says which page
        id_property = self._shapes.identifier(name, parameter)
        if id_property is None:
            return None
        if value == "me" and prefix_for(parameter) == "005":
            return id_property, self._sources.me
        fact = self._shapes.properties(name).get(id_property)
        if fact is not None and fact.type == Scalar(ScalarType.ID) and not is_id(value):
            return None  # `active` stands for the cart that is active, and is not the id of any
        is_name = parameter.lower().endswith(id_property.lower()) or (
            "Name" in parameter and "id" not in id_property.lower()
        )
        return (id_property, full(value)) if is_id(value) or is_name else None

    def _creates(self, name: str) -> bool:
        """Whether the request makes a new record: nothing reads one of that type at its own URL."""
        if self._operation.method != "POST":
            return False
        read = self._sources.read_at(self._request.version, self._operation.path)
        return not is_of(self._shapes, name, read)

    @property
    def _changes(self) -> bool:
        """Whether the request changes what a GET of its URL shows, such as a vote, and that is kept."""
        operation = self._operation
        if self._sources.state is None or operation.method not in ("PATCH", "PUT") or operation.returns is None:
            return False
        return self._sources.read_at(self._request.version, operation.path) == operation.returns

    def _request_key(self) -> str:
        """What distinguishes this request from others: the resource, what chooses in the query, and what was sent."""
        if self._changes:
            return self._sources.chance.key("", concrete_path(self._match), "[]", "")
        query = sorted(pair for pair in self._request.query if pair[0] not in FILTERS)
        sent = repr(self._sent) if self._sent else ""
        method = "" if self._operation.method == "GET" else self._operation.method
        return self._sources.chance.key(method, concrete_path(self._match), repr(query), sent)

    def _idempotency_key(self) -> str:
        where = self._operation.idempotency
        if where is None:
            return ""
        if where.place == "header":
            return self._request.headers.get(where.name.lower(), "")
        return str(self._sent.get(where.name) or "")

    def _pages(self) -> Pages | None:
        pagination = self._operation.pagination or self._list_of_kept()
        if pagination is None or self._operation.returns is None:
            return None
        pages = Pages(self._operation, pagination, self._shapes, self._request, self._sent, self._match.values)
        return pages if pages.item is not None else None

    def _list_of_kept(self) -> Pagination | None:
        """The list that shows what was created at this URL, where the catalogue says nothing of pages."""
        created, expression = self._created(), self._operation.returns
        if not created or not isinstance(expression, Named) or is_of(self._shapes, created[0].type_name, expression):
            return None  # a record may list others of its own class, as a topic its children: that is no list of all
        place = self._place_of(created[0], expression)
        return Pagination(style="none", items=place) if place else None

    def _place_of(self, entry: Entry, expression: Named) -> str | None:
        """The property of a response that lists records of a kept one's class."""
        for fact in self._shapes.properties(expression.name).values():
            if isinstance(fact.type, ListOf) and any(
                is_of(self._shapes, entry.type_name, one) for one in options_of(fact.type.item)
            ):
                return fact.name
        return None

    def _list_key(self, pages: Pages) -> str:
        relation = self._relation
        arranging = [*relation.arranged_by, relation.switch or ""] if relation else []
        return pages.list_key(self._sources.chance, [concrete_path(self._match)], arranging)

    def _created(self) -> list[Entry]:
        return self._sources.state.created_at(self._match) if self._sources.state else []

    def _window(self, pages: Pages) -> Window:
        return pages.window(len(self._members_of(pages)))

    def _members_of(self, pages: Pages) -> Members:
        """The items of the whole list: what was created here first, then what is made up and was not deleted."""
        if self._members is None:
            key = self._list_key(pages)
            made_up: Sequence[int] = range(self._sources.total(key))
            state, item = self._sources.state, pages.item
            if state is not None and item is not None and state.has_deleted:
                made_up = [index for index in made_up if not state.has_gone(self._identifier_of(item, key, index))]
            self._members = Members(self._created(), made_up)
        return self._members

    def _identifier_of(self, item: TypeExpression, key: str, index: int) -> str:
        head, make = self._maker.item(item, key, EVERYTHING, index)
        if self._relation is not None and self._relation.wraps:
            record = make()
            self._kept.settle(record)
            return self._kept.held(record)
        return head.identifier if head else ""

    def _switch(self, pages: Pages) -> None:
        """Let a request that adds the context user's item to a list, or removes it, do so before the list is shown."""
        if self._sources.state is not None and isinstance(pages.item, Named):
            self._sources.state.switch(self._match, self._request.version, pages.item.name, self._sent)

    def identifiers(self, path: str, owner: str, of: str | None) -> tuple[str, ...] | None:
        """The ids of a list's items, or of what they refer to by a property; None where there is no such list."""
        other = self._of_list(path, owner, None)
        if other is None or (pages := other._pages()) is None or pages.item is None:
            return None
        members, item = other._members_of(pages), pages.item
        created = (entry.links.get(of, "") if of else "" for entry in members.created)
        if of is None:
            return *created, *("" for _ in members.made_up)
        key, selection = other._list_key(pages), read_selection(None, f"/{of}/id", None)

        def find(index: int) -> str:
            shown = other._maker.make(item, key, selection, index=index)
            referred = shown.get(of) if isinstance(shown, Record) else None
            return referred.identifier if isinstance(referred, Record) else ""

        def reference(index: int) -> str:
            return self._sources.reference((self._request.version, key, of, index), partial(find, index))

        return *created, *map(reference, members.made_up)

    def page(self, path: str, owner: str, selection: Selection, depth: int) -> Any:
        """The first page of a record's list, short as it is so deep inside a response; None inside two others."""
        other = self._of_list(path, owner, _INSIDE[self._depth]) if self._depth < len(_INSIDE) else None
        if other is None:
            return None
        other._maker.depth = depth - 1  # as deep as the items of a list inside a record
        return other.value(selection)

    def _of_list(self, path: str, owner: str, size: int | None) -> ResponseBuilder | None:
        """The response that lists what a record has."""
        operation = self._sources.reading(self._request.version, path)
        if operation is None or operation.pagination is None:
            return None
        match = Match(operation, {operation.path_parameters[0].name: owner})
        query = ((operation.pagination.size, str(size)),) if operation.pagination.size and size else ()
        target = f"/services/data/v{self._request.version}.0{concrete_path(match)}"
        request = replace(
            self._request,
            method="GET",
            target=f"{target}?{urlencode(query)}" if query else target,
            query=query,
            content=NO_CONTENT,
        )
        return ResponseBuilder(
            self._sources, request, match, {}, ENDED, None, is_future_server=False, depth=self._depth + 1
        )

    def _items(self, pages: Pages, window: Window, selection: Selection) -> list[Any]:
        """The items of a page: what was created here first, then what is made up."""
        expression = pages.item
        if expression is None:
            return []
        members, key = self._members_of(pages), self._list_key(pages)
        inner = selection.of_item(self._shapes.element(expression))
        items: list[Any] = []
        for place in window.indexes:
            member = members.at(place)
            if isinstance(member, Entry):
                if name := self._kept.class_of(member, expression):
                    items.append(self._kept.item(member, name, inner))
                continue
            item = self._made_up(expression, key, inner, member)
            self._kept.settle(item)
            if self._is_there(item, key):
                items.append(item)
        return items

    def _made_up(self, expression: TypeExpression, key: str, selection: Selection, index: int) -> Any:
        if self._writer is None:
            return self._maker.make(expression, key, selection, index=index)
        return self._writer.item(self._maker, expression, key, selection, index)

    def _is_there(self, item: Any, key: str) -> bool:
        """Whether a made-up item was not deleted; what was changed about it shows."""
        state = self._sources.state
        if state is None or not isinstance(item, Record):
            return True
        if state.has_gone(item.identifier):
            return False
        entry = state.of_id(item.identifier)
        self._echo.apply(item, entry.sent if entry else {}, key)
        return True

    def _several(self, relation: Relation, made_of: str, name: str, selection: Selection) -> Record:
        """The response to a request that makes several items of a list."""
        record = self._maker.record(name, self._key, selection)
        fact = self._shapes.properties(name).get(relation.response["items"])
        state, sent = self._sources.state, self._sent.get(made_of)
        if state is not None and fact is not None and isinstance(fact.type, ListOf):
            several = cast("list[object]", sent) if isinstance(sent, list) else []
            kind = fact.type.item.name if isinstance(fact.type.item, Named) else ""
            made = state.create_each(self._match, self._request.version, kind, several)
            self._kept.in_response(record, made, kind)
        return record
