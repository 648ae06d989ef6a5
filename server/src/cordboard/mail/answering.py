"""Answers, questions to experts and new mails: the row first, then the core's decision. What the core refuses leaves no row."""

from cordboard.core.contact import Contact
from cordboard.core.mail import events as said
from cordboard.core.mail.validation import words_hit
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.db.database import Connection, Database
from cordboard.identity.access import AgentSession
from cordboard.mail import bodies, repository, schemas, tables
from cordboard.mail.errors import AlreadyAnswered, MailAlreadySent, MailNotFound
from cordboard.mail.new_drafts import NewDrafts, key_of, take
from cordboard.mail.reading import readable_row
from cordboard.mail.repository import Mail
from cordboard.mail.writing import About, MailWriting, inbox_point
from cordboard.runtime.asking import NotDone, Switchboard


class MailAnswering:
    def __init__(
        self, db: Database, switchboard: Switchboard, writing: MailWriting, drafts: NewDrafts
    ) -> None:
        self._db = db
        self._drafts = drafts
        self._switchboard = switchboard
        self._writing = writing

    async def answer(self, me: AgentSession, contact_id: int, answer: schemas.Answer) -> schemas.Sent:
        """The same `key` again is the same answer."""
        key = f"answer-{contact_id}-{answer.key}"
        contact = self._own(me, contact_id)
        async with self._db.tenant(me.tenant_id) as connection:
            known = await repository.find_by_key(connection, key)
            if known is not None and not await repository.is_undecided(connection, known[0]):
                return self._sent(me.tenant_id, contact_id, known[0])
            if contact is None:
                raise NotDone(Refusal(RefusalCode.NOT_YOUR_CONTACT))
            if (
                known is not None
            ):  # the answer to an earlier request never came: asked again, it is the same mail
                mail_id = known[0]
            else:
                if answer.known_mail and not answer.anyway:
                    await self._nobody_else(connection, me, contact, answer.known_mail)
                about = await self._about(me, contact, key)
                mail_id = await self._writing.add(connection, me.session, answer, about)
        config = self._switchboard.config(me.tenant_id)
        event = said.AnswerRequested(
            me.agent_id,
            contact_id,
            mail_id,
            answer.then,
            answer.closing_reason_id,
            answer.note,
            answer.park_until,
            words_hit(config, f"{answer.subject}\n{answer.text or answer.html}"),
            answer.seen_mails,
            answer.park_reason,
        )
        await self._decide(me.tenant_id, event, mail_id)
        async with self._db.tenant(me.tenant_id) as connection:
            await connection.execute(tables.DROP_DRAFT, contact_id)
        return self._sent(me.tenant_id, contact_id, mail_id)

    async def recall(self, me: AgentSession, contact_id: int, mail_id: int) -> None:
        """Undo: the contact is back in hand, and what was written is a draft again."""
        async with self._db.tenant(me.tenant_id) as connection:
            mail = await repository.find_mail(connection, mail_id)
        if mail is None:
            raise MailNotFound
        await self._switchboard.ask(me.tenant_id, said.AnswerRecalled(me.agent_id, contact_id, mail_id))
        await self._writing.restore_draft(me.session, mail, contact_id)

    async def forward(self, me: AgentSession, contact_id: int, forward: schemas.Forward) -> None:
        """A question to an expert, with the end-customer's mail and its attachments."""
        _, address = bodies.read_address(forward.to)
        contact = self._own(me, contact_id)
        if contact is None:
            raise NotDone(Refusal(RefusalCode.NOT_YOUR_CONTACT))
        async with self._db.tenant(me.tenant_id) as connection:
            about = await self._about(me, contact, "", expert=address)
            draft = schemas.Draft(
                to=[forward.to], subject=f"Fwd: {contact.subject}".strip(), text=forward.text, plain=True,
                attachments=_enclosed(about.answered), language=contact.language,
            )  # fmt: skip
            mail_id = await self._writing.add(connection, me.session, draft, about)
        event = said.ForwardRequested(
            me.agent_id, contact_id, mail_id, address, forward.deadline, forward.remind
        )
        await self._decide(me.tenant_id, event, mail_id)

    async def write(self, me: AgentSession, new: schemas.NewMail) -> schemas.Written:
        """A new mail without one before. The option may be off."""
        config = self._switchboard.config(me.tenant_id)
        point, from_name = inbox_point(config, new.inbox_id)
        key = key_of(me.agent_id, new.key)
        async with self._db.tenant(me.tenant_id) as connection:
            await repository.lock_key(connection, me.tenant_id, key)
            known = await repository.find_by_key(connection, key)
            if known is not None:
                await self._same(connection, known[0], new)
                if not await repository.is_undecided(connection, known[0]):
                    return self._written(me.tenant_id, known[1] or 0, known[0])
                mail_id = known[0]
            else:
                headers: dict[str, object] = {"note": new.note, "person": me.session.person_id}
                about = About(point, from_name, None, None, me.agent_id, key, None, headers)
                mail_id = await self._writing.add(connection, me.session, new, about)
            await take(connection, me.session.person_id, new.key)
        to = next(one for one in bodies.recipients_of(new) if one["kind"] == "to")
        event = said.MailWritten(
            me.agent_id,
            mail_id,
            new.inbox_id,
            to["address"],
            to["name"],
            new.subject.strip(),
            new.language,
            new.closing_reason_id,
            new.note,
            words_hit(config, f"{new.subject}\n{new.text or new.html}"),
        )
        try:
            contact_id = await self._decide(me.tenant_id, event, mail_id)
        except NotDone:
            await self._drafts.put_back(me.session, new.key, new)
            raise
        async with self._db.tenant(me.tenant_id) as connection:
            await connection.execute(tables.SET_CONTACT, mail_id, contact_id)
        return self._written(me.tenant_id, contact_id, mail_id)

    async def reopen(self, me: AgentSession, contact_id: int) -> schemas.Reopened:
        config = self._switchboard.config(me.tenant_id)
        async with self._db.tenant(me.tenant_id) as connection:
            row = await readable_row(connection, me.session, config, contact_id)
            thread_id = row.thread_id or await repository.thread_of(connection, contact_id)
            if not thread_id:
                raise MailNotFound("There is no such contact.")
            queue_id = await connection.fetchval(tables.LAST_QUEUE, contact_id)
        event = said.ContactReopened(
            me.agent_id,
            contact_id,
            thread_id,
            row.entry_point_id,
            queue_id or row.queue_id,
            row.remote,
            row.remote_name,
            row.subject,
            row.language,
        )
        outcome = await self._switchboard.ask(me.tenant_id, event)
        return schemas.Reopened(contact_id=outcome.contact_id)

    # -- inside

    def _own(self, me: AgentSession, contact_id: int) -> Contact | None:
        return self._switchboard.state(me.tenant_id).contacts.get(contact_id)

    async def _about(self, me: AgentSession, contact: Contact, key: str, expert: str = "") -> About:
        config = self._switchboard.config(me.tenant_id)
        point, from_name = inbox_point(config, contact.entry_point_id)
        thread_id = contact.thread.id if contact.thread else None
        answered: Mail | None = None
        last_id = 0
        if thread_id is not None:
            async with self._db.tenant(me.tenant_id) as connection:
                mails = await repository.mails_of_thread(connection, thread_id, contact.id)
            answered = bodies.answered_mail(mails)
            last_id = max((mail.id for mail in mails), default=0)
        headers: dict[str, object] = {"expert": expert} if expert else {}
        # The next question to an expert comes after this one in the thread: it is another one.
        made_key = key or f"expert-{contact.id}-{last_id}"
        return About(point, from_name, contact.id, thread_id, me.agent_id, made_key, answered, headers)

    async def _nobody_else(
        self, connection: Connection, me: AgentSession, contact: Contact, known: int
    ) -> None:
        """Raises AlreadyAnswered when a colleague's answer has left, or is about to, since the mail `known`."""
        mails = await repository.mails_of_thread(
            connection, contact.thread.id if contact.thread else 0, contact.id
        )
        for mail in mails:
            left = mail.direction == "out" and mail.state not in ("recalled", "failed", "bounced")
            if mail.id > known and left and not mail.headers.get("expert") and mail.agent_id:
                if mail.agent_id == me.agent_id:
                    continue
                agent = self._switchboard.config(me.tenant_id).agents.get(mail.agent_id)
                raise AlreadyAnswered(by=agent.name if agent else mail.agent_id)

    async def _decide(self, tenant_id: str, event: said.MailEvent, mail_id: int) -> int:
        """The contact. When it is refused, the row goes again: nothing of it will leave."""
        try:
            return (await self._switchboard.ask(tenant_id, event)).contact_id
        except NotDone:
            async with self._db.tenant(tenant_id) as connection:
                await connection.execute(tables.DROP_OUTGOING, mail_id)
            raise

    async def _same(self, connection: Connection, mail_id: int, new: schemas.NewMail) -> None:
        """A repeated request is the same mail. Raises MailAlreadySent when another window has sent another text."""
        mail = await repository.find_mail(connection, mail_id)
        text, _ = bodies.written_bodies(new)
        if mail is not None and (mail.text, mail.subject) != (text, new.subject.strip()):
            raise MailAlreadySent

    def _sent(self, tenant_id: str, contact_id: int, mail_id: int) -> schemas.Sent:
        contact = self._switchboard.state(tenant_id).contacts.get(contact_id)
        for outgoing in contact.outgoing if contact else ():
            if outgoing.mail_id == mail_id:
                held = bool(outgoing.rule_id)
                return schemas.Sent(
                    mail_id=mail_id,
                    state="held" if held else "sending",
                    undo_until=None if held else outgoing.undo_until,
                )
        return schemas.Sent(mail_id=mail_id, state="sending", undo_until=None)

    def _written(self, tenant_id: str, contact_id: int, mail_id: int) -> schemas.Written:
        sent = self._sent(tenant_id, contact_id, mail_id)
        return schemas.Written(
            contact_id=contact_id, mail_id=mail_id, state=sent.state, undo_until=sent.undo_until
        )


def _enclosed(answered: Mail | None) -> list[schemas.File]:
    return [
        schemas.File(
            file_id=str(part["hash"]),
            name=str(part["name"] or "attachment"),
            media_type=str(part["media_type"]),
        )
        for part in (answered.attachments if answered else ())
    ]
