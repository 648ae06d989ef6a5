"""What leads and supervisors do: approving answers, looking after inboxes and mails that were set aside."""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC

from cordboard.core.config import MailServer, TenantConfig
from cordboard.core.contact import Contact, Outgoing, Phase
from cordboard.core.mail import events as said
from cordboard.core.mail.validation import held_answer
from cordboard.core.words import MailProtocol
from cordboard.db.database import Database, Record
from cordboard.identity.rights import Session
from cordboard.mail import bodies, repository, schemas, tables
from cordboard.mail.errors import MailNotFound, OwnAnswer, UnknownInbox
from cordboard.mail.repository import NewOutgoing
from cordboard.mail.writing import MailWriting
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock

MOST_SET_ASIDE = 200

TestServer = Callable[[str, MailServer], Awaitable[tuple[bool, str]]]
"""(tenant id, server) → whether everything works, and what is the matter and what to do about it."""


class Validation:
    def __init__(self, db: Database, switchboard: Switchboard, writing: MailWriting, clock: Clock) -> None:
        self._db = db
        self._switchboard = switchboard
        self._writing = writing
        self._clock = clock

    async def held(self, session: Session) -> schemas.HeldAnswers:
        """Who must be quickest comes first."""
        state, config = (
            self._switchboard.state(session.tenant_id),
            self._switchboard.config(session.tenant_id),
        )
        found = [
            (contact, answer)
            for contact in state.contacts.values()
            if contact.phase is Phase.VALIDATING
            for answer in contact.outgoing
            if answer.rule_id
        ]
        found.sort(key=lambda each: (each[1].held_until is None, each[1].held_until or each[1].since))
        return schemas.HeldAnswers(items=[_held(contact, answer, config) for contact, answer in found])

    async def approve(self, session: Session, mail_id: int) -> None:
        contact_id, _ = self._find(session, mail_id)
        await self._switchboard.ask(
            session.tenant_id, said.AnswerApproved(session.person_id, contact_id, mail_id)
        )

    async def correct(self, session: Session, mail_id: int, correction: schemas.Correction) -> None:
        """The validator's version leaves; the author's is kept beside it."""
        contact_id, _ = self._find(session, mail_id)
        draft = schemas.Draft(html=correction.html, text=correction.text, plain=not correction.html)
        text, html = bodies.written_bodies(draft)
        async with self._db.tenant(session.tenant_id) as connection:
            mail = await repository.find_mail(connection, mail_id)
            if mail is None:
                raise MailNotFound
            _, quoted = bodies.own_and_quoted(mail.html, mail.quoted_text)
            new = NewOutgoing(
                mail.inbox_id,
                contact_id,
                mail.thread_id,
                mail.sender,
                mail.sender_name,
                mail.recipients,
                correction.subject.strip() or mail.subject,
                text,
                f"{html}{quoted}" if html else "",
                mail.language,
                mail.agent_id or "",
                self._clock.now(),
                mail.in_reply_to,
                mail.refs,
                mail.quoted_text,
                mail.attachments,
                {
                    "key": f"correct-{mail_id}-{session.id}-{self._clock.now().timestamp()}",
                    "corrects": mail_id,
                    "person": session.person_id,
                    "remark": correction.remark,
                },
            )
            corrected = await repository.add_outgoing(connection, session.tenant_id, new)
        await self._switchboard.ask(
            session.tenant_id, said.AnswerCorrected(session.person_id, contact_id, mail_id, corrected)
        )

    async def send_back(self, session: Session, mail_id: int, remark: str) -> None:
        """To the author, with what he has written as his draft."""
        contact_id, _ = self._find(session, mail_id)
        async with self._db.tenant(session.tenant_id) as connection:
            mail = await repository.find_mail(connection, mail_id)
        await self._switchboard.ask(
            session.tenant_id, said.AnswerSentBack(session.person_id, contact_id, mail_id, remark)
        )
        if mail is not None:
            await self._writing.restore_draft(session, mail, contact_id)

    def _find(self, session: Session, mail_id: int) -> tuple[int, Outgoing]:
        for contact in self._switchboard.state(session.tenant_id).contacts.values():
            answer = held_answer(contact, mail_id)
            if answer is not None:
                if answer.agent_id == (session.agent_id or ""):
                    raise OwnAnswer
                return contact.id, answer
        raise MailNotFound("This answer does not wait for approval any more.")


def _held(contact: Contact, answer: Outgoing, config: TenantConfig) -> schemas.HeldAnswer:
    agent, queue = config.agents.get(answer.agent_id), config.queues.get(answer.queue_id)
    rule = config.validation.get(answer.rule_id)
    return schemas.HeldAnswer(
        mail_id=answer.mail_id,
        contact_id=contact.id,
        subject=contact.subject,
        remote=contact.remote,
        remote_name=contact.remote_name,
        agent=schemas.Named(id=answer.agent_id, name=agent.name if agent else answer.agent_id),
        queue=schemas.Named(id=queue.id, name=queue.name) if queue else None,
        rule=rule.name if rule else answer.rule_id,
        held_at=answer.held_since or answer.since,
        due_at=answer.held_until,
        language=contact.language,
    )


class InboxCare:
    """The state of the inboxes, and the mails that could not be understood."""

    def __init__(
        self, db: Database, switchboard: Switchboard, clock: Clock, test: TestServer | None = None
    ) -> None:
        self._db = db
        self._switchboard = switchboard
        self._clock = clock
        self._test = test

    async def inboxes(self, session: Session) -> schemas.Inboxes:
        config = self._switchboard.config(session.tenant_id)
        midnight = self._clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._db.tenant(session.tenant_id) as connection:
            states = {row["inbox_id"]: row for row in await connection.fetch(tables.INBOX_STATES)}
            counts = {row["inbox_id"]: row for row in await connection.fetch(tables.INBOX_COUNTS, midnight)}
        return schemas.Inboxes(
            items=[
                _inbox(config, inbox_id, states.get(inbox_id), counts.get(inbox_id))
                for inbox_id in config.inboxes
            ]
        )

    async def test(self, session: Session, inbox_id: str) -> schemas.Tested:
        """Tries the whole way in and out; changes nothing, sends nothing."""
        inbox = self._switchboard.config(session.tenant_id).inboxes.get(inbox_id)
        if inbox is None:
            raise UnknownInbox(inbox=inbox_id)
        steps: list[schemas.TestStep] = []
        for name, server in (("receive", inbox.receive), ("send", inbox.send)):
            if server is None:
                detail = (
                    "Mail is delivered to this machine."
                    if name == "receive"
                    else "The installation's relay sends it."
                )
                steps.append(schemas.TestStep(name=name, ok=True, detail=detail))
            elif self._test is not None:
                ok, detail = await self._test(session.tenant_id, server)
                steps.append(schemas.TestStep(name=name, ok=ok, detail=detail))
        return schemas.Tested(steps=steps)

    async def set_aside(self, session: Session) -> schemas.SetAsides:
        config = self._switchboard.config(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            rows: Sequence[Record] = await connection.fetch(tables.SET_ASIDE, MOST_SET_ASIDE)
        return schemas.SetAsides(items=[_set_aside(row, config) for row in rows])

    async def retry(self, session: Session, mail_id: int) -> None:
        async with self._db.tenant(session.tenant_id) as connection:
            if await connection.fetchval(tables.RETRY, mail_id) is None:
                raise MailNotFound


_USUAL = {MailProtocol.IMAP: 993, MailProtocol.POP3: 995, MailProtocol.SMTP: 465}


def _inbox(
    config: TenantConfig, inbox_id: str, row: Record | None, counts: Record | None
) -> schemas.InboxState:
    point, inbox = config.entry_points[inbox_id], config.inboxes[inbox_id]
    space = config.spaces.get(point.space_id)
    receive = inbox.receive
    state = "off" if receive is None else "waiting" if row is None else "ok" if row["ok"] else "trouble"
    trouble = row is not None and not row["ok"]
    return schemas.InboxState(
        id=inbox_id,
        name=point.name,
        address=point.address,
        space=schemas.Named(id=space.id, name=space.name) if space else None,
        receive=None
        if receive is None
        else schemas.Receiving(
            kind=receive.protocol.value, host=receive.host, port=receive.port or _USUAL[receive.protocol]
        ),
        state="trouble" if trouble else state,
        last_fetch_at=row["looked_at"] if row else None,
        waiting_since=row["failing_since"] if row else None,
        error=f"{row['sentence']} {row['hint']}".strip() if row is not None and trouble else "",
        sent_today=counts["sent"] if counts else 0,
        failed_today=counts["failed"] if counts else 0,
    )


def _set_aside(row: Record, config: TenantConfig) -> schemas.SetAside:
    point = config.entry_points.get(row["inbox_id"])
    return schemas.SetAside(
        mail_id=row["id"],
        direction=row["direction"],
        to=", ".join(str(each.get("address", "")) for each in json.loads(row["recipients"]))
        if row["direction"] == "out"
        else "",
        inbox=schemas.Named(id=row["inbox_id"], name=point.name if point else row["inbox_id"]),
        received_at=row["received_at"],
        sender=row["sender"],
        subject=row["subject"],
        size=row["size"],
        reason=row["reason"],
        retrying=row["state"] == "retry",
    )
