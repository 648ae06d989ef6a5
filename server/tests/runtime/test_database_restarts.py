"""PostgreSQL is restarted, and killed, in the middle of traffic: nothing is lost, nothing is doubled, and it goes on by itself."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from cordboard.core.events import CallArrived
from cordboard.db.database import Database
from cordboard.db.embedded import EmbeddedPostgres
from cordboard.db.migrate import upgrade
from cordboard.runtime.journal import JournalState
from cordboard.runtime.ports import Outcome
from cordboard.settings import APP_ROLE, OWNER_ROLE
from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.postgres import free_port
from cordboard.testing.runtime import FakeServer, World, accepts


@pytest.fixture(scope="module")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    folder: Path = tmp_path_factory.mktemp("postgres")
    postgres = EmbeddedPostgres(
        folder, free_port(), owner_password="owner", app_password="app", ends_with_parent=True
    )
    postgres.start()
    upgrade(postgres.dsn(OWNER_ROLE))
    yield postgres
    postgres.stop()


def end_well(postgres: EmbeddedPostgres) -> None:
    postgres.stop()


def kill(postgres: EmbeddedPostgres) -> None:
    found = postgres.running()
    assert found is not None
    children = found.children()
    found.kill()
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):  # they end by themselves when their parent is gone
            child.kill()
    found.wait(10)


async def calls(server: FakeServer, numbers: Iterator[int], until: asyncio.Event) -> list[Outcome]:
    """One caller after the other, each when the one before is in the journal."""
    outcomes = []
    while not until.is_set():
        event = CallArrived(f"in-{next(numbers)}", NUMBER, "+33612345678")
        outcomes.append(await server.runtime.inbox.submit(event))
    return outcomes


@pytest.mark.parametrize("end", [end_well, kill])
async def test_traffic_goes_on(
    own_postgres: EmbeddedPostgres, end: Callable[[EmbeddedPostgres], None]
) -> None:
    database = await Database.connect(own_postgres.dsn(APP_ROLE), size=3)
    world = World(database, f"tenant-{end.__name__.replace('_', '-')}")
    await world.create_tenant()
    server = await world.start()
    await server.publish(small_centre())
    await server.settle()
    enough, numbers = asyncio.Event(), itertools.count(1)
    callers = [asyncio.create_task(calls(server, numbers, enough)) for _ in range(5)]
    await asyncio.sleep(0.3)
    await asyncio.to_thread(end, own_postgres)
    for _ in range(200):
        if server.journal.state is JournalState.DEGRADED:
            break
        world.clock.advance(timedelta(seconds=0.1))
        await asyncio.sleep(0.05)
    else:
        pytest.fail("it does not say that the journal can not be written")
    assert not accepts(server.runtime.inbox)
    await asyncio.to_thread(own_postgres.start)
    back = next(numbers)
    async with asyncio.timeout(20):
        while next(numbers) < back + 1_000:  # the callers count on
            await asyncio.sleep(0.01)
    assert accepts(server.runtime.inbox)
    enough.set()
    outcomes = [outcome for caller in callers for outcome in await caller]
    assert len({outcome.seq for outcome in outcomes}) == len(outcomes)
    async with database.tenant(world.tenant_id) as connection:
        journal = [row["seq"] for row in await connection.fetch("SELECT seq FROM journal ORDER BY seq")]
        arrived = await connection.fetchval("SELECT count(*) FROM fact WHERE kind = 'contact_arrived'")
    assert journal == list(range(1, server.runtime.last_seq + 1))
    assert arrived == len(outcomes) == len(server.state.contacts)
    await server.stop()
    await database.close()
