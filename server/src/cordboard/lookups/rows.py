"""The rows of customers' tables. Whoever asks compares without regard to case and outer spaces."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from cordboard.core.config import Table
from cordboard.db.database import Connection
from cordboard.errors import Refused

MOST_ROWS = 50_000


class TooManyRows(Refused):
    """A table has at most 50,000 rows; nothing was changed. Larger things are looked up by a connector."""

    code = "rows_wrong"
    status = 422


_BY_KEY = "SELECT data FROM customer_row WHERE table_id = $1 AND key = lower(btrim($2))"
_BY_VALUES = """
SELECT data FROM customer_row WHERE table_id = $1 AND (
    SELECT bool_and(lower(btrim(data ->> asked.name)) = lower(btrim(asked.value)))
    FROM unnest($2::text[], $3::text[]) AS asked (name, value))
ORDER BY key LIMIT 1
"""
_PUT = """
INSERT INTO customer_row (tenant_id, table_id, key, data, changed_at)
SELECT $1, $2, lower(btrim(row.key)), row.data::jsonb, $5 FROM unnest($3::text[], $4::text[]) AS row (key, data)
ON CONFLICT (tenant_id, table_id, key) DO UPDATE SET data = excluded.data, changed_at = excluded.changed_at
WHERE customer_row.data IS DISTINCT FROM excluded.data
"""
_KEEP = "DELETE FROM customer_row WHERE table_id = $1 AND key <> ALL (SELECT lower(btrim(k)) FROM unnest($2::text[]) AS k)"
_ALL = "SELECT data FROM customer_row WHERE table_id = $1 ORDER BY key"
_COUNTS = (
    "SELECT table_id, count(*) AS rows, max(changed_at) AS changed_at FROM customer_row GROUP BY table_id"
)


async def find_row(connection: Connection, table: Table, asked: Mapping[str, str]) -> dict[str, str] | None:
    """The first row whose columns have what is asked."""
    rest = dict(asked)
    key = rest.pop(table.key_column, None)
    if key is None:
        found = await connection.fetchval(_BY_VALUES, table.id, list(asked), list(asked.values()))
        return _row(found)
    row = _row(await connection.fetchval(_BY_KEY, table.id, key))
    if row is None or any(
        row.get(name, "").strip().lower() != value.strip().lower() for name, value in rest.items()
    ):
        return None
    return row


def _row(found: str | None) -> dict[str, str] | None:
    return None if found is None else {str(name): str(value) for name, value in json.loads(found).items()}


async def put_rows(
    connection: Connection, tenant_id: str, table: Table, rows: Sequence[Mapping[str, str]], now: datetime
) -> None:
    """Adds rows and replaces those of the same key; others stay."""
    keys = [row[table.key_column] for row in rows]
    await connection.execute(
        _PUT, tenant_id, table.id, keys, [json.dumps(dict(row), ensure_ascii=False) for row in rows], now
    )


async def keep_rows(connection: Connection, table: Table, keys: Sequence[str]) -> int:
    """Removes all other rows; how many those were."""
    return int((await connection.execute(_KEEP, table.id, list(keys))).rpartition(" ")[2])


async def all_rows(connection: Connection, table: Table) -> list[dict[str, str]]:
    return [row for each in await connection.fetch(_ALL, table.id) if (row := _row(each["data"])) is not None]


async def counts(connection: Connection) -> dict[str, tuple[int, datetime]]:
    """Table -> how many rows it has, and when they were last changed."""
    return {row["table_id"]: (row["rows"], row["changed_at"]) for row in await connection.fetch(_COUNTS)}
