"""The whole state of a tenant, kept now and then, so that recovery has only a short tail to replay."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from cordboard import __version__
from cordboard.core.state import SCHEMA_VERSION, State
from cordboard.db.database import Database
from cordboard.runtime.codec import Codec, Undecodable
from cordboard.runtime.leases import Lease

log = structlog.get_logger(__name__)

KEPT = 3

_STORE = """
INSERT INTO snapshot (tenant_id, seq, at, schema_version, build, body)
SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT FROM lease WHERE tenant_id = $1 AND epoch = $7)
ON CONFLICT (tenant_id, seq) DO NOTHING
"""
_PRUNE = """
DELETE FROM snapshot WHERE tenant_id = $1
  AND seq < (SELECT min(seq) FROM (SELECT seq FROM snapshot WHERE tenant_id = $1 ORDER BY seq DESC LIMIT $2) AS kept)
"""
_NEWEST_FIRST = "SELECT seq, at, body FROM snapshot WHERE tenant_id = $1 ORDER BY seq DESC"


@dataclass(frozen=True, slots=True)
class Every:
    """How often: after so many events, or after such a time if there was any event."""

    events: int = 5_000
    time: timedelta = timedelta(minutes=5)


class Snapshots:
    """Stores and finds snapshots of any tenant."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self._database = database
        self._codec = codec

    def encode(self, state: State) -> bytes:
        """The state as it is now, to be stored later."""
        return self._codec.write_state(state)

    async def store(self, lease: Lease, seq: int, at: datetime, body: bytes) -> None:
        """Keeps what `encode` gave. A stale lease stores nothing."""
        async with self._database.tenant(lease.tenant_id) as connection:
            await connection.execute(
                _STORE, lease.tenant_id, seq, at, SCHEMA_VERSION, __version__, body, lease.epoch
            )
            await connection.execute(_PRUNE, lease.tenant_id, KEPT)
        log.info("snapshot_stored", tenant=lease.tenant_id, seq=seq, bytes=len(body))

    async def find_newest(self, tenant_id: str) -> tuple[int, datetime, State] | None:
        """The newest one that this build can read, with its sequence number and instant."""
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(_NEWEST_FIRST, tenant_id)
        for row in rows:
            try:
                return row["seq"], row["at"], self._codec.read_state(row["body"])
            except Undecodable as error:
                log.error("snapshot_unreadable", tenant=tenant_id, seq=row["seq"], error=str(error))
        return None
