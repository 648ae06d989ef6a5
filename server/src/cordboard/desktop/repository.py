"""Layouts as rows."""

from dataclasses import dataclass
from datetime import datetime

from cordboard.db.database import Connection
from cordboard.desktop import tables


@dataclass(frozen=True, slots=True)
class LayoutRow:
    version: int
    document: str  # JSON


async def find_layout(connection: Connection, person_id: str) -> LayoutRow | None:
    row = await connection.fetchrow(tables.FIND_LAYOUT, person_id)
    return None if row is None else LayoutRow(**dict(row.items()))


async def save_layout(
    connection: Connection, tenant_id: str, person_id: str, document: str, expected: int | None, now: datetime
) -> int | None:
    """The new version; None when `expected` is not the stored one."""
    version: int | None = await connection.fetchval(
        tables.SAVE_LAYOUT, tenant_id, person_id, document, expected, now
    )
    return version
