"""Lists of models and rows of Data 360 queries as a DataFrame of pandas, or a table of Apache Arrow."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from sf_connect.core.features.columns import Column, ColumnType, columns_of
from sf_connect.core.features.pagination import AsyncPager, Pager
from sf_connect.core.wire.models import Model

if TYPE_CHECKING:
    import pandas
    import pyarrow

_IN_PANDAS: Mapping[ColumnType, str] = {
    "text": "string",
    "int16": "Int16",
    "int32": "Int32",
    "int64": "Int64",
    "float": "float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "local": "datetime64[us]",
    "instant": "datetime64[us, UTC]",
}
_MOST_DIGITS = 38


def to_dataframe(source: Iterable[object] | Model, *, metadata: object = None) -> pandas.DataFrame:
    """A DataFrame of models or of a query's rows: `to_dataframe(client.commerce.order_summaries.iter(store_id))`.

    Columns are named as properties are in Python; those of nested objects are `body.text`. Their types are those of
    the properties, or of the query's metadata: nullable integers and booleans, strings, times in GMT, decimals as
    `Decimal`. What no item has is no column. A value that does not fit its type makes the column one of objects.

    Args:
        source: a list or iterator of models or dicts, such as a Pager, which is read to its end; or the response
            to a Data 360 query, or its rows.
        metadata: the metadata of a Data 360 query, for rows without: `result.metadata`.

    Raises:
        ImportError: pandas is missing: `pip install "sf-connect-core[pandas]"`.
        TypeError: it is nothing that has rows.
        SFConnectError: a page could not be fetched.
    """
    return _dataframe(*_rows(source, metadata))


def to_arrow(source: Iterable[object] | Model, *, metadata: object = None) -> pyarrow.Table:
    """A table of Apache Arrow, of models or of a query's rows.

    As `to_dataframe`, but nested objects become structs, decimals have the precision and scale of the query's
    metadata, and a column of values that Arrow cannot hold together becomes one of JSON as text.

    Args:
        source: a list or iterator of models or dicts, such as a Pager, which is read to its end; or the response
            to a Data 360 query, or its rows.
        metadata: the metadata of a Data 360 query, for rows without: `result.metadata`.

    Raises:
        ImportError: pyarrow is missing: `pip install "sf-connect-core[arrow]"`.
        TypeError: it is nothing that has rows.
        SFConnectError: a page could not be fetched.
    """
    return _table(*_rows(source, metadata))


async def to_dataframe_async(source: AsyncIterable[object], *, metadata: object = None) -> pandas.DataFrame:
    """As `to_dataframe`, of the items of an AsyncPager or another asynchronous iterator.

    Args:
        source: the iterator, which is read to its end.
        metadata: the metadata of a Data 360 query, for rows without.
    """
    return _dataframe(*await _rows_async(source, metadata))


async def to_arrow_async(source: AsyncIterable[object], *, metadata: object = None) -> pyarrow.Table:
    """As `to_arrow`, of the items of an AsyncPager or another asynchronous iterator.

    Args:
        source: the iterator, which is read to its end.
        metadata: the metadata of a Data 360 query, for rows without.
    """
    return _table(*await _rows_async(source, metadata))


def _rows(source: object, metadata: object) -> tuple[list[object], object]:
    """The rows, and the metadata that came with them."""
    if isinstance(source, Model):
        rows = getattr(source, "data", None)
        if not isinstance(rows, list | None) or not hasattr(source, "data"):
            raise TypeError(f"a {type(source).__name__} has no rows: pass a list of models, or a query's response")
        return list(cast("list[object]", rows or [])), metadata or getattr(source, "metadata", None)
    if isinstance(source, AsyncIterable):
        raise TypeError("this is an asynchronous iterator: await to_dataframe_async(…) or to_arrow_async(…)")
    name = type(source).__name__
    if not isinstance(source, Iterable) or isinstance(source, str | bytes | Mapping):
        raise TypeError(f"a table is made of a list or iterator of models, not of {name}")
    rows = list(cast("Iterable[object]", source))
    page: object = getattr(cast("object", source), "page", None) if isinstance(source, Pager) else None
    return rows, metadata or getattr(page, "metadata", None)


async def _rows_async(source: AsyncIterable[object], metadata: object) -> tuple[list[object], object]:
    given = cast("object", source)  # callers may be untyped
    if not isinstance(given, AsyncIterable):
        raise TypeError(f"this is no asynchronous iterator but {type(given).__name__}: call the one without _async")
    rows = [row async for row in source]
    page: object = getattr(cast("object", source), "page", None) if isinstance(source, AsyncPager) else None
    return rows, metadata or getattr(page, "metadata", None)


def _dataframe(rows: list[object], metadata: object) -> pandas.DataFrame:
    try:
        import pandas  # late: an extra, and slow to import
    except ImportError as error:
        raise ImportError('to_dataframe needs pandas: pip install "sf-connect-core[pandas]"') from error

    made: dict[str, Any] = {}
    for column in columns_of(rows, metadata, is_flat=True):
        made[column.name] = pandas.Series(column.values, dtype=cast("Any", _IN_PANDAS.get(column.type, "object")))
    return pandas.DataFrame(made, index=pandas.RangeIndex(len(rows)))


def _table(rows: list[object], metadata: object) -> pyarrow.Table:
    try:
        import pyarrow  # late: an extra, and slow to import
    except ImportError as error:
        raise ImportError('to_arrow needs pyarrow: pip install "sf-connect-core[arrow]"') from error

    arrow: Any = pyarrow
    made = {column.name: _array(arrow, column) for column in columns_of(rows, metadata, is_flat=False)}
    return cast("pyarrow.Table", arrow.table(made))


def _array(arrow: Any, column: Column) -> Any:
    wanted: Mapping[str, Any] = {
        "text": arrow.string(),
        "int16": arrow.int16(),
        "int32": arrow.int32(),
        "int64": arrow.int64(),
        "float": arrow.float64(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
        "clock": arrow.time64("us"),
        "local": arrow.timestamp("us"),
        "instant": arrow.timestamp("us", tz="UTC"),
    }
    precision = column.precision if column.precision and column.precision <= _MOST_DIGITS else None
    typed = arrow.decimal128(precision, column.scale or 0) if column.type == "decimal" and precision else None
    try:
        return arrow.array(column.values, type=wanted.get(column.type, typed))
    except (arrow.ArrowInvalid, arrow.ArrowTypeError, arrow.ArrowNotImplementedError, OverflowError):
        import msgspec.json  # late: few columns need it

        texts = [None if value is None else msgspec.json.encode(value).decode() for value in column.values]
        return arrow.array(texts, type=arrow.string())
