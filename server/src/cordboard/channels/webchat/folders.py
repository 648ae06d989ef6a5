"""After the session: its history as an email (FEATURES E3), and as a mail to the visitor who asked for it.

A chat that nobody has answered, or in which a message was left, becomes a mail *from the visitor* in the button's inbox, with what
was written and its files: from there it is what every mail is, routed by the inbox's script, answered, searched. A chat that was
handled becomes one when somebody wants to answer it by email (`file`). Each chat is filed once, by its key.

Projected from the facts with a cursor that moves in the transaction that writes the mails: a crash neither loses nor doubles one.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from cordboard.attachments import tables as attachment_tables
from cordboard.channels.email import repository
from cordboard.channels.email import tables as mail_tables
from cordboard.channels.email.repository import MailRow
from cordboard.channels.email.threads import subject_key
from cordboard.channels.webchat.told import Told, told, transcript_text
from cordboard.core import facts
from cordboard.core.config import ChatButton, TenantConfig
from cordboard.core.conversation.facts import TranscriptAsked
from cordboard.core.conversation.transcript import earlier_of
from cordboard.core.facts import Recorded
from cordboard.db.database import OUTAGES, Connection, Database
from cordboard.errors import Refused
from cordboard.index import tables as projection
from cordboard.runtime.asking import LiveTenants
from cordboard.runtime.clock import Clock
from cordboard.runtime.codec import Codec, wire_name
from cordboard.runtime.history import OF_CONTACT
from cordboard.runtime.ports import Batch

log = structlog.get_logger(__name__)

NAME = "chat_folders"
VERSION = 1
PAGE = 200
EVERY_SECONDS = 1.0
_KINDS = [wire_name(kind) for kind in (facts.ContactEnded, TranscriptAsked)]


class NoFolder(Refused):
    """This chat can not be answered by email: it has no address, or its button has no inbox."""

    code = "no_folder"
    status = 409


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a chat's mails are."""

    connection: Connection
    tenant_id: str
    config: TenantConfig
    now: datetime


class Folders:
    """`run` until cancelled; `file` for one chat, now."""

    def __init__(self, database: Database, codec: Codec, tenants: LiveTenants, clock: Clock) -> None:
        self._database = database
        self._codec = codec
        self._tenants = tenants
        self._clock = clock
        self._news: set[str] = set()
        self._wake = asyncio.Event()

    def on_batch(self, batch: Batch) -> None:
        kinds = (facts.ContactEnded, TranscriptAsked)
        if any(isinstance(each.fact, kinds) for each in batch.recorded):
            self._news.add(batch.tenant_id)
            self._wake.set()

    async def run(self, tenant_ids: Callable[[], Sequence[str]]) -> None:
        """All tenants once, then those of whom there is news."""
        self._news.update(tenant_ids())
        while True:
            looked, self._news = self._news, set()
            for tenant_id in looked:
                try:
                    while await self.catch_up(tenant_id):
                        pass
                except OUTAGES as error:
                    log.warning("folders_wait_for_database", tenant=tenant_id, error=type(error).__name__)
                    self._news.add(tenant_id)
                except Exception:
                    log.exception("folders_failed", tenant=tenant_id)
            self._wake.clear()
            if not self._news:
                await self._wake.wait()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), EVERY_SECONDS / 5)

    async def catch_up(self, tenant_id: str) -> bool:
        """Takes a page of facts; True when there may be more."""
        config = self._tenants.config_of(tenant_id)
        if config is None:
            return False
        async with self._database.tenant(tenant_id) as connection:
            await connection.execute(projection.BEGIN_PROJECTION, NAME, VERSION)
            cursor = await connection.fetchrow(projection.CLAIM, NAME)
            assert cursor is not None
            last = await connection.fetchval(projection.LAST_SEQ)
            after = (cursor["projected_seq"], cursor["projected_ordinal"])
            rows = await connection.fetch(projection.FACTS, *after, last, _KINDS, PAGE)
            place = _Place(connection, tenant_id, config, self._clock.now())
            for row in rows:
                await self._take(place, self._codec.read_fact(row["kind"], row["body"]))
            full = len(rows) == PAGE
            seq, ordinal = (rows[-1]["seq"], rows[-1]["ordinal"]) if full else (last, projection.WHOLE)
            await connection.execute(projection.ADVANCE, NAME, VERSION, seq, ordinal)
        return full

    async def file(self, tenant_id: str, contact_id: int) -> None:
        """The chat becomes a mail in the button's inbox. Raises NoFolder; again is the same."""
        config = self._tenants.config_of(tenant_id)
        if config is None:
            raise NoFolder
        async with self._database.tenant(tenant_id) as connection:
            place = _Place(connection, tenant_id, config, self._clock.now())
            chat = await self._chat(place, contact_id)
            button = self._button(place, chat)
            if button is None or "@" not in chat.address:
                raise NoFolder
            await self._arrive(place, button, chat)

    async def thread_of(self, tenant_id: str, contact_id: int) -> int:
        """The thread of the mail that this chat has become; 0 when it has become none."""
        async with self._database.tenant(tenant_id) as connection:
            return int(await connection.fetchval(mail_tables.THREAD_BY_KEY, f"chat-{contact_id}") or 0)

    async def _take(self, place: _Place, fact: facts.Fact) -> None:
        contact_id: int = getattr(fact, "contact_id", 0)
        chat = await self._chat(place, contact_id)
        button = self._button(place, chat)
        if button is None:
            return
        if isinstance(fact, TranscriptAsked):
            await self._send(place, button, chat, fact.address)
        elif "@" in chat.address and (chat.left or not chat.answered) and chat.written:
            await self._arrive(place, button, chat)

    async def _chat(self, place: _Place, contact_id: int) -> Told:
        """With what was written in the chats that it goes on with."""
        found = [await self._facts(place.connection, contact_id)]
        contact_ids = [contact_id]
        while 0 < (earlier_id := earlier_of(found[-1])) < contact_ids[-1]:
            contact_ids.append(earlier_id)
            found.append(await self._facts(place.connection, earlier_id))
        chat: Told | None = None
        for each, recorded in zip(reversed(contact_ids), reversed(found), strict=True):
            chat = told(each, [one.fact for one in recorded], chat)
        assert chat is not None
        return chat

    async def _facts(self, connection: Connection, contact_id: int) -> list[Recorded]:
        rows = await connection.fetch(OF_CONTACT, contact_id)
        return [
            Recorded(row["seq"], row["ordinal"], row["at"], self._codec.read_fact(row["kind"], row["body"]))
            for row in rows
        ]

    async def facts_of(self, tenant_id: str, contact_id: int) -> list[Recorded]:
        async with self._database.tenant(tenant_id) as connection:
            return await self._facts(connection, contact_id)

    def _button(self, place: _Place, chat: Told) -> ChatButton | None:
        """The chat's button, if its mails have a place to be."""
        button = place.config.chat_buttons.get(chat.entry_point_id)
        return button if button is not None and button.inbox_id in place.config.inboxes else None

    async def _arrive(self, place: _Place, button: ChatButton, chat: Told) -> None:
        key = f"chat-{chat.contact_id}"
        if await place.connection.fetchval(mail_tables.FIND_BY_KEY, key) is not None:
            return
        point = place.config.entry_points[button.inbox_id]
        (mail_id,) = await repository.next_ids(place.connection, place.tenant_id)
        subject = f"{chat.subject} (chat {chat.contact_id})"
        row = _row(
            mail_id,
            "in",
            "stored",
            button.inbox_id,
            chat,
            place.now,
            message_id=f"chat.{place.tenant_id}.{chat.contact_id}@{point.address.rpartition('@')[2]}",
            sender=(chat.address, chat.name),
            to=(point.address, ""),
            subject=subject,
            text=transcript_text(chat, place.config),
            headers={"key": key, "chat": chat.contact_id},
            attachments=await self._files(place, chat),
        )
        await repository.add_mail(place.connection, place.tenant_id, row)

    async def _send(self, place: _Place, button: ChatButton, chat: Told, address: str) -> None:
        key = f"chat-{chat.contact_id}-to-{address.lower()}"
        if not button.transcript or await place.connection.fetchval(mail_tables.FIND_BY_KEY, key) is not None:
            return
        point = place.config.entry_points[button.inbox_id]
        inbox = place.config.inboxes[button.inbox_id]
        (mail_id,) = await repository.next_ids(place.connection, place.tenant_id)
        row = _row(
            mail_id,
            "out",
            "queued",
            button.inbox_id,
            chat,
            place.now,
            message_id="",
            sender=(point.address, inbox.from_name),
            to=(address, chat.name),
            subject=chat.subject,
            text=transcript_text(chat, place.config),
            headers={"key": key, "auto_submitted": "auto-generated", "reply_to": ""},
            attachments=[],
        )
        await repository.add_mail(place.connection, place.tenant_id, row)
        await repository.add_to_outbox(place.connection, place.tenant_id, mail_id, button.inbox_id, place.now)

    async def _files(self, place: _Place, chat: Told) -> list[dict[str, object]]:
        found = []
        for file_id in chat.file_ids:
            row = await place.connection.fetchrow(
                attachment_tables.FIND_FILE, file_id, list(chat.contact_ids)
            )
            if row is not None:
                found.append(
                    {
                        "name": row["name"],
                        "media_type": row["media_type"],
                        "size": row["size"],
                        "hash": row["hash"],
                        "inline_id": "",
                        "text": "",
                    }
                )
        return found


def _row(
    mail_id: int,
    direction: str,
    state: str,
    inbox_id: str,
    chat: Told,
    now: datetime,
    *,
    message_id: str,
    sender: tuple[str, str],
    to: tuple[str, str],
    subject: str,
    text: str,
    headers: dict[str, object],
    attachments: list[dict[str, object]],
) -> MailRow:
    return MailRow(
        mail_id,
        direction,
        inbox_id,
        state,
        None,
        mail_id,
        "",
        message_id,
        "",
        [],
        sender[0],
        sender[1],
        json.dumps([{"kind": "to", "address": to[0], "name": to[1]}]),
        subject,
        subject_key(subject) if direction == "in" else "",
        now,
        now,
        text,
        "",
        "",
        "",
        chat.language,
        "person" if direction == "in" else "auto_reply",
        None,
        json.dumps(attachments),
        json.dumps(headers),
        "",
    )
