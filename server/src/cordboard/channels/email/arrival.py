"""Storing what came in: one transaction for several mails, in order, with the bookmark and with what they are recognised by.

Nothing is doubled: a mail's keys (the hash of its bytes, its UIDL) are inserted in the same transaction, and whose key is there
already is known. Nothing is lost: the bookmark moves in that transaction too, and only from where the fetcher began.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import structlog

from cordboard.blobs import tables as blob_tables
from cordboard.blobs.store import Blob
from cordboard.channels.email import repository, tables
from cordboard.channels.email.attachment_texts import ask_for_texts
from cordboard.channels.email.authentication import verdict
from cordboard.channels.email.bounces import link_bounce
from cordboard.channels.email.digest import Digest
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.repository import BookmarkRow, MailRow
from cordboard.channels.email.threads import Threading, find_thread, subject_key
from cordboard.channels.email.understanding import MailKind, Understood, may_be_answered_automatically
from cordboard.db.database import OUTAGES, Connection, Database
from cordboard.runtime.clock import Clock

log = structlog.get_logger(__name__)

KEPT_HEADERS = 40


class BookmarkMoved(Exception):
    """Somebody else has fetched this folder meanwhile: begin anew from the bookmark."""


@dataclass(frozen=True, slots=True)
class Item:
    """A mail to be stored. `keys` name it for certain: the first that is known already makes it known."""

    raw: Blob
    keys: tuple[str, ...]
    digest: Digest
    perhaps_known: bool = False  # after a change of UIDVALIDITY: known by its Message-ID too


@dataclass(frozen=True, slots=True)
class Step:
    """The bookmark as the fetcher found it, and where it is to be."""

    before: BookmarkRow | None
    after: BookmarkRow


@dataclass(slots=True)
class Stored:
    """How many are new, and how many were known."""

    ids: list[int] = field(default_factory=list)
    known: int = 0
    set_aside: int = 0


class Arrivals:
    """Stores mails of all tenants. `told(tenant_id)` is called after each commit that brought something."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        token_key: bytes,
        told: Callable[[str], None],
        trusted_filter: str = "",
    ) -> None:
        """`trusted_filter`: whose Authentication-Results are believed."""
        self._trusted_filter = trusted_filter
        self._database = database
        self._clock = clock
        self._token_key = token_key
        self._told = told

    async def store(self, inbox: InboxSettings, items: Sequence[Item], step: Step | None = None) -> Stored:
        """All or nothing. Raises `BookmarkMoved`, and what the database raises when it is away."""
        try:
            stored = await self._store(inbox, items, step)
        except OUTAGES:
            raise
        except (
            asyncpg.DataError,
            asyncpg.ProgramLimitExceededError,
            asyncpg.IntegrityConstraintViolationError,
        ):
            # One of them holds what the database does not take: alone each shows whether it is the one.
            log.exception("mail_not_storable", tenant=inbox.tenant_id, inbox=inbox.id, mails=len(items))
            safe = [await self._safe(inbox, item) for item in items]
            stored = await self._store(inbox, safe, step)
        if stored.ids:
            self._told(inbox.tenant_id)
        return stored

    async def replace(self, inbox: InboxSettings, mail_id: int, item: Item) -> int | None:
        """A mail that was set aside arrives after all, with a new id. None when it is not set aside any more."""
        now = self._clock.now()
        async with self._database.tenant(inbox.tenant_id) as connection:
            if await connection.fetchval(tables.DELETE_SET_ASIDE, mail_id) is None:
                return None
            await _keep_blobs(connection, inbox.tenant_id, [item], now)
            (new_id,) = await repository.next_ids(connection, inbox.tenant_id)
            row = await self._row(connection, new_id, inbox, item)
            await repository.add_mail(connection, inbox.tenant_id, row)
            await _after_adding(connection, inbox.tenant_id, row, item, now)
            await ask_for_texts(connection, inbox, row, now)
        self._told(inbox.tenant_id)
        return new_id

    async def _store(self, inbox: InboxSettings, items: Sequence[Item], step: Step | None) -> Stored:
        now, tenant_id, inbox_id = self._clock.now(), inbox.tenant_id, inbox.id
        stored = Stored()
        async with self._database.tenant(tenant_id) as connection:
            if step is not None:
                await _check_bookmark(connection, inbox_id, step)
            fresh = await self._new_ones(connection, tenant_id, inbox_id, items, step)
            stored.known = len(items) - len(fresh)
            if fresh:
                await _keep_blobs(connection, tenant_id, fresh, now)
                for mail_id, item in zip(
                    await repository.next_ids(connection, tenant_id, len(fresh)), fresh, strict=True
                ):
                    row = await self._row(connection, mail_id, inbox, item)
                    await repository.add_mail(connection, tenant_id, row)
                    await _after_adding(connection, tenant_id, row, item, now)
                    await ask_for_texts(connection, inbox, row, now)
                    stored.ids.append(mail_id)
                    stored.set_aside += row.state == "set_aside"
            if step is not None:
                after = step.after
                await connection.execute(
                    tables.SAVE_BOOKMARK,
                    tenant_id,
                    inbox_id,
                    after.folder,
                    after.uid_validity,
                    after.uid_next,
                    after.listed_until,
                    now,
                    after.since,
                )
        return stored

    async def _new_ones(
        self, connection: Connection, tenant_id: str, inbox_id: str, items: Sequence[Item], step: Step | None
    ) -> list[Item]:
        """Inserts their keys; those of which no key was there. Who inserts the same key at the same time waits for us."""
        keys = list(dict.fromkeys(key for item in items for key in item.keys))
        if not keys:
            return list(items)
        rows = await connection.fetch(tables.ADD_SEEN_ALL, tenant_id, inbox_id, keys, self._clock.now())
        new = {row["key"] for row in rows}
        known = await _known_by_message_id(connection, inbox_id, items, step)
        fresh = []
        for item in items:
            read = item.digest.understood
            if not new.issuperset(item.keys):
                continue
            if item.perhaps_known and read is not None and read.message_id in known:
                continue
            new.difference_update(item.keys)  # the same bytes twice in one batch
            fresh.append(item)
        return fresh

    async def _safe(self, inbox: InboxSettings, item: Item) -> Item:
        """The same, or set aside when its row can not be written."""
        if item.digest.understood is None:
            return item
        try:
            async with self._database.tenant(inbox.tenant_id) as connection:
                row = await self._row(connection, 0, inbox, item)
                await repository.add_mail(connection, inbox.tenant_id, row)
                raise _Undo
        except _Undo:
            return item
        except asyncpg.PostgresError:
            reason = "It holds something that can not be stored. This is a defect: report it."
            return Item(item.raw, item.keys, Digest(None, reason=reason))

    async def _row(self, connection: Connection, mail_id: int, inbox: InboxSettings, item: Item) -> MailRow:
        read, now, inbox_id = item.digest.understood, self._clock.now(), inbox.id
        if read is None:
            return set_aside_row(mail_id, inbox_id, item.raw.hash, now, item.digest.reason)
        window = timedelta(days=inbox.thread_days)
        threading = Threading(inbox.tenant_id, self._token_key, window)
        match = await find_thread(connection, read, threading, now)
        return MailRow(
            id=mail_id,
            direction="in",
            inbox_id=inbox_id,
            state="stored",
            contact_id=match.contact_id,
            thread_id=match.thread_id or mail_id,
            raw_hash=item.raw.hash,
            message_id=read.message_id,
            in_reply_to=read.in_reply_to[0] if read.in_reply_to else "",
            refs=list(read.references),
            sender=read.sender.address,
            sender_name=read.sender.name,
            recipients=json.dumps(
                [{"kind": one.kind, "address": one.address, "name": one.name} for one in read.recipients]
            ),
            subject=read.subject,
            subject_key=subject_key(read.subject),
            sent_at=read.sent_at,
            received_at=now,
            text=read.text,
            html=read.html,
            quoted_text=read.quoted_text,
            signature_text=read.signature_text,
            language=read.language,
            kind=str(read.kind),
            spam_score=read.spam_score,
            attachments=json.dumps(item.digest.attachments),
            headers=json.dumps(headers_of(read, self._trusted_filter)),
            reason="",
        )


class _Undo(Exception):
    """Rolls a trial back."""


async def _check_bookmark(connection: Connection, inbox_id: str, step: Step) -> None:
    row = await connection.fetchrow(tables.FIND_BOOKMARK + " FOR UPDATE", inbox_id, step.after.folder)
    present = None if row is None else BookmarkRow(**dict(row.items()))
    if present != step.before:
        raise BookmarkMoved


async def _known_by_message_id(
    connection: Connection, inbox_id: str, items: Sequence[Item], step: Step | None
) -> set[str]:
    """Of those that may be known after a change of UIDVALIDITY: the Message-IDs that were here before it."""
    read = [item.digest.understood for item in items if item.perhaps_known]
    doubtful = [one.message_id for one in read if one is not None and one.message_id]
    if step is None or not doubtful:
        return set()
    begins = step.before is None or step.before.uid_validity != step.after.uid_validity
    rows = await connection.fetch(tables.FIND_BY_MESSAGE_ID, inbox_id, doubtful, begins, step.after.folder)
    return {row["message_id"] for row in rows}


async def _keep_blobs(connection: Connection, tenant_id: str, items: Sequence[Item], now: datetime) -> None:
    blobs = [(item.raw, "message/rfc822") for item in items]
    blobs += [one for item in items for one in item.digest.blobs]
    await connection.executemany(
        blob_tables.ADD_BLOB,
        # In one order for all, so that two transactions never wait for each other.
        [
            (tenant_id, blob.hash, blob.size, media_type, now)
            for blob, media_type in sorted(blobs, key=lambda one: one[0].hash)
        ],
    )


def set_aside_row(mail_id: int, inbox_id: str, raw_hash: str, received_at: datetime, reason: str) -> MailRow:
    """A mail of which only the raw bytes are kept, and why."""
    return MailRow(
        id=mail_id,
        direction="in",
        inbox_id=inbox_id,
        state="set_aside",
        contact_id=None,
        thread_id=None,
        raw_hash=raw_hash,
        message_id="",
        in_reply_to="",
        refs=[],
        sender="",
        sender_name="",
        recipients="[]",
        subject="",
        subject_key="",
        sent_at=None,
        received_at=received_at,
        text="",
        html="",
        quoted_text="",
        signature_text="",
        language="",
        kind="person",
        spam_score=None,
        attachments="[]",
        headers="{}",
        reason=reason,
    )


def headers_of(read: Understood, trusted_filter: str = "") -> dict[str, object]:
    """What a row keeps of the headers, and what reading has found out beside the words."""
    kept: dict[str, object] = dict(read.headers[:KEPT_HEADERS])
    kept["reply_to"] = [one.address for one in read.reply_to]
    kept["auto_submitted"] = read.auto_submitted
    kept["sender_check"] = verdict(read.header("authentication-results"), trusted_filter, read.sender.address)
    kept["not_to_answer"] = may_be_answered_automatically(read).reason
    if read.protection:
        kept["protection"] = read.protection
    kept["repaired"] = list(read.repaired)
    return kept


async def _after_adding(
    connection: Connection, tenant_id: str, row: MailRow, item: Item, now: datetime
) -> None:
    read = item.digest.understood
    if row.state == "set_aside":
        log.error("incident", tenant=tenant_id, kind="mail_set_aside", subject=str(row.id), detail=row.reason)
    elif read is not None and read.kind == MailKind.BOUNCE and read.bounce is not None:
        await link_bounce(connection, tenant_id, read.bounce, now)
