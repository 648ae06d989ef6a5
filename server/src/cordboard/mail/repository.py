"""Rows of mails and drafts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cordboard.db.database import Connection, Record
from cordboard.mail import tables


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it lies in its row. `recipients`, `attachments` and `headers` are read already."""

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
    recipients: list[dict[str, str]]
    subject: str
    sent_at: datetime | None
    received_at: datetime
    text: str
    html: str
    quoted_text: str
    signature_text: str
    language: str
    kind: str
    attachments: list[dict[str, object]]
    headers: dict[str, object]
    reason: str
    agent_id: str | None


@dataclass(frozen=True, slots=True)
class NewOutgoing:
    """What is to be written into a row of ours."""

    inbox_id: str
    contact_id: int | None
    thread_id: int | None  # None: its own
    sender: str
    sender_name: str
    recipients: Sequence[Mapping[str, str]]
    subject: str
    text: str
    html: str
    language: str
    agent_id: str
    at: datetime
    in_reply_to: str = ""
    refs: Sequence[str] = ()
    quoted_text: str = ""
    attachments: Sequence[Mapping[str, object]] = ()
    headers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftRow:
    version: int
    body: dict[str, object]
    person_id: str
    person_name: str
    saved_at: datetime


async def find_mail(connection: Connection, mail_id: int) -> Mail | None:
    row = await connection.fetchrow(tables.FIND_MAIL, mail_id)
    return None if row is None else _mail(row)


async def thread_of(connection: Connection, contact_id: int) -> int | None:
    found: int | None = await connection.fetchval(tables.THREAD_OF_CONTACT, contact_id)
    return found


async def mails_of_thread(connection: Connection, thread_id: int, contact_id: int) -> list[Mail]:
    """Oldest first: the thread's, and the contact's that came by another way (an expert's)."""
    return [_mail(row) for row in await connection.fetch(tables.MAILS_OF_THREAD, thread_id, contact_id)]


async def add_outgoing(connection: Connection, tenant_id: str, new: NewOutgoing) -> int:
    """Its number. It does not leave before the core says so."""
    mail_id = int(await connection.fetchval(tables.NEXT_ID, tenant_id))
    await connection.execute(
        tables.ADD_OUTGOING,
        tenant_id,
        mail_id,
        new.inbox_id,
        new.contact_id,
        new.thread_id or mail_id,
        new.in_reply_to,
        list(new.refs),
        new.sender,
        new.sender_name,
        json.dumps(list(new.recipients)),
        new.subject,
        new.at,
        new.text,
        new.html,
        new.quoted_text,
        new.language,
        json.dumps(list(new.attachments)),
        json.dumps(dict(new.headers)),
        new.agent_id or None,
    )
    return mail_id


async def lock_key(connection: Connection, tenant_id: str, key: str) -> None:
    """Until the transaction ends nobody else makes a mail of this key."""
    await connection.execute(tables.LOCK_KEY, tenant_id, key)


async def is_undecided(connection: Connection, mail_id: int) -> bool:
    """Its row was written, and no decision of the core about it has been committed."""
    return bool(await connection.fetchval(tables.IS_UNDECIDED, mail_id))


async def find_by_key(connection: Connection, key: str) -> tuple[int, int | None] | None:
    row = await connection.fetchrow(tables.FIND_BY_KEY, key)
    return None if row is None else (row["id"], row["contact_id"])


async def find_draft(connection: Connection, contact_id: int) -> DraftRow | None:
    row = await connection.fetchrow(tables.FIND_DRAFT, contact_id)
    if row is None:
        return None
    return DraftRow(
        row["version"], json.loads(row["body"]), row["person_id"], row["person_name"], row["saved_at"]
    )


async def save_draft(connection: Connection, tenant_id: str, contact_id: int, draft: DraftRow) -> int | None:
    """The new version; None when the stored one is not `draft.version` (a negative one: whatever it is)."""
    version: int | None = await connection.fetchval(
        tables.SAVE_DRAFT,
        tenant_id,
        contact_id,
        json.dumps(draft.body),
        draft.person_id,
        draft.person_name,
        draft.saved_at,
        draft.version,
    )
    return version


def _mail(row: Record) -> Mail:
    values = dict(row.items())
    for name in ("recipients", "attachments", "headers"):
        values[name] = json.loads(values[name])
    return Mail(**values)
