"""How what scripts look things up in is written: tables of the customer's, and services of his that are asked over HTTP.

tables:
  orders: {name: Orders, columns: [number, state, delivery]}        # the first column names a row
connectors:
  stock:
    name: Stock
    address: https://shop.example/api/stock/{article}
    secret: stock-key
    timeout: 4s
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from cordboard.configuration.nodes import Node
from cordboard.configuration.records import Field, Record
from cordboard.configuration.shapes import (
    Reading,
    Wrong,
    choice,
    duration,
    integer,
    key,
    list_of,
    scalar,
    text,
)
from cordboard.core.config import Connector, ConnectorMethod, Table

MOST_COLUMNS = 30
_NAME = Field("name", text, "name", required=True)


def column(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "the name of a column")
    if not re.fullmatch(r"[A-Za-z_]\w{0,39}", value):
        raise Wrong(node.mark, f"{value!r} is no name of a column: use letters, digits and _.")
    return value


def _address(reading: Reading, node: Node, path: str) -> str:
    value = text(reading, node, path)
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-:\[\]]+(/\S*)?", value):
        raise Wrong(
            node.mark, f"{value!r} is no web address: write it as https://shop.example/orders/{{number}}."
        )
    return value


def _header(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "the name of a header")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,60}", value):
        raise Wrong(node.mark, f"{value!r} is no name of a header: write it as X-Api-Key.")
    return value


TABLE = Record(
    (
        _NAME,
        Field("columns", list_of(column), "columns", required=True),
        Field("key", column, "column that names a row"),
    ),
    Table,
)
CONNECTOR = Record(
    (
        _NAME,
        Field("address", _address, "address", required=True),
        Field("method", choice(ConnectorMethod), "method"),
        Field("secret", key, "secret that it asks of us"),
        Field("header", _header, "header that carries the secret"),
        Field("timeout", duration(timedelta(seconds=1), timedelta(seconds=30)), "time to answer"),
        Field("retries", integer(0, 5), "further tries"),
    ),
    Connector,
)


def contradictions(tables: Mapping[str, Table]) -> Iterator[tuple[str, str]]:
    """What can not be published as it is: path and sentence."""
    for table in tables.values():
        path = f"tables.{table.id}"
        if not table.columns:
            yield path, f"Table {table.id} has no columns: name at least the one that names a row."
        elif table.key and table.key not in table.columns:
            yield f"{path}.key", f"Table {table.id} has no column {table.key!r} to name its rows."
        if len(table.columns) > MOST_COLUMNS:
            yield f"{path}.columns", f"A table has at most {MOST_COLUMNS} columns."
