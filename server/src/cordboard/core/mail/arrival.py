"""Mails that arrive, and contacts that begin for another reason: one that could not be delivered, a reopened one, a new mail.

The feeder reports mails in the order of their ids; `State.mail_cursor` remembers the newest that was decided on, so that a crash
between storing and deciding neither loses nor doubles one.
"""

from cordboard.core import facts
from cordboard.core.agent import Agent
from cordboard.core.contact import Contact, Phase, Thread
from cordboard.core.mail.answering import submit_new
from cordboard.core.mail.events import ContactReopened, MailArrived, MailSendingEnded, MailWritten
from cordboard.core.mail.facts import ContactReopened as Reopened
from cordboard.core.mail.facts import ExpertAnswered, MailBounced, MailFailed, MailReceived, MailSent
from cordboard.core.mail.returning import give_back, room_refusal, take, wake_up
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.script import interpreter
from cordboard.core.turn import Turn
from cordboard.core.waiting import queue_for, stay
from cordboard.core.words import Channel, Direction, MailKind, MailOutcome

_WAKING = (MailKind.PERSON, MailKind.LIST, MailKind.CALENDAR)


def mail_arrived(turn: Turn, event: MailArrived) -> None:
    if event.mail_id <= turn.state.mail_cursor:
        return
    turn.state.mail_cursor = event.mail_id
    contact = _open_contact(turn, event.contact_id, event.thread_id)
    if contact is None:
        _new_mail(turn, event)
    else:
        turn.contact_id = contact.id
        _another_mail(turn, contact, event)


def _open_contact(turn: Turn, contact_id: int, thread_id: int) -> Contact | None:
    for found in (contact_id, turn.state.threads.get(thread_id, 0)):
        contact = turn.state.contacts.get(found)
        if contact is not None and contact.thread is not None and contact.phase is not Phase.ENDED:
            return contact
    return None


def _new_mail(turn: Turn, event: MailArrived) -> None:
    entry_point = turn.config.entry_points.get(event.entry_point_id)
    contact = _new_contact(
        turn,
        event.entry_point_id,
        event.sender,
        event.sender_name,
        event.subject,
        event.language,
        reference=event.reference,
    )
    contact.thread = Thread(
        event.thread_id,
        event.mail_id,
        event.kind,
        event.to,
        event.body,
        event.attachments,
        event.attachment_text,
        event.sender_mails,
        event.thread_mails,
        event.agent_id,
        event.answerable,
        unanswered_since=turn.now,
    )
    contact.values.update(event.values)
    turn.state.threads[event.thread_id] = contact.id
    turn.note(
        MailReceived(
            contact.id,
            event.mail_id,
            event.thread_id,
            event.kind,
            False,
            event.expert,
            event.repeat,
            event.since_previous,
            event.language,
        )
    )
    script = turn.config.scripts.get(entry_point.script_id) if entry_point else None
    if script is not None:
        interpreter.start_script(turn, contact, script)
    else:
        stay(turn, contact)


def _new_contact(
    turn: Turn,
    entry_point_id: str,
    remote: str,
    remote_name: str,
    subject: str,
    language: str,
    *,
    reference: str = "",
    direction: Direction = Direction.INBOUND,
) -> Contact:
    entry_point = turn.config.entry_points.get(entry_point_id)
    contact = Contact(
        turn.seq,
        Channel.EMAIL,
        direction,
        Phase.SCRIPT,
        turn.now,
        entry_point_id,
        entry_point.space_id if entry_point else "",
        remote,
        remote_name,
        entry_point.address if entry_point else "",
        language or (entry_point.language if entry_point else turn.config.language),
        reference=reference,
        subject=subject,
        answered=True,
        tags=list(entry_point.tags) if entry_point else [],
    )
    turn.state.contacts[contact.id] = contact
    turn.contact_id = contact.id
    turn.note(
        facts.ContactArrived(
            contact.id,
            contact.channel,
            contact.direction,
            contact.entry_point_id,
            contact.space_id,
            contact.remote,
            contact.remote_name,
            contact.address,
            contact.reference,
            contact.subject,
        )
    )
    return contact


def _another_mail(turn: Turn, contact: Contact, event: MailArrived) -> None:
    """The thread's contact is open: it takes the mail. A parked one wakes, unless a machine wrote."""
    thread = contact.thread
    assert thread is not None
    turn.note(
        MailReceived(
            contact.id,
            event.mail_id,
            event.thread_id,
            event.kind,
            again=True,
            expert=event.expert,
            language=event.language,
        )
    )
    thread.received += 1
    thread.unread += 1
    thread.mail_id = event.mail_id
    expert, contact.expert = contact.expert, None if event.expert else contact.expert
    if event.expert and expert is not None:
        turn.cancel_wake(f"expert:{contact.id}")
        turn.note(ExpertAnswered(contact.id, event.mail_id, turn.now - expert.asked_at))
    elif event.kind in _WAKING and not event.expert and thread.unanswered_since is None:
        thread.unanswered_since = turn.now
    if contact.phase is Phase.PARKED and (event.expert or event.kind in _WAKING):
        if contact.parked is not None and contact.parked.stranded:
            return
        wake_up(turn, contact, "expert" if event.expert else "reply")


def sending_ended(turn: Turn, event: MailSendingEnded) -> None:
    """What became of a mail. One that has not arrived is work again, with the reason shown."""
    if event.report_id <= turn.state.report_cursor:
        return
    turn.state.report_cursor = event.report_id
    turn.contact_id = event.contact_id
    match event.outcome:
        case MailOutcome.SENT:
            turn.note(MailSent(event.contact_id, event.mail_id))
            return
        case MailOutcome.FAILED:
            turn.note(MailFailed(event.contact_id, event.mail_id, event.detail))
        case MailOutcome.BOUNCED:
            turn.note(MailBounced(event.contact_id, event.mail_id, event.detail))
    trouble = f"{event.outcome.value}: {event.detail}".rstrip(": ")
    contact = _open_contact(turn, event.contact_id, event.thread_id)
    if contact is None:
        if event.agent_id:  # nobody waits for an automatic mail
            _not_delivered(turn, event, trouble)
        return
    assert contact.thread is not None
    contact.thread.trouble = trouble
    turn.contact_id = contact.id
    if contact.phase is Phase.PARKED and not (contact.parked and contact.parked.stranded):
        wake_up(turn, contact, "not_delivered")


def _not_delivered(turn: Turn, event: MailSendingEnded, trouble: str) -> None:
    contact = _new_contact(
        turn, event.entry_point_id, event.remote, event.remote_name, event.subject, event.language
    )
    contact.thread = Thread(event.thread_id, event.mail_id, received=0, unread=0, trouble=trouble)
    turn.state.threads[event.thread_id] = contact.id
    turn.note(Reopened(contact.id, event.contact_id, event.agent_id, event.outcome.value, event.thread_id))
    queue = turn.queue(event.queue_id) or queue_for(turn, contact)
    if queue is None:
        stay(turn, contact)
        return
    give_back(turn, contact, None, event.agent_id)


def reopened(turn: Turn, agent: Agent, event: ContactReopened) -> Refusal | None:
    """A closed contact is taken up again. It is a new one of the same thread: what the old one counted stays counted."""
    open_one = _open_contact(turn, 0, event.thread_id)
    if open_one is not None:
        return Refusal(RefusalCode.THREAD_OPEN, {"contact": str(open_one.id)})
    probe = Contact(
        0,
        Channel.EMAIL,
        Direction.INBOUND,
        Phase.SCRIPT,
        turn.now,
        event.entry_point_id,
        "",
        "",
        "",
        "",
        "",
    )
    refusal = room_refusal(turn, agent, probe)
    if refusal is not None:
        return refusal
    contact = _new_contact(
        turn, event.entry_point_id, event.remote, event.remote_name, event.subject, event.language
    )
    contact.thread = Thread(event.thread_id, 0, received=0, unread=0, agent_id=agent.id)
    turn.state.threads[event.thread_id] = contact.id
    turn.note(Reopened(contact.id, event.contact_id, agent.id, "agent", event.thread_id))
    take(turn, agent, contact, None, "reopened", _queue_id(turn, contact, event.queue_id))
    return None


def written(turn: Turn, agent: Agent, event: MailWritten) -> Refusal | None:
    """A new mail without one before: a contact that begins with our side. Asked twice it is the same."""
    for known in turn.state.contacts.values():
        if known.outgoing and any(each.mail_id == event.mail_id for each in known.outgoing):
            turn.contact_id = known.id
            return None
    if not turn.config.options.outgoing_mail:
        return Refusal(RefusalCode.OPTION_OFF, {"option": "outgoing_mail"})
    entry_point = turn.config.entry_points.get(event.entry_point_id)
    if entry_point is None or entry_point.channel is not Channel.EMAIL:
        return Refusal(RefusalCode.UNKNOWN_INBOX, {"inbox": event.entry_point_id})
    if event.closing_reason_id and event.closing_reason_id not in turn.config.closing_reasons:
        return Refusal(RefusalCode.UNKNOWN_REASON, {"reason": event.closing_reason_id})
    contact = _new_contact(
        turn,
        event.entry_point_id,
        event.to,
        event.to_name,
        event.subject,
        event.language,
        direction=Direction.OUTBOUND,
    )
    contact.thread = Thread(event.mail_id, event.mail_id, received=0, unread=0, agent_id=agent.id)
    turn.state.threads[event.mail_id] = contact.id
    submit_new(turn, agent, contact, event, _queue_id(turn, contact, ""))
    return None


def _queue_id(turn: Turn, contact: Contact, queue_id: str) -> str:
    """A queue whose wrap-up and closing reasons hold for it."""
    queue = turn.queue(queue_id)
    if queue is None or queue.channel is not Channel.EMAIL:
        queue = queue_for(turn, contact)
    return queue.id if queue else ""
