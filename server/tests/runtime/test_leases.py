"""One decider per tenant: whoever was replaced can not write, whoever was only asleep goes on."""

import pytest

from cordboard.core.events import ReadyRequested
from cordboard.errors import LeaseLost
from cordboard.runtime.leases import Leases
from cordboard.testing.centre import small_centre
from cordboard.testing.runtime import World

_EXPIRE = "UPDATE lease SET expires_at = now() - interval '1 minute' WHERE tenant_id = $1"


async def expire(world: World) -> None:
    async with world.database.tenant(world.tenant_id) as connection:
        await connection.execute(_EXPIRE, world.tenant_id)


async def test_a_held_lease_is_not_given_to_another(world: World) -> None:
    lease = await Leases(world.database, "one").take(world.tenant_id)
    assert lease is not None
    assert lease.epoch == 1
    assert await Leases(world.database, "two").take(world.tenant_id) is None


async def test_after_a_crash_the_same_server_need_not_wait(world: World) -> None:
    first = await Leases(world.database, "one").take(world.tenant_id)
    again = await Leases(world.database, "one").take(world.tenant_id)
    assert first is not None
    assert again is not None
    assert again.epoch == first.epoch + 1


async def test_a_lease_given_back_is_free_at_once(world: World) -> None:
    leases = Leases(world.database, "one")
    lease = await leases.take(world.tenant_id)
    assert lease is not None
    await leases.release(lease, 0)
    assert await Leases(world.database, "two").take(world.tenant_id) is not None
    assert not await leases.renew(lease)


async def test_who_was_replaced_can_not_write(world: World) -> None:
    sleeper = await world.start()
    await sleeper.publish(small_centre())
    await expire(world)
    world.holder = "another"
    successor = await world.start()
    await successor.settle()
    waiting = sleeper.runtime.inbox.submit(ReadyRequested("amelie"))
    with pytest.raises(LeaseLost):
        await sleeper.settle()
    sleeper.runtime.inbox.close(LeaseLost())
    with pytest.raises(LeaseLost):
        await waiting
    assert (await successor.ask(ReadyRequested("bruno"))).seq == successor.runtime.last_seq
    async with world.database.tenant(world.tenant_id) as connection:
        bodies = [row["body"] for row in await connection.fetch("SELECT body::text AS body FROM journal")]
    assert not any("amelie" in body and "ready" in body.lower() for body in bodies if "config" not in body)
    await successor.stop()


async def test_who_slept_and_was_not_replaced_goes_on(world: World) -> None:
    server = await world.start()
    await server.publish(small_centre())
    await expire(world)
    assert (await server.ask(ReadyRequested("amelie"))).refusal is not None
    assert await server.leases.renew(server.lease)
    assert await Leases(world.database, "another").take(world.tenant_id) is None
    await server.stop()
