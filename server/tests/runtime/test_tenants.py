"""The registry: tenants are taken up, found by number, configured, let go and stopped."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry

from cordboard.core.config import TenantConfig
from cordboard.core.events import ReadyRequested
from cordboard.db.database import Database
from cordboard.errors import LeaseLost
from cordboard.runtime.clock import SystemClock
from cordboard.runtime.codec import Codec
from cordboard.runtime.dispatch import Dispatch
from cordboard.runtime.leases import Leases
from cordboard.runtime.measures import Measures
from cordboard.runtime.recovery import Recovery
from cordboard.runtime.snapshots import Snapshots
from cordboard.runtime.tenant import Parts
from cordboard.runtime.tenants import HostedTenants, Listeners
from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.postgres import Database as Addresses
from cordboard.testing.runtime import engine_of
from cordboard.testing.telephony import FakeTelephony


@dataclass
class Centre:
    """A database of its own, and the configurations that "the command line" has stored."""

    database: Database
    stored: dict[str, TenantConfig] = field(default_factory=dict)

    async def create(self, tenant_id: str) -> None:
        async with self.database.provider() as connection:
            await connection.execute("INSERT INTO tenant (id, name) VALUES ($1, $1)", tenant_id)

    async def newer(self, tenant_id: str, version: int) -> TenantConfig | None:
        config = self.stored.get(tenant_id)
        return config if config is not None and config.version > version else None

    @asynccontextmanager
    async def server(self, holder: str = "one") -> AsyncIterator[HostedTenants]:
        codec = Codec()
        snapshots = Snapshots(self.database, codec)
        parts = Parts(
            SystemClock(),
            codec,
            Recovery(self.database, codec, snapshots, engine_of),
            snapshots,
            Dispatch(FakeTelephony()),
            Measures(CollectorRegistry()),
            Listeners().publish,
        )
        tenants = HostedTenants(parts, self.database, Leases(self.database, holder))
        tenants.newer_config = self.newer
        running = asyncio.create_task(tenants.run())
        await tenants.wait_until_looked()
        yield tenants
        await tenants.stop()
        await running


async def until(condition: Callable[[], bool]) -> None:
    """Waits for a background task, ten seconds at most."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to that")


@pytest.fixture
async def centre(fresh_database: Callable[[], Addresses]) -> AsyncIterator[Centre]:
    database = await Database.connect(fresh_database().app_dsn, size=4)
    yield Centre(database)
    await database.close()


async def test_a_new_tenant_comes_to_life_with_its_first_configuration(centre: Centre) -> None:
    live: list[str] = []
    async with centre.server() as tenants:
        tenants.on_live(live.append)
        assert tenants.inbox_of("north") is None
        await centre.create("north")
        outcome = await tenants.publish("north", small_centre())
        assert outcome.seq == 1
        assert tenants.tenant_of_number(NUMBER) == "north"
        assert tenants.config_of("north") == small_centre()
        assert live == ["north"]
        inbox = tenants.inbox_of("north")
        assert inbox is not None
        assert (await inbox.submit(ReadyRequested("amelie"))).refusal is not None
        await tenants.publish("north", small_centre(number="+33199001001", version=2))
        assert tenants.tenant_of_number(NUMBER) is None
        assert (await tenants.publish("north", small_centre(version=1))).seq == 3, (
            "an older version changes nothing"
        )
        assert tenants.tenant_of_number(NUMBER) is None


async def test_what_was_published_while_no_server_ran_is_taken_up(centre: Centre) -> None:
    await centre.create("north")
    centre.stored["north"] = small_centre()
    async with centre.server() as tenants:
        assert tenants.tenant_of_number(NUMBER) == "north"
        centre.stored["north"] = small_centre(version=2, number="+33199001001")
        await until(lambda: tenants.tenant_of_number("+33199001001") is not None)


async def test_a_clean_stop_leaves_nothing_to_replay(centre: Centre) -> None:
    await centre.create("north")
    centre.stored["north"] = small_centre()
    async with centre.server() as tenants:
        inbox = tenants.inbox_of("north")
        assert inbox is not None
        await inbox.submit(ReadyRequested("amelie"))
    with pytest.raises(LeaseLost):
        inbox.submit(ReadyRequested("amelie"))
    async with centre.database.tenant("north") as connection:
        assert await connection.fetchval("SELECT max(seq) FROM snapshot") == 2
        lease = await connection.fetchrow("SELECT * FROM lease")
    assert lease is not None
    assert lease["last_seq"] == lease["performed_seq"] == 2
    async with centre.server("two") as tenants:
        assert tenants.config_of("north") == small_centre()


async def test_two_servers_share_the_tenants(centre: Centre) -> None:
    await centre.create("north")
    centre.stored["north"] = small_centre()
    async with centre.server("one") as one, centre.server("two") as two:
        await centre.create("south")
        south = small_centre(number="+33199001001")
        centre.stored["south"] = south
        assert "north" in one.tenant_ids()
        assert "north" not in two.tenant_ids()
        with pytest.raises(LeaseLost):
            await two.publish("north", small_centre(version=2))
        await until(lambda: {*one.tenant_ids(), *two.tenant_ids()} == {"north", "south"})


async def test_a_tenant_taken_away_is_let_go_and_taken_back(centre: Centre) -> None:
    await centre.create("north")
    centre.stored["north"] = small_centre()
    async with centre.server("one") as one:
        inbox = one.inbox_of("north")
        assert inbox is not None
        async with centre.database.tenant("north") as connection:
            await connection.execute("UPDATE lease SET expires_at = now() - interval '1 minute'")
        thief = await Leases(centre.database, "two").take("north")
        assert thief is not None
        with pytest.raises(LeaseLost):
            await inbox.submit(ReadyRequested("amelie"))
        await until(lambda: one.inbox_of("north") is None)
        await Leases(centre.database, "two").release(thief, thief.last_seq)
        await until(lambda: one.inbox_of("north") is not None)
