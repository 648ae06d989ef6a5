"""Texts in attachments (option D10): asked for when a mail is stored, read beside everything else, put into mail and search.

A mail never waits to be stored. Scripts may qualify by what an attachment says, so the feeder holds a mail back while its
attachments are read, for `WAIT` at most and behind it those that came later, so that the order is kept (`held_back_from`). A text
that is found later still comes into the mail and into the search.

The same file is read once for a tenant, however many mails bring it: logos in signatures would cost the most.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from cordboard.blobs.store import BlobStore
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.repository import MailRow
from cordboard.db.database import Connection, Database
from cordboard.index.projector import put_texts
from cordboard.index.texts import texts_of_mail
from cordboard.knowledge.ocr.reading import ReadState, ReadText, TextReader, can_be_read
from cordboard.runtime.clock import Clock

log = structlog.get_logger(__name__)

WAIT = timedelta(seconds=10)
SETTLED = timedelta(seconds=5)
"""A text goes into the search this long after it was found: until then its mail may be on its way into the search without it."""
AT_ONCE = 50

ASK = """
INSERT INTO mail_reading (tenant_id, mail_id, position, hash, media_type, languages, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
"""
HELD_BACK = """
SELECT min(mail_id) FROM mail_reading WHERE state = 'waiting' AND asked_at > now() - $1::interval
"""
NEXT = """
SELECT hash, media_type, languages FROM mail_reading WHERE state = 'waiting' ORDER BY asked_at, mail_id, position LIMIT 1
"""
KNOWN = """
SELECT reading.state, mail.attachments -> reading.position ->> 'text' AS text
FROM mail_reading AS reading JOIN mail ON mail.tenant_id = reading.tenant_id AND mail.id = reading.mail_id
WHERE reading.hash = $1 AND reading.state IN ('read', 'nothing', 'unreadable', 'too_long') LIMIT 1
"""
SAVE_TEXT = """
UPDATE mail SET attachments = jsonb_set(attachments, ARRAY[($2::int)::text],
    (attachments -> $2::int) || jsonb_build_object('text', $3::text, 'read', $4::text))
WHERE id = $1 AND attachments -> $2::int IS NOT NULL
"""
SAVE_STATE = """
UPDATE mail_reading SET state = $2, ended_at = $3 WHERE hash = $1 AND state = 'waiting' RETURNING mail_id, position
"""
TRY_AGAIN = "UPDATE mail_reading SET state = 'waiting' WHERE state = 'absent'"
TO_SEARCH = """
SELECT mail.id, mail.contact_id, mail.received_at, mail.language, mail.sender, mail.sender_name, mail.recipients::text AS recipients,
    mail.subject, mail.message_id, mail.text, mail.attachments::text AS attachments
FROM mail JOIN contact_index AS listed ON listed.tenant_id = mail.tenant_id AND listed.contact_id = mail.contact_id
WHERE mail.id IN (SELECT mail_id FROM mail_reading WHERE state = 'read' AND NOT searched AND ended_at < $1 ORDER BY mail_id LIMIT $2)
"""
SEARCHED = """
UPDATE mail_reading SET searched = true WHERE mail_id = ANY($1::bigint[]) AND state = 'read' AND ended_at < $2
"""


async def ask_for_texts(connection: Connection, inbox: InboxSettings, row: MailRow, now: datetime) -> int:
    """In the transaction that stores a mail: notes which of its attachments are to be read. How many they are."""
    if not inbox.ocr or row.state != "stored":
        return 0
    wanted = [
        (inbox.tenant_id, row.id, position, part["hash"], part["media_type"], list(inbox.languages), now)
        for position, part in enumerate(row.parts())
        if not part["text"] and can_be_read(part["media_type"], part["size"])
    ]
    if wanted:
        await connection.executemany(ASK, wanted)
    return len(wanted)


async def held_back_from(connection: Connection) -> int | None:
    """The first mail of the tenant that waits for its texts: it and what came behind it are not decided on yet. None: nothing waits."""
    found: int | None = await connection.fetchval(HELD_BACK, WAIT)
    return found


class AttachmentTexts:
    """`run` reads what waits, and brings into the search what was found; both a little at a time."""

    def __init__(self, database: Database, clock: Clock, store: BlobStore, reader: TextReader) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._reader = reader
        self._begun: set[str] = set()
        self._missing = ""

    async def run(self, inboxes: Iterable[InboxSettings]) -> int:
        """How many files were read, one of each tenant at most."""
        read = 0
        for tenant_id in sorted({inbox.tenant_id for inbox in inboxes if inbox.ocr}):
            if tenant_id not in self._begun:
                await self._begin(tenant_id)
            read += await self._read_next(tenant_id)
            await self._search(tenant_id)
        return read

    async def stop(self) -> None:
        await self._reader.stop()

    async def _begin(self, tenant_id: str) -> None:
        """What could not be read for want of a program is tried again: it may be there now."""
        async with self._database.tenant(tenant_id) as connection:
            await connection.execute(TRY_AGAIN)
        self._begun.add(tenant_id)

    async def _read_next(self, tenant_id: str) -> bool:
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(NEXT)
            if row is None:
                return False
            before = await connection.fetchrow(KNOWN, row["hash"])
        if before is not None:
            found = ReadText(ReadState(before["state"]), before["text"] or "")
        else:
            path = self._store.path(tenant_id, row["hash"])
            found = await self._reader.read(path, row["media_type"], row["languages"])
            self._tell(tenant_id, row["hash"], found)
        async with self._database.tenant(tenant_id) as connection:
            ended = await connection.fetch(SAVE_STATE, row["hash"], found.state.value, self._clock.now())
            for one in sorted(ended, key=lambda one: (one["mail_id"], one["position"])):
                await connection.execute(
                    SAVE_TEXT, one["mail_id"], one["position"], found.text, found.state.value
                )
        return True

    def _tell(self, tenant_id: str, file: str, found: ReadText) -> None:
        if found.state is ReadState.ABSENT and found.detail != self._missing:
            self._missing = found.detail
            log.error("incident", tenant=tenant_id, kind="ocr_absent", subject="ocr", detail=found.detail)
        elif found.state in (ReadState.TOO_LONG, ReadState.UNREADABLE):
            log.warning("attachment_not_read", tenant=tenant_id, file=file, state=found.state.value)

    async def _search(self, tenant_id: str) -> None:
        until = self._clock.now() - SETTLED
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(TO_SEARCH, until, AT_ONCE)
            if not rows:
                return
            texts = [
                text
                for row in rows
                for text in texts_of_mail(
                    row["contact_id"],
                    {
                        **dict(row.items()),
                        "recipients": json.loads(row["recipients"]),
                        "attachments": json.loads(row["attachments"]),
                    },
                )
                if text.source == "attachment"
            ]
            await put_texts(connection, texts, lambda text: text.language)
            await connection.execute(SEARCHED, [row["id"] for row in rows], until)
