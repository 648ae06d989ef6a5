"""Without an answer: parked until later, returned to the queue, handed on, or waiting for an outside expert."""

from datetime import timedelta

from cordboard.core import facts
from cordboard.core.agent import Agent
from cordboard.core.contact import Contact, Expert, Parked, Phase, Talk
from cordboard.core.ending import end_talk
from cordboard.core.mail.answering import mail_talk_refusal, set_parked
from cordboard.core.mail.commands import SendAutomatic, SendMail
from cordboard.core.mail.events import ForwardRequested, ParkRequested, ReturnRequested, UnparkRequested
from cordboard.core.mail.facts import ContactReturned, ExpertAsked, ExpertOverdue, ExpertReminded
from cordboard.core.mail.leaving import leave
from cordboard.core.mail.returning import give_back, room_refusal, take, unpark, wake_up
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.waiting import enter_queue, place_again
from cordboard.core.words import Channel


def _let_go(turn: Turn, contact: Contact) -> Talk:
    """The agent's part is over without wrap-up. What he has sent leaves now: it can not be taken back from here."""
    talk = contact.talk
    assert talk is not None
    for answer in list(contact.outgoing):
        leave(turn, contact, answer)
    end_talk(turn, contact, wrap_up=False)
    return talk


def park(turn: Turn, contact: Contact, event: ParkRequested) -> Refusal | None:
    refusal = mail_talk_refusal(contact, event.agent_id)
    if refusal is not None:
        return refusal
    if event.until is not None and event.until <= turn.now:
        return Refusal(RefusalCode.INSTANT_PAST)
    talk = _let_go(turn, contact)
    set_parked(turn, contact, Parked(event.agent_id, turn.now, event.until, event.reason, place_again(talk)))
    return None


def park_over(turn: Turn, contact: Contact) -> None:
    if contact.phase is Phase.PARKED and contact.parked is not None:
        wake_up(turn, contact, "time")


def unpark_by_agent(turn: Turn, agent: Agent, event: UnparkRequested) -> Refusal | None:
    """By who parked it; by anybody when he is not here, or when no queue takes it."""
    contact = turn.state.contacts.get(event.contact_id)
    if contact is None:
        return Refusal(RefusalCode.UNKNOWN_CONTACT)
    parked = contact.parked
    if contact.phase is not Phase.PARKED or parked is None:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": contact.phase.value})
    owner = turn.state.agents.get(parked.agent_id)
    if parked.agent_id != agent.id and owner is not None and owner.logged_in:
        return Refusal(RefusalCode.NOT_YOUR_CONTACT)
    refusal = room_refusal(turn, agent, contact)
    if refusal is not None:
        return refusal
    turn.contact_id = contact.id
    place = unpark(turn, contact, "agent")
    take(turn, agent, contact, place, "unparked")
    return None


def give_return(turn: Turn, contact: Contact, event: ReturnRequested) -> Refusal | None:
    """Back to its place; whoever has returned it is not offered it again."""
    refusal = mail_talk_refusal(contact, event.agent_id)
    if refusal is not None:
        return refusal
    talk = _let_go(turn, contact)
    turn.note(ContactReturned(contact.id, talk.queue_id, event.agent_id, event.reason))
    if contact.thread is not None:
        contact.thread.return_reason = event.reason
    place = place_again(talk)
    if place is not None and event.agent_id not in place.returned_by:
        place.returned_by = (*place.returned_by, event.agent_id)
    give_back(turn, contact, place)
    return None


def hand_on(turn: Turn, contact: Contact, agent_id: str, to: str) -> Refusal | None:
    """A transfer of an email: to a queue of any Space, or to an agent, for whom it waits a while if he has no room."""
    talk = contact.talk
    kind, _, name = to.partition(":")
    queue = turn.queue(name) if kind == "queue" else None
    profile = turn.config.agents.get(name) if kind == "agent" else None
    if kind == "queue" and (queue is None or queue.channel is not Channel.EMAIL):
        return Refusal(RefusalCode.UNKNOWN_QUEUE, {"queue": name})
    if kind == "agent" and profile is None:
        return Refusal(RefusalCode.UNKNOWN_AGENT, {"agent": name})
    if kind == "agent" and profile is not None and profile.capacity.get(Channel.EMAIL, 0) <= 0:
        return Refusal(RefusalCode.AGENT_NOT_READY, {"agent": profile.name})
    if kind not in ("queue", "agent") or talk is None:
        return Refusal(RefusalCode.NUMBER_INVALID, {"number": to})
    turn.note(facts.ContactTransferred(contact.id, agent_id, to))
    _let_go(turn, contact)
    if queue is not None:
        contact.space_id = queue.space_id
        if contact.thread is not None:
            contact.thread.agent_id = ""
        enter_queue(turn, contact, queue)
    else:
        give_back(turn, contact, place_again(talk), name)
    return None


# -- the outside expert


def forward(turn: Turn, contact: Contact, event: ForwardRequested) -> Refusal | None:
    refusal = mail_talk_refusal(contact, event.agent_id)
    if refusal is not None:
        return refusal
    if event.deadline is not None and event.deadline <= turn.now:
        return Refusal(RefusalCode.INSTANT_PAST)
    talk = _let_go(turn, contact)
    turn.do(SendMail(event.mail_id, contact.id))
    turn.note(ExpertAsked(contact.id, event.agent_id, event.mail_id, event.to, event.deadline))
    half = turn.now + (event.deadline - turn.now) / 2 if event.deadline and event.remind else None
    contact.expert = Expert(event.mail_id, event.to, turn.now, event.deadline, half)
    _arm(turn, contact, contact.expert)
    set_parked(turn, contact, Parked(event.agent_id, turn.now, None, "", place_again(talk)))
    return None


def _arm(turn: Turn, contact: Contact, expert: Expert) -> None:
    at = expert.remind_at or expert.deadline
    if at is not None:
        turn.wake(f"expert:{contact.id}", at)


def expert_awaited(turn: Turn, contact: Contact) -> None:
    """Half of the time is over: he is reminded. All of it: the contact is its agent's again."""
    expert = contact.expert
    if expert is None:
        return
    if expert.remind_at is not None and expert.remind_at <= turn.now:
        expert.remind_at = None
        turn.note(ExpertReminded(contact.id, expert.mail_id))
        turn.do(
            SendAutomatic(
                f"remind-{expert.mail_id}",
                contact.id,
                contact.entry_point_id,
                expert.to,
                "",
                contact.language,
                reminder_of=expert.mail_id,
            )
        )
    elif expert.deadline is not None and expert.deadline <= turn.now + timedelta():
        contact.expert = None
        turn.note(ExpertOverdue(contact.id, expert.mail_id))
        if contact.thread is not None:
            contact.thread.trouble = "expert_overdue"
        if contact.phase is Phase.PARKED:
            wake_up(turn, contact, "overdue")
        return
    _arm(turn, contact, expert)
