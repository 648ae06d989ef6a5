"""Drafts and files, and the rows of what is to leave."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from cordboard.blobs import rows as blob_rows
from cordboard.core.config import EntryPoint, TenantConfig
from cordboard.db.database import Connection, Database
from cordboard.identity.rights import Session
from cordboard.mail import bodies, repository, schemas, tables
from cordboard.mail.errors import (
    DraftChanged,
    FileMissing,
    FileRefused,
    FileTooLarge,
    MailNotFound,
    UnknownInbox,
)
from cordboard.mail.reading import readable_row, saved_draft
from cordboard.mail.repository import DraftRow, Mail, NewOutgoing
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock
from cordboard.scanning.verdicts import Verdicts

LARGEST_MB = 25
"""What most servers take: larger ones are refused by the other side, hours later."""
PROGRAMS = (".exe", ".scr", ".com", ".bat", ".cmd", ".vbs", ".js", ".jar", ".msi", ".ps1", ".lnk", ".hta")


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    media_type: str
    size: int
    content: BinaryIO


class MailWriting:
    """`catch_up` brings the list of contacts to the journal's end."""

    def __init__(
        self,
        db: Database,
        switchboard: Switchboard,
        verdicts: Verdicts,
        clock: Clock,
        catch_up: Callable[[str], Awaitable[int]],
    ) -> None:
        self._catch_up = catch_up
        self._db = db
        self._switchboard = switchboard
        self._store, self._verdicts = verdicts.store, verdicts
        self._clock = clock

    # -- drafts

    async def draft(self, session: Session, contact_id: int) -> schemas.SavedDraft | None:
        await self._catch_up(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            await readable_row(connection, session, self._switchboard.config(session.tenant_id), contact_id)
            row = await repository.find_draft(connection, contact_id)
        return None if row is None else saved_draft(row)

    async def save_draft(self, session: Session, contact_id: int, draft: schemas.Draft) -> schemas.DraftSaved:
        """Raises DraftChanged unless the stored one is the version that it started from."""
        now = self._clock.now()
        row = DraftRow(
            draft.version,
            draft.model_dump(mode="json", exclude={"version"}),
            session.person_id,
            session.name,
            now,
        )
        await self._catch_up(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            await readable_row(connection, session, self._switchboard.config(session.tenant_id), contact_id)
            known = await repository.find_draft(connection, contact_id)
            if known is None and draft.version > 0:
                raise DraftChanged("This draft was sent or thrown away.", by="", at="", version="0")
            await use_files(connection, draft, now)
            version = await repository.save_draft(connection, session.tenant_id, contact_id, row)
        if version is None:
            assert known is not None
            raise DraftChanged(
                by=known.person_name, at=known.saved_at.isoformat(), version=str(known.version)
            )
        return schemas.DraftSaved(version=version, saved_at=now)

    async def drop_draft(self, session: Session, contact_id: int) -> None:
        await self._catch_up(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            await readable_row(connection, session, self._switchboard.config(session.tenant_id), contact_id)
            await connection.execute(tables.DROP_DRAFT, contact_id)

    async def restore_draft(self, session: Session, mail: Mail, contact_id: int) -> None:
        """What was taken back is a draft again, unless another one has been begun."""
        draft = draft_of(mail)
        row = DraftRow(
            0,
            draft.model_dump(mode="json", exclude={"version"}),
            session.person_id,
            session.name,
            self._clock.now(),
        )
        async with self._db.tenant(session.tenant_id) as connection:
            await repository.save_draft(connection, session.tenant_id, contact_id, row)

    # -- files

    async def keep_file(self, session: Session, upload: Upload) -> schemas.File:
        """Raises FileTooLarge, FileRefused, FileInfected, FileNotChecked."""
        if upload.size > LARGEST_MB * 1024 * 1024:
            raise FileTooLarge(limit_mb=str(LARGEST_MB))
        name = upload.name.replace("\\", "/").rpartition("/")[2][:200] or "file"
        if name.lower().endswith(PROGRAMS):
            raise FileRefused(name=name)
        blob = await asyncio.to_thread(self._store.put_file, session.tenant_id, upload.content)
        media_type = upload.media_type or "application/octet-stream"
        async with self._db.tenant(session.tenant_id) as connection:
            await blob_rows.add_row(connection, session.tenant_id, blob, media_type, self._clock.now())
        await self._verdicts.require(session.tenant_id, blob.hash)
        return schemas.File(file_id=blob.hash, name=name, media_type=media_type, size=blob.size)

    async def file(self, session: Session, file_id: str) -> tuple[str, str]:
        """Path and media type of an uploaded file: its name can not be guessed, and the tenant is the session's own."""
        async with self._db.tenant(session.tenant_id) as connection:
            row = await blob_rows.find(connection, file_id)
        path = self._store.path(session.tenant_id, file_id)
        if row is None or not path.exists():
            raise MailNotFound
        return str(path), row.media_type

    # -- rows

    async def add(
        self, connection: Connection, session: Session, draft: schemas.Draft, about: "About"
    ) -> int:
        """The row of a mail that waits for the core's decision; its number."""
        text, html = bodies.written_bodies(draft)
        quoted = ""
        if about.answered is not None:
            quoted, quoted_html = bodies.quote(about.answered, draft.language)
            html = f"{html}{quoted_html}" if html else ""
        return await repository.add_outgoing(
            connection,
            session.tenant_id,
            NewOutgoing(
                about.point.id,
                about.contact_id,
                about.thread_id,
                about.point.address,
                about.from_name,
                bodies.recipients_of(draft),
                draft.subject.strip(),
                text,
                html,
                draft.language or about.point.language,
                about.agent_id,
                self._clock.now(),
                about.answered.message_id if about.answered else "",
                bodies.references_of(about.answered),
                quoted,
                await self._attachments(connection, draft.attachments),
                {"key": about.key, **about.headers},
            ),
        )

    async def _attachments(
        self, connection: Connection, files: Sequence[schemas.File]
    ) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        for file in files:
            row = await blob_rows.use(connection, file.file_id, self._clock.now())
            if row is None:
                raise FileMissing(name=file.name)
            found.append(
                {
                    "name": file.name,
                    "media_type": row.media_type,
                    "size": row.size,
                    "hash": row.hash,
                    "inline_id": file.inline_id,
                    "text": "",
                }
            )
        return found


@dataclass(frozen=True, slots=True)
class About:
    """What a mail of ours belongs to."""

    point: EntryPoint
    from_name: str
    contact_id: int | None
    thread_id: int | None
    agent_id: str
    key: str
    answered: Mail | None
    headers: dict[str, object]


async def use_files(connection: Connection, draft: schemas.Draft, now: datetime) -> None:
    """A draft names its files: in one order for all, so that two savings never wait for each other."""
    for file_id in sorted({file.file_id for file in draft.attachments}):
        await blob_rows.use(connection, file_id, now)


def inbox_point(config: TenantConfig, inbox_id: str) -> tuple[EntryPoint, str]:
    """The inbox and the name that its mails carry. Raises UnknownInbox."""
    point, inbox = config.entry_points.get(inbox_id), config.inboxes.get(inbox_id)
    if point is None or inbox is None:
        raise UnknownInbox(inbox=inbox_id)
    return point, inbox.from_name


def draft_of(mail: Mail) -> schemas.Draft:
    people: dict[str, list[str]] = {"to": [], "cc": [], "bcc": []}
    for one in mail.recipients:
        name = one.get("name", "")
        people[one["kind"]].append(f"{name} <{one['address']}>" if name else one["address"])
    own, _ = bodies.own_and_quoted(mail.html, mail.quoted_text)
    return schemas.Draft(
        to=people["to"],
        cc=people["cc"],
        bcc=people["bcc"],
        subject=mail.subject,
        html=own if mail.html else "",
        text=mail.text,
        attachments=[
            schemas.File(
                file_id=str(part["hash"]),
                name=str(part["name"]),
                media_type=str(part["media_type"]),
                size=int(str(part["size"])),
                inline_id=str(part.get("inline_id") or ""),
            )
            for part in mail.attachments
        ],
        language=mail.language,
        plain=not mail.html,
    )
