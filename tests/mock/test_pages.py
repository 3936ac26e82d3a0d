"""Lists of the newest version are walked through to their end: all whose pages a client counts or has tokens for,
and one in three of those that name the next address.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from connectgen.catalogue.model import Pagination
from connectgen.surface import SurfaceOperation
from mock.conftest import Mock
from mock.least import content_of, path_of, surface
from support.versions import NEWEST

_MOST = 50


def paged() -> list[SurfaceOperation]:
    operations = (one for group in surface(NEWEST).groups for one in group.operations)
    found = [one for one in operations if one.pagination is not None and one.method != "HEAD"]
    by_address = [one for one in found if one.pagination and one.pagination.style == "next-url"]
    return by_address[::3] + [
        one for one in found if one.pagination and one.pagination.style not in ("next-url", "none")
    ]


def at(value: Any, path: str | None) -> Any:
    for step in path.split(".") if path else ():
        value = value.get(step) if isinstance(value, dict) else None
    return value


def first_content(operation: SurfaceOperation, pagination: Pagination) -> dict[str, Any]:
    """What the first request brings: small pages, so that there are several."""
    names, content = {item.name: item for item in operation.parameters}, content_of(operation, NEWEST)
    if pagination.parameter in content["params"]:
        content["params"][pagination.parameter] = pagination.first_page
    if pagination.size in names:
        highest = names[pagination.size].maximum
        content["params"] = {**content["params"], pagination.size: min(7, int(highest or 7))}
    elif isinstance(content.get("json"), dict) and pagination.size:
        content["json"][pagination.size] = 7
    return content


def continued_at(operation: SurfaceOperation, pagination: Pagination) -> SurfaceOperation | None:
    """The operation that has the next pages, where the token is part of its path."""
    wanted = pagination.continued_by or f"{operation.family}.{operation.group}.{operation.name}"
    found = (one for group in surface(NEWEST).groups for one in group.operations)
    (other,) = [one for one in found if f"{one.family}.{one.group}.{one.name}" == wanted]
    return other if "{" + str(pagination.parameter) + "}" in other.path else None


def walk(mock: Mock, operation: SurfaceOperation) -> tuple[list[Any], list[Any]]:
    """All pages and all items, as a client goes through them."""
    pagination = operation.pagination
    assert pagination is not None
    names = {item.name: item for item in operation.parameters}
    address, content = path_of(operation), first_content(operation, pagination)
    pages: list[Any] = []
    items: list[Any] = []
    place: Any = None
    while len(pages) < _MOST:
        page: Any = mock.json(address, operation.method, **content)
        pages.append(page)
        found = at(page, pagination.items) or []
        items += found
        match pagination.style:
            case "next-url":
                address = at(page, pagination.next)
                content = {name: one for name, one in content.items() if name != "params"}
                if not address:
                    return pages, items
            case "next-token":
                place = at(page, pagination.next)
                if place is None:
                    return pages, items
                if following := continued_at(operation, pagination):
                    operation, content = following, {}
                    address = following.path.replace("{" + str(pagination.parameter) + "}", place)
                    continue
            case "page-number":
                place = (pagination.first_page if place is None else place) + 1
                if not found or (pagination.has_more and at(page, pagination.has_more) is False):
                    return pages, items
            case _:
                place = len(items)
                if not found:
                    return pages, items
        if place is not None:
            where = "params" if pagination.parameter in names else "json"
            content = {**content, where: {**content.get(where, {}), pagination.parameter: place}}
    raise AssertionError(f"{_MOST} pages and no end")


def test_lists_end(real: Mock) -> None:
    faults: list[str] = []
    styles: Counter[str] = Counter()
    for operation in paged():
        assert operation.pagination is not None
        name = f"{operation.family}.{operation.group}.{operation.name}"
        try:
            pages, items = walk(real, operation)
        except AssertionError as error:
            faults.append(f"{name}: {error}"[:300])
            continue
        styles[operation.pagination.style] += len(pages)
        total = at(pages[0], operation.pagination.total) if operation.pagination.total else len(items)
        ids = [item["id"] for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)]
        if len(items) != int(total) or not 5 <= len(items) <= 40:
            faults.append(f"{name}: {len(items)} items in {len(pages)} pages, {total} in all")
        if len(ids) == len(items) and len(set(ids)) < len(ids):
            faults.append(f"{name}: the same id twice")
    assert not faults, "\n".join(faults)
    assert set(styles) == {"next-url", "next-token", "page-number", "offset"}
    assert min(styles.values()) > 2


def test_an_offset_counts_items_also_where_pages_have_addresses(real: Mock) -> None:
    """Data 360 gives the address of the next page, and takes `offset` as the number of items to skip."""
    whole: Any = real.json("/ssot/data-streams?limit=100")
    place = next(name for name, value in whole.items() if isinstance(value, list) and len(value) > 4)
    page: Any = real.json("/ssot/data-streams?limit=3&offset=3")
    assert page[place] == whole[place][3:6]
    shifted: Any = real.json("/ssot/data-streams?limit=3&offset=2")
    assert shifted[place] == whole[place][2:5]
    assert page["nextPageUrl"] is None or "offset=6" in page["nextPageUrl"]
