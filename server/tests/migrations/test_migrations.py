"""The tables: every tenant's rows are its own, and the application role can do what it needs and no more."""

from collections.abc import AsyncIterator, Callable

import asyncpg
import psycopg
import pytest

from cordboard.db.database import Database, WrongRole
from cordboard.db.migrate import upgrade
from cordboard.testing.postgres import Database as Addresses
from cordboard.testing.postgres import PostgresForTests

_TENANT_TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS safe,
       EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) OR c.relispartition AS policed
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
"""
_PARTITION_RIGHTS = """
SELECT c.relname FROM pg_class c WHERE c.relispartition AND c.relkind = 'r'
  AND has_table_privilege('cordboard_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE')
"""
_DEFINERS = """
SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND p.prosecdef AND (p.proconfig IS NULL OR NOT p.proconfig::text LIKE '%search_path%')
"""


@pytest.fixture
def addresses(fresh_database: Callable[[], Addresses]) -> Addresses:
    return fresh_database()


@pytest.fixture
async def database(addresses: Addresses) -> AsyncIterator[Database]:
    database = await Database.connect(addresses.app_dsn, size=2)
    yield database
    await database.close()


async def two_tenants(database: Database) -> None:
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ('north', 'N'), ('south', 'S')")
    for tenant_id in ("north", "south"):
        async with database.tenant(tenant_id) as connection:
            await connection.execute(
                "INSERT INTO config_version (tenant_id, version, document, applied_at, applied_by)"
                " VALUES ($1, 1, '', now(), 'test')",
                tenant_id,
            )


def test_every_tenant_table_is_under_row_level_security(addresses: Addresses) -> None:
    with psycopg.connect(addresses.superuser_dsn) as connection:
        tables = connection.execute(_TENANT_TABLES).fetchall()
        assert len(tables) >= 7
        assert [name for name, safe, policed in tables if not (safe and policed)] == []
        assert connection.execute(_PARTITION_RIGHTS).fetchall() == [], (
            "partitions are reached through their table"
        )
        assert connection.execute(_DEFINERS).fetchall() == [], (
            "functions with their owner's rights name their schema"
        )


async def test_a_tenant_sees_and_writes_its_own_rows_alone(database: Database) -> None:
    await two_tenants(database)
    async with database.tenant("north") as connection:
        assert [row["tenant_id"] for row in await connection.fetch("SELECT * FROM config_version")] == [
            "north"
        ]
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "INSERT INTO config_version (tenant_id, version, document, applied_at, applied_by)"
                " VALUES ('south', 2, '', now(), 'test')"
            )
        await connection.execute("ROLLBACK")
    async with database.provider() as connection:
        assert await connection.fetch("SELECT * FROM config_version") == []
    async with database.plain() as connection:
        assert await connection.fetch("SELECT * FROM config_version") == [], (
            "nothing is left of the last tenant"
        )


async def test_history_can_not_be_rewritten(database: Database) -> None:
    for table in ("journal", "fact", "config_version"):
        async with database.plain() as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"DELETE FROM {table}")  # names of this test


async def test_called_numbers_are_found_across_tenants_and_written_by_their_own(database: Database) -> None:
    await two_tenants(database)
    insert = "INSERT INTO entry_point_number (number, tenant_id, entry_point_id) VALUES ('+33199001000', $1, 'front')"
    async with database.tenant("north") as connection:
        await connection.execute(insert, "north")
    async with database.tenant("south") as connection:
        assert await connection.fetchval("SELECT tenant_id FROM entry_point_number") == "north"
        assert await connection.execute("DELETE FROM entry_point_number") == "DELETE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(insert.replace("1000", "2000"), "north")
        await connection.execute("ROLLBACK")


async def test_the_server_refuses_a_role_that_could_see_everything(addresses: Addresses) -> None:
    for dsn in (addresses.owner_dsn, addresses.superuser_dsn):
        with pytest.raises(WrongRole):
            await Database.connect(dsn)


async def test_partitions_are_made_ahead(database: Database, addresses: Addresses) -> None:
    async with database.provider() as connection:
        await connection.execute("SELECT ensure_journal_partitions(14)")
        await connection.execute("SELECT ensure_journal_partitions(14)")
    with psycopg.connect(addresses.superuser_dsn) as superuser:
        row = superuser.execute(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'journal'::regclass"
        ).fetchone()
    assert row is not None
    assert row[0] == 16


def test_a_second_run_changes_nothing(postgres: PostgresForTests, addresses: Addresses) -> None:
    upgrade(addresses.owner_dsn)
