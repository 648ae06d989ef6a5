"""One tenant's live work: the one task that decides for it.

Each turn takes what waits in the inbox (and the wakes that are due), lets the engine decide on it event by event without any
await in between, makes the batch durable, performs the commands, tells who waits, and tells the listeners. While a batch is
being written the next one gathers: that is the group commit.

A *bug* in deciding touches one event: what was decided before it is committed and performed, the event goes into the journal
as poisoned, the state is built again from the journal without it (the failed attempt may have left it half changed), and
the turn goes on with the next event.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from cordboard.core.commands import Command
from cordboard.core.engine import Decision, Engine
from cordboard.core.events import LinesReconciled, Recovered, Woke
from cordboard.core.facts import Fact, Recorded
from cordboard.core.state import State
from cordboard.db.database import OUTAGES
from cordboard.errors import CordboardError, LeaseLost
from cordboard.runtime.clock import Clock
from cordboard.runtime.codec import Codec
from cordboard.runtime.dispatch import Dispatch
from cordboard.runtime.inbox import Posted, TenantInbox
from cordboard.runtime.journal import Entry, Journal, fact_row
from cordboard.runtime.leases import Lease
from cordboard.runtime.measures import Measures
from cordboard.runtime.ports import Batch, Outcome
from cordboard.runtime.recovery import Recovery
from cordboard.runtime.snapshots import Every, Snapshots
from cordboard.runtime.timers import Timers

log = structlog.get_logger(__name__)

LARGEST_BATCH = 256

STALLED = timedelta(seconds=1)
"""A wake that is this late was slept through: the process was stopped, or the database was away."""
HEARD_AFTER_STALL_SECONDS = 0.2
HEARD_AFTER_RECOVERY_SECONDS = 3.0
"""So long late wakes wait, so that what happened meanwhile is heard before (a phone was picked up before its time ran out)."""


class DecidingFailed(CordboardError):
    """Cordboard could not decide on this. It has been recorded, and nothing else is touched by it."""

    code = "deciding_failed"


@dataclass(frozen=True, slots=True)
class Parts:
    """What every tenant's runtime works with; one for the whole server."""

    clock: Clock
    codec: Codec
    recovery: Recovery
    snapshots: Snapshots
    dispatch: Dispatch
    measures: Measures
    publish: Callable[[Batch], None]
    snapshot_every: Every = field(default_factory=Every)


@dataclass(slots=True)
class _Turn:
    """What a turn has decided so far and not yet committed."""

    entries: list[Entry] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    recorded: list[Recorded] = field(default_factory=list)
    settled: list[tuple[Posted, Outcome]] = field(default_factory=list)


class TenantRuntime:
    """`recover` it, then `run` it; `stop` lets it finish what waits and keep a snapshot."""

    def __init__(self, parts: Parts, lease: Lease, journal: Journal, inbox: TenantInbox) -> None:
        self.tenant_id = lease.tenant_id
        self.inbox = inbox
        self.lease = lease
        self._parts = parts
        self._journal = journal
        self._engine: Engine | None = None
        self._timers = Timers()
        self._last_seq = lease.last_seq
        self._performed_seq = lease.performed_seq
        self._snapshot_seq = 0
        self._snapshot_at = parts.clock.now()
        self._storing: asyncio.Task[None] | None = None  # a snapshot, while deciding goes on
        self._stopping = False
        self._resting = False
        self._alarm: asyncio.TimerHandle | None = None
        self._broken_wakes: set[str] = set()
        self._ahead = timedelta()
        self._wakes_held_until: float | None = None  # monotonic

    @property
    def state(self) -> State | None:
        """The live state, to be read between turns and never changed; None before `recover`."""
        return None if self._engine is None else self._engine.state

    @property
    def last_seq(self) -> int:
        return self._last_seq

    @property
    def quiet(self) -> bool:
        """Nothing waits, and nothing is being decided, committed, performed or stored."""
        return self._resting and not self.inbox.stirred and self._storing is None

    async def recover(self) -> None:
        """Builds the state from the journal, performs what may not have been, and puts `Recovered` before all else."""
        started = self._parts.clock.monotonic()
        unconfirmed = await self._rebuild()
        self._parts.dispatch.perform(self.tenant_id, self._timers, unconfirmed)
        self._confirm(self._last_seq)
        if self._last_seq:
            self.inbox.post_first(Recovered())
            self._wakes_held_until = self._parts.clock.monotonic() + HEARD_AFTER_RECOVERY_SECONDS
        log.info(
            "tenant_recovered",
            tenant=self.tenant_id,
            seq=self._last_seq,
            replayed=self._last_seq - self._snapshot_seq,
            repeated=len(unconfirmed),
            seconds=round(self._parts.clock.monotonic() - started, 3),
        )

    async def run(self) -> None:
        """Decides until `stop`. Raises `LeaseLost` when another server has taken over."""
        try:
            while not (self._stopping and self.inbox.depth == 0):
                self._set_alarm()
                self._resting = True
                await self.inbox.wait()
                self._resting = False
                for key in self._take_due():
                    self.inbox.post(Woke(key))
                if waiting := self.inbox.take(LARGEST_BATCH):
                    await self._turn(waiting)
                self._snapshot_if_due()
            await self._until_settled()
        except BaseException:
            if self._storing is not None:
                self._storing.cancel()
            raise
        finally:
            if self._alarm is not None:
                self._alarm.cancel()

    async def _until_settled(self) -> None:
        """What was asked for is written down before the last snapshot; after a while the next start repeats it instead."""
        for _ in range(100):
            if self._parts.dispatch.settled(self.tenant_id):
                return
            await asyncio.sleep(0.05)

    def stop(self) -> None:
        """Makes `run` return once nothing waits."""
        self._stopping = True
        self.inbox.wake()

    async def keep_snapshot(self) -> None:
        """Stores the present state. Only between turns."""
        if self._storing is not None:
            await asyncio.wait([self._storing])
        snapshot = self._snapshot()
        if snapshot is not None:
            await self._store(*snapshot)

    def _snapshot(self) -> tuple[int, datetime, bytes] | None:
        """The present state, encoded, with its place and instant; None when there is nothing that may be stored."""
        self._confirm(self._last_seq)
        if self.state is None or self._last_seq in (self._snapshot_seq, 0):
            return None
        if self._performed_seq != self._last_seq:
            return None  # a start from this snapshot would not perform again what may be missing
        return self._last_seq, self._now(), self._parts.snapshots.encode(self.state)

    async def _store(self, seq: int, at: datetime, body: bytes) -> None:
        await self._parts.snapshots.store(self.lease, seq, at, body)
        self._snapshot_seq, self._snapshot_at = seq, at

    @property
    def performed_seq(self) -> int:
        return self._performed_seq

    # -- one turn

    async def _turn(self, waiting: Sequence[Posted]) -> None:
        measures = self._parts.measures
        measures.events.inc(len(waiting))
        measures.lag.observe(self._parts.clock.monotonic() - waiting[0].posted_at)
        try:
            await self._decide_all(waiting)
        except BaseException:
            for posted in waiting:
                posted.settle(LeaseLost())  # those who were told already keep what they were told
            raise

    async def _decide_all(self, waiting: Sequence[Posted]) -> None:
        turn = _Turn()
        for posted in waiting:
            try:
                self._decide(turn, posted)
            except Exception as bug:  # noqa: BLE001  # logged there, with the contact
                await self._finish(turn)
                await self._isolate(posted, bug)
                turn = _Turn()
        await self._finish(turn)

    def _decide(self, turn: _Turn, posted: Posted) -> None:
        assert self._engine is not None  # `recover` comes before `run`
        now = self._now()
        seq = self._last_seq + 1
        decision: Decision = self._engine.handle(posted.event, now, seq)
        entry, recorded = self._record(posted, decision, now, seq)
        self._last_seq = seq
        turn.entries.append(entry)
        turn.recorded.extend(recorded)
        turn.commands.extend(decision.commands)
        if isinstance(posted.event, LinesReconciled):
            self._wakes_held_until = None
        turn.settled.append((posted, Outcome(seq, decision.refusal, decision.contact_id)))

    def _record(
        self, posted: Posted, decision: Decision, now: datetime, seq: int
    ) -> tuple[Entry, list[Recorded]]:
        codec = self._parts.codec
        kind, body = codec.write_event(posted.event)
        facts: Sequence[Fact] = decision.facts
        entry = Entry(seq, now, kind, body, tuple(fact_row(codec, fact) for fact in facts))
        return entry, [Recorded(seq, ordinal, now, fact) for ordinal, fact in enumerate(facts)]

    async def _finish(self, turn: _Turn) -> None:
        """Commit, perform, tell."""
        if not turn.entries:
            return
        started = self._parts.clock.monotonic()
        self._confirm(turn.entries[0].seq - 1)
        await self._journal.append(turn.entries, self._performed_seq)
        self._parts.measures.commit.observe(self._parts.clock.monotonic() - started)
        self._parts.dispatch.perform(self.tenant_id, self._timers, turn.commands)
        last = turn.entries[-1]
        self._confirm(last.seq)
        for posted, outcome in turn.settled:
            posted.settle(outcome)
        contact_ids = frozenset(outcome.contact_id for _, outcome in turn.settled if outcome.contact_id)
        self._parts.publish(Batch(self.tenant_id, last.seq, tuple(turn.recorded), last.at, contact_ids))

    def _confirm(self, seq: int) -> None:
        """All commands up to `seq` are surely performed, unless some are still being written down: then a crash repeats them."""
        if self._parts.dispatch.settled(self.tenant_id):
            self._performed_seq = seq

    # -- bugs

    async def _isolate(self, posted: Posted, bug: Exception) -> None:
        event = posted.event
        log.error(
            "deciding_failed",
            tenant=self.tenant_id,
            seq=self._last_seq + 1,
            event_kind=type(event).__name__,
            contact=getattr(event, "contact_id", None),
            exc_info=bug,
        )
        self._parts.measures.poisoned.inc()
        if isinstance(event, Woke):
            self._broken_wakes.add(event.key)
        await self._journal.append([self._poisoned(posted)], self._performed_seq)
        self._last_seq += 1
        await self._rebuild()
        posted.settle(DecidingFailed())

    def _poisoned(self, posted: Posted) -> Entry:
        codec = self._parts.codec
        now = self._now()
        try:
            kind, body = codec.write_event(posted.event)
        except Exception:  # what can not even be written down is kept by its kind alone
            log.exception("event_unwritable", tenant=self.tenant_id)
            kind, body = codec.events.name(posted.event), "{}"
        return Entry(self._last_seq + 1, now, kind, body, poisoned=True)

    async def _rebuild(self) -> tuple[Command, ...]:
        """The state from the journal, however long the database is away. Gives the commands not surely performed."""
        while True:
            try:
                rebuilt = await self._parts.recovery.rebuild(self.tenant_id, self._performed_seq)
            except OUTAGES as error:
                log.error("rebuild_waits_for_database", tenant=self.tenant_id, error=type(error).__name__)
                await asyncio.sleep(0.5)
                continue
            break
        self._engine = rebuilt.engine
        self._last_seq = rebuilt.last_seq
        self._snapshot_seq = rebuilt.snapshot_seq
        if rebuilt.last_at is not None and rebuilt.last_at > self._now():
            self._ahead += rebuilt.last_at - self._now()
            log.error("clock_behind_journal", tenant=self.tenant_id, seconds=self._ahead.total_seconds())
        wakes = {key: at for key, at in rebuilt.engine.state.wakes.items() if key not in self._broken_wakes}
        self._timers = Timers(wakes)
        return rebuilt.unconfirmed

    # -- time

    def _now(self) -> datetime:
        """The clock's instant, or later: time goes on from the journal's end when the clock was set back meanwhile."""
        return self._parts.clock.now() + self._ahead

    def _take_due(self) -> list[str]:
        """The wakes whose instant has come. Those that were slept through wait until the outside was heard."""
        now, monotonic = self._now(), self._parts.clock.monotonic()
        at = self._timers.next_at()
        if at is None or at > now:
            return []
        if self._wakes_held_until is None and now - at > STALLED:
            self._wakes_held_until = monotonic + HEARD_AFTER_STALL_SECONDS
        if self._wakes_held_until is not None and monotonic < self._wakes_held_until:
            return []
        self._wakes_held_until = None
        return self._timers.take_due(now)

    def _set_alarm(self) -> None:
        """Wakes the loop at the next timer's instant."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        at = self._timers.next_at()
        if at is not None:
            held = (self._wakes_held_until or 0.0) - self._parts.clock.monotonic()
            seconds = max(0.0, held, (at - self._now()).total_seconds())
            self._alarm = asyncio.get_running_loop().call_later(min(seconds, 3600.0), self.inbox.wake)

    def _snapshot_if_due(self) -> None:
        """Large centres take a tenth of a second to store: deciding goes on meanwhile."""
        every = self._parts.snapshot_every
        behind = self._last_seq - self._snapshot_seq
        if behind == 0 or self._storing is not None:
            return
        if behind < every.events and self._now() - self._snapshot_at < every.time:
            return
        snapshot = self._snapshot()
        if snapshot is not None:
            storing = self._store_beside(*snapshot)
            self._storing = asyncio.create_task(storing, name=f"snapshot of {self.tenant_id}")

    async def _store_beside(self, seq: int, at: datetime, body: bytes) -> None:
        try:
            await self._store(seq, at, body)
        except OUTAGES as error:
            log.error("snapshot_failed", tenant=self.tenant_id, error=type(error).__name__)
            self._snapshot_at = self._now()
        finally:
            self._storing = None
