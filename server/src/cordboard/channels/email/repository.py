"""Mails as rows: ids without gaps, what arrived, what is to leave, what became of it."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import NotRequired, TypedDict

from cordboard.channels.email import tables
from cordboard.db.database import Connection, Record


class RecipientJson(TypedDict):
    kind: str  # to | cc | bcc
    address: str
    name: str


class AttachmentJson(TypedDict):
    name: str
    media_type: str
    size: int
    hash: str
    inline_id: str
    text: str
    warning: NotRequired[str]  # program | disguised | locked
    read: NotRequired[str]  # how looking for its text ended, once it has (knowledge.ocr.reading.ReadState)


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail. `text` is what is new in it; `html` is sanitised; `recipients`, `attachments` and `headers` are JSON."""

    id: int
    direction: str
    inbox_id: str
    state: str
    contact_id: int | None
    thread_id: int | None
    raw_hash: str
    message_id: str
    in_reply_to: str
    refs: list[str]
    sender: str
    sender_name: str
    recipients: str
    subject: str
    subject_key: str
    sent_at: datetime | None
    received_at: datetime
    text: str
    html: str
    quoted_text: str
    signature_text: str
    language: str
    kind: str
    spam_score: float | None
    attachments: str
    headers: str
    reason: str
    agent_id: str | None = None

    def to(self) -> list[RecipientJson]:
        found: list[RecipientJson] = json.loads(self.recipients)
        return found

    def parts(self) -> list[AttachmentJson]:
        found: list[AttachmentJson] = json.loads(self.attachments)
        return found


@dataclass(frozen=True, slots=True)
class ReportRow:
    id: int
    mail_id: int
    contact_id: int | None
    outcome: str  # sent | failed | bounced
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BookmarkRow:
    folder: str
    uid_validity: int
    uid_next: int
    listed_until: int
    since: datetime | None = None  # what arrived before is passed over


@dataclass(frozen=True, slots=True)
class InboxStateRow:
    inbox_id: str
    looked_at: datetime | None
    ok: bool
    stage: str
    sentence: str
    hint: str
    failing_since: datetime | None


async def next_ids(connection: Connection, tenant_id: str, count: int = 1) -> range:
    """The next `count` ids of mails and reports. Whoever else wants some waits until this transaction ends: take them late."""
    last = int(await connection.fetchval(tables.NEXT_IDS, tenant_id, count))
    return range(last - count + 1, last + 1)


async def add_mail(connection: Connection, tenant_id: str, row: MailRow) -> None:
    await connection.execute(tables.ADD_MAIL, tenant_id, *astuple(row))


async def add_mails(connection: Connection, tenant_id: str, rows: Sequence[MailRow]) -> None:
    await connection.executemany(tables.ADD_MAIL, [(tenant_id, *astuple(row)) for row in rows])


async def find_mail(connection: Connection, mail_id: int) -> MailRow | None:
    row = await connection.fetchrow(tables.FIND_MAIL, mail_id)
    return None if row is None else _mail(row)


async def arrived_after(connection: Connection, mail_id: int, limit: int) -> list[MailRow]:
    """What came in with a greater id and can be shown, in order."""
    return [_mail(row) for row in await connection.fetch(tables.ARRIVED_AFTER, mail_id, limit)]


async def mails_of_thread(connection: Connection, thread_id: int) -> list[MailRow]:
    return [_mail(row) for row in await connection.fetch(tables.MAILS_OF_THREAD, thread_id)]


async def mails_of_contact(connection: Connection, contact_id: int) -> list[MailRow]:
    return [_mail(row) for row in await connection.fetch(tables.MAILS_OF_CONTACT, contact_id)]


async def mails_set_aside(connection: Connection, limit: int) -> list[MailRow]:
    """Newest first."""
    return [_mail(row) for row in await connection.fetch(tables.MAILS_SET_ASIDE, limit)]


async def ask_retry(connection: Connection, mail_id: int) -> bool:
    """The mail process will try to understand it again; if it can, the mail gets a new id and arrives. False: not set aside."""
    return await connection.fetchval(tables.ASK_RETRY, mail_id) is not None


async def set_state(connection: Connection, mail_id: int, state: str, reason: str = "") -> None:
    await connection.execute(tables.SET_STATE, mail_id, state, reason)


async def set_contact(connection: Connection, mail_id: int, contact_id: int) -> None:
    await connection.execute(tables.SET_CONTACT, mail_id, contact_id)


async def add_report(connection: Connection, tenant_id: str, row: ReportRow) -> None:
    await connection.execute(tables.ADD_REPORT, tenant_id, *astuple(row))


async def reports_after(connection: Connection, report_id: int, limit: int) -> list[ReportRow]:
    rows = await connection.fetch(tables.REPORTS_AFTER, report_id, limit)
    return [ReportRow(**dict(row.items())) for row in rows]


async def add_to_outbox(
    connection: Connection, tenant_id: str, mail_id: int, inbox_id: str, not_before: datetime
) -> None:
    """The mail leaves at `not_before`. Again is the same."""
    await connection.execute(tables.ADD_TO_OUTBOX, tenant_id, mail_id, inbox_id, not_before)


async def drop_from_outbox(connection: Connection, mail_id: int) -> bool:
    """False when it is on its way already, or was never there."""
    return await connection.fetchval(tables.DROP_FROM_OUTBOX, mail_id) is not None


async def inbox_states(connection: Connection) -> list[InboxStateRow]:
    return [InboxStateRow(**dict(row.items())) for row in await connection.fetch(tables.INBOX_STATES)]


def _mail(row: Record) -> MailRow:
    return MailRow(**dict(row.items()))
