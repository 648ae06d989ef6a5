"""The running server's connections to PostgreSQL, always as the application role and mostly as one tenant.

`Database.tenant(tenant_id)` is a transaction that sees that tenant's rows alone; without it row-level security shows nothing.
"""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg

from cordboard.errors import CordboardError


class Record(Protocol):
    """A row, by column name."""

    def __getitem__(self, column: str, /) -> Any: ...

    def items(self) -> Iterator[tuple[str, Any]]: ...


class Connection(Protocol):
    """What we use of asyncpg's connections, which carry no types of their own. Times out after 30 s."""

    async def execute(self, query: str, /, *args: object) -> str: ...

    async def executemany(self, query: str, args: Sequence[Sequence[object]], /) -> None: ...

    async def fetch(self, query: str, /, *args: object) -> list[Record]: ...

    async def fetchrow(self, query: str, /, *args: object) -> Record | None: ...

    async def fetchval(self, query: str, /, *args: object) -> Any: ...

    def is_in_transaction(self) -> bool: ...

    def is_closed(self) -> bool: ...


class _Pool(Protocol):
    def acquire(self) -> Any: ...

    async def fetchrow(self, query: str, /) -> Record | None: ...

    async def close(self) -> None: ...

    def terminate(self) -> None: ...


TENANT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")

OUTAGES = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InsufficientResourcesError,  # disk full, out of memory
    asyncpg.PostgresSystemError,  # I/O errors below PostgreSQL
    asyncpg.InterfaceError,  # the connection went away beneath us
    asyncpg.InternalClientError,
)
"""What asyncpg raises when the database, not the question, is at fault: trying again later may help."""

_RIGHTS = """
SELECT r.rolsuper, r.rolbypassrls,
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND pg_has_role(r.oid, c.relowner, 'MEMBER')) AS owns
FROM pg_roles r WHERE r.rolname = current_user
"""


class WrongRole(CordboardError):
    """The database role of the server could read past row-level security."""

    code = "wrong_role"


class Database:
    """A pool of connections. Make it with `Database.connect`, end it with `close`."""

    def __init__(self, pool: _Pool) -> None:
        self._pool = pool

    @classmethod
    async def connect(cls, dsn: str, *, size: int = 8) -> "Database":
        """Connects as the application role and refuses any other that could read past row-level security."""
        pool = await asyncpg.create_pool(
            dsn,
            min_size=min(2, size),
            max_size=size,
            command_timeout=30,
            timeout=10,
            max_inactive_connection_lifetime=0,
            reset=_tidy,
            server_settings={"application_name": "cordboard", "jit": "off", "timezone": "UTC"},
        )
        try:
            await _assert_role(pool)
        except BaseException:
            await pool.close()
            raise
        return cls(pool)

    async def close(self) -> None:
        await self._pool.close()

    def terminate(self) -> None:
        """Cuts all connections at once, as a crash would."""
        self._pool.terminate()

    @asynccontextmanager
    async def tenant(self, tenant_id: str) -> AsyncIterator[Connection]:
        """A transaction within one tenant. It commits when the block ends, and rolls back when it raises."""
        if not TENANT_ID.fullmatch(tenant_id):
            raise ValueError("not a tenant id")
        async with self._transaction(f"BEGIN; SET LOCAL app.tenant_id = '{tenant_id}'") as connection:
            yield connection

    @asynccontextmanager
    async def provider(self) -> AsyncIterator[Connection]:
        """A transaction outside any tenant: only the tables that are nobody's (`tenant`, called numbers) show rows."""
        async with self._transaction("BEGIN") as connection:
            yield connection

    @asynccontextmanager
    async def plain(self) -> AsyncIterator[Connection]:
        """A connection without a transaction, for single statements that set their tenant themselves."""
        async with self._pool.acquire() as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[Connection]:
        async with self._pool.acquire() as connection:
            await connection.execute(begin)
            try:
                yield connection
            except BaseException:
                if not connection.is_closed():
                    await connection.execute("ROLLBACK")
                raise
            await connection.execute("COMMIT")


async def _tidy(connection: Connection) -> None:
    """Instead of asyncpg's own reset, which costs a trip: nothing of ours outlives a transaction."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


async def _assert_role(pool: _Pool) -> None:
    row = await pool.fetchrow(_RIGHTS)
    if row is None or row["rolsuper"] or row["rolbypassrls"]:
        raise WrongRole(
            "The server's database role is a superuser or has BYPASSRLS; give it a role that is neither."
        )
    if row["owns"]:
        raise WrongRole("The server's database role owns tables; give it a role that owns nothing.")
