"""A server without its adapters: the real runtime on a real database, with fake telephony and a clock that moves when told.

`World` is the outside, which lives on: the database, telephony, the clock. `World.start` starts a server in it, `crash`
ends that without any farewell, `stop` ends it properly.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry

from cordboard.core.config import TenantConfig
from cordboard.core.conversation.commands import AskBot
from cordboard.core.engine import Engine
from cordboard.core.events import ConfigPublished, Event
from cordboard.core.look_ups import LookUp
from cordboard.core.state import State
from cordboard.db.database import Database
from cordboard.expressions import evaluate
from cordboard.numbers import normalise
from cordboard.runtime.clock import ManualClock
from cordboard.runtime.codec import Codec
from cordboard.runtime.dispatch import Dispatch
from cordboard.runtime.inbox import TenantInbox
from cordboard.runtime.journal import Journal, TenantJournal
from cordboard.runtime.leases import LASTS, Lease, Leases
from cordboard.runtime.measures import Measures
from cordboard.runtime.ports import Batch, Mails, Outcome, Telephony
from cordboard.runtime.recovery import Recovery
from cordboard.runtime.snapshots import Every, Snapshots
from cordboard.runtime.tenant import Parts, TenantRuntime
from cordboard.testing.telephony import FakeTelephony

BEGIN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # a Monday

MakeWorld = Callable[[], Awaitable["World"]]
WrapJournal = Callable[[TenantJournal], Journal]
WrapTelephony = Callable[[Telephony], Telephony]


def engine_of(state: State) -> Engine:
    """An engine as production makes it."""
    return Engine(state, evaluate, normalise)


@dataclass(slots=True)
class World:
    """The outside of one tenant."""

    database: Database
    tenant_id: str
    clock: ManualClock = field(default_factory=lambda: ManualClock(BEGIN))
    telephony: FakeTelephony = field(default_factory=FakeTelephony)
    make_engine: Callable[[State], Engine] = engine_of
    snapshot_every: Every = field(default_factory=Every)
    holder: str = "test"
    mails: Mails | None = None
    batches: list[Batch] = field(default_factory=list)
    dispatch: Dispatch = field(init=False)
    ask_bot: Callable[[str, AskBot], None] = lambda tenant_id, command: None
    look_up: Callable[[str, LookUp], None] = lambda tenant_id, command: None

    async def create_tenant(self) -> None:
        async with self.database.provider() as connection:
            await connection.execute("INSERT INTO tenant (id, name) VALUES ($1, $1)", self.tenant_id)

    async def start(
        self,
        wrap_journal: WrapJournal = lambda journal: journal,
        wrap_telephony: WrapTelephony = lambda telephony: telephony,
    ) -> "FakeServer":
        """Takes the lease, recovers, runs, and connects telephony."""
        codec = Codec()
        leases = Leases(self.database, self.holder)
        lease = await leases.take(self.tenant_id)
        assert lease is not None, "another server holds the lease"
        snapshots = Snapshots(self.database, codec)
        self.dispatch = Dispatch(wrap_telephony(self.telephony), mails=self.mails)
        self.dispatch.ask_bot = self._ask_bot
        self.dispatch.look_up = self._look_up
        parts = Parts(
            self.clock,
            codec,
            Recovery(self.database, codec, snapshots, self.make_engine),
            snapshots,
            self.dispatch,
            Measures(CollectorRegistry()),
            self.batches.append,
            self.snapshot_every,
        )
        journal = TenantJournal(self.database, lease, LASTS, self.clock)
        inbox = TenantInbox(self.clock)
        runtime = TenantRuntime(parts, lease, wrap_journal(journal), inbox)
        journal.on_state = lambda state: setattr(inbox, "journal_is_fine", state.value != "degraded")
        await runtime.recover()
        task = asyncio.create_task(runtime.run())
        server = FakeServer(self, runtime, journal, leases, task)
        if server.state.config is not None:
            server.connect_telephony()
        return server

    def _ask_bot(self, tenant_id: str, command: AskBot) -> None:
        self.ask_bot(tenant_id, command)  # a test may put its own in later

    def _look_up(self, tenant_id: str, command: LookUp) -> None:
        self.look_up(tenant_id, command)

    async def recorded(self, columns: str = "kind") -> list[str]:
        """One column of the facts, in order."""
        query = f"SELECT {columns} AS found FROM fact ORDER BY seq, ordinal"  # the test's own words
        async with self.database.tenant(self.tenant_id) as connection:
            return [row["found"] for row in await connection.fetch(query)]


@dataclass(slots=True)
class FakeServer:
    """One life of a server."""

    world: World
    runtime: TenantRuntime
    journal: TenantJournal
    leases: Leases
    task: asyncio.Task[None]

    @property
    def state(self) -> State:
        state = self.runtime.state
        assert state is not None
        return state

    @property
    def lease(self) -> Lease:
        return self.runtime.lease

    async def settle(self) -> None:
        """Returns when nothing waits any more; raises what ended the server."""
        while not self.runtime.quiet:
            if self.task.done():
                await self.task
                return
            await asyncio.sleep(0)

    async def ask(self, event: Event) -> Outcome:
        """Submits and waits for the outcome."""
        outcome = asyncio.ensure_future(self.runtime.inbox.submit(event))
        await asyncio.wait([outcome, self.task], return_when=asyncio.FIRST_COMPLETED)
        if self.task.done():
            outcome.cancel()
            await asyncio.gather(outcome, return_exceptions=True)
            await self.task
        return await outcome

    def connect_telephony(self) -> None:
        """As the adapter does as soon as a tenant has a configuration, and after each reconnection."""
        inbox = self.runtime.inbox
        self.world.telephony.connect(self.world.tenant_id, lambda _, event: inbox.post(event))

    async def publish(self, config: TenantConfig) -> Outcome:
        outcome = await self.ask(ConfigPublished(config))
        if not self.world.telephony.connected:
            self.connect_telephony()
        return outcome

    async def advance(self, by: timedelta) -> None:
        """Time passes, in steps of at most a second, so that timers fire one after the other."""
        while by > timedelta():
            step = min(by, timedelta(seconds=1))
            self.world.clock.advance(step)
            by -= step
            self.runtime.inbox.wake()
            await self.settle()

    async def stop(self) -> None:
        """A proper end: what waits is decided, a snapshot is kept, the lease is given back."""
        self.runtime.stop()
        await self.task
        await self.runtime.keep_snapshot()
        await self.leases.release(self.lease, self.runtime.performed_seq)
        self.world.telephony.disconnect()

    async def crash(self) -> None:
        """An end without any farewell."""
        self.world.telephony.disconnect()
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def accepts(inbox: TenantInbox) -> bool:
    """Whether new contacts are let in now."""
    return inbox.accepts_new_contacts
