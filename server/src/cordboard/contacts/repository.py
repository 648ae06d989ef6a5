"""Which contacts a page of the history shows."""

from collections.abc import Sequence

from cordboard.contacts import tables
from cordboard.db.database import Connection
from cordboard.index.fold import IndexRow


async def recent(connection: Connection, before: int, query: str, limit: int) -> list[int]:
    """Ids, newest first."""
    return [row["contact_id"] for row in await connection.fetch(tables.RECENT, before, query, limit)]


async def recent_of_agent(
    connection: Connection, before: int, query: str, limit: int, agent_id: str
) -> list[int]:
    """Ids of the contacts that were this agent's or offered to him, newest first."""
    rows = await connection.fetch(tables.RECENT_OF_AGENT, before, query, limit, agent_id)
    return [row["contact_id"] for row in rows]


async def rows_of(connection: Connection, contact_ids: Sequence[int]) -> dict[int, IndexRow]:
    """The rows of those that are there."""
    rows = await connection.fetch(tables.ROWS, list(contact_ids))
    return {row["contact_id"]: IndexRow(**dict(row.items())) for row in rows}
