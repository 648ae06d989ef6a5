"""A batch is written once or not at all, whatever the database does meanwhile; and the centre says how it is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from cordboard.core.events import ReadyRequested
from cordboard.db.database import Connection, Database
from cordboard.runtime.clock import ManualClock
from cordboard.runtime.journal import Entry, JournalGap, JournalState, TenantJournal
from cordboard.runtime.leases import LASTS, Leases
from cordboard.testing.centre import small_centre
from cordboard.testing.runtime import BEGIN, World, accepts


class FaultyDatabase(Database):
    """Runs each single statement through `fault`, which may raise before or after it."""

    def __init__(self, database: Database) -> None:
        super().__init__(database._pool)
        self.before: list[Exception] = []
        self.after: list[Exception] = []

    @asynccontextmanager
    async def plain(self) -> AsyncIterator[Connection]:
        async with super().plain() as connection:
            yield _Faulty(connection, self)  # type: ignore[misc]  # the rest of a connection is not used here


class _Faulty:
    def __init__(self, connection: Connection, faults: FaultyDatabase) -> None:
        self._connection = connection
        self._faults = faults

    async def fetchval(self, query: str, *args: object) -> Any:
        if self._faults.before:
            raise self._faults.before.pop(0)
        value = await self._connection.fetchval(query, *args)
        if self._faults.after:
            raise self._faults.after.pop(0)
        return value


def entry(seq: int, body: str = '{"key":"x"}') -> Entry:
    return Entry(seq, BEGIN, "woke", body)


async def journal_of(world: World, faulty: FaultyDatabase) -> TenantJournal:
    lease = await Leases(world.database, "test").take(world.tenant_id)
    assert lease is not None
    return TenantJournal(faulty, lease, LASTS, ManualClock(BEGIN))


async def seqs(world: World) -> list[int]:
    async with world.database.tenant(world.tenant_id) as connection:
        return [row["seq"] for row in await connection.fetch("SELECT seq FROM journal ORDER BY seq")]


CONNECTION_LOST: list[Callable[[], Exception]] = [
    ConnectionResetError,
    lambda: asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    lambda: asyncpg.AdminShutdownError("terminating connection due to administrator command"),
    lambda: asyncpg.InterfaceError("connection is closed"),
    TimeoutError,
]


@pytest.mark.parametrize("error", CONNECTION_LOST)
async def test_a_lost_connection_neither_loses_nor_doubles_a_batch(
    world: World, error: Callable[[], Exception]
) -> None:
    faulty = FaultyDatabase(world.database)
    journal = await journal_of(world, faulty)
    faulty.before = [error()]
    await journal.append([entry(1), entry(2)], 0)
    faulty.after = [error(), error()]  # it got through, and nobody was told
    await journal.append([entry(3)], 2)
    await journal.append([entry(4)], 3)
    assert await seqs(world) == [1, 2, 3, 4]
    assert journal.state is JournalState.COMMITTING


async def test_a_gap_is_never_written(world: World) -> None:
    journal = await journal_of(world, FaultyDatabase(world.database))
    await journal.append([entry(1)], 0)
    journal.last_seq = 5
    with pytest.raises(JournalGap):
        await journal.append([entry(6)], 0)
    assert await seqs(world) == [1]


async def test_disk_full_keeps_new_contacts_away_until_it_is_over(world: World) -> None:
    """What was decided is written when there is room again; what came meanwhile is decided after it."""
    faulty = FaultyDatabase(world.database)
    server = await world.start()
    await server.publish(small_centre())
    server.journal._database = faulty  # from now on
    faulty.before = [asyncpg.DiskFullError("could not extend file") for _ in range(4)]
    assert accepts(server.runtime.inbox)
    first = asyncio.ensure_future(server.runtime.inbox.submit(ReadyRequested("amelie")))
    while server.journal.state is not JournalState.DEGRADED:
        await asyncio.sleep(0.001)
    assert not accepts(server.runtime.inbox)
    second = asyncio.ensure_future(server.runtime.inbox.submit(ReadyRequested("bruno")))
    assert (await second).seq == (await first).seq + 1
    assert accepts(server.runtime.inbox)
    assert server.journal.state.value == "committing"
    await server.stop()


async def test_a_short_failure_is_only_a_retry(world: World) -> None:
    faulty = FaultyDatabase(world.database)
    journal = await journal_of(world, faulty)
    states: list[JournalState] = []
    journal.on_state = states.append
    clock = journal._clock
    assert isinstance(clock, ManualClock)
    faulty.before = [ConnectionResetError()]
    await journal.append([entry(1)], 0)
    assert states == [JournalState.RETRYING, JournalState.COMMITTING]

    states.clear()
    faulty.before = [ConnectionResetError(), ConnectionResetError(), ConnectionResetError()]
    journal.on_state = lambda state: (states.append(state), clock.advance(timedelta(seconds=2)))  # type: ignore[assignment,func-returns-value]
    await journal.append([entry(2)], 0)
    assert states == [JournalState.RETRYING, JournalState.DEGRADED, JournalState.COMMITTING]
    assert await seqs(world) == [1, 2]
