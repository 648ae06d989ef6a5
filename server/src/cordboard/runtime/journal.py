"""What was decided, made durable before anything is performed: one transaction for each batch of events.

A batch is one call of the database function `journal_append`, so it costs one trip, and is guarded by the lease: the row's
epoch must be ours and its `last_seq` the one that we continue. That row also answers the question that a broken connection
leaves open: the batch is there, or it is not.

States:  COMMITTING ──failure──▶ RETRYING ──a second of failures, or disk full──▶ DEGRADED ──success──▶ COMMITTING.
While it fails, the batch is tried again as it is, without deciding again, and what comes meanwhile waits in the inbox.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import asyncpg
import structlog

from cordboard.core.facts import Fact
from cordboard.db.database import OUTAGES, Database
from cordboard.errors import LeaseLost
from cordboard.runtime.clock import Clock
from cordboard.runtime.codec import EVENT_VERSION, Codec
from cordboard.runtime.leases import Lease

log = structlog.get_logger(__name__)

_APPEND = """
SELECT journal_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
"""
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 1.0
DEGRADED_AFTER = timedelta(seconds=1)


class JournalState(StrEnum):
    COMMITTING = "committing"
    RETRYING = "retrying"
    DEGRADED = "degraded"


class JournalGap(RuntimeError):
    """The journal's end is not where this batch begins. Two deciders with one epoch, or a bug: nothing was written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One decided event, already encoded: what goes into the journal and into the facts."""

    seq: int
    at: datetime
    kind: str
    body: str
    facts: tuple["FactRow", ...] = ()
    poisoned: bool = False


@dataclass(frozen=True, slots=True)
class FactRow:
    kind: str
    contact_id: int | None
    agent_id: str | None
    queue_id: str | None
    body: str


class Journal(Protocol):
    """What the deciding task needs of a journal; `TenantJournal` is the real one."""

    async def append(self, entries: Sequence[Entry], performed_seq: int) -> None: ...


def fact_row(codec: Codec, fact: Fact) -> FactRow:
    """The fact with what it is found by. Empty ids and contact 0 mean "none"."""
    kind, body = codec.write_fact(fact)
    return FactRow(
        kind,
        getattr(fact, "contact_id", 0) or None,
        getattr(fact, "agent_id", "") or None,
        getattr(fact, "queue_id", "") or None,
        body,
    )


@dataclass(slots=True)
class _Columns:
    """A batch as arrays, one per column."""

    seqs: list[int] = field(default_factory=list)
    ats: list[datetime] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    poisoned: list[bool] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    fact_seqs: list[int] = field(default_factory=list)
    fact_ordinals: list[int] = field(default_factory=list)
    fact_ats: list[datetime] = field(default_factory=list)
    fact_kinds: list[str] = field(default_factory=list)
    fact_contacts: list[int | None] = field(default_factory=list)
    fact_agents: list[str | None] = field(default_factory=list)
    fact_queues: list[str | None] = field(default_factory=list)
    fact_bodies: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        self.seqs.append(entry.seq)
        self.ats.append(entry.at)
        self.kinds.append(entry.kind)
        self.versions.append(EVENT_VERSION)
        self.poisoned.append(entry.poisoned)
        self.bodies.append(entry.body)
        for ordinal, fact in enumerate(entry.facts):
            self.fact_seqs.append(entry.seq)
            self.fact_ordinals.append(ordinal)
            self.fact_ats.append(entry.at)
            self.fact_kinds.append(fact.kind)
            self.fact_contacts.append(fact.contact_id)
            self.fact_agents.append(fact.agent_id)
            self.fact_queues.append(fact.queue_id)
            self.fact_bodies.append(fact.body)

    def arguments(self) -> tuple[list[object], ...]:
        return tuple(getattr(self, name) for name in self.__slots__)


class TenantJournal:
    """Writes one tenant's journal under one lease."""

    def __init__(self, database: Database, lease: Lease, lasts: timedelta, clock: Clock) -> None:
        self._database = database
        self._lease = lease
        self._lasts = lasts
        self._clock = clock
        self._failing_since: float | None = None
        self.state = JournalState.COMMITTING
        self.on_state: Callable[[JournalState], None] = lambda _: None
        self.last_seq = lease.last_seq

    async def append(self, entries: Sequence[Entry], performed_seq: int) -> None:
        """Returns when the batch is durable, however long that takes. Raises `LeaseLost` and `JournalGap`."""
        columns = _Columns()
        for entry in entries:
            columns.add(entry)
        arguments = columns.arguments()
        pause = _FIRST_PAUSE
        while True:
            try:
                word = await self._write(performed_seq, arguments)
            except (asyncpg.PostgresError, *OUTAGES) as error:
                self._failed(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            self._enter(JournalState.COMMITTING)
            if word == "stale":
                raise LeaseLost
            if word == "gap":
                raise JournalGap(f"tenant {self._lease.tenant_id}, after {self.last_seq}")
            self.last_seq = entries[-1].seq
            return

    async def _write(self, performed_seq: int, arguments: tuple[list[object], ...]) -> str:
        async with self._database.plain() as connection:
            lease = self._lease
            word: str = await connection.fetchval(
                _APPEND, lease.tenant_id, lease.epoch, self.last_seq, performed_seq, self._lasts, *arguments
            )
            return word

    def _failed(self, error: Exception) -> None:
        now = self._clock.monotonic()
        if self._failing_since is None:
            self._failing_since = now
            log.error(
                "journal_write_failed",
                tenant=self._lease.tenant_id,
                error=type(error).__name__,
                sqlstate=getattr(error, "sqlstate", None),
            )
        long = now - self._failing_since >= DEGRADED_AFTER.total_seconds()
        full = isinstance(error, asyncpg.DiskFullError)
        self._enter(JournalState.DEGRADED if long or full else JournalState.RETRYING)

    def _enter(self, state: JournalState) -> None:
        if state is self.state or (state is JournalState.RETRYING and self.state is JournalState.DEGRADED):
            return
        if state is JournalState.COMMITTING and self._failing_since is not None:
            away = self._clock.monotonic() - self._failing_since
            log.info("journal_writes_again", tenant=self._lease.tenant_id, seconds=round(away, 3))
            self._failing_since = None
        self.state = state
        self.on_state(state)
