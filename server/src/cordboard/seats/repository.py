"""Phone accounts as rows."""

from dataclasses import dataclass
from datetime import datetime

from cordboard.db.database import Connection
from cordboard.seats import tables


@dataclass(frozen=True, slots=True)
class AccountRow:
    agent_id: str
    browser: bool
    username: str
    secret: bytes  # encrypted
    session_id: str


async def save_account(connection: Connection, tenant_id: str, row: AccountRow, now: datetime) -> None:
    await connection.execute(
        tables.SAVE_ACCOUNT,
        tenant_id,
        row.agent_id,
        row.browser,
        row.username,
        row.secret,
        row.session_id,
        now,
    )


async def find_account(connection: Connection, agent_id: str, browser: bool) -> AccountRow | None:
    row = await connection.fetchrow(tables.FIND_ACCOUNT, agent_id, browser)
    return None if row is None else AccountRow(**dict(row.items()))


async def all_accounts(connection: Connection) -> list[AccountRow]:
    return [AccountRow(**dict(row.items())) for row in await connection.fetch(tables.ALL_ACCOUNTS)]


async def delete_account(connection: Connection, agent_id: str, browser: bool) -> str | None:
    """The username that was deleted, None when there was none."""
    username: str | None = await connection.fetchval(tables.DELETE_ACCOUNT, agent_id, browser)
    return username
