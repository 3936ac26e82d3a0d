"""Messages name arguments as Python does; the runtime spells them as the generator does."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest

from connectgen.naming import is_reserved_argument, snake_case
from core.server import Server
from sf_connect.core import UNSET, Input, Operation, RequestOptions, UnsetType, Upload, field
from sf_connect.core.wire.argument_names import argument_name
from support.command import ROOT

Send = Callable[..., Any]
FILES: Operation[None] = Operation(
    "f.files.upload", "POST", "/files/{folderItemId}", None, part_limits={"fileData": 3}, retry="unsafe"
)


class Counted(Input):
    item_count: int | UnsetType = field(default=UNSET, name="itemCount")


XML = RequestOptions(format="xml")
NO_ZONE = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
_KEY = re.compile(r"([A-Za-z][\w-]*):")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"parts": {"fileData": b"x"}}, "file_data (fileData) takes a file as Upload"),
        ({"parts": {"fileData": Upload(b"xxxx")}}, "has 4 bytes; file_data (fileData) takes at most 3"),
        (
            {"body": {"a": 1}, "form": {"desc": "x", "sharingOption": "Allowed"}},
            "pass a body or the arguments desc, sharing_option (sharingOption), not both",
        ),
        ({"query": {"updatedSince": NO_ZONE}}, "updated_since (updatedSince): datetime"),
        ({"form": {"pageSize": 10**18}}, "page_size (pageSize): 1000000000000000000 is too large"),
        ({"body": {"poll": [{"endsAt": NO_ZONE}]}}, "ends_at (endsAt): datetime"),
        ({"body": {"a": 1, "itemCount": 10**18}}, "item_count (itemCount): 1000000000000000000 is too large"),
        (
            {"body": Counted(item_count=10**18), "options": XML},
            "item_count (itemCount): 1000000000000000000 is too large",
        ),
        ({"path": ("",)}, "folder_item_id (folderItemId): '' cannot be part of a path"),
        ({"path": (None,)}, "folder_item_id (folderItemId): NoneType cannot be part of a path"),
        ({"path": (10**18,)}, "folder_item_id (folderItemId): 1000000000000000000 is too large"),
    ],
)
def test_what_is_refused_is_named_as_python_names_it(
    send: Send, server: Server, given: dict[str, Any], said: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=re.escape(said)):
        send(FILES, **{"path": ("1",), **given})
    assert server.received == []


def test_the_runtime_names_arguments_as_the_generator_does() -> None:
    files = (ROOT / "spec" / "resources").rglob("*.yaml")  # parameters and parts are keys there
    names = {name for file in files for name in _KEY.findall(file.read_text("utf-8"))}
    assert {"fileData", "sfdc-Payments-Idempotency-Key", "pageSize"} < names
    spelled = {name: snake_case(name) for name in names | {"from", "self", "2ndName", "relatedURLs"}}
    expected = {name: f"{one}_" if is_reserved_argument(one) else one for name, one in spelled.items()}
    assert {name: argument_name(name) for name in expected} == expected
