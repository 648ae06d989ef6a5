"""The state as the journal says it is: the newest snapshot, and the events after it decided once more.

Nothing is performed while replaying, and the facts that come out are dropped: those that were recorded stay as they are.
An event on which deciding fails is left out, as if it had never come, and the replay begins again without it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from cordboard.core.commands import Command
from cordboard.core.engine import Engine
from cordboard.core.events import Event
from cordboard.core.state import State
from cordboard.db.database import Connection, Database
from cordboard.runtime.codec import Codec
from cordboard.runtime.snapshots import Snapshots

log = structlog.get_logger(__name__)

MakeEngine = Callable[[State], Engine]

_TAIL = """
SELECT seq, at, kind, version, poisoned, body::text AS body FROM journal
WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
"""
_PAGE = 2_000


class JournalDamaged(RuntimeError):
    """The journal has a hole: it can not be replayed past it."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`unconfirmed` are the commands of events after `performed_seq`: perhaps performed before the crash, perhaps not."""

    engine: Engine
    last_seq: int
    last_at: datetime | None
    unconfirmed: tuple[Command, ...]
    replayed: int
    snapshot_seq: int


class Recovery:
    """Rebuilds the state of any tenant."""

    def __init__(
        self, database: Database, codec: Codec, snapshots: Snapshots, make_engine: MakeEngine
    ) -> None:
        self._database = database
        self._codec = codec
        self._snapshots = snapshots
        self._make_engine = make_engine

    async def rebuild(self, tenant_id: str, performed_seq: int) -> Rebuilt:
        """The state after the last journalled event."""
        left_out: set[int] = set()
        while True:
            replay = _Replay(await self._start(tenant_id), performed_seq, left_out)
            failed = await self._replay(tenant_id, replay)
            if failed is None:
                return replay.rebuilt()
            left_out.add(failed)

    async def _start(self, tenant_id: str) -> tuple[int, datetime | None, Engine]:
        found = await self._snapshots.find_newest(tenant_id)
        seq, at, state = found if found is not None else (0, None, State(tenant_id))
        return seq, at, self._make_engine(state)

    async def _replay(self, tenant_id: str, replay: "_Replay") -> int | None:
        """Runs the tail; gives the sequence number of an event on which deciding failed."""
        async with self._database.tenant(tenant_id) as connection:
            while page := await self._page(connection, tenant_id, replay.seq):
                for seq, at, event in page:
                    try:
                        replay.step(seq, at, event)
                    except JournalDamaged:
                        raise
                    except Exception:
                        log.exception("replay_failed", tenant=tenant_id, seq=seq, kind=type(event).__name__)
                        return seq
        return None

    async def _page(
        self, connection: Connection, tenant_id: str, after: int
    ) -> list[tuple[int, datetime, Event | None]]:
        rows = await connection.fetch(_TAIL, tenant_id, after, _PAGE)
        return [
            (
                row["seq"],
                row["at"],
                None if row["poisoned"] else self._codec.read_event(row["kind"], row["version"], row["body"]),
            )
            for row in rows
        ]


class _Replay:
    def __init__(
        self, start: tuple[int, datetime | None, Engine], performed_seq: int, left_out: set[int]
    ) -> None:
        self.snapshot_seq, self._at, self.engine = start
        self.seq = self.snapshot_seq
        self._performed_seq = performed_seq
        self._left_out = left_out
        self._unconfirmed: list[Command] = []

    def step(self, seq: int, at: datetime, event: Event | None) -> None:
        if seq != self.seq + 1:
            raise JournalDamaged(f"after {self.seq} comes {seq}")
        if event is not None and seq not in self._left_out:
            decision = self.engine.handle(event, at, seq)
            if seq > self._performed_seq:
                self._unconfirmed.extend(decision.commands)
        self.seq, self._at = seq, at

    def rebuilt(self) -> Rebuilt:
        replayed = self.seq - self.snapshot_seq
        return Rebuilt(self.engine, self.seq, self._at, tuple(self._unconfirmed), replayed, self.snapshot_seq)
