"""Looks a few times a day for what is too old, and lets go of it, a few hundred rows at a time.

What is worked on is never touched: mails of contacts that are open, files that a draft, an answer of the library or a published
configuration names. The same bytes may be in several mails: a file goes when nothing names it any more.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from cordboard.answers.vectors import drop_lost_vectors
from cordboard.blobs.store import BlobStore
from cordboard.db.database import OUTAGES, Database
from cordboard.index import projector
from cordboard.index.projector import drop_older
from cordboard.retention import tables
from cordboard.runtime.clock import Clock

log = structlog.get_logger()

EVERY_SECONDS = 6 * 3600.0
AT_ONCE = 500
_FIRST_AFTER = 300.0  # seconds: not in the rush of a start
_JUST_PUT = timedelta(hours=1)
NAMED_BY_NOTHING = timedelta(days=7)
"""So long an uploaded file may wait for the draft, the mail or the answer that names it."""
_FILES_EVERY = timedelta(hours=23)
_MONTH = timedelta(days=365.25 / 12)


class Retention:
    """`run` looks a few times a day, until it is cancelled."""

    def __init__(
        self,
        database: Database,
        store: BlobStore,
        tenant_ids: Callable[[], Sequence[str]],
        months: int,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._tenant_ids = tenant_ids
        self._months = months
        self._clock = clock
        self._looked_for_files: dict[str, datetime] = {}

    async def run(self) -> None:
        await asyncio.sleep(_FIRST_AFTER)
        while True:
            for tenant_id in self._tenant_ids():
                try:
                    await self.look(tenant_id)
                except OUTAGES as error:
                    log.warning("retention_later", tenant=tenant_id, error=type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self, tenant_id: str) -> None:
        now = self._clock.now()
        keep = self._months * _MONTH
        contacts = await drop_older(self._database, tenant_id, now, keep)
        mails = await self._mails(tenant_id, now - keep)
        async with self._database.tenant(tenant_id) as connection:
            await connection.execute(tables.DROP_SET_ASIDE, now - keep)
            await connection.execute(tables.DROP_CHAT_FILES, now - keep)
            await connection.execute(tables.FORGET_QUESTIONS, now - keep)
            await drop_lost_vectors(connection)
        files = await self._files_in_turn(tenant_id, now)
        if contacts or mails or files:
            log.info(
                "no_longer_online",
                tenant=tenant_id,
                contacts=contacts,
                mails=mails,
                files=files,
                months=self._months,
            )

    async def _files_in_turn(self, tenant_id: str, now: datetime) -> int:
        """Once a day: all mails are looked through for what they name."""
        last = self._looked_for_files.get(tenant_id)
        if last is not None and now - last < _FILES_EVERY:
            return 0
        self._looked_for_files[tenant_id] = now
        return await self._files(tenant_id, now - NAMED_BY_NOTHING)

    async def _mails(self, tenant_id: str, before: datetime) -> int:
        count = 0
        while True:
            async with self._database.tenant(tenant_id) as connection:
                done = await connection.execute(tables.FORGET_MAILS, before, AT_ONCE)
            changed = int(done.rpartition(" ")[2])
            count += changed
            if changed < AT_ONCE:
                return count

    async def _files(self, tenant_id: str, before: datetime) -> int:
        """Rows first: a file without a row is nobody's, a row without its file would be a broken promise."""
        count = 0
        while True:
            async with self._database.tenant(tenant_id) as connection:
                if not await connection.fetchval(tables.ANY_OLD_BLOB, before):
                    return count
                lost = [row["hash"] for row in await connection.fetch(tables.LOST_BLOBS, before, AT_ONCE)]
                gone = [row["hash"] for row in await connection.fetch(tables.DROP_BLOBS, lost, before)]
            await asyncio.to_thread(self._delete, tenant_id, gone)
            count += len(gone)
            if len(lost) < AT_ONCE:
                return count

    def _delete(self, tenant_id: str, hashes: Sequence[str]) -> None:
        put_before = self._clock.now() - _JUST_PUT
        for hash_ in hashes:
            self._store.delete_unused(tenant_id, hash_, put_before)


async def erase(database: Database, tenant_id: str, contact_ids: Sequence[int]) -> None:
    """Nothing of these contacts says any more who it was or what was said: list, search, mails, drafts, files, questions.

    Their facts are the journal's; as long as they are there, `cordboard reindex` brings list and search back. Files that nothing names
    any more go with the next look of `Retention`, when they are old enough.
    """
    await projector.erase(database, tenant_id, contact_ids)
    async with database.tenant(tenant_id) as connection:
        for statement in tables.ERASE:
            await connection.execute(statement, list(contact_ids))
