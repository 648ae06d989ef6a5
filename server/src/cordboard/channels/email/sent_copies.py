"""Puts what has been sent into the mailbox's folder of sent mail, after the sending and apart from it.

A copy is asked for in the transaction that records the sending, so a crash loses none. It is looked for by Message-ID before it is
put there, so a crash between putting and recording, and a server that keeps what it sends by itself, lead to no second one. (Only a
server whose search does not find what was just put there could have it twice.) A mailbox that does not let us is tried for two days.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from cordboard.blobs.store import BlobStore
from cordboard.channels.email import tables
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.sent_folder import OUTAGES, SentFolder, keeps_copies
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.db.database import Connection, Database
from cordboard.runtime.clock import Clock

log = structlog.get_logger(__name__)

AT_ONCE = 20
FIRST_AFTER = timedelta(seconds=5)
"""Servers that keep what they send have done so by then."""
DELAYS = (
    60,
    300,
    900,
    3600,
    3 * 3600,
    12 * 3600,
    24 * 3600,
)  # seconds until the next try; then it is given up


@dataclass(frozen=True, slots=True)
class _Copy:
    mail_id: int
    attempts: int
    message_id: str
    raw_hash: str
    sent_at: datetime


async def ask_for_copy(connection: Connection, inbox: InboxSettings, mail_id: int, now: datetime) -> None:
    """In the transaction that records the sending."""
    if keeps_copies(inbox):
        await connection.execute(tables.ADD_SENT_COPY, inbox.tenant_id, mail_id, inbox.id, now + FIRST_AFTER)


class SentCopies:
    def __init__(self, database: Database, clock: Clock, store: BlobStore, tokens: AccessTokens) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._tokens = tokens

    async def run(self, inboxes: Mapping[tuple[str, str], InboxSettings]) -> int:
        """How many were dealt with: a few of each inbox, all inboxes at the same time."""
        due = [inbox for inbox in inboxes.values() if keeps_copies(inbox)]
        counts = await asyncio.gather(*(self._some(inbox) for inbox in due))
        return sum(counts)

    async def _some(self, inbox: InboxSettings) -> int:
        async with self._database.tenant(inbox.tenant_id) as connection:
            rows = await connection.fetch(tables.DUE_SENT_COPIES, inbox.id, self._clock.now(), AT_ONCE)
        if not rows:
            return 0
        copies = [_Copy(**dict(row.items())) for row in rows]
        done: list[int] = []
        failed = ""
        try:
            await asyncio.to_thread(self._put, inbox, copies, done)
        except OUTAGES as error:
            failed = f"{type(error).__name__}: {error}"[:500]
            log.warning(
                "sent_copy_deferred", tenant=inbox.tenant_id, inbox=inbox.id, error=type(error).__name__
            )
        await self._record(inbox, copies, done, failed)
        return len(done)

    def _put(self, inbox: InboxSettings, copies: Sequence[_Copy], done: list[int]) -> None:
        with SentFolder(inbox, self._tokens) as folder:
            for copy in copies:
                try:
                    content = self._store.read(inbox.tenant_id, copy.raw_hash)
                except FileNotFoundError:
                    content = b""  # erased meanwhile: nothing to keep a copy of
                if content and copy.message_id:
                    folder.put(copy.message_id, content, copy.sent_at)
                done.append(copy.mail_id)

    async def _record(
        self, inbox: InboxSettings, copies: Sequence[_Copy], done: Sequence[int], failed: str
    ) -> None:
        now = self._clock.now()
        async with self._database.tenant(inbox.tenant_id) as connection:
            await connection.execute(tables.DROP_SENT_COPIES, list(done))
            for copy in copies:
                if copy.mail_id in done:
                    continue
                if copy.attempts >= len(DELAYS):
                    await connection.execute(tables.DROP_SENT_COPIES, [copy.mail_id])
                    subject = str(copy.mail_id)
                    log.error("incident", tenant=inbox.tenant_id, kind="sent_copy_given_up", subject=subject)
                    continue
                again = now + timedelta(seconds=DELAYS[copy.attempts])
                await connection.execute(tables.SENT_COPY_LATER, copy.mail_id, again, failed)
