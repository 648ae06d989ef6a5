"""Who decides for a tenant: one server at a time, by a row with an *epoch* that grows with each taking.

A lease is taken when it is free, has run out, or is ours from before a crash (same holder). Every journal write names its
epoch and fails when that is no longer the row's: a server that was stopped for an hour and wakes up can not write. One that
was stopped for longer than the lease lasts, but whom nobody has replaced, simply goes on: its epoch is still the row's.
"""

from dataclasses import dataclass
from datetime import timedelta

from cordboard.db.database import Database

LASTS = timedelta(seconds=15)
"""How long a lease lives without being renewed; journal writes renew it too."""

RENEW_EVERY = timedelta(seconds=5)

_TAKE = """
INSERT INTO lease (tenant_id, epoch, holder, expires_at) VALUES ($1, 1, $2, now() + $3)
ON CONFLICT (tenant_id) DO UPDATE SET epoch = lease.epoch + 1, holder = $2, expires_at = now() + $3
  WHERE lease.expires_at < now() OR lease.holder = $2
RETURNING epoch, last_seq, performed_seq
"""
_RENEW = "UPDATE lease SET expires_at = now() + $3 WHERE tenant_id = $1 AND epoch = $2 RETURNING 1"
_RELEASE = """
UPDATE lease SET expires_at = now() - interval '1 second', performed_seq = $3 WHERE tenant_id = $1 AND epoch = $2
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """One taking. `last_seq` is the journal's end then, `performed_seq` up to where commands were surely performed."""

    tenant_id: str
    epoch: int
    last_seq: int
    performed_seq: int


class Leases:
    """`holder` names this server on this data folder, the same after each start: after a crash it need not wait."""

    def __init__(self, database: Database, holder: str, lasts: timedelta = LASTS) -> None:
        self._database = database
        self.holder = holder
        self.lasts = lasts

    async def take(self, tenant_id: str) -> Lease | None:
        """The lease, or None while another server holds it."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(_TAKE, tenant_id, self.holder, self.lasts)
        return None if row is None else Lease(tenant_id, row["epoch"], row["last_seq"], row["performed_seq"])

    async def renew(self, lease: Lease) -> bool:
        """False when another server has taken it."""
        async with self._database.tenant(lease.tenant_id) as connection:
            return await connection.fetchval(_RENEW, lease.tenant_id, lease.epoch, self.lasts) is not None

    async def release(self, lease: Lease, performed_seq: int) -> None:
        """At a clean stop: another server may take it at once."""
        async with self._database.tenant(lease.tenant_id) as connection:
            await connection.execute(_RELEASE, lease.tenant_id, lease.epoch, performed_seq)
