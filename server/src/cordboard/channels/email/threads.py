"""Which thread an incoming mail belongs to: by our own token, by References, then by subject and sender within a window.

A **thread** is named by the id of its first mail. The ways are tried from the surest to the least sure, and the match says which
one it was (`how`), for "why?". A guess by subject never joins mails of different end-customers.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cordboard.channels.email.tokens import read_token, without_tag
from cordboard.channels.email.understanding.addresses import same_sender
from cordboard.channels.email.understanding.model import MailKind, Understood
from cordboard.channels.email.understanding.protection import ENCRYPTED
from cordboard.db.database import Connection

REPLY_MARK = re.compile(
    r"^(?:\s*(?:re|fw|fwd|tr|aw|wg|rv|rif|r|i|sv|vs|vb|antw|ref|doorst|enc|odp|pd|res|转发|回复|答复)(?:\s?\[\d{1,3}\]|\s?\(\d{1,3}\))?\s?[:：]\s*)+",
    re.IGNORECASE,
)
LIST_TAG = re.compile(r"^\s*\[[^\]]{1,40}\]\s*")
SHORTEST_SUBJECT = 4
"""Characters: two mails called "Hi" are not one conversation."""

BY_MAIL = """
SELECT thread_id, contact_id FROM mail WHERE tenant_id = $1 AND id = $2
"""
BY_MESSAGE_IDS = """
SELECT mail.thread_id, mail.contact_id, mail.message_id FROM mail
WHERE mail.tenant_id = $1 AND mail.message_id = ANY($2::text[]) AND mail.thread_id IS NOT NULL
ORDER BY mail.id DESC LIMIT 200
"""
BY_SUBJECT = """
SELECT thread_id, contact_id FROM mail
WHERE tenant_id = $1 AND subject_key = $2 AND sender = ANY($3::text[]) AND received_at >= $4 AND direction = 'in'
    AND thread_id IS NOT NULL
ORDER BY id DESC LIMIT 1
"""


HIDDEN_SUBJECTS = frozenset({"encrypted message", "encrypted email", "encrypted mail"})
"""What programs put in the place of an encrypted subject: it says nothing about the conversation."""


@dataclass(frozen=True, slots=True)
class ThreadMatch:
    """`thread_id` is None for a new thread. `how` is token, references, subject or new. `contact_id` is that of the mail found."""

    thread_id: int | None
    contact_id: int | None
    how: str


@dataclass(frozen=True, slots=True)
class Threading:
    """How a tenant's mails are joined: its key for tokens, and for how long a subject counts (0 never)."""

    tenant_id: str
    key: bytes
    window: timedelta = timedelta(days=14)


NEW = ThreadMatch(None, None, "new")


async def find_thread(
    connection: Connection, understood: Understood, threading: Threading, now: datetime
) -> ThreadMatch:
    """Looks among the tenant's mails, in and out. Bounces and automatic replies are joined by token and References only."""
    for token in understood.tokens[:20]:
        read = read_token(threading.key, token)
        if read is None or read.tenant_id != threading.tenant_id:
            continue
        row = await connection.fetchrow(BY_MAIL, threading.tenant_id, read.mail_id)
        if row is not None and row["thread_id"] is not None:
            return ThreadMatch(row["thread_id"], row["contact_id"], "token")
    by_reference = await _by_references(connection, understood, threading.tenant_id)
    if by_reference is not None:
        return by_reference
    if understood.kind in (MailKind.PERSON, MailKind.CALENDAR) and threading.window:
        return await _by_subject(connection, understood, threading, now)
    return NEW


def answered_ids(understood: Understood) -> tuple[str, ...]:
    """The Message-IDs that this mail answers, the nearest first."""
    original = (understood.bounce.original_message_id,) if understood.bounce is not None else ()
    nearest = [*original, *understood.in_reply_to, *reversed(understood.references)]
    return tuple(one for one in dict.fromkeys(nearest) if one and one != understood.message_id)


def subject_key(subject: str) -> str:
    """A subject without "Re:", list names, our tag, case and punctuation: equal in all mails of a conversation."""
    bare = without_tag(subject)
    for _ in range(5):
        shorter = LIST_TAG.sub("", REPLY_MARK.sub("", bare))
        if shorter == bare:
            break
        bare = shorter
    folded = unicodedata.normalize("NFKC", bare).casefold()
    return " ".join(re.sub(r"[^\w#]+", " ", folded).split())


def senders_like(address: str) -> Sequence[str]:
    """The ways in which one person's address may stand in the table: as it came, in lower case, without its plus-address."""
    return tuple(dict.fromkeys(one for one in (address, address.lower(), same_sender(address)) if one))


async def _by_references(
    connection: Connection, understood: Understood, tenant_id: str
) -> ThreadMatch | None:
    wanted = answered_ids(understood)
    if not wanted:
        return None
    rows = await connection.fetch(BY_MESSAGE_IDS, tenant_id, list(wanted))
    known: dict[str, ThreadMatch] = {}
    for row in rows:
        known.setdefault(row["message_id"], ThreadMatch(row["thread_id"], row["contact_id"], "references"))
    return next((known[one] for one in wanted if one in known), None)


async def _by_subject(
    connection: Connection, understood: Understood, threading: Threading, now: datetime
) -> ThreadMatch:
    key = subject_key(understood.subject)
    senders = senders_like(understood.sender.address)
    closed = understood.protection == ENCRYPTED and key in HIDDEN_SUBJECTS
    if len(key) < SHORTEST_SUBJECT or closed or not senders:
        return NEW
    since = now - threading.window
    row = await connection.fetchrow(BY_SUBJECT, threading.tenant_id, key, list(senders), since)
    return NEW if row is None else ThreadMatch(row["thread_id"], row["contact_id"], "subject")
