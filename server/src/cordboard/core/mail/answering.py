"""An agent's answer: sent, taken back, gone.

For the inbox's `undo` the core keeps the answer; only then it goes into the outbox. So taking it back never races with its
sending, and the agent is free for the next contact at once. What a rule holds goes to `validation` instead.
"""

from datetime import timedelta

from cordboard.core.agent import Agent
from cordboard.core.contact import Contact, Outgoing, Parked, Phase, Wait
from cordboard.core.ending import end_contact, end_talk
from cordboard.core.mail.events import AnswerRecalled, AnswerRequested, MailWritten
from cordboard.core.mail.facts import AnswerTakenBack, AnswerWritten, ContactParked
from cordboard.core.mail.leaving import arm_undo, discard, leave, put_aside
from cordboard.core.mail.returning import give_back, take
from cordboard.core.mail.validation import hold, holding_rule
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.waiting import place_again
from cordboard.core.words import Channel, EndCause, MailThen

_DEFAULT_UNDO = timedelta(seconds=10)


def mail_talk_refusal(contact: Contact, agent_id: str) -> Refusal | None:
    """Unless the agent has this email in hand."""
    talk = contact.talk
    if contact.channel is not Channel.EMAIL or contact.phase is not Phase.TALKING:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": contact.phase.value})
    if talk is None or talk.agent_id != agent_id:
        return Refusal(RefusalCode.NOT_YOUR_CONTACT, {"by": talk.agent_id if talk else ""})
    return None


def answer(turn: Turn, contact: Contact, event: AnswerRequested) -> Refusal | None:
    if any(each.mail_id == event.mail_id for each in contact.outgoing):
        return None  # asked twice
    refusal = mail_talk_refusal(contact, event.agent_id) or _answer_refusal(turn, contact, event)
    if refusal is not None:
        return refusal
    talk = contact.talk
    assert talk is not None
    agent = turn.state.agents[event.agent_id]
    engagement = agent.engagements[contact.id]
    engagement.closing_reason_id = event.closing_reason_id or engagement.closing_reason_id
    engagement.note = event.note or engagement.note
    for earlier in list(contact.outgoing):
        leave(turn, contact, earlier)  # who writes on has no second thoughts about what he sent before
    rule = holding_rule(turn, contact, event.agent_id, event.mail_id, event.hits)
    kept = rule is None and event.then is MailThen.KEEP
    outgoing = _outgoing(turn, contact, event, talk.queue_id, place_again(talk), kept=kept)
    if contact.thread is not None:
        contact.thread.unread = 0
        contact.thread.return_reason = ""
    if not kept:
        end_talk(turn, contact, wrap_up=False)
        contact.phase = Phase.SENDING
        put_aside(turn, contact, event.agent_id)
    contact.outgoing.append(outgoing)
    if rule is not None:
        hold(turn, contact, outgoing, rule)
    else:
        arm_undo(turn, contact)
    return None


def _answer_refusal(turn: Turn, contact: Contact, event: AnswerRequested) -> Refusal | None:
    engagement = turn.state.agents[event.agent_id].engagements[contact.id]
    if contact.thread is not None and 0 < event.seen_mails < contact.thread.received:
        return Refusal(RefusalCode.NEWER_MAIL)
    if event.closing_reason_id and event.closing_reason_id not in turn.config.closing_reasons:
        return Refusal(RefusalCode.UNKNOWN_REASON, {"reason": event.closing_reason_id})
    if event.park_until is not None and event.then is MailThen.PARK and event.park_until <= turn.now:
        return Refusal(RefusalCode.INSTANT_PAST)
    reason = event.closing_reason_id or engagement.closing_reason_id
    if event.then is MailThen.CLOSE and engagement.reason_required and not reason:
        return Refusal(RefusalCode.CLOSING_REASON_REQUIRED)
    return None


def _outgoing(
    turn: Turn, contact: Contact, event: AnswerRequested, queue_id: str, place: Wait | None, *, kept: bool
) -> Outgoing:
    undo_until = turn.now + _undo(turn, contact)
    turn.note(AnswerWritten(contact.id, event.agent_id, event.mail_id, undo_until, kept))
    return Outgoing(
        event.mail_id,
        event.agent_id,
        queue_id,
        turn.now,
        event.then,
        undo_until,
        place,
        event.park_until,
        event.park_reason,
        event.closing_reason_id,
        event.note,
        waiting_since=contact.thread.unanswered_since if contact.thread else None,
    )


def _undo(turn: Turn, contact: Contact) -> timedelta:
    inbox = turn.config.inboxes.get(contact.entry_point_id)
    return inbox.undo if inbox else _DEFAULT_UNDO


def submit_new(turn: Turn, agent: Agent, contact: Contact, event: MailWritten, queue_id: str) -> None:
    """A new mail is on its way; its contact ends when it has left."""
    undo_until = turn.now + _undo(turn, contact)
    outgoing = Outgoing(
        event.mail_id,
        agent.id,
        queue_id,
        turn.now,
        MailThen.CLOSE,
        undo_until,
        closing_reason_id=event.closing_reason_id,
        note=event.note,
    )
    contact.agent_ids.append(agent.id)
    contact.phase = Phase.SENDING
    put_aside(turn, contact, agent.id)
    turn.note(AnswerWritten(contact.id, agent.id, event.mail_id, undo_until))
    contact.outgoing.append(outgoing)
    rule = holding_rule(turn, contact, agent.id, event.mail_id, event.hits)
    if rule is not None:
        hold(turn, contact, outgoing, rule)
    else:
        arm_undo(turn, contact)


def recall(turn: Turn, agent: Agent, event: AnswerRecalled) -> Refusal | None:
    """Undo. The contact is back in his hands, even if that is one more than he has room for."""
    contact = turn.state.contacts.get(event.contact_id)
    found = [each for each in contact.outgoing if each.mail_id == event.mail_id] if contact else []
    if contact is None or not found:
        return Refusal(RefusalCode.ANSWER_GONE)
    outgoing = found[0]
    if outgoing.agent_id != agent.id:
        return Refusal(RefusalCode.NOT_YOUR_CONTACT)
    turn.contact_id = contact.id
    discard(turn, contact, outgoing, "taken_back")
    turn.cancel_wake(f"valid:{contact.id}")
    turn.note(AnswerTakenBack(contact.id, agent.id, outgoing.mail_id))
    if contact.phase in (Phase.SENDING, Phase.VALIDATING):
        take(turn, agent, contact, outgoing.place, "taken_back", outgoing.queue_id)
        engagement = agent.engagements[contact.id]
        engagement.taken_back = True
        engagement.closing_reason_id, engagement.note = outgoing.closing_reason_id, outgoing.note
    return None


def undo_over(turn: Turn, contact: Contact) -> None:
    for outgoing in list(contact.outgoing):
        if not outgoing.rule_id and outgoing.undo_until <= turn.now:
            leave(turn, contact, outgoing)
            if contact.phase is Phase.SENDING and not contact.outgoing:
                go_on(turn, contact, outgoing)


def go_on(turn: Turn, contact: Contact, sent: Outgoing) -> None:
    """The answer has left: the contact ends, is parked, or is work again when more has come in meanwhile."""
    thread = contact.thread
    if thread is not None and thread.unread:
        give_back(turn, contact, sent.place, sent.agent_id, since=turn.now)
    elif sent.then is MailThen.CLOSE:
        end_contact(turn, contact, EndCause.CLOSED)
    elif sent.then is MailThen.PARK:
        set_parked(
            turn, contact, Parked(sent.agent_id, turn.now, sent.park_until, sent.park_reason, sent.place)
        )
    else:
        give_back(turn, contact, sent.place, sent.agent_id, since=turn.now)


def set_parked(turn: Turn, contact: Contact, parked: Parked) -> None:
    contact.phase = Phase.PARKED
    contact.parked = parked
    put_aside(turn, contact, parked.agent_id)
    turn.note(ContactParked(contact.id, parked.agent_id, parked.until, parked.reason))
    if parked.until is not None:
        turn.wake(f"park:{contact.id}", max(parked.until, turn.now))
