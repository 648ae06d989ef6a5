"""Reading: a contact's thread, its mails' pages and attachments."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields

from cordboard.core.config import TenantConfig
from cordboard.core.contact import Contact, Phase
from cordboard.db.database import Connection, Database, Record
from cordboard.identity.rights import Session
from cordboard.index import tables as index_tables
from cordboard.index.fold import IndexRow
from cordboard.knowledge.markup import html_of
from cordboard.mail import documents, repository, schemas, tables
from cordboard.mail.bodies import expert_mails
from cordboard.mail.errors import MailNotFound
from cordboard.mail.people import may_read, verbs
from cordboard.mail.remarks import NO_REMARK, Remark, remarks_on
from cordboard.mail.repository import Mail
from cordboard.runtime.asking import Switchboard
from cordboard.scanning.verdicts import Verdicts

SAFE_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment, to be read from its file."""

    name: str
    media_type: str
    path: str


class MailReading:
    """`catch_up` brings the list of contacts to the journal's end."""

    def __init__(
        self,
        db: Database,
        switchboard: Switchboard,
        verdicts: Verdicts,
        catch_up: Callable[[str], Awaitable[int]],
    ) -> None:
        self._verdicts = verdicts
        self._db = db
        self._switchboard = switchboard
        self._catch_up = catch_up

    async def thread(self, session: Session, contact_id: int) -> schemas.Thread:
        config = self._switchboard.config(session.tenant_id)
        await self._catch_up(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            row = await readable_row(connection, session, config, contact_id)
            thread_id = row.thread_id or await repository.thread_of(connection, contact_id) or 0
            mails = await repository.mails_of_thread(connection, thread_id, contact_id)
            contact_ids = sorted({contact_id, *(mail.contact_id for mail in mails if mail.contact_id)})
            remarks = await remarks_on(connection, mails, contact_ids)
            notes = await connection.fetch(tables.NOTES, contact_ids)
            draft = await repository.find_draft(connection, contact_id)
        hashes = [str(part["hash"]) for mail in mails for part in mail.attachments]
        scans = await self._verdicts.states(session.tenant_id, hashes)
        state = self._switchboard.state(session.tenant_id)
        contact = state.contacts.get(contact_id)
        experts = expert_mails(mails)
        thread_open = state.threads.get(thread_id) is not None
        point = config.entry_points.get(row.entry_point_id)
        inbox = config.inboxes.get(row.entry_point_id)
        writer = config.agents.get(session.agent_id or "")
        signature = (writer and writer.signature) or (inbox.signature if inbox else "")
        return schemas.Thread(
            contact=_contact(row, contact, config, thread_id),
            mails=[
                _mail(mail, contact, config, remarks, experts).model_copy(
                    update={"attachments": _attachments(mail, scans)}
                )
                for mail in mails
            ],
            draft=None if draft is None else saved_draft(draft),
            notes=[_note(note, config) for note in notes],
            can=verbs(state, session, contact, closed=not thread_open and bool(mails)),
            undo=_undo(contact),
            closing_reasons=[
                schemas.Named(id=reason.id, name=reason.name)
                for reason in config.closing_reasons.values()
                if reason.space_id == row.space_id
            ],
            closing_reason_required=_reason_required(row, config),
            languages=_languages(config),
            from_addresses=[
                schemas.SendingAddress(inbox_id=point.id, address=point.address, name=inbox.from_name)
            ]
            if point and inbox
            else [],
            signature=schemas.Signature(html=html_of(signature), text=signature),
        )

    async def html(self, session: Session, mail_id: int, *, images: bool = False) -> tuple[str, Mail]:
        """The page of a mail, and the mail."""
        mail = await self.mail(session, mail_id)
        inline_ids = [str(part.get("inline_id") or "") for part in mail.attachments]
        markup = mail.html or html_of(mail.text)
        return documents.document(markup, mail_id, inline_ids, images=images), mail

    async def part(self, session: Session, mail_id: int, index: int) -> Part:
        mail = await self.mail(session, mail_id)
        if not 0 <= index < len(mail.attachments):
            raise MailNotFound
        part = mail.attachments[index]
        return await self._part(
            session, str(part["hash"]), str(part["name"] or "attachment"), str(part["media_type"])
        )

    async def raw(self, session: Session, mail_id: int) -> Part:
        """The message as it came, or as it left."""
        mail = await self.mail(session, mail_id)
        if not mail.raw_hash:
            raise MailNotFound
        return await self._part(session, mail.raw_hash, f"mail-{mail_id}.eml", "message/rfc822")

    async def _part(self, session: Session, hash_: str, name: str, media_type: str) -> Part:
        """Raises MailNotFound, FileInfected, FileNotChecked."""
        path = self._verdicts.store.path(session.tenant_id, hash_)
        if not path.exists():
            raise MailNotFound
        await self._verdicts.require(session.tenant_id, hash_)
        return Part(name, media_type, str(path))

    async def mail(self, session: Session, mail_id: int) -> Mail:
        """Raises MailNotFound, also for who may not see it."""
        config = self._switchboard.config(session.tenant_id)
        await self._catch_up(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            mail = await repository.find_mail(connection, mail_id)
            if mail is None or mail.contact_id is None:
                raise MailNotFound
            await readable_row(connection, session, config, mail.contact_id)
        return mail


async def readable_row(
    connection: Connection, session: Session, config: TenantConfig, contact_id: int
) -> IndexRow:
    """The contact in the list; raises MailNotFound, also for who may not see it."""
    found = await connection.fetch(index_tables.ROWS, [contact_id])
    row = _index_row(found[0]) if found else None
    if row is None or not may_read(session, config, row):
        raise MailNotFound("There is no such contact.")
    return row


def _index_row(row: Record) -> IndexRow:
    known = {field.name for field in fields(IndexRow)}
    return IndexRow(**{name: value for name, value in row.items() if name in known})


def _named(known: Mapping[str, object], wanted: str | None) -> schemas.Named | None:
    if not wanted:
        return None
    return schemas.Named(id=wanted, name=getattr(known.get(wanted), "name", wanted))


def _contact(
    row: IndexRow, contact: Contact | None, config: TenantConfig, thread_id: int
) -> schemas.ThreadContact:
    thread = contact.thread if contact is not None else None
    expert = contact.expert if contact is not None else None
    return schemas.ThreadContact(
        contact_id=row.contact_id,
        thread_id=thread_id or None,
        channel=row.channel,
        state=row.state,
        subject=row.subject,
        remote=row.remote,
        remote_name=row.remote_name,
        queue=_named(config.queues, row.queue_id),
        agent=_named(config.agents, row.agent_id),
        entry_point=_named(config.entry_points, row.entry_point_id),
        space_id=row.space_id,
        language=row.language,
        tags=list(row.tags),
        values=dict(contact.values) if contact is not None else {},
        arrived_at=row.arrived_at,
        due_at=row.due_at,
        parked_until=row.parked_until,
        closing_reason=_named(config.closing_reasons, row.closing_reason_id),
        trouble=thread.trouble if thread else "",
        return_reason=thread.return_reason if thread else "",
        expert_to=expert.to if expert else "",
        expert_deadline=expert.deadline if expert else None,
    )


def _mail(
    mail: Mail,
    contact: Contact | None,
    config: TenantConfig,
    remarks: Mapping[int, Remark],
    experts: set[int],
) -> schemas.ThreadMail:
    people = {
        kind: [
            schemas.Address(address=one["address"], name=one.get("name", ""))
            for one in mail.recipients
            if one["kind"] == kind
        ]
        for kind in ("to", "cc", "bcc")
    }
    remark = remarks.get(mail.id, NO_REMARK)
    return schemas.ThreadMail(
        id=mail.id,
        direction=mail.direction,
        kind=mail.kind,
        state=_state(mail, contact, remarks),
        from_=mail.sender,
        from_name=mail.sender_name,
        reply_to=_reply_to(mail),
        to=people["to"],
        cc=people["cc"],
        bcc=people["bcc"] if mail.direction == "out" else [],
        subject=mail.subject,
        sent_at=mail.sent_at,
        received_at=mail.received_at,
        text=mail.text,
        has_html=bool(mail.html),
        has_remote_images=documents.has_remote_images(mail.html),
        sender_check=str(mail.headers.get("sender_check") or ""),
        protection=str(mail.headers.get("protection") or ""),
        quoted_text=mail.quoted_text,
        signature_text=mail.signature_text,
        language=mail.language,
        attachments=[],
        agent=_named(config.agents, mail.agent_id),
        remark=remark.words,
        remark_by=remark.by,
        corrects=remark.corrects,
        failure=mail.reason if mail.state in ("failed", "bounced", "set_aside", "retry") else "",
        expert=mail.id in experts,
    )


def _reply_to(mail: Mail) -> list[schemas.Address]:
    """Where the answer is wanted, when that is not who wrote: forms on websites send as nobody."""
    wanted = mail.headers.get("reply_to")
    if mail.direction == "out" or not isinstance(wanted, list):
        return []
    addresses = [each for each in wanted[:5] if isinstance(each, str) and each != mail.sender]
    return [schemas.Address(address=each, name="") for each in addresses]


def _attachments(mail: Mail, scans: Mapping[str, str]) -> list[schemas.Attachment]:
    return [
        schemas.Attachment(
            index=index,
            name=str(part.get("name") or ""),
            media_type=str(part.get("media_type") or ""),
            size=int(str(part.get("size") or 0)),
            inline=bool(part.get("inline_id")),
            warning=str(part.get("warning") or ""),
            read=str(part.get("read") or ""),
            scan=scans.get(str(part.get("hash")), ""),
        )
        for index, part in enumerate(mail.attachments)
    ]


def _state(mail: Mail, contact: Contact | None, remarks: Mapping[int, Remark]) -> str:
    """Of our own mails: what the core keeps back is held or about to leave."""
    if any(mail.id == each.corrects for each in remarks.values()):
        return "corrected"
    if mail.state == "recalled" and mail.reason == "sent_back":
        return "sent_back"
    if mail.direction == "out" and mail.state in ("set_aside", "retry"):
        return "failed"
    if mail.state not in ("submitted", "held"):
        return mail.state
    outgoing = contact.outgoing if contact is not None else []
    return "held" if any(each.mail_id == mail.id and each.rule_id for each in outgoing) else "queued"


def _undo(contact: Contact | None) -> schemas.Undo | None:
    for answer in contact.outgoing if contact is not None else ():
        if not answer.rule_id and contact is not None and contact.phase in (Phase.SENDING, Phase.TALKING):
            return schemas.Undo(mail_id=answer.mail_id, until=answer.undo_until)
    return None


def _note(row: Record, config: TenantConfig) -> schemas.Note:
    return schemas.Note(at=row["at"], agent=_named(config.agents, row["agent_id"]), text=row["note"])


def _reason_required(row: IndexRow, config: TenantConfig) -> bool:
    queue = config.queues.get(row.queue_id)
    return queue.closing_reason_required if queue else False


def _languages(config: TenantConfig) -> list[str]:
    spoken: Sequence[str] = [config.language, *(point.language for point in config.entry_points.values())]
    return list(dict.fromkeys(language for language in spoken if language))


def saved_draft(row: repository.DraftRow) -> schemas.SavedDraft:
    return schemas.SavedDraft.model_validate(
        {
            **row.body,
            "version": row.version,
            "saved_at": row.saved_at,
            "saved_by": {"id": row.person_id, "name": row.person_name},
        }
    )
