"""The instant after which an answer can not be taken back: it goes into the outbox, and what it answers is answered."""

from datetime import timedelta

from cordboard.core.contact import Contact, Outgoing
from cordboard.core.mail.commands import DiscardMail, SendMail
from cordboard.core.mail.due import settle_due, worked_since
from cordboard.core.mail.facts import AnswerSent, AnswerTakenBack, ContactUnparked
from cordboard.core.turn import Turn

_TIMERS = ("park", "expert", "undo", "valid", "prefer")


def leave(turn: Turn, contact: Contact, answer: Outgoing) -> None:
    """The answer leaves. The contact goes on as its caller says."""
    contact.outgoing.remove(answer)
    turn.do(SendMail(answer.mail_id, contact.id))
    if answer.expert:
        return
    thread = contact.thread
    since = answer.waiting_since
    turn.note(
        AnswerSent(
            contact.id,
            answer.queue_id,
            answer.agent_id,
            answer.mail_id,
            turn.now - since if since else timedelta(),
            worked_since(turn, contact, since) if since else None,
            first=thread is not None and thread.answers == 0,
            in_due=None if thread is None or thread.due_at is None else turn.now <= thread.due_at,
        )
    )
    sent = turn.state.answers_sent
    sent[answer.agent_id] = sent.get(answer.agent_id, 0) + 1
    if thread is not None:
        thread.answers += 1
        thread.agent_id = answer.agent_id
        thread.trouble = ""
        if not thread.unread:
            thread.unanswered_since = None
            settle_due(turn, contact)
    arm_undo(turn, contact)


def put_aside(turn: Turn, contact: Contact, agent_id: str) -> None:
    """The agent has let go of it and can take it up again: he sees it until it goes on."""
    pick_up(turn, contact)
    agent = turn.state.agents.get(agent_id)
    if agent is not None:
        agent.aside.append(contact.id)
        contact.aside_of = agent_id


def pick_up(turn: Turn, contact: Contact) -> None:
    agent = turn.state.agents.get(contact.aside_of)
    if agent is not None and contact.id in agent.aside:
        agent.aside.remove(contact.id)
    contact.aside_of = ""


def arm_undo(turn: Turn, contact: Contact) -> None:
    """One timer for the answer that leaves next."""
    next_ones = [answer.undo_until for answer in contact.outgoing if not answer.rule_id]
    if next_ones:
        turn.wake(f"undo:{contact.id}", max(min(next_ones), turn.now))
    else:
        turn.cancel_wake(f"undo:{contact.id}")


def discard(turn: Turn, contact: Contact, answer: Outgoing, cause: str) -> None:
    contact.outgoing.remove(answer)
    turn.do(DiscardMail(answer.mail_id, cause))
    arm_undo(turn, contact)


def close_mail(turn: Turn, contact: Contact) -> None:
    """The contact ends: what was sent leaves now, what is held does not, and its thread is open no longer."""
    for answer in list(contact.outgoing):
        if answer.rule_id:
            discard(turn, contact, answer, "taken_back")
            turn.note(AnswerTakenBack(contact.id, answer.agent_id, answer.mail_id))
        else:
            leave(turn, contact, answer)
    if contact.parked is not None and contact.parked.agent_id:
        parked = contact.parked
        turn.note(ContactUnparked(contact.id, parked.agent_id, "ended", turn.now - parked.since))
    contact.parked = contact.expert = None
    pick_up(turn, contact)
    settle_due(turn, contact)
    for timer in _TIMERS:
        turn.cancel_wake(f"{timer}:{contact.id}")
    thread = contact.thread
    if thread is not None and turn.state.threads.get(thread.id) == contact.id:
        del turn.state.threads[thread.id]
