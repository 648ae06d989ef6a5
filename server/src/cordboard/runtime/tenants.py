"""All tenants that this server decides for: it takes their leases, recovers them, runs them, and finds them by address.

Every few seconds it looks for tenants that nobody decides for (new ones, or those of a server that died), renews what it
holds, and asks whether a newer configuration was published elsewhere (by the command line while no server ran).
A tenant whose lease is lost, or whose task fails, is let go and taken up again when it can be; the others do not notice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog

from cordboard.core.config import TenantConfig
from cordboard.core.events import ConfigPublished
from cordboard.core.state import State
from cordboard.core.words import Channel
from cordboard.db.database import OUTAGES, Database
from cordboard.errors import CordboardError, LeaseLost
from cordboard.runtime.inbox import Bounds, TenantInbox
from cordboard.runtime.journal import JournalState, TenantJournal
from cordboard.runtime.leases import RENEW_EVERY, Leases
from cordboard.runtime.ports import Batch, BatchListener, Outcome
from cordboard.runtime.tenant import Parts, TenantRuntime

log = structlog.get_logger(__name__)

NewerConfig = Callable[[str, int], Awaitable[TenantConfig | None]]
"""(tenant id, version in force) -> a newer published configuration, if there is one."""

OnLive = Callable[[str], None]
"""Told that a tenant is decided for from now on: what its core missed must be told to it (`LinesReconciled`)."""

LOOK_EVERY_SECONDS = 1.0
STOP_SECONDS = 10.0
_AGAIN_AFTER_SECONDS = 2.0

_TENANTS = "SELECT id FROM tenant ORDER BY id"
_PARTITIONS = "SELECT ensure_journal_partitions(2)"


class Listeners:
    """Who is told of each committed batch. `publish` is what the runtimes call."""

    def __init__(self) -> None:
        self._listeners: list[BatchListener] = []

    def add(self, listener: BatchListener) -> None:
        self._listeners.append(listener)

    def publish(self, batch: Batch) -> None:
        for listener in self._listeners:
            try:
                listener(batch)
            except Exception:
                log.exception("listener_failed", tenant=batch.tenant_id, seq=batch.last_seq)


@dataclass(slots=True, eq=False)
class _Hosted:
    runtime: TenantRuntime
    journal: TenantJournal
    task: asyncio.Task[None] | None = None
    recovered: bool = False
    publishing: asyncio.Lock = field(default_factory=asyncio.Lock)


class HostedTenants:
    """Implements `ports.Tenants`. `run` is its one task; `stop` ends it with a snapshot of each tenant."""

    def __init__(self, parts: Parts, database: Database, leases: Leases) -> None:
        self._parts = parts
        self._database = database
        self._leases = leases
        self.newer_config: NewerConfig = _nothing_newer
        self._hosted: dict[str, _Hosted] = {}
        self._numbers: dict[str, str] = {}
        self._looked = asyncio.Event()
        self._look_now = asyncio.Event()
        self._stopping = False
        self._live: set[str] = set()
        self._on_live: list[OnLive] = []
        self._partitions_at = float("-inf")
        self._renewed_at = float("-inf")
        self.bounds = Bounds()

    # -- finding: what ports.Tenants asks for

    def tenant_of_number(self, number: str) -> str | None:
        return self._numbers.get(number)

    def inbox_of(self, tenant_id: str) -> TenantInbox | None:
        """None until the tenant is recovered and has a configuration."""
        return None if self.config_of(tenant_id) is None else self._hosted[tenant_id].runtime.inbox

    def config_of(self, tenant_id: str) -> TenantConfig | None:
        state = self.state_of(tenant_id)
        return None if state is None else state.config

    def state_of(self, tenant_id: str) -> State | None:
        """The live state, to be read at once and never changed."""
        hosted = self._hosted.get(tenant_id)
        return hosted.runtime.state if hosted is not None and hosted.recovered else None

    def tenant_ids(self) -> Sequence[str]:
        """Those that this server decides for now."""
        return [tenant_id for tenant_id, hosted in self._hosted.items() if hosted.recovered]

    def on_live(self, listener: OnLive) -> None:
        """`listener` is called each time a tenant begins to be decided for here: recovered, and with a configuration."""
        self._on_live.append(listener)

    # -- health

    @property
    def journal_state(self) -> JournalState:
        """The worst of all tenants."""
        states = {hosted.journal.state for hosted in self._hosted.values()}
        for state in (JournalState.DEGRADED, JournalState.RETRYING):
            if state in states:
                return state
        return JournalState.COMMITTING

    async def wait_until_looked(self) -> None:
        """Returns when the first look for tenants is done: those that can be are recovered."""
        await self._looked.wait()

    # -- configuration

    async def publish(self, tenant_id: str, config: TenantConfig) -> Outcome:
        """Brings a stored configuration into force. Raises `LeaseLost` when another server decides for the tenant."""
        if self.state_of(tenant_id) is None:
            self._looked.clear()
            self._look_now.set()
            await self._looked.wait()
        hosted = self._hosted.get(tenant_id)
        if hosted is None or not hosted.recovered:
            raise LeaseLost
        return await self._bring_into_force(hosted, config)

    async def _bring_into_force(self, hosted: _Hosted, config: TenantConfig) -> Outcome:
        """One version after the other: one that is not newer than what is in force changes nothing."""
        async with hosted.publishing:
            present = hosted.runtime.state.config if hosted.runtime.state is not None else None
            if present is not None and present.version >= config.version:
                return Outcome(hosted.runtime.last_seq)
            outcome = await hosted.runtime.inbox.submit(ConfigPublished(config))
        self._settle()
        return outcome

    def _settle(self) -> None:
        """After any change of what is hosted or published: the numbers anew, and word of who has come to life."""
        self._read_numbers()
        live = {tenant_id for tenant_id in self._hosted if self.inbox_of(tenant_id) is not None}
        new, self._live = live - self._live, live
        for tenant_id in sorted(new):
            for listener in self._on_live:
                listener(tenant_id)

    def _read_numbers(self) -> None:
        self._numbers = {
            entry_point.address: tenant_id
            for tenant_id in self._hosted
            if (config := self.config_of(tenant_id)) is not None
            for entry_point in config.entry_points.values()
            if entry_point.channel is Channel.VOICE
        }

    # -- life

    async def run(self) -> None:
        """Until `stop`."""
        while not self._stopping:
            try:
                await self._look()
            except OUTAGES as error:
                log.warning("look_failed", error=type(error).__name__)
            else:
                self._looked.set()
            try:
                await asyncio.wait_for(self._look_now.wait(), LOOK_EVERY_SECONDS)
            except TimeoutError:
                continue
            finally:
                self._look_now.clear()

    async def stop(self) -> None:
        """Lets every tenant finish what waits, keeps snapshots and gives the leases back."""
        self._stopping = True
        self._look_now.set()
        await asyncio.gather(*(self._stop_one(hosted) for hosted in list(self._hosted.values())))

    async def _look(self) -> None:
        now = self._parts.clock.monotonic()
        async with self._database.provider() as connection:
            if now - self._partitions_at > 24 * 3600:
                await connection.execute(_PARTITIONS)
                self._partitions_at = now
            ids = [row["id"] for row in await connection.fetch(_TENANTS)]
        for tenant_id in ids:
            if tenant_id not in self._hosted and not self._stopping:
                await self._take_up(tenant_id)
        if now - self._renewed_at >= RENEW_EVERY.total_seconds():
            await self._renew_all()
            self._renewed_at = now
        for tenant_id, hosted in list(self._hosted.items()):
            if hosted.recovered:
                await self._look_for_config(tenant_id, hosted)
        self._parts.measures.tenants.set(len(self._hosted))
        self._parts.measures.waiting.set(sum(hosted.runtime.inbox.depth for hosted in self._hosted.values()))

    async def _take_up(self, tenant_id: str) -> None:
        lease = await self._leases.take(tenant_id)
        if lease is None:
            return
        inbox = TenantInbox(self._parts.clock, self.bounds)
        journal = TenantJournal(self._database, lease, self._leases.lasts, self._parts.clock)
        hosted = _Hosted(TenantRuntime(self._parts, lease, journal, inbox), journal)
        journal.on_state = lambda state: self._journal_changed(hosted, state)
        self._hosted[tenant_id] = hosted
        try:
            await hosted.runtime.recover()
        except Exception:
            log.exception("recovery_failed", tenant=tenant_id)
            del self._hosted[tenant_id]
            return
        hosted.recovered = True
        hosted.task = asyncio.create_task(self._run_one(tenant_id, hosted), name=f"tenant {tenant_id}")
        self._settle()

    async def _run_one(self, tenant_id: str, hosted: _Hosted) -> None:
        """Runs one tenant and lets it go when that ends, so that the next look may take it up again."""
        try:
            await hosted.runtime.run()
        except LeaseLost:
            log.error("lease_lost", tenant=tenant_id, epoch=hosted.runtime.lease.epoch)
        except Exception:
            log.exception("tenant_failed", tenant=tenant_id)
            await asyncio.sleep(_AGAIN_AFTER_SECONDS)
        finally:
            hosted.runtime.inbox.close(LeaseLost())
            if not self._stopping:
                self._hosted.pop(tenant_id, None)
                self._settle()

    async def _stop_one(self, hosted: _Hosted) -> None:
        runtime = hosted.runtime
        runtime.stop()
        if hosted.task is None:
            return
        done, _ = await asyncio.wait([hosted.task], timeout=STOP_SECONDS)
        if not done:
            hosted.task.cancel()
            await asyncio.gather(hosted.task, return_exceptions=True)
            return
        try:
            await runtime.keep_snapshot()
            await self._leases.release(runtime.lease, runtime.performed_seq)
        except OUTAGES as error:
            log.error("stopped_without_snapshot", tenant=runtime.tenant_id, error=type(error).__name__)

    async def _renew_all(self) -> None:
        for tenant_id, hosted in list(self._hosted.items()):
            if not await self._leases.renew(hosted.runtime.lease):
                log.error("lease_taken", tenant=tenant_id)
                if hosted.task is not None:
                    hosted.task.cancel()

    async def _look_for_config(self, tenant_id: str, hosted: _Hosted) -> None:
        config = self.config_of(tenant_id)
        try:
            newer = await self.newer_config(tenant_id, 0 if config is None else config.version)
            if newer is not None:
                await self._bring_into_force(hosted, newer)
        except CordboardError as error:  # taken over or overloaded just now: asked again at the next look
            log.warning("configuration_later", tenant=tenant_id, error=type(error).__name__)

    def _journal_changed(self, hosted: _Hosted, state: JournalState) -> None:
        hosted.runtime.inbox.journal_is_fine = state is not JournalState.DEGRADED
        self._parts.measures.journal_writes.set(
            sum(1 for other in self._hosted.values() if other.journal.state is JournalState.DEGRADED)
        )


async def _nothing_newer(tenant_id: str, version: int) -> TenantConfig | None:
    """Until the configuration's own question is put in its place."""
    return None
