"""Models and rows of Data 360 as DataFrames and Arrow tables, with the types of annotations and of metadata."""

from __future__ import annotations

import asyncio
import datetime
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.conftest import AsyncConnect, Connect, dispatcher
from core.server import Answer, Server
from core.test_conversion import holder
from core.test_models import Holder, Large, Small
from sf_connect.core import (
    AsyncPager,
    Model,
    Operation,
    Pager,
    Pagination,
    field,
    to_arrow,
    to_arrow_async,
    to_dataframe,
    to_dataframe_async,
)

COLUMNS = [
    {"name": "city", "type": "Varchar"},
    {"name": "stock", "type": "Integer"},
    {"name": "price", "type": "Numeric", "precision": 10, "scale": 2},
    {"name": "opened", "type": "Date"},
    {"name": "seen", "type": "TimestampTZ"},
    {"name": "planned", "type": "Timestamp"},
    {"name": "opens", "type": "Time"},
    {"name": "open", "type": "Bool"},
    {"name": "rate", "type": "Double"},
    {"name": "total", "type": "BigInt"},
    {"name": "tags", "type": "ArrayOfX"},
]
FIRST = ["Ulm", 1, "12.50", "2026-01-02", "2026-01-02 10:00:00.123+02", "2026-01-02T10:00:00", "08:30:00", "true"]
ROWS: list[list[object]] = [[*FIRST, 1.5, 2**40, ["a"]], [None] * 11]
NOON = datetime.datetime(2026, 1, 2, 8, 0, 0, 123_000, tzinfo=datetime.UTC)


class Row(Model):
    row: list[object] | None = None


class Item(Model):
    name: str | None = None
    type: str | None = None
    precision: int | None = None
    scale: int | None = None


class Result(Model):
    data: list[Row] | None = None
    metadata: list[Item] | None = None
    returned: int | None = field(default=None, name="returnedRows")


class Place(Model):
    place: int | None = field(default=None, name="placeInOrder")
    type: str | None = None


class ResultByName(Model):
    data: list[dict[str, object]] | None = None
    metadata: dict[str, Place] | None = None


def result() -> Result:
    return Result.from_dict({"data": [{"row": row} for row in ROWS], "metadata": COLUMNS})


def test_a_query_gives_a_dataframe_with_the_types_of_its_metadata() -> None:
    frame = to_dataframe(result())
    assert [str(one) for one in frame.dtypes] == [
        "string", "Int32", "object", "datetime64[s]", "datetime64[us, UTC]", "datetime64[us]", "object", "boolean",
        "float64", "Int64", "object",
    ]  # fmt: skip
    first = frame.iloc[0].to_dict()
    assert first["seen"] == NOON
    assert (first["city"], first["stock"], first["price"], first["open"]) == ("Ulm", 1, Decimal("12.50"), True)
    assert first["opens"] == datetime.time(8, 30)
    assert frame.iloc[1].isna().all()


def test_a_query_gives_a_table_with_the_types_of_its_metadata() -> None:
    table = to_arrow(result())
    assert [str(one) for one in table.schema.types] == [
        "string", "int32", "decimal128(10, 2)", "date32[day]", "timestamp[us, tz=UTC]", "timestamp[us]", "time64[us]",
        "bool", "double", "int64", "list<item: string>",
    ]  # fmt: skip
    assert table.column_names == [one["name"] for one in COLUMNS]
    assert table.to_pylist()[0]["price"] == Decimal("12.50")
    assert table.to_pylist()[1] == dict.fromkeys(table.column_names)


@pytest.mark.parametrize("rows", [ROWS, [{"row": row} for row in ROWS], [Row(row=row) for row in ROWS]])
def test_rows_alone_take_metadata_as_an_argument(rows: list[Any]) -> None:
    assert to_dataframe(rows, metadata=result().metadata).equals(to_dataframe(result()))
    assert to_arrow(rows, metadata=COLUMNS).equals(to_arrow(result()))


def test_metadata_by_name_orders_the_columns() -> None:
    types = {"b__c": {"placeInOrder": 1, "type": "DECIMAL(10,2)"}, "a__c": {"placeInOrder": 0, "type": "VARCHAR"}}
    made = ResultByName.from_dict({"data": [{"b__c": 1.5, "a__c": "x"}], "metadata": types})
    assert to_arrow(made).to_pylist() == [{"a__c": "x", "b__c": Decimal("1.5")}]
    assert list(to_dataframe(made).columns) == ["a__c", "b__c"]
    times = {"t": {"type": "TIMESTAMP WITH TIME ZONE"}}
    (seen,) = to_dataframe([["2026-01-02 08:00:00.123 UTC"]], metadata=times)["t"]
    assert seen == NOON


@pytest.mark.parametrize(
    ("kind", "value"),
    [("Integer", "many"), ("Integer", 1.5), ("Date", "soon"), ("Bool", "yes"), ("Numeric", "x"), ("Varchar", 5)],
)
def test_a_value_that_does_not_fit_its_type_costs_the_column_its_type_only(kind: str, value: object) -> None:
    frame = to_dataframe([[value], [None]], metadata=[{"name": "a", "type": kind}])
    assert frame["a"].dtype == object
    assert frame["a"][0] == value
    assert to_arrow([[value]], metadata=[{"name": "a", "type": kind}]).to_pylist() == [{"a": value}]


def test_integers_that_are_larger_than_their_type_get_a_wider_one() -> None:
    metadata = [{"name": "a", "type": "SmallInt"}]
    assert str(to_dataframe([[2**15 - 1]], metadata=metadata)["a"].dtype) == "Int16"
    assert str(to_dataframe([[2**15]], metadata=metadata)["a"].dtype) == "Int64"
    assert to_arrow([[2**70]], metadata=metadata).num_rows == 1


def test_models_give_columns_by_their_annotations() -> None:
    items = [holder(), Holder(number=7), Holder(segment=None)]
    frame = to_dataframe(items)
    assert len(frame) == 3
    assert str(frame["when"].dtype) == "datetime64[us, UTC]"
    assert str(frame["segment.user_id"].dtype) == "string"
    assert frame["segment.user_id"][0] == "005"
    assert frame["number"].tolist() == ["five", 7, None]
    assert list(frame.columns)[:2] == ["segment.text", "segment.user_id"]
    assert frame["segments"][0][2]["user_id"] == "005"
    table = to_arrow(items)
    assert str(table.schema.field("when").type) == "timestamp[us, tz=UTC]"
    assert table.to_pylist()[0]["segment"]["user_id"] == "005"
    assert table.to_pylist()[0]["number"] == '"five"'  # what Arrow cannot hold together is JSON


def test_classes_may_be_mixed_and_dicts_taken() -> None:
    frame = to_dataframe([Small(id="1"), Large(id="2", title="t"), {"id": "3", "more": 1}])
    assert frame["id"].tolist() == ["1", "2", "3"]
    assert frame["title"].isna().tolist() == [True, False, True]
    assert to_arrow([{"a": 1}, {"b": "x"}]).to_pylist() == [{"a": 1, "b": None}, {"a": None, "b": "x"}]
    assert to_dataframe([]).shape == (0, 0)
    assert to_dataframe([Small(), Small()]).shape == (2, 0)
    assert list(to_dataframe(Result(metadata=[Item(name="a", type="Bool")])).columns) == ["a"]


@pytest.mark.parametrize("make", [to_dataframe, to_arrow])
def test_what_has_no_rows_is_refused(make: Callable[[Any], object]) -> None:
    for wrong, message in [
        ("text", "a table is made of a list or iterator of models, not of str"),
        (5, "not of int"),
        ({"a": 1}, "not of dict"),
        (Small(id="1"), "a Small has no rows: pass a list of models, or a query's response"),
        ([1], "a row is a int: a table is made of models or dicts"),
        ([[1]], "pass (metadata=result.metadata)"),
    ]:
        with pytest.raises(TypeError) as caught:
            make(wrong)
        assert message in str(caught.value)


PAGED: Operation[Result] = Operation(
    "f.query.list_rows",
    "GET",
    "/query/rows",
    Result,
    pagination=Pagination(style="offset", parameter="offset", items="data", total="returnedRows"),
)


def serve_rows(server: Server) -> None:
    page = {"metadata": COLUMNS, "returnedRows": 2}
    server.answer(*(Answer(body=json.dumps({**page, "data": [{"row": row}]}).encode()) for row in ROWS))


def test_a_pager_is_read_to_its_end_and_its_pages_know_the_types(server: Server) -> None:
    with Connect(server.url, token="t") as client:
        for make in (to_dataframe, to_arrow):
            serve_rows(server)
            made: Any = make(Pager(dispatcher(client), PAGED, ((), None, None, None, None), None))
            assert made.equals(make(result()))


def test_an_asynchronous_pager_is_awaited(server: Server) -> None:
    async def both() -> None:
        async with AsyncConnect(server.url, token="t") as client:
            for make, plain in ((to_dataframe_async, to_dataframe), (to_arrow_async, to_arrow)):
                serve_rows(server)
                pager = AsyncPager(dispatcher(client), PAGED, ((), None, None, None, None), None)
                with pytest.raises(TypeError, match=r"await to_dataframe_async\("):
                    to_dataframe(pager)  # type: ignore[arg-type]
                made: Any = await make(pager)
                assert made.equals(plain(result()))
            with pytest.raises(TypeError, match="call the one without _async"):
                await to_arrow_async([])  # type: ignore[arg-type]

    asyncio.run(both())


@pytest.mark.parametrize(("name", "library"), [("to_dataframe", "pandas"), ("to_arrow", "pyarrow")])
def test_a_missing_extra_is_named(name: str, library: str) -> None:
    extra = {"pandas": "pandas", "pyarrow": "arrow"}[library]
    script = (
        f"import sys; sys.modules[{library!r}] = None\n"
        f"from sf_connect.core import {name}\n"
        f"try: {name}([])\nexcept ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == f'{name} needs {library}: pip install "sf-connect-core[{extra}]"'
