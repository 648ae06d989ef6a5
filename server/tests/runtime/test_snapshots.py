"""Snapshots are stored beside the work."""

import asyncio
from datetime import timedelta

import asyncpg

from cordboard.core.events import CallArrived
from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.postgres import Database as Addresses
from cordboard.testing.runtime import FakeServer, World


async def newest(world: World) -> int:
    async with world.database.tenant(world.tenant_id) as connection:
        return int(await connection.fetchval("SELECT coalesce(max(seq), 0) FROM snapshot"))


async def call(server: FakeServer, line: str) -> int:
    async with asyncio.timeout(5):
        return (await server.ask(CallArrived(line, NUMBER, "+33612345678"))).seq


async def test_deciding_goes_on_while_a_snapshot_is_being_stored(world: World, addresses: Addresses) -> None:
    server = await world.start()
    await server.publish(small_centre())
    await server.settle()
    locking = await asyncpg.connect(addresses.owner_dsn)
    try:
        async with locking.transaction():
            await locking.execute("LOCK TABLE snapshot IN ACCESS EXCLUSIVE MODE")
            world.clock.advance(timedelta(minutes=6))
            first = await call(server, "line-1")
            assert await call(server, "line-2") > first
            assert not server.runtime.quiet
    finally:
        await locking.close()
    await server.settle()
    assert await newest(world) == first
    await server.stop()
    assert await newest(world) == server.runtime.last_seq
