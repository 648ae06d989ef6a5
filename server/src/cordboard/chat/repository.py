"""Chat messages as rows."""

from dataclasses import dataclass
from datetime import datetime

from cordboard.chat import tables
from cordboard.db.database import Connection

TEAM = "team"


@dataclass(frozen=True, slots=True)
class MessageRow:
    id: int
    from_id: str
    from_name: str
    to_id: str
    text: str
    at: datetime


async def add_message(
    connection: Connection, tenant_id: str, key: str, row: MessageRow
) -> tuple[MessageRow, bool]:
    """The stored message, and whether it is new: the same key of the same sender is the same message."""
    made = await connection.fetchrow(
        tables.ADD_MESSAGE, tenant_id, key, row.from_id, row.from_name, row.to_id, row.text, row.at
    )
    if made is not None:
        return MessageRow(**dict(made.items())), True
    known = await connection.fetchrow(tables.FIND_BY_KEY, row.from_id, key)
    assert known is not None
    return MessageRow(**dict(known.items())), False


async def messages_with(
    connection: Connection, me: str, other: str, before: int, limit: int
) -> list[MessageRow]:
    """Newest first: the team's, or those between two."""
    if other == TEAM:
        rows = await connection.fetch(tables.TEAM_MESSAGES, before, limit)
    else:
        rows = await connection.fetch(tables.MESSAGES_BETWEEN, me, other, before, limit)
    return [MessageRow(**dict(row.items())) for row in rows]


async def newest_for(connection: Connection, me: str, limit: int) -> list[MessageRow]:
    """Oldest first."""
    rows = await connection.fetch(tables.NEWEST_FOR, me, limit)
    return [MessageRow(**dict(row.items())) for row in reversed(rows)]
