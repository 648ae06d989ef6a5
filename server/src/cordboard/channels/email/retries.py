"""Mails that were set aside and are to be tried again, after a fix: understood anew, and arriving with a new id if they can be."""

from collections.abc import Sequence

import structlog

from cordboard.blobs.store import Blob
from cordboard.channels.email import repository, tables
from cordboard.channels.email.arrival import Arrivals, Item
from cordboard.channels.email.digest import Raw
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.workers import Understanding
from cordboard.db.database import Database

log = structlog.get_logger(__name__)

AT_ONCE = 20


class Retries:
    """`run` does what is asked for at present."""

    def __init__(self, database: Database, understanding: Understanding, arrivals: Arrivals) -> None:
        self._database = database
        self._understanding = understanding
        self._arrivals = arrivals

    async def run(self, inboxes: Sequence[InboxSettings]) -> int:
        """How many were tried."""
        by_key = {inbox.key: inbox for inbox in inboxes}
        tried = 0
        for tenant_id in {inbox.tenant_id for inbox in inboxes}:
            async with self._database.tenant(tenant_id) as connection:
                rows = await connection.fetch(tables.TO_RETRY, AT_ONCE)
            for row in rows:
                fallback = InboxSettings(tenant_id, row["inbox_id"], "")
                inbox = by_key.get((tenant_id, row["inbox_id"]), fallback)
                await self._try(inbox, int(row["id"]), Blob(row["raw_hash"], int(row["size"])))
                tried += 1
        return tried

    async def _try(self, inbox: InboxSettings, mail_id: int, raw: Blob) -> None:
        mail = Raw(inbox.tenant_id, raw, inbox.languages, inbox.language)
        (digest,) = await self._understanding.digest_all([mail])
        if digest.understood is None:
            async with self._database.tenant(inbox.tenant_id) as connection:
                await repository.set_state(connection, mail_id, "set_aside", digest.reason)
            return
        # Its keys are in `mail_seen` already; a mail without keys is new by itself. Old row and new one change places at once.
        await self._arrivals.replace(inbox, mail_id, Item(raw, (), digest))
        log.info("mail_understood_after_all", tenant=inbox.tenant_id, mail=mail_id)
