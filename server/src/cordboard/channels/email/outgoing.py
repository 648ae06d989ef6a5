"""From a row of outgoing mail to its bytes: people, thread, attachments from the blobs, our Message-ID."""

import json
from dataclasses import dataclass
from datetime import datetime

from cordboard.blobs.store import BlobStore
from cordboard.channels.email import tokens
from cordboard.channels.email.compose import Enclosure, Outgoing, Person, compose, outgoing_people
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.repository import MailRow


@dataclass(frozen=True, slots=True)
class Built:
    message_id: str
    recipients: list[str]
    content: bytes


def build(mail: MailRow, inbox: InboxSettings, token_key: bytes, now: datetime, store: BlobStore) -> Built:
    """`content` is empty when the mail was composed before. Raises ValueError when it can not be written."""
    token = tokens.make_token(token_key, inbox.tenant_id, mail.id)
    message_id = mail.message_id or tokens.message_id(token, inbox.address.rpartition("@")[2])
    told: dict[str, object] = json.loads(mail.headers)
    recipients = json.loads(mail.recipients)
    outgoing = Outgoing(
        message_id=message_id,
        sender=Person(inbox.address, mail.sender_name or inbox.from_name),
        to=outgoing_people(recipients, "to"),
        cc=outgoing_people(recipients, "cc"),
        bcc=outgoing_people(recipients, "bcc"),
        subject=mail.subject,
        at=now,
        text=_whole_text(mail),
        html=mail.html,
        reply_to=str(told.get("reply_to") or ""),
        in_reply_to=mail.in_reply_to,
        references=tuple(mail.refs),
        auto_submitted=str(told.get("auto_submitted") or ""),
        list_unsubscribe=str(told.get("list_unsubscribe") or ""),
        enclosures=() if mail.raw_hash else _enclosures(mail, inbox.tenant_id, store),
    )
    if not outgoing.recipients:
        raise ValueError("it has no recipient")
    content = b"" if mail.raw_hash else compose(outgoing)
    return Built(message_id, outgoing.recipients, content)


def _whole_text(mail: MailRow) -> str:
    text = mail.text
    if mail.signature_text:
        text += f"\n\n-- \n{mail.signature_text}"
    return f"{text}\n\n{mail.quoted_text}" if mail.quoted_text else text


def _enclosures(mail: MailRow, tenant_id: str, store: BlobStore) -> tuple[Enclosure, ...]:
    return tuple(
        Enclosure(
            one["name"], one["media_type"], store.read(tenant_id, one["hash"]), one.get("inline_id") or ""
        )
        for one in mail.parts()
    )
